import { Fraction } from "fraction.js";
import type { Lookup } from "./evaluate.ts";
import { parseFormula, type Formula } from "./formula.ts";
import { FormulaProblem, LIMITS } from "./limits.ts";
import { bounded, power } from "./numbers.ts";

/** A sum of unknowns with exact coefficients, and a constant. */
export interface LinearForm {
  constant: Fraction;
  terms: ReadonlyMap<string, Fraction>;
}

/** Equations, each as a form that equals zero, and the unknowns that are named beside them. */
export interface LinearSystem {
  equations: LinearForm[];
  named: string[];
}

/**
 * Reads equations and names of unknowns as a list (`[2x + y = 5, x - y = 1, x]`); references stand for earlier results, which may be
 * equations themselves. Throws FormulaProblem (`unknown`) for what is not linear.
 */
export function readSystem(formula: Formula, lookup: Lookup): LinearSystem {
  const system: LinearSystem = { equations: [], named: [] };
  collect(formula, lookup, system, 0);
  if (system.equations.length > LIMITS.unknowns) throw new FormulaProblem("limit", `More than ${LIMITS.unknowns} equations.`);
  return system;
}

/** The one solution of a linear system, in the order of the named unknowns or else of their first appearance; null where there is not exactly one. */
export function solveSystem(system: LinearSystem): Fraction[] | null {
  const unknowns = [...new Set(system.equations.flatMap((each) => [...each.terms.keys()]))];
  if (unknowns.length === 0 || unknowns.length > LIMITS.unknowns) return null;
  const rows = system.equations.map((each) => [...unknowns.map((name) => each.terms.get(name) ?? ZERO), each.constant.neg()]);
  const solved = eliminate(rows, unknowns.length);
  if (solved === null) return null;
  const wanted = system.named.length > 0 ? system.named : unknowns;
  const values = wanted.map((name) => solved[unknowns.indexOf(name)]);
  return values.every((value) => value !== undefined) ? values : null;
}

/** Whether two equations say the same: one is a multiple of the other. */
export function sameEquation(a: LinearForm, b: LinearForm): boolean {
  const names = [...new Set([...a.terms.keys(), ...b.terms.keys()])];
  const row = (form: LinearForm): Fraction[] => [...names.map((name) => form.terms.get(name) ?? ZERO), form.constant];
  const [x, y] = [row(a), row(b)];
  const lead = x.findIndex((each) => each.n !== 0n);
  const [p, q] = [x[lead], y[lead]];
  if (names.length === 0 || p === undefined || q === undefined || q.n === 0n) return false;
  return x.every((each, index) => each.mul(q).equals((y[index] ?? ZERO).mul(p)));
}

const ZERO = new Fraction(0);
/** How often a reference may lead to text that holds formulas again. */
const LONGEST_CHAIN = 3;

function collect(formula: Formula, lookup: Lookup, into: LinearSystem, chain: number): void {
  if (formula.op === "list") {
    for (const item of formula.items) collect(item, lookup, into, chain);
  } else if (formula.op === "and") {
    collect(formula.left, lookup, into, chain);
    collect(formula.right, lookup, into, chain);
  } else if (formula.op === "variable") {
    into.named.push(formula.name);
  } else if (formula.op === "reference") {
    const value = lookup(formula.name);
    if (value?.kind !== "text" || chain >= LONGEST_CHAIN) throw unknown(`${formula.name} is no equation`);
    collect(parseFormula(`[${value.value}]`).formula, () => null, into, chain + 1);
  } else if (formula.op === "compare" && formula.rest.every((each) => each.relation === "=")) {
    let left = linear(formula.first, lookup);
    for (const { right } of formula.rest) {
      const next = linear(right, lookup);
      into.equations.push(combine(left, next, -1));
      left = next;
    }
  } else {
    throw unknown("it is no equation");
  }
}

function linear(formula: Formula, lookup: Lookup): LinearForm {
  switch (formula.op) {
    case "number":
      return { constant: formula.value, terms: new Map() };
    case "variable":
      return { constant: ZERO, terms: new Map([[formula.name, new Fraction(1)]]) };
    case "negative":
      return times(linear(formula.of, lookup), new Fraction(-1));
    case "percent":
      return times(linear(formula.of, lookup), new Fraction(1, 100));
    case "reference": {
      const value = lookup(formula.name);
      if (value?.kind === "number" && value.inexact !== true) return { constant: value.value, terms: new Map() };
      if (value?.kind === "text" && value.value.length <= 40) return linear(parseFormula(value.value).formula, () => null);
      throw unknown(`${formula.name} is not known`);
    }
    case "binary":
      return linearBinary(formula, lookup);
    default:
      throw unknown("it is not linear");
  }
}

function linearBinary(formula: Extract<Formula, { op: "binary" }>, lookup: Lookup): LinearForm {
  const [a, b] = [linear(formula.left, lookup), linear(formula.right, lookup)];
  switch (formula.operator) {
    case "+":
      return combine(a, b, 1);
    case "-":
      return combine(a, b, -1);
    case "*":
      if (a.terms.size === 0) return times(b, a.constant);
      if (b.terms.size === 0) return times(a, b.constant);
      break;
    case "/":
      if (b.terms.size === 0 && b.constant.n !== 0n) return times(a, b.constant.inverse());
      break;
    case "^":
      if (a.terms.size === 0 && b.terms.size === 0) {
        const result = power({ value: a.constant, exact: true }, { value: b.constant, exact: true });
        if (result.exact) return { constant: result.value, terms: new Map() };
      }
      break;
    default:
  }
  throw unknown("it is not linear");
}

function combine(a: LinearForm, b: LinearForm, sign: 1 | -1): LinearForm {
  const terms = new Map(a.terms);
  for (const [name, value] of b.terms) {
    const sum = bounded((terms.get(name) ?? ZERO).add(value.mul(sign)));
    if (sum.n === 0n) terms.delete(name);
    else terms.set(name, sum);
  }
  return { constant: bounded(a.constant.add(b.constant.mul(sign))), terms };
}

function times(form: LinearForm, factor: Fraction): LinearForm {
  const terms = factor.n === 0n ? [] : [...form.terms].map(([name, value]) => [name, bounded(value.mul(factor))] as const);
  return { constant: bounded(form.constant.mul(factor)), terms: new Map(terms) };
}

/** Gauss-Jordan elimination over exact rationals; null unless there is exactly one solution. */
function eliminate(rows: Fraction[][], unknowns: number): Fraction[] | null {
  let matrix = rows;
  for (let column = 0; column < unknowns; column += 1) {
    const pivotAt = matrix.findIndex((row, index) => index >= column && (row[column] ?? ZERO).n !== 0n);
    const pivotRow = matrix[pivotAt];
    const pivot = pivotRow?.[column];
    if (pivotRow === undefined || pivot === undefined) return null;
    const scaled = pivotRow.map((each) => each.div(pivot));
    const others = matrix.filter((_, index) => index !== pivotAt);
    const reduced = others.map((row) => row.map((each, index) => bounded(each.sub((row[column] ?? ZERO).mul(scaled[index] ?? ZERO)))));
    matrix = [...reduced.slice(0, column), scaled, ...reduced.slice(column)];
  }
  const consistent = matrix.slice(unknowns).every((row) => row.every((each) => each.n === 0n));
  return consistent ? matrix.slice(0, unknowns).map((row) => row[unknowns] ?? ZERO) : null;
}

function unknown(why: string): FormulaProblem {
  return new FormulaProblem("unknown", `It can't be solved here: ${why}.`);
}

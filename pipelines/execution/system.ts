import { Fraction } from "fraction.js";
import type { Lookup } from "./evaluate.ts";
import { functionOf } from "./function-of.ts";
import { parseFormula, type Formula, type Relation } from "./formula.ts";
import { FormulaProblem, LIMITS } from "./limits.ts";
import { add, areProportional, coefficientsOf, type Polynomial } from "./polynomial.ts";
import { plus, powers, type Quotient } from "./polynomial.ts";
import { toQuotient } from "./symbolic.ts";
import type { ArgPart } from "../../schemas/plan.ts";

/** An equation or inequality as written: both sides, and where the references in them lead. */
export interface Statement {
  relation: Relation;
  left: Formula;
  right: Formula;
  lookup: Lookup;
}

/** Statements, and the unknowns that are named beside them. */
export interface System {
  statements: Statement[];
  named: string[];
}

/**
 * Reads equations, inequalities and names of unknowns as a list (`2x + y = 5, x - y = 1, x`); references stand for earlier results, which may
 * be equations themselves. Throws FormulaProblem.
 */
export function readSystem(args: readonly ArgPart[], lookup: Lookup): System {
  const system: System = { statements: [], named: [] };
  const { formula } = parseFormula(["[", ...args, "]"], { names: true, isFunction: (name) => functionOf(lookup(name)) !== null });
  collect(formula, lookup, system, 0);
  if (system.statements.length > LIMITS.unknowns) throw new FormulaProblem("limit", `More than ${LIMITS.unknowns} equations.`);
  return system;
}

/** Left side less right side as a quotient of polynomials, without common powers of π. Throws FormulaProblem where it is none. */
export function differenceOf(statement: Statement): Quotient {
  const { left, right, lookup } = statement;
  const quotient = plus(toQuotient(left, lookup), toQuotient(right, lookup), MINUS_ONE);
  return { top: withoutPi(quotient.top), bottom: quotient.bottom };
}

/** Whether two texts state the same equations, one by one and in any order: each a multiple of the other's. Null where that can't be told. */
export function sameEquations(a: string, b: string): boolean | null {
  const [x, y] = [equations(a), equations(b)];
  if (x === null || y === null) return null;
  if (x.length !== y.length) return false;
  const left = [...y];
  return x.every((each) => {
    const at = left.findIndex((other) => areProportional(each, other));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

const MINUS_ONE = new Fraction(-1);
const NOTHING: Lookup = () => null;
/** How often a reference may lead to text that holds formulas again. */
const LONGEST_CHAIN = 3;

function collect(formula: Formula, lookup: Lookup, into: System, chain: number): void {
  if (formula.op === "list") {
    for (const item of formula.items) collect(item, lookup, into, chain);
  } else if (formula.op === "and") {
    collect(formula.left, lookup, into, chain);
    collect(formula.right, lookup, into, chain);
  } else if (formula.op === "variable") {
    into.named.push(formula.name);
  } else if (formula.op === "reference") {
    const value = lookup(formula.name);
    if (value?.kind !== "text" || chain >= LONGEST_CHAIN) throw notRead(`${formula.name} is no equation`);
    collect(parseFormula(`[${value.value}]`, { names: true }).formula, NOTHING, into, chain + 1);
  } else if (formula.op === "compare") {
    let left = formula.first;
    for (const { relation, right } of formula.rest) {
      into.statements.push({ relation, left, right, lookup });
      left = right;
    }
  } else {
    throw notRead("it is no equation");
  }
}

function equations(text: string): Polynomial[] | null {
  if (text.length > LIMITS.formulaChars) return null;
  try {
    const { statements } = readSystem([text], NOTHING);
    if (statements.length === 0 || statements.some(({ relation }) => relation !== "=")) return null;
    return statements.map((each) => differenceOf(each).top);
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

/** π is no unknown: what all terms hold of it says nothing. */
function withoutPi(polynomial: Polynomial): Polynomial {
  const byPi = coefficientsOf(polynomial, "π").filter((each) => each.size > 0);
  const only = byPi[0];
  if (byPi.length !== 1 || only === undefined || ![...polynomial.keys()].some((each) => powers(each).has("π"))) return polynomial;
  return add(only, new Map());
}

function notRead(why: string): FormulaProblem {
  return new FormulaProblem("unknown", `It can't be solved here: ${why}.`);
}

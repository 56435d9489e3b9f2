import { Fraction } from "fraction.js";
import { rootsByLibrary } from "./algebra.ts";
import { Evaluator, operate, type Lookup } from "./evaluate.ts";
import { unknownsOf } from "./function-of.ts";
import type { Formula } from "./formula.ts";
import { FormulaProblem, LIMITS } from "./limits.ts";
import { equalNumbers, type Num } from "./numbers.ts";
import { add, asConstant, coefficientsOf, constant, degreeOf, multiply, numbersOf, ONE, powers, raise, unknownsIn, ZERO, type Polynomial, type Quotient } from "./polynomial.ts";
import { realRoots } from "./roots.ts";
import { toQuotient } from "./symbolic.ts";
import { differenceOf, type Statement, type System } from "./system.ts";
import { eliminate } from "./eliminate.ts";

/** The value of each unknown. */
export type Solution = ReadonlyMap<string, Num>;

/**
 * What solving found. `unknowns`: those asked for, in order. Every solution satisfies all statements (it was put in); `complete`: there are
 * no other real ones. `expression`: where one unknown is asked for and others stay free.
 */
export interface Solved {
  unknowns: string[];
  solutions: Solution[];
  complete: boolean;
  expression?: Quotient;
}

/**
 * Solves equations for all real solutions: linear systems, polynomials in one unknown, small systems that substitution leads back to those; other
 * equations in one unknown by the algebra library. Inequalities beside them choose among the solutions. Null where it can't be told. Throws FormulaProblem.
 */
export function solve(system: System): Solved | null {
  const equations = system.statements.filter(({ relation }) => relation === "=");
  const conditions = system.statements.filter(({ relation }) => relation !== "=");
  const all = [...new Set(equations.flatMap(freeUnknowns))];
  if (equations.length === 0 || all.length > LIMITS.unknowns) return null;
  if (all.length === 0) {
    const never = equations.some((each) => (attempt(() => asConstant(differenceOf(each).top))?.n ?? 0n) !== 0n);
    return never ? { unknowns: [""], solutions: [], complete: true } : null;
  }
  const named = system.named.filter((each) => all.includes(each));
  const unknowns = named.length > 0 ? named : all;
  const solved = solveAll(equations, all, unknowns);
  if (solved === null) return null;
  const kept = solved.solutions.filter((solution) => equations.every((each) => satisfies(each, solution) !== false) && conditions.every((each) => satisfies(each, solution) === true));
  return { ...solved, unknowns, solutions: kept };
}

/** Whether a statement holds with numbers put in for the unknowns; null where that can't be told. */
export function satisfies({ relation, left, right, lookup }: Statement, solution: Solution): boolean | null {
  try {
    const evaluator = new Evaluator(lookup, (name) => solution.get(name) ?? null);
    const [a, b] = [evaluator.number(left), evaluator.number(right)];
    const equal = equalNumbers(a, b) || nearlyEqual(a, b);
    if (relation === "=" || relation === "!=") return equal === (relation === "=");
    if (equal) return relation === "<=" || relation === ">=";
    return a.value.lt(b.value) === relation.startsWith("<");
  } catch (error) {
    if (error instanceof FormulaProblem) return error.kind === "error" ? false : null;
    throw error;
  }
}

const MINUS_ONE = new Fraction(-1);
const SMALLEST = new Fraction(1n, 10n ** 12n);
const MOST_STEPS = 30;

function solveAll(equations: readonly Statement[], all: string[], wanted: string[]): Solved | null {
  const polynomials = attempt(() => equations.map(differenceOf));
  if (polynomials === null) return withRoots(equations, all, wanted) ?? transcendental(equations, all);
  const tops = polynomials.map(({ top }) => top);
  const linear = eliminate(tops, all);
  const solutions = linear === null ? new Substitution().run(tops, all) : [linear];
  if (solutions !== null) return { unknowns: wanted, solutions: distinct(solutions), complete: true };
  const expression = wanted.length === 1 && tops.length === 1 ? isolated(tops[0] ?? ZERO, wanted[0] ?? "") : null;
  return expression === null ? null : { unknowns: wanted, solutions: [], complete: false, expression };
}

/** Where one unknown stands in the first power alone: what it is, in the others. */
function isolated(polynomial: Polynomial, name: string): Quotient | null {
  const [rest, factor, ...higher] = coefficientsOf(polynomial, name);
  if (rest === undefined || factor === undefined || higher.length > 0) return null;
  return { top: multiply(rest, constant(MINUS_ONE)), bottom: factor };
}

/**
 * Roots and absolute values become unknowns of their own whose squares are known: `|x - 3| = 5` is t = 5, t² = (x - 3)². All solutions are among
 * those of that system; who asked keeps those that satisfy the equation.
 */
function withRoots(equations: readonly Statement[], all: readonly string[], wanted: string[]): Solved | null {
  const squares: Polynomial[] = [];
  const rewritten = attempt(() => equations.map((each) => ({ ...each, left: rootless(each.left, each.lookup, squares), right: rootless(each.right, each.lookup, squares) })));
  const tops = rewritten === null ? null : attempt(() => rewritten.map((each) => differenceOf(each).top));
  if (tops === null || squares.length === 0 || squares.length > 2) return null;
  const helpers = squares.map((_, index) => helperName(index));
  const solutions = new Substitution().run([...tops, ...squares], [...helpers, ...all]);
  return solutions === null ? null : { unknowns: wanted, solutions: distinct(solutions.map((each) => new Map([...each].filter(([name]) => !helpers.includes(name))))), complete: true };
}

function helperName(index: number): string {
  return `root${index}`;
}

function rootless(formula: Formula, lookup: Lookup, squares: Polynomial[]): Formula {
  const inner = (part: Formula): Formula => rootless(part, lookup, squares);
  if (formula.op === "binary") return { ...formula, left: inner(formula.left), right: inner(formula.right) };
  if (formula.op === "negative") return { ...formula, of: inner(formula.of) };
  const [argument] = formula.op === "call" ? formula.args : [];
  if (formula.op !== "call" || argument === undefined || (formula.name !== "abs" && formula.name !== "sqrt")) return formula;
  const under = toQuotient(inner(argument), lookup);
  const divisor = asConstant(under.bottom);
  if (divisor === null) throw new FormulaProblem("unknown", "A root of a quotient is not solved here.");
  const content = multiply(under.top, constant(divisor.inverse()));
  const name = helperName(squares.length);
  const square = new Map([[`${name}^2`, new Fraction(1)]]);
  squares.push(add(square, formula.name === "abs" ? multiply(content, content) : content, MINUS_ONE));
  return { op: "variable", name, at: formula.at };
}

/** One equation in one unknown that is none of polynomials: candidates of the library, each put in. */
function transcendental(equations: readonly Statement[], all: string[]): Solved | null {
  const [equation] = equations;
  const [name] = all;
  if (equation === undefined || name === undefined || equations.length !== 1 || all.length !== 1) return null;
  const candidates = rootsByLibrary(equation.left, equation.right, equation.lookup, name);
  const solutions = candidates
    .filter((root) => satisfies(equation, new Map([[name, root]])) === true)
    // The library gives decimals as fractions: a root is exact only if both sides are exactly equal.
    .map((root) => new Map([[name, isExactly(equation, name, root) ? root : { value: root.value, exact: false }]]));
  return { unknowns: all, solutions: distinct(solutions), complete: false };
}

function isExactly({ left, right, lookup }: Statement, name: string, root: Num): boolean {
  const evaluator = new Evaluator(lookup, (each) => (each === name ? root : null));
  const [a, b] = [evaluator.number(left), evaluator.number(right)];
  return (a.exact || a.surd !== undefined) && (b.exact || b.surd !== undefined) && equalNumbers(a, b);
}

/** Solves small systems of polynomials by putting one unknown into the others' equations. */
class Substitution {
  private steps = 0;

  /** All solutions, or null where this way leads nowhere. */
  run(equations: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new FormulaProblem("unknown", "A system of equations has too many cases.");
    const live = equations.filter((each) => each.size > 0);
    if (live.some((each) => asConstant(each) !== null)) return [];
    if (live.length === 0) return unknowns.length === 0 ? [new Map()] : null;
    return this.cases(live, unknowns) ?? this.linear(live, unknowns) ?? this.single(live, unknowns) ?? this.reduced(live, unknowns);
  }

  /** Multiples of the equations taken from one another, until each monomial of high degree stands in one alone. */
  private reduced(live: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    const rest = [...live];
    const done: Polynomial[] = [];
    for (let row = rest.shift(); row !== undefined; row = rest.shift()) {
      const [lead] = [...row.keys()].toSorted((a, b) => degreeOf(b) - degreeOf(a) || (a < b ? -1 : 1));
      const factor = lead === undefined ? undefined : row.get(lead);
      if (lead === undefined || factor === undefined) continue;
      const pivot = row;
      const without = (each: Polynomial): Polynomial => add(each, pivot, (each.get(lead) ?? new Fraction(0)).div(factor).neg());
      for (const list of [rest, done]) for (const [index, each] of list.entries()) list[index] = without(each);
      done.push(row);
    }
    const changed = done.some((each) => unknownsIn(each).length === 1 || each.size < 2);
    return changed ? this.run(done, unknowns) : null;
  }

  /** A product with an unknown is zero: either factor is. */
  private cases(live: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    for (const [index, equation] of live.entries()) {
      if (unknownsIn(equation).length < 2) continue;
      const name = unknowns.find((each) => [...equation.keys()].every((monomial) => powers(monomial).has(each)));
      if (name === undefined) continue;
      const others = live.filter((_, at) => at !== index);
      const reduced = new Map([...equation].map(([monomial, value]) => [lowered(monomial, name), value] as const));
      const [zero, rest] = [this.run([...others, new Map([[name, new Fraction(1)]])], unknowns), this.run([...others, reduced], unknowns)];
      return zero === null || rest === null ? null : [...zero, ...rest];
    }
    return null;
  }

  private linear(live: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    for (const sure of [true, false]) {
      for (const [index, equation] of live.entries()) {
        for (const name of unknowns) {
          const [rest, factor, ...higher] = coefficientsOf(equation, name);
          if (rest === undefined || factor === undefined || higher.length > 0) continue;
          // With a factor of unknowns the factor is not zero where the rest is a number that is not.
          if (sure ? asConstant(factor) === null : asConstant(rest) === null || rest.size === 0) continue;
          const others = live.filter((_, at) => at !== index);
          if (others.length === 0 && unknowns.length > 1) continue;
          return this.put(name, { top: multiply(rest, constant(MINUS_ONE)), bottom: factor }, others, unknowns);
        }
      }
    }
    return null;
  }

  private put(name: string, value: Quotient, others: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    const solutions = this.run(others.map((each) => replaced(each, name, value)), unknowns.filter((each) => each !== name));
    if (solutions === null) return null;
    return solutions.flatMap((solution) => {
      const bottom = evaluate(value.bottom, solution);
      if (isZero(bottom)) return [];
      return [new Map([...solution, [name, operate("/", evaluate(value.top, solution), bottom)]])];
    });
  }

  private single(live: readonly Polynomial[], unknowns: readonly string[]): Solution[] | null {
    for (const [index, equation] of live.entries()) {
      const [name, ...more] = unknownsIn(equation);
      if (name === undefined || more.length > 0 || !unknowns.includes(name)) continue;
      const numbers = numbersOf(equation, name);
      if (numbers === null) continue;
      const others = live.filter((_, at) => at !== index);
      const found: Solution[] = [];
      for (const root of realRoots(numbers)) {
        const concerned = others.some((each) => unknownsIn(each).includes(name));
        if (concerned && !root.exact) {
          const solutions = this.run(others.filter((each) => !unknownsIn(each).includes(name)), unknowns.filter((each) => each !== name));
          if (solutions === null) return null;
          // The other equations only choose among these (they are put in at the end).
          found.push(...solutions.map((solution) => new Map([...solution, [name, root]])));
          continue;
        }
        const value = { top: constant(root.value), bottom: ONE };
        const rest = concerned ? others.map((each) => replaced(each, name, value)) : others;
        const solutions = this.run(rest, unknowns.filter((each) => each !== name));
        if (solutions === null) return null;
        found.push(...solutions.map((solution) => new Map([...solution, [name, root]])));
      }
      return found;
    }
    return null;
  }
}

/** A polynomial with a quotient put in for an unknown, times the power of its lower part that makes it a polynomial again. */
function replaced(polynomial: Polynomial, name: string, { top, bottom }: Quotient): Polynomial {
  const coefficients = coefficientsOf(polynomial, name);
  const degree = coefficients.length - 1;
  let sum = ZERO;
  for (const [power, coefficient] of coefficients.entries()) {
    sum = add(sum, multiply(coefficient, multiply(raise(top, power), raise(bottom, degree - power))));
  }
  return sum;
}

function evaluate(polynomial: Polynomial, solution: Solution): Num {
  let sum: Num = { value: new Fraction(0), exact: true };
  for (const [monomial, factor] of polynomial) {
    let term: Num = { value: factor, exact: true };
    for (const [name, exponent] of powers(monomial)) {
      const value = solution.get(name);
      if (value === undefined) throw new FormulaProblem("unknown", `${name} has no value.`);
      term = operate("*", term, operate("^", value, { value: new Fraction(exponent), exact: true }));
    }
    sum = operate("+", sum, term);
  }
  return sum;
}

function lowered(monomial: string, name: string): string {
  return [...powers(monomial)]
    .map(([each, exponent]) => [each, each === name ? exponent - 1 : exponent] as const)
    .filter(([, exponent]) => exponent > 0)
    .map(([each, exponent]) => (exponent === 1 ? each : `${each}^${exponent}`))
    .join("*");
}

function isZero(number: Num): boolean {
  return number.exact ? number.value.n === 0n : number.surd === undefined && number.value.abs().lt(SMALLEST);
}

/** Approximations of two sides: what is left is too little to tell them apart. */
function nearlyEqual(a: Num, b: Num): boolean {
  if (a.exact && b.exact) return false;
  if (a.surd !== undefined && b.surd !== undefined) return false;
  const size = a.value.abs().gt(1) ? a.value.abs() : new Fraction(1);
  return a.value.sub(b.value).abs().lt(SMALLEST.mul(size));
}

function distinct(solutions: readonly Solution[]): Solution[] {
  const kept: Solution[] = [];
  for (const solution of solutions) {
    const again = kept.some((other) => [...solution].every(([name, value]) => equalNumbers(value, other.get(name) ?? value)));
    if (!again) kept.push(solution);
  }
  return kept;
}

function freeUnknowns({ left, right, lookup }: Statement): string[] {
  const polynomial = attempt(() => differenceOf({ relation: "=", left, right, lookup }));
  const names = polynomial === null ? [...unknownsOf(left), ...unknownsOf(right)] : [...unknownsIn(polynomial.top), ...unknownsIn(polynomial.bottom)];
  return names.filter((name) => name !== "π");
}

function attempt<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof FormulaProblem && error.kind === "unknown") return null;
    throw error;
  }
}

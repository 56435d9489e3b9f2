import { Fraction } from "fraction.js";
import { Evaluator, type Lookup } from "./evaluate.ts";
import { functionOf, unknownsOf } from "./function-of.ts";
import { parseFormula, type Formula } from "./formula.ts";
import { FormulaProblem } from "./limits.ts";
import { power } from "./numbers.ts";
import { constant, inverse, ONE, plus, raise, times, unknown, asConstant, type Quotient } from "./polynomial.ts";
import { numberInWords } from "./written.ts";

/**
 * A formula as a quotient of polynomials in its unknowns. References stand for numbers and for earlier expressions. π is an unknown of that
 * name: no equation over the rationals holds for it. Throws FormulaProblem (`unknown`) for roots, absolute values and other functions of unknowns.
 */
export function toQuotient(formula: Formula, lookup: Lookup, inputs: ReadonlyMap<string, Quotient> = NONE, chain = 0): Quotient {
  const inner = (part: Formula): Quotient => toQuotient(part, lookup, inputs, chain);
  switch (formula.op) {
    case "number":
      return whole(formula.value);
    case "variable":
      return inputs.get(formula.name) ?? { top: unknown(formula.name), bottom: ONE };
    case "constant":
      if (formula.name === "pi" || formula.name === "π") return { top: unknown("π"), bottom: ONE };
      break;
    case "negative":
      return times(inner(formula.of), whole(new Fraction(-1)));
    case "percent":
      return times(inner(formula.of), whole(new Fraction(1, 100)));
    case "reference":
      return earlier(formula.name, lookup, chain);
    case "apply": {
      const found = chain < LONGEST_CHAIN ? functionOf(lookup(formula.name)) : null;
      if (found === null || found.parameters.length !== formula.args.length) break;
      const args = formula.args.map(inner);
      return toQuotient(found.body, NOTHING, new Map(found.parameters.map((name, index) => [name, args[index] ?? whole(new Fraction(0))])), chain + 1);
    }
    case "call":
    case "factorial": {
      const value = unknownsOf(formula).size > 0 ? null : new Evaluator(lookup).number(formula);
      if (value?.exact === true) return whole(value.value);
      break;
    }
    case "binary":
      return combined(formula.operator, inner(formula.left), inner(formula.right));
    default:
  }
  throw notSymbolic();
}

/** The number that a quotient is, or null. */
export function quotientNumber(quotient: Quotient): Fraction | null {
  const [top, bottom] = [asConstant(quotient.top), asConstant(quotient.bottom)];
  return top === null || bottom === null ? null : top.div(bottom);
}

/** Whether two quotients are equal wherever both have a value. */
export function equalQuotients(a: Quotient, b: Quotient): boolean {
  return plus(a, b, new Fraction(-1)).top.size === 0;
}

/** Reads a text as a quotient of polynomials; null where it is none. */
export function readQuotient(text: string): Quotient | null {
  if (text.length > LONGEST_TEXT) return null;
  try {
    return toQuotient(parseFormula(text).formula, NOTHING);
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

const NONE: ReadonlyMap<string, Quotient> = new Map();
const NOTHING: Lookup = () => null;
/** How often a reference may lead to text that holds formulas again. */
const LONGEST_CHAIN = 3;
const LONGEST_TEXT = 400;

function earlier(name: string, lookup: Lookup, chain: number): Quotient {
  const value = lookup(name);
  if (value?.kind === "number") {
    if (value.inexact !== true) return whole(value.value);
    if (value.surd === undefined) throw notSymbolic();
  }
  if (value?.kind === "number" && value.surd !== undefined) {
    let sum = whole(new Fraction(0));
    for (const { factor, radicand, pi } of value.surd.values()) {
      if (radicand !== 1n || pi < 0) throw notSymbolic();
      sum = plus(sum, { top: times(whole(factor), { top: raise(unknown("π"), pi), bottom: ONE }).top, bottom: ONE });
    }
    return sum;
  }
  if (value?.kind !== "text" || chain >= LONGEST_CHAIN) throw new FormulaProblem("unknown", `${name} is not known.`);
  const number = numberInWords(value.value);
  if (number !== null && !/\p{L}\s*=/u.test(value.value)) return whole(number);
  if (value.value.length > LONGEST_TEXT) throw notSymbolic();
  try {
    return toQuotient(functionOf(value)?.body ?? parseFormula(value.value).formula, NOTHING, NONE, chain + 1);
  } catch (error) {
    // Words, and not a formula that went wrong.
    if (error instanceof FormulaProblem && error.kind === "error") throw new FormulaProblem("unknown", `${name} is no expression.`);
    throw error;
  }
}

function combined(operator: string, a: Quotient, b: Quotient): Quotient {
  switch (operator) {
    case "+":
      return plus(a, b);
    case "-":
      return plus(a, b, new Fraction(-1));
    case "*":
      return times(a, b);
    case "/":
      return times(a, inverse(b));
    case "^": {
      const [base, exponent] = [quotientNumber(a), quotientNumber(b)];
      if (base !== null && exponent !== null) {
        const result = power({ value: base, exact: true }, { value: exponent, exact: true });
        if (result.exact) return whole(result.value);
        break;
      }
      if (exponent === null || exponent.d !== 1n) break;
      if (exponent.n > 64n) throw new FormulaProblem("limit", "A power of unknowns is above 64.");
      const size = Number(exponent.n);
      const raised = { top: raise(a.top, size), bottom: raise(a.bottom, size) };
      return exponent.s < 0n ? inverse(raised) : raised;
    }
    default:
  }
  throw notSymbolic();
}

function whole(value: Fraction): Quotient {
  return { top: constant(value), bottom: ONE };
}

function notSymbolic(): FormulaProblem {
  return new FormulaProblem("unknown", "It is no quotient of polynomials.");
}

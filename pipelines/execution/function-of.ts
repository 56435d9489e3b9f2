import { parseFormula, type Formula } from "./formula.ts";
import { FormulaProblem } from "./limits.ts";
import type { Value } from "./value.ts";

/** A function: its unknowns in order, and the formula over them. */
export interface FunctionOf {
  parameters: string[];
  body: Formula;
}

/**
 * The function that an earlier result holds: `f(x, y) = x + 2y` names its unknowns; of `y = 2x + 1` the right side counts; the unknowns of
 * `2x + 3y` are taken in the order of the alphabet. Null for what is none.
 */
export function functionOf(value: Value | null): FunctionOf | null {
  if (value?.kind !== "text" || value.value.length > LONGEST) return null;
  const head = HEAD.exec(value.value);
  try {
    const body = parseFormula(head === null ? value.value : value.value.slice(head[0].length)).formula;
    const found = unknownsOf(body);
    const named = head?.[1]?.split(",").map((each) => each.trim());
    const parameters = named ?? [...found].toSorted();
    if (parameters.length === 0 || new Set(parameters).size !== parameters.length) return null;
    return [...found].every((each) => parameters.includes(each)) ? { parameters, body } : null;
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

/** The names of all unknowns of a formula. */
export function unknownsOf(formula: Formula): Set<string> {
  const names = new Set<string>();
  const open: Formula[] = [formula];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === "variable") names.add(next.name);
    open.push(...partsOf(next));
  }
  return names;
}

const LONGEST = 200;
/** `f(x, y) =`, `y =`. */
const HEAD = /^\s*(?:\p{L}\s*\(((?:\s*\p{L}\s*,)*\s*\p{L}\s*)\)|\p{L})\s*:?=(?![=<>])\s*/u;

/** The formulas that a formula is made of. */
export function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.op) {
    case "binary":
    case "and":
    case "or":
      return [formula.left, formula.right];
    case "negative":
    case "factorial":
    case "percent":
    case "not":
      return [formula.of];
    case "compare":
      return [formula.first, ...formula.rest.map(({ right }) => right)];
    case "call":
    case "apply":
      return formula.args;
    case "list":
      return formula.items;
    case "remainder":
      return [formula.quotient, formula.rest];
    default:
      return [];
  }
}

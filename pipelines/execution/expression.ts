import type { ArgPart } from "../../schemas/plan.ts";
import { Evaluator, type Lookup, type Subvalue } from "./evaluate.ts";
import { parseFormula, type Literal, type ParsedFormula } from "./formula.ts";
import { functionOf } from "./function-of.ts";
import { FormulaProblem, type ProblemKind } from "./limits.ts";
import type { Value } from "./value.ts";

/** What came of a formula. `literals` are there as soon as it could be read; a problem says why there is no value (`ProblemKind`). */
export type FormulaResult =
  | { value: Value; problem: null; literals: Literal[]; subvalues: Subvalue[] }
  | { value: null; problem: { kind: ProblemKind; message: string; at: number | null }; literals: Literal[]; subvalues: Subvalue[] };

/**
 * Runs an arithmetic formula over exact rationals. Never throws for what a formula says, whoever wrote it: problems and
 * exceeded limits (see limits.ts) are part of the result.
 */
export function executeFormula(formula: string | readonly ArgPart[], lookup: Lookup = () => null): FormulaResult {
  const parsed = attempt(() => parseFormula(formula, { isFunction: (name) => functionOf(lookup(name)) !== null }));
  if (parsed instanceof FormulaProblem) return failed(parsed, []);
  return executeParsed(parsed, lookup);
}

function executeParsed(parsed: ParsedFormula, lookup: Lookup): FormulaResult {
  const evaluator = new Evaluator(lookup);
  const value = attempt(() => evaluator.evaluate(parsed.formula));
  if (value instanceof FormulaProblem) return failed(value, parsed.literals);
  return { value, problem: null, literals: parsed.literals, subvalues: evaluator.subvalues };
}

function failed(problem: FormulaProblem, literals: Literal[]): FormulaResult {
  return { value: null, problem: { kind: problem.kind, message: problem.message, at: problem.at }, literals, subvalues: [] };
}

function attempt<Result>(run: () => Result): Result | FormulaProblem {
  try {
    return run();
  } catch (error) {
    if (error instanceof FormulaProblem) return error;
    throw error;
  }
}

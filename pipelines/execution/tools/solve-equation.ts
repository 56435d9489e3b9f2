import { parseFormula } from "../formula.ts";
import { FormulaProblem } from "../limits.ts";
import { readSystem, solveSystem } from "../linear.ts";
import type { Value } from "../value.ts";
import { isEmpty, numbersIn, problem, shorten, textOf, topLevelParts } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/**
 * `SolveEquation(equation, …, unknown, …)`: solves equations for the unknowns named beside them, or else for all. Run here for linear
 * equations and systems with exactly one solution; others are not run here.
 */
export const solveEquation: Tool = {
  name: "SolveEquation",
  check(args) {
    if (isEmpty(args)) return "SolveEquation takes an equation, found nothing.";
    const empty = topLevelParts(textOf(args), false).includes("");
    return empty ? `SolveEquation takes equations and unknowns joined by ', ': one is empty in '${shorten(textOf(args))}'.` : null;
  },
  run({ args, lookup, outputs }) {
    try {
      const { formula } = parseFormula(["[", ...args, "]"]);
      const solution = solveSystem(readSystem(formula, lookup));
      if (solution === null) return problem(new FormulaProblem("unknown", "It has not exactly one solution."), args);
      const values = solution.map((value): Value => ({ kind: "number", value }));
      const only = values[0];
      if (outputs === 1 && only !== undefined) {
        const value: Value = values.length === 1 ? only : { kind: "list", items: values };
        return { result: { values: [value] }, literals: numbersIn(args), subvalues: [] };
      }
      if (values.length !== outputs) return problem(new FormulaProblem("unknown", `It has ${values.length} unknowns and ${outputs} results.`), args);
      return { result: { values }, literals: numbersIn(args), subvalues: [] };
    } catch (error) {
      if (!(error instanceof FormulaProblem)) throw error;
      const kind = error.kind === "limit" ? "limit" : "unknown";
      return problem(new FormulaProblem(kind, error.message), args);
    }
  },
};

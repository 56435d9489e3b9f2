import { isEmpty, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `SolveInequality(inequality)`: not run here. */
export const solveInequality: Tool = {
  name: "SolveInequality",
  check: (args) => (isEmpty(args) ? "SolveInequality takes an inequality, found nothing." : null),
  run: ({ args }) => notRun("SolveInequality", args),
};

import { executeFormula } from "../expression.ts";
import { parseValue } from "../parse-value.ts";
import { isEmpty, numbersIn, textOf } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `Define(variable/number)`: names an unknown (`x`), a number (`4`, `80 miles`) or an earlier result for later use. */
export const define: Tool = {
  name: "Define",
  check: (args) => (isEmpty(args) ? "Define takes one variable or number, found nothing." : null),
  run({ args, lookup, outputs }) {
    const literals = numbersIn(args);
    if (outputs !== 1) return { result: { problem: "error", message: `Define gives one result, not ${outputs}.` }, literals, subvalues: [] };
    const written = args.length === 1 && typeof args[0] === "string" ? parseValue(args[0]) : null;
    if (written !== null && written.kind !== "text") return { result: { values: [written] }, literals, subvalues: [] };
    const only = args.length === 1 ? args[0] : undefined;
    const earlier = only !== undefined && typeof only !== "string" ? lookup(only.ref) : null;
    if (earlier !== null) return { result: { values: [earlier] }, literals, subvalues: [] };
    const result = executeFormula(args, lookup);
    if (result.problem === null) return { result: { values: [result.value] }, literals: result.literals, subvalues: result.subvalues };
    if (result.problem.kind === "limit" || args.some((part) => typeof part !== "string")) {
      const kind = result.problem.kind === "limit" ? "limit" : "unknown";
      return { result: { problem: kind, message: result.problem.message }, literals, subvalues: [] };
    }
    // A name or a phrase: it stands for itself, and what the plan calls it instead can't be judged.
    return { result: { values: [{ kind: "text", value: textOf(args).trim() }] }, literals, subvalues: [], inconclusive: "the definition is words" };
  },
};

import type { ArgPart } from "../../../schemas/plan.ts";
import { executeFormula } from "../expression.ts";
import { LIMITS } from "../limits.ts";
import { readNumber } from "../written.ts";
import { claimHolds } from "../equivalence.ts";
import { isEmpty, numbersIn, shorten, textOf, topLevelParts } from "./arguments.ts";
import type { Tool, ToolRun } from "./tool.ts";

/** `Calculator(formula)`: one arithmetic formula or comparison, over numbers and earlier results. */
export const calculator: Tool = {
  name: "Calculator",
  check(args) {
    if (isEmpty(args)) return "Calculator takes one formula, found nothing.";
    const parts = topLevelParts(textOf(args), true);
    return parts.length === 1 ? null : `Calculator takes one formula, found ${parts.length} in '${shorten(textOf(args))}'.`;
  },
  run({ args, lookup, outputs }) {
    const result = executeFormula(args, lookup);
    const trace = { literals: result.problem?.kind === "limit" ? [] : result.literals, subvalues: result.subvalues };
    if (result.problem !== null) {
      const literals = result.literals.length > 0 || result.problem.kind === "limit" ? trace.literals : numbersIn(args);
      return { result: { problem: result.problem.kind, message: result.problem.message }, literals, subvalues: [] };
    }
    const { value } = result;
    const values = outputs === 1 ? [value] : value.kind === "list" ? value.items : [value];
    if (values.length !== outputs) {
      return { result: { problem: "error", message: `Calculator gives one result, not ${outputs}.` }, ...trace };
    }
    const run: ToolRun = { result: { values }, ...trace };
    const accepts = otherSpellings(args, run);
    return accepts === null ? run : { ...run, accepts };
  },
};

/** `11 r 42` for a division without decimals, and `25%` for a formula that multiplies by 100 itself. */
function otherSpellings(args: readonly ArgPart[], run: ToolRun): ((claimed: string) => boolean) | null {
  const value = "values" in run.result ? run.result.values[0] : undefined;
  if (value?.kind !== "number") return null;
  const hundred = run.literals.some((each) => each.text === "100");
  const division = run.subvalues.length === 1 ? run.subvalues[0] : undefined;
  const [dividend, divisor] = division?.operands ?? [];
  if (!hundred && (dividend === undefined || divisor === undefined || !textOf(args).includes("/"))) return null;
  return (claimed) => {
    const text = claimed.trim();
    if (text.length > LIMITS.digits) return false;
    const percent = hundred && text.endsWith("%") ? readNumber(text.slice(0, -1)) : null;
    if (percent !== null) return claimHolds(text.slice(0, -1), value);
    const match = /^(\d+) ?(?:r|R|rem|remainder) ?(\d+)$/.exec(text);
    if (match === null || dividend === undefined || divisor === undefined || !dividend.div(divisor).equals(value.value)) return false;
    const [whole, rest] = [BigInt(match[1] ?? "0"), BigInt(match[2] ?? "0")];
    return divisor.gt(rest) && divisor.mul(whole).add(rest).equals(dividend);
  };
}

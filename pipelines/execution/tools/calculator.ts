import type { ArgPart } from "../../../schemas/plan.ts";
import { executeFormula } from "../expression.ts";
import { parseFormula } from "../formula.ts";
import { functionOf } from "../function-of.ts";
import type { Lookup } from "../evaluate.ts";
import { FormulaProblem, LIMITS } from "../limits.ts";
import { printQuotient, unknownsIn } from "../polynomial.ts";
import { equalQuotients, quotientNumber, readQuotient, toQuotient } from "../symbolic.ts";
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
    if (result.problem?.kind === "unknown" && outputs === 1) {
      const symbolic = withUnknowns(args, lookup);
      if (symbolic !== null) return { ...symbolic, literals: result.literals, subvalues: [] };
    }
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

/** A formula over unknowns (`2x + 3x`): an expression that equal ones hold for. Null where it is no quotient of polynomials. */
function withUnknowns(args: readonly ArgPart[], lookup: Lookup): Pick<ToolRun, "result" | "accepts" | "inconclusive"> | null {
  try {
    const { formula } = parseFormula(args, { isFunction: (name) => functionOf(lookup(name)) !== null });
    const quotient = toQuotient(formula, lookup);
    const number = quotientNumber(quotient);
    if (number !== null) return { result: { values: [{ kind: "number", value: number }] } };
    const own = new Set([...unknownsIn(quotient.top), ...unknownsIn(quotient.bottom)]);
    return {
      result: { values: [{ kind: "text", value: printQuotient(quotient) }] },
      accepts(claimed) {
        const other = readQuotient(claimed);
        return other !== null && equalQuotients(other, quotient);
      },
      inconclusive(claimed) {
        const other = readQuotient(claimed);
        return other !== null && [...unknownsIn(other.top), ...unknownsIn(other.bottom)].every((each) => own.has(each)) ? null : "the claim is in other unknowns";
      },
    };
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

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

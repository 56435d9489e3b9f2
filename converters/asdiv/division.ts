import type { Operation } from "../../schemas/example.ts";
import { type Expression, numbersOf, printExpression } from "./expression.ts";
import type { Statement } from "./formula.ts";

type Division = Extract<Statement, { kind: "division" }>;

/** Which result of a division with remainder the problem's solution type asks for, as a calculation; null where the type does not tell. */
export function whatIsAsked(division: Division, solutionType: string): Operation | null {
  switch (solutionType) {
    case "Surplus":
      return remainderOf(division);
    case "Floor-Division":
      return quotientOf(division);
    case "Ceil-Division":
      return ceilingOf(division);
    default:
      return Number(division.remainder) === 0 ? { formula: printExpression(division.expression), result: division.quotient } : null;
  }
}

/** What later statements go on with: the quotient, what is left over, or both. */
export function whatGoesOn(division: Division, rest: readonly Statement[]): Operation[] {
  const later = new Set(rest.flatMap((each) => ("expression" in each ? numbersOf(each.expression) : [])));
  return [...(later.has(division.quotient) ? [quotientOf(division)] : []), ...(later.has(division.remainder) ? [remainderOf(division)] : [])];
}

/** `11/4=2 r3` → `11 // 4 = 2`. */
function quotientOf({ expression, quotient }: Division): Operation {
  return { formula: withOperator(expression, "//"), result: quotient };
}

/** `11/4=2 r3` → `11 % 4 = 3`. */
function remainderOf({ expression, remainder }: Division): Operation {
  return { formula: withOperator(expression, "%"), result: remainder };
}

function ceilingOf({ expression, quotient, remainder }: Division): Operation {
  const more = Number(remainder) > 0 ? 1n : 0n;
  return { formula: `ceil(${printExpression(expression)})`, result: String(BigInt(quotient) + more) };
}

/** The dividend and divisor of a product whose last operator is its division: `4*32/6` → `4 * 32` and `6`. */
export function dividedParts(expression: Expression): { dividend: Expression; divisor: Expression } | null {
  if (expression.kind !== "product") return null;
  const last = expression.factors.at(-1);
  if (last?.operator !== "/") return null;
  const before = expression.factors.slice(0, -1);
  const only = before[0];
  if (only === undefined) return null;
  return { dividend: before.length === 1 ? only.of : { kind: "group", of: { kind: "product", factors: before } }, divisor: last.of };
}

function withOperator(expression: Expression, operator: "//" | "%"): string {
  const parts = dividedParts(expression);
  if (parts === null) return printExpression(expression);
  return `${printExpression(parts.dividend)} ${operator} ${printExpression(parts.divisor)}`;
}

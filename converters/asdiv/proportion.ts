import type { Operation } from "../../schemas/example.ts";
import type { Statement } from "./formula.ts";

type Proportion = Extract<Statement, { kind: "proportion" }>;

/** What a proportion is for: a ratio in its lowest terms, or the one term of the right side that the task does not give. */
export type ProportionUse = { kind: "ratio"; left: string; right: string; result: string } | { kind: "term"; multiplied: string; by: string; divisor: string; result: string };

/** Null where the task gives both terms of the right side, or none. `given`: the numbers that it states. */
export function proportionUse({ terms: [a, b, c, d] }: Proportion, isLast: boolean, question: string, given: ReadonlySet<number>): ProportionUse | null {
  if (isLast && /\bratio\b/i.test(question)) return { kind: "ratio", left: a, right: b, result: `${c}:${d}` };
  const asks = [c, d].filter((term) => !given.has(Number(term)));
  if (asks.length !== 1) return null;
  return asks[0] === d ? { kind: "term", multiplied: b, by: c, divisor: a, result: d } : { kind: "term", multiplied: a, by: d, divisor: b, result: c };
}

/** The same as a calculation: `56 : 84`, `4 * 24 / 3`. */
export function proportionOperation(use: ProportionUse): Operation {
  return use.kind === "ratio" ? { formula: `${use.left} : ${use.right}`, result: use.result } : { formula: `${use.multiplied} * ${use.by} / ${use.divisor}`, result: use.result };
}

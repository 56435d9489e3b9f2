import type { Fraction } from "fraction.js";
import type { Operation, SourceExample } from "../../schemas/example.ts";
import { type ExecutedAction, executePlan } from "../execution/execute.ts";
import { parseValue } from "../execution/parse-value.ts";
import { numberKey } from "../../converters/shared/number-words.ts";
import { NEUTRAL_OPERAND, type Operand, toOperand } from "./operands.ts";
import { valueNumbers } from "./values.ts";

/**
 * A calculation of a gold step, or (not `whole`) a part of its formula: its results as stated and as computed, by key, and the
 * ways to write what it is made of: the operands of its last operation (`2`, `3/2`), or all its numbers (`2`, `3`, `2`).
 */
export interface GoldOperation {
  step: number;
  whole: boolean;
  stated: string;
  results: ReadonlySet<string>;
  ways: readonly (readonly Operand[])[];
}

/**
 * Which operands, by `alike`, may be met on the way back from a gold calculation, and whether those met are all of its own.
 * `inner`: those that only a part of its own formula yields.
 */
export interface Acceptance {
  accepted: ReadonlySet<string>;
  inner: ReadonlySet<string>;
  covers(met: ReadonlySet<string>): boolean;
}

/** The calculations of all gold steps in order, each after the parts of its formula. */
export function goldOperations({ gold_steps }: SourceExample): GoldOperation[] {
  const written = gold_steps.flatMap(({ operations }, step) => (operations ?? []).map((operation) => ({ step, operation })));
  const executed = runOperations(written.map(({ operation }) => operation));
  return written.flatMap(({ step, operation }, index) => {
    const { value = null, literals = [], subvalues = [] } = executed[index] ?? {};
    const ways = new Map<string, Operand[][]>();
    for (const part of subvalues) {
      const key = numberKey(part.value);
      ways.set(key, [...(ways.get(key) ?? []), part.operands.map(toOperand)]);
    }
    const own = valueNumbers(value).map(numberKey);
    const parts = [...ways].filter(([key]) => !own.includes(key));
    const numbers = literals.map((literal) => toOperand(literal.value));
    return [
      ...parts.map(([key, made]) => ({ step, whole: false, stated: "", results: new Set([key]), ways: made })),
      {
        step,
        whole: true,
        stated: operation.result,
        results: new Set([...statedNumbers(operation.result).map(numberKey), ...own]),
        ways: [...own.flatMap((key) => ways.get(key) ?? []), numbers],
      },
    ];
  });
}

/**
 * A gold calculation accepts its own operands and, where these are results of earlier gold calculations, the operands of those.
 * Numbers that a source repeats are the same value by chance at times (two 6s): then both readings are accepted.
 */
export function acceptance(gold: readonly GoldOperation[], index: number): Acceptance {
  const accepted = new Set<string>();
  const makers = new Map<string, number[]>();
  const queue = new Set([index]);
  for (const at of queue) {
    for (const { exact, alike } of gold[at]?.ways.flat() ?? []) {
      accepted.add(alike);
      if (makers.has(alike)) continue;
      const found = gold.slice(0, at).flatMap(({ results }, before) => (results.has(exact) ? [before] : []));
      makers.set(alike, found);
      for (const before of found) queue.add(before);
    }
  }
  const covers = (met: ReadonlySet<string>): boolean => {
    const covered = new Map<number, boolean>();
    // In order: what an operand was made of stands before it. Each calculation is judged once, however often it is used.
    for (const at of [...queue].sort((a, b) => a - b)) {
      const isMet = ({ alike }: Operand) =>
        alike === NEUTRAL_OPERAND || met.has(alike) || (makers.get(alike) ?? []).some((before) => before < at && covered.get(before) === true);
      covered.set(at, gold[at]?.ways.some((way) => way.every(isMet)) ?? false);
    }
    return covered.get(index) ?? false;
  };
  const { step, ways = [] } = gold[index] ?? {};
  const written = new Set(ways.at(-1)?.map(({ alike }) => alike));
  const isInner = (before: readonly number[]) => before.length > 0 && before.every((at) => gold[at]?.step === step && gold[at]?.whole === false);
  const inner = new Set(ways.flat().flatMap(({ alike }) => (!written.has(alike) && isInner(makers.get(alike) ?? []) ? [alike] : [])));
  return { accepted, inner, covers };
}

/** The source's calculations go through the same execution as a plan's. */
function runOperations(operations: readonly Operation[]): ExecutedAction[] {
  if (operations.length === 0) return [];
  const actions = operations.map(({ formula, result }, index) => ({
    outputs: [`R${index + 1}`],
    tool: "Calculator",
    args: formula === "" ? [] : [formula],
    result,
  }));
  return executePlan({ subgoals: [{ text: "Gold.", actions }] }, "maths").actions;
}

/** `11 r42` states a quotient and a remainder; the step is served by who has the quotient. */
function statedNumbers(result: string): Fraction[] {
  const remainder = /^\s*([0-9]{1,20})\s*(?:r|R|remainder)\s*[0-9]{1,20}\s*$/.exec(result);
  return valueNumbers(parseValue(remainder?.[1] ?? result));
}

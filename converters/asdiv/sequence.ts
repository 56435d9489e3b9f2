import type { Operation } from "../../schemas/example.ts";

/** Terms that the task gives, what comes next as the source states it, and the rule that the given ones follow. */
export interface Sequence {
  given: string[];
  result: string;
  rule: "difference" | "factor" | "growing_difference";
}

/** Reads `5, 10, 20, 40`: at least three terms before the last follow one rule, and the last does too. Null where they don't. */
export function readSequence(text: string): Sequence | null {
  if (!/^[\d\s,.]{5,300}$/.test(text)) return null;
  const terms = text.split(/[,.]\s+/).map((term) => term.trim());
  if (terms.length < 4 || !terms.every((term) => /^\d{1,12}$/.test(term))) return null;
  const numbers = terms.map(Number);
  const given = terms.slice(0, -1);
  const result = terms.at(-1) ?? "";
  const differences = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  if (allEqual(differences)) return { given, result, rule: "difference" };
  if (numbers.every((number) => number > 0) && allEqual(numbers.slice(1).map((number, index) => number / (numbers[index] ?? 1)))) return { given, result, rule: "factor" };
  if (given.length >= 3 && allEqual(differences.slice(1).map((difference, index) => difference - (differences[index] ?? 0)))) return { given, result, rule: "growing_difference" };
  return null;
}

/** What a sequence is continued by: its rule from its last terms, then the next term. All but the rule's own numbers are terms. */
export function continuation({ given, result, rule }: Sequence): Operation[] {
  const [first = "", second = "", last = ""] = given.slice(-3);
  if (rule === "factor") {
    const factor = String(Number(last) / Number(second));
    return [{ formula: `${last} / ${second}`, result: factor }, { formula: `${last} * ${factor}`, result }];
  }
  const step = gap(last, second);
  if (rule === "difference") return [{ formula: `${last} - ${second}`, result: step }, { formula: `${last} + ${step}`, result }];
  const before = gap(second, first);
  const growth = gap(step, before);
  const next = String(Number(step) + Number(growth));
  return [
    { formula: `${second} - ${first}`, result: before },
    { formula: `${last} - ${second}`, result: step },
    { formula: `${step} - ${before}`, result: growth },
    { formula: `${step} + ${growth}`, result: next },
    { formula: `${last} + ${next}`, result },
  ];
}

function gap(a: string, b: string): string {
  return String(Number(a) - Number(b));
}

function allEqual(numbers: readonly number[]): boolean {
  return numbers.every((number) => number === numbers[0]);
}

import { findNumbers } from "./number-words.ts";

/** A task is a few sentences; what is longer is not searched to its end. */
const MAX_TASK = 20_000;

/** The numbers that a task states, in figures or words, every way they can be read: a percentage in points and as a fraction. */
export function statedNumbers(task: string): ReadonlySet<number> {
  return new Set(findNumbers(task.slice(0, MAX_TASK)).flatMap(({ values }) => values.map((value) => value.valueOf())));
}

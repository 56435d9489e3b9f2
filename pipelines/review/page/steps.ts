import type { RationaleStep, ShownSubgoal } from "../shapes.ts";

/** Colours that steps take in turn; the number beside a colour tells steps of one colour apart. */
const COLOURS = 8;

/** The numbers of the gold steps, by id. */
export function stepNumbers(rationale: readonly RationaleStep[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { step, n } of rationale) if (step !== null && !numbers.has(step)) numbers.set(step, n ?? numbers.size + 1);
  return numbers;
}

/** The subgoals that serve each step, by the step's number. */
export function servedBy(subgoals: readonly ShownSubgoal[], numbers: ReadonlyMap<string, number>): ReadonlyMap<number, number[]> {
  const served = new Map<number, number[]>();
  for (const { n, gold } of subgoals) {
    for (const id of gold) {
      const step = numbers.get(id);
      if (step !== undefined) served.set(step, [...(served.get(step) ?? []), n]);
    }
  }
  return served;
}

export function colourOf(step: number): string {
  return `step-${((step - 1) % COLOURS) + 1}`;
}

import type { ExecutedAction } from "../execution/execute.ts";
import type { PlacedAction } from "./dataflow.ts";

/** What an alignment starts from: the plan's actions in order, the same actions run, and whom each uses (indexes). */
export interface Run {
  actions: readonly PlacedAction[];
  executed: readonly ExecutedAction[];
  uses: readonly (readonly number[])[];
}

/**
 * How a kind of gold step is served. `checkable`: gold steps (indexes) that can be served at all; a remark can't.
 * `served`: per gold step the actions (indexes) that serve it together, none where it is missing.
 * `neutral`: subgoals that state or fetch something and need serve no gold step.
 */
export interface Service {
  checkable: ReadonlySet<number>;
  served: ReadonlyMap<number, ReadonlySet<number>>;
  neutral: ReadonlySet<number>;
}

/** The number (from 1) of the subgoal that an action stands in. */
export function subgoalOf({ actions }: Run, index: number): number {
  return actions[index]?.subgoal ?? 1;
}

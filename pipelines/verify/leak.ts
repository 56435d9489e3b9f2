import { type Defect, defect } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { ExecutedAction } from "../execution/execute.ts";
import { findNumbers, numberKey } from "../../converters/shared/number-words.ts";
import { type GivenNumbers, isInTask, isUsualConstant } from "./sourced.ts";
import { valueNumbers } from "./values.ts";

/** `plan.value_leak`: a subgoal sentence names a number that only running the plan gives. Numbers of the task and usual constants are none. */
export function checkLeaks(plan: Plan, executed: readonly ExecutedAction[], given: GivenNumbers): Defect[] {
  const results = new Set(
    executed.flatMap(({ value, claimedValue }) => [...valueNumbers(value), ...valueNumbers(claimedValue)]).map(numberKey),
  );
  return plan.subgoals.flatMap(({ text }, index) => {
    const leaked = findNumbers(text).filter(
      ({ values }) =>
        values.some((value) => results.has(numberKey(value))) &&
        values.every((value) => !isInTask(value, given) && !isUsualConstant(value)),
    );
    if (leaked.length === 0) return [];
    const names = leaked.slice(0, 3).map(({ start, end }) => `'${text.slice(start, end)}'`);
    return [
      defect("plan.value_leak", `Subgoal ${index + 1} names ${names.join(", ")}, which only running the plan gives: say what is found, not how much.`, {
        subgoal: index + 1,
      }),
    ];
  });
}

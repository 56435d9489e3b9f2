import type { Plan, PlanJson } from "../../schemas/plan.ts";
import { parseArgs } from "../plan/args.ts";

/** A plan as it was stored: printed from a `Plan`, so that only its arguments need reading. The same as `planFromJson` gives. */
export function storedPlan({ subgoals }: PlanJson): Plan {
  return {
    subgoals: subgoals.map(({ text, actions }) => ({
      text,
      actions: actions.map(({ outputs, tool, args, result }) => ({ outputs, tool, args: args.includes("R") ? parseArgs(args) : args === "" ? [] : [args], result })),
    })),
  };
}

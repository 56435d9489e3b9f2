import type { Action, Plan, PlanJson } from "../../schemas/plan.ts";
import { argsText } from "./args.ts";

/** A plan in one of its two spellings, without a final newline. `parsePlan` reads it back to the same plan. */
export function printPlan(plan: Plan, spelling: "text" | "json" = "text"): string {
  if (spelling === "json") return JSON.stringify(planToJson(plan));
  return plan.subgoals
    .map((subgoal, i) =>
      [
        `Subgoal ${i + 1}: ${subgoal.text}`,
        ...subgoal.actions.map((action, j) => `Action ${i + 1}-${j + 1}: ${printAction(action)}`),
      ].join("\n"),
    )
    .join("\n\n");
}

/** A plan as the value of its JSON spelling. */
export function planToJson(plan: Plan): PlanJson {
  return {
    subgoals: plan.subgoals.map((subgoal) => ({
      text: subgoal.text,
      actions: subgoal.actions.map((action) => ({
        outputs: action.outputs,
        tool: action.tool,
        args: argsText(action.args),
        result: action.result,
      })),
    })),
  };
}

/** `R1, R2 = Tool(args) = result`, without the last part where there is no result. */
function printAction(action: Action): string {
  const call = `${action.outputs.join(", ")} = ${action.tool}(${argsText(action.args)})`;
  return action.result === "" ? call : `${call} = ${action.result}`;
}

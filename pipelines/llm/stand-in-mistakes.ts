import type { ActionJson, PlanJson } from "../../schemas/plan.ts";

/** The plan with one mistake of the kinds that models make. `drawn` (from 0 on, below 1) picks which. */
export function breakPlan(plan: PlanJson, drawn: number): PlanJson {
  const first = Math.floor(drawn * MISTAKES.length);
  const inOrder = [...MISTAKES.slice(first), ...MISTAKES.slice(0, first)];
  for (const mistake of inOrder) {
    const broken = mistake(plan);
    if (broken !== null) return broken;
  }
  return plan;
}

/** Each gives null where the plan has no place for it. */
const MISTAKES: readonly ((plan: PlanJson) => PlanJson | null)[] = [wrongResult, undefinedVariable, missingSubgoal, unsourcedNumber, unknownTool, copiedAnswer];

/** Ten too many, in the first action that yields a number. */
function wrongResult(plan: PlanJson): PlanJson | null {
  return changeFirst(plan, ({ result }) => /^-?\d+(?:\.\d+)?$/.test(result), (action) => ({ ...action, result: String(Number(action.result) + 10) }));
}

function undefinedVariable(plan: PlanJson): PlanJson | null {
  return changeFirst(plan, ({ args }) => /\bR\d+\b/.test(args), (action) => ({ ...action, args: action.args.replace(/\bR\d+\b/, "R99") }));
}

/** The last one, so that the plan does not reach its answer. */
function missingSubgoal(plan: PlanJson): PlanJson | null {
  return plan.subgoals.length < 2 ? null : { subgoals: plan.subgoals.slice(0, -1) };
}

/** Takes away what it adds, so that only its origin is wrong. */
function unsourcedNumber(plan: PlanJson): PlanJson | null {
  return changeFirst(plan, ({ tool }) => tool === "Calculator", (action) => ({ ...action, args: `${action.args} + 4711 - 4711` }));
}

function unknownTool(plan: PlanJson): PlanJson | null {
  return changeFirst(plan, () => true, (action) => ({ ...action, tool: "Calc" }));
}

/** The answer out of nothing but itself. */
function copiedAnswer(plan: PlanJson): PlanJson | null {
  const last = plan.subgoals.at(-1);
  const action = last?.actions.at(-1);
  if (last === undefined || action === undefined || action.tool !== "Calculator") return null;
  const copied: ActionJson = { outputs: ["R1"], tool: "Calculator", args: `${action.result} + 0`, result: action.result };
  return { subgoals: [{ text: last.text, actions: [copied] }] };
}

function changeFirst(plan: PlanJson, where: (action: ActionJson) => boolean, change: (action: ActionJson) => ActionJson): PlanJson | null {
  let done = false;
  const subgoals = plan.subgoals.map((subgoal) => ({
    ...subgoal,
    actions: subgoal.actions.map((action) => {
      if (done || !where(action)) return action;
      done = true;
      return change(action);
    }),
  }));
  return done ? { subgoals } : null;
}

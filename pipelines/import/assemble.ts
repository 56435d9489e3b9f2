import type { ActionJson, PlanJson } from "../../schemas/plan.ts";
import type { ChatRow } from "./chat-row.ts";
import { divideCalls } from "./divide-calls.ts";
import { splitCalls } from "./split-calls.ts";

/** The rows of one example, as many of its four as there are. */
export interface RowsOfExample {
  plan_iterative?: ChatRow;
  plan_onetime?: ChatRow;
  ground_iterative?: ChatRow;
  ground_onetime?: ChatRow;
}

/** What the rows lack: which rows are not there, and whether it had to be guessed which action is of which subgoal. */
export type Lack = "no_plan_row" | "no_result_row" | "guessed_subgoals";

/** A plan as its rows tell it. Results that no row tells are "". */
export interface Assembled {
  plan: PlanJson;
  lacks: Lack[];
}

/**
 * Puts a plan together from its rows, taking from each what it alone has: sentences from any, which action is of which subgoal from `ground` iterative, `Output` from
 * `ground` onetime, the results of each subgoal's last action from `plan` iterative, and better from `ground` iterative where it tells them (the published converter
 * cuts a result in `plan` at its last `=`). Null where no row grounds it.
 */
export function assemble(rows: RowsOfExample): Assembled | null {
  const { plan_iterative: told, ground_iterative: stepwise, ground_onetime: atOnce } = rows;
  const grounded = stepwise ?? atOnce;
  if (grounded === undefined) return null;
  const { sentences } = told ?? rows.plan_onetime ?? grounded;
  const results = sentences.map((_, index) => stepwise?.results[index] ?? told?.results[index] ?? null);
  const { calls, guessed } = callsOf(stepwise, atOnce, results);
  const tellsAny = told !== undefined && told.results.some((result) => result !== null);
  const plan = {
    subgoals: sentences.map((text, index) => {
      const actions = calls[index] ?? [];
      const last = actions.at(-1);
      const result = results[index] ?? "";
      return { text, actions: last === undefined ? [] : [...actions.slice(0, -1), { ...last, result }] };
    }),
  };
  const lacks: Lack[] = [
    ...(told === undefined && rows.plan_onetime === undefined ? (["no_plan_row"] as const) : []),
    ...(!tellsAny && grounded.domain !== "web_agent" ? (["no_result_row"] as const) : []),
    ...(guessed ? (["guessed_subgoals"] as const) : []),
  ];
  return { plan, lacks };
}

function callsOf(stepwise: ChatRow | undefined, atOnce: ChatRow | undefined, results: readonly (string | null)[]): { calls: ActionJson[][]; guessed: boolean } {
  const flat = atOnce === undefined ? null : splitCalls(atOnce.calls[0] ?? "");
  if (stepwise === undefined) return divideCalls(flat ?? [], results, atOnce?.domain ?? "maths");
  const calls = stepwise.calls.map(splitCalls);
  if (flat === null || flat.length !== calls.reduce((n, own) => n + own.length, 0)) return { calls, guessed: false };
  let from = 0;
  return { calls: calls.map((own) => flat.slice(from, (from += own.length))), guessed: false };
}

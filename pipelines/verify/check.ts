import { type Defect, defect } from "../../schemas/defect.ts";
import { type Domain, DOMAIN_TOOLS, TOOLS_WITHOUT_RESULT } from "../../schemas/domain.ts";
import type { Plan } from "../../schemas/plan.ts";
import { checkArguments } from "../execution/tools/index.ts";
import { checkDataflow, type PlacedAction, placedActions } from "./dataflow.ts";

/**
 * What can be said of a plan without running it and without its source: `tool.*`, `ref.*`, `plan.no_action`,
 * `answer.missing`. What only the text of a reply shows (`parse.*`, `plan.numbering`) is the parser's. In order of place.
 */
export function checkPlan(plan: Plan, domain: Domain): Defect[] {
  const actions = placedActions(plan);
  return inOrderOfPlace([
    ...plan.subgoals.flatMap(({ actions: own }, index) =>
      own.length > 0
        ? []
        : [defect("plan.no_action", `Subgoal ${index + 1} has no action: ground it in at least one.`, { subgoal: index + 1 })],
    ),
    ...actions.flatMap((action) => checkTool(action, domain)),
    ...checkDataflow(actions),
    ...checkAnswer(plan),
  ]);
}

/** Sorts defects by subgoal and action, those without a place last; those of one place keep their order. */
export function inOrderOfPlace(defects: readonly Defect[]): Defect[] {
  return [...defects].sort(
    (a, b) =>
      compare(a.subgoal ?? Infinity, b.subgoal ?? Infinity) || compare(a.action ?? Infinity, b.action ?? Infinity),
  );
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function checkTool({ subgoal, action, node }: PlacedAction, domain: Domain): Defect[] {
  const tool = DOMAIN_TOOLS[domain].find((name) => name === node.tool);
  const place = `subgoal ${subgoal} action ${action}`;
  if (tool === undefined) {
    const expected = DOMAIN_TOOLS[domain].join(", ");
    return [
      defect("tool.unknown", `Unknown tool '${shorten(node.tool)}' in ${place}: expected ${expected}.`, { subgoal, action }),
    ];
  }
  const problem = checkArguments(tool, node.args);
  return problem === null ? [] : [defect("tool.arity", problem, { subgoal, action })];
}

function checkAnswer(plan: Plan): Defect[] {
  const subgoal = plan.subgoals.length;
  const actions = plan.subgoals.at(-1)?.actions ?? [];
  const last = actions.at(-1);
  const missing = (why: string) => [defect("answer.missing", `${why}: end the plan with the action whose result is the answer.`, { subgoal })];
  if (last === undefined) return missing(`Subgoal ${subgoal}, the last one, has no action`);
  if (last.result.trim() !== "" || TOOLS_WITHOUT_RESULT.has(last.tool)) return [];
  return missing(`The last action, subgoal ${subgoal} action ${actions.length}, has no result`);
}

/** A foreign name, short enough for a message. */
function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

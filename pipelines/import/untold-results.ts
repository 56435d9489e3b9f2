import { type Domain, TOOLS_WITHOUT_RESULT } from "../../schemas/domain.ts";
import type { Materials } from "../../schemas/example.ts";
import type { Action, Plan } from "../../schemas/plan.ts";
import { executePlan } from "../execution/execute.ts";
import { rulesKit } from "../execution/kit.ts";
import { argsText } from "../plan/args.ts";
import { planFromJson } from "../plan/parse.ts";
import type { Source } from "./source-index.ts";

/**
 * The plan with the results of actions that claim none and can be run here: the published format tells that of each subgoal's last action alone. What can't be run stays
 * without. Nobody has claimed these, so they hold; the claims that rest on them are compared as ever.
 */
export function withComputedResults(plan: Plan, domain: Domain, materials: Materials | null): { plan: Plan; computedResults: number } {
  // A page is chosen before what is retrieved from it.
  const chosen = fill(plan, domain, materials, (action) => action.tool === PAGES);
  const filled = fill(chosen.plan, domain, materials, () => true);
  return { plan: filled.plan, computedResults: chosen.computedResults + filled.computedResults };
}

/**
 * The plan as the rules of its source make it, if what they make says the same but for results: an export of theirs leaves results out which the rules know. Null where they
 * make another plan.
 */
export function withRulesResults(plan: Plan, { example, converter }: Source): { plan: Plan; answerCopied: boolean } | null {
  if (converter === null) return null;
  const made = converter.rules.annotate(example, rulesKit);
  if ("skip" in made) return null;
  const again = planFromJson(made.plan, { results: "optional" }).plan;
  return again !== null && saidBy(again) === saidBy(plan) ? { plan: again, answerCopied: made.answer_copied } : null;
}

/** Whether an action has no result that should have one. */
export function lacksResults(plan: Plan): boolean {
  return plan.subgoals.some(({ actions }) => actions.some(isUntold));
}

const PAGES = "KnowledgeQuery";

function isUntold({ result, tool }: Action): boolean {
  return result.trim() === "" && !TOOLS_WITHOUT_RESULT.has(tool);
}

function fill(plan: Plan, domain: Domain, materials: Materials | null, which: (action: Action) => boolean): { plan: Plan; computedResults: number } {
  const isWanted = (action: Action): boolean => isUntold(action) && which(action);
  if (!plan.subgoals.some(({ actions }) => actions.some(isWanted))) return { plan, computedResults: 0 };
  const { actions: executed } = executePlan(plan, domain, materials);
  let computedResults = 0;
  let index = 0;
  const subgoals = plan.subgoals.map(({ text, actions }) => ({
    text,
    actions: actions.map((action) => {
      const computed = executed[index++]?.computed ?? null;
      // A long value is shortened where it is shown.
      if (!isWanted(action) || computed === null || computed.endsWith("…")) return action;
      computedResults += 1;
      return { ...action, result: action.tool === PAGES ? bestPage(computed) : computed };
    }),
  }));
  return { plan: { subgoals }, computedResults };
}

/** A query finds several pages, the best first; a plan goes on with one. */
function bestPage(pages: string): string {
  const at = pages.indexOf("), WikipediaPage(");
  return at === -1 ? pages : pages.slice(0, at + 1);
}

/** Everything but results; `Output` is a variable like the others. */
function saidBy({ subgoals }: Plan): string {
  const names = new Map<string, number>();
  const named = (variable: string): string => {
    if (!names.has(variable)) names.set(variable, names.size);
    return `⟦${names.get(variable) ?? 0}⟧`;
  };
  return JSON.stringify(
    subgoals.map(({ text, actions }) => [
      text,
      actions.map(({ outputs, tool, args }) => [argsText(args.map((part) => (typeof part === "string" ? part : named(part.ref)))), outputs.map(named), tool]),
    ]),
  );
}

import type { DefectCode, Level } from "../../../schemas/defect.ts";
import type { OutcomeName } from "../schema.ts";

/** What a defect code means, in half a sentence. */
export const DEFECT_WORDS: Readonly<Record<DefectCode, string>> = {
  "llm.refusal": "the model refused",
  "llm.truncated": "the reply was cut off",
  "llm.filtered": "the provider's filter withheld the reply",
  "llm.empty": "the reply was empty",
  "parse.no_plan": "there is no plan in the reply",
  "parse.json": "the reply is broken JSON",
  "parse.subgoal": "a subgoal can't be read",
  "parse.action": "an action can't be read",
  "plan.no_action": "a subgoal has no action",
  "tool.unknown": "a tool that there is not",
  "tool.arity": "a tool with other arguments than it takes",
  "ref.undefined": "a result is used that no action gives",
  "ref.forward": "a result is used before it is there",
  "ref.redefined": "a result is given twice",
  "answer.missing": "the plan ends without a result",
  "gold.missing_step": "a step of the source is served by no subgoal",
  "match.paragraph": "another paragraph than the source's",
  "match.element": "another element than the source's",
  "match.value": "another value than the source's",
  "match.choice": "the answer is none of the choices",
  "answer.mismatch": "the final result is not the gold answer",
  "exec.mismatch": "an action was run, and gives something else than claimed",
  "exec.error": "an action can't be run",
  "exec.limit": "an action ran into a limit",
  "value.unsourced": "a number in a formula comes from nowhere",
  "answer.copied": "the answer equals gold but follows from nothing",
  "ref.unused": "a result is used by nothing",
  "plan.value_leak": "a subgoal's sentence names what only running gives",
  "plan.numbering": "subgoals or actions are numbered oddly",
  "gold.extra_step": "a subgoal serves no step of the source",
  "gold.order": "steps stand in another order than the source's",
};

export const OUTCOME_WORDS: Readonly<Record<OutcomeName, string>> = {
  proven: "proven",
  aligned: "aligned",
  well_formed: "well formed",
  parsed: "parsed",
  no_plan: "no plan",
  skipped: "skipped",
  failed: "failed",
};

export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  proven: "Every result that the answer rests on was run here or equals what the source's authors wrote, every number in a formula has a source, and the answer follows as the last result and equals gold. Not: that the plan is the best one, or that the gold answer is right.",
  aligned: "Nothing is contradicted, the steps serve the source's gold steps, and the final result equals the gold answer. Not: that results in between are right; some may only be claimed.",
  well_formed: "Schema, tools and dataflow hold. Not: that any value is right.",
  parsed: "The reply is a plan. Not: that its actions are well formed.",
};

/** `3 plans`, `1 plan`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

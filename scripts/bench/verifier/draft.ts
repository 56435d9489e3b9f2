import type { ActionJson, Plan, PlanJson } from "../../../schemas/plan.ts";
import { planToJson } from "../../../pipelines/plan/print.ts";

/** A plan in plain strings, so that anything can be planted in it; what is planted goes through the parser like any reply. */
export type Draft = PlanJson;

/** An action of a draft with its place: `index` over the whole plan, `subgoal` and `action` from 0. */
export interface Step {
  index: number;
  subgoal: number;
  action: number;
  node: ActionJson;
}

export function draftOf(plan: Plan): Draft {
  return structuredClone(planToJson(plan));
}

/** A copy with a change made to it. */
export function changed(draft: Draft, change: (copy: Draft) => void): Draft {
  const copy = structuredClone(draft);
  change(copy);
  return copy;
}

/** A copy with a change made to the action at `index`; the change may give the actions that take its place. */
export function changedStep(draft: Draft, index: number, change: (node: ActionJson) => readonly ActionJson[] | void): Draft {
  return changed(draft, (copy) => {
    const step = stepsOf(copy)[index];
    if (step === undefined) return;
    const instead = change(step.node);
    if (instead !== undefined) copy.subgoals[step.subgoal]?.actions.splice(step.action, 1, ...instead);
  });
}

export function stepsOf(draft: Draft): Step[] {
  const steps: Step[] = [];
  for (const [subgoal, { actions }] of draft.subgoals.entries()) {
    for (const [action, node] of actions.entries()) steps.push({ index: steps.length, subgoal, action, node });
  }
  return steps;
}

/** The reply that a model would have written. */
export function replyOf(draft: Draft, spelling: "text" | "json" = "text"): string {
  if (spelling === "json") return JSON.stringify(draft);
  return draft.subgoals
    .map(({ text, actions }, subgoal) => [`Subgoal ${subgoal + 1}: ${text}`, ...actions.map((action, index) => lineOf(action, subgoal, index))].join("\n"))
    .join("\n\n");
}

export function lineOf({ outputs, tool, args, result }: ActionJson, subgoal: number, action: number): string {
  return `Action ${subgoal + 1}-${action + 1}: ${outputs.join(", ")} = ${tool}(${args})${result === "" ? "" : ` = ${result}`}`;
}

/** Subgoals without an action are left out: a step that is dropped takes its empty subgoal with it. */
export function withoutEmpty(draft: Draft): Draft {
  return { subgoals: draft.subgoals.filter(({ actions }) => actions.length > 0) };
}

export function refsIn(args: string): string[] {
  return [...args.matchAll(REFERENCE)].map(([name]) => name);
}

/** Every reference of a text put through `rename`. */
export function renamed(text: string, rename: (name: string) => string): string {
  return text.replace(REFERENCE, rename);
}

/** A variable that no action of the draft assigns. */
export function freshVariable(draft: Draft, ahead = 1): string {
  const numbers = stepsOf(draft).flatMap(({ node }) => node.outputs.map((name) => Number(name.slice(1)) || 0));
  return `R${Math.max(0, ...numbers) + ahead}`;
}

const REFERENCE = /(?<![\p{L}\p{N}_-])R[1-9][0-9]{0,5}(?![\p{L}\p{N}_-])/gu;

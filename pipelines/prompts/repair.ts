import type { SourceExample } from "../../schemas/example.ts";
import type { Message, ReplyForm } from "../llm/request.ts";

/** What a correction is asked for: the whole plan, certain subgoals (numbers from 1), or whichever have to change. */
export type RepairScope = "plan" | "changed" | readonly number[];

/** What goes back to the model about a plan of its own. */
export interface RepairRequest {
  /** The plan as it stands, in the reply form; the model's words where no plan could be read from them. */
  plan: string;
  /** One sentence each: where, what is wrong, and what running it gave. */
  problems: readonly string[];
  scope: RepairScope;
  /** The last correction of this very plan, which was no better. */
  tried: { reply: string; problems: readonly string[] } | null;
}

/**
 * The messages that ask for a correction: those of the first ask, unchanged, so that a provider's prompt cache serves them;
 * the plan as the model's own turn; then a turn whose constant part stands first and which holds the task verbatim.
 */
export function renderRepair(first: readonly Message[], { task }: Pick<SourceExample, "task">, repair: RepairRequest, form: ReplyForm): Message[] {
  const { plan, problems, scope, tried } = repair;
  const parts = [INSTRUCTIONS[form], `Task:\n${task}`, `Problems:\n${listed(problems)}`];
  if (tried !== null) parts.push(`A correction that was no better:\n${tried.reply}`, `Its problems:\n${listed(tried.problems)}`);
  parts.push(closing(scope));
  return [...first, { role: "assistant", content: plan }, { role: "user", content: parts.join("\n\n") }];
}

function listed(problems: readonly string[]): string {
  return problems.map((problem) => `- ${problem}`).join("\n");
}

function instructions(numbered: string): string {
  return [
    "Your plan was checked, and run where it can be. Correct it:",
    "- Mend every problem listed below and keep what is right.",
    "- Work each value out from the task and the rationale. Never bend a formula or a result to arrive at the answer.",
    `- Where single subgoals are asked for, write each of them in full under its own number (${numbered}), together with any other subgoal that changes with it. What you leave out stays as it is.`,
    "- A result that other subgoals use keeps its variable. A further result takes a variable that the plan does not use yet.",
    "- Where the whole plan is asked for, write all of its subgoals, those that stay as they are included.",
    "- Keep to the form of reply that was asked for at the beginning, and write nothing else.",
  ].join("\n");
}

const INSTRUCTIONS: Readonly<Record<ReplyForm, string>> = {
  text: instructions("Subgoal 2: <sentence>, Action 2-1: …"),
  json: instructions('which stands at the beginning of its text: {"text": "Subgoal 2: <sentence>", "actions": […]}'),
};

function closing(scope: RepairScope): string {
  if (scope === "plan") return "Reply with the whole plan.";
  if (scope === "changed") return "Reply with the subgoals that have to change.";
  const last = scope.at(-1);
  if (scope.length === 1) return `Reply with subgoal ${last}, and any other that changes with it.`;
  return `Reply with subgoals ${scope.slice(0, -1).join(", ")} and ${last}, and any other that changes with them.`;
}

import { type DefectCode, levelRank } from "../../schemas/defect.ts";
import type { FailedPlan, Reason } from "./failed.ts";
import type { ExportItem, LineFormat, Message } from "./format.ts";
import type { Kind, Module } from "./kind.ts";

/**
 * Preference pairs, `{"id", "prompt", "chosen", "rejected", "reason", …}` with lists of messages, a row for each failed plan of the example: the chosen reply is
 * that of the exported plan, the rejected one that of the failed plan, where the two first say something else after the same
 * conversation (TRL, "conversational preference"; Rafailov et al., 2023).
 */
export const dpoFormat: LineFormat = {
  name: "dpo",
  extension: "jsonl",
  about: "preference pairs as the DPO trainer of TRL takes them",
  scope: "module",
  lines(item, kind) {
    if (kind === null) throw new TypeError("The dpo format is made of modules.");
    return pairs(item, kind);
  },
};

function pairs(item: ExportItem, kind: Kind): { lines: string[] } | { excluded: string } {
  const chosen = item.chat(kind);
  if ("excluded" in chosen) return chosen;
  if (!isPreferred(item)) return { excluded: "not_preferred" };
  const failed = item.failed().flatMap((each) => failedIn(kind.module, each));
  if (failed.length === 0) return { excluded: "no_failed_plan" };
  const lines = new Map<string, string>();
  for (const { plan, reasons, level, annotator, model, attempt } of failed) {
    const rejected = item.chatOf(plan, kind);
    const pair = "excluded" in rejected ? null : firstDifference(chosen.messages, rejected.messages);
    // Two models that fail alike make one pair.
    if (pair === null || lines.has(JSON.stringify(pair))) continue;
    const row = {
      id: item.source.id,
      ...pair,
      reason: reasons.map(({ code, subgoal, action, message }) => ({ code, subgoal, action, message })),
      chosen_level: item.annotation.level,
      rejected_level: level,
      rejected_annotator: annotator,
      rejected_model: model,
      rejected_attempt: attempt,
    };
    lines.set(JSON.stringify(pair), JSON.stringify(row));
  }
  return lines.size === 0 ? { excluded: "same_reply" } : { lines: [...lines.values()] };
}

/** Whether the plan is one to prefer: the source bears it out, or a person does, and nobody rejected it. */
function isPreferred({ annotation: { level, review }, outcome }: ExportItem): boolean {
  if (review === "rejected") return false;
  return levelRank(level) >= levelRank("aligned") || review === "accepted" || outcome.annotator === "person";
}

/** Says nothing against what a module writes: a claimed result is in no reply, and another decomposition may be as good. */
const OF_NO_REPLY: ReadonlySet<Reason["code"]> = new Set<DefectCode>(["exec.mismatch", "gold.missing_step"]);

/** Says nothing against the sentences of a plan: only its actions are wrong. */
const OF_ACTIONS: ReadonlySet<Reason["code"]> = new Set<DefectCode>([
  "tool.unknown",
  "tool.arity",
  "ref.undefined",
  "ref.forward",
  "ref.redefined",
  "exec.error",
  "exec.limit",
  "value.unsourced",
  "match.element",
  "match.value",
]);

/** A failed plan with the reasons that lie with the module; none where there is no such. */
function failedIn(module: Module, failed: FailedPlan): FailedPlan[] {
  const reasons = failed.reasons.filter(({ code }) => !OF_NO_REPLY.has(code) && !(module === "plan" && OF_ACTIONS.has(code)));
  return reasons.length === 0 ? [] : [{ ...failed, reasons }];
}

/** Where the assistant first answers the same conversation otherwise; null where it never does: what is asked differs first, or nothing. */
function firstDifference(chosen: readonly Message[], rejected: readonly Message[]): { prompt: readonly Message[]; chosen: Message[]; rejected: Message[] } | null {
  const at = chosen.findIndex(({ role, content }, i) => rejected[i]?.role !== role || rejected[i]?.content !== content);
  const [better, worse] = [chosen[at], rejected[at]];
  if (better?.role !== "assistant" || worse?.role !== "assistant") return null;
  return { prompt: chosen.slice(0, at), chosen: [better], rejected: [worse] };
}

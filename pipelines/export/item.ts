import { domainSchema } from "../../schemas/domain.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { ExportAnnotation, ExportExample, ExportOutcome } from "../store/exports.ts";
import type { Variant } from "../store/runs.ts";
import { failedPlans, type Past } from "./failed.ts";
import type { Chat, ExportItem } from "./format.ts";
import { type Granularity, perAction } from "./granularity.ts";
import type { Kind } from "./kind.ts";
import { lumosChat, lumosChats } from "./lumos-format.ts";
import { provenanceLine } from "./provenance.ts";
import { storedPlan } from "./stored-plan.ts";

/** An item with what the export itself needs of it. */
export interface FullItem extends ExportItem {
  /** The line that stands beside each row that is made of the item, in UTF-8, with its newline. */
  readonly provenance: Uint8Array;
}

/** The item of an example whose annotation is chosen; null where its plan is empty. */
export function itemOf(
  source: ExportExample,
  chosen: { outcome: ExportOutcome; annotation: ExportAnnotation },
  about: { variant: Variant | null; granularity: Granularity; past: Past },
): FullItem | null {
  if (chosen.annotation.plan.subgoals.length === 0) return null;
  const { example } = source;
  const domain = domainSchema.parse(source.domain);
  const stored = storedPlan(chosen.annotation.plan);
  const perActions = about.granularity === "action" ? perAction(stored, chosen.annotation.verdict) : null;
  const plan = perActions?.plan ?? stored;
  const annotation = perActions === null ? chosen.annotation : { ...chosen.annotation, verdict: perActions.verdict };
  const { outcome } = chosen;
  return {
    source,
    domain,
    example,
    plan,
    outcome,
    annotation,
    variant: about.variant,
    provenance: Buffer.from(provenanceLine(source, outcome, annotation, about.variant)),
    chat: chatsOf(() => lumosChats({ domain, plan, example })),
    escapedChat: chatsOf(() => lumosChats({ domain, plan, example }, "escaped")),
    chatOf: (other: Plan, kind) => lumosChat({ domain, plan: perActions === null ? other : perAction(other, null).plan, example }, kind),
    failed: () => failedPlans(source, outcome, about.past),
  };
}

/** Chats that are made when they are first asked for, and once a kind. */
function chatsOf(start: () => (kind: Kind) => Chat): (kind: Kind) => Chat {
  let make: ((kind: Kind) => Chat) | null = null;
  const known = new Map<Kind, Chat>();
  return (kind) => {
    make ??= start();
    const chat = known.get(kind) ?? make(kind);
    known.set(kind, chat);
    return chat;
  };
}

import { type Defect, type DefectCode, type Level, levelRank } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import { rawReply, readReply } from "../llm/reply.ts";
import { parsePlan } from "../plan/parse.ts";
import type { ExportExample, ExportOutcome } from "../store/exports.ts";
import type { Store } from "../store/open.ts";
import { storedPlan } from "./stored-plan.ts";

/** A plan of an example that is worse than the one that is exported, and why. */
export interface FailedPlan {
  plan: Plan;
  level: Level | null;
  annotator: string;
  model: string | null;
  /** The ask that it answered, where it is an earlier plan of the exported annotation's own variant; null for the annotation of another variant. */
  attempt: number | null;
  /** What the checks found (errors alone), and what people said. At least one. */
  reasons: readonly Reason[];
}

/** Why a plan failed. `rejected_in_review`: people said so; the message has their words. */
export interface Reason extends Pick<Defect, "subgoal" | "action" | "message"> {
  code: DefectCode | "rejected_in_review";
}

/** What there is to read about failed plans. */
export type Past = Pick<Store, "attemptsOf" | "replyFor" | "reviewsOf">;

/**
 * The plans of an example that failed where the chosen one did not, those that people rejected first: annotations of other variants and, of the chosen one's own,
 * replies that its plan is a correction or a better candidate of. Plans that lost a part when they were read are not among them: they are not what was written.
 */
export function failedPlans(source: ExportExample, chosen: ExportOutcome, past: Past): FailedPlan[] {
  const level = chosen.annotation?.level ?? null;
  const others = source.outcomes.filter((each) => each !== chosen).flatMap((outcome) => failedAnnotation(source.id, outcome, level, past));
  const isRejected = ({ reasons }: FailedPlan): boolean => reasons.some(({ code }) => code === "rejected_in_review");
  return [...others.filter(isRejected), ...others.filter((each) => !isRejected(each)), ...earlierPlans(source.id, chosen, level, past)];
}

/** A plan with one of these lost a part when it was read. */
const NOT_WHOLE: ReadonlySet<DefectCode> = new Set<DefectCode>(["parse.subgoal", "parse.action"]);

function failedAnnotation(id: string, { annotation, annotator, model, variant }: ExportOutcome, level: Level | null, past: Past): FailedPlan[] {
  if (annotation === null || annotation.review === "accepted") return [];
  const errors = annotation.verdict.defects.filter(({ severity }) => severity === "error");
  const said = annotation.review === "rejected" ? [saidOf(id, variant, past)] : [];
  const isWorse = said.length > 0 || levelRank(annotation.level) < levelRank(level);
  const reasons = [...said, ...errors];
  if (!isWorse || reasons.length === 0 || errors.some(({ code }) => NOT_WHOLE.has(code))) return [];
  return [{ plan: storedPlan(annotation.plan), level: annotation.level, annotator, model, attempt: null, reasons }];
}

/** What those said who rejected an annotation, or corrected it. */
function saidOf(id: string, variant: string, past: Past): Reason {
  const reviews = past.reviewsOf(id, variant).filter(({ isCurrent, verdict }) => isCurrent && (verdict === "reject" || verdict === "edit"));
  const words = reviews.map(({ verdict, reason, note }) => [verdict === "edit" ? "corrected by a person" : "rejected by a person", reason, note].filter((word) => word !== null && word !== "").join(": "));
  return { code: "rejected_in_review", subgoal: null, action: null, message: [...new Set(words)].join("; ") };
}

/** The plans that a model first gave. Its corrections are left out: a reply that corrects a plan need not be a whole one. */
function earlierPlans(id: string, { annotator, model, variant }: ExportOutcome, level: Level | null, past: Past): FailedPlan[] {
  if (annotator !== "llm") return [];
  return past.attemptsOf(variant, id).flatMap((attempt): FailedPlan[] => {
    const reasons = attempt.defects.filter(({ severity }) => severity === "error");
    const isRead = !reasons.some(({ code }) => code.startsWith("llm.") || code.startsWith("parse."));
    if (attempt.kind !== "ask" || attempt.reply === null || !isRead || reasons.length === 0 || levelRank(attempt.level) >= levelRank(level)) return [];
    const plan = readAgain(attempt.reply, past);
    return plan === null ? [] : [{ plan, level: attempt.level, annotator, model, attempt: attempt.ask, reasons }];
  });
}

/** The plan in a kept reply; null where there is none, or not a whole one. */
function readAgain(hash: string, past: Past): Plan | null {
  const kept = past.replyFor(hash);
  if (kept === null) return null;
  const { content } = readReply(rawReply({ status: kept.status, body: kept.body, finish_reason: kept.finishReason, latency_ms: kept.latencyMs }));
  const { plan, defects } = parsePlan(content);
  return defects.some(({ code }) => NOT_WHOLE.has(code)) ? null : plan;
}

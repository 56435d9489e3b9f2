import { type DefectCode, type Level, levelRank } from "../../schemas/defect.ts";
import type { StoredDrop } from "../store/annotations.ts";
import type { ExportAnnotation, ExportOutcome } from "../store/exports.ts";

/** How the one annotation of an example is chosen: `best` takes the highest level, then what a person wrote, then the fewest repairs, then the latest. */
export type Preference = "best" | "latest";

/** What people must say of an annotation: nothing, nothing against it, or that it is right. What a person wrote counts as right. */
export const REVIEWS = ["any", "not-rejected", "accepted"] as const;
export type ReviewWanted = (typeof REVIEWS)[number];

/** Which annotations are looked at at all. */
export interface Wanted {
  minLevel: Level;
  prefer: Preference;
  review: ReviewWanted;
  /** How many subgoals and actions a plan may have. */
  subgoals?: Range;
  actions?: Range;
}

/** Both ends belong to it. */
export interface Range {
  least: number;
  most: number;
}

/** An outcome that is exported, or why there is none. */
export type Choice = Candidate | { excluded: string };

interface Candidate {
  outcome: ExportOutcome;
  annotation: ExportAnnotation;
}

/** A plan with one of these lost a part when it was read, so it can't be printed whole. */
const NOT_WHOLE: ReadonlySet<DefectCode> = new Set<DefectCode>(["parse.subgoal", "parse.action"]);

/**
 * The annotation of an example that is exported: the preferred one of those that are no duplicates, reach `minLevel`, are whole, of the wanted size and not spoken
 * against. Where there is none, the reason is that of the preferred one: `duplicate_task`, `duplicate_plan`, `rejected_in_review`, `below_level`, the code of a
 * `parse.*` defect, `subgoal_count`, `action_count`, `not_reviewed`;
 * and where there is no plan at all, the state: `quarantined`, `failed`, `skipped`.
 */
export function chooseAnnotation(
  outcomes: readonly ExportOutcome[],
  drops: readonly StoredDrop[],
  wanted: Wanted,
): Choice {
  const dropped = drops.find((drop) => drop.annotationId === null);
  if (dropped !== undefined) return { excluded: dropped.kind };
  const candidates = outcomes
    .flatMap((outcome): Candidate[] => (outcome.annotation === null ? [] : [{ outcome, annotation: outcome.annotation }]))
    .sort(wanted.prefer === "best" ? better : later);
  const reasons = candidates.map((candidate) => unusable(candidate, drops, wanted));
  const chosen = candidates[reasons.indexOf(null)];
  if (chosen !== undefined) return chosen;
  return { excluded: reasons[0] ?? stateOf(outcomes) };
}

function unusable({ annotation, outcome }: Candidate, drops: readonly StoredDrop[], { minLevel, subgoals, actions, review }: Wanted): string | null {
  const dropped = drops.find((drop) => drop.annotationId === annotation.id);
  if (dropped !== undefined) return dropped.kind;
  if (review !== "any" && annotation.review === "rejected") return "rejected_in_review";
  if (levelRank(annotation.level) < levelRank(minLevel)) return "below_level";
  const broken = annotation.verdict.defects.find((defect) => NOT_WHOLE.has(defect.code));
  if (broken !== undefined) return broken.code;
  const { subgoals: planned } = annotation.plan;
  if (!isWithin(planned.length, subgoals)) return "subgoal_count";
  if (!isWithin(planned.reduce((n, each) => n + each.actions.length, 0), actions)) return "action_count";
  return review !== "accepted" || annotation.review === "accepted" || isOfPerson(outcome) ? null : "not_reviewed";
}

function isWithin(n: number, range: Range | undefined): boolean {
  return range === undefined || (n >= range.least && n <= range.most);
}

function better(a: Candidate, b: Candidate): number {
  const byPerson = Number(isOfPerson(b.outcome)) - Number(isOfPerson(a.outcome));
  return levelRank(b.annotation.level) - levelRank(a.annotation.level) || byPerson || a.annotation.repairs - b.annotation.repairs || later(a, b);
}

function later({ annotation: a }: Candidate, { annotation: b }: Candidate): number {
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt ? -1 : 1;
  return b.id - a.id;
}

function isOfPerson({ annotator }: ExportOutcome): boolean {
  return annotator === "person";
}

function stateOf(outcomes: readonly ExportOutcome[]): string {
  const states = new Set(outcomes.map((outcome) => outcome.state));
  return (["quarantined", "failed", "skipped"] as const).find((state) => states.has(state)) ?? "quarantined";
}

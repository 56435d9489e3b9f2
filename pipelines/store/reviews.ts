import type { Level } from "../../schemas/defect.ts";
import type { Queue, ReviewVerdict } from "../../schemas/review.ts";
import type { Connection } from "./connection.ts";

export interface NewReview {
  exampleId: string;
  variant: string;
  /** Of the plan that was looked at, as in `annotations.canonical_hash`. */
  planHash: string;
  /** The verifier's level then. */
  level: Level | null;
  reviewer: string;
  queue: Queue;
  verdict: ReviewVerdict;
  /** Why it was rejected, a word of the list or the reviewer's own. */
  reason: string | null;
  note: string | null;
  /** Of an edit: the plan's text as it was saved, and the variant of the annotation that it became. */
  editedPlan: string | null;
  editedVariant: string | null;
  /** ISO 8601. */
  createdAt: string;
}

/** A reviewer's word on an annotation that stands: the last one, not taken back. */
export interface StandingReview extends NewReview {
  id: number;
  dataset: string;
  /** Whether the annotation still has the plan that was looked at; a review of another plan counts for nothing. */
  isCurrent: boolean;
}

/** Of `standing_reviews r`, its example `e` and its annotation `a`. */
export const REVIEW_COLUMNS = `r.id, r.example_id AS exampleId, r.variant, r.plan_hash AS planHash, r.level, r.reviewer, r.queue, r.verdict, r.reason, r.note,
  r.edited_plan AS editedPlan, r.edited_variant AS editedVariant, r.created_at AS createdAt, e.dataset, coalesce(a.canonical_hash = r.plan_hash, 0) AS isCurrent`;

/** Statements on reviews. Rows are added and never changed. */
export function reviewStatements(db: Connection) {
  const add = db.prepare<[NewReview]>(`
    INSERT INTO reviews (example_id, variant, plan_hash, level, reviewer, queue, verdict, reason, note, edited_plan, edited_variant, created_at)
    VALUES (@exampleId, @variant, @planHash, @level, @reviewer, @queue, @verdict, @reason, @note, @editedPlan, @editedVariant, @createdAt)`);
  const undo = db.prepare<[{ id: number; createdAt: string }]>(`
    INSERT INTO reviews (example_id, variant, plan_hash, level, reviewer, queue, verdict, undoes, created_at)
    SELECT example_id, variant, plan_hash, level, reviewer, queue, 'undo', id, @createdAt FROM standing_reviews WHERE id = @id`);
  const joined = "standing_reviews r JOIN examples e ON e.id = r.example_id LEFT JOIN annotations a ON a.example_id = r.example_id AND a.variant = r.variant";
  const ofAnnotation = db.prepare<[string, string], ReviewRow>(`SELECT ${REVIEW_COLUMNS} FROM ${joined} WHERE r.example_id = ? AND r.variant = ? ORDER BY r.id`);
  const last = db.prepare<[string], ReviewRow>(`SELECT ${REVIEW_COLUMNS} FROM ${joined} WHERE r.reviewer = ? ORDER BY r.id DESC LIMIT 1`);
  const reviewers = db.prepare<[], { reviewer: string }>("SELECT DISTINCT reviewer FROM reviews ORDER BY reviewer");
  const hash = db.prepare<[string, string], { hash: string }>("SELECT canonical_hash AS hash FROM annotations WHERE example_id = ? AND variant = ?");
  const removeAnnotation = db.prepare<[string, string]>("DELETE FROM annotations WHERE example_id = ? AND variant = ?");
  const removeOutcome = db.prepare<[string, string]>("DELETE FROM outcomes WHERE key = ? AND variant = ?");

  return {
    /** Adds a review; gives its id. */
    addReview: (review: NewReview): number => Number(add.run(review).lastInsertRowid),

    /** Takes a standing review back; false where it does not stand (any longer). The review before it, if there is one, stands again. */
    undoReview: (id: number, createdAt: string): boolean => undo.run({ id, createdAt }).changes === 1,

    /** The review that `reviewer` made last and that stands. */
    lastReviewBy(reviewer: string): StandingReview | null {
      const row = last.get(reviewer);
      return row === undefined ? null : toReview(row);
    },

    /** The standing reviews of one annotation, one a reviewer. */
    reviewsOf: (exampleId: string, variant: string): StandingReview[] => ofAnnotation.all(exampleId, variant).map(toReview),

    /** Everybody who ever reviewed, in alphabetical order. */
    reviewers: (): string[] => reviewers.all().map(({ reviewer }) => reviewer),

    /** The canonical hash of an annotation's plan; null where there is no such annotation. */
    planHashOf: (exampleId: string, variant: string): string | null => hash.get(exampleId, variant)?.hash ?? null,

    /** Takes away the annotation that an edit became, where the edit no longer stands; its text stays in the review. */
    withdrawEdit(exampleId: string, variant: string): void {
      removeAnnotation.run(exampleId, variant);
      removeOutcome.run(exampleId, variant);
    },
  };
}

export type ReviewRow = Omit<StandingReview, "isCurrent"> & { isCurrent: number };

export function toReview(row: ReviewRow): StandingReview {
  return { ...row, isCurrent: row.isCurrent === 1 };
}

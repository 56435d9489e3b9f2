import type { Level } from "../../schemas/defect.ts";
import type { Connection } from "./connection.ts";

export const VERDICTS = ["accept", "reject", "edit", "skip"] as const;

/** What a person says of an annotation. `edit`: it was wrong and stands corrected. `skip`: no opinion. */
export type ReviewVerdict = (typeof VERDICTS)[number];

/**
 * The order in which annotations are shown. Within its stratum (dataset, annotator, level) an annotation of `random` and `stratified` is drawn at
 * random; `defect`: only those with one code; `chosen`: somebody picked it (a link, a row of a spreadsheet).
 */
export const QUEUES = ["random", "stratified", "worst", "defect", "disagreements", "chosen"] as const;

export type Queue = (typeof QUEUES)[number];

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

/** Statements on reviews. Rows are added and never changed. */
export function reviewStatements(db: Connection) {
  const add = db.prepare<[NewReview]>(`
    INSERT INTO reviews (example_id, variant, plan_hash, level, reviewer, queue, verdict, reason, note, edited_plan, edited_variant, created_at)
    VALUES (@exampleId, @variant, @planHash, @level, @reviewer, @queue, @verdict, @reason, @note, @editedPlan, @editedVariant, @createdAt)`);
  const undo = db.prepare<[{ id: number; createdAt: string }]>(`
    INSERT INTO reviews (example_id, variant, plan_hash, level, reviewer, queue, verdict, undoes, created_at)
    SELECT example_id, variant, plan_hash, level, reviewer, queue, 'undo', id, @createdAt FROM standing_reviews WHERE id = @id`);
  const columns = `r.id, r.example_id AS exampleId, r.variant, r.plan_hash AS planHash, r.level, r.reviewer, r.queue, r.verdict, r.reason, r.note,
    r.edited_plan AS editedPlan, r.edited_variant AS editedVariant, r.created_at AS createdAt, e.dataset, coalesce(a.canonical_hash = r.plan_hash, 0) AS isCurrent`;
  const joined = "standing_reviews r JOIN examples e ON e.id = r.example_id LEFT JOIN annotations a ON a.example_id = r.example_id AND a.variant = r.variant";
  const all = db.prepare<[], ReviewRow>(`SELECT ${columns} FROM ${joined} ORDER BY r.id`);
  const ofAnnotation = db.prepare<[string, string], ReviewRow>(`SELECT ${columns} FROM ${joined} WHERE r.example_id = ? AND r.variant = ? ORDER BY r.id`);
  const last = db.prepare<[string], { id: number }>("SELECT id FROM standing_reviews WHERE reviewer = ? ORDER BY id DESC LIMIT 1");

  return {
    /** Adds a review; gives its id. */
    addReview: (review: NewReview): number => Number(add.run(review).lastInsertRowid),

    /** Takes a standing review back; false where it does not stand (any longer). The review before it, if there is one, stands again. */
    undoReview: (id: number, createdAt: string): boolean => undo.run({ id, createdAt }).changes === 1,

    /** The review that `reviewer` made last and that stands. */
    lastReviewBy: (reviewer: string): number | null => last.get(reviewer)?.id ?? null,

    /** Every standing review, in the order they were made. */
    standingReviews: (): StandingReview[] => all.all().map(toReview),

    /** The standing reviews of one annotation, one a reviewer. */
    reviewsOf: (exampleId: string, variant: string): StandingReview[] => ofAnnotation.all(exampleId, variant).map(toReview),
  };
}

type ReviewRow = Omit<StandingReview, "isCurrent"> & { isCurrent: number };

function toReview(row: ReviewRow): StandingReview {
  return { ...row, isCurrent: row.isCurrent === 1 };
}

import type { Defect } from "../../schemas/defect.ts";

/** A request that can't be done as it was made: told to whoever made it, and nothing is stored. */
export class ReviewProblem extends Error {
  override readonly name = "ReviewProblem";
  constructor(
    readonly code: ReviewProblemCode,
    message: string,
    /** Of an edit: what is wrong with it. */
    readonly defects: readonly Defect[] = [],
  ) {
    super(message);
  }
}

/** `review.changed`: the annotation has another plan now. `edit.refused`: it is not well-formed. `edit.same`: it is the plan that is there. */
export type ReviewProblemCode = "not_found" | "review.changed" | "review.invalid" | "edit.refused" | "edit.same" | "undo.nothing";

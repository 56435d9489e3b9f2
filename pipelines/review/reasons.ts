/** Why an annotation is rejected, in the order of the number keys; a reviewer may write another reason. */
export const REASONS = [
  "wrong_answer",
  "wrong_step",
  "missing_step",
  "needless_step",
  "wrong_tool",
  "unclear_subgoal",
  "copied_answer",
  "source_is_wrong",
  "other",
] as const;

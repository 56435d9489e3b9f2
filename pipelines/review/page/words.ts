import type { AnswerEvidence } from "../../../schemas/annotation.ts";
import type { ReviewVerdict } from "../../../schemas/review.ts";
import type { Annotation, CheckedPlan, ShownAction, ShownReview } from "../shapes.ts";

export const VERDICT_WORDS: Record<ReviewVerdict, { mark: string; done: string }> = {
  accept: { mark: "✓", done: "accepted" },
  reject: { mark: "✗", done: "rejected" },
  edit: { mark: "✎", done: "edited" },
  skip: { mark: "–", done: "skipped" },
};

/** `well_formed` → `well formed`. */
export function plain(name: string): string {
  return name.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What can be a rounding. */
const NUMBER = /^[-+$ ]*[\d.,/]+ ?%?$/;

/** What supports an action's result: a mark, a word, and a sentence where the word alone is not enough. */
export function evidenceWords({ evidence, claimed, computed, note }: ShownAction): { mark: string; word: string; sentence: string } {
  const because = note ? ` ${note}.` : "";
  switch (evidence) {
    case "computed":
      return { mark: "✓", word: "computed", sentence: computed === null || computed === claimed ? note ?? "" : `${NUMBER.test(claimed) ? "Right for what it was given, or as a rounding; exactly it is" : "Run here it gives"} ${computed}.` };
    case "contradicted":
      return { mark: "✗", word: "contradicted", sentence: `It claims ${claimed}${computed === null ? "" : `, but run here it gives ${computed}`}.${because}` };
    case "matched":
      return { mark: "=", word: "matched", sentence: note ?? "The source has it so." };
    case "claimed":
      return { mark: "?", word: "only claimed", sentence: note ?? "It can't be run here: only the annotator says so." };
    case null:
      return { mark: "·", word: "no result", sentence: computed === null || computed === "" ? note ?? "" : `It claims nothing. Run here it gives ${computed}.` };
  }
}

/** How the plan's answer stands to the gold answer. */
export function answerWords(answer: AnswerEvidence, gold: string): { mark: string; tone: "holds" | "weak" | "fails" | "open"; sentence: string } {
  switch (answer) {
    case "computed":
      return { mark: "✓", tone: "holds", sentence: "Equals the gold answer, and was computed here." };
    case "matched":
      return { mark: "✓", tone: "holds", sentence: gold === "" ? "Ends with the source's last step." : "Equals the gold answer, and matches the source." };
    case "copied":
      return { mark: "!", tone: "weak", sentence: "Equals the gold answer, but follows from nothing computed or matched." };
    case "none":
      return gold === "" ? { mark: "·", tone: "open", sentence: "There is no gold answer to compare with." } : { mark: "✗", tone: "fails", sentence: "Is not the gold answer." };
  }
}

/** The result that a plan ends with; "" where it has none. */
export function finalResult({ subgoals }: CheckedPlan): string {
  const last = subgoals.at(-1)?.actions.at(-1);
  return last === undefined ? "" : last.claimed === "" ? (last.computed ?? "") : last.claimed;
}

/** `llm small-model · made-up model text`: who wrote it. */
export function madeBy({ annotator, model, by_construction: byConstruction }: Annotation): string {
  const who = model === null || model === annotator ? annotator : `${annotator}, ${model}`;
  return byConstruction ? `${who}, by construction` : who;
}

/** What the reviewer's own word on it means for what is shown. `isOpen`: the queue asks for it all the same. */
export function ownWords(own: Pick<ShownReview, "verdict" | "reason" | "note" | "current">, isOpen: boolean): string {
  if (!own.current) return `You ${reviewWords(own)} an earlier plan of this. It has another one now.`;
  return `You ${reviewWords(own)} this${isOpen ? " out of its turn. Now its turn has come: say so once more, or otherwise." : ". Another verdict takes its place."}`;
}

export function reviewWords({ verdict, reason, note }: Pick<ShownReview, "verdict" | "reason" | "note">): string {
  const why = [reason ?? "", note ?? ""].filter((each) => each !== "").join(": ");
  return `${VERDICT_WORDS[verdict].done}${why === "" ? "" : ` (${why})`}`;
}

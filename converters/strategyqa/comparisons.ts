import type { AnswerPhrase } from "./answer-phrase.ts";
import { references } from "./references.ts";

/** `Is #2 before #1?` of two steps that ask for times: `Check whether the film came out before Tom Bosley died.` */
export function timeComparison(question: string, phrases: readonly AnswerPhrase[]): string | null {
  const match = /^(?:is|was|were|are|did|does|do) (?:the (?:year|date|time) (?:of|in) )?#([1-9]\d?) (?:(?:come|came|happen|occur|take place|start|begin)\s)?(before|after|earlier than|later than|prior to|less than|greater than|smaller than|lower than|higher than|more recent than)\s(?:the (?:year|date|time) (?:of|in) )?#([1-9]\d?)\s?\?*$/i.exec(
    question.slice(0, 300),
  );
  const [left, right] = [phrases[Number(match?.[1]) - 1]?.event, phrases[Number(match?.[3]) - 1]?.event];
  if (match === null || left === undefined || right === undefined) return null;
  const order = /^(?:before|earlier|prior|less|smaller|lower)/i.test(match[2] ?? "") ? "before" : "after";
  return `Check whether ${left.text} ${left.noun ? "came " : ""}${order} ${right.text}.`;
}

/** `What is #2 times 3?` → `Multiply #2 by 3.` */
export function arithmetic(question: string): string | null {
  const match = /^what is (#[1-9]\d?|\d[\d,.]{0,15}) (minus|plus|times|multiplied by|multiplies by|divided by) (#[1-9]\d?|\d[\d,.]{0,15}?)\s?\?*$/i.exec(question.slice(0, 100));
  const [, left = "", operator = "", right = ""] = match ?? [];
  switch (operator.toLowerCase()) {
    case "minus":
      return `Subtract ${right} from ${left}.`;
    case "plus":
      return `Add ${left} and ${right}.`;
    case "divided by":
      return `Divide ${left} by ${right}.`;
    default:
      return match === null ? null : `Multiply ${left} by ${right}.`;
  }
}

/** `Are #1 and #2 positive?` of steps that ask yes or no. */
export function truthComparison(question: string, index: number, phrases: readonly AnswerPhrase[]): string | null {
  const text = question.slice(0, 300);
  const match = /^(?:is|are|was|were|do|does|did|has|have)\b[^?]{0,100}?\b(positive|negative|true|false|yes|no|correct|affirmative|the case|met|satisfied)["'”]?(?: answers?)?\s?\?*$/i.exec(text);
  const steps = references(text);
  if (match === null || steps.length === 0 || !steps.every((step) => phrases[step - 1]?.truth === true)) return null;
  const value = /^(?:negative|false|no)$/i.test(match[1] ?? "") ? "no" : "yes";
  if (steps.length === 1 && steps[0] === index) return `Check whether the answer is ${value}.`;
  const count = COUNTS[steps.length] ?? String(steps.length);
  if (/ (?:or|any|either|at least one)\b/i.test(text)) return `Check whether at least one of ${which(steps, index, count)} is ${value}.`;
  const both = steps.length === 2 ? "both" : "all";
  if (steps.length === index) return `Check whether ${steps.length === 1 ? "the answer is" : `${both} ${both === "all" ? `${count} ` : ""}answers are`} ${value}.`;
  return `Check whether ${which(steps, index, count)} ${steps.length === 1 ? "is" : steps.length === 2 ? "are both" : "are all"} ${value}.`;
}

const COUNTS = ["", "one", "two", "three", "four", "five"];
const ORDINALS = ["", "first", "second", "third", "fourth", "fifth"];

/** `the two answers`, `the last two answers`, `the first and third answers` */
function which(steps: readonly number[], index: number, count: string): string {
  const answers = steps.length === 1 ? "answer" : "answers";
  if (steps.length === index) return `the ${count} ${answers}`;
  if (steps.every((step) => step > index - steps.length)) return `the last ${count} ${answers}`;
  const named = [...steps].sort((a, b) => a - b).map((step) => ORDINALS[step] ?? `${step}th`);
  return `the ${named.length === 1 ? named[0] : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`} ${answers}`;
}

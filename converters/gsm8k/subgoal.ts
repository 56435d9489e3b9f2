import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { DETERMINERS, NUMBER_WORDS, PREPOSITIONS, PRONOUNS, canBeFinite, canBeVerb, isAdverb, isGerund, looksPlural } from "../shared/english.ts";
import { questionToSubgoal } from "../shared/question.ts";
import { askClause } from "./clause.ts";
import { HOLE, type Asked, type Draft } from "./draft.ts";
import { findPeople, withName, type People } from "./names.ts";
import { finishSentence } from "./polish.ts";
import { splitUnit } from "./quantity.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import { readStep } from "./step.ts";

/** A step to write a subgoal for: its place among the example's gold steps, from 0, and what its calculations do. */
export interface StepToWrite {
  index: number;
  step: GoldStep;
  operations: readonly { formula: string; result: string }[];
}

const MAX_SENTENCE = 1000;
const MAX_TEXT = 5000;

interface Context {
  people: People;
  /** Every number that the steps calculate and the task does not state: none may stand in a subgoal. */
  computed: ReadonlySet<number>;
  /** Words that stand with a small letter in the task or its rationale. */
  small: ReadonlySet<string>;
  /** The task is about ages. */
  ages: boolean;
}

/**
 * The sentences of a plan's subgoals: the socratic sub-question as an instruction, else the step's own sentence with its
 * calculation taken out, else the conclusion stated after it, else (for the last step) the task's question, else the operation.
 */
export function writeSubgoals(example: SourceExample, steps: readonly StepToWrite[], { last, computed }: { last: boolean; computed: readonly string[] }): string[] {
  const stated = statedNumbers(example.task);
  const context: Context = {
    people: findPeople(example.task),
    small: new Set(`${example.task.slice(0, MAX_TEXT)} ${example.rationale.slice(0, MAX_TEXT)}`.match(/(?<!\p{L})\p{Ll}[\p{L}’']*/gu) ?? []),
    computed: new Set(steps.flatMap(({ operations }) => operations.map(({ result }) => result)).concat(computed).map((result) => Number(result.replace(/[$,%]/g, ""))).filter((value) => !stated.has(value))),
    ages: /\b(?:old|older|younger|ages?|birthday)\b/i.test(example.task),
  };
  return steps.map((each, at) => {
    const next = steps[at + 1];
    const { question } = each.step;
    if (question !== undefined && question !== next?.step.question) return questionToSubgoal(question);
    const own = plainSubgoal(example, each, next, context);
    const final = last && next === undefined;
    if (own !== null && (!own.poor || !final)) return own.text;
    if (question !== undefined) return questionToSubgoal(question);
    if (final) return questionSubgoal(example.task) ?? own?.text ?? operationSubgoal(each);
    return countSubgoal(each, context) ?? operationSubgoal(each);
  });
}

function plainSubgoal(example: SourceExample, each: StepToWrite, next: StepToWrite | undefined, context: Context): Draft | null {
  const drafts: Draft[] = [];
  for (const { sentence, asked } of sentencesOf(example, each, next, context)) {
    const draft = sentence.length > MAX_SENTENCE ? null : askClause(sentence, asked);
    const text = draft === null ? null : finishSentence(draft.text, context);
    if (draft === null || text === null) continue;
    const named = withName(text, context.people);
    if (!draft.poor) return { text: named, poor: false };
    drafts.push({ text: named, poor: true });
  }
  return drafts[0] ?? null;
}

/** The sentences that may tell what a step finds, each with a hole for the number: best first. */
function sentencesOf(example: SourceExample, each: StepToWrite, next: StepToWrite | undefined, context: Context): { sentence: string; asked: Asked }[] {
  const found: { sentence: string; asked: Asked }[] = [];
  const { text, calculations } = readStep(each.step.text);
  const last = calculations.findLast((each) => each.followsUp !== true);
  if (last === undefined) return found;
  const asked: Asked = { money: last.money, percent: last.percent, one: Number(last.result) === 1, ages: context.ages };
  const sentence = decapitalized(withHole(text, last.start, last.end), context);
  const because = / because\b/i.exec(sentence);
  if (because !== null && because.index < sentence.indexOf(HOLE)) {
    const stated = numberHole(sentence.slice(0, because.index), last.result);
    if (stated !== null) found.push({ sentence: stated.sentence, asked: { ...asked, money: stated.money, percent: stated.percent } });
  }
  found.push({ sentence, asked });
  // A conclusion often follows: in the same line (`12 * 2 = 24. So he has 24 apples.`) or in a line of its own.
  const rest = text.slice(last.end);
  const after = example.gold_steps.slice(each.index + 1, next?.index ?? example.gold_steps.length).map((step) => step.text);
  for (const line of [...rest.split(/(?<=[.;,])\s+/).slice(1), ...after]) {
    const stated = line.length < 400 && !line.includes("=") ? numberHole(line, last.result) : null;
    if (stated !== null) found.push({ sentence: decapitalized(stated.sentence, context), asked: { ...asked, money: stated.money, percent: stated.percent } });
  }
  return found;
}

/** The sentence around a span of a line, the span replaced by a hole. */
function withHole(text: string, start: number, end: number): string {
  const before = text.slice(0, start).split(/(?<=\p{L}{2}[.!?])(?<!\b(?:Mrs?|Ms|Dr|St|Jr)\.)\s+(?=\p{Lu})/u).at(-1) ?? "";
  return `${before}${HOLE}${text.slice(end)}`;
}

/** The sentence with a small first letter, unless it begins with a name. */
function decapitalized(sentence: string, { people, small }: Context): string {
  const [, word = "", after = ""] = /^(\p{Lu}[\p{L}’']*)(?: ([\p{L}’']+))?/u.exec(sentence) ?? [];
  const key = word.toLowerCase();
  // `Weng earns`, `Tom's dog`, of whom the task does not tell; but not `Tickets cost`, `Gas costs`.
  const subject = /[’']s$/.test(key) || (canBeFinite(after) && !looksPlural(key) && !isGerund(key) && !canBeVerb(key));
  const common = PREPOSITIONS.has(key) || DETERMINERS.has(key) || PRONOUNS.has(key.replace(/[’']s$/, "")) || isAdverb(key) || NUMBER_WORDS.has(key) || small.has(key);
  if (subject && !common) return sentence;
  return word === "" || word === "I" || /^(?:Mrs?|Ms|Dr|Miss|Aunt|Uncle)$/.test(word) || /^\p{Lu}{2}/u.test(word) || people.isName(word) ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A sentence that states the number, with a hole in its place. */
function numberHole(sentence: string, number: string): { sentence: string; money: boolean; percent: boolean } | null {
  const value = Number(number);
  if (!Number.isFinite(value)) return null;
  for (const found of sentence.matchAll(/(\$ ?)?((?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(%)?/g)) {
    if (Number((found[2] ?? "").replaceAll(",", "")) !== value) continue;
    const end = found.index + found[0].length;
    if (/^[-\p{L}]/u.test(sentence.slice(end))) continue;
    return { sentence: `${sentence.slice(0, found.index)}${HOLE}${sentence.slice(end)}`, money: found[1] !== undefined, percent: found[3] !== undefined };
  }
  return null;
}

/** The task's question as an instruction, where it has one. */
export function questionSubgoal(task: string): string | null {
  return task.includes("?") ? questionToSubgoal(task) : null;
}

/** What a calculation counts, where its sentence tells no more. */
function countSubgoal({ step }: StepToWrite, context: Context): string | null {
  const { text, calculations } = readStep(step.text);
  const last = calculations.findLast((each) => each.followsUp !== true);
  if (last === undefined || last.money || last.percent) return null;
  const { unit } = splitUnit(text.slice(last.end).trim().split(/\s+/));
  if (unit.length === 0 || !looksPlural((unit.join(" ").split(" of ")[0] ?? "").split(" ").at(-1)?.toLowerCase() ?? "")) return null;
  return finishSentence(`find the number of ${unit.join(" ")}`, context);
}

/** What is left to say of a bare calculation. */
function operationSubgoal({ operations }: StepToWrite): string {
  const formula = operations.at(-1)?.formula ?? "";
  const signs = new Set(formula.replace(/^[-+]/, "").match(/[-+*/]/g) ?? []);
  if (signs.size > 1) return "Work out the next amount from the ones known so far.";
  if (signs.has("+")) return "Add these amounts together.";
  if (signs.has("-")) return "Find the difference between these amounts.";
  if (signs.has("*")) return "Multiply to find the next amount.";
  return "Divide to find the next amount.";
}

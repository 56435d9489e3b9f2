import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { DETERMINERS, NUMBER_WORDS, PREPOSITIONS, PRONOUNS, canBeFinite, canBeVerb, isAdverb, isGerund, looksPlural } from "../shared/english.ts";
import { questionToSubgoal } from "../shared/question.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import { askClause } from "./clause.ts";
import { isClean } from "./clean.ts";
import { HOLE, type Asked, type Draft } from "./draft.ts";
import { findPeople, withName, type People } from "./names.ts";
import { finishSentence } from "./polish.ts";
import { nounSubgoals } from "./noun-subgoal.ts";
import { countedPhrase, resultPhrase } from "./operand-phrase.ts";
import { operationSubgoal } from "./operation-subgoal.ts";
import { readStep } from "./step.ts";

/** A step to write a subgoal for: its place among the example's gold steps, from 0, and what its calculations do. */
export interface StepToWrite {
  index: number;
  step: GoldStep;
  operations: readonly { formula: string; result: string }[];
  actions: readonly { outputs: readonly string[]; args: string }[];
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
  const used = new Set<string>();
  /** What each variable so far stands for, in words. */
  const found = new Map<string, string>();
  return steps.map((each, at) => {
    const next = steps[at + 1];
    const final = last && next === undefined;
    const passedOver: string[] = [];
    let text: string | null = null;
    for (const { wording, sure } of wordingsOf(example, each, next, final, context)) {
      if (!used.has(wording.toLowerCase()) && (sure === true || !BARE.test(wording)) && isClean(wording)) {
        text = wording;
        break;
      }
      passedOver.push(wording);
    }
    text ??= otherwise(passedOver.filter(isClean), each, { example, context, used, found, before: steps[at - 1] });
    used.add(text.toLowerCase());
    const variable = each.actions.at(-1)?.outputs[0];
    const phrase = resultPhrase(text);
    if (variable !== undefined && phrase !== null) found.set(variable, phrase);
    return text;
  });
}

interface Sofar {
  example: SourceExample;
  context: Context;
  used: ReadonlySet<string>;
  found: ReadonlyMap<string, string>;
  before: StepToWrite | undefined;
}

/** What to say where nothing telling is left: a state as it is after the step, the operation and what it is done to, a short phrase. */
function otherwise(clean: readonly string[], { step, actions }: StepToWrite, { example, context, used, found, before }: Sofar): string {
  const fresh = (text: string): boolean => !used.has(text.toLowerCase());
  const [first] = clean;
  const again = first === undefined || fresh(first) ? null : furtherOn(first, used);
  if (again !== null) return again;
  const bare = clean.find(fresh);
  const previous = new Set([...(before?.actions ?? []), ...actions.slice(0, -1)].flatMap(({ outputs }) => outputs));
  const line = readStep(step.text).text;
  const args = actions.at(-1)?.args ?? "";
  const describe = (operand: string): string | null => {
    if (operand.startsWith("R")) return found.get(operand) ?? (previous.has(operand) ? "the previous result" : "an earlier result");
    if (context.computed.has(Number(operand))) return null;
    // Half of the tulips is not the tulips divided by the task's two roses: what halves is for the line to say.
    return countedPhrase(operand, line, operand === "2" && args.endsWith("/ 2") ? "" : example.task);
  };
  const { text, told, vague } = operationSubgoal(args, describe, context.computed);
  const aim = bare === undefined ? undefined : /^Find (the .+)\.$/.exec(bare)?.[1];
  if (bare !== undefined && ((!told && aim === undefined) || vague)) return bare;
  const aimed = aim === undefined || text.includes(aim.replace(/^the (?:total )?(?:number of )?/, "")) ? text : `${text.slice(0, -1)} to find ${aim}.`;
  const leads = ["", "Then ", "Next, ", "After that, ", "Once more, ", "Again, "];
  return leads.map((lead) => led(lead, aimed)).find(fresh) ?? bare ?? led(`In step ${used.size + 1}, `, aimed);
}

function led(lead: string, sentence: string): string {
  return lead === "" ? sentence : `${lead}${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** A sentence that a step may have. `sure`: the line itself names what it finds, so that little may be enough (`The total cost is …`). */
interface Wording {
  wording: string;
  sure?: boolean;
}

/** A step's sentences, best first: the socratic sub-question, what the step's own line says, the task's question for the last, short phrases. Each is made when it is asked for. */
function* wordingsOf(example: SourceExample, each: StepToWrite, next: StepToWrite | undefined, final: boolean, context: Context): Generator<Wording> {
  const { question } = each.step;
  if (question !== undefined && question !== next?.step.question) yield { wording: questionToSubgoal(question) };
  const own = plainSubgoals(example, each, next, context);
  const [good, poor] = [own.filter((draft) => !draft.poor), own.filter((draft) => draft.poor)].map((drafts) => drafts.map(({ text }) => ({ wording: text, sure: /^Find the (?:total )?(?:number of|cost|price)\b/.test(text) })));
  yield* (good ?? []).filter(({ wording }) => !BARE.test(wording));
  const task = final ? questionSubgoal(example.task) : null;
  if (task !== null) yield { wording: task };
  if (question !== undefined) yield { wording: questionToSubgoal(question) };
  const short = shortSubgoals(each, context).map((wording) => ({ wording }));
  yield* short.filter(({ wording }) => !BARE.test(wording));
  yield* (good ?? []).filter(({ wording }) => BARE.test(wording));
  yield* (poor ?? []).map(({ wording }) => ({ wording }));
  yield* short;
}

/** `Find the number of boxes.`, `Find the cost.`: too little where something else can be said. */
const BARE = /^Find (?:the|how much|how many) (?:total |money )?(?:number of \p{L}+|cost|total|price|amount|it is|it was|they cost|it costs?|there (?:are|is))\.$/u;

/** The same sentence for a later step: `Find how many pages are left after that.` */
function furtherOn(sentence: string, used: ReadonlySet<string>): string | null {
  if (!/^Find how (?:many|much) /.test(sentence) || / (?:now|then|after that|in total|in all|altogether|originally|at first|each)\.$/.test(sentence) || sentence.split(" ").length > 20) return null;
  const state = /\b(?:left|has|have|had|remains?|remained|there (?:are|is|were|was))\b/.test(sentence);
  if (!state) return null;
  const later = sentence.replace(/\.$/, " after that.");
  return used.has(later.toLowerCase()) ? null : later;
}

function plainSubgoals(example: SourceExample, each: StepToWrite, next: StepToWrite | undefined, context: Context): Draft[] {
  return sentencesOf(example, each, next, context).flatMap(({ sentence, asked }) => {
    const draft = sentence.length > MAX_SENTENCE ? null : askClause(sentence, asked);
    const text = draft === null ? null : finishSentence(draft.text, context);
    return draft === null || text === null ? [] : [{ text: withName(text, context.people), poor: draft.poor }];
  });
}

/** The sentences that may tell what a step finds, each with a hole for the number: best first. */
function sentencesOf(example: SourceExample, each: StepToWrite, next: StepToWrite | undefined, context: Context): { sentence: string; asked: Asked }[] {
  const found: { sentence: string; asked: Asked }[] = [];
  const { text, calculations } = readStep(each.step.text);
  const last = calculations.findLast(({ followsUp }) => followsUp !== true);
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
  // `Bong pays`, `Tom's dog`, of whom the task does not tell; but not `Tickets cost`, `Gas costs`.
  const subject = /[’']s$/.test(key) || (canBeFinite(after) && !looksPlural(key) && !isGerund(key) && !canBeVerb(key));
  const common = PREPOSITIONS.has(key) || DETERMINERS.has(key) || PRONOUNS.has(key.replace(/[’']s$/, "")) || isAdverb(key) || NUMBER_WORDS.has(key) || small.has(key);
  if (subject && !common) return sentence;
  return word === "" || word === "I" || /^(?:Mrs?|Ms|Dr|Miss|Aunt|Uncle)$/.test(word) || /^\p{Lu}+(?:\p{Ll}+)?\p{Lu}/u.test(word) || people.isName(word) ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
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
  if (task.includes("?")) return questionToSubgoal(task);
  const order = /\b(?:calculate|find|determine|compute)(?: out)? ([^.;]{8,140})\.?\s*$/i.exec(task.slice(-MAX_SENTENCE))?.[1];
  return order === undefined || /\d/.test(order) ? null : `Find ${order.trim()}.`;
}

/** What a calculation finds in a few words, where its sentence tells no more. */
function shortSubgoals({ step }: StepToWrite, context: Context): string[] {
  const { text, calculations } = readStep(step.text);
  const last = calculations.findLast(({ followsUp }) => followsUp !== true);
  if (last === undefined) return [];
  const phrases = nounSubgoals({ left: text.slice(0, last.start), right: text.slice(last.end), money: last.money, percent: last.percent });
  return phrases.flatMap((phrase) => {
    const sentence = finishSentence(phrase, context);
    return sentence === null ? [] : [withName(sentence, context.people)];
  });
}

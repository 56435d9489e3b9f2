import { toldBy } from "./relations.ts";
import { wordsOf } from "./words.ts";

/** A task as near-duplicates are judged by it. */
export interface TaskWords {
  /** All words in order, without their endings; every name of a problem is `@`. */
  words: string[];
  /** A word problem is told by its numbers, two or more, and asks for an amount; any other task is a question, told by all its words. */
  isProblem: boolean;
  /** What it turns on, in order: its numbers, and the words that say how they hang together. */
  points: Point[];
  /** The names in a problem, in order. */
  names: Point[];
  /** What a problem asks for, in order: the words of its question without names, points and words that any question has. */
  asked: readonly string[];
}

/** A word with the words beside it that mean something; "" at either end of a sentence. */
export interface Point {
  token: string;
  before: string;
  after: string;
}

/** Total, in linear time. */
export function taskWords(task: string): TaskWords {
  const sentences = task.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => sentence.trim() !== "");
  const plain = sentences.map((sentence) => wordsOf(withUnits(sentence)));
  const question = questionOf(plain.at(-1) ?? []);
  const isProblem = asksForAmount(question) && plain.flat().filter(isNumber).length >= 2 && !CHOICES.test(task);
  const names = isProblem ? namesIn(sentences) : new Map<string, string>();
  const found: TaskWords = { words: [], isProblem, points: [], names: [], asked: isProblem ? aboutOf(question, names) : [] };
  for (const words of plain) {
    const tokens = words.map((word) => (isNumber(word) ? plainNumber(word) : names.has(word) ? "@" : toldBy(word).token));
    // A name beside a word says nothing: another may stand there.
    const beside = tokens.map((token) => (token === "@" || FILLERS.has(token) ? "" : token));
    for (const [at, token] of tokens.entries()) {
      const word = words[at] ?? "";
      const point = (as: string): Point => ({ token: as, before: nearest(beside, at, -1), after: nearest(beside, at, 1) });
      if (token === "@") found.names.push(point(names.get(word) ?? word));
      else if (isNumber(word) || toldBy(word).isRelation) found.points.push(point(token));
    }
    for (const token of tokens) found.words.push(token);
  }
  return found;
}

/** Whether a word makes no other question of one, wherever it is put in. */
export function isLight(word: string): boolean {
  return LIGHT.has(word);
}

/** Whether a word is one that any problem has. */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

function isNumber(word: string): boolean {
  return /\d/.test(word);
}

/** `3.50` is `3.5`. */
function plainNumber(word: string): string {
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(word) ? String(Number(word)) : word;
}

/** `$5` is 5 dollars, `5%` 5 percent, `5kg` 5 kg. */
function withUnits(sentence: string): string {
  if (!/[$€£%¢]|\d\p{L}/u.test(sentence)) return sentence;
  return sentence
    .replaceAll(/([$€£])(\d[\d,]{0,20}(?:\.\d{1,9})?)(?![\p{L}\d$^{}\\=+*/_])/gu, (_, sign: string, amount: string) => `${amount} ${SIGNS.get(sign) ?? sign}`)
    .replaceAll(/(?<=\d)(?=(?:%|¢|kg|cm|mm|km|ml|lbs?|oz|ft)(?![\p{L}\d]))/gu, " ")
    .replaceAll(/(?<=\d )%/gu, "percent")
    .replaceAll(/(?<=\d )¢/gu, "cents");
}

const SIGNS = new Map([["$", "dollars"], ["€", "euros"], ["£", "pounds"]]);

/**
 * The names of a text by their words, genitives too: what has a capital wherever it stands, and is no word of every task. None where so much within
 * sentences has a capital that it means nothing.
 */
function namesIn(sentences: readonly string[]): Map<string, string> {
  const starts = new Set<string>();
  const within = new Set<string>();
  const small = new Set<string>();
  let all = 0;
  for (const sentence of sentences) {
    for (const [at, word] of sentence.split(/[^\p{L}\p{N}'’]+/u).filter(Boolean).entries()) {
      all += 1;
      if (!/^\p{Lu}\p{Ll}/u.test(word)) {
        small.add(word.toLowerCase());
        continue;
      }
      const name = word.replace(/['’]s?$/u, "").toLowerCase().replaceAll(/['’]/gu, "");
      if (FILLERS.has(name) || toldBy(name).isRelation || isNumber(wordsOf(name)[0] ?? "")) continue;
      (at === 0 ? starts : within).add(name);
    }
  }
  if (2 * within.size > all) return new Map();
  const names = [...new Set([...within, ...starts])].filter((name) => !small.has(name));
  return new Map([...names.map((name): [string, string] => [`${name}s`, name]), ...names.map((name): [string, string] => [name, name])]);
}

/** The last sentence from its question word on, without what the question rests on (`… if she has 3`). */
function questionOf(words: readonly string[]): string[] {
  const start = Math.max(0, words.findLastIndex((word) => QUESTIONS.has(word)));
  const end = words.findIndex((word, at) => at > start && CONDITIONS.has(word));
  return words.slice(start, end === -1 ? undefined : end);
}

function asksForAmount([first = "", second = "", ...rest]: readonly string[]): boolean {
  if (first === "how") return AMOUNTS.has(second);
  if (first === "what") return [second, ...rest].some((word) => AMOUNTS.has(word) || toldBy(word).isRelation);
  return DEMANDS.has(first);
}

function aboutOf(question: readonly string[], names: ReadonlyMap<string, string>): string[] {
  return question.filter((word) => !isNumber(word) && !names.has(word) && !toldBy(word).isRelation && !FILLERS.has(word)).map((word) => toldBy(word).token);
}

function nearest(words: readonly string[], at: number, step: 1 | -1): string {
  // No further than three words, so that a long text takes no longer for each of its words.
  for (let n = 1; n <= 3; n++) {
    const word = words[at + n * step];
    if (word === undefined) return "";
    if (word !== "") return word;
  }
  return "";
}

const DEMANDS: ReadonlySet<string> = new Set("find calculate compute determine".split(" "));
const QUESTIONS: ReadonlySet<string> = new Set([...DEMANDS, ..."how what which who whom whose where why".split(" ")]);
const AMOUNTS: ReadonlySet<string> = new Set("many much numerous long far old tall high fast deep wide large big heavy number amount value ratio fraction percentage speed weight age".split(" "));
/** Answers to choose from. */
const CHOICES = /\(A\)[^]{1,2000}\(B\)/;

/** With these a question goes on to what it rests on. */
const CONDITIONS: ReadonlySet<string> = new Set("if when given assuming".split(" "));

const LIGHT: ReadonlySet<string> = new Set("a an the any some so also too very just now please still yet already such ever".split(" "));

/** Words that any problem has: they tell no two apart. */
const FILLERS: ReadonlySet<string> = new Set(
  `a an the this that these those of to in on at for by with from as into onto and or but so if then than when while where which who whom whose what how many much why is are was were be been
   being am do does did done has have had having will would shall should can could may might must he she it they we you i his her hers its their theirs our your my him them us me himself herself
   themselves there here also too very just now such ever still yet already any some find calculate compute determine tell answer question please about around because since using use`.split(/\s+/),
);

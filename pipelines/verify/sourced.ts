import type { Fraction } from "fraction.js";
import { USUAL_CONSTANTS } from "../../schemas/constants.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { ExecutedAction } from "../execution/execute.ts";
import type { Literal } from "../execution/formula.ts";
import { parseValue } from "../execution/parse-value.ts";
import { findNumbers, type NamedNumber, numberKey } from "../../converters/shared/number-words.ts";
import { valueNumbers } from "./values.ts";

/** The numbers, by key, that an example gives to start from. */
export interface GivenNumbers {
  /** Named in the task, in digits or words. */
  task: ReadonlySet<string>;
  /** Named in the rationale other than only as a step's result or the gold answer. */
  rationale: ReadonlySet<string>;
  /** Named more than once in the task. */
  twice: ReadonlySet<string>;
  /** Named in the task as a quantity: in digits or as a cardinal number, not only as an ordinal (`the first day`) or by a word's meaning (`twice`). */
  counted: ReadonlyMap<string, Fraction>;
  /** Results that the rationale only tells (`2 times 2 equals four`, `s = <<4=4>>4`): that such a number is a usual constant too is no excuse. */
  told: ReadonlySet<string>;
}

/** Where a number of a formula comes from; null: from nowhere. */
type Source = "task" | "rationale" | "result" | "constant" | null;

/** A number of a formula with its source, and the earlier action (by index) whose result it repeats, where that is its source. */
export interface SourcedLiteral {
  literal: Literal;
  source: Source;
  repeats: number | null;
}

/** Whether a number is one to start from: of the task or the rationale. */
export function isGiven({ source }: SourcedLiteral): boolean {
  return source === "task" || source === "rationale";
}

/** Per action, the source of every number in its formula. The first that holds of: task, rationale, earlier result, usual constant. */
export function sourceLiterals(executed: readonly ExecutedAction[], given: GivenNumbers): SourcedLiteral[][] {
  const results = new Map<string, number>();
  return executed.map((action, index) => {
    const sourced = action.literals.map((literal) => sourceLiteral(literal, given, results));
    for (const value of [...valueNumbers(action.value), ...valueNumbers(action.claimedValue)]) {
      // A result in percent may be written with or without its hundred, as in the task: 60, then 0.6.
      for (const spelling of [value, value.div(100), value.mul(100)]) results.set(magnitudeKey(spelling), index);
    }
    return sourced;
  });
}

/**
 * The numbers that an example gives. A number of the rationale that is a step's result or the gold answer counts only
 * where it is named before the place that yields it; what follows `=`, `>>` or a word for them is a result and never counts.
 */
export function givenNumbers(example: SourceExample): GivenNumbers {
  const task = new Set<string>();
  const twice = new Set<string>();
  const counted = new Map<string, Fraction>();
  for (const { start, end, values } of findNumbers(example.task)) {
    const isCounted = CARDINAL.test(example.task.slice(start, end));
    for (const [key, value] of new Map(values.map((each) => [magnitudeKey(each), each]))) {
      (task.has(key) ? twice : task).add(key);
      if (isCounted) counted.set(key, value);
    }
  }
  const named = findNumbers(example.rationale).map((number) => ({ ...number, values: withoutQuotient(example.rationale, number) }));
  const yielded = new Map<string, number>();
  for (const key of statedResults(example)) yielded.set(key, Number.NEGATIVE_INFINITY);
  const signs = named.map((number) => resultSign(example.rationale, number));
  const told = new Set<string>();
  const calculated = new Set<string>();
  for (const [index, { start, values }] of named.entries()) {
    const sign = signs[index] ?? null;
    if (sign === null) continue;
    // A sentence may tell its result first: `He used 150 feet because ten times 15 equals 150.`
    const place = sign === "word" ? sentenceStart(example.rationale, start) : start;
    for (const key of values.map(magnitudeKey)) {
      if (sign === "sign") calculated.add(key);
      else if (tells(sign, example.rationale.slice(Math.max(0, start - 80), start))) told.add(key);
      const first = yielded.get(key);
      if (first === undefined || first === Number.NEGATIVE_INFINITY) yielded.set(key, place);
    }
  }
  const rationale = new Set<string>();
  for (const [index, { start, values }] of named.entries()) {
    if (signs[index] !== null) continue;
    for (const key of values.map(magnitudeKey)) {
      if (start < (yielded.get(key) ?? Number.POSITIVE_INFINITY)) rationale.add(key);
    }
  }
  return { task, rationale, twice, counted, told: new Set([...told].filter((key) => !calculated.has(key))) };
}

/** The numbers of a text that stand where a result does: behind `=`, `≈`, `>>` or a word for them (`equals`, `leaving`). */
export function resultPositions(text: string): NamedNumber[] {
  return findNumbers(text).filter((number) => resultSign(text, number) !== null);
}

/** Whether a number is in the list of usual constants. Its sign does not matter. */
export function isUsualConstant(value: Fraction): boolean {
  return CONSTANT_KEYS.has(magnitudeKey(value));
}

/** Whether a number is named in the task. Its sign does not matter. */
export function isInTask(value: Fraction, given: GivenNumbers): boolean {
  return given.task.has(magnitudeKey(value));
}

const CONSTANT_KEYS: ReadonlySet<string> = new Set(
  USUAL_CONSTANTS.flatMap(({ value }) => valueNumbers(parseValue(value)).map(magnitudeKey)),
);

function sourceLiteral(literal: Literal, given: GivenNumbers, results: ReadonlyMap<string, number>): SourcedLiteral {
  const key = magnitudeKey(literal.value);
  const sourced = (source: Source, repeats: number | null = null): SourcedLiteral => ({ literal, source, repeats });
  if (given.task.has(key)) return sourced("task");
  if (given.rationale.has(key)) return sourced("rationale");
  const repeats = results.get(key);
  if (repeats !== undefined) return sourced("result", repeats);
  return sourced(CONSTANT_KEYS.has(key) && !given.told.has(key) ? "constant" : null);
}

/** The results that the source states beside its rationale text: of its steps, and the gold answer. */
function statedResults(example: SourceExample): string[] {
  const stated = [
    example.answer,
    ...(example.answer_aliases ?? []),
    ...example.gold_steps.flatMap(({ operations, result }) => [
      ...(operations ?? []).map((operation) => operation.result),
      ...(result === undefined ? [] : [result]),
    ]),
  ];
  return stated.flatMap((text) => [
    ...valueNumbers(parseValue(text)).map(magnitudeKey),
    ...findNumbers(text).flatMap(({ values }) => values.map(magnitudeKey)),
  ]);
}

/** A number in digits or a cardinal in words. */
const CARDINAL = /\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|(?:m|b|tr)illion)\b/i;

/** What a rationale names with `235 / 1.25` are its operands: the quotient is a calculation's result, unless it is a fraction (`3/4 of them`) and not worked out there. */
function withoutQuotient(text: string, { start, end, values }: NamedNumber): Fraction[] {
  const [quotient, ...operands] = values;
  if (quotient === undefined || !/^[\d.,]+\s*\/\s*[\d.,]+$/.test(text.slice(start, end))) return values;
  return quotient.gte(1) || /^\s*=/.test(text.slice(end, end + 4)) ? operands : values;
}

/** What marks a number as a result: a sign before it, a word, or a mark that states it alone behind an equation (`s = <<4=4>>4`); null where nothing does. */
function resultSign(text: string, { start, end }: NamedNumber): "sign" | "word" | "statement" | null {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(end, end + 12);
  const number = text.slice(start, end);
  const stated = ["<<", `<<${number}=`, `<<${number}=${number}>>`].find((mark) => before.endsWith(mark));
  if (stated !== undefined && /^[\d.,]+$/.test(number) && STATED.test(before.slice(0, -stated.length)) && (stated !== "<<" || after.startsWith("="))) return "statement";
  if (/(?:=|>>|≈)[\s$€£(~-]*$/.test(before)) return "sign";
  // `makes $420 * 2` names an operand.
  return RESULT_WORD.test(before) && !/^\s*[-+*×/÷^]\s*[\d($€£]/.test(after) ? "word" : null;
}

/** `2 times 2 equals` calculates; `a kilometre equals` is a fact, for which the list of constants is there. */
const CALCULATION = /(?:\b(?:times|plus|minus|by|from|and)|[-+*×/÷])\s+\S{1,20}\s+(?:\S{1,20}\s+)?(?:equals?|is|are|equal|to|makes|gives|leaves|leaving|totals)(?:\s+equal\s+to)?[\s$€£(~-]*$/i;

/** `one foot is equal to`, `an hour equals`: not of `two plus one foot is equal to`. */
const FACT = /(?<!\b(?:times|plus|minus|by|from)\s)\b(?:one|1|an?|each|every)\s+[a-z]{1,20}\s+(?:equals?|is|are|makes|to)(?:\s+equal\s+to)?[\s$€£(~-]*$/i;

/** `s = <<4`: what an equation in s gives, against `an hour = <<60` and `1h = <<60`. */
const UNKNOWN = /(?<![A-Za-z])(?<!\b1 ?)[A-Za-z]\s*=[\s$€£]*<<[^<]*$/;

/** Whether the text before a result says that it is calculated, and not a fact. */
function tells(sign: "word" | "statement", before: string): boolean {
  return sign === "statement" ? UNKNOWN.test(before) : CALCULATION.test(before) && !FACT.test(before);
}

const STATED = /=[\s$€£]*$/;
const RESULT_WORD = /\b(?:equals?|(?:is|are) equal to|gives|makes|leaves|leaving|totals)[\s$€£(~-]*$/i;

function sentenceStart(text: string, at: number): number {
  return Math.max(text.lastIndexOf("\n", at), text.lastIndexOf(". ", at)) + 1;
}

/** A number's identity without its sign. */
export function magnitudeKey(value: Fraction): string {
  return numberKey(value.abs());
}

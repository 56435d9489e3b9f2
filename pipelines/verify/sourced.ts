import type { Fraction } from "fraction.js";
import { USUAL_CONSTANTS } from "../../schemas/constants.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { ExecutedAction } from "../execution/execute.ts";
import type { Literal } from "../execution/formula.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import { parseValue, printValue } from "../execution/value.ts";
import type { PlacedAction } from "./dataflow.ts";
import { findNumbers, type NamedNumber, numberKey } from "../../converters/shared/number-words.ts";
import { valueNumbers } from "./values.ts";

/** The numbers, by key, that an example gives to start from. */
export interface GivenNumbers {
  /** Named in the task, in digits or words. */
  task: ReadonlySet<string>;
  /** Named in the rationale other than only as a step's result or the gold answer. */
  rationale: ReadonlySet<string>;
}

/** Where a number of a formula comes from; null: from nowhere. */
type Source = "task" | "rationale" | "result" | "constant" | null;

/** A number of a formula with its source, and the earlier action (by index) whose result it repeats, where that is its source. */
export interface SourcedLiteral {
  literal: Literal;
  source: Source;
  repeats: number | null;
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
 * where it is named before the place that yields it; what follows `=` or `>>` is a result and never counts.
 */
export function givenNumbers(example: SourceExample): GivenNumbers {
  const task = new Set(findNumbers(example.task).flatMap(({ values }) => values.map(magnitudeKey)));
  const named = findNumbers(example.rationale);
  const yielded = new Map<string, number>();
  for (const key of statedResults(example)) yielded.set(key, Number.NEGATIVE_INFINITY);
  const isResult = named.map(({ start }) => followsResultSign(example.rationale, start));
  for (const [index, { start, values }] of named.entries()) {
    if (isResult[index] !== true) continue;
    for (const key of values.map(magnitudeKey)) {
      const first = yielded.get(key);
      if (first === undefined || first === Number.NEGATIVE_INFINITY) yielded.set(key, start);
    }
  }
  const rationale = new Set<string>();
  for (const [index, { start, values }] of named.entries()) {
    if (isResult[index] === true) continue;
    for (const key of values.map(magnitudeKey)) {
      if (start < (yielded.get(key) ?? Number.POSITIVE_INFINITY)) rationale.add(key);
    }
  }
  return { task, rationale };
}

/**
 * `value.unsourced` for every number from nowhere, and for an answer put together from usual constants alone.
 * `copiesAnswer`: such a number equals the gold answer and the final result rests on it.
 * @param rests the actions (indexes) that the final result rests on
 */
export function checkSources(
  actions: readonly PlacedAction[],
  executed: readonly ExecutedAction[],
  sourced: readonly (readonly SourcedLiteral[])[],
  rests: ReadonlySet<number>,
  example: SourceExample,
): { defects: Defect[]; copiesAnswer: boolean } {
  const isGold = (literal: Literal) => sameAnswer(printValue({ kind: "number", value: literal.value }), example.answer, example.answer_aliases);
  const under = [...rests].flatMap((index) => sourced[index] ?? []);
  const calculated = [...rests].every((index) => executed[index]?.evidence === "computed");
  const fromNothing = calculated && under.length > 0 && under.every(({ source }) => source === "constant" || source === "result");
  const unsourced = (index: number) => (sourced[index] ?? []).filter(({ source }) => source === null);
  const defects = actions.flatMap((action) => {
    const numbers = [...new Set(unsourced(action.index).map(({ literal }) => literal.text.slice(0, 40)))];
    if (numbers.length === 0) return [];
    const message = `Number ${numbers.join(", ")} in subgoal ${action.subgoal} action ${action.action} has no source: it must stand in the task or the rationale, be an earlier result, or be a usual constant.`;
    return [defect("value.unsourced", message, action)];
  });
  const last = actions.at(-1);
  if (fromNothing && last !== undefined) {
    defects.push(defect("value.unsourced", "The final result rests on usual constants alone: it must use a number of the task or the rationale.", last));
  }
  const suspicious = under.filter(({ source }) => source === null || (fromNothing && source === "constant"));
  return { defects, copiesAnswer: suspicious.some(({ literal }) => isGold(literal)) };
}

/** The numbers of a text that stand where a result does: behind `=`, `≈` or `>>`. */
export function resultPositions(text: string): NamedNumber[] {
  return findNumbers(text).filter(({ start }) => followsResultSign(text, start));
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
  return sourced(CONSTANT_KEYS.has(key) ? "constant" : null);
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

/** Whether the number that begins at `start` stands behind `=` or `>>`, perhaps with a currency sign between. */
function followsResultSign(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 12), start);
  return /(?:=|>>|≈)[\s$€£(~-]*$/.test(before);
}

function magnitudeKey(value: Fraction): string {
  return numberKey(value.abs());
}

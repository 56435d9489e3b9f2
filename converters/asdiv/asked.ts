import { type Algebra, summands, type Unknown } from "./algebra.ts";

/** What a problem with unknowns asks for: formulas of the unknowns, in the order asked; of several, a list. */
export interface Asked {
  formulas: string[];
}

/** Finds what is asked, from the question and what the unknowns stand for; null where that is not sure. The gold answer has no say. */
export function whatAsks(question: string, { unknowns, equations }: Algebra): Asked | null {
  const asked = question.toLowerCase();
  const [first, second] = unknowns;
  if (first === undefined || unknowns.length > 2 || /\bof all\b|\band how\b/.test(asked)) return null;
  if (second === undefined) return ofOne(asked, question, first, equations);
  const combined = madeOf(asked, first, second);
  if (combined !== null) return { formulas: [combined] };
  const third = thirdAngle(asked, unknowns, equations);
  if (third !== null) return { formulas: third };
  const named = [first, second].map((unknown, index) => mentionedAt(asked, unknown, index === 0 ? second : first));
  const [a = null, b = null] = named;
  if (a !== null && b !== null) return { formulas: a <= b ? [first.name, second.name] : [second.name, first.name] };
  if (PLURAL.test(asked)) return { formulas: [first.name, second.name] };
  if (a !== null) return { formulas: [first.name] };
  return b === null ? null : { formulas: [second.name] };
}

const PLURAL = /\b(?:numbers|integers|ages|they|each|dimensions|speeds|angles|pieces|both|them|rates|perimeters)\b/;

/** What is asked beside an unknown itself: something made of it. */
const DERIVED = /\b(?:difference|sum|product|total of|times|perimeter|area|second|third|largest|greatest|ratio|percent)\b/;

/** Two things asked of one unknown: `its length and width`, `the age of Ann and Bo`. */
const TWO_THINGS = /\b(?:length|width)\b[^.?]{0,20} and\b|\b[A-Z][a-z]+ and [A-Z]|\bbrothers\b|\bsisters\b/;

function ofOne(asked: string, question: string, unknown: Unknown, equations: readonly string[]): Asked | null {
  const [equation] = equations;
  if (equation === undefined || equations.length > 1) return null;
  const meaning = unknown.meaning?.toLowerCase() ?? "";
  const several = /\b(?:numbers|integers|ages|angles|sides|bases|each angle)\b/.test(asked) && !/\bof the (?:three |two )?(?:numbers|integers)\b/.test(asked);
  if (several) {
    const terms = summands(equation, unknown.name, /consecutive/.test(asked) || /first number/.test(meaning));
    return terms === null ? null : { formulas: terms };
  }
  if (DERIVED.test(asked.replace(meaning, "")) || TWO_THINGS.test(question)) return null;
  if (/\bsmallest\b/.test(asked)) return meaning.startsWith("the first number") ? { formulas: [unknown.name] } : null;
  if (unknown.meaning === null) return unknown.name === "x" || measureOf(unknown.name, question) !== null ? { formulas: [unknown.name] } : null;
  // `How old was London then?` is not about the years that passed, nor about somebody else.
  if (/\bhow old\b|\bage\b/.test(asked) && !/\bage\b/.test(meaning)) return null;
  const people = (question.match(/(?<=[a-z,] )[A-Z][a-z]+/g) ?? []).filter((name) => name !== "Find");
  const owners = unknown.meaning.match(/(?<!^)\b[A-Z][a-z]+|^[A-Z][a-z]+(?=['’])/g) ?? [];
  return owners.length > 0 && people.length > 0 && !owners.some((owner) => people.includes(owner)) ? null : { formulas: [unknown.name] };
}

/** What an unknown without a meaning stands for: the measure in the question that begins with its letter (`w`: the width). */
export function measureOf(name: string, question: string): string | null {
  const word = question.toLowerCase().split(/[^a-z]+/).find((each) => MEASURES.has(each) && each.startsWith(name.toLowerCase()));
  return word === undefined ? null : `the ${word}`;
}

const MEASURES: ReadonlySet<string> = new Set(["width", "length", "height", "side", "base", "weight"]);

/** A number of its digits, a fraction of its parts. */
function madeOf(asked: string, first: Unknown, second: Unknown): string | null {
  const part = (pattern: RegExp): Unknown | undefined => [first, second].find(({ meaning }) => pattern.test(meaning ?? ""));
  const [tens, units] = [part(/\b(?:tens|first) digit/i), part(/\b(?:units?|second) digit/i)];
  if (tens !== undefined && units !== undefined && tens !== units && /\bnumber\b/.test(asked)) return `10*${tens.name} + ${units.name}`;
  const [over, under] = [part(/\bnumerator/i), part(/\bdenominator/i)];
  return over !== undefined && under !== undefined && over !== under && /\bfraction\b/.test(asked) ? `${over.name}/${under.name}` : null;
}

/** Of three angles two are unknowns; the third is what is left of 180 degrees. It stands where its ordinal belongs. */
function thirdAngle(asked: string, unknowns: readonly Unknown[], equations: readonly string[]): string[] | null {
  if (!/\bangles\b/.test(asked) || !unknowns.every(({ meaning }) => /\bangle\b/i.test(meaning ?? ""))) return null;
  const rest = equations.map((each) => /^180 - \([a-z] \+ [a-z]\)/.exec(each)?.[0]).find((each) => each !== undefined);
  const names = unknowns.map(({ name }) => name);
  if (rest === undefined) return null;
  const missing = ["first", "second", "third"].findIndex((ordinal) => !unknowns.some(({ meaning }) => meaning?.toLowerCase().includes(ordinal) === true));
  return missing < 0 ? null : [...names.slice(0, missing), rest, ...names.slice(missing)];
}

/** Where a question names an unknown by words that its other unknown has not. */
function mentionedAt(asked: string, unknown: Unknown, other: Unknown): number | null {
  const others = new Set(wordsOf(other));
  const places = wordsOf(unknown)
    .filter((word) => !others.has(word))
    .map((word) => asked.search(new RegExp(`\\b${word}(?:e?s)?\\b`)))
    .filter((place) => place >= 0);
  return places.length === 0 ? null : Math.min(...places);
}

function wordsOf({ meaning }: Unknown): string[] {
  return (meaning ?? "").toLowerCase().split(/[^a-z]+/).filter((word) => word.length > 2 && !/^(?:the|number|present|age|one|cost|speed|sum|first|second|full|for)$/.test(word));
}

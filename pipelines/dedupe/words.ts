import { MEANINGS, ORDINALS, PARTS, SCALES, SMALL, TENS } from "../../converters/shared/number-vocabulary.ts";
import { foldTask } from "../store/hashes.ts";

/**
 * The words of a text without regard to case, punctuation and signs of currencies; words that name a number are that number (`three` is `3`, `twenty-five` is `25`,
 * `two hundred and six` is `206`, `half` is `1/2`).
 */
export function wordsOf(text: string): string[] {
  // MATH writes a fraction in three ways.
  const folded = foldTask(text.replaceAll(/\\[dt]frac(?![a-z])/g, "\\frac"));
  if (folded === "") return [];
  const words = folded.split(" ");
  const found: string[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    const cardinal = isCardinal(word) ? readCardinal(words, at) : null;
    found.push(cardinal === null ? (NAMED.get(word) ?? (CURRENCY.test(word) ? word.slice(1) : word)) : String(cardinal.value));
    at += cardinal?.length ?? 1;
  }
  return found;
}

/** A whole number in words, from `at` on. */
function readCardinal(words: readonly string[], at: number): { value: number; length: number } | null {
  let [total, below, length, scaled] = [0, 0, 0, Number.POSITIVE_INFINITY];
  let last: "none" | "small" | "tens" | "hundred" | "scale" = "none";
  for (let next = at; next < words.length; next++) {
    const word = words[next] ?? "";
    const small = SMALL.get(word);
    const tens = TENS.get(word);
    const scale = SCALES.get(word);
    if (small !== undefined && (last === "tens" ? small > 0 && small < 10 : last !== "small")) [below, last] = [below + small, "small"];
    else if (tens !== undefined && last !== "tens" && last !== "small") [below, last] = [below + tens, "tens"];
    else if (word === "hundred" && last !== "hundred" && last !== "scale" && below < 100) [below, last] = [(below || 1) * 100, "hundred"];
    else if (scale !== undefined && scale < scaled && last !== "scale") [total, below, scaled, last] = [total + (below || 1) * scale, 0, scale, "scale"];
    else if (word === "and" && (last === "hundred" || last === "scale") && (SMALL.has(words[next + 1] ?? "") || TENS.has(words[next + 1] ?? ""))) continue;
    else break;
    length = next - at + 1;
  }
  return length === 0 ? null : { value: total + below, length };
}

function isCardinal(word: string): boolean {
  return SMALL.has(word) || TENS.has(word) || SCALES.has(word) || word === "hundred";
}

const CURRENCY = /^\p{Sc}./u;

/** Words that name a number by themselves. */
const NAMED = new Map<string, string>([
  ...[...ORDINALS].map(([word, value]): [string, string] => [word, String(value)]),
  ...[...PARTS].map(([word, value]): [string, string] => [word, `1/${value}`]),
  ...[...MEANINGS].map(([word, [first = word]]): [string, string] => [word, first]),
]);

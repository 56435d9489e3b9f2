import { Fraction } from "fraction.js";
import { sameChoice, sameLists } from "./answers.ts";
import { sameWords } from "./compare.ts";
import { readDate, sameDate } from "./dates.ts";
import { valueNumber } from "./number-value.ts";
import { readAnyNumber, readIrrational } from "./exact.ts";
import { plainMath } from "./latex.ts";
import { LIMITS } from "./limits.ts";
import { equalNumbers, isRounding, type Num } from "./numbers.ts";
import { readRealSet, sameSet } from "./real-set.ts";
import { equalQuotients, quotientNumber, readQuotient } from "./symbolic.ts";
import { sameEquations } from "./system.ts";
import { unitOf } from "./units.ts";
import { listItems, parseValue } from "./parse-value.ts";
import type { Value } from "./value.ts";
import { numberInWords, readNumber, type WrittenNumber } from "./written.ts";

/**
 * Whether an answer is the gold answer (or one of its other spellings). LaTeX is read like plain text.
 *
 * - Numbers are equal exactly, however written (`1,300` = `$1300.00`, `1/2` = `0.5`), or where one of them is written with at least
 *   two decimals and is the correct rounding of the other, and not zero (`0.33` for 1/3, never `0.3`). There is no other tolerance.
 *   Roots and π are compared exactly (`√12` = `2√3`), beside a decimal by the same rounding.
 * - Counting units are dropped (`9 (apples)` = `9`); two units of measure must be the same (`5 km` is not `5 miles`).
 * - `50%` equals `0.5`, and `50` where that has no unit of its own: sources print a percentage without its sign.
 * - Ratios are equal when they reduce to the same (`2:4` = `1:2`); two that both read as times of day must be the same (`1:20` is not `2:40`).
 *   A ratio is no fraction: `1:2` is not `0.5`.
 * - Several values must be equal one by one, in order (`6; 15` = `6 (cm), 15 (cm)`); in braces, and with `or` or `±`, in any order. Brackets must
 *   be of one kind where both sides have them: `(1, 2)` is not `[1, 2]`. Matrices are lists of rows.
 * - Sets of real numbers are equal however written (`x > 3` = `(3, ∞)`), and so are expressions and equations in unknowns (`2(x + 1)` = `2x + 2`).
 * - `True` = `yes`; dates in any spelling, to the same precision; a choice by its letter (`(B)` = `B`, `B) 12` = `B`).
 * - Text is compared without case, articles and punctuation; text with mathematical signs as it stands.
 */
export function sameAnswer(claimed: string, gold: string, aliases: readonly string[] = []): boolean {
  return [gold, ...aliases].some((each) => sameText(claimed.trim(), each.trim(), 0));
}

/** Whether two numbers as people write them are equal by value, or one is written with at least two decimals and is the other's correct rounding. */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [readNumber(a.trim()), readNumber(b.trim())];
  return x !== null && y !== null && sameQuantity(x, y);
}

/**
 * Whether a claimed result is the computed one: exactly, or as its correct rounding (half-up or half-even, never truncation) when
 * written with at least two decimals. Approximations (an irrational operation was involved) hold within one part in 10^9.
 */
export function claimHolds(claimed: string, computed: Value): boolean {
  const text = plainMath(claimed).trim();
  switch (computed.kind) {
    case "number":
      return numberHolds(text, computed);
    case "boolean": {
      const value = parseValue(text);
      return value.kind === "boolean" && value.value === computed.value;
    }
    case "text":
      return text !== "" && sameWords(text, computed.value);
    case "list": {
      const items = listItems(text);
      return items !== null && items.length === computed.items.length && computed.items.every((each, index) => claimHolds(items[index] ?? "", each));
    }
  }
}

function numberHolds(text: string, computed: Extract<Value, { kind: "number" }>): boolean {
  const result = valueNumber(computed);
  const holds = (written: WrittenNumber): boolean =>
    equalNumbers({ value: written.value, exact: true }, result) || (written.decimals >= 2 && isRounding(written.value, written.step, computed.value));
  const written = readNumber(text);
  if (written !== null) return holds(written);
  const ratio = readRatio(text);
  if (ratio !== null) return ratio.right.n !== 0n && ratio.left.div(ratio.right).equals(computed.value);
  const last = readNumber(text.slice(text.lastIndexOf("=") + 1).trim());
  if (text.includes("=") && last !== null) return holds(last);
  const irrational = result.exact ? null : readIrrational(text.slice(text.lastIndexOf("=") + 1).trim());
  if (irrational !== null) return equalNumbers(irrational, result);
  const inWords = numberInWords(text);
  return inWords !== null && equalNumbers({ value: inWords, exact: true }, result);
}

function sameText(written: string, goldWritten: string, depth: number): boolean {
  if (written === "" || goldWritten === "") return false;
  if (written === goldWritten) return true;
  if (written.length > LIMITS.valueChars || goldWritten.length > LIMITS.valueChars) return written === goldWritten;
  const [claimed, gold] = [plainMath(written).trim(), plainMath(goldWritten).trim()];
  if (claimed === "" || gold === "") return false;
  const [a, b] = [readAnswerNumber(claimed), readAnswerNumber(gold)];
  if (a !== null && b !== null) return sameName(claimed, gold) && sameMeasure(a, b) && sameAsPrinted(a, b);
  const [x, y] = [readRatio(claimed), readRatio(gold)];
  if (x !== null && y !== null) return sameRatio(x, y);
  const [p, q] = [parseValue(claimed), parseValue(gold)];
  if (p.kind === "boolean" && q.kind === "boolean") return p.value === q.value;
  return sameIrrational(claimed, gold) ?? sameChoice(claimed, gold) ?? sameDates(claimed, gold) ?? sameSeveral(claimed, gold, depth) ?? sameMathematics(claimed, gold) ?? ((a ?? b) === null && sameWords(claimed, gold));
}

/** Where a root or π is in one of them and both are numbers; else null. */
function sameIrrational(claimed: string, gold: string): boolean | null {
  const [x, y] = [readAnyNumber(unnamed(claimed)), readAnyNumber(unnamed(gold))];
  if (x === null || y === null) return null;
  if (equalNumbers(x, y)) return sameName(claimed, gold);
  const [a, b] = [readNumber(unnamed(claimed)), readNumber(unnamed(gold))];
  const rounds = (rounded: WrittenNumber | null, other: Num): boolean => rounded !== null && rounded.decimals >= 2 && rounded.value.n !== 0n && isRounding(rounded.value, rounded.step, other.value);
  return rounds(a, y) || rounds(b, x);
}

function sameDates(claimed: string, gold: string): boolean | null {
  const [x, y] = [readDate(claimed), readDate(gold)];
  return x === null || y === null ? null : sameDate(x, y);
}

/** Sets of real numbers, lists, tuples, matrices; null where the two are none. */
function sameSeveral(claimed: string, gold: string, depth: number): boolean | null {
  if (depth > DEEPEST) return null;
  if (SET_SIGNS.test(claimed) || SET_SIGNS.test(gold)) {
    const [x, y] = [readRealSet(claimed), readRealSet(gold)];
    if (x !== null && y !== null) return sameSet(x, y);
  }
  return sameLists(claimed, gold, (one, other) => sameText(one, other, depth + 1));
}

/** Expressions and equations in unknowns; null where the two are none. */
function sameMathematics(claimed: string, gold: string): boolean | null {
  if (!MATHEMATICAL.test(claimed + gold)) return null;
  if (claimed.includes("=") && gold.includes("=")) {
    const same = sameEquations(claimed, gold);
    if (same !== null) return same;
  }
  const [x, y] = [readQuotient(unnamed(claimed)), readQuotient(unnamed(gold))];
  if (x !== null && y !== null && [x, y].some((each) => quotientNumber(each) === null)) return equalQuotients(x, y);
  return squeezed(claimed) === squeezed(gold);
}

const DEEPEST = 3;
const SET_SIGNS = /[∞∪<>≤≥≠ℝ∈∅]|^\[[^[\]]*\)$|^\([^()]*\]$|\b(?:infinity|real)\b/;
const MATHEMATICAL = /[=<>^*+√π∞∪|\\≤≥≠±]|\d\p{L}|\p{L}\d|\d[/(]|\)\d|\p{L}\s?[/(]\s?\p{L}\)?$/u;
const NAMED = /^(\p{L})(?:\s?\(\p{L}\))?\s*=\s*(?![=<>])/u;

function unnamed(text: string): string {
  return text.replace(NAMED, "");
}

/** Two unknowns that are both named must be the same: `x = 5` is not `y = 5`. */
function sameName(claimed: string, gold: string): boolean {
  const [x, y] = [NAMED.exec(claimed)?.[1], NAMED.exec(gold)?.[1]];
  return x === undefined || y === undefined || x === y;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "").replace(/[×·⋅]/g, "*").replace(/[−–]/g, "-").replace(/\.$/, "");
}

/** A number, an ordinal (`6th`), a small number word, or the right side of `x = 5`. */
function readAnswerNumber(text: string): WrittenNumber | null {
  const number = readNumber(unnamed(text));
  if (number !== null) return number;
  const ordinal = /^(\d{1,6})(?:st|nd|rd|th)$/i.exec(text);
  if (ordinal !== null) return readNumber(ordinal[1] ?? "");
  const word = NUMBER_WORDS.indexOf(text.toLowerCase());
  return word < 0 ? null : readNumber(String(word));
}

const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

function sameQuantity(a: WrittenNumber, b: WrittenNumber): boolean {
  return a.value.equals(b.value) || roundsTo(a, b) || roundsTo(b, a);
}

function roundsTo(rounded: WrittenNumber, other: WrittenNumber): boolean {
  return rounded.decimals >= 2 && rounded.value.n !== 0n && isRounding(rounded.value, rounded.step, other.value);
}

/** By value, or with the percent sign taken as a unit beside a number that has none. */
function sameAsPrinted(a: WrittenNumber, b: WrittenNumber): boolean {
  if (sameQuantity(a, b)) return true;
  if (a.unit === "%" && b.unit === "") return sameQuantity(withoutPercent(a), b);
  return b.unit === "%" && a.unit === "" && sameQuantity(a, withoutPercent(b));
}

function withoutPercent(number: WrittenNumber): WrittenNumber {
  return { ...number, value: number.value.mul(100), step: number.step.mul(100), unit: "" };
}

/** Whether the units beside two numbers can be the same: one is missing or merely counts, or they name one measure. */
function sameMeasure(a: WrittenNumber, b: WrittenNumber): boolean {
  if (a.unit === "" || b.unit === "") return true;
  const [x, y] = [measure(a.unit), measure(b.unit)];
  if (x === "percent" || y === "percent") return x === y;
  return x === null || y === null || x === y;
}

/** The measure that a unit names in one spelling (`sq. ft` → `square foot`, `km/h`), or null where it counts things. */
function measure(unit: string): string | null {
  if (unit === "%") return "percent";
  const names = unit
    .toLowerCase()
    .split(/\s*\/\s*|\s+per\s+/)
    .map((side) => {
      const words = side.trim().split(/\s+/);
      const power = /^sq(?:uare)?\.?$/.test(words[0] ?? "") ? "square " : words[0] === "cubic" ? "cubic " : "";
      const found = words.length <= (power === "" ? 1 : 2) ? unitOf(words.at(-1) ?? "") : null;
      return found === null ? null : power + (found.dimension === "share" ? "percent" : found.name);
    });
  return names.includes(null) ? null : names.join("/");
}

interface Ratio {
  text: string;
  left: Fraction;
  right: Fraction;
  /** Both parts could be hours and minutes of a day. */
  time: boolean;
}

function readRatio(text: string): Ratio | null {
  const match = /^(\d{1,12}(?:\.\d{1,12})?) ?: ?(\d{1,12}(?:\.\d{1,12})?)$/.exec(text);
  if (match === null) return null;
  const [, left = "0", right = "0"] = match;
  return {
    text: `${left}:${right}`,
    left: new Fraction(left),
    right: new Fraction(right),
    time: Number(left) <= 24 && /^[0-5]\d$/.test(right),
  };
}

function sameRatio(a: Ratio, b: Ratio): boolean {
  if (a.time && b.time) return a.text === b.text;
  return a.right.n !== 0n && b.right.n !== 0n && a.left.mul(b.right).equals(b.left.mul(a.right));
}

import { Fraction } from "fraction.js";
import { readAnyNumber } from "./exact.ts";
import { plainMath } from "./latex.ts";
import { equalNumbers, type Num } from "./numbers.ts";
import { numberValue } from "./number-value.ts";
import { printValue } from "./value.ts";

/** An interval of real numbers; null: without bound on that side. `lowIn`, `highIn`: whether the bound itself is in it. */
export interface Interval {
  low: Num | null;
  high: Num | null;
  lowIn: boolean;
  highIn: boolean;
}

/** A set of real numbers: intervals that don't touch, ascending. */
export type RealSet = readonly Interval[];

export const ALL_REALS: RealSet = [{ low: null, high: null, lowIn: false, highIn: false }];

/**
 * Reads a set of real numbers: `(-∞, 2] ∪ (3, ∞)`, `x > 3`, `-2 < x ≤ 3`, `x < -2 or x > 3`, `x ≠ 3`, `x ∈ [1, 2)`, `all real numbers`, `no solution`,
 * `{1, 2} ∪ (3, 4)`. Null for what is none; `(2, 3)` is one only with `intervals`: it may be a point.
 */
export function readRealSet(text: string, intervals = true): RealSet | null {
  const plain = plainMath(text).trim().replace(/\.$/, "").replace(/<=|=</g, "≤").replace(/>=/g, "≥").replace(/!=/g, "≠").replace(/\binfinity\b|\binf\b|\boo\b/gi, "∞");
  if (plain.length > LONGEST) return null;
  const body = plain.replace(/^\p{L}\s*(?:∈|\bin\b)\s*/u, "");
  if (ALL.test(body)) return ALL_REALS;
  if (NONE.test(body)) return [];
  let union: RealSet = [];
  for (const part of body.split(/\s*∪\s*|\s+or\s+/)) {
    let meet: RealSet = ALL_REALS;
    for (const piece of part.split(/\s+and\s+|\s*∩\s*/)) {
      const set = readPiece(piece.trim(), intervals);
      if (set === null) return null;
      meet = intersect(meet, set);
    }
    union = unite(union, meet);
  }
  return union;
}

export function sameSet(a: RealSet, b: RealSet): boolean {
  return a.length === b.length && a.every((each, index) => sameInterval(each, b[index]));
}

export function unite(a: RealSet, b: RealSet): RealSet {
  return complement(intersect(complement(a), complement(b)));
}

export function intersect(a: RealSet, b: RealSet): RealSet {
  const both = a.flatMap((x) => b.flatMap((y) => overlap(x, y)));
  return both.toSorted((x, y) => compareLow(x, y));
}

function complement(set: RealSet): RealSet {
  const gaps: Interval[] = [];
  let [low, lowIn]: [Num | null, boolean] = [null, false];
  let open = true;
  for (const each of set) {
    const gap = { low, high: each.low, lowIn, highIn: !each.lowIn };
    if (each.low !== null && !isEmpty(gap)) gaps.push(gap);
    [low, lowIn] = [each.high, !each.highIn];
    if (each.high === null) open = false;
  }
  if (open) gaps.push({ low, high: null, lowIn, highIn: false });
  return gaps;
}

/** `(-∞, 2] ∪ (3, ∞)`, `{5}`, `no solution`, `all real numbers`. */
export function printRealSet(set: RealSet): string {
  if (set.length === 0) return "no solution";
  return set.map(printInterval).join(" ∪ ");
}

const LONGEST = 300;
const ALL = /^(?:all (?:the )?real (?:numbers?|values?)(?: \p{L})?|all reals|ℝ|R|\(-∞, ?∞\)|all \p{L}|every real number|any real number)$/iu;
const NONE = /^(?:no (?:real )?(?:solutions?|values?)|none|∅|\{\s*\}|empty set|the empty set)$/i;
const CHAIN = /^([^<>≤≥≠=]+)([<>≤≥≠=])([^<>≤≥≠=]+)(?:([<>≤≥])([^<>≤≥≠=]+))?$/;
const BRACKETS = /^([[(])([^,;]+)[,;](.+)([\])])$/;
const NAME = /^\p{L}$/u;
const OTHER: ReadonlyMap<string, string> = new Map([["<", ">"], [">", "<"], ["≤", "≥"], ["≥", "≤"], ["≠", "≠"], ["=", "="]]);

function readPiece(text: string, intervals: boolean): RealSet | null {
  const points = /^\{(.*)\}$/.exec(text);
  if (points !== null) return readPoints(points[1] ?? "");
  const bracketed = BRACKETS.exec(text);
  if (bracketed !== null) return readInterval(bracketed, intervals);
  const chain = CHAIN.exec(text);
  if (chain === null) return null;
  const [left, first, middle, second, right] = chain.slice(1).map((each) => each?.trim());
  if (left === undefined || first === undefined || middle === undefined) return null;
  if (second === undefined || right === undefined) {
    if (NAME.test(left)) return bound(first, middle);
    return NAME.test(middle) ? bound(OTHER.get(first) ?? "", left) : null;
  }
  if (!NAME.test(middle)) return null;
  const [a, b] = [bound(OTHER.get(first) ?? "", left), bound(second, right)];
  return a === null || b === null ? null : intersect(a, b);
}

function readPoints(text: string): RealSet | null {
  const numbers = text.split(",").map((each) => readAnyNumber(each.trim()));
  let set: RealSet = [];
  for (const number of numbers) {
    if (number === null) return null;
    set = unite(set, [{ low: number, high: number, lowIn: true, highIn: true }]);
  }
  return set;
}

function readInterval([, open, from, to, close]: readonly string[], intervals: boolean): RealSet | null {
  const [low, high] = [readBound(from ?? "", -1), readBound(to ?? "", 1)];
  if (low === undefined || high === undefined) return null;
  if (!intervals && open === "(" && close === ")" && low !== null && high !== null) return null;
  const interval = { low, high, lowIn: open === "[" && low !== null, highIn: close === "]" && high !== null };
  if (low !== null && high !== null && low.value.gt(high.value)) return null;
  return isEmpty(interval) ? [] : [interval];
}

/** A number, null for the infinity of that side, undefined for anything else. */
function readBound(text: string, side: -1 | 1): Num | null | undefined {
  const trimmed = text.trim().replace(/\s+/g, "").replace(/[−–]/g, "-");
  if (trimmed === (side < 0 ? "-∞" : "∞") || (side > 0 && trimmed === "+∞")) return null;
  return readAnyNumber(text.trim()) ?? undefined;
}

function bound(relation: string, text: string): RealSet | null {
  if (/^[-+−]?∞$/.test(text)) return relation === "<" && text === "∞" ? ALL_REALS : relation === ">" && text !== "∞" ? ALL_REALS : null;
  const number = readAnyNumber(text);
  if (number === null) return null;
  switch (relation) {
    case "<":
    case "≤":
      return [{ low: null, high: number, lowIn: false, highIn: relation === "≤" }];
    case ">":
    case "≥":
      return [{ low: number, high: null, lowIn: relation === "≥", highIn: false }];
    case "=":
      return [{ low: number, high: number, lowIn: true, highIn: true }];
    case "≠":
      return complement([{ low: number, high: number, lowIn: true, highIn: true }]);
    default:
      return null;
  }
}

function overlap(a: Interval, b: Interval): Interval[] {
  const fromA = compareLow(a, b) >= 0;
  const toA = compareHigh(a, b) <= 0;
  const [low, lowIn] = fromA ? [a.low, a.lowIn] : [b.low, b.lowIn];
  const [high, highIn] = toA ? [a.high, a.highIn] : [b.high, b.highIn];
  const both = { low, high, lowIn, highIn };
  return isEmpty(both) ? [] : [both];
}

function isEmpty({ low, high, lowIn, highIn }: Interval): boolean {
  if (low === null || high === null) return false;
  return equalNumbers(low, high) ? !(lowIn && highIn) : low.value.gt(high.value);
}

function compareLow(a: Interval, b: Interval): number {
  if (a.low === null || b.low === null) return a.low === b.low ? 0 : a.low === null ? -1 : 1;
  if (equalNumbers(a.low, b.low)) return Number(b.lowIn) - Number(a.lowIn);
  return a.low.value.compare(b.low.value);
}

function compareHigh(a: Interval, b: Interval): number {
  if (a.high === null || b.high === null) return a.high === b.high ? 0 : a.high === null ? 1 : -1;
  if (equalNumbers(a.high, b.high)) return Number(a.highIn) - Number(b.highIn);
  return a.high.value.compare(b.high.value);
}

function sameInterval(a: Interval, b: Interval | undefined): boolean {
  return b !== undefined && compareLow(a, b) === 0 && compareHigh(a, b) === 0;
}

function printInterval({ low, high, lowIn, highIn }: Interval): string {
  const show = (number: Num | null, infinite: string): string => (number === null ? infinite : printValue(numberValue(number)));
  if (low !== null && high !== null && equalNumbers(low, high)) return `{${show(low, "")}}`;
  return `${lowIn ? "[" : "("}${show(low, "-∞")}, ${show(high, "∞")}${highIn ? "]" : ")"}`;
}

/** A number strictly between two neighbours, or beyond the outermost. */
export function between(low: Num | null, high: Num | null): Fraction {
  if (low !== null && high !== null) return low.value.add(high.value).div(2);
  if (low !== null) return low.value.add(1);
  return high === null ? new Fraction(0) : high.value.sub(1);
}

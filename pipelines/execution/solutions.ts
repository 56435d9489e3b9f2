import { claimHolds } from "./equivalence.ts";
import { numberValue } from "./number-value.ts";
import { readAnyNumber } from "./exact.ts";
import { plainMath } from "./latex.ts";
import type { Num } from "./numbers.ts";
import { listItems } from "./parse-value.ts";

/** The pieces of a claim that lists solutions in any spelling: `x = 2 or x = -3`, `2 and 3`, `{2, 3}`, `±2`, `1 ± √2`, `(2, 3), (3, 2)`. */
export function solutionTexts(claimed: string): string[] {
  const plain = plainMath(claimed).trim().replace(/\.$/, "");
  if (plain.length > LONGEST) return [];
  const parts = plain.replace(/\),\(/g, "), (").split(/\s+(?:or|and)\s+|\s*;\s*/i).flatMap((part) => listItems(part) ?? [part]);
  return parts.flatMap((part) => {
    const text = unnamed(part.trim());
    const sign = text.indexOf("±");
    if (sign < 0) return [text];
    const [before, after] = [text.slice(0, sign), text.slice(sign + 1)];
    return [`${before}-${after}`, before.trim() === "" ? after : `${before}+${after}`];
  });
}

/** Whether the claimed solutions are the computed ones, each once, in any order. */
export function areSolutions(claimed: readonly string[], computed: readonly Num[]): boolean {
  return claimed.length === computed.length && placesOf(claimed, computed) !== null;
}

/** Which computed solution each claimed one is, no two the same; null where one is none. */
export function placesOf(claimed: readonly string[], computed: readonly Num[]): number[] | null {
  const free = new Set(computed.keys());
  const places: number[] = [];
  for (const text of claimed) {
    const place = [...free].find((index) => isNumber(text, computed[index]));
    if (place === undefined) return null;
    free.delete(place);
    places.push(place);
  }
  return places;
}

/** Whether a text says that there is no solution. */
export function saysNone(claimed: string): boolean {
  return NONE.test(plainMath(claimed).trim());
}

/** The numbers of a claim that lists some, or null where a piece is none. */
export function claimedNumbers(claimed: string): Num[] | null {
  const numbers = solutionTexts(claimed).map(readAnyNumber);
  return numbers.length > 0 && numbers.every((each) => each !== null) ? numbers : null;
}

const LONGEST = 400;
const NONE = /^(?:there (?:is|are) )?(?:no (?:real )?(?:solutions?|roots?|values?)|none|∅|\{\s*\}|\[\s*\]|no)(?: exists?)?\.?$/i;

function isNumber(text: string, computed: Num | undefined): boolean {
  if (computed === undefined) return false;
  return claimHolds(text, numberValue(computed));
}

function unnamed(text: string): string {
  return text.replace(/^\p{L}{1,20}(?:_?\w)?\s{0,9}[=∈]\s{0,9}/u, "");
}

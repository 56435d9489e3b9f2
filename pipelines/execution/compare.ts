import { readDate, compareDates } from "./dates.ts";
import { valueNumber } from "./number-value.ts";
import { equalNumbers, type Num } from "./numbers.ts";
import type { Value } from "./value.ts";
import { numberInWords } from "./written.ts";

/**
 * The order of two values: numbers, also the one number in words (`about 75,000 people`), and dates (`June 5, 1944`, `44 BC`) as far as both
 * tell. Negative: the first is smaller or earlier. Null where it can't be told.
 */
export function compareValues(a: Value, b: Value): number | null {
  const [p, q] = [dateIn(a), dateIn(b)];
  const [x, y] = [numberIn(a), numberIn(b)];
  const months = p !== null && q !== null && (p.month ?? q.month) !== null;
  if (x !== null && y !== null && !months) return equalNumbers(x, y) ? 0 : x.value.compare(y.value);
  return p === null || q === null ? null : compareDates(p, q);
}

/** Whether two texts are the same but for case, articles, punctuation and white space. */
export function sameWords(a: string, b: string): boolean {
  return foldWords(a) === foldWords(b);
}

/** Text without case, articles, white space and punctuation. Signs and points before digits stay: `1,5` is not `15`, `x = -1` not `x = 1`. */
function foldWords(text: string): string {
  const folded = text
    .normalize("NFKC")
    // A capital A inside a text is a name (`Rug A`), no article.
    .replace(/^(?:A|AN|An|THE|The) (?=\S)|\b(?:a|an|the|The) (?=\S)/g, "")
    .toLowerCase()
    .replace(/(?<=\b\p{L})\.(?=\p{L}(?:\.|\b))/gu, "")
    .replace(/['’‘`"“”]/g, "")
    .replace(/[.,;:!?()[\]{}](?!\d)/g, " ")
    .replace(/(?<=\p{L})[-–](?=\p{L})/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return folded === "" ? text : folded;
}

function numberIn(value: Value): Num | null {
  if (value.kind === "number") return valueNumber(value);
  const number = value.kind === "text" ? numberInWords(value.value) : null;
  return number === null ? null : { value: number, exact: true };
}

function dateIn(value: Value): ReturnType<typeof readDate> {
  if (value.kind === "text") return readDate(value.value);
  return value.kind === "number" && value.inexact !== true && value.value.d === 1n && value.value.s > 0n ? readDate(String(value.value.n)) : null;
}

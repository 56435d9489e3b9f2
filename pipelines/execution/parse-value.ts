import { readIrrational } from "./exact.ts";
import { plainMath } from "./latex.ts";
import { LIMITS } from "./limits.ts";
import { numberValue } from "./number-value.ts";
import type { Value } from "./value.ts";
import { readNumber } from "./written.ts";

/**
 * Reads a result as people and models write it: `1,300`, `$1,300.50`, `.5`, `3/4`, `2 1/2`, `45%`, `80 miles`, `6 (square inches)`,
 * `True`, `yes`, `[1, 2]`, `2, 3`, `6; 15`. `1,5` and `7:30` are text. Total: any string has a value.
 */
export function parseValue(text: string): Value {
  const trimmed = plainMath(text).trim();
  if (trimmed.length > LIMITS.valueChars) return { kind: "text", value: trimmed };
  return parseScalar(trimmed) ?? parseList(trimmed) ?? { kind: "text", value: trimmed };
}

/** The pieces of a list that is written in brackets or with `, ` or `;` between its items; null where it is none. Quotes and brackets hold together. */
export function listItems(text: string): string[] | null {
  const trimmed = text.trim();
  if (trimmed.length > LIMITS.valueChars) return null;
  const bracketed = BRACKETS.get(trimmed.charAt(0)) === trimmed.at(-1) && closesAtEnd(trimmed);
  const inner = bracketed ? trimmed.slice(1, -1) : trimmed;
  if (bracketed && inner.trim() === "") return [];
  const items = splitTop(inner, bracketed);
  if (items.length > LIMITS.items || (items.length === 1 && !bracketed)) return null;
  return items;
}

const BRACKETS: ReadonlyMap<string, string> = new Map([
  ["[", "]"],
  ["(", ")"],
  ["{", "}"],
]);

const TRUE: ReadonlySet<string> = new Set(["true", "yes"]);
const FALSE: ReadonlySet<string> = new Set(["false", "no"]);

function parseScalar(text: string): Value | null {
  const number = readNumber(text);
  if (number !== null) return { kind: "number", value: number.value };
  const irrational = readIrrational(text);
  if (irrational !== null) return numberValue(irrational);
  if (text.length > 6) return null;
  const word = text.toLowerCase().replace(/\.$/, "");
  if (TRUE.has(word)) return { kind: "boolean", value: true };
  if (FALSE.has(word)) return { kind: "boolean", value: false };
  return null;
}

/** A list in brackets may hold anything; one without is a list only where all its items are numbers or booleans. */
function parseList(text: string): Value | null {
  const items = listItems(text);
  if (items === null) return null;
  const bracketed = BRACKETS.has(text.charAt(0)) && closesAtEnd(text);
  if (bracketed && text.startsWith("(") && items.length < 2) return null;
  const values = items.map((item): Value | null => parseScalar(item) ?? (bracketed ? { kind: "text", value: item } : null));
  return values.every((value) => value !== null) ? { kind: "list", items: values } : null;
}

/** Splits at `;`, else at commas outside quotes and brackets. Without brackets around it all a comma parts only before white space: `1,5` is no list. */
function splitTop(text: string, bracketed: boolean): string[] {
  const separators = topLevel(text, ";");
  if (separators.length > 0) return cut(text, separators);
  const commas = topLevel(text, ",");
  const spaced = commas.filter((at) => /\s/.test(text.charAt(at + 1)));
  return cut(text, spaced.length > 0 || !bracketed ? spaced : commas);
}

function cut(text: string, places: readonly number[]): string[] {
  const items: string[] = [];
  let start = 0;
  for (const place of [...places, text.length]) {
    items.push(unquoted(text.slice(start, place).trim()));
    start = place + 1;
  }
  return items;
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}

function topLevel(text: string, separator: string): number[] {
  const places: number[] = [];
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === '"') quote = char;
    else if (BRACKETS.has(char)) depth += 1;
    else if (char === ")" || char === "]" || char === "}") depth -= 1;
    else if (char === separator && depth === 0) places.push(at);
  }
  return places;
}

/** Whether the bracket that opens a text closes at its end and not before: `(1, 2)`, not `(1), (2)`. */
function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (BRACKETS.has(char)) depth += 1;
    else if (char === ")" || char === "]" || char === "}") depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

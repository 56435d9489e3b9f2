import { valueNumber } from "./number-value.ts";
import { executeFormula } from "./expression.ts";
import { plainMath } from "./latex.ts";
import { LIMITS } from "./limits.ts";
import type { Num } from "./numbers.ts";
import { readNumber } from "./written.ts";

/** The irrational number that a text writes with roots and π (`2√3`, `9\pi`, `(1 + sqrt(5))/2`), or null: rational ones are for readNumber. */
export function readIrrational(text: string): Num | null {
  if (text.length > LONGEST || !IRRATIONAL.test(text)) return null;
  const { value } = executeFormula(text);
  return value?.kind === "number" && value.inexact === true ? valueNumber(value) : null;
}

/** The number that a text writes: a rational as readNumber reads it, LaTeX included, or an irrational one. */
export function readAnyNumber(text: string): Num | null {
  const plain = plainMath(text).trim();
  const written = readNumber(plain);
  if (written !== null) return { value: written.value, exact: true };
  const irrational = readIrrational(plain);
  if (irrational !== null) return irrational;
  // `√4/2`, `(1 - √9)/2`, `2^10`: rational after all.
  const value = plain.length <= Math.min(LONGEST, LIMITS.formulaChars) && ROOTED.test(plain) ? executeFormula(plain).value : null;
  return value?.kind === "number" ? valueNumber(value) : null;
}

const LONGEST = 200;
const IRRATIONAL = /√|π|\\|\bpi\b|\^\(|sqrt|\blog|\bln/;
/** Roots, and powers alone: `2^10`, `6.02 * 10^23`. */
const ROOTED = /√|sqrt|\^\(1\/\d|\b(?:sin|cos|tan)\(|^[-−]?(?:\d{1,40}(?:\.\d{1,40})? ?[*×·] ?)?\d{1,40}\^(?:\d{1,4}|\([-−]?\d{1,4}\))$/;

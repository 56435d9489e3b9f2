import { Fraction } from "fraction.js";
import { numberKey } from "../../converters/shared/number-words.ts";

/** The key of numbers that change no result but its scale: 0, 1 and the hundreds of percent. */
export const NEUTRAL_OPERAND = "neutral";

/** A number of a formula: its exact key, and the key under which other spellings of it are the same operand. */
export interface Operand {
  exact: string;
  alike: string;
}

/** A number of a formula under both its keys. */
export function toOperand(value: Fraction): Operand {
  return { exact: numberKey(value), alike: operandKey(value) };
}

/**
 * A key under which an operand is the same however a formula spells it: its sign left out, as percent or as a
 * decimal (`45`, `.45`, `45 * .01`), multiplied by or divided by (`* 0.5`, `/ 2`). It is only compared where the results are equal.
 */
function operandKey(operand: Fraction): string {
  if (operand.n === 0n) return NEUTRAL_OPERAND;
  const scaled = betweenOneAndHundred(operand.abs());
  const inverse = HUNDRED.div(scaled);
  const key = scaled.equals(1) || scaled.lte(inverse) ? scaled : inverse;
  return key.equals(1) ? NEUTRAL_OPERAND : numberKey(key);
}

const HUNDRED = new Fraction(100);

/** Multiplied by a power of 100 so that it is at least 1 and less than 100. */
function betweenOneAndHundred(value: Fraction): Fraction {
  const digits = value.n.toString().length - value.d.toString().length;
  let scaled = digits === 0 ? value : value.mul(HUNDRED.pow(-Math.trunc(digits / 2)));
  while (scaled.gte(HUNDRED)) scaled = scaled.div(HUNDRED);
  while (scaled.lt(1)) scaled = scaled.mul(HUNDRED);
  return scaled;
}

import { Fraction } from "fraction.js";
import { FormulaProblem, LARGEST, LIMITS } from "./limits.ts";
import { asRational, equalSurds, multiplySurds, invertSurd, PI_SURD, PI_VALUE, rationalSurd, sqrtSurd, type Surd } from "./surd.ts";

/**
 * A number as formulas compute with it. `exact` is false once an irrational operation (a root, π) was involved: then `value` is an
 * approximation, and `surd` the number itself where roots and π make it up.
 */
export interface Num {
  value: Fraction;
  exact: boolean;
  surd?: Surd;
}

/** A number with its exact form, where it has one; a form that is rational after all makes it exact. */
export function numOf(value: Fraction, exact: boolean, surd: Surd | null): Num {
  if (exact) return { value, exact };
  if (surd === null) return { value, exact };
  const rational = asRational(surd);
  return rational === null ? { value, exact, surd } : { value: rational, exact: true };
}

/** The exact form of a number, or null where only an approximation is known. */
export function surdOf(number: Num): Surd | null {
  return number.surd ?? (number.exact ? rationalSurd(number.value) : null);
}

/** Approximations carry this many digits after the point. */
const APPROXIMATION_DIGITS = 30;
/** Roots up to this degree are searched for exactly; beyond, floating point approximates. */
const LARGEST_DEGREE = 12n;

export const PI: Num = { value: PI_VALUE, exact: false, surd: PI_SURD };

/** Refuses numbers that have grown beyond the digit limit. */
export function bounded(value: Fraction): Fraction {
  if (value.n >= LARGEST || value.d >= LARGEST) throw tooLarge();
  return value;
}

/** The whole number at or below (towards minus infinity). */
export function floor(value: Fraction): bigint {
  const quotient = value.n / value.d;
  if (value.s >= 0n) return quotient;
  return value.n % value.d === 0n ? -quotient : -quotient - 1n;
}

/** `a` to the power of `b`: exact where the result is rational and within the limits. Throws FormulaProblem. */
export function power(a: Num, b: Num): Num {
  const exact = a.exact && b.exact;
  if (b.value.d === 1n) {
    // Compound interest over many periods: exact it would fill pages, so it is approximated; whole numbers keep to the digit limit.
    if (a.value.d !== 1n && b.value.n * BigInt(digitCount(a.value.d)) > BigInt(LIMITS.digits)) return approximate(a.value.valueOf() ** b.value.valueOf(), "a power");
    const exponent = b.value.s * b.value.n;
    return numOf(integerPower(a.value, exponent), exact, a.surd === undefined ? null : surdPower(a.surd, exponent));
  }
  if (a.value.n === 0n) {
    if (b.value.s < 0n) throw new FormulaProblem("error", "Zero has no negative power.");
    return { value: new Fraction(0), exact };
  }
  if (b.value.d <= LARGEST_DEGREE) {
    const base = root(a, Number(b.value.d));
    const exponent = b.value.s * b.value.n;
    return numOf(integerPower(base.value, exponent), base.exact && exact, base.surd === undefined ? null : surdPower(base.surd, exponent));
  }
  return approximate(a.value.valueOf() ** b.value.valueOf(), "a power");
}

/** The real root of the given degree: exact where it is rational. Throws FormulaProblem where there is none. */
export function root(a: Num, degree: number): Num {
  const { value } = a;
  if (value.s < 0n && value.n !== 0n && degree % 2 === 0) throw new FormulaProblem("error", "A negative number has no real root of even degree.");
  const n = integerRoot(value.n, degree);
  const d = integerRoot(value.d, degree);
  const sign = value.s < 0n ? -1n : 1n;
  if (n ** BigInt(degree) === value.n && d ** BigInt(degree) === value.d) return { value: new Fraction(sign * n, d), exact: a.exact };
  const scaled = (value.n * 10n ** BigInt(APPROXIMATION_DIGITS * degree)) / value.d;
  const own = surdOf(a);
  const surd = degree === 2 && own !== null ? sqrtSurd(own) : null;
  return numOf(new Fraction(sign * integerRoot(scaled, degree), 10n ** BigInt(APPROXIMATION_DIGITS)), false, surd);
}

export function factorial(value: Fraction): Fraction {
  if (value.d !== 1n || value.s < 0n) throw new FormulaProblem("error", "A factorial needs a whole number from 0.");
  let product = 1n;
  for (let factor = 2n; factor <= value.n; factor += 1n) {
    product *= factor;
    if (product >= LARGEST) throw tooLarge();
  }
  return new Fraction(product);
}

/**
 * Whether two numbers are equal: exactly where both are known exactly (roots and π included), or within one part in a thousand million
 * where one of them is an approximation: an irrational number without an exact form, or a decimal of nine places or more beside an irrational one.
 */
export function equalNumbers(a: Num, b: Num): boolean {
  if (a.exact && b.exact) {
    if (a.value.s === b.value.s && a.value.n === b.value.n && a.value.d === b.value.d) return true;
    return a.value.n === 0n && b.value.n === 0n;
  }
  const [x, y] = [surdOf(a), surdOf(b)];
  if (x !== null && y !== null && !isLongDecimal(a) && !isLongDecimal(b)) return equalSurds(x, y);
  const larger = a.value.abs().gt(b.value.abs()) ? a.value.abs() : b.value.abs();
  return a.value.sub(b.value).abs().mul(RELATIVE_TOLERANCE).lte(larger);
}

const RELATIVE_TOLERANCE = 1_000_000_000n;

function isLongDecimal({ exact, value }: Num): boolean {
  return exact && value.d >= RELATIVE_TOLERANCE / 10n;
}

function surdPower(base: Surd, exponent: bigint): Surd | null {
  if (exponent < 0n) {
    const inverse = invertSurd(base);
    return inverse === null ? null : surdPower(inverse, -exponent);
  }
  if (exponent > LARGEST_SURD_POWER) return null;
  let product: Surd | null = rationalSurd(new Fraction(1));
  for (let count = 0n; count < exponent && product !== null; count += 1n) product = multiplySurds(product, base);
  return product;
}

const LARGEST_SURD_POWER = 40n;

/**
 * Whether `rounded`, written in steps of `step` (1/100 for two decimals), is the correct rounding of `value`.
 * A value half-way between two steps may go away from zero (half-up) or to the even step (half-even). Truncation is no rounding.
 */
export function isRounding(rounded: Fraction, step: Fraction, value: Fraction): boolean {
  const distance = rounded.sub(value).abs().mul(2).compare(step);
  if (distance !== 0) return distance < 0;
  return rounded.abs().gt(value.abs()) || rounded.div(step).n % 2n === 0n;
}

function integerPower(base: Fraction, exponent: bigint): Fraction {
  if (base.n === 0n) {
    if (exponent < 0n) throw new FormulaProblem("error", "Zero has no negative power.");
    return new Fraction(exponent === 0n ? 1 : 0);
  }
  const size = exponent < 0n ? -exponent : exponent;
  if (base.n === 1n && base.d === 1n) return new Fraction(base.s < 0n && size % 2n === 1n ? -1 : 1);
  const digits = BigInt(Math.max(digitCount(base.n), digitCount(base.d)) - 1);
  // digits * size is a lower bound of the digits of the result; small bases (2 to 9) are bounded by their exponent alone.
  if (digits * size > BigInt(LIMITS.digits) || size > BigInt(LIMITS.digits * 4)) throw tooLarge();
  const n = (base.s * base.n) ** size;
  const d = base.d ** size;
  return bounded(exponent < 0n ? new Fraction(d, n) : new Fraction(n, d));
}

/** The largest whole number whose power does not exceed `value` (Newton's method). */
function integerRoot(value: bigint, degree: number): bigint {
  if (value < 2n) return value;
  const k = BigInt(degree);
  let guess = 10n ** BigInt(Math.ceil(digitCount(value) / degree));
  for (;;) {
    const next = ((k - 1n) * guess + value / guess ** (k - 1n)) / k;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** A floating-point number as an approximation. Throws FormulaProblem where it is none or too large. */
export function approximate(value: number, what: string): Num {
  if (Number.isNaN(value)) throw new FormulaProblem("error", `Found ${what} without a real value.`);
  if (!Number.isFinite(value) || Math.abs(value) >= LARGEST_APPROXIMATED) throw tooLarge();
  const scaled = BigInt(Math.round(value * 2 ** FRACTION_BITS));
  return { value: new Fraction(scaled, 2n ** BigInt(FRACTION_BITS)), exact: false };
}

/** Floating-point powers are taken over up to here; they carry 52 binary places of their fraction. */
const LARGEST_APPROXIMATED = 1e30;
const FRACTION_BITS = 52;

function digitCount(value: bigint): number {
  return value < 10n ? 1 : value.toString().length;
}

function tooLarge(): FormulaProblem {
  return new FormulaProblem("limit", `A number grows beyond ${LIMITS.digits} digits.`);
}

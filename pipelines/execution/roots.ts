import { integerSqrt } from "./integers.ts";
import { Fraction } from "fraction.js";
import { FormulaProblem } from "./limits.ts";
import { numOf, type Num } from "./numbers.ts";
import { addSurds, rationalSurd, scaleSurd, sqrtSurd } from "./surd.ts";

/** Highest degree of an equation in one unknown. */
const HIGHEST_DEGREE = 8;
/** Digits of a coefficient, once all are whole. */
const MOST_DIGITS = 60;

/**
 * All real roots of a polynomial, each once, ascending: `coefficients[k]` belongs to the k-th power. Rational roots are exact, those of what is then
 * left quadratic have their square roots, others are approximated. How many there are is proven (Sturm's theorem), so none is missed and none
 * invented. Throws FormulaProblem (`limit`) for degrees and coefficients that are too large.
 */
export function realRoots(coefficients: readonly Fraction[]): Num[] {
  const whole = primitive(coefficients);
  if (whole.length > HIGHEST_DEGREE + 1) throw new FormulaProblem("limit", `An equation has a degree above ${HIGHEST_DEGREE}.`);
  if (whole.some((each) => absolute(each) >= 10n ** BigInt(MOST_DIGITS))) throw new FormulaProblem("limit", `A coefficient has more than ${MOST_DIGITS} digits.`);
  if (whole.length < 2) return [];
  const roots: Num[] = [];
  let rest = squareFree(whole);
  const chain = sturm(rest);
  const lead = absolute(rest.at(-1) ?? 1n);
  const bits = BITS + lead.toString(2).length * 2;
  const approximated: Fraction[] = [];
  for (const bracket of isolate(chain, rest)) {
    const root = refine(rest, bracket, bits);
    // A rational root has a denominator that divides the leading coefficient.
    const near = new Fraction(nearest(root.mul(lead)), lead);
    if (signAt(rest, near) === 0) roots.push({ value: near, exact: true });
    else approximated.push(root);
  }
  for (const { value } of roots) rest = deflate(rest, value);
  if (rest.length === 3) roots.push(...quadratic(rest));
  else roots.push(...approximated.map((value): Num => ({ value, exact: false })));
  return roots.toSorted((a, b) => a.value.compare(b.value));
}

/** The sign of a polynomial with whole coefficients at a rational place: -1, 0 or 1. */
function signAt(polynomial: readonly bigint[], at: Fraction): number {
  const [n, d] = [at.s * at.n, at.d];
  let sum = 0n;
  let scale = 1n;
  for (let index = polynomial.length - 1; index >= 0; index -= 1) {
    sum = sum * n + (polynomial[index] ?? 0n) * scale;
    scale *= d;
  }
  return sum === 0n ? 0 : sum < 0n ? -1 : 1;
}

/** Binary places that roots are found to. */
const BITS = 110;

interface Bracket {
  low: Fraction;
  high: Fraction;
}

/** Both roots of a quadratic with real ones, with their square root. */
function quadratic([c = 0n, b = 0n, a = 0n]: readonly bigint[]): Num[] {
  const discriminant = b * b - 4n * a * c;
  if (discriminant < 0n) return [];
  const surd = sqrtSurd(rationalSurd(new Fraction(discriminant)));
  const digits = 10n ** 60n;
  const root = new Fraction(integerSqrt(discriminant * digits), 10n ** 30n);
  return [-1, 1].map((sign) => {
    const value = new Fraction(-b).add(root.mul(sign)).div(2n * a);
    const sum = surd === null ? null : addSurds(rationalSurd(new Fraction(-b)), scaleSurd(surd, new Fraction(sign)));
    return numOf(value, false, sum === null ? null : scaleSurd(sum, new Fraction(1n, 2n * a)));
  });
}

/** Brackets that hold one root each: (low, high]. */
function isolate(chain: readonly (readonly bigint[])[], polynomial: readonly bigint[]): Bracket[] {
  const lead = absolute(polynomial.at(-1) ?? 1n);
  const largest = polynomial.reduce((most, each) => (absolute(each) > most ? absolute(each) : most), 0n);
  const bound = new Fraction(largest / lead + 2n);
  const found: Bracket[] = [];
  const open: Bracket[] = [{ low: bound.neg(), high: bound }];
  for (let steps = 0; open.length > 0; steps += 1) {
    if (steps > MOST_STEPS) throw new FormulaProblem("limit", "The roots of an equation lie too close together.");
    const bracket = open.pop();
    if (bracket === undefined) break;
    const count = changes(chain, bracket.low) - changes(chain, bracket.high);
    if (count === 0) continue;
    if (count === 1) {
      found.push(bracket);
      continue;
    }
    const middle = bracket.low.add(bracket.high).div(2);
    open.push({ low: bracket.low, high: middle }, { low: middle, high: bracket.high });
  }
  return found;
}

const MOST_STEPS = 2000;

/** The root in a bracket, to `bits` binary places. */
function refine(polynomial: readonly bigint[], { low, high }: Bracket, bits: number): Fraction {
  if (signAt(polynomial, high) === 0) return high;
  const atHigh = signAt(polynomial, high);
  // The bracket's ends in units of 2^-bits.
  const scale = 1n << BigInt(bits);
  let [a, b] = [floorOf(low.mul(scale)), floorOf(high.mul(scale)) + 1n];
  while (b - a > 1n) {
    const middle = (a + b) >> 1n;
    const sign = signAt(polynomial, new Fraction(middle, scale));
    if (sign === 0) return new Fraction(middle, scale);
    if (sign === atHigh) b = middle;
    else a = middle;
  }
  return new Fraction(a, scale);
}

/** Whole coefficients without a common divisor, the highest not 0. */
function primitive(coefficients: readonly Fraction[]): bigint[] {
  let common = 1n;
  for (const { d } of coefficients) common = (common / gcd(common, d)) * d;
  const whole = coefficients.map((each) => each.s * each.n * (common / each.d));
  return reduced(whole);
}

function reduced(polynomial: readonly bigint[]): bigint[] {
  const trimmed = [...polynomial];
  while (trimmed.length > 0 && trimmed.at(-1) === 0n) trimmed.pop();
  const divisor = trimmed.reduce((a, b) => gcd(a, absolute(b)), 0n);
  return divisor > 1n ? trimmed.map((each) => each / divisor) : trimmed;
}

function derivative(polynomial: readonly bigint[]): bigint[] {
  return polynomial.slice(1).map((each, index) => each * BigInt(index + 1));
}

/** The remainder of a division, times a positive number, without common divisors. */
function remainder(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  let rest = reduced(a);
  const lead = b.at(-1) ?? 1n;
  while (rest.length >= b.length) {
    const top = rest.at(-1) ?? 0n;
    const shift = rest.length - b.length;
    const size = absolute(lead);
    const sign = lead < 0n ? -1n : 1n;
    rest = reduced(rest.map((each, index) => each * size - (index < shift ? 0n : top * sign * (b[index - shift] ?? 0n))).slice(0, -1));
  }
  return rest;
}

function sturm(polynomial: readonly bigint[]): bigint[][] {
  const chain = [[...polynomial], reduced(derivative(polynomial))];
  for (;;) {
    const [a, b] = [chain.at(-2) ?? [], chain.at(-1) ?? []];
    if (b.length < 2) return chain;
    const rest = remainder(a, b).map((each) => -each);
    if (rest.length === 0) return chain;
    chain.push(rest);
  }
}

function changes(chain: readonly (readonly bigint[])[], at: Fraction): number {
  const signs = chain.map((each) => signAt(each, at)).filter((sign) => sign !== 0);
  return signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
}

/** The polynomial with every root once. */
function squareFree(polynomial: readonly bigint[]): bigint[] {
  let [a, b] = [[...polynomial], reduced(derivative(polynomial))];
  while (b.length > 0) [a, b] = [b, remainder(a, b)];
  return a.length < 2 ? [...polynomial] : divided(polynomial, a);
}

function deflate(polynomial: readonly bigint[], root: Fraction): bigint[] {
  return divided(polynomial, [-root.s * root.n, root.d]);
}

/** Exact division. */
function divided(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const rest = a.map((each) => new Fraction(each));
  const quotient: Fraction[] = [];
  for (let shift = a.length - b.length; shift >= 0; shift -= 1) {
    const factor = (rest[shift + b.length - 1] ?? new Fraction(0)).div(b.at(-1) ?? 1n);
    quotient.unshift(factor);
    for (const [index, each] of b.entries()) rest[shift + index] = (rest[shift + index] ?? new Fraction(0)).sub(factor.mul(each));
  }
  return primitive(quotient);
}

function nearest(value: Fraction): bigint {
  return floorOf(value.add(new Fraction(1, 2)));
}

function floorOf(value: Fraction): bigint {
  const quotient = value.n / value.d;
  if (value.s >= 0n) return quotient;
  return value.n % value.d === 0n ? -quotient : -quotient - 1n;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return absolute(x);
}

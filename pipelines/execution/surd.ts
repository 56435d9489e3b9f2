import { integerSqrt } from "./integers.ts";
import { Fraction } from "fraction.js";
import { FormulaProblem } from "./limits.ts";

/**
 * An exact number that roots and π make up: a sum of rational multiples of √n · π^k with n square-free (`2√3`, `9π`, `1/2 + √5/2`).
 * Such sums are equal only if all their terms are (square roots of square-free numbers are independent over the rationals, π is
 * transcendental), so comparing them needs no approximation. Keys: `n` and `k`. No term has the factor 0.
 */
export type Surd = ReadonlyMap<string, SurdTerm>;

interface SurdTerm {
  factor: Fraction;
  radicand: bigint;
  pi: number;
}

/** π to the digits that approximations carry. */
export const PI_VALUE = new Fraction(3141592653589793238462643383279n, 10n ** 30n);

/** A rational as such a sum. */
export function rationalSurd(value: Fraction): Surd {
  return collected([{ factor: value, radicand: 1n, pi: 0 }]);
}

export const PI_SURD: Surd = collected([{ factor: new Fraction(1), radicand: 1n, pi: 1 }]);

/** The rational that a sum is, or null. */
export function asRational(surd: Surd): Fraction | null {
  if (surd.size === 0) return new Fraction(0);
  const only = surd.size === 1 ? [...surd.values()][0] : undefined;
  return only !== undefined && only.radicand === 1n && only.pi === 0 ? only.factor : null;
}

export function addSurds(a: Surd, b: Surd): Surd | null {
  return bounded(collected([...a.values(), ...b.values()]));
}

export function scaleSurd(a: Surd, factor: Fraction): Surd {
  return collected([...a.values()].map((term) => ({ ...term, factor: term.factor.mul(factor) })));
}

export function multiplySurds(a: Surd, b: Surd): Surd | null {
  const products: SurdTerm[] = [];
  for (const x of a.values()) {
    for (const y of b.values()) {
      const common = gcd(x.radicand, y.radicand);
      const radicand = (x.radicand / common) * (y.radicand / common);
      products.push({ factor: x.factor.mul(y.factor).mul(common), radicand, pi: x.pi + y.pi });
    }
  }
  return bounded(collected(products));
}

/** One over a sum: of one term, or of up to four that hold no π (by conjugates). Null for others. Throws FormulaProblem for zero. */
export function invertSurd(a: Surd): Surd | null {
  if (a.size === 0) throw new FormulaProblem("error", "Division by zero.");
  const [first] = [...a.values()];
  if (a.size === 1 && first !== undefined) {
    return collected([{ factor: first.factor.mul(first.radicand).inverse(), radicand: first.radicand, pi: -first.pi }]);
  }
  const terms = [...a.values()];
  const prime = smallestPrime(terms.find(({ radicand }) => radicand > 1n)?.radicand ?? 1n);
  if (a.size > 4 || prime === null || terms.some(({ pi }) => pi !== 0)) return null;
  const conjugate = collected(terms.map((term) => (term.radicand % prime === 0n ? { ...term, factor: term.factor.neg() } : term)));
  const norm = multiplySurds(a, conjugate);
  // The norm holds no root of this prime any more, so this ends.
  const inverse = norm === null ? null : invertSurd(norm);
  return inverse === null ? null : multiplySurds(conjugate, inverse);
}

/** The square root of a sum: of one term without π, or of a + b√c that is the square of another (`3 + 2√2`). Null for others. */
export function sqrtSurd(a: Surd): Surd | null {
  const rational = asRational(a);
  if (rational !== null) return sqrtRational(rational);
  const [x, y] = [...a.values()];
  if (x === undefined || y === undefined || a.size !== 2 || x.pi !== 0 || y.pi !== 0) return null;
  const [whole, rooted] = x.radicand === 1n ? [x, y] : [y, x];
  if (whole.radicand !== 1n) return null;
  const inner = sqrtRational(whole.factor.mul(whole.factor).sub(rooted.factor.mul(rooted.factor).mul(rooted.radicand)));
  const d = inner === null ? null : asRational(inner);
  if (d === null) return null;
  const [p, q] = [sqrtRational(whole.factor.add(d).div(2)), sqrtRational(whole.factor.sub(d).div(2))];
  if (p === null || q === null) return null;
  return addSurds(p, scaleSurd(q, new Fraction(rooted.factor.s)));
}

/** Whether two sums are the same number. Exact. */
export function equalSurds(a: Surd, b: Surd): boolean {
  return a.size === b.size && [...a].every(([key, term]) => b.get(key)?.factor.equals(term.factor) === true);
}

/** `2√3`, `9π`, `1/2 + √5/2`, `-π/4`: as formulas are read here. */
export function printSurd(surd: Surd): string {
  if (surd.size === 0) return "0";
  const terms = [...surd.values()].toSorted((a, b) => a.pi - b.pi || (a.radicand < b.radicand ? -1 : 1));
  return terms
    .map((term, index) => {
      const text = printTerm(term);
      if (term.factor.s < 0n) return index === 0 ? `-${text}` : ` - ${text}`;
      return index === 0 ? text : ` + ${text}`;
    })
    .join("");
}

const MOST_TERMS = 16;
/** Square roots are drawn of numbers below this: their square-free part is found by trial division up to its third root. */
const LARGEST_RADICAND = 10n ** 12n;
const LARGEST_DIVISOR = 10_000n;

function printTerm({ factor, radicand, pi }: SurdTerm): string {
  const root = radicand === 1n ? "" : `√${radicand}`;
  const power = pi === 0 ? "" : pi === 1 ? "π" : `π^${pi < 0 ? `(${pi})` : pi}`;
  const parts = root !== "" && power !== "" ? `${root}*${power}` : root + power;
  const front = factor.n === 1n && parts !== "" ? "" : String(factor.n);
  return front + parts + (factor.d === 1n ? "" : `/${factor.d}`);
}

/** Null for negative numbers and those too large to be taken apart. */
function sqrtRational(value: Fraction): Surd | null {
  if (value.s < 0n && value.n !== 0n) return null;
  const product = value.n * value.d;
  const parts = squareFree(product);
  return parts === null ? null : collected([{ factor: new Fraction(parts.root, value.d), radicand: parts.radicand, pi: 0 }]);
}

/** root² · radicand = value, radicand square-free. */
function squareFree(value: bigint): { root: bigint; radicand: bigint } | null {
  if (value === 0n) return { root: 0n, radicand: 1n };
  const whole = integerSqrt(value);
  if (whole * whole === value) return { root: whole, radicand: 1n };
  if (value >= LARGEST_RADICAND) return null;
  let [rest, root, radicand] = [value, 1n, 1n];
  for (let divisor = 2n; divisor <= LARGEST_DIVISOR && divisor * divisor <= rest; divisor += 1n) {
    while (rest % (divisor * divisor) === 0n) {
      rest /= divisor * divisor;
      root *= divisor;
    }
    if (rest % divisor === 0n) {
      rest /= divisor;
      radicand *= divisor;
    }
  }
  // What is left has at most two prime factors: a square or square-free.
  const last = integerSqrt(rest);
  return last * last === rest ? { root: root * last, radicand } : { root, radicand: radicand * rest };
}

function smallestPrime(value: bigint): bigint | null {
  if (value < 2n) return null;
  for (let divisor = 2n; divisor <= LARGEST_DIVISOR && divisor * divisor <= value; divisor += 1n) if (value % divisor === 0n) return divisor;
  return value <= LARGEST_DIVISOR * LARGEST_DIVISOR ? value : null;
}

function collected(terms: readonly SurdTerm[]): Surd {
  const sums = new Map<string, SurdTerm>();
  for (const term of terms) {
    const key = `${term.radicand} ${term.pi}`;
    const factor = sums.get(key)?.factor.add(term.factor) ?? term.factor;
    if (factor.n === 0n) sums.delete(key);
    else sums.set(key, { ...term, factor });
  }
  return sums;
}

/** Sums that have grown are given up: their value goes on as an approximation. */
function bounded(surd: Surd): Surd | null {
  if (surd.size > MOST_TERMS) return null;
  return [...surd.values()].every(({ factor, radicand, pi }) => radicand < LARGEST_RADICAND && Math.abs(pi) <= 8 && factor.n < LARGEST_FACTOR && factor.d < LARGEST_FACTOR) ? surd : null;
}

const LARGEST_FACTOR = 10n ** 40n;

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

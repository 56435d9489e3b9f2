import { Fraction } from "fraction.js";
import { FormulaProblem } from "./limits.ts";
import { bounded } from "./numbers.ts";

/** A polynomial with exact coefficients: monomials (`x^2*y`, "" for the constant) with their factors, none of them 0. */
export type Polynomial = ReadonlyMap<string, Fraction>;

/** A quotient of polynomials. The lower one is never zero. */
export interface Quotient {
  top: Polynomial;
  bottom: Polynomial;
}

export const ZERO: Polynomial = new Map();
export const ONE: Polynomial = new Map([["", new Fraction(1)]]);

export function constant(value: Fraction): Polynomial {
  return value.n === 0n ? ZERO : new Map([["", value]]);
}

export function unknown(name: string): Polynomial {
  return new Map([[name, new Fraction(1)]]);
}

export function add(a: Polynomial, b: Polynomial, factor: Fraction = PLUS_ONE): Polynomial {
  const sum = new Map(a);
  for (const [monomial, value] of b) {
    const total = bounded((sum.get(monomial) ?? NOTHING).add(value.mul(factor)));
    if (total.n === 0n) sum.delete(monomial);
    else sum.set(monomial, total);
  }
  return checked(sum);
}

export function multiply(a: Polynomial, b: Polynomial): Polynomial {
  const product = new Map<string, Fraction>();
  if (a.size * b.size > MOST_PRODUCTS) throw new FormulaProblem("limit", "An expression of unknowns has too many terms.");
  for (const [x, p] of a) {
    for (const [y, q] of b) {
      const monomial = join(x, y);
      const total = bounded((product.get(monomial) ?? NOTHING).add(p.mul(q)));
      if (total.n === 0n) product.delete(monomial);
      else product.set(monomial, total);
    }
  }
  return checked(product);
}

export function raise(base: Polynomial, exponent: number): Polynomial {
  if (exponent > HIGHEST_DEGREE) throw new FormulaProblem("limit", `A power of unknowns is above ${HIGHEST_DEGREE}.`);
  let power = ONE;
  for (let count = 0; count < exponent; count += 1) power = multiply(power, base);
  return power;
}

/** The constant that a polynomial is, or null. */
export function asConstant(polynomial: Polynomial): Fraction | null {
  if (polynomial.size === 0) return NOTHING;
  return polynomial.size === 1 ? (polynomial.get("") ?? null) : null;
}

/** The unknowns, in order of first appearance. */
export function unknownsIn(polynomial: Polynomial): string[] {
  return [...new Set([...polynomial.keys()].flatMap((monomial) => [...powers(monomial).keys()]))];
}

/** The polynomial by powers of one unknown: the coefficient of the k-th power at place k. */
export function coefficientsOf(polynomial: Polynomial, name: string): Polynomial[] {
  const coefficients: Map<string, Fraction>[] = [];
  for (const [monomial, value] of polynomial) {
    const exponents = powers(monomial);
    const degree = exponents.get(name) ?? 0;
    exponents.delete(name);
    while (coefficients.length <= degree) coefficients.push(new Map());
    coefficients[degree]?.set(spelled(exponents), value);
  }
  return coefficients;
}

/** The numbers by powers of the only unknown, or null where a coefficient holds another. */
export function numbersOf(polynomial: Polynomial, name: string): Fraction[] | null {
  const numbers = coefficientsOf(polynomial, name).map((each) => (each.size === 0 ? NOTHING : asConstant(each)));
  return numbers.every((each) => each !== null) ? numbers : null;
}

/** Exponents of a monomial by unknown. */
export function powers(monomial: string): Map<string, number> {
  const found = new Map<string, number>();
  if (monomial === "") return found;
  for (const part of monomial.split("*")) {
    const [name = "", exponent = "1"] = part.split("^");
    found.set(name, Number(exponent));
  }
  return found;
}

/** Whether one is a multiple of the other by a number that is not 0. */
export function areProportional(a: Polynomial, b: Polynomial): boolean {
  if (a.size !== b.size || a.size === 0) return false;
  const [first] = [...a];
  const other = first === undefined ? undefined : b.get(first[0]);
  if (first === undefined || other === undefined) return false;
  return [...a].every(([monomial, value]) => value.mul(other).equals((b.get(monomial) ?? NOTHING).mul(first[1])));
}

export function plus(a: Quotient, b: Quotient, factor: Fraction = PLUS_ONE): Quotient {
  const [p, q] = [asConstant(a.bottom), asConstant(b.bottom)];
  if (p !== null && q !== null) return { top: add(over(a.top, p), over(b.top, q), factor), bottom: ONE };
  if (areProportional(a.bottom, b.bottom) && sameTerms(a.bottom, b.bottom)) return { top: add(a.top, b.top, factor), bottom: a.bottom };
  return { top: add(multiply(a.top, b.bottom), multiply(b.top, a.bottom), factor), bottom: multiply(a.bottom, b.bottom) };
}

export function times(a: Quotient, b: Quotient): Quotient {
  return { top: multiply(a.top, b.top), bottom: multiply(a.bottom, b.bottom) };
}

/** Throws FormulaProblem for zero. */
export function inverse(a: Quotient): Quotient {
  if (a.top.size === 0) throw new FormulaProblem("error", "Division by zero.");
  return { top: a.bottom, bottom: a.top };
}

/** `2x^2 - 3x*y + 1/2`, highest powers first. */
function printPolynomial(polynomial: Polynomial): string {
  const terms = [...polynomial].toSorted(([a], [b]) => degreeOf(b) - degreeOf(a) || (a < b ? -1 : 1));
  if (terms.length === 0) return "0";
  return terms
    .map(([monomial, value], index) => {
      const size = value.abs();
      const factor = monomial !== "" && size.equals(1) ? "" : size.d === 1n ? String(size.n) : monomial === "" ? `${size.n}/${size.d}` : `(${size.n}/${size.d})`;
      const sign = value.s < 0n ? (index === 0 ? "-" : " - ") : index === 0 ? "" : " + ";
      return sign + factor + monomial;
    })
    .join("");
}

export function printQuotient({ top, bottom }: Quotient): string {
  const whole = asConstant(bottom);
  if (whole !== null) return printPolynomial(over(top, whole));
  return `(${printPolynomial(top)})/(${printPolynomial(bottom)})`;
}

export function degreeOf(monomial: string): number {
  let degree = 0;
  for (const exponent of powers(monomial).values()) degree += exponent;
  return degree;
}

const PLUS_ONE = new Fraction(1);
const NOTHING = new Fraction(0);
const MOST_TERMS = 120;
const MOST_PRODUCTS = 1200;
const HIGHEST_DEGREE = 24;

function over(polynomial: Polynomial, divisor: Fraction): Polynomial {
  if (divisor.equals(1)) return polynomial;
  return new Map([...polynomial].map(([monomial, value]) => [monomial, bounded(value.div(divisor))]));
}

function sameTerms(a: Polynomial, b: Polynomial): boolean {
  return a.size === b.size && [...a].every(([monomial, value]) => b.get(monomial)?.equals(value) === true);
}

function join(a: string, b: string): string {
  if (a === "") return b;
  if (b === "") return a;
  const exponents = powers(a);
  for (const [name, exponent] of powers(b)) exponents.set(name, (exponents.get(name) ?? 0) + exponent);
  return spelled(exponents);
}

function spelled(exponents: ReadonlyMap<string, number>): string {
  return [...exponents]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, exponent]) => (exponent === 1 ? name : `${name}^${exponent}`))
    .join("*");
}

function checked(polynomial: Polynomial): Polynomial {
  if (polynomial.size > MOST_TERMS) throw new FormulaProblem("limit", `An expression of unknowns has more than ${MOST_TERMS} terms.`);
  for (const monomial of polynomial.keys()) {
    if (monomial.length > 12 && degreeOf(monomial) > HIGHEST_DEGREE) throw new FormulaProblem("limit", `An expression of unknowns has a degree above ${HIGHEST_DEGREE}.`);
    if (monomial.includes("^") && degreeOf(monomial) > HIGHEST_DEGREE) throw new FormulaProblem("limit", `An expression of unknowns has a degree above ${HIGHEST_DEGREE}.`);
  }
  return polynomial;
}

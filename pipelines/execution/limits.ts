/**
 * Bounds on what is run here. Formulas come from models and datasets, so every one of them is hostile until it has ended:
 * what passes a bound is a `limit` problem (`exec.limit`), found before the work is done and not after.
 */
export const LIMITS = {
  /** Characters of a formula, an equation or a list. */
  formulaChars: 4000,
  /** Tokens of a formula. */
  tokens: 1200,
  /** Brackets, signs and powers inside one another. */
  depth: 100,
  /** Decimal digits of a numerator or a denominator. */
  digits: 500,
  /** Unknowns, and equations, of a linear system. */
  unknowns: 8,
  /** Characters of a result that is read as a number or a list; a longer one is text. */
  valueChars: 4000,
  /** Items of a list that is read as values; a longer one is text. */
  items: 1000,
} as const;

/** 10 to the power of `LIMITS.digits`: numerators and denominators stay below it. */
export const LARGEST = 10n ** BigInt(LIMITS.digits);

/**
 * Why a formula has no value. `error`: it can't be read or has no value (division by zero). `limit`: it is too large.
 * `unknown`: it is sound but rests on something that is not known here (a free variable, an input without a number).
 */
export type ProblemKind = "error" | "limit" | "unknown";

/** Thrown inside the execution module and turned into an outcome at its edge; `at` counts characters of the formula from 0. */
export class FormulaProblem extends Error {
  override readonly name = "FormulaProblem";
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly at: number | null = null,
  ) {
    super(message);
  }
}

import { createRequire } from "node:module";
import { Evaluator, type Lookup } from "./evaluate.ts";
import { valueNumber } from "./number-value.ts";
import { parseFormula, type Formula } from "./formula.ts";
import { FormulaProblem } from "./limits.ts";
import type { Num } from "./numbers.ts";

/**
 * Candidates for the roots of an equation in one unknown that is none of polynomials (`sqrt(x + 3) = x - 3`, `2^x = 8`, `|x - 3| = 5`), from the
 * algebra library (nerdamer). It is given only what is small, spelled here from the formula's tree; what it gives back may be wrong or
 * incomplete: whoever asks puts every root into the equation. Empty where it finds none or the equation is too large.
 */
export function rootsByLibrary(left: Formula, right: Formula, lookup: Lookup, unknown: string): Num[] {
  const spelling = new Spelling(lookup, unknown);
  const text = attempt(() => `(${spelling.of(left)})-(${spelling.of(right)})`);
  if (text === null || text.length > LONGEST_TEXT) return [];
  const cached = CACHE.get(text);
  if (cached !== undefined) return cached;
  const roots = asked(() => library().solve(text, UNKNOWN).toString()).flatMap(readRoots);
  if (CACHE.size >= MOST_CACHED) CACHE.clear();
  CACHE.set(text, roots);
  return roots;
}

interface Library {
  solve(expression: string, unknown: string): { toString(): string };
  getCore(): { Settings: { TIMEOUT: number } };
}

const UNKNOWN = "x";
const LONGEST_TEXT = 120;
const MOST_DIGITS = 9;
const MOST_CACHED = 500;
const CACHE = new Map<string, Num[]>();
/** Milliseconds that the library gives itself for one equation. */
const TIMEOUT = 150;
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["sqrt", "sqrt"],
  ["abs", "abs"],
  ["ln", "log"],
  ["exp", "exp"],
]);

let loaded: Library | null = null;

/** Loaded when first needed: it takes some 50 ms, and most plans need none of it. */
function library(): Library {
  if (loaded === null) {
    const require = createRequire(import.meta.url);
    const found: Library = require("nerdamer-prime/all");
    found.getCore().Settings.TIMEOUT = TIMEOUT;
    loaded = found;
  }
  return loaded;
}

/** What the library throws (whatever its kind: also a full stack) says that it has no answer. */
function asked(run: () => string): string[] {
  try {
    const text = run();
    return text.length > 2000 ? [] : [text];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

function readRoots(text: string): Num[] {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? "";
  if (inner === "") return [];
  return inner.split(",").flatMap((each): Num[] => {
    const number = attempt(() => new Evaluator(() => null).evaluate(parseFormula(each.replaceAll("log(", "ln(")).formula));
    return number?.kind === "number" ? [valueNumber(number)] : [];
  });
}

/** Operations, and functions or powers that are no polynomials, of an equation that is handed on: with more the library may take seconds. */
const MOST_OPERATIONS = 10;
const MOST_FUNCTIONS = 2;

/** Formulas in the library's spelling. */
class Spelling {
  private operations = 0;
  private functions = 0;

  constructor(
    private readonly lookup: Lookup,
    private readonly unknown: string,
  ) {}

  /** Throws FormulaProblem for what is not handed on. */
  of(formula: Formula): string {
    switch (formula.op) {
      case "number":
        return fraction(formula.value);
      case "variable":
        if (formula.name === this.unknown) return UNKNOWN;
        break;
      case "constant":
        if (formula.name === "pi" || formula.name === "π") return "pi";
        break;
      case "reference": {
        const value = this.lookup(formula.name);
        if (value?.kind === "number" && value.inexact !== true) return fraction(value.value);
        break;
      }
      case "negative":
        return `(-(${this.of(formula.of)}))`;
      case "binary": {
        this.count(1, 0);
        if (!["+", "-", "*", "/", "^"].includes(formula.operator)) break;
        if (formula.operator === "^") this.power(formula.left, formula.right);
        return `((${this.of(formula.left)})${formula.operator}(${this.of(formula.right)}))`;
      }
      case "call": {
        this.count(1, 1);
        const name = FUNCTIONS.get(formula.name);
        const [only] = formula.args;
        if (name === undefined || only === undefined || formula.args.length !== 1) break;
        return `${name}(${this.of(only)})`;
      }
      default:
    }
    throw refused();
  }

  /** Whole powers up to 3 of sums of the unknown; others, and exponents that hold the unknown, of a number or the unknown alone. */
  private power(base: Formula, exponent: Formula): void {
    const whole = exponent.op === "number" && exponent.value.d === 1n && exponent.value.n <= 3n;
    if (whole && base.op === "variable") return;
    const simple = base.op === "number" || base.op === "variable";
    this.count(0, 1);
    if (!simple && !(whole && isPolynomial(base))) throw refused();
    if (exponent.op === "number" && (exponent.value.n > 6n || exponent.value.d > 6n)) throw refused();
    if (base.op === "variable" && exponent.op !== "number") throw refused();
    if (exponent.op !== "number" && !isPolynomial(exponent)) throw refused();
  }

  private count(operations: number, functions: number): void {
    this.operations += operations;
    this.functions += functions;
    if (this.operations > MOST_OPERATIONS || this.functions > MOST_FUNCTIONS) throw refused();
  }
}

/** Sums and products of numbers and the unknown. */
function isPolynomial(formula: Formula): boolean {
  if (formula.op === "number" || formula.op === "variable" || formula.op === "reference") return true;
  if (formula.op === "negative") return isPolynomial(formula.of);
  return formula.op === "binary" && "+-*".includes(formula.operator) && isPolynomial(formula.left) && isPolynomial(formula.right);
}

function refused(): FormulaProblem {
  return new FormulaProblem("unknown", "It is not handed to the algebra library.");
}

function fraction({ s, n, d }: { s: bigint; n: bigint; d: bigint }): string {
  if (String(n).length > MOST_DIGITS || String(d).length > MOST_DIGITS) throw refused();
  const text = d === 1n ? String(n) : `(${n}/${d})`;
  return s < 0n ? `(-${text})` : text;
}

function attempt<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}

import { type Draft, type Step, stepsOf } from "./draft.ts";

/**
 * School arithmetic on exact fractions, written for the benchmark alone: whether a planted plan is really unsound must not be
 * asked of the module that is being measured. What it can't read (percent, functions, units, equations) it leaves alone.
 */
export type Known = { numerator: bigint; denominator: bigint } | boolean;

/** A token of a formula with its place. */
export interface Token {
  kind: "number" | "variable" | "operator" | "comparison" | "open" | "close";
  text: string;
  start: number;
  end: number;
}

/** The tokens of a formula of numbers, variables, `+ - * / ( )` and one comparison; null for any other. */
export function tokensOf(formula: string): Token[] | null {
  if (formula.length > 400) return null;
  const tokens: Token[] = [];
  for (const match of formula.matchAll(TOKEN)) {
    const [text, number, variable, operator, comparison, bracket] = match;
    const kind =
      number !== undefined ? "number"
      : variable !== undefined ? "variable"
      : operator !== undefined ? "operator"
      : comparison !== undefined ? "comparison"
      : bracket === "(" ? "open"
      : bracket === ")" ? "close"
      : null;
    if (kind !== null) tokens.push({ kind, text, start: match.index, end: match.index + text.length });
    else if (text.trim() !== "") return null;
  }
  return tokens;
}

/** The exact value of a formula, or null where it is none of the kind or has no value. */
export function evaluate(formula: string, lookup: (variable: string) => Known | null): Known | null {
  const tokens = tokensOf(formula);
  if (tokens === null || tokens.length === 0) return null;
  const reader = new Reader(tokens, lookup);
  const value = reader.comparison();
  return reader.ended ? value : null;
}

/** What an action shows when it is worked out by hand: its value, and whether its claim holds (null where that is not known). */
export interface WorkedOut {
  step: Step;
  value: Known | null;
  claim: Known | null;
  holds: boolean | null;
}

/** Works a draft out. A claim holds where it is the value from exact inputs or from inputs as claimed, or the correct rounding to two decimals or more. */
export function workOut(draft: Draft): WorkedOut[] {
  const exact = new Map<string, Known>();
  const claimed = new Map<string, Known>();
  return stepsOf(draft).map((step) => {
    const { outputs, tool, args, result } = step.node;
    const claim = readKnown(result);
    const runs = tool === "Calculator" || tool === "Define";
    const value = runs ? evaluate(args, (name) => exact.get(name) ?? null) : null;
    const again = runs ? evaluate(args, (name) => claimed.get(name) ?? null) : null;
    const output = outputs[0];
    if (output !== undefined && outputs.length === 1) {
      const [known, said] = [value ?? claim, claim ?? value];
      if (known !== null && !exact.has(output)) exact.set(output, known);
      if (said !== null && !claimed.has(output)) claimed.set(output, said);
    }
    const holds = claim === null || (value === null && again === null) ? null : [value, again].some((each) => each !== null && isClaimOf(result, claim, each));
    return { step, value, claim, holds };
  });
}

/** Whether a draft is shown unsound by hand: a claim that does not hold, or a last result that is not gold. */
export function isShownFalse(draft: Draft, gold: string): boolean {
  const worked = workOut(draft);
  if (worked.some(({ holds }) => holds === false)) return true;
  const [last, wanted] = [worked.at(-1)?.claim ?? null, readKnown(gold)];
  return last !== null && wanted !== null && !same(last, wanted);
}

/** Reads a number or a truth value as people write it; null for anything else. */
export function readKnown(text: string): Known | null {
  const plain = text.trim();
  if (/^(?:true|yes)$/i.test(plain)) return true;
  if (/^(?:false|no)$/i.test(plain)) return false;
  const [, sign = "", digits = "", below] = /^([-−]?)\$?([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:\/([1-9][0-9]*))?$/.exec(plain) ?? [];
  if (digits === "" || /,(?![0-9]{3}(?![0-9]))/.test(digits)) return null;
  const value = decimal(digits.replaceAll(",", ""));
  return reduced(sign === "" ? value.numerator : -value.numerator, value.denominator * BigInt(below ?? 1));
}

export function same(a: Known, b: Known): boolean {
  if (typeof a === "boolean" || typeof b === "boolean") return a === b;
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

/** Equal, or the hundredfold or hundredth of it, as percentages are written. */
export function sameScaled(result: Known | null, known: Known): boolean {
  if (result === null || typeof result === "boolean" || typeof known === "boolean") return false;
  return [1n, 100n].some((by) => same({ ...result, numerator: result.numerator * by }, known) || same({ ...result, denominator: result.denominator * by }, known));
}

/** A number in digits, exactly, with at most six decimals; null where it can't be written so. */
export function writeNumber(value: Known): string | null {
  if (typeof value === "boolean") return value ? "True" : "False";
  for (let places = 0; places <= 6; places++) {
    const scaled = value.numerator * 10n ** BigInt(places);
    if (scaled % value.denominator !== 0n) continue;
    const digits = String(scaled / value.denominator).replace("-", "").padStart(places + 1, "0");
    const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    return value.numerator < 0n ? `-${text}` : text;
  }
  return null;
}

export function sum(a: Known, b: Known): Known | null {
  return combine("+", a, b);
}

const TOKEN = /([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?<![\p{L}\p{N}_-])(R[1-9][0-9]{0,5})(?![\p{L}\p{N}_-])|([-+*/×÷])|(>=|<=|==|>|<)|([()])|[^]/gu;

class Reader {
  private at = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly lookup: (variable: string) => Known | null,
  ) {}

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  comparison(): Known | null {
    const left = this.terms();
    const sign = this.tokens[this.at];
    if (left === null || sign?.kind !== "comparison") return left;
    this.at += 1;
    const right = this.terms();
    return right === null ? null : compared(sign.text, left, right);
  }

  private terms(): Known | null {
    let value = this.factors();
    for (let sign = this.operator("+-"); sign !== null && value !== null; sign = this.operator("+-")) {
      const right = this.factors();
      value = right === null ? null : combine(sign, value, right);
    }
    return value;
  }

  private factors(): Known | null {
    let value = this.single();
    for (let sign = this.operator("*/×÷"); sign !== null && value !== null; sign = this.operator("*/×÷")) {
      const right = this.single();
      value = right === null ? null : combine(sign, value, right);
    }
    return value;
  }

  private single(): Known | null {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token?.kind === "number") return decimal(token.text);
    if (token?.kind === "variable") return this.lookup(token.text);
    if (token?.kind === "operator" && token.text === "-") {
      const value = this.single();
      return value === null ? null : combine("*", decimal("1", -1n), value);
    }
    if (token?.kind !== "open") return null;
    const value = this.terms();
    const closed = this.tokens[this.at]?.kind === "close";
    this.at += 1;
    return closed ? value : null;
  }

  private operator(signs: string): string | null {
    const token = this.tokens[this.at];
    if (token?.kind !== "operator" || !signs.includes(token.text)) return null;
    this.at += 1;
    return token.text;
  }
}

function combine(sign: string, a: Known, b: Known): Known | null {
  if (typeof a === "boolean" || typeof b === "boolean") return null;
  if (sign === "+") return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
  if (sign === "-") return reduced(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
  if (sign === "*" || sign === "×") return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
  return b.numerator === 0n ? null : reduced(a.numerator * b.denominator, a.denominator * b.numerator);
}

function compared(sign: string, a: Known, b: Known): Known | null {
  if (typeof a === "boolean" || typeof b === "boolean") return sign === "==" ? a === b : null;
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  if (sign === "==") return left === right;
  if (sign.startsWith(">")) return sign === ">=" ? left >= right : left > right;
  return sign === "<=" ? left <= right : left < right;
}

function isClaimOf(text: string, claim: Known, value: Known): boolean {
  if (same(claim, value)) return true;
  if (typeof claim === "boolean" || typeof value === "boolean") return false;
  const places = /\.([0-9]{2,})$/.exec(text.trim())?.[1]?.length;
  if (places === undefined) return false;
  const off = combine("-", claim, value);
  if (off === null || typeof off === "boolean") return false;
  const size = off.numerator < 0n ? -off.numerator : off.numerator;
  return 2n * size * 10n ** BigInt(places) <= off.denominator;
}

function decimal(digits: string, sign = 1n): { numerator: bigint; denominator: bigint } {
  const [whole = "", fraction = ""] = digits.split(".");
  return reduced(sign * BigInt(`${whole}${fraction}` || "0"), 10n ** BigInt(fraction.length));
}

function reduced(numerator: bigint, denominator: bigint): { numerator: bigint; denominator: bigint } {
  const sign = denominator < 0n ? -1n : 1n;
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator * sign];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? { numerator: 0n, denominator: 1n } : { numerator: (sign * numerator) / a, denominator: (sign * denominator) / a };
}

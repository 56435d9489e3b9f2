import { approximateValue, tokenizeFormula } from "../shared/formula.ts";
import { isGluedFraction, readExpression, skipUnit, type Expression } from "./expression.ts";
import type { Token } from "./tokens.ts";

export interface Equation {
  formula: string;
  result: string;
  start: number;
  /** Where the result's number starts. */
  resultStart: number;
  end: number;
  money: boolean;
  percent: boolean;
}

/** The equations of a line's prose with a calculation on the left and a number on the right. Algebra is left alone. */
export function findEquations(tokens: readonly Token[], limit: number): Equation[] {
  const found: Equation[] = [];
  for (let at = 0; at < tokens.length && found.length < limit; at += 1) {
    if (!canStart(tokens, at)) continue;
    const left = readExpression(tokens, at, true);
    if (left === null || tokens[left.next]?.kind !== "equals") continue;
    const chain = readChain(tokens, at, left);
    found.push(...chain.equations);
    at = Math.max(at, chain.next - 1);
  }
  return found;
}

/** Not in the middle of a larger expression (`2*x + 20 + 30 = 180`), a time (`10:00-00:00`) or a word. */
function canStart(tokens: readonly Token[], at: number): boolean {
  const [each, before] = [tokens[at], tokens[at - 1]];
  if (each === undefined || (each.kind !== "number" && each.kind !== "open" && !(each.kind === "operator" && each.text === "-"))) return false;
  if (before === undefined) return true;
  if (before.kind === "open") return each.kind === "number" && tokens[at - 2]?.kind !== "operator" && !closes(tokens, at);
  if (before.kind === "operator" || before.kind === "number") return false;
  // `16,0000`, `0900`, `1 and 1/4`.
  if (each.kind === "number" && (/^0\d/.test(each.text) || (each.glued && tokens[at - 2]?.kind === "number" && before.glued && before.text !== ":"))) return false;
  if (before.text === "and" && tokens[at - 2]?.kind === "number" && isGluedFraction(tokens, at)) return false;
  if (before.kind === "other" && before.text === ":" && before.glued && each.glued && tokens[at - 2]?.kind === "number" && !isLabel(tokens, at - 2)) return false;
  return !(each.kind === "open" && each.glued && before.kind === "word") && !(each.kind === "operator" && before.kind !== "equals");
}

/** Whether a bracket that is open at a token closes before the next `=`: `(2/3*6 = 4 miles)` does not. */
function closes(tokens: readonly Token[], from: number): boolean {
  const next = tokens.slice(from).find((each) => each.kind === "close" || each.kind === "equals");
  return next?.kind !== "equals";
}

/** `Day 2:50(2)`, `Over 50:40-4-24`, no time of a day: a number that a word leads at the line's start, and no other colon in it. */
function isLabel(tokens: readonly Token[], at: number): boolean {
  return at > 0 && at < 4 && tokens.slice(0, at).every((each) => each.kind !== "equals") && !tokens.slice(at + 2).some((each) => each.text === ":") && tokens[at + 2]?.text !== "00";
}

/** The equations of `a = b`, `a = b = c` (a calculation restated on its way to its result), from the token at `from`. */
function readChain(tokens: readonly Token[], from: number, first: Expression): { equations: Equation[]; next: number } {
  const equations: Equation[] = [];
  const start = tokens[from]?.start ?? 0;
  let open: { formula: string; start: number } | null = first.operators > 0 ? { formula: first.formula, start } : null;
  let next = first.next;
  while (tokens[next]?.kind === "equals") {
    const at = next + 1;
    const right = readExpression(tokens, at, false);
    const [number, last] = [tokens[at], right === null ? undefined : tokens[right.next - 1]];
    if (right === null || number === undefined || last === undefined) break;
    next = right.next;
    // Units before a further `=` belong to the chain: `2 + 3 apples = 5 apples = …`.
    const more = tokens[next]?.kind === "equals" ? next : skipUnit(tokens, next);
    const continues = more !== null && tokens[more]?.kind === "equals";
    const value = open === null ? null : approximate(open.formula);
    if (open !== null && right.operators > 0 && continues && value !== null && near(value, Number(number.text)) && !near(value, approximate(right.formula))) {
      // `600 / 50 = 12 * 60 = 720`: the result goes on into another calculation.
      equations.push({ ...open, result: number.text, resultStart: number.start, end: number.end, money: number.money, percent: false });
      open = { formula: right.formula, start: number.start };
      next = more;
      continue;
    }
    const simple = right.operators === 0 || isFraction(tokens, at, right);
    if (simple && open !== null && !(continues && right.operators > 0) && endsHere(tokens, next) && !isConversion(tokens, from, open.formula)) {
      const result = right.formula.replace(/%$/, "");
      const scaled = inCents(tokens, from, next) ? centsOf(open.formula, result) : percentOf(open.formula, result, last.percent);
      if (scaled !== null) equations.push({ ...open, ...scaled, start: open.start, resultStart: number.start, end: right.end, money: tokens[at]?.money === true });
      open = null;
    } else if (right.operators > 0 && open === null) {
      open = { formula: right.formula, start: number.start };
    }
    if (more === null || !continues) break;
    next = more;
  }
  return { equations, next };
}

/** `24/5` as it stands: a fraction that is the result itself, or a mixed number. */
function isFraction(tokens: readonly Token[], at: number, right: Expression): boolean {
  if (right.operators !== 1 || !/^\d+\/\d+$/.test(right.formula)) return false;
  const glued = tokens[at + 1]?.text === "/" && tokens[at + 1]?.glued === true;
  return (glued && right.next === at + 3) || right.next === at + 4;
}

/** Not `4x` (a multiple of an unknown), `30 + M`, `24/Y`, `16.66...`, `2 500`, `1 and 1/3`. */
function endsHere(tokens: readonly Token[], next: number): boolean {
  const [after, second, third] = [tokens[next], tokens[next + 1], tokens[next + 2]];
  if (after === undefined) return true;
  if (after.kind === "word" && after.text.length === 1) return !after.glued && /^[aIxX]$/.test(after.text);
  if (after.joined === true) return true;
  if (after.kind === "operator") return after.text === "/" && second?.kind === "word" && second.text.length > 1;
  if (after.kind === "number") return second?.kind === "word" && second.glued && third?.kind !== "equals";
  if (after.text === "." || after.text === "…") return !(after.glued && second?.glued === true && second.text === after.text) && after.text !== "…";
  return !(after.text === "and" && (second?.kind === "open" || (second?.kind === "number" && isGluedFraction(tokens, next + 1))));
}

/** `1/2 a cup = 4 ounces`. */
function isConversion(tokens: readonly Token[], from: number, formula: string): boolean {
  return isGluedFraction(tokens, from) && tokens[from + 3]?.kind === "word" && /^\d+\/\d+$/.test(formula);
}

/** `$0.25 * 10 = 250 cents`. */
function inCents(tokens: readonly Token[], from: number, next: number): boolean {
  return /^cents?$/.test(tokens[next]?.text ?? "") && tokens.slice(from, next).some((each) => each.money);
}

/** Dollars turned into cents on the way, where that is what the line does. */
function centsOf(formula: string, result: string): { formula: string; result: string; percent: boolean } | null {
  const value = approximate(formula);
  return value !== null && near(value * 100, Number(result)) ? { formula: `(${formula})*100`, result, percent: false } : null;
}

/** The value of a formula, near enough to tell a restated calculation from a further one. */
function approximate(formula: string): number | null {
  const tokens = tokenizeFormula(formula);
  return tokens === null ? null : approximateValue(tokens);
}

function near(a: number, b: number | null): boolean {
  return b !== null && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
}

/**
 * A result in percent is read in points (`100% - 60% = 40%` → `100 - 60 = 40`), as later steps and the answer use it: one `%` is
 * taken from every summand of the formula. Where a summand has none or there are brackets, the formula stays and the result keeps its `%`.
 */
function percentOf(formula: string, result: string, percent: boolean): { formula: string; result: string; percent: boolean } {
  if (!percent) {
    // `3 / 21 * 100% = 14.28`: points too, though the sign is not repeated.
    const points = formula.replace(/%$/, "");
    const value = approximate(points);
    const meant = points !== formula && value !== null && Math.abs(value - Number(result)) <= 1e-3 * Math.abs(value);
    return { formula: meant ? points : formula, result, percent: meant };
  }
  if (formula.includes("(")) return { formula, result: `${result}%`, percent: false };
  const summands = formula.split(/(?<=[\d%])([+-])/);
  const plain = summands.map((each) => (each === "+" || each === "-" ? each : each.replace("%", "")));
  const every = summands.every((each) => each === "+" || each === "-" || /^[^/]*%|^[^%]*\/[\d.]+\*[\d.]+%/.test(each));
  return every ? { formula: plain.join(""), result, percent: true } : { formula, result: `${result}%`, percent: false };
}

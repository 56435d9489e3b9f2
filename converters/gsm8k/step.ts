import { approximateValue, calculates, tokenizeFormula } from "../shared/formula.ts";
import { tokenizeLine, type Token } from "./tokens.ts";

/** A calculation of a rationale line and where it stands in the line without marks: from its first operand to the end of its result. */
export interface Calculation {
  formula: string;
  /** As the mark states it, else as the prose does, without `$` and thousands separators. */
  result: string;
  start: number;
  end: number;
  /** Of the printed result: `$` before it, `%` after it. */
  money: boolean;
  percent: boolean;
}

export interface StepReading {
  /** The line without its marks. */
  text: string;
  calculations: Calculation[];
  /** What the line says comes out of it last, where a mark or calculation says so. */
  result: string | null;
}

/** Longer lines are not searched for calculations: the longest published one has under 1,000 characters. */
const MAX_LINE = 10_000;
/** Words of a unit between a number and the next sign: `$80 Lisa's cost for coats / 4`. */
const MAX_UNIT = 7;
const MARK = /<<([^<>]{1,200})>>/g;

interface Mark {
  formula: string;
  result: string;
  at: number;
}

interface Equation {
  formula: string;
  result: string;
  start: number;
  /** Where the result's number starts. */
  resultStart: number;
  end: number;
  money: boolean;
  percent: boolean;
}

/**
 * Reads a line of a GSM8K rationale: its `<<a=b>>` marks and, where a calculation has no mark, its prose (`5 * $144 = $720`,
 * `12 floors * 0.5 = 6 floors`). A mark that states only a number (`287 - 260 = <<27=27>>27`) takes its formula from the prose.
 */
export function readStep(line: string): StepReading {
  if (line.length > MAX_LINE) return { text: line, calculations: [], result: null };
  const { text, marks } = takeMarks(line);
  const tokens = tokenizeLine(text);
  const equations = findEquations(tokens);
  const calculations: Calculation[] = [];
  const taken = new Set<Equation>();
  let result: string | null = null;
  for (const mark of marks) {
    const equation = equations.find((each) => !taken.has(each) && each.resultStart <= mark.at && mark.at <= each.end && mark.at - each.resultStart <= 2);
    if (equation !== undefined) taken.add(equation);
    const printed = printedResult(tokens, mark.at);
    const formula = isCalculation(mark.formula) ? mark.formula : equation?.formula;
    result = mark.result;
    if (formula === undefined) continue;
    calculations.push({
      formula,
      result: mark.result,
      start: equation?.start ?? bareStart(tokens, mark.at),
      end: equation === undefined ? printed.end : Math.max(equation.end, printed.end),
      money: equation?.money ?? printed.money,
      percent: equation?.percent ?? printed.percent,
    });
  }
  for (const equation of equations) {
    if (taken.has(equation) || calculations.some((each) => repeats(equation, each))) continue;
    calculations.push(equation);
  }
  calculations.sort((a, b) => a.start - b.start || a.end - b.end);
  return { text, calculations, result: calculations.at(-1)?.result ?? result };
}

function takeMarks(line: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  let text = "";
  let from = 0;
  for (const found of line.matchAll(MARK)) {
    text += line.slice(from, found.index);
    from = found.index + found[0].length;
    const content = found[1] ?? "";
    const equals = content.lastIndexOf("=");
    const result = content.slice(equals + 1).trim();
    if (equals > 0 && result !== "") marks.push({ formula: content.slice(0, equals).split("=")[0]?.trim() ?? "", result, at: text.length });
  }
  return { text: text + line.slice(from), marks };
}

function isCalculation(formula: string): boolean {
  const tokens = tokenizeFormula(formula);
  return tokens !== null && calculates(tokens);
}

/** The number printed at a mark's place, where the prose around it is no equation that can be read. */
function printedResult(tokens: readonly Token[], at: number): { end: number; money: boolean; percent: boolean } {
  const number = tokens.find((each) => each.kind === "number" && each.end > at);
  const near = number !== undefined && number.start <= at + 2;
  return near ? { end: number.end, money: number.money, percent: number.percent } : { end: at, money: false, percent: false };
}

/** Where the numbers and signs before a mark begin. */
function bareStart(tokens: readonly Token[], at: number): number {
  let start = at;
  for (let index = tokens.findLastIndex((each) => each.start < at); index >= 0; index -= 1) {
    const each = tokens[index];
    if (each === undefined || each.kind === "word" || each.kind === "other") break;
    start = each.start;
  }
  return start;
}

function repeats(equation: Equation, calculation: Calculation): boolean {
  const spelling = (formula: string): string => formula.replace(/[\s$,]/g, "");
  return Number(equation.result) === Number(calculation.result) && spelling(equation.formula) === spelling(calculation.formula);
}

/** The equations of a line's prose with a calculation on the left and a number on the right. Algebra is left alone. */
function findEquations(tokens: readonly Token[]): Equation[] {
  const found: Equation[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
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
  if (before.kind === "operator" || before.kind === "open" || before.kind === "number") return false;
  // `16,0000`, `0900`, `1 and 1/4`.
  if (each.kind === "number" && (/^0\d/.test(each.text) || (each.glued && tokens[at - 2]?.kind === "number" && before.glued))) return false;
  if (before.text === "and" && tokens[at - 2]?.kind === "number" && isGluedFraction(tokens, at)) return false;
  if (before.kind === "other" && before.text === ":" && before.glued && each.glued && tokens[at - 2]?.kind === "number") return false;
  return !(each.kind === "open" && each.glued && before.kind === "word") && !(each.kind === "operator" && before.kind !== "equals");
}

interface Expression {
  formula: string;
  operators: number;
  next: number;
  end: number;
}

/**
 * Reads numbers, signs, brackets and the units between them. On the left of `=` it must reach the sign; on the right it ends
 * where no further operand follows.
 */
function readExpression(tokens: readonly Token[], from: number, left: boolean): Expression | null {
  let formula = "";
  let operators = 0;
  let depth = 0;
  let operand = true;
  let at = from;
  let best: Expression | null = null;
  for (let each = tokens[at]; each !== undefined && formula.length < 500; each = tokens[at]) {
    if (operand) {
      if (each.kind === "open") depth += 1;
      else if (each.kind === "number") operand = false;
      else if (!(each.kind === "operator" && each.text === "-" && !formula.endsWith("-"))) break;
      formula += spelt(each);
      at += 1;
      // `2x`, `3rd`, `10:00`: no number of a calculation.
      const after = tokens[at];
      if (each.kind === "number" && after?.glued === true && (after.kind === "word" ? after.text.length === 1 : after.text === ":" && tokens[at + 1]?.kind === "number")) break;
      if (!operand) {
        const mixed = each.kind === "number" ? readMixed(tokens, at) : null;
        if (mixed !== null) {
          const before = formula.slice(0, formula.length - spelt(each).length);
          formula = before.endsWith("/") ? `${before}(${mixed})` : `${before}${mixed}`;
          operators += 1;
          at += 3;
        }
        if (depth === 0) best = { formula, operators, next: at, end: tokens[at - 1]?.end ?? each.end };
      }
      continue;
    }
    if (each.text === "/" && !(each.glued && tokens[at + 1]?.glued === true) && isGluedFraction(tokens, at + 1)) {
      // `28 / 1/5`: the fraction is what it is divided by.
      formula += `/(${spelledOut(tokens.slice(at + 1, at + 4))})`;
      operators += 2;
      at += 4;
      if (depth === 0) best = { formula, operators, next: at, end: tokens[at - 1]?.end ?? each.end };
    } else if (each.kind === "operator" && !isUnitSlash(tokens, at)) {
      formula += each.text;
      operators += 1;
      operand = true;
      at += 1;
    } else if (each.kind === "close" && depth > 0) {
      depth -= 1;
      formula += ")";
      at += 1;
      if (depth === 0) best = { formula, operators, next: at, end: each.end };
    } else if (each.kind === "open" && each.glued) {
      formula += "*";
      operators += 1;
      operand = true;
    } else if (each.kind === "number" && each.glued && tokens[at - 1]?.kind === "close") {
      formula += "*";
      operators += 1;
      operand = true;
    } else if (each.kind === "equals" && depth === 0) {
      return { formula, operators, next: at, end: best?.end ?? each.start };
    } else {
      const after = skipUnit(tokens, at);
      const share = after !== null && isShare(tokens, at);
      if (share) {
        formula += "*";
        operators += 1;
        operand = true;
      }
      if (after === null) break;
      at = after;
    }
  }
  return left ? null : best;
}

function spelledOut(tokens: readonly Token[]): string {
  return tokens.map(spelt).join("");
}

/** `1/5` written without blanks. */
function isGluedFraction(tokens: readonly Token[], at: number): boolean {
  const [over, slash, below] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  return over?.kind === "number" && slash?.text === "/" && slash.glued && below?.kind === "number" && below.glued;
}

function spelt(token: Token): string {
  if (token.kind !== "number") return token.text;
  return `${token.text.replaceAll(",", "")}${token.percent ? "%" : ""}`;
}

/** The mixed number whose fraction starts here (`2 1/2`) as one fraction: `5/2`. */
function readMixed(tokens: readonly Token[], at: number): string | null {
  const [whole, over, below] = [tokens[at - 1], tokens[at], tokens[at + 2]];
  if (whole === undefined || over === undefined || below === undefined || !isGluedFraction(tokens, at)) return null;
  const proper = !over.money && Number(over.text) < Number(below.text);
  const integers = [whole, over, below].every((each) => /^\d{1,6}$/.test(each.text));
  return proper && integers ? `${Number(whole.text) * Number(below.text) + Number(over.text)}/${below.text}` : null;
}

/** The slash of a unit: `7 stickers/page`, `$5/ice cream`. */
function isUnitSlash(tokens: readonly Token[], at: number): boolean {
  const after = tokens[at + 1];
  return tokens[at]?.text === "/" && after?.kind === "word";
}

/** The place after the unit words at `at` (none of them `of`: a share of something unnamed) if a sign or bracket follows them, or after an `of` between a share and a number. */
function skipUnit(tokens: readonly Token[], at: number): number | null {
  if (isShare(tokens, at)) return at + 1;
  if (tokens[at]?.text === "of") return null;
  let next = at;
  while (next - at < MAX_UNIT * 2) {
    const each = tokens[next];
    if (each === undefined) return null;
    if (each.kind === "word") {
      // A letter beside a number or sign is an unknown, not a unit.
      if (each.text.length === 1 && each.text !== "a") return null;
      next += 1;
    } else if (isUnitSlash(tokens, next)) next += 1;
    else break;
  }
  const each = tokens[next];
  return next > at && each !== undefined && (each.kind === "operator" || each.kind === "equals" || each.kind === "close") ? next : null;
}

/** `1/2 of 40`, `25% of 200`. */
function isShare(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]?.text !== "of" || tokens[at + 1]?.kind !== "number" || before?.kind !== "number") return false;
  return before.percent || tokens[at - 2]?.text === "/";
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
    if (simple && open !== null && !(continues && right.operators > 0) && endsHere(tokens, next) && !isConversion(tokens, from, open.formula) && !inCents(tokens, from, next)) {
      const result = right.formula.replace(/%$/, "");
      equations.push({ ...open, ...percentOf(open.formula, result, last.percent), start: open.start, resultStart: number.start, end: right.end, money: tokens[at]?.money === true });
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

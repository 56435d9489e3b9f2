import { calculates, tokenizeFormula } from "../shared/formula.ts";
import { findConversions } from "./conversion.ts";
import { findEquations, type Equation } from "./equation.ts";
import { choice, followUp } from "./follow-up.ts";
import { tokenizeLine, type Token } from "./tokens.ts";

/** A calculation of a rationale line and where it stands in the line without marks: from its first operand to the end of its result. */
interface Calculation {
  formula: string;
  /** As the mark states it, else as the prose does, without `$` and thousands separators. */
  result: string;
  start: number;
  end: number;
  /** Of the printed result: `$` before it, `%` after it. */
  money: boolean;
  percent: boolean;
  /** It goes on from the calculation before: rounds its result, or says it in percent. */
  followsUp?: boolean;
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
const MAX_CALCULATIONS = 20;
const MARK = /<<([^<>]{1,200})>>/g;

interface Mark {
  formula: string;
  result: string;
  at: number;
}

/**
 * Reads a line of a GSM8K rationale: its `<<a=b>>` marks and, where a calculation has no mark, its prose (`5 * $144 = $720`,
 * `12 floors * 0.5 = 6 floors`). A mark that states only a number (`287 - 260 = <<27=27>>27`) takes its formula from the prose.
 */
export function readStep(line: string): StepReading {
  const known = RECENT.get(line);
  if (known !== undefined) return known;
  const reading = readLine(line);
  RECENT.set(line, reading);
  const oldest = RECENT.size > MOST_RECENT ? RECENT.keys().next().value : undefined;
  if (oldest !== undefined) RECENT.delete(oldest);
  return reading;
}

/** Mapping, rules and sentences each read the lines of the same example. Readings are never changed. */
const RECENT = new Map<string, StepReading>();
const MOST_RECENT = 64;

function readLine(line: string): StepReading {
  if (line.length > MAX_LINE) return { text: line, calculations: [], result: null };
  const { text, marks } = takeMarks(line);
  const tokens = tokenizeLine(text);
  const equations = [...findEquations(tokens, MAX_CALCULATIONS), ...findConversions(tokens).slice(0, MAX_CALCULATIONS)];
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
  const compared = calculations.length === 0 ? choice(text) : null;
  if (compared !== null) calculations.push(compared);
  calculations.sort((a, b) => a.start - b.start || a.end - b.end);
  const last = calculations.at(-1);
  const further = last === undefined ? null : followUp(text, last);
  if (further !== null) calculations.push({ ...further, followsUp: true });
  return { text, calculations, result: calculations.at(-1)?.result ?? result };
}

function takeMarks(line: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  let text = "";
  let from = 0;
  for (const found of line.matchAll(MARK)) {
    if (marks.length === MAX_CALCULATIONS) break;
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

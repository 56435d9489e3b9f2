import { type Expression, parseExpression } from "./expression.ts";
import { readSequence } from "./sequence.ts";

/** A calculation of a formula: what is worked out, and what the source states comes of it. */
export type Statement =
  | { kind: "calculation"; text: string; expression: Expression; result: string; unit: string | null }
  | { kind: "division"; text: string; expression: Expression; quotient: string; remainder: string }
  | { kind: "ratio"; text: string; left: string; right: string; result: string }
  | { kind: "proportion"; text: string; terms: [string, string, string, string] }
  | { kind: "sequence"; text: string; given: string[]; result: string; rule: "difference" | "factor" | "growing_difference" };

/** A formula of statements, or why it is none (in snake_case, with a sentence). */
export type FormulaReading = { statements: Statement[] } | { skip: string; detail: string };

const MAX_LENGTH = 2_000;
const NUMBER = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$/;
const FRACTION = /^\d{1,9}\/\d{1,9}$/;
const DIVISION = /^(\d{1,12}) ?r ?(\d{1,12})$/;

/**
 * Reads a formula of ASDiv: statements `left=right` joined by `;`, with units in brackets (`60 (min/hour)`), remainders
 * (`463 r1`), `GCD(…)`, `LCM[…]`, proportions (`3:4=24:32`) and sequences (`5, 10, 20`). Equations with unknowns and comparisons are not calculations.
 */
export function readFormula(formula: string): FormulaReading {
  if (formula.length > MAX_LENGTH) return { skip: "too_long", detail: `The formula has ${formula.length} characters; ${MAX_LENGTH} are read at most.` };
  const pieces = splitStatements(formula);
  if (pieces.length === 0) return { skip: "no_formula", detail: "The record's formula is empty." };
  const statements: Statement[] = [];
  for (const piece of pieces) {
    const statement = readStatement(piece);
    if (statement === null) return whyNot(formula, piece);
    statements.push(statement);
  }
  return { statements };
}

/** The statements of a formula as written. */
export function splitStatements(formula: string): string[] {
  return formula
    .split(";")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}

function readStatement(text: string): Statement | null {
  const sequence = readSequence(text);
  if (sequence !== null) return { kind: "sequence", text, ...sequence };
  const parts = text.split("=");
  const [left = "", right = ""] = parts;
  if (left.includes(":")) return readRatio(text, left, parts.length === 2 ? right : null);
  if (parts.length !== 2) return null;
  const expression = parseExpression(withoutUnits(left));
  if (expression === null) return null;
  const stated = withoutUnits(right).trim();
  const division = DIVISION.exec(stated);
  if (division !== null && expression.kind === "product") return { kind: "division", text, expression, quotient: division[1] ?? "", remainder: division[2] ?? "" };
  const result = stated.replace(/[A-Za-z. ]{1,40}$/, "").trim();
  if (result === "" || !(NUMBER.test(result) || FRACTION.test(result))) return null;
  return { kind: "calculation", text, expression, result: result.replaceAll(",", ""), unit: unitOf(right) };
}

function readRatio(text: string, left: string, right: string | null): Statement | null {
  const [a = "", b = "", more] = left.split(":").map((each) => each.trim());
  if (more !== undefined || !NUMBER.test(a) || !NUMBER.test(b) || a === "" || b === "") return null;
  if (right === null) return { kind: "ratio", text, left: a, right: b, result: `${a}:${b}` };
  const [c = "", d = "", rest] = right.split(":").map((each) => each.trim());
  if (rest !== undefined || !NUMBER.test(c) || !NUMBER.test(d) || c === "" || d === "") return null;
  return { kind: "proportion", text, terms: [a, b, c, d] };
}

/** Takes the units out: brackets that hold words only, as in `7*60 (min/hour)`. */
function withoutUnits(text: string): string {
  return text.replace(/\(\s?[A-Za-z][A-Za-z .'/-]{0,60}\)/g, "");
}

function unitOf(right: string): string | null {
  return /\(([A-Za-z][A-Za-z ]{0,30})\)\s*$/.exec(right)?.[1]?.trim() ?? null;
}

function whyNot(formula: string, piece: string): { skip: string; detail: string } {
  const shown = piece.length > 60 ? `${piece.slice(0, 60)}…` : piece;
  if (/hh:mm/.test(formula)) return { skip: "clock_time", detail: `"${shown}" is a time of day, which is no number.` };
  if (/[<>]|\bequals\b/.test(formula)) return { skip: "comparison", detail: `"${shown}" compares amounts: the answer is a name or yes or no, not a calculated number.` };
  if (/[A-Za-z]/.test(withoutUnits(formula.replace(/GCD|LCM/gi, "")))) return { skip: "algebra", detail: `"${shown}" holds unknowns, which must be solved.` };
  if (piece.includes(":")) return { skip: "ratio", detail: `"${shown}" is a ratio that is not read.` };
  return { skip: "no_machine_readable_formula", detail: `"${shown}" is no calculation "formula=result".` };
}

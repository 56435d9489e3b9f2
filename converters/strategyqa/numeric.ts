import { references } from "./references.ts";

/**
 * The formula of a step that plainly compares or combines numbers (`Is #2 greater than #1?` → `R6 > R3`), where the questions it refers
 * to plainly ask for numbers; else null. Dates (`When …`) are no numbers: `Is #1 before #2?` is one only of years.
 */
export function numericFormula(questions: readonly string[], index: number, answers: readonly string[]): string | null {
  const question = questions[index] ?? "";
  if (question.length > 200) return null;
  const match = COMPARISON.exec(question) ?? ARITHMETIC.exec(question);
  const groups = match?.groups;
  if (groups === undefined) return null;
  const operator = OPERATORS.find(([words]) => words.test(groups.operator ?? ""))?.[1];
  if (operator === undefined) return null;
  if (!references(question).every((step) => asksNumber(questions, step - 1))) return null;
  const [left, right] = [operand(groups.left, answers), operand(groups.right, answers)];
  return left === null || right === null ? null : `${left} ${operator} ${right}`;
}

const OPERAND = String.raw`(?:the (?:number|amount|value|year|total|sum) (?:of|in|from) )?(?:#[1-9]\d?|\$?\d[\d,]*(?:\.\d+)?)`;
const COMPARISON = new RegExp(
  String.raw`^(?:is|are|was|were) (?<left>${OPERAND}) (?<operator>(?:(?:greater|higher|larger|bigger|more|longer|taller|older|heavier|less|lower|smaller|fewer|shorter|younger|lighter|earlier|later) than(?: or equal to)?|at least|at most|before|after)) (?<right>${OPERAND})\s?\?*$`,
  "i",
);
const ARITHMETIC = new RegExp(
  String.raw`^what is (?<left>${OPERAND}) (?<operator>minus|plus|times|multiplied by|divided by) (?<right>${OPERAND})\s?\?*$`,
  "i",
);
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/^(?:greater|higher|larger|bigger|more|longer|taller|older|heavier|later) than or equal to$|^at least$/i, ">="],
  [/^(?:less|lower|smaller|fewer|shorter|younger|lighter|earlier) than or equal to$|^at most$/i, "<="],
  [/^(?:greater|higher|larger|bigger|more|longer|taller|older|heavier|later) than$|^after$/i, ">"],
  [/^(?:less|lower|smaller|fewer|shorter|younger|lighter|earlier) than$|^before$/i, "<"],
  [/^minus$/i, "-"],
  [/^plus$/i, "+"],
  [/^(?:times|multiplied by)$/i, "*"],
  [/^divided by$/i, "/"],
];

function operand(text: string | undefined, answers: readonly string[]): string | null {
  const reference = /#(\d+)$/.exec(text ?? "");
  if (reference !== null) return answers[Number(reference[1]) - 1] ?? null;
  const number = /\$?(\d[\d,]*(?:\.\d+)?)$/.exec(text ?? "");
  return number?.[1]?.replace(/,/g, "") ?? null;
}

function asksNumber(questions: readonly string[], index: number): boolean {
  const question = (questions[index] ?? "").slice(0, 500);
  return ASKS_NUMBER.some((pattern) => pattern.test(question));
}

const ASKS_NUMBER: readonly RegExp[] = [
  /\bhow (?:many|much|old|tall|high|wide|deep|far|heavy|fast)\b/i,
  /\bhow long\b.{0,200}\bin (?:metres|meters|feet|inches|centimetres|centimeters|kilometres|kilometers|miles|days|weeks|months|years|hours|minutes|seconds)\b/i,
  /^(?:in |during )?(?:what|which) year\b/i,
  /^what (?:is|are|was|were) (?:the |an? )?(?:[\w'’-]+ ){0,4}(?:population|number|age|height|weight|length|width|depth|speed|temperature|cost|price|amount|total|distance|area|lifespan|life expectancy|salary|budget|difference|sum|percentage)\b/i,
  /^what is (?:#\d+|[\d,.]+) (?:minus|plus|times|multiplied by|divided by) /i,
];

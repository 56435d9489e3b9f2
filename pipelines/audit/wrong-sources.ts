import type { Fraction } from "fraction.js";
import type { GoldStep, Operation, SourceExample } from "../../schemas/example.ts";
import { findNumbers } from "../../converters/shared/number-words.ts";
import { claimHolds, sameAnswer } from "../execution/equivalence.ts";
import { executeFormula } from "../execution/expression.ts";
import { parseValue } from "../execution/parse-value.ts";
import { printValue } from "../execution/value.ts";
import type { Store } from "../store/open.ts";

/**
 * A place where a source contradicts arithmetic or itself. `calculation`: a calculation that it writes out does not hold; `answer`: its last step states
 * another result than the gold answer; `unit`, `rounding`: either, but the two differ only by a unit (cents for dollars) or a rounding.
 */
export interface WrongSource {
  id: string;
  dataset: string;
  file: string;
  position: number;
  kind: "calculation" | "answer" | "unit" | "rounding";
  step: string;
  /** What the source says: `14*20=140`, or its gold answer. */
  says: string;
  /** What running it gives, or what its last step gives. */
  gives: string;
}

/** The wrong places of every maths example of a store, in the order of the store, each example once. */
export function* wrongSources(store: Store, datasets?: readonly string[]): Generator<WrongSource> {
  let before = "";
  for (const { example } of store.outcomesFor({ domains: ["maths"], ...(datasets === undefined ? {} : { datasets }) })) {
    if (example === null || example.id === before) continue;
    before = example.id;
    yield* wrongPlaces(example);
  }
}

/**
 * What is wrong in a source example by its own words: only calculations that stand in it as they are judged, and an answer that the last line does not name.
 * Where a calculation had to be pieced together from prose, the fault may be the reading's, and nothing is said.
 */
export function wrongPlaces(example: SourceExample): WrongSource[] {
  if (example.domain !== "maths") return [];
  const { id, dataset, place } = example;
  const at = { id, dataset, file: place.file, position: place.position };
  const wrong = example.gold_steps.flatMap((step) =>
    (step.operations ?? []).flatMap((operation): WrongSource[] => {
      const value = valueOf(operation);
      if (value === null || claimHolds(operation.result, { kind: "number", value }) || !isWritten(step, operation)) return [];
      const gives = printValue({ kind: "number", value });
      const kind = isUnit(operation.result, gives) ? "unit" : isRounding(gives, operation.result) ? "rounding" : "calculation";
      return [{ ...at, kind, step: step.id, says: `${operation.formula.trim()} = ${operation.result}`, gives }];
    }),
  );
  const last = example.gold_steps.at(-1);
  const stated = last === undefined || last.text.length > LONGEST ? null : lastResult(last);
  if (last === undefined || stated === null || sameAnswer(stated, example.answer, example.answer_aliases)) return wrong;
  // A wrong last step explains the other answer, where the gold answer is what the step should have given.
  if (wrong.some(({ step, gives }) => step === last.id && sameAnswer(gives, example.answer, example.answer_aliases))) return wrong;
  if (!isNumber(example.answer) || namesAnswer(last, example.answer)) return wrong;
  return [...wrong, { ...at, kind: isUnit(example.answer, stated) ? "unit" : isRounding(stated, example.answer) ? "rounding" : "answer", step: last.id, says: `the answer is ${example.answer}`, gives: stated }];
}

/** A report for people: by kind, each place with what the source says and what comes out. No line is longer than `columns`. */
export function wrongSourceLines(found: readonly WrongSource[], columns = 80): string[] {
  if (found.length === 0) return ["No source contradicts itself."];
  const lines = HEADINGS.flatMap(([kind, heading]) => {
    const own = found.filter((each) => each.kind === kind);
    return own.length === 0 ? [] : ["", `${heading}: ${own.length}`, ...own.flatMap((each) => placeLines(each, columns))];
  });
  return [`Places where a source contradicts itself: ${found.length}`, ...lines];
}

const HEADINGS: readonly (readonly [WrongSource["kind"], string])[] = [
  ["calculation", "A calculation that does not hold"],
  ["answer", "A gold answer that the last step does not give"],
  ["unit", "Another unit: cents for dollars, a fraction for percent"],
  ["rounding", "Rounded without saying so"],
];

function placeLines({ step, file, position, says, gives }: WrongSource, columns: number): string[] {
  const [where, place] = [`  ${step}  `, `:${position}`];
  const comes = says.includes("=") ? "it gives" : "the last step gives";
  return [`${where}${shortened(file, columns - where.length - place.length, "start")}${place}`, `    ${shortened(`${says}; ${comes} ${gives}`, columns - 4, "end")}`];
}

/** One line of foreign text, cut to fit. */
function shortened(text: string, width: number, cut: "start" | "end"): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  if (line.length <= width) return line;
  const kept = Math.max(0, width - 1);
  return cut === "start" ? `…${line.slice(line.length - kept)}` : `${line.slice(0, kept)}…`;
}

/**
 * Whether a calculation stands in its step as it is judged: in a mark (`<<5*3=15>>`) or in the prose, with nothing before or behind it that belongs to it. Words may stand between
 * only in a sum of things of one kind (`4 apples + 5 apples`). What divides twice (`14 / 1 / 4`) may mean a fraction or a rate.
 */
function isWritten({ text }: GoldStep, { formula, result }: Operation): boolean {
  if (text.length > LONGEST || formula.length > LONGEST_FORMULA || result.length > LONGEST_FORMULA || /[%:;]|\/[^-+]*\//.test(formula)) return false;
  if (text.includes(`<<${formula}=${result}>>`)) return true;
  const prose = SPELLINGS.reduce((said, [pattern, sign]) => said.replace(pattern, sign), text.toLowerCase());
  const isSum = /^[-+\d.\s]+$/.test(formula);
  const pieces = spelled(formula).match(/\d*\.?\d+|\S/g) ?? [];
  const unit = isSum ? "(\\s+[a-z]{1,20})?" : "()";
  const pattern = [...pieces.map((piece) => (/\d/.test(piece) ? `${escaped(piece)}${unit}` : escaped(piece))), "=", escaped(spelled(result))].join("\\s*");
  for (const found of prose.matchAll(new RegExp(pattern, "g"))) {
    const [before, behind] = [prose.slice(0, found.index), prose.slice(found.index + found[0].length)];
    const kinds = new Set(found.slice(1).flatMap((each) => (each === undefined || each === "" ? [] : [each.trim().replace(/s$/, "")])));
    if (kinds.size <= 1 && !/[\d.]$|[)*/+^=%-]\s*$/.test(before) && !/^(?:\d|\.\d|%|\s*[*/+^=(-])/.test(behind)) return true;
  }
  return false;
}

const LONGEST = 4_000;
const LONGEST_FORMULA = 200;

/** The ways in which prose writes a formula, and how it is searched. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/<<[^<>]*>>|\$/g, ""],
  [/(?<=\d),(?=\d{3}(?!\d))/g, ""],
  [/[×·]|(?<=[\d)] ?)x(?= ?[\d.(])|\btimes\b|\bmultiplied by\b/g, "*"],
  [/÷|\bdivided by\b/g, "/"],
  [/[−–]|\bminus\b/g, "-"],
  [/\bplus\b/g, "+"],
  [/\b(?:is equal to|equals)\b/g, "="],
];

function spelled(formula: string): string {
  return SPELLINGS.reduce((said, [pattern, sign]) => said.replace(pattern, sign), formula.toLowerCase()).trim();
}

function escaped(piece: string): string {
  return piece.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function valueOf({ formula }: Operation): Fraction | null {
  const { value } = executeFormula([formula], () => null);
  return value?.kind === "number" ? value.value : null;
}

/** The number that a step states as its result; null where it states none. */
function lastResult({ operations, result }: GoldStep): string | null {
  const stated = operations?.at(-1)?.result ?? result;
  return stated !== undefined && isNumber(stated) ? stated : null;
}

/** Whether a step names the answer oftener than it calculates with it. */
function namesAnswer({ text, operations = [] }: GoldStep, answer: string): boolean {
  const wanted = readNumber(answer);
  const times = (said: string): number => findNumbers(said).filter(({ values }) => values.some((each) => wanted?.equals(each) === true)).length;
  const calculated = operations.reduce((sum, { formula }) => sum + times(formula.replaceAll("/", " / ")), 0);
  return times(text.replace(/<<[^<>]*>>/g, "").replaceAll("/", " / ")) > calculated;
}

/** Whether two numbers are the same in two units, or one of them as a percentage. */
function isUnit(a: string, b: string): boolean {
  const [x, y] = [readNumber(a), readNumber(b)];
  return x !== null && y !== null && x.n !== 0n && x.s === y.s && UNITS.some((unit) => x.mul(unit).equals(y) || y.mul(unit).equals(x));
}

/** Whether a number is written rounded, up or down, to the places that it is written with. */
function isRounding(of: string, written: string): boolean {
  const [exact, rounded] = [readNumber(of), readNumber(written)];
  const places = /\.(\d{1,15})/.exec(written)?.[1]?.length ?? 0;
  return exact !== null && rounded !== null && [exact.floor(places), exact.ceil(places)].some((each) => each.equals(rounded));
}

/** Of time, length, weight, money and percent. */
const UNITS: readonly number[] = [12, 60, 100, 1000, 3600];

function isNumber(text: string): boolean {
  return readNumber(text) !== null;
}

function readNumber(text: string): Fraction | null {
  const value = parseValue(text);
  return value.kind === "number" ? value.value : null;
}

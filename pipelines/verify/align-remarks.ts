import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { findNumbers } from "../../converters/shared/number-words.ts";
import { sameEquations } from "../execution/system.ts";
import type { Run } from "./service.ts";
import { magnitudeKey, resultPositions } from "./sourced.ts";
import { valueNumbers } from "./values.ts";

/**
 * Gold steps without a calculation need no serving, but what serves them is said all the same, of subgoals that serve nothing else:
 * - an equation (`x + (x - 7) = 31`) is served by who sets it up: the same equation, or one all of whose numbers and unknown stand there;
 * - a formula without words, or a comparison (`16/12 > 18/15`), by who calculates with its numbers alone;
 * - what states a result (`x = 8`), by who finds that result;
 * - each of them also by who goes on from there with no other numbers: solves the equation, compares the two sides.
 */
export function serveRemarks(run: Run, { gold_steps }: SourceExample, served: Map<number, Set<number>>): void {
  const checked = new Set([...served.values()].flatMap((actions) => [...actions]).map((index) => run.actions[index]?.subgoal));
  const free = run.actions.filter(({ subgoal }) => !checked.has(subgoal)).map(({ index }) => index);
  const remarks = gold_steps.flatMap((step, at) => (served.has(at) || step.text.length > LONGEST ? [] : [{ at, ...readRemark(step) }]));
  const serving = new Map<number, number>();
  const serve = (index: number, at: number | undefined): void => {
    if (at === undefined || serving.has(index)) return;
    serving.set(index, at);
    served.set(at, (served.get(at) ?? new Set()).add(index));
  };
  for (const index of free) serve(index, (remarks.find((remark) => isSetUp(run, index, remark)) ?? remarks.find((remark) => isWorkedOut(run, index, remark)))?.at);
  const stating = new Set(served.keys());
  for (const { at, stated } of remarks) {
    const finding = stating.has(at) ? undefined : free.find((index) => !serving.has(index) && finds(run, index, stated) && !isStated(run, index));
    if (finding !== undefined) serve(finding, at);
  }
  for (const index of free) {
    const before = results(run, index);
    const remark = remarks.find(({ at }) => at === serving.get(before.at(-1) ?? -1));
    if (remark !== undefined && hasNumbersOf(run, index, remark) && before.every((each) => serving.has(each))) serve(index, remark.at);
  }
}

const LONGEST = 2_000;

interface Remark {
  text: string;
  /** Its numbers, by key, in digits or words. */
  numbers: ReadonlySet<string>;
  stated: ReadonlySet<string>;
  isEquation: boolean;
  /** A formula that stands alone, or a comparison of two. */
  isFormula: boolean;
}

function readRemark({ text }: GoldStep): Remark {
  const numbers = new Set(findNumbers(text).flatMap(({ values }) => values.map(magnitudeKey)));
  const before = findNumbers(text).filter(({ end }) => /^\s*=\s*[A-Za-z](?![A-Za-z])/.test(text.slice(end, end + 8)));
  const stated = new Set([...resultPositions(text), ...before].flatMap(({ values }) => values.map(magnitudeKey)));
  const words = text.replace(/\([^()]{0,80}\)/g, "").match(/[A-Za-z]{3,}/g) ?? [];
  const isFormula = numbers.size > 0 && /[-+*/=<>^]/.test(text) && (/[<>]/.test(text) || words.length === 0);
  return { text, numbers, stated, isEquation: text.includes("=") && numbers.size > 0, isFormula };
}

function isSetUp(run: Run, index: number, { text, numbers, isEquation }: Remark): boolean {
  const action = run.executed[index];
  if (!isEquation || run.actions[index]?.node.tool !== "SetEquation" || action?.value?.kind !== "text") return false;
  const equation = action.value.value;
  if (sameEquations(equation, text) === true) return true;
  const letters = new Set(equation.match(/(?<![A-Za-z])[A-Za-z](?![A-Za-z])/g) ?? []);
  const own = findNumbers(equation.replaceAll("/", " / ")).flatMap(({ values }) => values.slice(-1).map(magnitudeKey));
  return own.every((key) => numbers.has(key)) && [...letters].some((letter) => new RegExp(`(?<![A-Za-z])${letter}(?![A-Za-z])`).test(text));
}

function isWorkedOut(run: Run, index: number, remark: Remark): boolean {
  return remark.isFormula && run.actions[index]?.node.tool === "Calculator" && results(run, index).length === 0 && hasNumbersOf(run, index, remark);
}

function hasNumbersOf(run: Run, index: number, { numbers }: Remark): boolean {
  return run.executed[index]?.literals.every(({ value }) => numbers.has(magnitudeKey(value))) === true;
}

/** The earlier results that an action uses; an unknown is none. */
function results(run: Run, index: number): number[] {
  return (run.uses[index] ?? []).filter((each) => run.actions[each]?.node.tool !== "Define");
}

function finds(run: Run, index: number, stated: ReadonlySet<string>): boolean {
  return valueNumbers(run.executed[index]?.value ?? null).some((value) => stated.has(magnitudeKey(value)));
}

/** A number that is only written down is not found. */
function isStated(run: Run, index: number): boolean {
  return run.actions[index]?.node.tool === "Define";
}

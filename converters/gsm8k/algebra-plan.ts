import { USUAL_CONSTANTS } from "../../schemas/constants.ts";
import type { RulesKit } from "../../schemas/converter.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { PlanJson } from "../../schemas/plan.ts";
import { printFormula, tokenizeFormula, type FormulaToken } from "../shared/formula.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import { readAlgebra, type Algebra, type Place } from "./algebra.ts";
import type { Grounding } from "./grounding.ts";
import { readStep } from "./step.ts";
import type { CalculatingStep } from "./steps.ts";
import { questionSubgoal } from "./subgoal.ts";
import { describeUnknown } from "./unknown.ts";
import { unsimplified } from "./unsimplified.ts";

/**
 * The equation that a rationale sets up and solves, where its plain calculations don't carry it: there are none, one of them
 * starts from a number that only the equation gives, or the solution comes after the last.
 */
export function solvedUnknown(example: SourceExample, steps: readonly CalculatingStep[], kit: RulesKit): Algebra | null {
  const lines = example.gold_steps.map((step) => readStep(step.text).text);
  const algebra = readAlgebra(lines);
  if (algebra === null) return null;
  const value = /^-?[\d.]+%?$/.test(algebra.value) ? algebra.value : kit.evaluate(algebra.value);
  if (value === null) return null;
  const last = steps.at(-1);
  const end = last?.operations.at(-1);
  const goesOn = last === undefined || end === undefined || (isBefore({ line: last.index, at: end.start }, algebra.end) && Number(end.result) !== Number(value));
  if (!goesOn && !startsFromNowhere(example, steps, Number(value))) return null;
  const known = knownNumbers(example);
  for (const { result } of steps.flatMap((step) => step.operations)) known.add(Number(result.replace(/[$,%]/g, "")));
  return { ...algebra, value, left: unsimplified(algebra.left, algebra, known), right: unsimplified(algebra.right, algebra, known) };
}

/** The calculations before the equation, and those after its solution: what stands between only solves it. */
export function aroundAlgebra(algebra: Algebra, steps: readonly CalculatingStep[]): { before: CalculatingStep[]; after: CalculatingStep[] } {
  const named = new RegExp(`(?<!\\p{L})${algebra.unknown}(?!\\p{L})`, "u");
  const kept = (test: (place: Place, step: CalculatingStep, result: string) => boolean): CalculatingStep[] =>
    steps.flatMap((step) => {
      const operations = step.operations.filter(({ start, result }) => test({ line: step.index, at: start }, step, result));
      return operations.length === 0 ? [] : [{ ...step, operations }];
    });
  return {
    before: kept((place, step, result) => isBefore(place, algebra.start) || (place.line > algebra.start.line && isBefore(place, algebra.end) && !named.test(step.step.text) && Number(result) !== Number(algebra.value))),
    after: kept((place) => !isBefore(place, algebra.end)),
  };
}

/** Naming the unknown, setting up its equation, solving it, and what is said of the unknown then. `last`: the plan ends with it. */
export function algebraSubgoals(example: SourceExample, algebra: Algebra, grounding: Grounding, last: boolean): PlanJson["subgoals"] {
  const lines = example.gold_steps.slice(0, algebra.start.line + 1).map((step) => readStep(step.text).text);
  const letter = /[ei]/i.test(algebra.unknown) ? "x" : algebra.unknown;
  const phrase = describeUnknown(lines.join("\n"), algebra.unknown);
  const symbol = grounding.variable();
  const [left, right] = [algebra.left, algebra.right].map((side) => grounding.refer(side));
  const equation = grounding.variable();
  const solution = grounding.variable();
  const sides = `${printFormula(replaced(left ?? [], algebra.unknown, symbol))} = ${printFormula(replaced(right ?? [], algebra.unknown, symbol))}`;
  const spelt = `${printFormula(replaced(algebra.left, algebra.unknown, letter))} = ${printFormula(replaced(algebra.right, algebra.unknown, letter))}`;
  grounding.remember(solution, algebra.value);
  const subgoals: PlanJson["subgoals"] = [
    {
      text: phrase === null ? `Set up an equation for the unknown ${letter}.` : `Let ${letter} be ${phrase} and set up an equation for it.`,
      actions: [
        { outputs: [symbol], tool: "Define", args: letter, result: letter },
        { outputs: [equation], tool: "SetEquation", args: sides, result: spelt },
      ],
    },
  ];
  const statement = last ? algebra.later.at(-1) : undefined;
  const question = last && phrase === null ? questionSubgoal(example.task) : null;
  const solve = phrase === null ? `Solve the equation for ${letter}.` : `Solve the equation to find ${phrase}.`;
  subgoals.push({
    text: statement === undefined ? (question ?? solve) : solve,
    actions: [{ outputs: [solution], tool: "SolveEquation", args: `${equation}, ${symbol}`, result: algebra.value }],
  });
  if (statement !== undefined) {
    const action = grounding.calculateTokens(replaced(statement.formula, algebra.unknown, solution), statement.result);
    subgoals.push({ text: questionSubgoal(example.task) ?? `Find what is asked from the value of ${letter}.`, actions: [action] });
  }
  return subgoals;
}

function isBefore(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.at < b.at);
}

function replaced(tokens: readonly FormulaToken[], unknown: string, by: string): FormulaToken[] {
  return tokens.map((token) => (token.kind === "ref" && token.text === unknown ? { kind: "ref", text: by } : token));
}

/** Whether a calculation uses a number that neither the task nor an earlier calculation gives: a usual constant is no excuse where it is the solution. */
function startsFromNowhere(example: SourceExample, steps: readonly CalculatingStep[], solution: number): boolean {
  const known = knownNumbers(example);
  if (!statedNumbers(example.task).has(solution)) known.delete(solution);
  for (const { formula, result } of steps.flatMap((step) => step.operations)) {
    if ((tokenizeFormula(formula) ?? []).some((token) => token.kind === "number" && !known.has(Number(token.text)))) return true;
    known.add(Number(result.replace(/[$,%]/g, "")));
  }
  return false;
}

function knownNumbers(example: SourceExample): Set<number> {
  return new Set([...statedNumbers(example.task), ...CONSTANTS]);
}

const CONSTANTS: readonly number[] = USUAL_CONSTANTS.map(({ value }) => Number(value));

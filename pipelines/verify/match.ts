import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import type { Run, Service } from "./align.ts";
import { findNumbers, numberKey } from "../../converters/shared/number-words.ts";
import { evidencePlaces, namedPages, namedParagraphs } from "./places.ts";
import { resultPositions } from "./sourced.ts";
import { valueNumbers } from "./values.ts";

/** Which claimed results equal what the source's authors wrote (by index), and which contradict it. */
export interface Matches {
  matched: ReadonlySet<number>;
  defects: Defect[];
}

/**
 * Compares the results that can't be run with the source. A paragraph or page is matched where an annotator of the source gives it
 * as evidence, an answer where the gold step it serves states it; in maths a result where the step's own text states it behind `=`
 * for the same operands. Defects: `match.paragraph`, `match.value`.
 */
export function matchResults(run: Run, example: SourceExample, service: Service): Matches {
  const matched = new Set<number>();
  const defects: Defect[] = [];
  const claimed = run.executed.flatMap(({ evidence }, index) => (evidence === "claimed" ? [index] : []));
  if (example.domain === "maths") {
    for (const index of claimed) if (statesNumber(run, example, service, index) || statesEquation(run, example, index)) matched.add(index);
    return { matched, defects };
  }
  matchPlaces(run, example, claimed, matched, defects);
  matchAnswers(run, example, service, claimed, matched, defects);
  return { matched, defects };
}

function matchPlaces(run: Run, example: SourceExample, claimed: readonly number[], matched: Set<number>, defects: Defect[]): void {
  const evidence = evidencePlaces(example);
  if (evidence.paragraphs.size === 0) return;
  for (const index of claimed) {
    const action = run.actions[index];
    if (action === undefined) continue;
    const paragraphs = namedParagraphs(action.node.result, evidence.paragraphs);
    const unknown = paragraphs.filter((name) => !evidence.paragraphs.has(name));
    const pages = namedPages(action.node.result, evidence.pages);
    if (unknown.length > 0) {
      const names = unknown.slice(0, 3).map((name) => `'${name.slice(0, 80)}'`);
      const message = `Paragraph ${names.join(", ")} in subgoal ${action.subgoal} action ${action.action} is evidence for no gold step: expected ${[...evidence.paragraphs].slice(0, 8).join("; ")}.`;
      defects.push(defect("match.paragraph", message, action));
    } else if (paragraphs.length > 0 || (pages.length > 0 && pages.every((page) => evidence.pages.has(page)))) {
      matched.add(index);
    }
  }
}

/** Answers against the result that their gold step states. The final answer is not compared here: it has its own check against gold. */
function matchAnswers(run: Run, example: SourceExample, service: Service, claimed: readonly number[], matched: Set<number>, defects: Defect[]): void {
  const last = run.actions.length - 1;
  for (const [step, gold] of example.gold_steps.entries()) {
    const { result } = gold;
    if (result === undefined || result.trim() === "") continue;
    const isFinal = step === example.gold_steps.length - 1;
    const aliases = isFinal ? example.answer_aliases : undefined;
    const serving = claimed.filter((index) => service.served.get(step)?.has(index) === true && ANSWERS.has(run.actions[index]?.node.tool ?? ""));
    const equal = serving.filter((index) => sameAnswer(run.actions[index]?.node.result ?? "", result, aliases));
    for (const index of equal) matched.add(index);
    const wrong = run.actions[serving.at(-1) ?? -1];
    if (equal.length > 0 || wrong === undefined || wrong.index === last) continue;
    const message = `Result '${wrong.node.result.slice(0, 80)}' in subgoal ${wrong.subgoal} action ${wrong.action} is not what the source states for gold step ${gold.id}: expected ${result.slice(0, 80)}.`;
    defects.push(defect("match.value", message, wrong));
  }
}

const ANSWERS: ReadonlySet<string> = new Set(["QA", "VQA", "Code"]);

/** Whether a claimed number is what the source states: for the calculation it serves, or, for the same operands, in the text of a step without one. */
function statesNumber(run: Run, example: SourceExample, service: Service, index: number): boolean {
  const action = run.executed[index];
  const results = valueNumbers(action?.claimedValue ?? null).map(numberKey);
  if (action === undefined || results.length === 0 || action.refs.length !== run.uses[index]?.length) return false;
  const operands = baseOperands(run, index, new Set());
  const named = new Set<string>();
  return example.gold_steps.some(({ operations, text }, step) => {
    for (const { values } of findNumbers(text)) for (const value of values) named.add(numberKey(value));
    if (operations !== undefined && operations.length > 0) {
      return service.served.get(step)?.has(index) === true && operations.some(({ result }) => sameAnswer(action.claimed, result));
    }
    const stated = new Set(resultPositions(text).flatMap(({ values }) => values.map(numberKey)));
    return operands.length > 0 && results.every((key) => stated.has(key)) && operands.every((key) => named.has(key));
  });
}

/** The numbers that an action starts from, by key: those it writes, and those of the results it uses, through results that are no numbers. */
function baseOperands(run: Run, index: number, seen: Set<number>): string[] {
  if (seen.has(index) || seen.size > 100) return [];
  seen.add(index);
  const own = (run.executed[index]?.literals ?? []).map(({ value }) => numberKey(value));
  const used = (run.uses[index] ?? []).flatMap((by) => {
    const values = valueNumbers(run.executed[by]?.value ?? null);
    return values.length > 0 ? values.map(numberKey) : baseOperands(run, by, seen);
  });
  return [...own, ...used];
}

/** Whether an equation set up stands in the source's text. */
function statesEquation(run: Run, example: SourceExample, index: number): boolean {
  const action = run.actions[index];
  if (action?.node.tool !== "SetEquation" || !action.node.result.includes("=")) return false;
  const equation = foldEquation(action.node.result);
  return example.gold_steps.some(({ text }) => {
    const folded = foldEquation(text);
    const at = folded.indexOf(equation);
    return at >= 0 && !/[0-9.]/.test(folded.charAt(at - 1)) && !/[0-9*/^]/.test(folded.charAt(at + equation.length));
  });
}

function foldEquation(text: string): string {
  return text.replace(/[\s$]/g, "").replaceAll("×", "*").replaceAll("÷", "/").toLowerCase();
}

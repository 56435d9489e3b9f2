import type { ActionTrace } from "../../schemas/annotation.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import type { Run, Service } from "./service.ts";
import { matchCommands } from "./align-commands.ts";
import { checkStatements } from "./align-statements.ts";
import { isQuoted } from "./align-sentences.ts";
import { foreignQuestions } from "./foreign-questions.ts";
import { matchPlaces } from "./match-places.ts";
import { matchWeb } from "./match-web.ts";
import { unsourcedNames } from "./unsourced-names.ts";

/**
 * Which claimed results equal what the source's authors wrote (by index), and which contradict it. `told`: what supports actions that have no
 * result to be supported.
 */
export interface Matches {
  matched: ReadonlySet<number>;
  defects: Defect[];
  told?: ReadonlyMap<number, Pick<ActionTrace, "evidence" | "note">>;
}

/**
 * Compares the results that can't be run with the source. A paragraph is matched where an annotator of the source gives it as evidence
 * for a step that it serves, a page where it has such a paragraph, an answer where the gold step it serves states it, or (multimodal) where it is nothing but its sentences. In maths nothing
 * is matched: the source states numbers, and the right number says nothing of the operation that a tool was asked for.
 * Defects: `match.paragraph`, `match.value`, `value.unsourced`.
 */
export function matchResults(run: Run, example: SourceExample, service: Service): Matches {
  const matched = new Set<number>();
  const defects: Defect[] = [];
  const claimed = run.executed.flatMap(({ evidence }, index) => (evidence === "claimed" ? [index] : []));
  if (example.domain === "web_agent") return matchWeb(run, example, service);
  if (example.domain === "interactive_bash") return matchCommands(run, example);
  if (example.domain === "interactive_sql") return { matched, defects: checkStatements(run, example) };
  if (example.domain === "maths") return { matched, defects };
  if (example.domain === "multimodal") return { matched: new Set(claimed.filter((index) => isQuoted(run.actions[index]?.node.result ?? "", example))), defects };
  const places = matchPlaces(run, example, service);
  for (const index of places.matched) matched.add(index);
  defects.push(...places.defects, ...unsourcedNames(run, example), ...foreignQuestions(run, example, service));
  matchAnswers(run, example, service, claimed, matched, defects);
  return { matched, defects };
}

/**
 * Answers against the result that their gold step states. Where a source states only the last step's, that is the gold answer under another name, which
 * no step of the plan is compared with: the final answer has its own check.
 */
function matchAnswers(run: Run, example: SourceExample, service: Service, claimed: readonly number[], matched: Set<number>, defects: Defect[]): void {
  const last = run.actions.length - 1;
  if (!example.gold_steps.slice(0, -1).every(({ result }) => result !== undefined)) return;
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

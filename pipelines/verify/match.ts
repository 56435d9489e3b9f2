import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import type { Run, Service } from "./align.ts";
import { evidencePlaces, namedPages, namedParagraphs } from "./places.ts";

/** Which claimed results equal what the source's authors wrote (by index), and which contradict it. */
export interface Matches {
  matched: ReadonlySet<number>;
  defects: Defect[];
}

/**
 * Compares the results that can't be run with the source. A paragraph or page is matched where an annotator of the source gives it
 * as evidence, an answer where the gold step it serves states it. In maths nothing is matched: the source states numbers, and the right number
 * says nothing of the operation that a tool was asked for. Defects: `match.paragraph`, `match.value`.
 */
export function matchResults(run: Run, example: SourceExample, service: Service): Matches {
  const matched = new Set<number>();
  const defects: Defect[] = [];
  const claimed = run.executed.flatMap(({ evidence }, index) => (evidence === "claimed" ? [index] : []));
  if (example.domain === "maths") return { matched, defects };
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

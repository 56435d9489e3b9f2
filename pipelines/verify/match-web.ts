import type { ActionTrace, AnswerEvidence } from "../../schemas/annotation.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { GoldAction, GoldStep, SourceExample } from "../../schemas/example.ts";
import { type PageFind, pageSearches, readQuery } from "../execution/tools/page-search.ts";
import { readWebCall } from "../execution/tools/web.ts";
import type { Run, Service } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";
import { meaningOf, operationFit } from "./web-step.ts";

interface WebMatches {
  matched: Set<number>;
  defects: Defect[];
  told: Map<number, Pick<ActionTrace, "evidence" | "note">>;
}

/**
 * Compares each action with the gold step it serves. It is matched where it does the same to the same element: no element of the page fits its query
 * better than one that is right, and operation and text are equal (see operationFit). `match.element`: its query does not mean that element (see
 * meaningOf); `match.value`: another operation or text; `answer.mismatch`: the plan does not end with what the source ends with.
 * An action between (what its query means is open) is claimed.
 */
export function matchWeb(run: Run, example: SourceExample, service: Service): WebMatches {
  const { gold_steps } = example;
  const searches = pageSearches(example);
  const matches: WebMatches = { matched: new Set(), defects: [], told: new Map(run.actions.map(({ index }) => [index, { evidence: "claimed", note: "serves no gold step" }])) };
  for (const [step, actions] of service.served) {
    const gold = gold_steps[step];
    const search = searches[step] ?? null;
    if (gold?.action === undefined || search === null) continue;
    for (const index of actions) {
      const action = run.actions[index];
      // A click that was joined is judged by what it is joined with.
      if (action === undefined || (action.node.tool !== gold.action.tool && isJoined(index, step, service))) continue;
      judge(action, gold, gold.action, search.find(readQuery(readWebCall(action.node.tool, action.node.args).query)), matches);
    }
  }
  matches.defects.push(...endsElsewhere(run, gold_steps, service));
  return matches;
}

/** What supports the outcome of a plan without results: the source's last step is its last action, and that is matched, or at least nothing speaks against it. */
export function judgeTrajectory(run: Run, { gold_steps }: SourceExample, { served }: Service, matched: ReadonlySet<number>): AnswerEvidence {
  const last = run.actions.length - 1;
  if (served.get(gold_steps.length - 1)?.has(last) !== true) return "none";
  return matched.has(last) ? "matched" : "copied";
}

/** It serves another step as well, or helps another action to serve this one. */
function isJoined(index: number, step: number, { served }: Service): boolean {
  return (served.get(step)?.size ?? 0) > 1 || [...served].some(([other, actions]) => other !== step && actions.has(index));
}

function judge(action: PlacedAction, gold: GoldStep, wanted: GoldAction, find: PageFind, { matched, defects, told }: WebMatches): void {
  const { node, subgoal, index } = action;
  const place = `in subgoal ${subgoal} action ${action.action}`;
  const same = operationFit(node, wanted) === 1;
  if (!same) {
    const { text } = readWebCall(node.tool, node.args);
    const done = text === "" ? node.tool : `${node.tool} '${shown(text)}'`;
    defects.push(defect("match.value", `${done} ${place} is not what the source does in gold step ${gold.id}: expected ${wanted.tool}${wanted.value === undefined ? "" : ` '${shown(wanted.value)}'`}.`, action));
  }
  const meaning = meaningOf(find);
  if (meaning === "wrong") {
    const found = find.best === null || find.best.fit <= find.fit ? "does not fit" : `fits [${find.best.element.tag}] ${shown(find.best.element.text)} better than`;
    defects.push(defect("match.element", `The query ${place} ${found} the element of gold step ${gold.id} (rank ${find.rank} of ${find.of}): expected ${shown(wanted.target)}.`, action));
  }
  const isMatched = same && meaning === "right";
  if (isMatched) matched.add(index);
  told.set(index, { evidence: isMatched ? "matched" : "claimed", note: noteOf(find, wanted) });
}

function noteOf({ best, rank, of, fit }: PageFind, wanted: GoldAction): string {
  const gold = shown(wanted.target);
  if (of > 0 && fit === 0) return `not found among ${of}: ${gold}`;
  if (of === 0) return `${fit === 0 ? "unlike" : "described as"} ${gold}; the page is not known`;
  const found = rank === 1 || best === null ? "" : `, first [${best.element.tag}] ${shown(best.element.text)}`;
  return `rank ${rank} of ${of}: ${gold}${found}`;
}

/** Where the source's last step is served, but not by the plan's last action: what the plan does after it leads elsewhere. */
function endsElsewhere({ actions }: Run, steps: readonly GoldStep[], { served }: Service): Defect[] {
  const last = actions.at(-1);
  const gold = steps.at(-1);
  const by = served.get(steps.length - 1);
  if (last === undefined || gold === undefined || by === undefined || by.size === 0 || by.has(last.index)) return [];
  return [defect("answer.mismatch", `The plan goes on after the source's last step ${gold.id}: expected it to end with ${shown(gold.text)}.`, last)];
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

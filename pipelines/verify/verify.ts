import type { ActionTrace, AnswerEvidence, Evidence, Verdict } from "../../schemas/annotation.ts";
import { type Defect, defect, highestLevel, type Level, levelRank } from "../../schemas/defect.ts";
import type { Domain } from "../../schemas/domain.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import { type ExecutedAction, executePlan } from "../execution/execute.ts";
import { withGoldRows } from "../execution/sql/example.ts";
import { judgeCommand } from "./align-commands.ts";
import { givesGold } from "./align-statements.ts";
import { alignPlan, servesAll } from "./align.ts";
import type { Run, Service } from "./service.ts";
import { checkPlan, inOrderOfPlace } from "./check.ts";
import { checkSources } from "./check-sources.ts";
import { checkChoice, isGoldAnswer } from "./choices.ts";
import { dependencies, placedActions, restsOn } from "./dataflow.ts";
import { checkLeaks } from "./leak.ts";
import { matchResults, type Matches } from "./match.ts";
import { judgeTrajectory } from "./match-web.ts";
import { givenNumbers, type SourcedLiteral, sourceLiterals } from "./sourced.ts";
import { tellingNumbers } from "./telling.ts";

export interface VerifyOptions {
  domain: Domain;
  /** The source example with its gold; without one nothing above `well_formed` is reached. */
  example: SourceExample | null;
  /** The highest level that an annotation of the dataset can reach. */
  topLevel: Level;
  /** The final result was copied from the gold answer, not derived. */
  answerCopied?: boolean;
  /** What the parser found wrong. */
  parseDefects?: readonly Defect[];
}

/**
 * Runs a plan, compares it with its source and says how far it is supported: its level and every defect, the evidence of each result and of
 * the answer, and the gold steps its subgoals serve. Deterministic; never throws on what a model wrote.
 */
export function verifyPlan(plan: Plan, { domain, example, topLevel, answerCopied = false, parseDefects = [] }: VerifyOptions): Verdict {
  const actions = placedActions(plan);
  const { actions: executed } = executePlan(plan, domain, example?.materials ?? null);
  const run: Run = { actions, executed, uses: dependencies(actions) };
  const found = [...checkPlan(plan, domain), ...executed.flatMap((action) => action.defect ?? [])];
  const compared = example === null ? UNCOMPARED(plan) : compare(plan, run, withGoldRows(example), { answerCopied, topLevel, domain });
  const defects = withoutRepeats(parseDefects, inOrderOfPlace([...found, ...compared.defects]));
  const trace = executed.map((action, index) => ({ ...traceOf(action, compared.matched.has(index)), ...compared.told?.get(index) }));
  const evidence = { computed: 0, contradicted: 0, matched: 0, claimed: 0 } satisfies Record<Evidence, number>;
  for (const { evidence: kind } of trace) if (kind !== null) evidence[kind] += 1;
  const reachable = (["parsed", "well_formed", ...compared.reachable] as const).filter(
    (level) => levelRank(level) <= levelRank(topLevel),
  );
  return { level: highestLevel(defects, reachable), defects, trace, evidence, answer: compared.answer, alignment: compared.alignment };
}

/** The parser's defects, and the others that it has not found at the same place already. */
function withoutRepeats(parsed: readonly Defect[], others: readonly Defect[]): Defect[] {
  const place = ({ code, subgoal, action }: Defect) => `${code} ${subgoal}-${action}`;
  const known = new Set(parsed.map(place));
  return [...parsed, ...others.filter((each) => !known.has(place(each)))];
}

/** What comparing a run with its source adds. `reachable`: the levels whose conditions hold, defects aside. */
interface Comparison extends Pick<Verdict, "answer" | "alignment">, Matches {
  reachable: ("aligned" | "proven")[];
}

const UNCOMPARED = (plan: Plan): Comparison => ({
  answer: "none",
  alignment: plan.subgoals.map((_, index) => ({ subgoal: index + 1, gold: [] })),
  defects: [],
  matched: new Set(),
  reachable: [],
});

function compare(plan: Plan, run: Run, example: SourceExample, options: { answerCopied: boolean; topLevel: Level; domain: Domain }): Comparison {
  const given = givenNumbers(example);
  const sourced = sourceLiterals(run.executed, given);
  const { alignment, defects: alignmentDefects, service } = alignPlan(run, example, plan.subgoals.length);
  const { defects: matchDefects, ...matches } = matchResults(run, example, service);
  const { matched } = matches;
  const last = run.actions.length - 1;
  const rests = last < 0 ? new Set<number>() : restsOn(last, dependencies(run.actions, (index) => repeated(sourced, index)));
  const sources = checkSources({ ...run, sourced, rests, twice: given.twice, telling: servesAll(service) ? null : tellingNumbers(run, sourced, given), domain: options.domain }, example);
  const final = run.executed[last];
  const disputed = disputedBySource(example, service, rests);
  const copied = options.answerCopied || sources.copiesAnswer;
  const judged =
    example.domain === "web_agent" ? judgeTrajectory(run, example, service, matched)
    : example.domain === "interactive_bash" ? judgeCommand(run, example)
    : judgeAnswer(final, follows(run, rests, matched, example), example, copied);
  const answer = disputed === null ? judged : "none";
  const supported = [...rests].every((index) => isSupported(run.executed[index], matched.has(index)));
  const correct = answer !== "none";
  return {
    answer,
    alignment,
    ...matches,
    defects: [
      ...alignmentDefects,
      ...matchDefects,
      ...sources.defects,
      ...checkLeaks(plan, run.executed, given),
      ...(disputed === null ? answerDefects(run, answer, example, options.topLevel) : disputedDefects(final, example, disputed)),
    ],
    reachable: [
      ...(correct && servesAll(service) ? (["aligned"] as const) : []),
      ...(correct && answer !== "copied" && supported ? (["proven"] as const) : []),
    ],
  };
}

/** The earlier actions whose results a formula repeats as numbers: the answer rests on them as on any variable. */
function repeated(sourced: readonly SourcedLiteral[][], index: number): number[] {
  return (sourced[index] ?? []).flatMap(({ repeats }) => (repeats === null ? [] : [repeats]));
}

function isSupported(action: ExecutedAction | undefined, matched: boolean): boolean {
  return action?.evidence === "computed" || (action?.evidence === "claimed" && matched);
}

/**
 * Whether a final result that can't be run here follows from the source all the same: it is matched itself, or rests on a result that is matched or
 * computed. In maths, where a step either is run or proves nothing, it never does.
 */
function follows({ executed }: Run, rests: ReadonlySet<number>, matched: ReadonlySet<number>, { domain }: SourceExample): boolean {
  return domain !== "maths" && [...rests].some((index) => isSupported(executed[index], matched.has(index)));
}

function judgeAnswer(final: ExecutedAction | undefined, matched: boolean, example: SourceExample, copied: boolean): AnswerEvidence {
  if (final === undefined || final.claimed.trim() === "" || example.answer.trim() === "") return "none";
  if (!isGold(final, example)) return "none";
  if (copied) return "copied";
  if (final.evidence === "computed") return "computed";
  return final.evidence === "claimed" && matched ? "matched" : "copied";
}

/** A statement that is run is judged by all its rows, of which a result may show some. */
function isGold(final: ExecutedAction, example: SourceExample): boolean {
  if (example.domain !== "interactive_sql") return isGoldAnswer(final.claimed, example);
  if (final.computed === null) return final.claimed.trim() === example.answer;
  return givesGold(final, example) && saysItsRows(example);
}

/** Whether a gold answer that is written as rows is what the gold statement gives: else the source contradicts itself. */
function saysItsRows(example: SourceExample): boolean {
  return !example.answer.startsWith("[(") || withGoldRows({ ...example, answer: "" }).answer === example.answer;
}

/**
 * What the source's last step with a result states, where that is not the gold answer and the final result does not rest on it; else null.
 * Then source and gold contradict each other, and a plan that ends in gold by another way may just stop at a step that happens to equal it.
 */
function disputedBySource(example: SourceExample, { served }: Service, rests: ReadonlySet<number>): string | null {
  const results = example.gold_steps.map(({ operations, result }) => operations?.at(-1)?.result ?? result);
  const step = results.findLastIndex((each) => each !== undefined);
  const result = results[step];
  if (example.domain !== "maths" || result === undefined || example.answer.trim() === "" || sameAnswer(result, example.answer, example.answer_aliases)) return null;
  return [...(served.get(step) ?? [])].some((index) => rests.has(index)) ? null : result;
}

function disputedDefects(final: ExecutedAction | undefined, example: SourceExample, result: string): Defect[] {
  if (final === undefined || final.claimed.trim() === "") return [];
  const [claimed, gold, stated] = [final.claimed, example.answer, result].map((text) => text.slice(0, 80));
  const is = sameAnswer(final.claimed, example.answer, example.answer_aliases) ? `is the gold answer ${gold}, but` : `is not the gold answer ${gold}, and`;
  return [defect("answer.mismatch", `The final result ${claimed} ${is} the source's last step gives ${stated} and the plan does not use it.`, final)];
}

function answerDefects({ executed }: Run, answer: AnswerEvidence, example: SourceExample, topLevel: Level): Defect[] {
  const final = executed.at(-1);
  if (final === undefined || final.claimed.trim() === "" || example.answer.trim() === "") return [];
  const claimed = final.claimed.slice(0, 80);
  if (answer === "none") {
    const choice = checkChoice(final.claimed, example, final);
    if (choice !== null) return [choice];
    return [defect("answer.mismatch", `The final result ${claimed} is not the gold answer ${example.answer.slice(0, 80)}.`, final)];
  }
  // Where results can't be run, a copied answer says nothing that the level does not.
  if (answer !== "copied" || topLevel !== "proven") return [];
  return [
    defect("answer.copied", `The final result ${claimed} equals the gold answer but follows from no computed or matched result: derive it.`, final),
  ];
}

function traceOf({ subgoal, action, claimed, computed, evidence, note }: ExecutedAction, matched: boolean): ActionTrace {
  const isMatch = matched && evidence === "claimed";
  // The note of a claim says why it was not run; that of a run, what it found.
  const said = isMatch && computed === null ? "as the source has it" : note;
  return { subgoal, action, claimed, computed, evidence: isMatch ? "matched" : evidence, ...(said === undefined ? {} : { note: said }) };
}

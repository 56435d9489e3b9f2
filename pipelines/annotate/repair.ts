import { barredLevels, type Defect, type Level, levelRank, LEVELS } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { oneLine } from "../llm/line.ts";
import type { ReplyForm } from "../llm/request.ts";
import { printPlan } from "../plan/print.ts";
import type { RepairRequest, RepairScope } from "../prompts/repair.ts";
import { dependencies, placedActions, restsOn } from "../verify/dataflow.ts";
import type { Candidate } from "./candidates.ts";

/** Longer plans and replies go back cut: the longest real ones have some 5,000 characters. */
const MAX_SHOWN = 12_000;
const MAX_PROBLEMS = 12;
const MAX_PROBLEM = 500;

/**
 * What to ask a model about a plan of its own that fell short of `topLevel`; null where there is nothing to be said that would help.
 * Only what bars a level that the source can reach is worth a repair, never a warning: `value.unsourced` not where `aligned` is the top.
 * @param tried the best of the last corrections of this plan, which was no better
 */
export function repairOf(candidate: Candidate, tried: Candidate | null, example: SourceExample, topLevel: Level, form: ReplyForm): RepairRequest | null {
  const faults = faultsOf(candidate, example, topLevel);
  if (faults.length === 0) return null;
  const plan = candidate.plan === null ? candidate.content : printPlan(candidate.plan, form);
  return {
    plan: shown(plan),
    problems: problemsOf(faults),
    scope: plan.length > MAX_SHOWN ? "plan" : scopeOf(candidate, faults),
    tried: tried === null ? null : { reply: shown(tried.content), problems: problemsOf(faultsOf(tried, example, topLevel)) },
  };
}

/** Something to mend: where, and what to say of it. */
interface Fault {
  code: Defect["code"] | "unsupported";
  subgoal: number | null;
  problem: string;
}

function faultsOf({ plan, verdict, defects }: Candidate, example: SourceExample, topLevel: Level): Fault[] {
  if (plan === null || verdict === null) {
    const said = defects.length > 0 ? defects.map(({ message }) => message) : ["No plan could be read from the reply."];
    return said.map((problem) => ({ code: "parse.no_plan", subgoal: null, problem }));
  }
  const wanted: ReadonlySet<Level> = new Set(LEVELS.slice(levelRank(verdict.level) + 1, levelRank(topLevel) + 1));
  const barring = defects.filter(({ code }) => barredLevels(code).some((level) => wanted.has(level)));
  return [...barring.map((each) => faultOf(each, example)), ...(wanted.has("proven") ? unsupported(candidateRun(plan), verdict.trace, barring) : [])];
}

function faultOf(each: Defect, example: SourceExample): Fault {
  const { code, subgoal, action } = each;
  const place = subgoal === null ? "" : `Subgoal ${subgoal}${action === null ? "" : ` action ${action}`}: `;
  const message = withoutGold(each, example);
  return { code, subgoal, problem: /^subgoal [0-9]/i.test(message) ? message : `${place}${message}` };
}

/** What a defect says, without what the source holds beyond the task, the rationale and the answer that the model was given. */
function withoutGold({ code, message }: Defect, example: SourceExample): string {
  if (code === "gold.missing_step") return missingStep(message, example);
  if (!code.startsWith("match.")) return message;
  const expected = message.indexOf(": expected ");
  return expected === -1 ? message : `${message.slice(0, expected)}: follow the rationale.`;
}

function missingStep(message: string, { gold_steps, rationale }: SourceExample): string {
  const known = fold(rationale);
  const step = gold_steps.find(({ id }) => message.includes(`gold step ${id}:`));
  const formulas = (step?.operations ?? []).map(({ formula, result }) => `${formula}=${result}`);
  const told = [step?.text, step?.question, ...formulas].find((text) => text !== undefined && text.trim() !== "" && known.includes(fold(text)));
  const which = step === undefined ? "A step" : `Step ${gold_steps.indexOf(step) + 1} of ${gold_steps.length}`;
  return `${which} of the rationale is carried out by no subgoal${told === undefined ? "" : `: '${oneLine(told, 300)}'`}.`;
}

function fold(text: string): string {
  return text.replace(/<<[^<>]{0,200}>>|\s+/g, "").toLowerCase();
}

type PlannedRun = ReturnType<typeof candidateRun>;

function candidateRun(plan: NonNullable<Candidate["plan"]>) {
  const actions = placedActions(plan);
  return { actions, rests: restsOn(actions.length - 1, dependencies(actions)) };
}

/** Results that the answer rests on and only the model says so. */
function unsupported({ actions, rests }: PlannedRun, trace: NonNullable<Candidate["verdict"]>["trace"], barring: readonly Defect[]): Fault[] {
  return trace.flatMap(({ evidence, claimed, note }, index): Fault[] => {
    const place = actions[index];
    if (place === undefined || evidence !== "claimed" || !rests.has(index)) return [];
    const { subgoal, action } = place;
    if (barring.some((each) => each.subgoal === subgoal && each.action === action)) return [];
    const why = note === undefined ? "" : ` (${oneLine(note, 160).replace(/\.$/, "")})`;
    const problem = `Subgoal ${subgoal} action ${action}: nothing supports its result '${oneLine(claimed, 80)}'${why}. Work it out by a tool that calculates, or give it as the rationale states it.`;
    return [{ code: "unsupported", subgoal, problem }];
  });
}

/** What only shows at the end of a plan, wherever its cause is. */
const EFFECTS: ReadonlySet<Fault["code"]> = new Set(["answer.mismatch", "answer.copied"]);

/**
 * The subgoals that have faults, where these are where the faults come from; the whole plan where a subgoal is missing or the fault is
 * nowhere in particular. A gold step may be missing only because the subgoal for it is wrong: where there are as many that serve none, these first.
 */
function scopeOf({ plan, verdict }: Candidate, faults: readonly Fault[]): RepairScope {
  const missing = faults.filter(({ code }) => code === "gold.missing_step");
  const causes = faults.filter(({ code, subgoal }) => subgoal !== null && !EFFECTS.has(code));
  const placeless = faults.some(({ code, subgoal }) => subgoal === null && code !== "gold.missing_step");
  const free = verdict?.alignment.filter(({ gold }) => gold.length === 0) ?? [];
  if (plan === null || placeless || missing.length > free.length || (missing.length > 0 && causes.length === 0)) return "plan";
  if (causes.length === 0) return plan.subgoals.length === 1 ? "plan" : "changed";
  const concerned = [...new Set(faults.flatMap(({ subgoal }) => subgoal ?? []))].sort((a, b) => a - b);
  return concerned.length === plan.subgoals.length ? "plan" : concerned;
}

function problemsOf(faults: readonly Fault[]): string[] {
  const said = [...new Set(faults.map(({ problem }) => oneLine(problem, MAX_PROBLEM)))];
  const more = said.length - MAX_PROBLEMS;
  return more > 0 ? [...said.slice(0, MAX_PROBLEMS), `${more} more.`] : said;
}

function shown(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n…` : text;
}

import type { Verdict } from "../../schemas/annotation.ts";
import { type Defect, type DefectCode, defect, type Level, levelRank } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import { readReply } from "../llm/reply.ts";
import type { RawReply } from "../llm/reply.ts";
import { parsePlan } from "../plan/parse.ts";
import type { RepairScope } from "../prompts/repair.ts";
import { verifyPlan } from "../verify/verify.ts";
import { type Reading, readingsOf } from "./corrections.ts";

/** A reply with something in it to work with: a plan and what the checks say of it, or words that no plan could be read from. */
export interface Candidate {
  /** The reply as the model wrote it, its thinking aside. */
  content: string;
  plan: Plan | null;
  /** Null where there is no plan. */
  verdict: Verdict | null;
  /** Of the parser alone. */
  parseDefects: readonly Defect[];
  defects: readonly Defect[];
  /** How many corrections it took, one upon the other. */
  repairs: number;
  /** The codes of what it corrects, and of what that corrected. */
  had: ReadonlySet<DefectCode>;
}

/** `candidate` is null where only asking again can help (`llm.*`). */
interface JudgedReply {
  candidate: Candidate | null;
  defects: readonly Defect[];
}

/** What a reply corrects. */
export interface Base {
  candidate: Candidate;
  scope: RepairScope;
}

/** Reads, parses, checks and runs a reply; one that corrects a plan is taken in the reading that holds best. Total. */
export function judgeReply(reply: RawReply, example: SourceExample, topLevel: Level, base: Base | null): JudgedReply {
  const { content, defects } = readReply(reply);
  if (defects.length > 0) return { candidate: null, defects };
  const parsed = parsePlan(content);
  const line =
    base === null
      ? { content, repairs: 0, had: NOTHING }
      : { content, repairs: base.candidate.repairs + 1, had: new Set([...base.candidate.had, ...base.candidate.defects.map(({ code }) => code)]) };
  const readings = readingsOf(content, parsed, correctedBy(base));
  const candidates = readings.map((reading) => checked(reading, line, example, topLevel));
  const candidate = candidates.reduce<Candidate | null>(better, null) ?? unread(line, parsed.plan === null ? parsed.defects : [UNPLACED]);
  return { candidate, defects: candidate.defects };
}

/** The better of two: that of the higher level, then that with fewer errors, then the first. */
export function better(first: Candidate | null, second: Candidate): Candidate {
  if (first === null) return second;
  const difference = rank(second) - rank(first) || errors(first) - errors(second);
  return difference > 0 ? second : first;
}

/** Whether nothing higher can be reached. */
export function isTop({ verdict }: Candidate, topLevel: Level): boolean {
  return verdict !== null && levelRank(verdict.level) >= levelRank(topLevel);
}

const NOTHING: ReadonlySet<DefectCode> = new Set();

const UNPLACED = defect(
  "parse.no_plan",
  "The reply holds subgoals that are neither numbered as a whole plan nor as parts of the plan to be corrected; expected the numbers of that plan.",
);

function correctedBy(base: Base | null): Parameters<typeof readingsOf>[2] {
  if (base === null || base.candidate.plan === null) return null;
  return { plan: base.candidate.plan, parseDefects: base.candidate.parseDefects, scope: base.scope };
}

type Line = Pick<Candidate, "content" | "repairs" | "had">;

function checked({ plan, parseDefects }: Reading, line: Line, example: SourceExample, topLevel: Level): Candidate {
  const verdict = verifyPlan(plan, { domain: example.domain, example, topLevel, parseDefects });
  return { ...line, plan, verdict, parseDefects, defects: verdict.defects };
}

function unread(line: Line, defects: readonly Defect[]): Candidate {
  return { ...line, plan: null, verdict: null, parseDefects: defects, defects };
}

/** No plan, a plan of no level, then the levels. */
function rank({ verdict }: Candidate): number {
  return verdict === null ? -2 : levelRank(verdict.level);
}

function errors({ defects }: Candidate): number {
  return defects.filter(({ severity }) => severity === "error").length;
}

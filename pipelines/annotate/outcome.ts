import type { Annotation, Verdict } from "../../schemas/annotation.ts";
import type { Defect, DefectCode, Level } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { FailureReason } from "../llm/failure.ts";
import type { Usage } from "../llm/reply.ts";

/** One request to a model for an example, answered now or found among the kept replies. `level` and `defects` of a repair are those of the plan it makes. */
export interface Attempt {
  model: string;
  ask: number;
  sample: number;
  kind: "ask" | "repair";
  /** The level that its plan reached, alone; null where it reached none. */
  level: Level | null;
  /** The hash under which the reply is kept; null where none came. */
  reply: string | null;
  /** It was answered in an earlier run: nothing was sent, nothing paid. */
  cached: boolean;
  /** What became of it: the level its plan reached, `no_plan`, `unusable` (an `llm.*` defect), or why no reply came. */
  outcome: Level | "no_plan" | "unusable" | FailureReason;
  defects: readonly Defect[];
  usage: Usage | null;
  latency_ms: number;
}

/** How a plan came to be what it is: the corrections it took, one upon the other, and the codes that these made go away (each once, sorted). */
interface Repaired {
  repairs: number;
  repaired: DefectCode[];
}

/** What became of one example. Nothing else can: an annotator's mistakes are thrown, never turned into one of these. */
export type Outcome =
  | ({ state: "annotated"; annotation: Annotation; answer_copied: boolean; attempts: Attempt[] } & Repaired)
  | ({ state: "quarantined"; defects: Defect[]; plan: Plan | null; verdict: Verdict | null; attempts: Attempt[] } & Repaired)
  | { state: "skipped"; reason: string; detail: string }
  | { state: "failed"; reason: string; detail: string; fatal: boolean; attempts: Attempt[] };

interface Judged extends Partial<Repaired> {
  /** Null where no plan could be read. */
  plan: Plan | null;
  /** Null where there is no plan. */
  verdict: Verdict | null;
  /** What is wrong with the reply, where there is no verdict to say so. */
  defects: readonly Defect[];
  attempts: Attempt[];
  byConstruction: boolean;
  answerCopied: boolean;
}

/** A well-formed plan is annotated, whatever its level; anything less is quarantined, with what there is of it. */
export function planOutcome({ plan, verdict, defects, attempts, byConstruction, answerCopied, repairs = 0, repaired = [] }: Judged): Outcome {
  const common = { attempts, repairs, repaired };
  if (plan === null || verdict === null) return { state: "quarantined", defects: [...defects], plan, verdict, ...common };
  if (verdict.level === null || verdict.level === "parsed") return { state: "quarantined", defects: verdict.defects, plan, verdict, ...common };
  return { state: "annotated", annotation: { plan, verdict, by_construction: byConstruction }, answer_copied: answerCopied, ...common };
}

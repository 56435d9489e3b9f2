import type { AnswerEvidence, Evidence } from "../../../schemas/annotation.ts";
import type { Level } from "../../../schemas/defect.ts";

/** What the server says, as `/api/…` gives it. Every text in it is foreign and is shown as text only. */
export interface Session {
  store: string;
  annotations: number;
  orders: readonly string[];
  filters: {
    datasets: readonly { dataset: string; annotations: number }[];
    annotators: readonly { annotator: string; annotations: number }[];
    levels: readonly { level: string; annotations: number }[];
    defects: readonly { code: string; annotations: number }[];
  };
  start: Partial<Record<"order" | "seed" | "dataset" | "annotator" | "level" | "defect", string | number | null>> & { twice?: number | null };
  reasons: readonly string[];
  reviewers: readonly string[];
}

export type Verdict = "accept" | "reject" | "edit" | "skip";

export interface QueueItem {
  id: string;
  variant: string;
  dataset: string;
  task: string;
  level: Level | null;
  defects: readonly string[];
  /** The reviewer's own, where it stands. */
  verdict: Verdict | null;
  /** Drawn to be reviewed by two. */
  second: boolean;
}

export interface QueuePage {
  total: number;
  /** Accepted, rejected or edited by this reviewer. */
  decided: number;
  skipped: number;
  /** The place of the first one that this reviewer has neither decided nor skipped; null where there is none. */
  next: number | null;
  items: readonly QueueItem[];
}

export interface RationaleStep {
  /** The gold step's id; null where the text is no step of its own. */
  step: string | null;
  n: number | null;
  text: string;
  question?: string;
  result?: string;
  /** Paragraphs that the source's authors needed for it. */
  cites?: readonly string[];
}

export interface ShownAction {
  n: number;
  tool: string;
  args: string;
  output: string;
  claimed: string;
  computed: string | null;
  evidence: Evidence | null;
  note?: string | null;
}

export interface ShownSubgoal {
  n: number;
  text: string;
  gold: readonly string[];
  actions: readonly ShownAction[];
}

export interface ShownDefect {
  code: string;
  severity: "error" | "warning";
  subgoal: number | null;
  action: number | null;
  message: string;
}

export interface ShownReview {
  reviewer: string;
  verdict: Verdict;
  reason?: string | null;
  note?: string | null;
  /** Of an edit: the text as it was saved. */
  plan?: string | null;
  /** False where the annotation has got another plan since. */
  current: boolean;
}

/** A plan as it was checked and run: what the annotation holds, and what a check of an edit says. */
export interface CheckedPlan {
  level: Level | null;
  answer: AnswerEvidence;
  subgoals: readonly ShownSubgoal[];
  defects: readonly ShownDefect[];
}

export interface Annotation extends CheckedPlan {
  id: string;
  variant: string;
  dataset: string;
  domain: string;
  annotator: string;
  model: string | null;
  by_construction: boolean;
  top_level: Level;
  task: string;
  context: readonly { title: string; text: string }[];
  gold_answer: string;
  unit: string | null;
  rationale: readonly RationaleStep[];
  plan_text: string;
  plan_hash: string;
  own: ShownReview | null;
  others: readonly ShownReview[];
}

export interface Check extends CheckedPlan {
  parses: boolean;
}

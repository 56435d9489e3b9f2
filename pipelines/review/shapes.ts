import type { AnswerEvidence, Evidence } from "../../schemas/annotation.ts";
import type { Defect, Level } from "../../schemas/defect.ts";
import type { Queue, ReviewVerdict } from "../../schemas/review.ts";

/** How a session begins: what `/api/session` gives. The shapes of this file are what the server answers and the page reads; every text in them is foreign, and shown as text only. */
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

export interface QueueItem {
  id: string;
  variant: string;
  dataset: string;
  task: string;
  level: Level | null;
  defects: readonly string[];
  /** The reviewer's own; in an order at random only of what was drawn. */
  verdict: ReviewVerdict | null;
  /** Drawn to be reviewed by two. */
  second: boolean;
}

/** A piece of a reviewer's queue. */
export interface QueuePage {
  /** In the whole queue. */
  total: number;
  /** Accepted, rejected or edited by this reviewer. */
  decided: number;
  skipped: number;
  /** The place of the first one that this reviewer has neither decided nor skipped; null where there is none. */
  next: number | null;
  items: readonly QueueItem[];
}

/** A line of the rationale. */
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
  note: string | null;
}

export interface ShownSubgoal {
  n: number;
  text: string;
  /** The gold steps that it serves. */
  gold: readonly string[];
  actions: readonly ShownAction[];
}

export interface ShownReview {
  id: number;
  reviewer: string;
  verdict: ReviewVerdict;
  reason: string | null;
  note: string | null;
  queue: Queue;
  /** Of an edit: the text as it was saved. */
  plan: string | null;
  /** False where the annotation has got another plan since. */
  current: boolean;
  created_at: string;
}

/** A plan as it was checked and run. */
export interface CheckedPlan {
  level: Level | null;
  answer: AnswerEvidence;
  subgoals: readonly ShownSubgoal[];
  defects: readonly Defect[];
}

/** An annotation as a reviewer sees it: raw texts, cut where they are long. */
export interface Annotation extends CheckedPlan {
  id: string;
  variant: string;
  dataset: string;
  domain: string;
  annotator: string;
  model: string | null;
  by_construction: boolean;
  top_level: Level;
  repairs: number;
  repaired: readonly string[];
  task: string;
  /** What the task comes with: its environment, choices, paragraphs, pages, tables. */
  context: readonly { title: string; text: string }[];
  gold_answer: string;
  unit: string | null;
  rationale: readonly RationaleStep[];
  plan_text: string;
  plan_hash: string;
  own: ShownReview | null;
  /** Of others; empty until this reviewer has decided: nobody is told what to think. */
  others: readonly ShownReview[];
}

/** What a check of an edit says. */
export interface Check extends CheckedPlan {
  parses: boolean;
}

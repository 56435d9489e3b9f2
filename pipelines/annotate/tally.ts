import type { State } from "../../schemas/annotation.ts";
import type { DefectCode, Level } from "../../schemas/defect.ts";

/** What was asked of a model in a run. `costUsd` is null where no price is known. */
export interface ReplyCounts {
  requests: number;
  cacheHits: number;
  promptTokens: number;
  cachedPromptTokens: number;
  completionTokens: number;
  costUsd: number | null;
}

/** The summary of a run, with the keys that scripts rely on. `examples` = `annotated` + `quarantined` + `skipped` + `failed`. */
export interface AnnotateSummary {
  run: string;
  dataset: string;
  annotator: string;
  examples: number;
  annotated: number;
  levels: Record<Level, number>;
  quarantined: number;
  skipped: number;
  failed: number;
  stored_before: number;
  skipped_reasons: Record<string, number>;
  defects: Record<string, number>;
  repaired: number;
  requests: number;
  cache_hits: number;
  prompt_tokens: number;
  cached_prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number | null;
  seconds: number;
}

/** What the tally has to know of one outcome, made now or stored before. */
export interface OutcomeView {
  state: State;
  reason?: string | null;
  level?: Level | null;
  codes?: readonly DefectCode[];
  repaired?: readonly DefectCode[];
}

/** Counts every selected record once. */
export interface Tally {
  readonly examples: number;
  readonly storedBefore: number;
  readonly states: Readonly<Record<State, number>>;
  readonly levels: Readonly<Record<Level, number>>;
  readonly defects: ReadonlyMap<string, number>;
  add(outcome: OutcomeView, before: boolean): void;
  summary(about: { run: string; dataset: string; annotator: string; replies: ReplyCounts; seconds: number }): AnnotateSummary;
}

export function createTally(): Tally {
  const states: Record<State, number> = { annotated: 0, quarantined: 0, skipped: 0, failed: 0 };
  const levels: Record<Level, number> = { parsed: 0, well_formed: 0, aligned: 0, proven: 0 };
  const reasons = new Map<string, number>();
  const defects = new Map<string, number>();
  let examples = 0;
  let storedBefore = 0;
  let repaired = 0;
  const increment = (counts: Map<string, number>, key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  return {
    get examples() {
      return examples;
    },
    get storedBefore() {
      return storedBefore;
    },
    states,
    levels,
    defects,
    add(outcome, before) {
      examples += 1;
      states[outcome.state] += 1;
      if (before) storedBefore += 1;
      if (outcome.level) levels[outcome.level] += 1;
      if (outcome.state === "skipped") increment(reasons, outcome.reason ?? "unknown");
      for (const code of new Set(outcome.codes)) increment(defects, code);
      if (outcome.repaired && outcome.repaired.length > 0) repaired += 1;
    },
    summary: ({ run, dataset, annotator, replies, seconds }) => ({
      run,
      dataset,
      annotator,
      examples,
      annotated: states.annotated,
      levels: { ...levels },
      quarantined: states.quarantined,
      skipped: states.skipped,
      failed: states.failed,
      stored_before: storedBefore,
      skipped_reasons: byCount(reasons),
      defects: byCount(defects),
      repaired,
      requests: replies.requests,
      cache_hits: replies.cacheHits,
      prompt_tokens: replies.promptTokens,
      cached_prompt_tokens: replies.cachedPromptTokens,
      completion_tokens: replies.completionTokens,
      cost_usd: replies.costUsd,
      seconds,
    }),
  };
}

/** Most first; equal counts by name. */
function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

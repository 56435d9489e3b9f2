import type { Store } from "../store/open.ts";

/** What counts as a duplicate: the same folded task text, or the same canonical plan (sentences and actions, variables renamed, numbers normalised). */
const DUPLICATE_KINDS = ["task", "plan"] as const;
type DuplicateKind = (typeof DUPLICATE_KINDS)[number];

export interface DedupeOptions {
  /** Default: both. */
  by?: readonly DuplicateKind[];
  /** ISO 8601: when the marks are made. */
  now: string;
}

export interface DedupeSummary {
  /** Compared: annotated examples, and their annotations. */
  examples: number;
  annotations: number;
  /** `duplicate_task` counts examples, `duplicate_plan` annotations. */
  dropped: { duplicate_task: number; duplicate_plan: number };
}

/**
 * Marks duplicates over all datasets of the store, each with what is kept in its place and why. Nothing is deleted: exports leave marked ones
 * out. Kept is the highest level, then the fewest repairs, then the first by dataset name, file and position. The marks are made anew each
 * time, so that a second call changes nothing and new annotations are judged like old ones.
 */
export function dedupe(store: Store, options: DedupeOptions): DedupeSummary {
  const by = new Set(options.by ?? DUPLICATE_KINDS);
  return store.transaction(() => {
    store.clearDuplicates();
    const compared = store.countCompared();
    const tasks = by.has("task") ? store.markDuplicateTasks(options.now) : 0;
    const plans = by.has("plan") ? store.markDuplicatePlans(options.now) : 0;
    return { ...compared, dropped: { duplicate_task: tasks, duplicate_plan: plans } };
  });
}

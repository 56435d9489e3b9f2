import { LumosError } from "../../schemas/errors.ts";
import type { DuplicateMark } from "../store/drops.ts";
import type { Store } from "../store/open.ts";
import { chooseKept, clustersOf, findNearPairs, NEAR_DEFAULTS, type NearOptions } from "./near.ts";

/**
 * What counts as a duplicate: `task`, the same folded text; `near`, the same problem told a little differently; `plan`, the same canonical plan (sentences and
 * actions, variables renamed, numbers normalised).
 */
export const DUPLICATE_WAYS = ["task", "near", "plan"] as const;
export type DuplicateWay = (typeof DUPLICATE_WAYS)[number];

export interface DedupeOptions {
  /** Default: all of them. */
  by?: readonly DuplicateWay[];
  near?: Partial<NearOptions>;
  /** Compare only these; default: all of the store. */
  datasets?: readonly string[];
  /** Leave the store as it was. */
  dryRun?: boolean;
  /** Called with each mark, in order. */
  onMark?: (mark: DuplicateMark) => void;
  /** ISO 8601: when the marks are made. */
  now: string;
}

export interface DedupeSummary {
  /** Compared: annotated examples, and their annotations. */
  examples: number;
  annotations: number;
  /** `duplicate_task` and `near_duplicate` count examples, `duplicate_plan` annotations. */
  dropped: { duplicate_task: number; near_duplicate: number; duplicate_plan: number };
  /** Groups of near-duplicates, which belong on one side of a split. */
  clusters: number;
}

/**
 * Marks duplicates over all datasets of the store, each with what is kept in its place and why. Nothing is deleted: exports leave marked ones
 * out. Kept is the highest level, then the fewest repairs, then the first by dataset name, file and position; examples that decontamination excludes are
 * kept in place of none, and those of evaluation sets are compared with each other alone. All marks are made anew each time, so that a second call changes nothing and new
 * annotations are judged like old ones.
 * @throws LumosError `not_found` where the store has no annotation of `datasets`.
 */
export function dedupe(store: Store, options: DedupeOptions): DedupeSummary {
  const by = new Set(options.by ?? DUPLICATE_WAYS);
  const datasets = options.datasets ?? null;
  const mark = (): DedupeSummary => {
    store.clearDuplicates();
    const compared = store.countCompared(datasets);
    if (datasets !== null && compared.examples === 0) throw new LumosError("not_found", `${store.file} has no annotation of ${datasets.join(", ")}: lumos status shows what it holds.`);
    const tasks = by.has("task") ? store.markDuplicateTasks(datasets, options.now) : 0;
    const near = by.has("near") ? markNearDuplicates(store, datasets, { ...NEAR_DEFAULTS, ...options.near }, options.now) : { dropped: 0, clusters: 0 };
    const plans = by.has("plan") ? store.markDuplicatePlans(datasets, options.now) : 0;
    if (options.onMark !== undefined) for (const each of store.duplicateMarks()) options.onMark(each);
    return { ...compared, dropped: { duplicate_task: tasks, near_duplicate: near.dropped, duplicate_plan: plans }, clusters: near.clusters };
  };
  if (options.dryRun !== true) return store.transaction(mark);
  try {
    return store.transaction((): never => {
      throw new RolledBack(mark());
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.summary;
    throw error;
  }
}

/** Ends a transaction of which nothing is to stay. */
class RolledBack extends Error {
  constructor(readonly summary: DedupeSummary) {
    super("Nothing is stored of a dry run.");
  }
}

function markNearDuplicates(store: Store, datasets: readonly string[] | null, options: NearOptions, now: string): { dropped: number; clusters: number } {
  const rows = store.undroppedExamples(datasets);
  const pairs = findNearPairs(rows.length, (at) => store.taskOfRow(rows[at] ?? 0), options);
  const kept = chooseKept(pairs);
  for (const { first, second, similarity } of kept) {
    store.markNearDuplicate({ dropped: rows[second] ?? 0, kept: rows[first] ?? 0, similarity, now });
  }
  const clusters = clustersOf(pairs);
  for (const cluster of clusters) store.saveCluster(cluster.map((at) => rows[at] ?? 0));
  return { dropped: kept.length, clusters: clusters.length };
}

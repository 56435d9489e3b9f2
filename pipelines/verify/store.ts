import { type Level, levelRank, LEVELS } from "../../schemas/defect.ts";
import type { Store } from "../store/open.ts";
import { startCrew } from "./crew.ts";
import { recordRescue, type RescueNote } from "./record-rescue.ts";
import type { RepliesShare } from "./reparse.ts";
import type { VerifyScope } from "./scope.ts";
import type { PlansShare } from "./share.ts";

export interface StoredVerification {
  annotations: number;
  /** Verdicts that differ from the stored ones; of them those that reached a higher or a lower level. */
  changed: number;
  raised: number;
  lowered: number;
  /** Left as they are, since the database that they were run on is not here; at their stored level in `levels`. */
  untold: number;
  /** Examples of models below their source's top level whose kept replies were read again; of them those that reached a higher level by it. */
  reparsed: number;
  rescued: number;
  levels: Record<Level, number>;
  /** Threads that it took. */
  workers: number;
  seconds: number;
}

export interface VerifyStoreOptions extends VerifyScope {
  /** At most so many threads. */
  workers: number;
  programVersion: string;
  now(): Date;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** So many annotations a thread takes at a time: it is done with them in some 50 ms. */
const RANGE = 100;
/** A thread that has fewer to verify is not worth its start. */
const WORTH_A_THREAD = 400;

/**
 * Proves a whole store again, in parallel, and stores the verdicts that differ; then reads kept replies of models again where the plan is below the
 * top level, and stores what is better than the plan that is there. Asks no model; done twice, the second time changes nothing.
 */
export async function verifyStore(store: Store, options: VerifyStoreOptions): Promise<StoredVerification> {
  const started = performance.now();
  const { topLevels, datasets, signal } = options;
  const plans = store.planRanges(RANGE, datasets);
  const total = (plans.length + store.repliedRanges(RANGE, datasets).length) * RANGE;
  const threads = Math.max(1, Math.min(options.workers, Math.ceil(total / WORTH_A_THREAD)));
  const result: StoredVerification = {
    annotations: 0,
    changed: 0,
    raised: 0,
    lowered: 0,
    untold: 0,
    reparsed: 0,
    rescued: 0,
    levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 0 },
    workers: threads,
    seconds: 0,
  };
  const rescues: RescueNote[] = [];
  let done = 0;
  const startedAt = options.now().toISOString();
  const crew = startCrew(threads, { file: store.file, scope: { topLevels, datasets } }, store);
  try {
    for (const kind of ["plans", "replies"] as const) {
      // The plans' verdicts stand before replies are compared with them.
      const ranges = kind === "plans" ? plans : store.repliedRanges(RANGE, datasets);
      await crew.work(
        kind,
        ranges,
        (share) => {
          if (share.kind === "plans") settlePlans(store, share, result);
          else rescues.push(...settleReplies(store, share, result, options.now().toISOString()));
          done += RANGE;
          options.onProgress(Math.min(done, total), total);
        },
        signal,
      );
    }
  } finally {
    await crew.close();
    if (rescues.length > 0) recordRun(store, options, startedAt, result, rescues);
  }
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

function settlePlans(store: Store, { annotations, levels, untold, changed }: PlansShare, result: StoredVerification): void {
  result.annotations += annotations;
  result.untold += untold;
  for (const level of LEVELS) result.levels[level] += levels[level];
  if (changed.length === 0) return;
  store.transaction(() => {
    for (const { annotation, verdict } of changed) store.replaceVerdict(annotation, verdict);
  });
  result.changed += changed.length;
  for (const { annotation, verdict } of changed) {
    const difference = levelRank(verdict.level) - levelRank(annotation.level);
    if (difference > 0) result.raised += 1;
    if (difference < 0) result.lowered += 1;
  }
}

function settleReplies(store: Store, { reparsed, rescued }: RepliesShare, result: StoredVerification, at: string): RescueNote[] {
  result.reparsed += reparsed;
  if (rescued.length === 0) return [];
  const notes = store.transaction(() => rescued.map((rescue) => recordRescue(store, rescue, at)));
  result.rescued += notes.length;
  for (const [index, { from, to }] of notes.entries()) {
    if (rescued[index]?.stored.hasPlan === false) result.annotations += 1;
    if (from !== null) result.levels[from] -= 1;
    if (to !== null) result.levels[to] += 1;
  }
  return notes;
}

/** A verification that rescued something is a run of its own, which says what. */
function recordRun(store: Store, { programVersion, now, signal }: VerifyStoreOptions, startedAt: string, result: StoredVerification, rescues: readonly RescueNote[]): void {
  const id = nextRunName(store);
  store.startRun({ id, command: "verify", dataset: null, annotator: "llm", model: null, variant: null, config: {}, programVersion, startedAt });
  const { reparsed, rescued } = result;
  const inOrder = rescues.toSorted((a, b) => (a.key < b.key || (a.key === b.key && a.variant < b.variant) ? -1 : 1));
  store.endRun(id, { status: signal.aborted ? "interrupted" : "done", endedAt: now().toISOString(), summary: { reparsed, rescued, rescues: inOrder } });
}

function nextRunName(store: Store): string {
  for (let n = 1; ; n++) if (store.runOf(`verify-${n}`) === null) return `verify-${n}`;
}

import { type Level, LEVELS } from "../../schemas/defect.ts";
import { type Verdict, verdictSchema } from "../../schemas/annotation.ts";
import type { Store } from "../store/open.ts";
import type { StoredPlan } from "../store/verdicts.ts";
import type { VerifyJob } from "./jobs.ts";
import type { VerifyPool } from "./pool.ts";

export interface StoredVerification {
  annotations: number;
  /** Verdicts that differ from the stored ones; of them those that reached a higher or a lower level. */
  changed: number;
  raised: number;
  lowered: number;
  levels: Record<Level, number>;
  workers: number;
  seconds: number;
}

export interface VerifyStoreOptions {
  topLevels: ReadonlyMap<string, Level>;
  datasets?: readonly string[];
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** So many plans a message to a worker: the cost of sending is small beside that of verifying. */
const BATCH = 100;

/** Proves a whole store again, in parallel, and stores the verdicts that differ. Asks no model. */
export async function verifyStore(store: Store, pool: VerifyPool, options: VerifyStoreOptions): Promise<StoredVerification> {
  const started = performance.now();
  const total = store.countStoredPlans(options.datasets);
  const result: StoredVerification = {
    annotations: 0,
    changed: 0,
    raised: 0,
    lowered: 0,
    levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 0 },
    workers: pool.workers,
    seconds: 0,
  };
  const underWay: Promise<void>[] = [];
  const take = async (rows: readonly StoredPlan[]): Promise<void> => {
    const verdicts = await pool.run(rows.map((row) => jobOf(row, options.topLevels)));
    store.transaction(() => {
      for (const [index, row] of rows.entries()) {
        const verdict = verdicts[index];
        if (verdict !== undefined) settle(store, row, verdict, result);
      }
    });
    options.onProgress(result.annotations, total);
  };
  let batch: StoredPlan[] = [];
  for (const row of store.storedPlans(options.datasets)) {
    if (options.signal.aborted) break;
    batch.push(row);
    if (batch.length < BATCH) continue;
    underWay.push(take(batch));
    batch = [];
    if (underWay.length >= 3 * pool.workers) await underWay.shift();
  }
  if (batch.length > 0) underWay.push(take(batch));
  await Promise.all(underWay);
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

function jobOf(row: StoredPlan, topLevels: ReadonlyMap<string, Level>): VerifyJob {
  return {
    kind: "stored",
    plan: row.plan,
    example: row.example,
    topLevel: topLevels.get(row.dataset) ?? "well_formed",
    answerCopied: row.answerCopied,
    byRules: row.byConstruction,
    parseDefects: row.defects.filter(({ code }) => code.startsWith("parse.") || code === "plan.numbering"),
  };
}

function settle(store: Store, row: StoredPlan, text: string, result: StoredVerification): void {
  result.annotations += 1;
  // Most verdicts are what they were: those need no reading.
  const verdict: Verdict | null = text === row.verdict ? null : verdictSchema.parse(JSON.parse(text));
  const reached = verdict === null ? row.level : verdict.level;
  if (reached !== null) result.levels[reached] += 1;
  if (verdict === null) return;
  store.replaceVerdict(row, verdict);
  result.changed += 1;
  const rank = (level: Level | null): number => (level === null ? -1 : LEVELS.indexOf(level));
  if (rank(verdict.level) > rank(row.level)) result.raised += 1;
  if (rank(verdict.level) < rank(row.level)) result.lowered += 1;
}

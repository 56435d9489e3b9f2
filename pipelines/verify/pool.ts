import { availableParallelism } from "node:os";
import runJobs, { type VerifyJob } from "./jobs.ts";

/** Verifies jobs on all cores; with one worker in this thread. */
export interface VerifyPool {
  /** Verdicts in the order of the jobs. */
  run(jobs: readonly VerifyJob[]): Promise<string[]>;
  readonly workers: number;
  close(): Promise<void>;
}

export async function createVerifyPool(workers = availableParallelism()): Promise<VerifyPool> {
  if (workers <= 1) return { run: (jobs) => Promise.resolve(runJobs(jobs)), workers: 1, close: () => Promise.resolve() };
  const { Piscina } = await import("piscina");
  const pool = new Piscina<VerifyJob[], string[]>({
    filename: new URL(`./jobs.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  return { run: (jobs) => pool.run([...jobs]), workers, close: () => pool.destroy() };
}

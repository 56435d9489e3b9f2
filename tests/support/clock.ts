import type { LimitPorts } from "../../pipelines/llm/limits.ts";

export interface Clock extends LimitPorts {
  /** A promise that resolves so many milliseconds later on this clock. */
  sleep(ms: number): Promise<void>;
  /** Runs everything that is due until the work is done, or `most` milliseconds have passed on this clock. */
  run<T>(work: Promise<T>, most?: number): Promise<T>;
  timers(): number;
}

/** A clock that stands still until nothing else can happen, and then goes to the next timer. Chance is always one half. */
export function createClock(): Clock {
  let time = 0;
  let count = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const after = (ms: number, run: () => void): (() => void) => {
    const id = count++;
    timers.set(id, { at: time + Math.max(0, ms), run });
    return () => timers.delete(id);
  };
  return {
    now: () => time,
    after,
    random: () => 0.5,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async run(work, most = Number.POSITIVE_INFINITY) {
      let done = false;
      const end = (): void => {
        done = true;
      };
      work.then(end, end);
      for (;;) {
        // Whatever follows from the last timer happens before the next one.
        await new Promise((resolve) => setImmediate(resolve));
        if (done) return work;
        const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
        if (next === undefined) throw new Error("Nothing is left to wait for, and the work is not done.");
        if (next[1].at > most) throw new Error(`The work is not done after ${most} ms.`);
        timers.delete(next[0]);
        time = next[1].at;
        next[1].run();
      }
    },
    timers: () => timers.size,
  };
}

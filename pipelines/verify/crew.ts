import { setImmediate } from "node:timers/promises";
import type { VerificationReader } from "../store/reader.ts";
import type { IdRange } from "../store/verdicts.ts";
import type { VerifyScope } from "./scope.ts";
import { doShare, type Share } from "./share.ts";
import { moduleHere, startThread } from "./thread.ts";

/** Threads that verify a store together: this one, which alone writes, and others that read the store for themselves. */
export interface Crew {
  readonly threads: number;
  /**
   * Works through the ranges, each thread taking the next when it is done with one. `settle` is called in this thread for each, in no
   * order. When it resolves or rejects, nothing is under way any more; a signal that is aborted ends it after what is.
   */
  work(kind: Share["kind"], ranges: readonly IdRange[], settle: (share: Share) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a worker starts with. */
export interface CrewMember {
  file: string;
  scope: VerifyScope;
}

/** The work as all threads see it: `next` is the index of the first range that nobody has taken. */
export interface CrewWork {
  kind: Share["kind"];
  ranges: readonly IdRange[];
  next: Int32Array;
}

/** @param reader of this thread @param module what the others run */
export function startCrew(threads: number, member: CrewMember, reader: VerificationReader, module = moduleHere("crew-worker")): Crew {
  const others = Array.from({ length: threads - 1 }, () => startThread<CrewWork, Share | null>(module, member));
  return {
    threads,
    async work(kind, ranges, settle, signal) {
      const work: CrewWork = { kind, ranges, next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
      const stop = (): void => void Atomics.store(work.next, 0, ranges.length);
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop);
      const here = async (): Promise<void> => {
        for (let range = takeRange(work); range !== null; range = takeRange(work)) {
          settle(await doShare(kind, reader, range, member.scope));
          // Lets the others' results in, and Ctrl-C.
          await setImmediate();
        }
      };
      const take = (share: Share | null): boolean => {
        if (share !== null) settle(share);
        return share === null;
      };
      const all = [here(), ...others.map((thread) => thread.give(work, take))];
      for (const each of all) each.catch(stop);
      const ended = await Promise.allSettled(all);
      signal.removeEventListener("abort", stop);
      const failed = ended.find((each) => each.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
    close: async () => void (await Promise.all(others.map((thread) => thread.end()))),
  };
}

/** The next range that nobody works on; null where there is none. */
export function takeRange({ ranges, next }: CrewWork): IdRange | null {
  return ranges[Atomics.add(next, 0, 1)] ?? null;
}

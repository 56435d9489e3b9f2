import type { RequestFailure } from "./failure.ts";

/** What the tries of one request came to so far. */
export interface Tries {
  /** Failures of this request in a row. */
  failures: number;
  /** Those that no waiting explains: broken connections, time-outs, server errors. */
  breakdowns: number;
  /** Milliseconds since the first of them. */
  elapsedMs: number;
  /** Whether the endpoint answered anything to anyone since the program started. */
  everAnswered: boolean;
}

type Verdict =
  /** `forAll`: nothing is to be sent before, whoever asks. */
  | { again: true; waitMs: number; forAll: boolean }
  /** `dead`: nothing that is sent will be answered. */
  | { again: false; dead: boolean; why: string };

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A request that breaks the server each time is not to be sent for ever, though the server itself recovers. */
const MOST_BREAKDOWNS = 8;
/** So often a server that never answered anything is tried: about 15 seconds. */
const TRIES_OF_THE_UNREACHABLE = 6;
/** So often what the endpoint asks to wait is taken at its word; then at least the back-off. */
const TRUSTED_WAITS = 3;

/** Whether, and when, a request that failed for a passing reason is sent again. Pure but for `random`: 0 to 1. */
export function judgeFailure(failure: RequestFailure, tries: Tries, patienceMs: number, random: () => number): Verdict {
  const { failures, elapsedMs } = tries;
  const asked = failure.retryAfterMs;
  if (asked !== null && asked > patienceMs) {
    return { again: false, dead: true, why: `It asks to wait ${seconds(asked)}: start again then; what is stored is not asked for again.` };
  }
  if (failure.reason === "unreachable" && !tries.everAnswered && failures >= TRIES_OF_THE_UNREACHABLE) {
    return { again: false, dead: true, why: `It was tried ${failures} times.` };
  }
  if (tries.breakdowns >= MOST_BREAKDOWNS || elapsedMs >= patienceMs) {
    return { again: false, dead: false, why: `Tried ${failures} times in ${seconds(elapsedMs)}.` };
  }
  // Many who waited the same time must not come back at the same moment.
  if (asked !== null && asked > 0) {
    const least = failures > TRUSTED_WAITS ? backoff(failures - TRUSTED_WAITS, random) : 0;
    return { again: true, waitMs: Math.max(least, asked + random() * Math.min(1000, asked * 0.1)), forAll: isRefusal(failure) };
  }
  return { again: true, waitMs: backoff(failures, random), forAll: false };
}

/** The endpoint answers, and wants fewer requests. */
export function isRefusal({ reason }: RequestFailure): boolean {
  return reason === "rate_limited" || reason === "overloaded";
}

/** Twice as long after each failure, up to half a minute; between half of it and all of it. */
function backoff(failures: number, random: () => number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 10)) * (0.5 + random() / 2);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000).toLocaleString("en-US")} s`;
}

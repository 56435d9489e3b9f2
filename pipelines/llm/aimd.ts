/** How many requests may be under way at once: a little more after each round of successes, a good deal less after a wave of refusals. */
export interface Aimd {
  allowed(): number;
  /** A reply came. `inFlight`: how many requests are under way, the answered one with them. */
  succeeded(inFlight: number): void;
  /** The endpoint refused, for being busy, a request that was sent at `sentAt`. Counts once a wave. */
  refused(sentAt: number): void;
}

const DECREASE = 0.7;
/** Of the most that is allowed, gained in each round of successes; 1 at least. */
const INCREASE = 0.05;

/** Starts with `most`, never exceeds it, and never goes below 1. `now`: milliseconds on a steady clock. */
export function createAimd(most: number, now: () => number): Aimd {
  const step = Math.max(1, most * INCREASE);
  let limit = most;
  let lastDecrease = Number.NEGATIVE_INFINITY;
  return {
    allowed: () => Math.max(1, Math.floor(limit)),
    succeeded(inFlight) {
      // Where only a few are under way, their success says nothing about more of them.
      if (limit < most && inFlight * 2 >= limit) limit = Math.min(most, limit + step / limit);
    },
    refused(sentAt) {
      // What was sent before the last decrease belongs to the wave that caused it.
      if (sentAt <= lastDecrease) return;
      lastDecrease = now();
      limit = Math.max(1, limit * DECREASE);
    },
  };
}

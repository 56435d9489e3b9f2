import type { RateReading } from "./rate-headers.ts";

/** Paces requests, or tokens, to a limit a minute. Without a limit it lets everything through. */
export interface RateBucket {
  /** Milliseconds until an amount may be taken; 0: now. */
  waitFor(amount: number): number;
  take(amount: number): void;
  /** Gives back what was taken too much (or, below 0, takes what was taken too little). */
  giveBack(amount: number): void;
  /** Corrects the limit by what the endpoint says. `underWay`: taken by requests that it may not have counted yet. */
  observe(reading: RateReading, underWay: number): void;
  /** A minute's, or null. */
  limit(): number | null;
}

/** Of the limit, so much is used steadily, and so much may come at once: never more than the limit in any minute, wherever it begins. */
const PACE = 0.98;
const BURST = 0.01;
/** A told reset that is further off is tried after a minute: some endpoints tell a day's. */
const LONGEST_HOLD_MS = 60_000;

/** `now`: milliseconds on a steady clock. `perMinute`: the limit that the user sets, which the endpoint's can only lower. */
export function createRateBucket(perMinute: number | null, now: () => number): RateBucket {
  let limit = perMinute;
  let level = 0;
  let filled = now();
  let told: Told | null = null;

  const perMs = (): number => ((limit ?? 0) * PACE) / 60_000;
  const capacity = (): number => Math.max(1, (limit ?? 0) * BURST);
  const fill = (): void => {
    const time = now();
    level = Math.max(level, Math.min(capacity(), level + (time - filled) * perMs()));
    filled = time;
    if (told !== null && time >= told.until) told = null;
  };
  if (limit !== null) level = capacity();

  return {
    waitFor(amount) {
      if (limit === null) return 0;
      fill();
      // More than the bucket holds goes when it is full, and is paid off afterwards.
      const missing = Math.min(amount, capacity()) - level;
      return Math.max(missing > EPSILON ? missing / perMs() : 0, told === null ? 0 : waitOfTold(told, Math.min(amount, limit), now()));
    },
    take(amount) {
      if (limit === null) return;
      fill();
      level -= amount;
      if (told !== null) told.left -= amount;
    },
    giveBack(amount) {
      if (limit === null) return;
      fill();
      // Beyond what it holds, too, else what is given back to a bucket that is about to be full would be lost.
      level = Math.min(level + amount, capacity() + Math.max(amount, 0));
    },
    observe({ limit: toldLimit, remaining, resetMs }, underWay) {
      const theirs = toldLimit ?? limit;
      if (theirs === null) return;
      fill();
      const before = limit;
      limit = perMinute === null ? theirs : Math.min(perMinute, theirs);
      if (before === null) level = capacity();
      if (remaining === null || resetMs === null) return;
      const at = now();
      const until = at + Math.min(resetMs, LONGEST_HOLD_MS);
      told = fillsSteadily(theirs, remaining, resetMs)
        ? { left: remaining, at, until, perMs: (theirs * PACE) / 60_000 }
        : { left: remaining - underWay, at, until, perMs: 0 };
    },
    limit: () => limit,
  };
}

/** What the endpoint says is left, from `at` until all of it is free again; `perMs` of it comes back all the time. */
interface Told {
  left: number;
  at: number;
  until: number;
  perMs: number;
}

function waitOfTold({ left, at, until, perMs }: Told, amount: number, now: number): number {
  const missing = amount - left - (now - at) * perMs;
  if (missing <= EPSILON) return 0;
  return perMs === 0 ? until - now : Math.min(until - now, missing / perMs);
}

/** Levels are sums of fractions. */
const EPSILON = 1e-6;

/**
 * Whether a limit is a bucket that fills steadily (OpenAI's: the reset tells when it will be full) and not a window that begins
 * anew (the reset tells when), of which only what is left may be used, those under way not counted.
 */
function fillsSteadily(limit: number, remaining: number, resetMs: number): boolean {
  const expected = ((limit - remaining) / limit) * 60_000;
  return Math.abs(expected - resetMs) <= 0.1 * expected + 1000;
}

/** What an endpoint lets through in a minute. */
export interface RateLimit {
  requests?: number;
  tokens?: number;
  /** Requests that may come at once after a pause. Default: a minute's. */
  burst?: number;
}

export interface Passage {
  passed: boolean;
  /** `x-ratelimit-*` as OpenAI sends them, and `retry-after` where it did not pass. */
  headers: Record<string, string>;
}

/** Two buckets that fill steadily: a request takes one from the first and its tokens from the second, or nothing from either. */
export function createRateLimiter(limit: RateLimit, now: () => number = () => performance.now()): (tokens: number) => Passage {
  const requests = limit.requests === undefined ? null : createBucket(limit.requests, limit.burst ?? limit.requests, now);
  const tokens = limit.tokens === undefined ? null : createBucket(limit.tokens, limit.tokens, now);
  return (wanted) => {
    const wait = Math.max(requests?.waitFor(1) ?? 0, tokens?.waitFor(wanted) ?? 0);
    const passed = wait === 0;
    if (passed) {
      requests?.take(1);
      tokens?.take(wanted);
    }
    const headers = { ...requests?.headers("requests"), ...tokens?.headers("tokens") };
    return { passed, headers: passed ? headers : { ...headers, "retry-after": String(whole(wait / 1000)), "retry-after-ms": String(whole(wait)) } };
  };
}

/** Rounded up, but for what is a rounding error. */
function whole(value: number): number {
  return Math.ceil(value - 1e-6);
}

function createBucket(perMinute: number, capacity: number, now: () => number) {
  const perMs = perMinute / 60_000;
  let level = capacity;
  let filled = now();
  const fill = (): void => {
    const time = now();
    level = Math.min(capacity, level + (time - filled) * perMs);
    filled = time;
  };
  return {
    /** Milliseconds until so much can be taken; 0 where it can be now. What is more than the bucket holds passes when it is full. */
    waitFor(amount: number): number {
      fill();
      return Math.max(0, (Math.min(amount, capacity) - level) / perMs);
    },
    take(amount: number): void {
      level -= amount;
    },
    headers(of: string): Record<string, string> {
      return {
        [`x-ratelimit-limit-${of}`]: String(perMinute),
        [`x-ratelimit-remaining-${of}`]: String(Math.max(0, Math.floor(level))),
        [`x-ratelimit-reset-${of}`]: `${((capacity - level) / perMs / 1000).toFixed(3)}s`,
      };
    },
  };
}

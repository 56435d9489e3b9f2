/** What an endpoint says about its limits beside an answer. */
export interface RateHeaders {
  requests: RateReading | null;
  tokens: RateReading | null;
  /** How long it asks to wait, in milliseconds. */
  retryAfterMs: number | null;
}

/** One limit as an endpoint tells it; null what it doesn't tell. */
export interface RateReading {
  /** A minute's. */
  limit: number | null;
  remaining: number | null;
  /** Milliseconds until all of it is free again. */
  resetMs: number | null;
}

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` (OpenAI, Azure, vLLM gateways), `anthropic-ratelimit-…`, `retry-after-ms`
 * and `retry-after` (seconds or a date). Times may be `1s`, `6m0s`, `20ms`, seconds, epoch seconds or a date; what can't be read is null.
 * `now`: epoch milliseconds, for a server that sends no `date`. Null where nothing is said.
 */
export function readRateHeaders(headers: Headers, now: number): RateHeaders | null {
  const dated = Date.parse(headers.get("date") ?? "");
  // Times of day are the server's: its clock counts, not ours.
  const time = Number.isNaN(dated) ? now : dated;
  const requests = reading(headers, "requests", time);
  const tokens = reading(headers, "tokens", time);
  const ms = quantity(headers.get("retry-after-ms"));
  const retryAfterMs = ms ?? duration(headers.get("retry-after"), time);
  return requests === null && tokens === null && retryAfterMs === null ? null : { requests, tokens, retryAfterMs };
}

/** The wait that an error's text asks for ("Please try again in 1.2s", "retry after 12 seconds"), in milliseconds, or null. */
export function retryAfterIn(text: string): number | null {
  const [, amount] = /\b(?:try again|retry) (?:in|after) (\d[\d.hms]{0,20})/i.exec(text) ?? [];
  return amount === undefined ? null : duration(amount.replace(/\.$/, ""), 0);
}

function reading(headers: Headers, of: "requests" | "tokens", time: number): RateReading | null {
  const limit = quantity(headers.get(`x-ratelimit-limit-${of}`) ?? headers.get(`anthropic-ratelimit-${of}-limit`));
  const remaining = quantity(headers.get(`x-ratelimit-remaining-${of}`) ?? headers.get(`anthropic-ratelimit-${of}-remaining`));
  const resetMs = duration(headers.get(`x-ratelimit-reset-${of}`) ?? headers.get(`anthropic-ratelimit-${of}-reset`), time);
  if (limit === null && remaining === null) return null;
  return { limit: limit === 0 ? null : limit, remaining, resetMs };
}

/** A number from 0 on, or null. */
function quantity(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}(\.\d{0,9})?\s*$/.test(text) ? Number(text) : null;
}

const UNIT_MS = new Map([["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000], ["ms", 1]]);

/** A span or a point in time as milliseconds from `time`, never below 0. */
function duration(text: string | null, time: number): number | null {
  if (text === null || text.length > 64) return null;
  const plain = quantity(text);
  if (plain !== null) return plain > 1e12 ? Math.max(0, plain - time) : plain > 1e9 ? Math.max(0, plain * 1000 - time) : plain * 1000;
  const spans = text.trim();
  if (/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(spans)) {
    let sum = 0;
    for (const [, amount, unit] of spans.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) sum += Number(amount) * (UNIT_MS.get(unit ?? "") ?? 0);
    return sum;
  }
  const date = /\d{4}.*\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - time);
}

import { describe, expect, it } from "vitest";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import { readRateHeaders, retryAfterIn } from "../../../pipelines/llm/rate-headers.ts";
import { judgeFailure } from "../../../pipelines/llm/retry.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");

describe("rate headers", () => {
  it.each([
    ["1s", 1000],
    ["6m0s", 360_000],
    ["20ms", 20],
    ["1h2m3.5s", 3_723_500],
    ["2m59.56s", 179_560],
    ["1d", 86_400_000],
    ["12", 12_000],
    ["0.25", 250],
    [String(NOW / 1000 + 30), 30_000],
    [String(NOW + 1500), 1500],
    [String(NOW / 1000 - 30), 0],
    ["2026-11-22T10:00:05Z", 5000],
    ["soon", null],
    ["", null],
    ["-5", null],
    ["1".repeat(100_000), null],
    ["1s".repeat(50_000), null],
  ])("a reset of $0", (text, ms) => {
    const read = readRateHeaders(new Headers({ "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": text }), NOW);
    expect(read?.requests).toEqual({ limit: 60, remaining: 59, resetMs: ms });
  });

  it.each<[string, Record<string, string>, unknown]>([
    ["OpenAI's tokens", { "x-ratelimit-limit-tokens": "150000", "x-ratelimit-remaining-tokens": "149984" }, { requests: null, tokens: { limit: 150_000, remaining: 149_984, resetMs: null }, retryAfterMs: null }],
    ["Anthropic's requests", { "anthropic-ratelimit-requests-limit": "50", "anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2026-11-22T10:00:10Z" }, { requests: { limit: 50, remaining: 0, resetMs: 10_000 }, tokens: null, retryAfterMs: null }],
    ["seconds to wait", { "retry-after": "7" }, { requests: null, tokens: null, retryAfterMs: 7000 }],
    ["milliseconds to wait first", { "retry-after": "7", "retry-after-ms": "250" }, { requests: null, tokens: null, retryAfterMs: 250 }],
    ["a date to wait for, by the server's clock", { "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT", date: "Sun, 22 Nov 2026 12:00:00 GMT" }, { requests: null, tokens: null, retryAfterMs: 9000 }],
    ["a limit of 0, which is none", { "x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "x" }, { requests: { limit: null, remaining: null, resetMs: null }, tokens: null, retryAfterMs: null }],
    ["nothing", { "content-type": "application/json" }, null],
  ])("read %s", (_what, headers, expected) => {
    expect(readRateHeaders(new Headers(headers), NOW)).toEqual(expected);
  });

  it.each([
    ["Please try again in 1.2s. Visit", 1200],
    ["Please try again in 6m0s.", 360_000],
    ["try again in 20ms", 20],
    ["Please retry after 12 seconds.", 12_000],
    ["Please retry in 34.07s.", 34_070],
    ["Rate limit reached.", null],
    [`retry in ${"1".repeat(100_000)}`, null],
  ])("a wait asked for in words: $0", (text, ms) => {
    expect(retryAfterIn(text)).toBe(ms);
  });
});

describe("sending again", () => {
  const tries = { failures: 1, breakdowns: 0, elapsedMs: 0, everAnswered: true };
  const busy = (retryAfterMs: number | null) => new RequestFailure("rate_limited", "Busy.", false, { transient: true, retryAfterMs });
  const judge = (failure: RequestFailure, more: Partial<typeof tries> = {}, chance = 0.5) => judgeFailure(failure, { ...tries, ...more }, 600_000, () => chance);

  it("waits twice as long each time, up to half a minute, spread by chance", () => {
    expect([1, 2, 3, 4, 8, 50].map((failures) => judge(busy(null), { failures }, 1))).toMatchObject([500, 1000, 2000, 4000, 30_000, 30_000].map((waitMs) => ({ again: true, waitMs, forAll: false })));
    expect(judge(busy(null), {}, 0)).toMatchObject({ waitMs: 250 });
  });

  it("waits as long as it is asked to and a little longer, all of them", () => {
    expect(judge(busy(2000), {}, 0)).toEqual({ again: true, waitMs: 2000, forAll: true });
    expect(judge(busy(2000), {}, 1)).toEqual({ again: true, waitMs: 2200, forAll: true });
  });

  it("does not take an endpoint at its word for ever that asks for a moment each time", () => {
    expect(judge(busy(5), { failures: 3 })).toMatchObject({ waitMs: 5.25 });
    expect(judge(busy(5), { failures: 10 }, 0)).toMatchObject({ waitMs: 15_000 });
    expect(judge(busy(0), {}, 0)).toMatchObject({ waitMs: 250 });
  });

  it.each<[string, RequestFailure, Partial<typeof tries>, boolean]>([
    ["after ten minutes", busy(null), { elapsedMs: 600_000, failures: 30 }, false],
    ["after eight breakdowns", new RequestFailure("server_error", "Oops.", false, { transient: true }), { breakdowns: 8, failures: 8 }, false],
    ["after six tries where nothing ever answered", new RequestFailure("unreachable", "Gone.", false, { transient: true, away: true }), { failures: 6, everAnswered: false }, true],
    ["where it is asked to wait an hour", busy(3_600_000), {}, true],
  ])("gives up %s", (_when, failure, more, dead) => {
    expect(judge(failure, more)).toMatchObject({ again: false, dead });
  });
});

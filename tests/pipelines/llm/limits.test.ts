import { afterEach, describe, expect, it } from "vitest";
import { openClient } from "../../../pipelines/llm/client.ts";
import type { Complete, Send, SentReply } from "../../../pipelines/llm/client.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import type { FailureReason } from "../../../pipelines/llm/failure.ts";
import { createLimits } from "../../../pipelines/llm/limits.ts";
import type { LimitOptions } from "../../../pipelines/llm/limits.ts";
import type { RateHeaders } from "../../../pipelines/llm/rate-headers.ts";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import { startStandIn } from "../../../pipelines/llm/stand-in.ts";
import type { Fault, StandIn, StandInOptions } from "../../../pipelines/llm/stand-in.ts";
import { createClock } from "../../support/clock.ts";

const never = new AbortController().signal;
let standIn: StandIn | null = null;

afterEach(async () => {
  await standIn?.close();
  standIn = null;
});

function request(task = "Task") {
  return buildRequest({ model: "small", messages: [{ role: "user", content: task }], parameters: {}, reply: "text", ask: 1 });
}

function reply(tokens = 0, rate: RateHeaders | null = null): SentReply {
  const usage = tokens === 0 ? null : { prompt_tokens: tokens, cached_prompt_tokens: 0, completion_tokens: 0, reasoning_tokens: 0 };
  return { status: 200, body: "", finish_reason: "stop", usage, latency_ms: 1, rate };
}

function fails(reason: FailureReason, details: ConstructorParameters<typeof RequestFailure>[3] = {}): RequestFailure {
  return new RequestFailure(reason, `It was ${reason}.`, false, { transient: true, ...details });
}

function failure(asking: Promise<unknown>): Promise<RequestFailure> {
  return asking.then(
    () => {
      throw new Error("Expected a failure.");
    },
    (error: unknown) => {
      if (error instanceof RequestFailure) return error;
      throw error;
    },
  );
}

function many<T>(count: number, run: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => run(index));
}

describe("limits over a real endpoint", () => {
  async function serve(fault: (count: number) => Fault | null, options: LimitOptions, more: StandInOptions & { timeoutSeconds?: number } = {}) {
    standIn = await startStandIn((_body, { count }) => {
      const wrong = fault(count);
      return wrong === null ? "plan" : { fault: wrong };
    }, more);
    const limits = createLimits(options);
    return { standIn, limits, complete: limits.wrap(openClient({ baseUrl: standIn.url, key: null, timeoutSeconds: more.timeoutSeconds ?? 5 }).complete) };
  }

  it.each<Fault>(["rate_limit", "server_error", "unavailable", "reset", "half_body", "rate_limit_retry_after", "hang", "hang_in_body"])("asks again after %s", async (fault) => {
    const { standIn: { requests }, limits, complete } = await serve((count) => (count === 0 ? fault : null), { concurrency: 1 }, { timeoutSeconds: 0.2 });
    expect(await complete(request(), never)).toMatchObject({ status: 200, finish_reason: "stop" });
    expect(requests).toHaveLength(2);
    expect(limits.state()).toMatchObject({ inFlight: 0, waiting: 0, sent: 2, retries: 1 });
  });

  it.each<Fault>(["quota", "unauthorized", "not_found", "bad_request"])("passes on at once what stays as it is: %s", async (fault) => {
    const { standIn: { requests }, complete } = await serve(() => fault, { concurrency: 1 });
    expect(await failure(complete(request(), never))).toMatchObject({ transient: false, fatal: fault !== "bad_request" });
    expect(requests).toHaveLength(1);
  });

  it("answers everything though four in ten requests fail, with never more in flight than allowed", async () => {
    const faults: (Fault | null)[] = ["rate_limit", null, "server_error", null, "reset", null, "half_body", null, null, null];
    const { standIn: { requests, mostInFlight }, limits, complete } = await serve((count) => faults[count % faults.length] ?? null, { concurrency: 20 });
    const replies = await Promise.all(many(60, (index) => complete(request(`Task ${index}`), never)));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(mostInFlight()).toBeLessThanOrEqual(20);
    expect(requests.length).toBeLessThan(150);
    expect(limits.state()).toMatchObject({ inFlight: 0, waiting: 0, sent: requests.length, retries: requests.length - 60 });
  });

  it("keeps to a limit that only the endpoint's headers tell, and draws over it at most once", async () => {
    const { limits, complete } = await serve(() => null, { concurrency: 10 }, { rateLimit: { requests: 1200, burst: 20 } });
    await Promise.all(many(60, (index) => complete(request(`Task ${index}`), never)));
    expect(limits.state().rpm).toBe(1200);
    expect(standIn?.stats().over_limit).toBeLessThanOrEqual(1);
  });

  it("gives up soon on an endpoint that was never there, and tells all who wait", async () => {
    const gone = await startStandIn(() => "plan");
    await gone.close();
    // The waits are real, and two hundred times as fast.
    const after = (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms / 200);
      return () => clearTimeout(timer);
    };
    const limits = createLimits({ concurrency: 4 }, { now: () => performance.now() * 200, after, random: () => 0.5 });
    const complete = limits.wrap(openClient({ baseUrl: gone.url, key: null }).complete);
    const failed = await Promise.all(many(20, (index) => failure(complete(request(`Task ${index}`), never))));
    expect(failed.every(({ fatal, reason }) => fatal && reason === "unreachable")).toBe(true);
    expect(failed[0]?.message).toMatch(/ECONNREFUSED.*It was tried 6 times\.$/);
    expect(limits.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(limits.state().sent).toBeLessThanOrEqual(4 * 6);
    expect(await failure(complete(request(), never))).toMatchObject({ fatal: true });
  });

  it("lets go of those in flight, in line and in a pause at once when they are interrupted", async () => {
    const { standIn: { requests }, limits, complete } = await serve((count) => (count === 0 ? "hang" : count === 1 ? "rate_limit_retry_after" : null), { concurrency: 2 });
    const stop = new AbortController();
    const asked = many(5, (index) => failure(complete(request(`Task ${index}`), stop.signal)));
    while (requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    stop.abort();
    expect((await Promise.all(asked)).map(({ reason }) => reason)).toEqual(many(5, () => "interrupted"));
    expect(performance.now() - started).toBeLessThan(3000);
    expect(limits.state()).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it("drains: what is under way is finished, what waits is interrupted", async () => {
    const { limits, complete } = await serve(() => null, { concurrency: 3 }, { latency: 100 });
    const asked = many(10, (index) => complete(request(`Task ${index}`), never).then(() => "done", (error: unknown) => (error instanceof RequestFailure ? error.reason : "?")));
    // The first goes alone.
    while ((standIn?.requests.length ?? 0) < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    limits.drain();
    expect(await Promise.all(asked)).toEqual([...many(4, () => "done"), ...many(6, () => "interrupted")]);
    expect(standIn?.requests).toHaveLength(4);
  });
});

describe("limits over time", () => {
  /** An endpoint on a clock of its own. */
  function on(options: LimitOptions, send: (at: number, sent: number) => SentReply | RequestFailure, latency = 100) {
    const clock = createClock();
    const sentAt: number[] = [];
    let inFlight = 0;
    let most = 0;
    const limits = createLimits(options, clock);
    const wrapped: Send = async () => {
      const answer = send(clock.now(), sentAt.push(clock.now()));
      most = Math.max(most, ++inFlight);
      await clock.sleep(latency);
      inFlight -= 1;
      if (answer instanceof RequestFailure) throw answer;
      return answer;
    };
    const complete: Complete = limits.wrap(wrapped);
    const ask = (count: number) => clock.run(Promise.all(many(count, () => complete(request(), never))));
    return { clock, limits, complete, ask, sentAt, most: () => most };
  }

  it.each([3, 10, 60, 600, 1500])("uses nearly all of %i requests a minute, and never more than that in any minute", async (rpm) => {
    const { ask, sentAt } = on({ concurrency: 100, rpm }, () => reply());
    await ask(rpm * 3);
    for (const [index, at] of sentAt.entries()) expect(sentAt.slice(index, index + rpm + 1).filter((other) => other < at + 60_000).length).toBeLessThanOrEqual(rpm);
    expect(rpm * 3 / ((sentAt.at(-1) ?? 0) / 60_000)).toBeGreaterThan(rpm * 0.95);
  });

  it("uses nearly all of a token limit, though estimates are twice what is used", async () => {
    let used = 0;
    const { ask, sentAt } = on({ concurrency: 100, tpm: 100_000, estimateTokens: () => 1000 }, () => {
      used += 500;
      return reply(500);
    }, 2000);
    await ask(600);
    const minutes = (sentAt.at(-1) ?? 0) / 60_000;
    expect(used / minutes / 100_000).toBeGreaterThan(0.95);
    expect(used / minutes / 100_000).toBeLessThan(1.02);
  });

  it.each([
    ["a window that begins anew each minute", 60_000],
    ["a window of ten seconds", 10_000],
  ])("keeps to what the endpoint says is left: %s", async (_what, window) => {
    const limit = 60;
    const inWindow = Math.round((limit * window) / 60_000);
    let count = 0;
    let number = 0;
    let over = 0;
    const { ask, sentAt } = on({ concurrency: 8 }, (at) => {
      if (Math.floor(at / window) !== number) count = 0;
      number = Math.floor(at / window);
      count += 1;
      if (count > inWindow) over += 1;
      return reply(0, { requests: { limit, remaining: Math.max(0, inWindow - count), resetMs: (number + 1) * window - at }, tokens: null, retryAfterMs: null });
    });
    await ask(240);
    expect(over).toBe(0);
    expect(240 / ((sentAt.at(-1) ?? 0) / 60_000)).toBeGreaterThan(limit * 0.95);
  });

  it("holds everyone for as long as one is asked to wait", async () => {
    const { ask, sentAt } = on({ concurrency: 4 }, (_at, sent) => (sent === 3 ? fails("rate_limited", { status: 429, retryAfterMs: 5000 }) : reply()));
    await ask(12);
    expect(sentAt.filter((at) => at <= 200).length).toBeLessThan(8);
    expect(sentAt.filter((at) => at > 200 && at < 5200)).toHaveLength(0);
  });

  it.each([
    ["until it is answered", 100, [0, 100, 100, 100]],
    ["for a second at most", 5000, [0, 1000, 1000, 1000]],
  ])("sends the first alone %s, for its answer tells the limits", async (_until, latency, expected) => {
    const { ask, sentAt } = on({ concurrency: 10 }, () => reply(), latency);
    await ask(4);
    expect(sentAt).toEqual(expected);
  });

  it("asks for less at once after a wave of refusals, once, and for more again as replies come", async () => {
    const seen: number[] = [];
    const { ask, limits, most } = on({ concurrency: 100 }, (_at, sent) => {
      seen.push(limits.state().allowed);
      return sent > 20 && sent <= 60 ? fails("overloaded", { status: 503 }) : reply();
    });
    await ask(3000);
    expect(Math.min(...seen)).toBe(70);
    expect(limits.state().allowed).toBe(100);
    expect(most()).toBe(100);
  });

  it("goes down to one at a time and no further", async () => {
    const seen: number[] = [];
    const { ask, limits, sentAt } = on({ concurrency: 16 }, (at) => {
      seen.push(limits.state().allowed);
      return at < 60_000 ? fails("rate_limited", { status: 429 }) : reply();
    });
    await ask(100);
    expect(Math.min(...seen)).toBe(1);
    expect(sentAt.filter((at) => at < 60_000).length).toBeLessThan(80);
  });

  it("outlasts an outage of some minutes", async () => {
    const { ask, sentAt } = on({ concurrency: 10 }, (at, sent) => (sent > 5 && at < 300_000 ? fails("unreachable", { away: true }) : reply()));
    await ask(50);
    expect(sentAt.length).toBeLessThan(50 + 90);
  });

  it.each([
    ["is busy for ever", () => fails("rate_limited", { status: 429 }), 650_000],
    ["breaks down each time", () => fails("server_error", { status: 500 }), 300_000],
    ["asks to wait for a day", () => fails("rate_limited", { status: 429, retryAfterMs: 86_400_000 }), 1000],
    ["went away after its first answer", (sent: number) => (sent === 1 ? reply() : fails("unreachable", { away: true })), 650_000],
  ])("stops everything where the endpoint %s", async (_what, answer, most) => {
    const { clock, complete } = on({ concurrency: 8 }, (_at, sent) => answer(sent));
    const asked = many(1000, () => complete(request(), never).then(() => null, (error: unknown) => (error instanceof RequestFailure ? error : null)));
    const failed = (await clock.run(Promise.all(asked), most)).filter((error) => error !== null);
    expect(failed.length).toBeGreaterThanOrEqual(999);
    expect(failed.at(-1)).toMatchObject({ fatal: true });
  });

  it("fails one request that breaks the server each time, and goes on with the others", async () => {
    const clock = createClock();
    const limits = createLimits({ concurrency: 1 }, clock);
    const complete = limits.wrap(async (asked) => {
      await clock.sleep(100);
      if (asked.hash === request("poison").hash) throw fails("server_error", { status: 500 });
      return reply();
    });
    const asked = many(20, (index) => complete(request(index === 3 ? "poison" : `Task ${index}`), never).then(() => "done", (error: unknown) => (error instanceof RequestFailure && !error.fatal ? error.message : "?")));
    const outcomes = await clock.run(Promise.all(asked));
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(19);
    expect(outcomes[3]).toMatchInlineSnapshot(`"It was server_error. Tried 8 times in 47 s."`);
  });

  it("has one timer for all who wait, and none when it is done", async () => {
    const { clock, limits, complete } = on({ concurrency: 5, rpm: 600 }, () => reply(), 0);
    const asked = Promise.all(many(5000, () => complete(request(), never)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(limits.state().waiting).toBeGreaterThan(4900);
    expect(clock.timers()).toBeLessThanOrEqual(6);
    await clock.run(asked);
    expect(clock.timers()).toBe(0);
    expect(limits.state()).toMatchObject({ inFlight: 0, waiting: 0, lastWait: "requests_per_minute" });
  });

  it("goes on after a mistake in the program, which is thrown", async () => {
    let count = 0;
    const limits = createLimits({ concurrency: 1 });
    const complete = limits.wrap(() => (count++ === 0 ? Promise.reject(new TypeError("a mistake")) : Promise.resolve(reply())));
    const [first, second] = await Promise.allSettled([complete(request(), never), complete(request(), never)]);
    expect(first).toMatchObject({ status: "rejected", reason: { name: "TypeError" } });
    expect(second.status).toBe("fulfilled");
  });
});

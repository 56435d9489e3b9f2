import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertPriced, BudgetExceeded, createBudget, outputAssumption, withBudget, worstCase } from "../../../pipelines/llm/budget.ts";
import type { Complete } from "../../../pipelines/llm/client.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import { modelConfig } from "../../../pipelines/llm/models.ts";
import { costOf, pico, usd } from "../../../pipelines/llm/prices.ts";
import type { RawReply, Usage } from "../../../pipelines/llm/reply.ts";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import { mostPromptTokens } from "../../../pipelines/llm/tokens.ts";

const PRICE = { input: 2.5, cachedInput: 1.25, output: 10 };
const MODEL = { price: PRICE, maxOutput: 16_384 };
const SIGNAL = new AbortController().signal;

function request(content: string, maxTokens?: number) {
  const parameters = maxTokens === undefined ? {} : { max_tokens: maxTokens };
  return buildRequest({ model: "m", messages: [{ role: "user", content }], parameters, reply: "text", ask: 1 });
}

function reply(usage: Partial<Usage> | null, status = 200): RawReply {
  const whole = usage === null ? null : { prompt_tokens: 0, cached_prompt_tokens: 0, completion_tokens: 0, reasoning_tokens: 0, ...usage };
  return { status, body: "{}", finish_reason: "stop", usage: whole, latency_ms: 1 };
}

/** A body of which the worst case is a dollar and no more. */
const DOLLAR = pico(1);

describe("a budget", () => {
  it("keeps what was settled, and what was never settled, from being spent again", async () => {
    const budget = createBudget(3);
    const [first, second, third] = [await budget.reserve(DOLLAR), await budget.reserve(DOLLAR), await budget.reserve(DOLLAR)];
    expect([budget.spent(), budget.reserved()]).toEqual([0, 3]);
    first.settle(pico(0.25));
    second.settle(null);
    third.release();
    expect([budget.spent(), budget.reserved()]).toEqual([0.25, 1]);
    (await budget.reserve(DOLLAR)).settle(DOLLAR);
    await expect(budget.reserve(DOLLAR)).rejects.toThrow(BudgetExceeded);
    expect([budget.spent(), budget.reserved()]).toEqual([1.25, 1]);
  });

  it("takes only the first word about a reservation", async () => {
    const budget = createBudget(5);
    const reservation = await budget.reserve(DOLLAR);
    reservation.settle(pico(0.5));
    reservation.settle(DOLLAR);
    reservation.release();
    expect([budget.spent(), budget.reserved()]).toEqual([0.5, 0]);
  });

  it("lets a request wait where those in flight could make room, and go when they do", async () => {
    const budget = createBudget(1.5);
    const first = await budget.reserve(DOLLAR);
    let granted = false;
    const second = budget.reserve(DOLLAR).then((reservation) => {
      granted = true;
      return reservation;
    });
    await sleep(5);
    expect(granted).toBe(false);
    first.settle(pico(0.5));
    (await second).settle(DOLLAR);
    expect(budget.spent()).toBe(1.5);
  });

  it("refuses a waiting request as soon as those in flight have left too little", async () => {
    const budget = createBudget(1.5);
    const first = await budget.reserve(DOLLAR);
    const second = budget.reserve(DOLLAR);
    first.settle(pico(0.51));
    await expect(second).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BudgetExceeded: --max-cost $1.50 leaves $0.99, and the next request could cost $1.00: raise the cap to go on, or lower --max-tokens.]`,
    );
  });

  it("serves those who wait in their order", async () => {
    const budget = createBudget(1);
    const order: string[] = [];
    const first = await budget.reserve(DOLLAR);
    const wait = async (name: string, amount: bigint): Promise<void> => {
      const reservation = await budget.reserve(amount);
      order.push(name);
      reservation.settle(pico(0.1));
    };
    const big = wait("big", pico(0.8));
    const small = wait("small", pico(0.1));
    first.release();
    await Promise.all([big, small]);
    expect(order).toEqual(["big", "small"]);
  });

  it("gives up waiting when it is interrupted, and lets the next one go", async () => {
    const budget = createBudget(1);
    const first = await budget.reserve(pico(0.5));
    const stop = new AbortController();
    const waiting = budget.reserve(DOLLAR, stop.signal);
    const behind = budget.reserve(pico(0.5));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: "RequestFailure", reason: "interrupted" });
    (await behind).release();
    first.release();
    expect(budget.reserved()).toBe(0);
    await expect(budget.reserve(pico(0.5), stop.signal)).rejects.toMatchObject({ reason: "interrupted" });
  });

  it("without a cap only keeps accounts", async () => {
    const budget = createBudget(null);
    (await budget.reserve(pico(1e6))).settle(pico(2e6));
    expect(budget.spent()).toBe(2_000_000);
  });
});

describe("a request within a budget", () => {
  it("sets aside its worst case before it is sent, and takes what was used after", async () => {
    const budget = createBudget(1);
    const sent = request("How many?", 500);
    let reserved = 0;
    const complete = withBudget(
      async () => {
        reserved = budget.reserved();
        return reply({ prompt_tokens: 100, cached_prompt_tokens: 40, completion_tokens: 50 });
      },
      budget,
      MODEL,
    );
    await complete(sent, SIGNAL);
    expect(reserved).toBe((mostPromptTokens(sent.body) * 2.5 + 500 * 10) / 1e6);
    expect([budget.spent(), budget.reserved()]).toEqual([0.0007, 0]);
  });

  it("that says no output cap is taken to be answered at the greatest length of the model", () => {
    const body = request("x").body;
    const prompt = mostPromptTokens(body) * 2.5;
    expect(usd(worstCase(body, MODEL))).toBeCloseTo((prompt + 16_384 * 10) / 1e6, 12);
    expect(usd(worstCase(body, { ...MODEL, maxOutput: null }))).toBeCloseTo((prompt + 128_000 * 10) / 1e6, 12);
    expect(worstCase(body, MODEL, 0.5) * 2n).toBe(worstCase(body, MODEL));
  });

  it("is taken to be written into the cache, where that is dearer, and to be long, where it could be", () => {
    const body = request("x".repeat(2000), 10).body;
    const dear = { input: 2, cachedInput: 0.2, output: 10, cacheWrite: 2.5, longPrompt: { above: 1500, input: 4, cachedInput: 0.4, output: 15, cacheWrite: 5 } };
    expect(usd(worstCase(body, { price: dear, maxOutput: null }))).toBeCloseTo((mostPromptTokens(body) * 5 + 150) / 1e6, 12);
  });

  const failing =
    (error: Error): Complete =>
    async () => {
      throw error;
    };
  const broken = (status: number | null, away = false) => new RequestFailure("server_error", "no", false, { status, away });

  it.each<[string, Complete, "all" | "prompt" | "nothing"]>([
    ["no usage", async () => reply(null), "all"],
    ["a usage of nothing", async () => reply({}), "all"],
    ["a content filter's refusal", async () => reply(null, 400), "prompt"],
    ["a time-out", failing(broken(null)), "all"],
    ["a gateway's time-out", failing(broken(504)), "all"],
    ["a mistake of the program", failing(new TypeError("x")), "all"],
    ["no connection", failing(broken(null, true)), "nothing"],
    ["a rate limit", failing(broken(429)), "nothing"],
    ["a server error", failing(broken(500)), "nothing"],
  ])("that ends with %s", async (_how, inner, taken) => {
    const budget = createBudget(1);
    const sent = request("How many?", 500);
    await withBudget(inner, budget, MODEL)(sent, SIGNAL).catch((error: unknown) => error);
    const prompt = (mostPromptTokens(sent.body) * 2.5) / 1e6;
    expect(budget.spent() + budget.reserved()).toBeCloseTo(taken === "all" ? prompt + 0.005 : taken === "prompt" ? prompt : 0, 12);
  });

  it("is not sent where its worst case passes the cap, and the error says so", async () => {
    let requests = 0;
    const complete = withBudget(
      async () => {
        requests += 1;
        return reply({});
      },
      createBudget(0.1),
      MODEL,
    );
    await expect(complete(request("x"), SIGNAL)).rejects.toThrow(/^--max-cost \$0\.10 leaves \$0\.10, and the next request could cost \$0\.17: raise/);
    expect(requests).toBe(0);
  });

  it("that costs nothing is never refused", async () => {
    const budget = createBudget(0);
    const free = { price: { input: 0, cachedInput: 0, output: 0 }, maxOutput: null };
    const complete = withBudget(async () => reply({ prompt_tokens: 9, completion_tokens: 9 }), budget, free);
    await Promise.all(Array.from({ length: 50 }, () => complete(request("x"), SIGNAL)));
    expect(budget.spent()).toBe(0);
  });

  it("never passes the cap with 100 in flight, whatever comes back when, and stops only when the next could pass it", async () => {
    const one = fc.record({
      promptShare: fc.double({ min: 0, max: 1, noNaN: true }),
      cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      completion: fc.nat({ max: 400 }),
      delay: fc.nat({ max: 3 }),
      ending: fc.constantFrom("reply", "reply", "reply", "no usage", "time-out", "refused"),
      words: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 120, maxLength: 300 }), fc.integer({ min: 1, max: 60 }), async (plan, cents) => {
        const max = cents / 100;
        const budget = createBudget(max);
        // What a provider would bill, at most: a reply without usage and a time-out may have cost the worst.
        let billed = 0;
        let mostBilled = 0;
        const complete = (step: (typeof plan)[number]): Complete =>
          withBudget(
            async (sent) => {
              if (step.delay > 0) await sleep(step.delay);
              const most = mostPromptTokens(sent.body);
              const prompt_tokens = Math.ceil(1 + (most - 1) * step.promptShare);
              const used = { prompt_tokens, cached_prompt_tokens: Math.floor(prompt_tokens * step.cachedShare), completion_tokens: step.completion };
              if (step.ending === "refused") throw broken(429);
              billed += step.ending === "reply" ? costOf(used, PRICE) : usd(worstCase(sent.body, MODEL));
              mostBilled = Math.max(mostBilled, billed);
              if (step.ending === "time-out") throw broken(null);
              return reply(step.ending === "reply" ? used : null);
            },
            budget,
            MODEL,
          );
        const waiting = [...plan];
        let stopped = false;
        let worstLeft = 0n;
        const worker = async (): Promise<void> => {
          for (let step = waiting.shift(); step !== undefined && !stopped; step = waiting.shift()) {
            const sent = request("word ".repeat(step.words), 400);
            try {
              await complete(step)(sent, SIGNAL);
            } catch (error) {
              if (error instanceof BudgetExceeded) {
                stopped = true;
                worstLeft = worstCase(sent.body, MODEL) > worstLeft ? worstCase(sent.body, MODEL) : worstLeft;
              } else if (!(error instanceof RequestFailure)) throw error;
            }
            expect(budget.spent() + budget.reserved()).toBeLessThanOrEqual(max + 1e-12);
          }
        };
        await Promise.all(Array.from({ length: 100 }, worker));
        expect(mostBilled).toBeLessThanOrEqual(max + 1e-9);
        expect(budget.spent() + budget.reserved()).toBeCloseTo(billed, 9);
        if (stopped) expect(billed + usd(worstLeft)).toBeGreaterThan(max);
        else expect(waiting).toHaveLength(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a cap", () => {
  it("can't be held without a price", () => {
    const unknown = modelConfig("mine", { env: { OPENAI_BASE_URL: "https://proxy.example.com/v1" } });
    expect(() => assertPriced(5, [modelConfig("gpt-4o", { env: {} }), unknown])).toThrowErrorMatchingInlineSnapshot(
      `[LumosError: --max-cost can't be held: no price is known for model 'mine' at https://proxy.example.com/v1. Give it in lumos.config.json, in USD per million tokens, as {"models": {"mine": {"price": {"input": 0.15, "cachedInput": 0.075, "output": 0.6}}}}, or leave --max-cost out.]`,
    );
    expect(() => assertPriced(null, [unknown])).not.toThrow();
    expect(() => assertPriced(5, [modelConfig("llama", { flags: { baseUrl: "http://localhost:8000/v1" }, env: {} })])).not.toThrow();
  });

  it("says what it takes for granted where there is no output cap", () => {
    expect(outputAssumption(modelConfig("gpt-4o", { env: {} }))).toMatchInlineSnapshot(
      `"No output cap: each request of gpt-4o reserves 16,384 tokens (as many as the model can write) of --max-cost. Give --max-tokens to reserve less."`,
    );
    expect(outputAssumption(modelConfig("gpt-4o", { flags: { maxTokens: 500 }, env: {} }))).toBeNull();
    expect(outputAssumption(modelConfig("llama", { flags: { baseUrl: "http://localhost:8000/v1" }, env: {} }))).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, formatUsd, isListedProvider, listedModel, pico, picoCostOf, priceOf, usd } from "../../../pipelines/llm/prices.ts";
import list from "../../../pipelines/llm/prices.json" with { type: "json" };

const OPENAI = "https://api.openai.com/v1";

describe("the price list", () => {
  it.each([
    ["gpt-4o-mini", OPENAI, { input: 0.15, cachedInput: 0.075, output: 0.6 }],
    ["gpt-4o-mini-2024-07-18", OPENAI, { input: 0.15, cachedInput: 0.075, output: 0.6 }],
    ["GPT-4o-2024-08-06", OPENAI, { input: 2.5, cachedInput: 1.25, output: 10 }],
    ["gpt-4o-2024-05-13", OPENAI, { input: 5, cachedInput: 5, output: 15 }],
    ["claude-haiku-4-5-20251001", "https://api.anthropic.com/v1", { input: 1, cachedInput: 0.1, output: 5 }],
    ["models/gemini-2.5-flash", "https://generativelanguage.googleapis.com/v1beta/openai", { input: 0.3, cachedInput: 0.03, output: 2.5 }],
    ["gemini-2.5-flash-001", "https://generativelanguage.googleapis.com/v1beta/openai", { input: 0.3, cachedInput: 0.03, output: 2.5 }],
    ["deepseek-v4-pro", "https://api.deepseek.com", { input: 1.32, cachedInput: 0.044, output: 3.96 }],
  ])("knows %s at %s", (model, baseUrl, price) => {
    expect(priceOf(model, baseUrl)).toEqual(price);
  });

  it.each([
    ["gpt-4o-mini", "http://localhost:8000/v1"],
    ["gpt-4o-mini", "https://openrouter.ai/api/v1"],
    ["gpt-4o-mini", "no url"],
    ["gpt-4o-mini-tts", OPENAI],
    ["gpt-4o-mini-audio-preview-2024-12-17", OPENAI],
    ["ft:gpt-4o-mini-2024-07-18:me::x", OPENAI],
    ["mistral-large-latest", "https://api.mistral.ai/v1"],
    ["__proto__", OPENAI],
    ["constructor", OPENAI],
    ["", OPENAI],
  ])("knows no price of '%s' at %s", (model, baseUrl) => {
    expect(priceOf(model, baseUrl)).toBeNull();
  });

  it("has a date, a source and the longest reply for every model, and no model twice", () => {
    for (const { hosts, models } of list.providers) {
      expect(new Set(models.map(({ model }) => model)).size).toBe(models.length);
      for (const [host, { model }] of hosts.flatMap((name) => models.map((each) => [name, each] as const))) {
        const listed = listedModel(model, `https://${host}/v1`);
        expect({ model, ...listed }).toMatchObject({ model, asOf: expect.stringMatching(/^202\d-\d\d-\d\d$/), source: expect.stringMatching(/^https:\/\//) });
        expect(listed?.maxOutput).toBeGreaterThanOrEqual(4096);
        expect(listed?.price.cachedInput).toBeLessThanOrEqual(listed?.price.input ?? 0);
        expect(listed?.price.output).toBeGreaterThanOrEqual(listed?.price.input ?? 0);
      }
    }
  });

  it("tells the providers that want a key from other endpoints", () => {
    expect(isListedProvider(OPENAI)).toBe(true);
    expect(isListedProvider("http://localhost:11434/v1")).toBe(false);
  });
});

describe("the cost of a request", () => {
  const price = { input: 0.15, cachedInput: 0.075, output: 0.6 };
  const usage = (prompt_tokens: number, cached_prompt_tokens: number, completion_tokens: number) => ({ prompt_tokens, cached_prompt_tokens, completion_tokens });

  it.each([
    [usage(1_000_000, 0, 0), 0.15],
    [usage(1_000_000, 1_000_000, 0), 0.075],
    [usage(0, 0, 1_000_000), 0.6],
    [usage(1000, 400, 250), 0.00027],
    [usage(1, 0, 0), 0.000_000_15],
    [usage(3, 1, 7), 0.000_004_575],
    // More cached than there are: endpoints get this wrong.
    [usage(10, 20, 0), 0.000_000_75],
  ])("is exact for %o", (used, expected) => {
    expect(costOf(used, price)).toBe(expected);
  });

  it("is half of it in a batch, rounded up", () => {
    expect(costOf(usage(1000, 400, 250), price, 0.5)).toBe(0.000135);
    expect(picoCostOf(usage(1, 0, 0), { input: 0.000001, cachedInput: 0, output: 0 }, 0.5)).toBe(1n);
  });

  it("takes the rates of long prompts for all tokens of a long prompt", () => {
    const tiered = { ...price, longPrompt: { above: 1000, input: 0.3, cachedInput: 0.15, output: 0.9 } };
    expect(costOf(usage(1000, 0, 1000), tiered)).toBe(0.00075);
    expect(costOf(usage(1001, 0, 1000), tiered)).toBe(0.001_200_3);
  });

  it("counts what was written into the cache at its price, and all that was not cached where that is not reported", () => {
    const writing = { input: 2, cachedInput: 0.2, output: 10, cacheWrite: 2.5 };
    expect(costOf({ ...usage(2000, 1000, 0), cache_write_tokens: 0 }, writing)).toBe(0.0022);
    expect(costOf({ ...usage(2000, 1000, 0), cache_write_tokens: 400 }, writing)).toBe(0.0024);
    expect(costOf(usage(2000, 1000, 0), writing)).toBe(0.0027);
  });

  it("adds up without an error, however many requests there are", () => {
    const count = fc.nat({ max: 200_000 });
    const rate = fc.nat({ max: 200_000_000 }).map((millionths) => millionths / 1e6);
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count, count), { minLength: 1, maxLength: 50 }), fc.record({ input: rate, cachedInput: rate, output: rate }), (requests, rates) => {
        const used = requests.map(([prompt, cached, completion]) => usage(prompt, Math.min(prompt, cached), completion));
        const total = used.reduce((sum, each) => sum + picoCostOf(each, rates), 0n);
        const tokens = used.reduce(
          (sum, each) => usage(sum.prompt_tokens + each.prompt_tokens, sum.cached_prompt_tokens + each.cached_prompt_tokens, sum.completion_tokens + each.completion_tokens),
          usage(0, 0, 0),
        );
        expect(total).toBe(picoCostOf(tokens, rates));
        // Exact to a hundred-millionth of a dollar, as a number too.
        expect(Math.abs(usd(total) - Number(total / 10_000n) / 1e8)).toBeLessThanOrEqual(1e-8);
      }),
    );
  });

  it("reads amounts given in dollars as they are meant", () => {
    expect(pico(0.1) + pico(0.2)).toBe(pico(0.3));
    expect(usd(pico(4.99))).toBe(4.99);
  });
});

it.each([
  [0, "$0.00"],
  [12.345, "$12.35"],
  [1234.5, "$1,234.50"],
  [0.5, "$0.50"],
  [0.0123, "$0.012"],
  [0.000135, "$0.00014"],
  [0.000_000_4, "under $0.000001"],
])("%d dollars read %s", (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});

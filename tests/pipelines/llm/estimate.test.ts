import { describe, expect, it } from "vitest";
import { estimateLine, estimateRun } from "../../../pipelines/llm/estimate.ts";
import { modelConfig } from "../../../pipelines/llm/models.ts";
import type { Message } from "../../../pipelines/llm/request.ts";
import { estimateRequestTokens, loadTokenizer } from "../../../pipelines/llm/tokens.ts";
import { processorTime } from "../../support/processor-time.ts";

const MODEL = modelConfig("gpt-4o-mini", { env: {} });
const PLAN = "Subgoal 1: Find how many apples there are.\nAction 1-1: R1 = Calculator(2 + 3) = 5";
const CONSTANT: readonly Message[] = [
  { role: "system", content: "Turn the rationale into a plan of subgoals and actions. ".repeat(150) },
  { role: "user", content: "Task:\nTwo apples and three apples." },
  { role: "assistant", content: PLAN },
];

function example(index: number): Message[] {
  const content = `Task:\nA shop sold ${index} boxes on Monday and ${index % 97} on Tuesday. ${"How many were sold in all? ".repeat(1 + (index % 5))}`;
  return [...CONSTANT, { role: "user", content }];
}

function* examples(count: number): Generator<Message[]> {
  for (let index = 0; index < count; index++) yield example(index);
}

describe("the estimate of a run", () => {
  it("is exact where everything is tokenised", async () => {
    const tokenizer = await loadTokenizer("gpt-4o-mini");
    const estimate = await estimateRun({ model: MODEL, requests: examples(50) });
    const exact = [...examples(50)].reduce((sum, messages) => sum + estimateRequestTokens({ messages }, tokenizer).prompt, 0);
    expect(estimate).toMatchObject({ requests: 50, promptTokens: exact, completionTokens: 50 * tokenizer.count(PLAN) });
    expect(estimate.costUsd).toBeCloseTo((exact * 0.15 + estimate.completionTokens * 0.6) / 1e6, 9);
  });

  it("is within one percent of it where only a sample is, and the same each time", async () => {
    const tokenizer = await loadTokenizer("gpt-4o-mini");
    const estimate = await estimateRun({ model: MODEL, requests: examples(3001) });
    const exact = [...examples(3001)].reduce((sum, messages) => sum + estimateRequestTokens({ messages }, tokenizer).prompt, 0);
    expect(Math.abs(estimate.promptTokens / exact - 1)).toBeLessThan(0.01);
    expect(await estimateRun({ model: MODEL, requests: examples(3001) })).toEqual(estimate);
  });

  it.each([
    ["change along the file", (index: number) => (index < 1500 ? "one and two and three and four " : "7 1 9 4 2 8 5 6 3 1 7 2 ").repeat(4)],
    ["hold a very long one that is not in the sample", (index: number) => "one and two and three and four ".repeat(index === 7 ? 5000 : 4)],
  ])("is near where the examples %s", async (_how, content) => {
    const tokenizer = await loadTokenizer("gpt-4o-mini");
    const requests = Array.from({ length: 3001 }, (_, index) => [...CONSTANT, { role: "user" as const, content: content(index) }]);
    const exact = requests.reduce((sum, messages) => sum + estimateRequestTokens({ messages }, tokenizer).prompt, 0);
    const estimate = await estimateRun({ model: MODEL, requests });
    const constant = estimate.constantTokens * requests.length;
    expect(Math.abs((estimate.promptTokens - constant) / (exact - constant) - 1)).toBeLessThan(0.07);
  });

  it("takes less than two seconds for 60,000 examples, read as they come", async () => {
    async function* stream(): AsyncGenerator<Message[]> {
      yield* examples(60_000);
    }
    await loadTokenizer("gpt-4o-mini");
    const spent = processorTime();
    expect((await estimateRun({ model: MODEL, requests: stream() })).requests).toBe(60_000);
    expect(spent()).toBeLessThan(2000);
  });

  it("knows what the provider's cache saves on a long constant part", async () => {
    const estimate = await estimateRun({ model: MODEL, requests: examples(100) });
    expect(estimate.constantTokens).toBeGreaterThan(1024);
    expect(estimate.cachedCostUsd).toBeCloseTo((estimate.costUsd ?? 0) - (99 * estimate.constantTokens * 0.075) / 1e6, 9);
    const short = await estimateRun({ model: MODEL, requests: [[{ role: "user", content: "a" }], [{ role: "user", content: "b" }]] });
    expect([short.constantTokens < 10, short.cachedCostUsd]).toEqual([true, null]);
  });

  it("takes the length of kept replies before that of few-shot plans, and half the price in batches", async () => {
    const whole = await estimateRun({ model: MODEL, requests: examples(10), keptCompletions: [100, 300] });
    expect(whole.completionTokens).toBe(2000);
    const batch = await estimateRun({ model: MODEL, requests: examples(10), keptCompletions: [100, 300], discount: 0.5 });
    expect((batch.costUsd ?? 0) * 2).toBeCloseTo(whole.costUsd ?? 0, 9);
  });

  it("counts the schema with every request", async () => {
    const plain = await estimateRun({ model: MODEL, requests: examples(10) });
    const schema = await estimateRun({ model: MODEL, requests: examples(10), responseFormat: { type: "json_schema", json_schema: { name: "plan" } } });
    expect(schema.promptTokens).toBeGreaterThan(plain.promptTokens + 50);
  });
});

describe("the line for people", () => {
  it.each([
    [
      "gpt-4o-mini",
      {},
      7473,
      "gpt-4o-mini at https://api.openai.com/v1: 7,473 requests, about 15.3M prompt and 232k completion tokens, about $2.43 ($1.31 if the provider caches the constant part)",
    ],
    [
      "gpt-4o-mini",
      { baseUrl: "https://proxy.example.com/v1" },
      1,
      "gpt-4o-mini at https://proxy.example.com/v1: 1 request, about 2,033 prompt and 31 completion tokens, price unknown",
    ],
    [
      "small",
      { baseUrl: "http://localhost:8000/v1" },
      20,
      "small (Qwen/Qwen3-8B) at http://localhost:8000/v1: 20 requests, about 41k prompt and 620 completion tokens, costs nothing",
    ],
    ["gpt-4o-mini", {}, 0, "gpt-4o-mini at https://api.openai.com/v1: 0 requests, about 0 prompt and 0 completion tokens, about $0.00"],
  ])("says endpoint, model, requests, tokens and dollars: %s %o, %d examples", async (name, flags, count, line) => {
    const model = modelConfig(name, { config: { small: { model: "Qwen/Qwen3-8B" } }, flags, env: {} });
    expect(estimateLine(await estimateRun({ model, requests: examples(count) }), model)).toBe(line);
  });
});

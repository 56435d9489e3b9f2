import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import {
  countTokens,
  createTokenCorrection,
  estimateRequestTokens,
  loadTokenizer,
  mostPromptTokens,
  outputCap,
  promptWasCut,
} from "../../../pipelines/llm/tokens.ts";
import type { Tokenizer } from "../../../pipelines/llm/tokens.ts";
import { processorTime } from "../../support/processor-time.ts";

const PROSE = "Jett bought a cow at the market for $600 and took it to his farm. He spent $20 a day on food.\n";
let tokenizer: Tokenizer;

beforeAll(async () => {
  tokenizer = await loadTokenizer("gpt-4o");
});

describe("counting tokens", () => {
  // Known from OpenAI's tokenizer page and cookbook.
  it.each([
    ["gpt-4o", "hello world", 2],
    ["gpt-4o", "antidisestablishmentarianism", 6],
    ["gpt-4", "antidisestablishmentarianism", 6],
    ["gpt-4o", "2 + 2 = 4", 7],
    ["gpt-4", "お誕生日おめでとう", 9],
    ["gpt-4o", "お誕生日おめでとう", 8],
    ["gpt-4o", "", 0],
  ])("%s: '%s' has %d", async (model, text, tokens) => {
    expect(await countTokens(text, model)).toBe(tokens);
  });

  it.each([
    ["gpt-4o-mini", "o200k_base"],
    ["gpt-6-sol", "o200k_base"],
    ["gpt-4.1", "o200k_base"],
    ["Qwen/Qwen3-8B", "o200k_base"],
    ["gpt-4", "cl100k_base"],
    ["gpt-4-turbo-2024-04-09", "cl100k_base"],
    ["gpt-3.5-turbo", "cl100k_base"],
  ])("%s is counted by %s", async (model, encoding) => {
    expect((await loadTokenizer(model)).encoding).toBe(encoding);
  });

  it("takes what looks like a control token for text", () => {
    expect(tokenizer.count("<|endoftext|>")).toBeGreaterThan(3);
  });

  it("cuts long prose without changing the count", async () => {
    const { countTokens: countWhole } = await import("gpt-tokenizer/encoding/o200k_base");
    const text = PROSE.repeat(40);
    expect(Math.abs(tokenizer.count(text) - countWhole(text))).toBeLessThanOrEqual(countWhole(text) / 200);
  });

  it.each([["a"], [" "], ["\n"], ["\t \r\n"], ["7"], ["!"], ["😀"], ["aB"], ["<|endoftext|>"], ["\u{301}"], ["\ud800"], ["한"], [PROSE]])(
    "is quick with 100,000 characters of %j",
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const spent = processorTime();
      const tokens = tokenizer.count(text);
      expect(spent()).toBeLessThan(1500);
      expect(tokens).toBeGreaterThan(300);
      expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
    },
  );

  it("extrapolates a text of many megabytes", () => {
    const spent = processorTime();
    const tokens = tokenizer.count(PROSE.repeat(200_000));
    expect(spent()).toBeLessThan(2000);
    expect(tokens / (tokenizer.count(PROSE) * 200_000)).toBeCloseTo(1, 1);
  });
});

describe("the tokens of a request", () => {
  const messages = [
    { role: "system" as const, content: "Write a plan." },
    { role: "user" as const, content: PROSE },
  ];

  it("are those of the messages, what the chat form adds, and the schema", () => {
    const text = buildRequest({ model: "gpt-4o", messages, parameters: { max_tokens: 700 }, reply: "text", ask: 1 });
    const json = buildRequest({ model: "gpt-4o", messages, parameters: {}, reply: "json", ask: 1 });
    const own = tokenizer.count("Write a plan.") + tokenizer.count(PROSE);
    expect(estimateRequestTokens(text.body, tokenizer)).toEqual({ messages: own + 11, schema: 0, prompt: own + 11, outputCap: 700 });
    const withSchema = estimateRequestTokens(json.body, tokenizer);
    expect(withSchema.outputCap).toBeNull();
    expect(withSchema.schema).toBeGreaterThan(50);
    expect(withSchema.prompt).toBe(withSchema.messages + withSchema.schema);
  });

  it.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 9, max_tokens: 5 }, 9],
    [{ max_tokens: null }, null],
    [{ max_tokens: "5" }, null],
    [{}, null],
  ])("have the output cap of %o", (body, cap) => {
    expect(outputCap(body)).toBe(cap);
  });

  it("are never more than the most there can be", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 400 }), { maxLength: 5 }), (contents) => {
        const body = { messages: contents.map((content) => ({ role: "user", content })) };
        expect(estimateRequestTokens(body, tokenizer).prompt).toBeLessThanOrEqual(mostPromptTokens(body));
      }),
    );
  });

  it.each([[{}], [{ messages: "x" }], [{ messages: [null, 3, { content: null }, { content: [{ type: "text", text: "a" }] }] }]])("are read from %j without an exception", (body) => {
    expect(estimateRequestTokens(body, tokenizer).prompt).toBeGreaterThan(0);
  });
});

describe("correcting estimates", () => {
  it("learns per model how much more it counts", () => {
    const correction = createTokenCorrection();
    expect(correction.apply("a", 1000)).toBe(1000);
    correction.observe("a", 1000, { prompt_tokens: 1200 });
    correction.observe("a", 3000, { prompt_tokens: 3600 });
    expect(correction.apply("a", 500)).toBe(600);
    expect(correction.apply("b", 500)).toBe(500);
  });

  it("learns nothing from a server that counts nothing or cuts prompts", () => {
    const correction = createTokenCorrection();
    correction.observe("a", 1000, { prompt_tokens: 0 });
    correction.observe("a", 8000, { prompt_tokens: 2048 });
    correction.observe("a", 0, { prompt_tokens: 10 });
    expect(correction.apply("a", 1000)).toBe(1000);
  });
});

it.each([
  [3000, 2048, true],
  [3000, 2400, false],
  [3000, 4100, false],
  [3000, 0, false],
  [100, 60, false],
  [6000, 4096, true],
])("a prompt of about %d tokens that is reported as %d was cut: %s", (estimated, reported, cut) => {
  expect(promptWasCut(estimated, reported)).toBe(cut);
});

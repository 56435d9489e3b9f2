import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine } from "../../../pipelines/llm/line.ts";
import { rawReply, readReply } from "../../../pipelines/llm/reply.ts";
import { processorTime } from "../../support/processor-time.ts";

function read(body: unknown, status = 200) {
  return readReply(rawReply({ status, body: typeof body === "string" ? body : JSON.stringify(body), latency_ms: 1 }));
}

function chat(message: unknown, finish_reason: unknown = "stop") {
  return { choices: [{ message, finish_reason }], usage: { prompt_tokens: 100, completion_tokens: 20 } };
}

describe("a reply", () => {
  it.each([
    ["content", { content: " plan \n" }, "plan", ""],
    ["content in parts", { content: [{ type: "text", text: "pl" }, { type: "image" }, { type: "text", text: "an" }] }, "plan", ""],
    ["thinking in tags", { content: "<think>\nhm\n</think>\n\nplan" }, "plan", "hm"],
    ["two blocks of thinking", { content: "<think>a</think> <think>b</think>plan" }, "plan", "a\n\nb"],
    ["thinking whose first tag the chat template swallowed", { content: "hm\n</think>\nplan" }, "plan", "hm"],
    ["thinking in reasoning_content", { content: "plan", reasoning_content: "hm" }, "plan", "hm"],
    ["thinking in reasoning", { content: "plan", reasoning: "hm" }, "plan", "hm"],
    ["thinking in another tag", { content: "<thought>hm</thought>plan" }, "plan", "hm"],
    ["thinking in brackets", { content: "[THINK]hm[/THINK]plan" }, "plan", "hm"],
    ["thinking in a part of its own", { content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }, { type: "text", text: "plan" }] }, "plan", "hm"],
    ["the same thinking in two fields", { content: "plan", reasoning: "hm", reasoning_content: "hm" }, "plan", "hm"],
    ["channels that the server did not take apart", { content: "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>plan<|return|>" }, "plan", "<|channel|>analysis<|message|>hm<|end|><|start|>assistant"],
    ["a tag inside JSON", { content: '{"a": "x </think> y"}' }, '{"a": "x </think> y"}', ""],
  ])("with %s", (_what, message, content, reasoning) => {
    expect(read(chat(message))).toEqual({ content, reasoning, defects: [] });
  });

  it.each([
    ["cut off", chat({ content: "Subgoal 1: Ca" }, "length")],
    ["cut off while thinking in tags", chat({ content: "<think>so we have" }, "length")],
    ["nothing after thinking in tags", chat({ content: "<think>so we have" })],
    ["nothing after thinking in its own field", chat({ content: null, reasoning_content: "so we have" })],
    ["broken off by the endpoint", chat({ content: "Subgoal 1: Ca" }, "error")],
    ["cut off within the first channel", chat({ content: "<|channel|>analysis<|message|>so we" }, "stop")],
    ["cut off, as Gemini says it", chat({ content: "Subgoal 1: Ca" }, "MAX_TOKENS")],
    ["filtered, as Gemini's compatible endpoint says it", chat({}, "content_filter: PROHIBITED_CONTENT")],
    ["beyond the context, as Anthropic says it", chat({ content: "Subg" }, "model_context_window_exceeded")],
    ["refused, as Anthropic says it", chat({ content: "" }, "refusal")],
    ["out of resources, as DeepSeek says it", chat({ content: "Subg" }, "insufficient_system_resource")],
    ["a refusal", chat({ content: null, refusal: "I can't help\nwith that." })],
    ["stopped by the content filter", chat({ content: "Subgoal 1" }, "content_filter")],
    ["stopped by a filter named otherwise", chat({ content: "" }, "SAFETY")],
    ["Azure's content filter error", { error: { code: "content_filter", message: "The response was filtered." } }],
    ["Azure's inner error", { error: { code: "x", innererror: { code: "ResponsibleAIPolicyViolation" } } }],
    ["empty content", chat({ content: "  \n" })],
    ["no content", chat({})],
    ["a tool call", chat({ content: null, tool_calls: [{ id: "1" }] }, "tool_calls")],
    ["no message", { choices: [{}] }],
    ["no choices", { choices: [] }],
    ["another protocol", { response: "plan" }],
    ["an error with status 200", { error: { message: "Provider returned error" } }],
    ["an error as text", { error: "model is loading" }],
    ["a web page", "<html>\n<body>Welcome \u001b[31m to the proxy</body></html>"],
    ["an empty body", "\n"],
    ["half a body", '{"choices": [{"message": {"content": "Subg'],
    ["a number", "7"],
    ["null", "null"],
  ])("that can't be used says why: %s", (_what, body) => {
    const { content, defects } = read(body);
    expect(content).toBe("");
    expect(defects.map(({ code, message }) => `${code}: ${message}`).join("\n")).toMatchSnapshot();
  });

  it("keeps what the endpoint counted", () => {
    const usage = {
      prompt_tokens: 900,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 768 },
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    const raw = rawReply({ status: 200, body: JSON.stringify({ ...chat({ content: "x" }), usage }), latency_ms: 12 });
    expect(raw).toMatchObject({ finish_reason: "stop", latency_ms: 12 });
    expect(raw.usage).toEqual({ prompt_tokens: 900, cached_prompt_tokens: 768, completion_tokens: 50, reasoning_tokens: 30 });
  });

  it.each([
    ["DeepSeek's cache hits", { prompt_tokens: 900, completion_tokens: 50, prompt_cache_hit_tokens: 768 }, [900, 768, 50, 0]],
    ["thinking that is in the total alone, as with Gemini", { prompt_tokens: 21, completion_tokens: 4, total_tokens: 81 }, [21, 0, 60, 56]],
    ["thinking that is told and left out", { prompt_tokens: 21, completion_tokens: 0, total_tokens: 81, completion_tokens_details: { reasoning_tokens: 60 } }, [21, 0, 60, 60]],
    ["more cached tokens than there are", { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 20 } }, [10, 10, 1, 0]],
  ])("counts what is billed: %s", (_what, usage, [prompt, cached, completion, reasoning]) => {
    expect(rawReply({ status: 200, body: JSON.stringify({ usage }), latency_ms: 0 }).usage).toEqual({
      prompt_tokens: prompt,
      cached_prompt_tokens: cached,
      completion_tokens: completion,
      reasoning_tokens: reasoning,
    });
  });

  it.each([["nothing"], [null], [{ prompt_tokens: "many" }], [{ prompt_tokens: -1, completion_tokens: 1.5 }], [[]]])("takes no usage from %j", (usage) => {
    expect(rawReply({ status: 200, body: JSON.stringify({ usage }), latency_ms: 0 }).usage).toBeNull();
  });

  it("never throws, whatever JSON comes", () => {
    const hostile = fc.dictionary(fc.constantFrom("choices", "error", "usage", "message", "__proto__", "constructor", "content"), fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), hostile.map((value) => JSON.stringify(value)), fc.jsonValue().map((value) => JSON.stringify(chat(value)))), (body) => {
        const { content, defects } = read(body);
        expect(content === "").toBe(defects.length > 0);
      }),
    );
  });

  it.each([
    ["tags", "<think></think>".repeat(10_000)],
    ["opening tags", "<think>".repeat(20_000)],
    ["closing tags", "</think>".repeat(20_000)],
    ["blanks", " ".repeat(100_000)],
    ["blanks between thoughts", `<think>a</think>${" ".repeat(100)}`.repeat(1000)],
    ["channels", `<|start|>${"<|channel|>final<|message|>".repeat(4000)}`],
    ["brackets", "[THINK]".repeat(15_000)],
  ])("made of 100,000 characters of %s is read at once", (_what, content) => {
    const spent = processorTime();
    read(chat({ content }));
    expect(spent()).toBeLessThan(500);
  });
});

describe("foreign text in a message", () => {
  it("is one line, short, without anything a terminal obeys", () => {
    expect(oneLine("a\u001b[2J\r\nb\u2028c\u202Ed")).toBe("a [2J b c d");
    expect(oneLine("x".repeat(1_000_000), 10)).toBe(`${"x".repeat(9)}…`);
    expect(oneLine(" ".repeat(1_000_000))).toBe("");
  });
});

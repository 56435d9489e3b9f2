import { defect } from "../../schemas/defect.ts";
import type { Defect, DefectCode } from "../../schemas/defect.ts";
import { oneLine } from "./line.ts";

/** Tokens as the endpoint counted them. `cached_prompt_tokens` are among `prompt_tokens`, `reasoning_tokens` among `completion_tokens`. */
export interface Usage {
  prompt_tokens: number;
  cached_prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
}

/** A reply as it came: kept whole, whatever it is, before anything is read from it. */
export interface RawReply {
  /** 200, or that of an error that concerns this one example (Azure's content filter: 400). */
  status: number;
  /** The whole body: JSON text where the endpoint keeps to the protocol. */
  body: string;
  finish_reason: string | null;
  /** Null where the endpoint reports none. */
  usage: Usage | null;
  latency_ms: number;
}

/** What a reply says. `content` is empty where there is a defect that leaves nothing to parse. */
interface ReadReply {
  content: string;
  /** The model's thinking, stripped from the content; "" where there is none. */
  reasoning: string;
  defects: Defect[];
}

/** Stands for an endpoint's finish reason where it read only part of the prompt and says nothing of it. */
export const PROMPT_CUT = "prompt_cut";

/**
 * Puts a body that was received into the shape that is kept. Total. A `finish_reason` is given for a reply that was kept with one, since
 * `PROMPT_CUT` does not stand in the body.
 */
export function rawReply(received: { status: number; body: string; latency_ms: number; finish_reason?: string | null }): RawReply {
  const body = parseBody(received.body);
  const said = received.finish_reason === PROMPT_CUT ? PROMPT_CUT : field(firstChoice(body), "finish_reason");
  return { ...received, finish_reason: typeof said === "string" ? oneLine(said, 40) : null, usage: readUsage(field(body, "usage")) };
}

/**
 * Reads a chat completion. Total: any text gives content, or an `llm.*` defect that says what came instead.
 * Thinking in `<think>…</think>`, `reasoning_content` or `reasoning` is taken out of the content; nothing after it means that the reply was cut.
 */
export function readReply(raw: RawReply): ReadReply {
  const body = parseBody(raw.body);
  if (isFilteredError(body)) return broken("llm.filtered", `The endpoint's content filter refused the request: ${errorMessage(body) ?? "it gave no message."}`);
  const choice = firstChoice(body);
  const message = field(choice, "message");
  const { content, reasoning } = splitReasoning(contentText(field(message, "content")), message);
  // Gemini's compatible endpoint says more after a colon: `content_filter: PROHIBITED_CONTENT`.
  const stopped = (raw.finish_reason ?? "").toLowerCase().split(":", 1)[0] ?? "";
  const tokens = raw.usage === null ? "" : ` after ${raw.usage.completion_tokens} tokens`;

  if (FILTERED.has(stopped)) return broken("llm.filtered", `The endpoint's content filter stopped the reply (finish_reason '${raw.finish_reason}').`, reasoning);
  const refusal = field(message, "refusal");
  if (typeof refusal === "string" && refusal.trim() !== "") return broken("llm.refusal", `The model refused: ${oneLine(refusal)}`, reasoning);
  if (stopped === "refusal") return broken("llm.refusal", content === "" ? "The model refused, without a word." : `The model refused: ${oneLine(content)}`, reasoning);
  if (stopped === PROMPT_CUT) return broken("llm.truncated", promptCut(raw.usage), reasoning);
  if (TRUNCATED.has(stopped)) return broken("llm.truncated", `The reply was cut off${tokens}: raise --max-tokens.`, reasoning);
  if (BROKEN_OFF.has(stopped)) return broken("llm.truncated", `The endpoint broke the reply off${tokens} (finish_reason '${raw.finish_reason}').`, reasoning);
  if (content !== "") return { content, reasoning, defects: [] };
  if (reasoning !== "") return broken("llm.truncated", `The reply holds reasoning and no answer${tokens}: raise --max-tokens or lower --reasoning-effort.`, reasoning);
  return broken("llm.empty", emptyReason(raw.body, body, choice), reasoning);
}

/** Whether an error body says that the provider's content filter refused the request (Azure OpenAI answers so with status 400). */
export function isFilteredError(body: unknown): boolean {
  const error = field(body, "error");
  const codes = [field(error, "code"), field(error, "type"), field(field(error, "innererror"), "code")];
  return codes.some((code) => code === "content_filter" || code === "ResponsibleAIPolicyViolation");
}

/** A member of a foreign value, never of its prototype; undefined where there is none. */
function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

const TRUNCATED: ReadonlySet<string> = new Set(["length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded"]);
const BROKEN_OFF: ReadonlySet<string> = new Set([
  "error", "abort", "aborted", "cancelled", "insufficient_system_resource", "pause_turn", "malformed_function_call", "unexpected_tool_call",
]);
const FILTERED: ReadonlySet<string> = new Set([
  "content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii", "language", "error_toxic", "sensitive",
]);

function promptCut(usage: Usage | null): string {
  const read = usage === null ? "only part" : `only ${usage.prompt_tokens} tokens`;
  return `The server read ${read} of the prompt: raise its context length (Ollama OLLAMA_CONTEXT_LENGTH, llama.cpp --ctx-size, vLLM --max-model-len, LM Studio the model's context length).`;
}

function broken(code: DefectCode, message: string, reasoning = ""): ReadReply {
  return { content: "", reasoning, defects: [defect(code, message)] };
}

function emptyReason(text: string, body: unknown, choice: unknown): string {
  if (text.trim() === "") return "The endpoint answered with an empty body.";
  const said = errorMessage(body);
  if (said !== null) return `The endpoint answered with an error instead of a reply: ${said}`;
  if (body === undefined) return `The endpoint answered with something that is not JSON: ${oneLine(text, 80)}`;
  if (choice === undefined) return `The endpoint's answer has no choices, as a chat completion has: ${oneLine(text, 80)}`;
  return "The reply is empty.";
}

function errorMessage(body: unknown): string | null {
  const error = field(body, "error") ?? field(firstChoice(body), "error");
  const message = typeof error === "string" ? error : field(error, "message");
  return typeof message === "string" ? oneLine(message) : null;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstChoice(body: unknown): unknown {
  const choices = field(body, "choices");
  return Array.isArray(choices) ? choices[0] : undefined;
}

/** Content is a string, or parts of which the texts count. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => (typeof field(part, "text") === "string" ? String(field(part, "text")) : "")).join("");
}

/** Thinking stands before the answer, in its own field or in tags, of which a chat template may have swallowed the first. */
function splitReasoning(text: string, message: unknown): { content: string; reasoning: string } {
  const thoughts = thoughtFields(message);
  let rest = afterChannels(text.trim(), thoughts);
  for (const [open, close] of THOUGHT_TAGS) {
    const lone = rest.startsWith("{") ? -1 : rest.indexOf(close);
    if (lone !== -1 && !rest.slice(0, lone).includes(open)) {
      thoughts.push(rest.slice(0, lone));
      rest = rest.slice(lone + close.length).trimStart();
    }
    let from = 0;
    while (rest.startsWith(open, from)) {
      const end = rest.indexOf(close, from);
      thoughts.push(rest.slice(from + open.length, end === -1 ? undefined : end));
      from = end === -1 ? rest.length : end + close.length;
      while (/\s/.test(rest.charAt(from))) from++;
    }
    rest = rest.slice(from);
  }
  return { content: rest, reasoning: thoughts.map((thought) => thought.trim()).filter((thought) => thought !== "").join("\n\n") };
}

/** As DeepSeek and Qwen, Anthropic's and Gemini's models, and Mistral's write them. */
const THOUGHT_TAGS = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["[THINK]", "[/THINK]"],
] as const;

/** Fields and parts of a message that hold thinking: each provider has its own, and OpenRouter the same text in two. */
function thoughtFields(message: unknown): string[] {
  const content = field(message, "content");
  const parts = Array.isArray(content) ? content.filter((part: unknown) => field(part, "type") === "thinking").map((part: unknown) => contentText(field(part, "thinking"))) : [];
  const fields = [field(message, "reasoning_content"), field(message, "reasoning"), ...parts];
  return [...new Set(fields.filter((thought) => typeof thought === "string"))];
}

/** The answer of a model that speaks in channels (gpt-oss), where the server does not take them apart. */
function afterChannels(text: string, thoughts: string[]): string {
  if (!text.startsWith("<|channel|>") && !text.startsWith("<|start|>")) return text;
  const at = text.lastIndexOf(FINAL_CHANNEL);
  thoughts.push(at === -1 ? text : text.slice(0, at));
  return at === -1 ? "" : text.slice(at + FINAL_CHANNEL.length).replace(/<\|(?:return|end)\|>$/, "").trim();
}

const FINAL_CHANNEL = "<|channel|>final<|message|>";

/** Providers name cached tokens differently, and some leave reasoning out of the completion, though not out of the total and the bill. */
function readUsage(usage: unknown): Usage | null {
  const prompt = count(field(usage, "prompt_tokens"));
  const completion = count(field(usage, "completion_tokens"));
  if (prompt === null && completion === null) return null;
  const details = field(usage, "prompt_tokens_details");
  const cached = count(field(details, "cached_tokens")) ?? count(field(usage, "prompt_cache_hit_tokens")) ?? 0;
  const reasoning = count(field(field(usage, "completion_tokens_details"), "reasoning_tokens")) ?? 0;
  const unsaid = Math.max(0, (count(field(usage, "total_tokens")) ?? 0) - (prompt ?? 0) - (completion ?? 0));
  return {
    prompt_tokens: prompt ?? 0,
    cached_prompt_tokens: Math.min(cached, prompt ?? 0),
    completion_tokens: (completion ?? 0) + unsaid,
    reasoning_tokens: Math.max(reasoning, unsaid),
  };
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

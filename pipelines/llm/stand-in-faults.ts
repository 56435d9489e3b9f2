import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { parsePlan } from "../plan/parse.ts";
import { printPlan } from "../plan/print.ts";

/** What goes wrong before there is a reply, or in its place. */
const TRANSPORT_FAULTS = [
  "rate_limit",
  "rate_limit_retry_after",
  "server_error",
  "unavailable",
  "content_filter_400",
  "reset",
  "half_body",
  "hang",
  "hang_in_body",
  "garbage",
  "empty_body",
  "error_200",
] as const;

/** What an endpoint answers every time until a person does something about it: never drawn unless named. */
const LASTING_FAULTS = ["quota", "unauthorized", "not_found", "bad_request"] as const;

/** What goes wrong with a reply: each spoils the text given with it. */
const REPLY_FAULTS = [
  "truncated",
  "empty",
  "refusal",
  "content_filter",
  "wrong_json",
  "prose",
  "fenced",
  "think",
  "reasoning_content",
  "reasoning",
  "only_reasoning",
  "slow",
] as const;

/** The faults that are drawn where none are named: all that pass. */
export const PASSING_FAULTS = [...TRANSPORT_FAULTS, ...REPLY_FAULTS] as const;
export const FAULTS = [...PASSING_FAULTS, ...LASTING_FAULTS] as const;

/** Things that go wrong with real endpoints. */
export type Fault = (typeof FAULTS)[number];
type ReplyFault = (typeof REPLY_FAULTS)[number];

/** A reply as a chat completion tells it. */
export interface ReplyTurn {
  text?: string | null;
  finish_reason?: string;
  refusal?: string;
  reasoning_content?: string;
  reasoning?: string;
  /** Null: the endpoint reports none. */
  usage?: Record<string, unknown> | null;
}

/** Faults on top of the answers: which request one hits follows from the seed, what is asked and how often it was asked before. */
export interface SeededFaults {
  /** Of the requests, from 0 to 1. */
  share: number;
  seed?: string | number;
  /** Each as likely as the others; one that is named twice, twice as likely. Default: all that pass. */
  kinds?: readonly Fault[];
  /** What a 429 with `Retry-After` asks to wait. Default 50. */
  retryAfterMs?: number;
  /** How much longer a slow reply takes. Default 500. */
  slowMs?: number;
}

/** The fault that hits a request, or null. `repeat`: how often the same was asked before, so that asking again can help. */
export function drawFault({ share, seed = 0, kinds = PASSING_FAULTS }: SeededFaults, asked: string, repeat: number): Fault | null {
  const drawn = uniform(`fault|${seed}|${repeat}|${asked}`);
  return drawn < share ? (kinds[Math.floor((drawn / share) * kinds.length)] ?? null) : null;
}

/** A number from 0 on and below 1 that follows from the text. */
export function uniform(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

export function isReplyFault(fault: Fault): fault is ReplyFault {
  return REPLY_FAULTS.some((each) => each === fault);
}

/** The reply with something wrong about it. */
export function spoil(reply: ReplyTurn, fault: ReplyFault): ReplyTurn {
  const text = reply.text ?? "";
  switch (fault) {
    case "truncated":
      return { ...reply, text: text.slice(0, Math.floor(text.length / 2)), finish_reason: "length" };
    case "empty":
      return { ...reply, text: "" };
    case "refusal":
      return { ...reply, text: null, refusal: "I'm sorry, but I can't help with that." };
    case "content_filter":
      return { ...reply, text: text.slice(0, 20), finish_reason: "content_filter" };
    case "wrong_json":
      return { ...reply, text: JSON.stringify({ steps: [{ thought: "Let us work it out.", value: 7 }] }) };
    case "prose":
      return { ...reply, text: "To solve this, first look at what is given, then combine the amounts step by step until the answer is found." };
    case "fenced":
      return { ...reply, text: `Here is the plan:\n\n\`\`\`\n${inTextSpelling(text)}\n\`\`\`` };
    case "think":
      return { ...reply, text: `<think>\n${THOUGHT}\n</think>\n\n${text}` };
    case "reasoning_content":
      return { ...reply, reasoning_content: THOUGHT };
    case "reasoning":
      return { ...reply, reasoning: THOUGHT };
    case "only_reasoning":
      return { ...reply, text: `<think>\n${THOUGHT}`, finish_reason: "stop" };
    case "slow":
      return reply;
  }
}

const THOUGHT = "The rationale has a few steps.\n\nSubgoal 1: maybe the first of them?\nLet me write them down in order.";

/** How an endpoint answers that does not know `response_format`. */
function inTextSpelling(text: string): string {
  const { plan } = parsePlan(text);
  return plan === null ? text : printPlan(plan, "text");
}

type TransportFault = Exclude<Fault, ReplyFault>;

/** `headers` go with 429, 500 and 503. */
export function sendFault(response: ServerResponse, fault: TransportFault, headers: Record<string, string>): void {
  switch (fault) {
    case "rate_limit":
    case "rate_limit_retry_after":
      return sendError(response, 429, "rate_limit_exceeded", "Rate limit reached.", headers);
    case "quota":
      return sendError(response, 429, "insufficient_quota", "You exceeded your current quota.", headers);
    case "server_error":
      return sendError(response, 500, "server_error", "The server had an error.", headers);
    case "unavailable":
      return sendError(response, 503, "overloaded", "The engine is overloaded.", headers);
    case "unauthorized":
      return sendError(response, 401, "invalid_api_key", "Incorrect API key provided.");
    case "not_found":
      return sendError(response, 404, "model_not_found", "The model does not exist or you do not have access to it.");
    case "bad_request":
      return sendError(response, 400, "context_length_exceeded", "This model's maximum context length is 4096 tokens.");
    case "content_filter_400":
      return sendError(response, 400, "content_filter", "The response was filtered due to the prompt triggering the content management policy.");
    case "reset":
      return void response.socket?.resetAndDestroy();
    case "half_body":
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"choices": [{"message": {"content": "Subg', () => response.socket?.destroy());
      return;
    case "hang":
      return;
    case "hang_in_body":
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"choices": [{"mess');
      return;
    case "garbage":
      return send(response, 200, "<html><body>Welcome to the proxy</body></html>");
    case "empty_body":
      return send(response, 200, "");
    case "error_200":
      return sendJson(response, 200, { error: { message: "Provider returned an error", code: 502 } });
  }
}

export function sendError(response: ServerResponse, status: number, code: string, message: string, headers: Record<string, string> = {}): void {
  sendJson(response, status, { error: { message, type: code, param: null, code } }, headers);
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  send(response, status, JSON.stringify(value), headers);
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

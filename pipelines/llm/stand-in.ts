import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { cachedTokens, completionOf, digest, promptTokens, readChatBody, tokensOf, usageOf } from "./stand-in-completion.ts";
import type { ChatBody } from "./stand-in-completion.ts";
import { drawFault, isReplyFault, sendError, sendFault, sendJson, spoil } from "./stand-in-faults.ts";
import type { Fault, ReplyTurn, SeededFaults } from "./stand-in-faults.ts";
import { createRateLimiter } from "./stand-in-limits.ts";
import type { RateLimit } from "./stand-in-limits.ts";

export type { ChatBody } from "./stand-in-completion.ts";
export type { Fault } from "./stand-in-faults.ts";

/** An answer: the reply's text, a message with its details, or a fault (with the text that it spoils, where it spoils one). */
export type Turn = string | ReplyTurn | { fault: Fault; text?: string };

/** `count`: how many requests came before this one; `repeat`: how many of them with the same last message. */
export type Answer = (body: ChatBody, seen: { count: number; repeat: number }) => Turn | Promise<Turn>;

export interface StandIn {
  /** With `/v1`, as a base URL is given. */
  url: string;
  /** The bodies of all chat requests so far, in order of arrival. */
  requests: readonly ChatBody[];
  /** Values of the `Authorization` header, one a request. */
  keys: readonly (string | undefined)[];
  /** The most requests that were open at one time. */
  mostInFlight(): number;
  /** What came and went so far; also at `GET /stats`. */
  stats(): StandInStats;
  close(): Promise<void>;
}

export interface StandInStats {
  /** Chat requests that arrived, whatever became of them. */
  requests: number;
  /** How many of them asked something for the first time (same model and messages: the same). */
  distinct: number;
  /** Those that were answered with a reply. */
  replies: number;
  /** Those that came over the rate limit. */
  over_limit: number;
  most_in_flight: number;
  /** Milliseconds between the arrival of the first request and the last thing sent. */
  span_ms: number;
  /** Of the replies, as the stand-in counts them. */
  prompt_tokens: number;
  cached_prompt_tokens: number;
  completion_tokens: number;
  faults: Partial<Record<Fault, number>>;
}

export interface StandInOptions {
  /** Milliseconds before each answer. */
  latency?: number;
  /** The only key that is let in; others get a 401 that quotes what they sent. */
  key?: string;
  /** Default: any that is free. */
  port?: number;
  models?: readonly string[];
  faults?: SeededFaults;
  rateLimit?: RateLimit;
  /** Whether replies report the tokens used. Default true. */
  usage?: boolean;
  /** Count the part of a prompt that was sent before as cached, as providers do. Default false. */
  cachedTokens?: boolean;
  /** Whether `requests` and `keys` are kept; a long run does without. Default true. */
  keepRequests?: boolean;
}

/** Starts a model stand-in: a real HTTP server on loopback that speaks OpenAI's chat completions. */
export async function startStandIn(answer: Answer, options: StandInOptions = {}): Promise<StandIn> {
  const { latency = 0, key, port = 0, models = ["stand-in"], keepRequests = true } = options;
  const requests: ChatBody[] = [];
  const keys: (string | undefined)[] = [];
  const stats: StandInStats = {
    requests: 0,
    distinct: 0,
    replies: 0,
    over_limit: 0,
    most_in_flight: 0,
    span_ms: 0,
    prompt_tokens: 0,
    cached_prompt_tokens: 0,
    completion_tokens: 0,
    faults: {},
  };
  const repeats = createRepeats();
  const limiter = options.rateLimit === undefined ? null : createRateLimiter(options.rateLimit);
  const prefixes = new Set<string>();
  let inFlight = 0;
  let started: number | null = null;

  const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = readChatBody(await readAll(request));
    if (body === null) return sendError(response, 400, "invalid_request_error", "The body is not a chat completion request.");
    started ??= performance.now();
    const last = body.messages.at(-1)?.content ?? "";
    const asked = digest(`${body.model}\n${body.messages.length}\n${last}`);
    const seen = { count: stats.requests, repeat: repeats.next(digest(last)) };
    stats.requests += 1;
    if (keepRequests) {
      requests.push(body);
      keys.push(request.headers.authorization);
    }
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      return sendError(response, 401, "invalid_api_key", `Incorrect API key provided: ${request.headers.authorization ?? "none"}.`);
    }
    const passage = limiter?.(promptTokens(body)) ?? { passed: true, headers: {} };
    if (!passage.passed) {
      stats.over_limit += 1;
      return sendError(response, 429, "rate_limit_exceeded", "Rate limit reached.", passage.headers);
    }
    // A request over the limit is as if it had not been asked: it draws no fault.
    const repeat = repeats.next(`=${asked}`);
    if (repeat === 0) stats.distinct += 1;
    const drawn = options.faults === undefined ? null : drawFault(options.faults, asked, repeat);
    const wait = latency + (drawn === "slow" ? (options.faults?.slowMs ?? 500) : 0);
    if (wait > 0) await sleep(wait);
    const fault = (name: Fault): void => void (stats.faults[name] = (stats.faults[name] ?? 0) + 1);
    if (drawn !== null) fault(drawn);
    if (drawn !== null && !isReplyFault(drawn)) return sendFault(response, drawn, { ...passage.headers, ...retryAfter(drawn, options.faults?.retryAfterMs ?? 50) });
    const turn = replyOf(await answer(body, seen));
    if ("fault" in turn && !isReplyFault(turn.fault)) {
      fault(turn.fault);
      return sendFault(response, turn.fault, turn.fault === "rate_limit_retry_after" ? { "retry-after": "1" } : { "retry-after-ms": "5" });
    }
    const spoiled = "fault" in turn ? turn.fault : drawn;
    const reply = spoiled !== null && isReplyFault(spoiled) ? spoil(turn, spoiled) : turn;
    const used = tokensOf(body, reply, options.cachedTokens === true ? cachedTokens(body, prefixes) : 0);
    stats.replies += 1;
    stats.prompt_tokens += used.prompt;
    stats.cached_prompt_tokens += used.cached;
    stats.completion_tokens += used.completion;
    return sendJson(response, 200, completionOf(body, reply, seen.count, options.usage === false ? null : usageOf(used)), passage.headers);
  };

  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (request.method === "GET" && path === "/stats") return sendJson(response, 200, stats);
    stats.most_in_flight = Math.max(stats.most_in_flight, ++inFlight);
    response.on("close", () => {
      inFlight--;
      if (started !== null) stats.span_ms = Math.round(performance.now() - started);
    });
    if (request.method === "GET" && path === "/v1/models") {
      return sendJson(response, 200, { object: "list", data: models.map((id) => ({ id, object: "model", owned_by: "stand-in" })) });
    }
    if (request.method !== "POST" || path !== "/v1/chat/completions") return sendError(response, 404, "not_found", `No such path: ${path}`);
    chat(request, response).catch((error: unknown) => {
      // A client that went away is not waiting for an answer.
      if (request.destroyed && !request.complete) return response.destroy();
      sendError(response, 500, "stand_in_broken", `The stand-in itself failed: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    keys,
    mostInFlight: () => stats.most_in_flight,
    stats: () => structuredClone(stats),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Counts how often something came before. */
function createRepeats(): { next(what: string): number } {
  const counts = new Map<string, number>();
  return {
    next(what) {
      const before = counts.get(what) ?? 0;
      counts.set(what, before + 1);
      return before;
    },
  };
}

type ReplyOrFault = ReplyTurn | (ReplyTurn & { fault: Fault });

function replyOf(turn: Turn): ReplyOrFault {
  return typeof turn === "string" ? { text: turn } : turn;
}

function retryAfter(fault: Fault, ms: number): Record<string, string> {
  return fault === "rate_limit_retry_after" ? { "retry-after": String(Math.ceil(ms / 1000)), "retry-after-ms": String(ms) } : {};
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

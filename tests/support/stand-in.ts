import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What a client sent to `POST /v1/chat/completions`, as far as the stand-in looks at it. */
interface ChatBody {
  model: string;
  messages: { role: string; content: string }[];
  response_format?: unknown;
  [parameter: string]: unknown;
}

/** Things that go wrong with real endpoints. Those that carry a reply spoil the one given with them. */
export type Fault =
  | "rate_limit"
  | "rate_limit_retry_after"
  | "quota"
  | "server_error"
  | "unavailable"
  | "unauthorized"
  | "not_found"
  | "bad_request"
  | "content_filter_400"
  | "reset"
  | "half_body"
  | "hang"
  | "hang_in_body"
  | "garbage"
  | "empty_body"
  | "error_200";

/** An answer: the reply's text, a message with its details, or a fault. */
export type Turn =
  | string
  | {
      text?: string | null;
      finish_reason?: string;
      refusal?: string;
      reasoning_content?: string;
      usage?: Record<string, unknown> | null;
    }
  | { fault: Fault };

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
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Milliseconds before each answer. */
  latency?: number;
  /** The only key that is let in; others get a 401 that quotes what they sent. */
  key?: string;
  port?: number;
  models?: readonly string[];
}

/** Starts a model stand-in: a real HTTP server on loopback that speaks OpenAI's chat completions. */
export async function startStandIn(answer: Answer, { latency = 0, key, port = 0, models = ["stand-in"] }: StandInOptions = {}): Promise<StandIn> {
  const requests: ChatBody[] = [];
  const keys: (string | undefined)[] = [];
  const repeats = new Map<string, number>();
  let inFlight = 0;
  let most = 0;

  const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = readChatBody(await readAll(request));
    if (body === null) return sendError(response, 400, "invalid_request_error", "The body is not a chat completion request.");
    const last = body.messages.at(-1)?.content ?? "";
    const seen = { count: requests.length, repeat: repeats.get(last) ?? 0 };
    repeats.set(last, seen.repeat + 1);
    requests.push(body);
    keys.push(request.headers.authorization);
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      return sendError(response, 401, "invalid_api_key", `Incorrect API key provided: ${request.headers.authorization ?? "none"}.`);
    }
    if (latency > 0) await sleep(latency);
    const turn = await answer(body, seen);
    if (typeof turn === "object" && "fault" in turn) return sendFault(response, turn.fault);
    return sendJson(response, 200, completion(body, turn, seen.count));
  };

  const server = createServer((request, response) => {
    most = Math.max(most, ++inFlight);
    response.on("close", () => inFlight--);
    const path = (request.url ?? "").split("?", 1)[0];
    if (request.method === "GET" && path === "/v1/models") {
      return sendJson(response, 200, { object: "list", data: models.map((id) => ({ id, object: "model", owned_by: "stand-in" })) });
    }
    if (request.method !== "POST" || path !== "/v1/chat/completions") return sendError(response, 404, "not_found", `No such path: ${path}`);
    chat(request, response).catch((error: unknown) => sendError(response, 500, "stand_in_broken", `The stand-in itself failed: ${String(error)}`));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    keys,
    mostInFlight: () => most,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function completion(body: ChatBody, turn: Exclude<Turn, { fault: Fault }>, count: number): unknown {
  const { text = "", finish_reason = "stop", usage, ...more } = typeof turn === "string" ? { text: turn } : turn;
  const promptTokens = tokens(body.messages.map(({ content }) => content).join("\n"));
  const completionTokens = tokens(text ?? "");
  return {
    id: `chatcmpl-${count}`,
    object: "chat.completion",
    created: 0,
    model: body.model,
    choices: [{ index: 0, message: { role: "assistant", content: text, ...more }, finish_reason }],
    ...(usage === null
      ? {}
      : { usage: usage ?? { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens } }),
  };
}

/** About as many as a tokenizer would count. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function sendFault(response: ServerResponse, fault: Fault): void {
  switch (fault) {
    case "rate_limit":
      return sendError(response, 429, "rate_limit_exceeded", "Rate limit reached.", { "retry-after-ms": "5" });
    case "rate_limit_retry_after":
      return sendError(response, 429, "rate_limit_exceeded", "Rate limit reached.", { "retry-after": "1" });
    case "quota":
      return sendError(response, 429, "insufficient_quota", "You exceeded your current quota.", { "retry-after-ms": "5" });
    case "server_error":
      return sendError(response, 500, "server_error", "The server had an error.", { "retry-after-ms": "5" });
    case "unavailable":
      return sendError(response, 503, "overloaded", "The engine is overloaded.", { "retry-after-ms": "5" });
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

function sendError(response: ServerResponse, status: number, code: string, message: string, headers: Record<string, string> = {}): void {
  sendJson(response, status, { error: { message, type: code, param: null, code } }, headers);
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  send(response, status, JSON.stringify(value), headers);
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function readChatBody(text: string): ChatBody | null {
  const value: unknown = JSON.parse(text);
  return isChatBody(value) ? value : null;
}

function isChatBody(value: unknown): value is ChatBody {
  if (typeof value !== "object" || value === null || !("model" in value) || !("messages" in value)) return false;
  return typeof value.model === "string" && Array.isArray(value.messages) && value.messages.every(isMessage);
}

function isMessage(message: unknown): boolean {
  return typeof message === "object" && message !== null && "content" in message && typeof message.content === "string";
}

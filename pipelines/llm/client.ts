import { setMaxListeners } from "node:events";
import OpenAI, { APIError, APIUserAbortError } from "openai";
import { LumosError } from "../../schemas/errors.ts";
import { RequestFailure, requestFailure, withoutKey } from "./failure.ts";
import type { Endpoint } from "./failure.ts";
import { isFilteredError, rawReply } from "./reply.ts";
import type { RawReply } from "./reply.ts";
import type { ModelRequest } from "./request.ts";

/**
 * The port through which models are asked. Resolves with whatever came back for this example, and rejects with a
 * `RequestFailure` where nothing came; nothing else is thrown but mistakes in the program.
 */
export type Complete = (request: ModelRequest, signal: AbortSignal) => Promise<RawReply>;

interface ClientOptions {
  /** Any OpenAI-compatible endpoint, up to and with its `/v1`. */
  baseUrl: string;
  /** Null or empty for servers that want none. */
  key: string | null;
  /** For one request from its start to the last byte of the reply. Default 600. */
  timeoutSeconds?: number;
  /** How often a request is sent again after 408, 409, 429, 5xx or a broken connection. Default 4. */
  maxRetries?: number;
}

/** A client for any server that speaks OpenAI's chat completions. The key goes into the request header and nowhere else. */
export function openClient({ baseUrl, timeoutSeconds = 600, maxRetries = 4, ...options }: ClientOptions): { complete: Complete } {
  const url = endpointUrl(baseUrl);
  const key = headerKey(options.key);
  const openai = new OpenAI({
    baseURL: url,
    // The package insists on a key; servers that want none ignore it.
    apiKey: key ?? "none",
    timeout: timeoutSeconds * 1000,
    maxRetries,
    logLevel: "off",
    fetch: fetchWhole,
  });

  const complete: Complete = async (request, signal) => {
    const endpoint: Endpoint = { url, model: request.model, timeoutSeconds, key };
    const started = performance.now();
    const reply = (status: number, body: string): RawReply =>
      rawReply({ status, body: withoutKey(body, key), latency_ms: Math.round(performance.now() - started) });
    try {
      return await interruptible(signal, async (own) => {
        const response = await openai.post("/chat/completions", { body: request.body, signal: own }).asResponse();
        return reply(response.status, await response.text());
      });
    } catch (error) {
      if (error instanceof APIError && error.status === 400 && isFilteredError({ error: error.error })) {
        return reply(400, JSON.stringify({ error: error.error }));
      }
      throw error instanceof RequestFailure ? error : requestFailure(error, endpoint);
    }
  };
  return { complete };
}

/** A base URL, checked: http or https, no credentials (they would end up in messages), no query. Throws a `LumosError`. */
function endpointUrl(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) throw wrongUrl(`'${baseUrl}' is no URL`);
  const url = new URL(baseUrl);
  if (url.username !== "" || url.password !== "") throw wrongUrl(`of ${url.host} holds a user name or password; a key belongs in OPENAI_API_KEY`);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw wrongUrl(`'${baseUrl}' is not http or https`);
  if (url.search !== "" || url.hash !== "") throw wrongUrl(`'${url.origin}${url.pathname}…' has a query or fragment`);
  return `${url.origin}${url.pathname}`.replace(/\/$/, "");
}

function wrongUrl(problem: string): LumosError {
  const expected = "expected one such as https://api.openai.com/v1 or http://localhost:8000/v1";
  return new LumosError("endpoint", `Base URL ${problem}: ${expected}. Give it with --base-url or OPENAI_BASE_URL.`);
}

/** A key as a header can carry it. One that it can't is refused here, since fetch would quote it in its own message. */
function headerKey(key: string | null): string | null {
  const trimmed = key?.trim() ?? "";
  if (/[^\x21-\x7E]/.test(trimmed)) {
    throw new LumosError("endpoint", "The key (OPENAI_API_KEY) holds blanks or characters beyond ASCII, as no key does: copy it again.");
  }
  return trimmed === "" ? null : trimmed;
}

/** Far above any plan; what is longer is cut, and then read as what it is: no reply. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_RETRY_AFTER_SECONDS = 60;

/**
 * Fetches the whole body before it answers, so that the package's time-out and retries cover a body that stalls or breaks off, too.
 * A `Retry-After` beyond a minute counts as a minute: waiting an hour inside one request would look like a hang.
 */
async function fetchWhole(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const headers = new Headers(response.headers);
  if (Number(headers.get("retry-after")) > MAX_RETRY_AFTER_SECONDS) headers.set("retry-after", String(MAX_RETRY_AFTER_SECONDS));
  if (response.body === null) return response;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return new Response(Buffer.concat(chunks), { status: response.status, statusText: response.statusText, headers });
}

/**
 * Runs a request under a signal of its own, so that nothing stays behind on the shared one, and gives up at once when that
 * one is aborted, even while the package waits before a retry.
 */
async function interruptible<T>(shared: AbortSignal, run: (own: AbortSignal) => Promise<T>): Promise<T> {
  if (shared.aborted) throw new APIUserAbortError();
  // As many listen as requests are open: no leak, whatever Node thinks of more than ten.
  setMaxListeners(0, shared);
  const own = new AbortController();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      own.abort();
      reject(new APIUserAbortError());
    };
    shared.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([run(own.signal), aborted]);
  } finally {
    if (onAbort !== undefined) shared.removeEventListener("abort", onAbort);
  }
}

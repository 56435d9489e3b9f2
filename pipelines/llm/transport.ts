import type { Readable } from "node:stream";
import { Pool } from "undici";

/** The code of the error for a connection that did not come about in time. */
export const NO_CONNECTION = "NO_CONNECTION";

/** Far above any plan; what is longer is cut, and then read as what it is: no reply. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const CONNECT_SECONDS = 10;
/** Models think for minutes between requests of one connection; servers that close sooner say so in `keep-alive`. */
const KEEP_ALIVE_MS = 30_000;

interface Transport {
  /** As the openai package calls it: always with a URL and a text. Answers when the whole body is there. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/**
 * A `fetch` on undici's `request`, at a third of the cost of Node's own: connections are kept and as many as are needed are opened.
 * Aborting, and so the caller's time-out, covers the body as well. Redirects are not followed: the key would go along.
 */
export function createTransport(url: string): Transport {
  const pool = new Pool(new URL(url).origin, {
    // One request a connection at a time; how many there are is up to the limits.
    pipelining: 1,
    connect: { timeout: CONNECT_SECONDS * 1000 },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The caller's time-out is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async fetch(input, init = {}) {
      const { body, signal, method } = init;
      const target = input instanceof Request ? input.url : String(input);
      if (body !== undefined && body !== null && typeof body !== "string") throw new TypeError("The transport sends texts only.");
      const headers: Record<string, string> = { "accept-encoding": "identity" };
      new Headers(init.headers).forEach((value, name) => {
        headers[name] = value;
      });
      const response = await pool
        .request({ path: pathOf(target), method: method === "GET" ? "GET" : "POST", headers, body: body ?? null, signal: signal ?? null })
        .catch(rethrowConnection);
      const text = await readCapped(response.body);
      return new Response(NO_BODY.has(response.statusCode) ? null : text, { status: response.statusCode, headers: flat(response.headers) });
    },
    close: () => pool.close(),
  };
}

/** `Response` refuses a body with these, even an empty one. */
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function pathOf(target: string): string {
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

/** undici says "Connect Timeout Error", which the openai package takes for the time-out of the request. */
function rethrowConnection(error: unknown): never {
  if (error instanceof Error && Reflect.get(error, "code") === "UND_ERR_CONNECT_TIMEOUT") {
    throw Object.assign(new Error(`no connection within ${CONNECT_SECONDS} s`), { code: NO_CONNECTION });
  }
  throw error;
}

async function readCapped(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(Buffer.from(chunk));
    bytes += chunks.at(-1)?.byteLength ?? 0;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function flat(headers: Record<string, string | string[] | undefined>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") all.set(name, value);
    else for (const each of value ?? []) all.append(name, each);
  }
  return all;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { LumosError } from "../../schemas/errors.ts";
import { errorCode } from "../store/connection.ts";
import type { Answer, Api } from "./api.ts";
import type { Asset } from "./assets.ts";
import { hasToken, type Place, type Refusal, refusalOf, SAFE_HEADERS } from "./guard.ts";
import { ReviewProblem } from "./problem.ts";

export interface ReviewServer {
  /** Where it listens: the address that its host is, and the port that it was given where it asked for any (0). */
  place: Place;
  close(): Promise<void>;
}

export interface ServeOptions {
  host: string;
  port: number;
  token: string;
  assets: ReadonlyMap<string, Asset>;
  api: Api;
  /** An error that is nobody's mistake but this program's. */
  onError(error: unknown): void;
}

/** Bytes of what is sent here: an edited plan with its JSON around it. */
const MOST_BYTES = 400_000;

/** Serves the page and its API. Throws LumosError `usage` where the port is taken or the host is not this machine's. */
export async function serveReview(options: ServeOptions): Promise<ReviewServer> {
  const place = { host: hostOf(options.host), port: options.port };
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    void answer(request, response, place, options);
  });
  await listening(server, place);
  const bound = server.address();
  if (typeof bound === "object" && bound !== null) {
    place.port = bound.port;
    // `0`, `127.1` and names are spellings of an address; what it is decides who is let in, and whether others are.
    if (place.host !== "localhost") place.host = bound.address;
  }
  return {
    place,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Nothing would be every address of this machine. */
function hostOf(given: string): string {
  const host = given.trim().toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw new LumosError("usage", "--host is empty: expected 127.0.0.1, or another address of this machine (0.0.0.0 for all of them).");
  return host;
}

function listening(server: Server, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const code = errorCode(error);
      if (code === "EADDRINUSE") reject(new LumosError("usage", `Port ${port} of ${host} is taken: give another --port (0 takes any that is free).`));
      else if (code === "EACCES") reject(new LumosError("usage", `Port ${port} can't be used without more rights: give a --port from 1024 on.`));
      else if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") reject(new LumosError("usage", `--host ${host} is no address of this machine: expected 127.0.0.1, or one of its own.`));
      else reject(error);
    });
    server.listen(port, host, () => resolve());
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, place: Place, options: ServeOptions): Promise<void> {
  try {
    const refusal = refusalOf(request, place) ?? methodRefusal(request);
    if (refusal !== null) return refuse(request, response, refusal);
    // As it was sent: nothing is decoded or resolved, so that no path means another one.
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    if (!path.startsWith("/api/")) return sendAsset(request, response, options.assets.get(path));
    if (!hasToken(request, options.token)) {
      return refuse(request, response, { status: 401, code: "token", message: "The token is missing or another one: open the address that lumos review printed last." });
    }
    const body = request.method === "POST" ? await bodyOf(request) : undefined;
    if (body !== undefined && "refusal" in body) return refuse(request, response, body.refusal);
    sendJson(response, options.api(request.method === "POST" ? "POST" : "GET", path, new URLSearchParams(query), body?.value));
  } catch (error) {
    // Whoever asked has gone in the middle of it.
    if (request.destroyed && !request.complete) return;
    sendError(response, error, options.onError);
  }
}

function methodRefusal(request: IncomingMessage): Refusal | null {
  if (request.method === "GET" || request.method === "POST") return null;
  return { status: 405, code: "method", message: "Only GET and POST are answered here." };
}

function sendAsset(request: IncomingMessage, response: ServerResponse, asset: Asset | undefined): void {
  if (request.method !== "GET") return refuse(request, response, { status: 405, code: "method", message: "The page's files are only read." });
  if (asset === undefined) return refuse(request, response, { status: 404, code: "not_found", message: "There is no such file here." });
  response.writeHead(200, { ...SAFE_HEADERS, "content-type": asset.type, "content-length": asset.body.length }).end(asset.body);
}

function sendJson(response: ServerResponse, { status, body }: Answer): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...SAFE_HEADERS, "content-type": "application/json; charset=utf-8", "content-length": text.length }).end(text);
}

/** What is left of the request is not read: the connection ends with the answer. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, code, message }: Refusal): void {
  response.setHeader("connection", "close");
  if (status === 405) response.setHeader("allow", "GET, POST");
  sendJson(response, { status, body: { error: { code, message } } });
  request.resume();
}

const STATUS: Record<ReviewProblem["code"], number> = { not_found: 404, "undo.nothing": 404, "review.changed": 409, "review.invalid": 400, "edit.refused": 400, "edit.same": 400 };

function sendError(response: ServerResponse, error: unknown, onError: (error: unknown) => void): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof ReviewProblem) {
    const { code, message, defects } = error;
    return sendJson(response, { status: STATUS[code], body: { error: { code, message, ...(defects.length === 0 ? {} : { defects }) } } });
  }
  onError(error);
  const told = error instanceof LumosError ? { code: error.code, message: error.message } : { code: "internal", message: "Something is wrong in this program: the terminal says what." };
  sendJson(response, { status: 500, body: { error: told } });
}

async function bodyOf(request: IncomingMessage): Promise<{ value: unknown } | { refusal: Refusal }> {
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers["content-type"] ?? "")) {
    return { refusal: { status: 415, code: "content_type", message: "Expected content-type: application/json." } };
  }
  const tooMuch = { refusal: { status: 413, code: "too_large", message: `More than ${MOST_BYTES} bytes are not taken.` } };
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return tooMuch;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > MOST_BYTES) return tooMuch;
    chunks.push(piece);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
    return { value };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refusal: { status: 400, code: "json", message: `The body is no JSON: ${why}` } };
  }
}

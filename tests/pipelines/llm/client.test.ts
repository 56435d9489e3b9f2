import { createServer as createHttpServer } from "node:http";
import type { Server } from "node:http";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openClient } from "../../../pipelines/llm/client.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import { readReply } from "../../../pipelines/llm/reply.ts";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import { startStandIn } from "../../support/stand-in.ts";
import type { Answer, Fault, StandIn, StandInOptions } from "../../support/stand-in.ts";

const KEY = "sk-secret-0123456789";
const never = new AbortController().signal;
let standIn: StandIn | null = null;
let plain: Server | null = null;

afterEach(async () => {
  await standIn?.close();
  standIn = null;
  plain?.close();
  plain?.closeAllConnections();
  plain = null;
});

async function serve(answer: Answer, options: StandInOptions = {}): Promise<StandIn> {
  standIn = await startStandIn(answer, options);
  return standIn;
}

/** A server that answers everything with the same. */
async function serveBody(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createHttpServer((_request, response) => response.writeHead(status, headers).end(body));
  plain = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return `http://127.0.0.1:${address.port}/v1`;
}

function request(model = "small") {
  return buildRequest({ model, messages: [{ role: "user", content: "Task" }], parameters: { max_tokens: 9 }, reply: "json", ask: 1 });
}

async function failure(asking: Promise<unknown>): Promise<RequestFailure> {
  const error = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestFailure)) throw new Error(`Expected a failure, got ${String(error)}`);
  return error;
}

/** Ports differ from run to run. */
function steady(message: string): string {
  return message.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}

describe("the client", () => {
  it("sends the request as it was built and gives back the whole body", async () => {
    const { url, requests, keys } = await serve(() => "plan");
    const reply = await openClient({ baseUrl: `${url}/`, key: KEY }).complete(request(), never);
    expect(requests).toEqual([request().body]);
    expect(keys).toEqual([`Bearer ${KEY}`]);
    expect(reply).toMatchObject({ status: 200, finish_reason: "stop", usage: { prompt_tokens: 1, completion_tokens: 1 } });
    expect(JSON.parse(reply.body)).toMatchObject({ choices: [{ message: { content: "plan" } }] });
  });

  it.each<[Fault, string, boolean]>([
    ["rate_limit", "rate_limited", false],
    ["server_error", "server_error", false],
    ["unavailable", "overloaded", false],
    ["reset", "unreachable", false],
    ["half_body", "unreachable", false],
  ])("sends once, and says that sending again may help: %s", async (fault, reason, fatal) => {
    const { url, requests } = await serve(() => ({ fault }));
    const failed = await failure(openClient({ baseUrl: url, key: null }).complete(request(), never));
    expect(failed).toMatchObject({ reason, fatal, transient: true, away: false });
    expect(requests).toHaveLength(1);
  });

  it.each<Fault>(["hang", "hang_in_body"])("gives up on a server that leaves it waiting: %s", async (fault) => {
    const { url } = await serve(() => ({ fault }));
    const { reason, fatal, message } = await failure(openClient({ baseUrl: url, key: null, timeoutSeconds: 0.2 }).complete(request(), never));
    expect({ reason, fatal }).toEqual({ reason: "timeout", fatal: false });
    expect(steady(message)).toBe("http://127.0.0.1:PORT/v1 did not answer within 0.2 s: raise --timeout, or lower --concurrency.");
  });

  it.each<[Fault, string, boolean]>([
    ["quota", "quota_exceeded", true],
    ["server_error", "server_error", false],
    ["unauthorized", "unauthorized", true],
    ["not_found", "model_not_found", true],
    ["bad_request", "bad_request", false],
  ])("says what the server says: %s", async (fault, reason, fatal) => {
    const { url } = await serve(() => ({ fault }));
    const failed = await failure(openClient({ baseUrl: url, key: KEY }).complete(request(), never));
    expect({ reason: failed.reason, fatal: failed.fatal }).toEqual({ reason, fatal });
    expect(steady(failed.message)).toMatchSnapshot("message");
  });

  it("says that no key was sent, where none was", async () => {
    const { url } = await serve(() => "plan", { key: KEY });
    const { message } = await failure(openClient({ baseUrl: url, key: null }).complete(request(), never));
    expect(message).toMatch(/No key was sent: set OPENAI_API_KEY\.$/);
  });

  it("never repeats the key, though the server quotes it", async () => {
    const { url } = await serve(() => `you sent ${KEY}`, { key: "another" });
    const { message } = await failure(openClient({ baseUrl: url, key: KEY }).complete(request(), never));
    expect(message).toContain("Incorrect API key provided: Bearer [key].");
    expect(message).not.toContain(KEY);
    const echoing = await startStandIn(() => `you sent ${KEY}`);
    const reply = await openClient({ baseUrl: echoing.url, key: KEY }).complete(request(), never);
    await echoing.close();
    expect(reply.body).toContain("you sent [key]");
  });

  it("refuses a key that no header can carry, without repeating it", () => {
    expect(() => openClient({ baseUrl: "http://localhost:1/v1", key: "sk-secret\nsk-other" })).toThrowErrorMatchingInlineSnapshot(`[LumosError: The key (OPENAI_API_KEY) holds blanks or characters beyond ASCII, as no key does: copy it again.]`);
  });

  it("takes a key with a line end, as files have them, and an empty one for none", async () => {
    const { url, keys } = await serve(() => "plan");
    await openClient({ baseUrl: url, key: `${KEY}\n` }).complete(request(), never);
    await openClient({ baseUrl: url, key: " " }).complete(request(), never);
    expect(keys).toEqual([`Bearer ${KEY}`, "Bearer none"]);
  });

  it("names the endpoint that can't be reached", async () => {
    const { port, free } = await reservedPort();
    await free();
    const { reason, message, away } = await failure(openClient({ baseUrl: `http://127.0.0.1:${port}/v1`, key: KEY }).complete(request(), never));
    expect({ reason, away }).toEqual({ reason: "unreachable", away: true });
    expect(steady(message)).toBe("http://127.0.0.1:PORT/v1 can't be reached (connect ECONNREFUSED 127.0.0.1:PORT): is the server running, is --base-url right?");
  });

  it("takes a content filter's 400 as the reply of one example", async () => {
    const { url } = await serve(() => ({ fault: "content_filter_400" }));
    const reply = await openClient({ baseUrl: url, key: null }).complete(request(), never);
    expect(reply.status).toBe(400);
    expect(readReply(reply).defects).toMatchObject([{ code: "llm.filtered" }]);
  });

  it.each<Fault>(["garbage", "empty_body", "error_200"])("gives back what is no reply for what it is: %s", async (fault) => {
    const { url } = await serve(() => ({ fault }));
    const reply = await openClient({ baseUrl: url, key: null }).complete(request(), never);
    expect(readReply(reply).defects).toMatchObject([{ code: "llm.empty" }]);
  });

  it("cuts a body without end", async () => {
    const { url } = await serve(() => "x".repeat(20_000_000));
    const reply = await openClient({ baseUrl: url, key: null }).complete(request(), never);
    expect(reply.body.length).toBeLessThan(17_000_000);
    expect(readReply(reply).defects).toMatchObject([{ code: "llm.empty" }]);
  });

  it("stops at once when it is interrupted, before and during a request", async () => {
    const { url } = await serve(() => ({ fault: "hang" }));
    const { complete } = openClient({ baseUrl: url, key: null });
    const stop = new AbortController();
    const asking = failure(complete(request(), stop.signal));
    setTimeout(() => stop.abort(), 100);
    const started = performance.now();
    expect(await asking).toMatchObject({ reason: "interrupted", fatal: false, transient: false });
    expect(performance.now() - started).toBeLessThan(3000);
    expect(await failure(complete(request(), stop.signal))).toMatchObject({ reason: "interrupted" });
    expect(standIn?.requests).toHaveLength(1);
  });

  it("tells what the endpoint says of its limits, with a reply and with a refusal", async () => {
    const { url } = await serve(() => "plan", { rateLimit: { requests: 60, burst: 1 } });
    const { complete } = openClient({ baseUrl: url, key: null });
    expect((await complete(request(), never)).rate).toMatchObject({ requests: { limit: 60, remaining: 0 }, tokens: null, retryAfterMs: null });
    const refused = await failure(complete(request(), never));
    expect(refused).toMatchObject({ reason: "rate_limited", status: 429, rate: { requests: { limit: 60 } } });
    expect(refused.retryAfterMs).toBeGreaterThan(500);
  });

  it.each([
    ["an object under error", 400, '{"error": {"message": "No such thing.", "param": "top_k"}}', "bad_request", "No such thing.", { error: { param: "top_k" } }],
    ["FastAPI's detail", 422, '{"detail": "Extra inputs are not permitted"}', "bad_request", "Extra inputs are not permitted.", { detail: "Extra inputs are not permitted" }],
    ["a text", 400, "no thanks", "bad_request", "no thanks.", "no thanks"],
    ["nothing", 501, "", "bad_request", "status code (no body).", undefined],
    ["its wish in words", 429, '{"error": {"message": "Please try again in 1m2.5s."}}', "rate_limited", "Please try again in 1m2.5s.", {}],
  ])("keeps the body of a refusal: %s", async (_what, status, body, reason, message, kept) => {
    const url = await serveBody(status, body);
    const failed = await failure(openClient({ baseUrl: url, key: null }).complete(request(), never));
    expect(failed).toMatchObject({ reason, status });
    expect(failed.message).toContain(message);
    if (kept === undefined) expect(failed.body).toBeUndefined();
    else if (typeof kept === "string") expect(failed.body).toBe(kept);
    else expect(failed.body).toMatchObject(kept);
    expect(failed.retryAfterMs).toBe(status === 429 ? 62_500 : null);
  });

  it("blots the key out of a refusal's body", async () => {
    const url = await serveBody(400, JSON.stringify({ error: { message: "bad", sent: KEY } }));
    const failed = await failure(openClient({ baseUrl: url, key: KEY }).complete(request(), never));
    expect(failed.body).toEqual({ error: { message: "bad", sent: "[key]" } });
  });

  it("does not follow a redirect, since the key would go along", async () => {
    const url = await serveBody(307, "", { location: "https://elsewhere.example/v1" });
    const failed = await failure(openClient({ baseUrl: url, key: KEY }).complete(request(), never));
    expect({ fatal: failed.fatal, message: steady(failed.message) }).toMatchInlineSnapshot(`
      {
        "fatal": true,
        "message": "http://127.0.0.1:PORT/v1 answered 307 and points to https://elsewhere.example/v1: give that as --base-url.",
      }
    `);
  });

  it("takes 50 requests at a time without a warning about listeners", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    // Answered when all of them have come, however long a busy machine takes.
    let answer = (): void => undefined;
    const allCame = new Promise<string>((resolve) => (answer = () => resolve("plan")));
    const { url, mostInFlight } = await serve((_, { count }) => {
      if (count === 49) answer();
      return allCame;
    });
    const { complete } = openClient({ baseUrl: url, key: null });
    const replies = await Promise.all(Array.from({ length: 50 }, () => complete(request(), never)));
    process.off("warning", listen);
    expect(replies).toHaveLength(50);
    expect(mostInFlight()).toBe(50);
    expect(warnings).toEqual([]);
  });

  it.each(["localhost:8000", "ftp://example.org", "not a url", "https://me:pw@example.org/v1", "https://example.org/v1?key=abc"])("refuses the base URL %s", (baseUrl) => {
    expect(() => openClient({ baseUrl, key: null })).toThrowErrorMatchingSnapshot("message");
  });
});

/** A port that nothing listens on once it is freed. */
async function reservedPort(): Promise<{ port: number; free: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return { port: address.port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}

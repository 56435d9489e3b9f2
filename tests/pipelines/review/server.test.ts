import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { describe, expect, it } from "vitest";
import { createApi, type Start } from "../../../pipelines/review/api.ts";
import { type ReviewServer, serveReview } from "../../../pipelines/review/server.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { bagPlan, bagStore, bookOf, MODEL, TOP_LEVELS } from "./fixture.ts";

const TOKEN = "secret-token";
const ID = "gsm8k/bags-2";
const ASSETS = new Map([["/", { type: "text/html; charset=utf-8", body: Buffer.from("<!doctype html><title>page</title>") }]]);

describe("the review server", () => {
  it("gives the page, with headers that let nothing foreign in", async () => {
    const { status, headers, text } = await ask(await serve(bagStore(1)), "GET", "/", { token: null });
    expect({ status, text }).toEqual({ status: 200, text: "<!doctype html><title>page</title>" });
    expect(headers).toMatchObject({
      "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store", "cross-origin-opener-policy": "same-origin",
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it.each([
    ["another host", "GET", "/", { headers: { host: "evil.example" } }, 403, "host"],
    ["another port of this host", "GET", "/", { headers: { host: "127.0.0.1:1" } }, 403, "host"],
    ["another host, though the token is right", "GET", "/api/session", { headers: { host: "evil.example:80" } }, 403, "host"],
    ["no token", "GET", "/api/session", { token: null }, 401, "token"],
    ["a wrong token", "GET", "/api/queue?reviewer=a", { token: "secret-tokem" }, 401, "token"],
    ["a longer token", "GET", "/api/queue?reviewer=a", { token: `${TOKEN}x` }, 401, "token"],
    ["no token, to change something", "POST", "/api/undo", { token: null, body: "{}" }, 401, "token"],
    ["another origin", "POST", "/api/undo", { headers: { origin: "https://evil.example" }, body: "{}" }, 403, "origin"],
    ["no origin", "POST", "/api/undo", { origin: null, body: "{}" }, 403, "origin"],
    ["the origin null", "POST", "/api/undo", { headers: { origin: "null" }, body: "{}" }, 403, "origin"],
    ["another site", "GET", "/api/session", { headers: { "sec-fetch-site": "cross-site" } }, 403, "origin"],
    ["another method", "DELETE", "/api/session", {}, 405, "method"],
    ["a way out of the folder", "GET", "/../package.json", { token: null }, 404, "not_found"],
    ["a way out of the folder, encoded", "GET", "/%2e%2e%2fpackage.json", { token: null }, 404, "not_found"],
    ["a way out of the folder, with backslashes", "GET", "/..\\package.json", { token: null }, 404, "not_found"],
    ["another server, through this one", "GET", "http://evil.example/api/session", {}, 404, "not_found"],
    ["what is no address", "GET", "//[", { token: null }, 404, "not_found"],
    ["a key of every object", "GET", "/__proto__", { token: null }, 404, "not_found"],
    ["the page to be changed", "POST", "/", { body: "{}" }, 405, "method"],
    ["what is not there", "GET", "/api/passwords", {}, 404, "not_found"],
    ["a form", "POST", "/api/undo", { headers: { "content-type": "text/plain" }, body: "{}" }, 415, "content_type"],
    ["no JSON", "POST", "/api/undo", { body: "{" }, 400, "json"],
    ["another shape", "POST", "/api/undo", { body: "[]" }, 400, "review.invalid"],
    ["a name of control characters", "POST", "/api/undo", { body: '{"reviewer":"\\u0007"}' }, 400, "review.invalid"],
    ["a name that turns the text around", "POST", "/api/undo", { body: '{"reviewer":"a\\u202eb"}' }, 400, "review.invalid"],
    ["a name that nobody sees", "POST", "/api/undo", { body: '{"reviewer":"\\u200b"}' }, 400, "review.invalid"],
    ["half a character for a name", "POST", "/api/undo", { body: '{"reviewer":"a\\ud800"}' }, 400, "review.invalid"],
    ["an unknown order", "GET", "/api/queue?reviewer=a&order=best", {}, 400, "review.invalid"],
    ["a negative offset", "GET", "/api/queue?reviewer=a&offset=-1", {}, 400, "review.invalid"],
    ["nobody's queue", "GET", "/api/queue", {}, 400, "review.invalid"],
    ["an unknown annotation", "GET", `/api/annotation?id=x&variant=y&reviewer=a`, {}, 404, "not_found"],
    ["nothing to take back", "POST", "/api/undo", { body: '{"reviewer":"Ana"}' }, 404, "undo.nothing"],
  ] as const)("asked for %s answers %s %s with a refusal", async (_, method, path, options, status, code) => {
    const answer = await ask(await serve(bagStore(1)), method, path, options);
    expect({ status: answer.status, code: answer.json.error?.code }).toEqual({ status, code });
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it("takes no more than an edited plan needs, said to be so long or not", async () => {
    const server = await serve(bagStore(1));
    const body = JSON.stringify({ reviewer: "x".repeat(500_000) });
    expect((await ask(server, "POST", "/api/undo", { body })).json.error?.code).toBe("too_large");
    expect(await sendPiecemeal(server, body)).toContain("413 Payload Too Large");
  });

  it("goes through a review: the queue, an annotation, a check, an edit, a conflict, an undo", async () => {
    const store = bagStore(3, [2]);
    const server = await serve(store);
    const session = (await ask(server, "GET", "/api/session")).json;
    expect(session).toMatchObject({
      annotations: 3, orders: ["random", "stratified", "worst", "disagreements"], start: { order: "random", seed: "0", twice: 0 }, reviewers: [],
      filters: { datasets: [{ dataset: "gsm8k", annotations: 3 }], annotators: [{ annotator: "small", annotations: 3 }], levels: [{ level: "proven", annotations: 2 }, { level: "well_formed", annotations: 1 }] },
    });
    const queue = (await ask(server, "GET", "/api/queue?reviewer=Ana&order=worst&limit=2&level=&defect=")).json;
    expect(queue).toMatchObject({ total: 3, decided: 0, next: 0, items: [{ id: ID, variant: MODEL, level: "well_formed", verdict: null, second: false }, {}] });
    const view = (await ask(server, "GET", `/api/annotation?id=${encodeURIComponent(ID)}&variant=${MODEL}&reviewer=Ana`)).json;
    expect(view).toMatchObject({ id: ID, level: "well_formed", own: null });

    const check = (await ask(server, "POST", "/api/check", { body: JSON.stringify({ id: ID, variant: MODEL, plan: bagPlan(2) }) })).json;
    expect(check).toMatchObject({ parses: true, level: "proven", answer: "computed", defects: [] });
    const broken = (await ask(server, "POST", "/api/check", { body: JSON.stringify({ id: ID, variant: MODEL, plan: "" }) })).json;
    expect(broken).toMatchObject({ parses: false, level: null, subgoals: [], defects: [{ code: "parse.no_plan" }] });
    expect(store.standingReviews()).toEqual([]);

    const common = { id: ID, variant: MODEL, plan_hash: view["plan_hash"], reviewer: "Ana", queue: "worst" };
    const post = (fields: object) => ask(server, "POST", "/api/reviews", { body: JSON.stringify({ ...common, ...fields }) });
    expect(await post({ verdict: "edit", plan: "Six" })).toMatchObject({ status: 400, json: { error: { code: "edit.refused", defects: [{ code: "parse.no_plan" }] } } });
    expect(await post({ verdict: "edit", plan: bagPlan(2), note: "3 times 2" })).toMatchObject({ status: 201, json: { verdict: "edit", level: "proven" } });
    expect(await post({ verdict: "edit", plan: bagPlan(2), note: "3 times 2" })).toMatchObject({ status: 200 });
    expect(await post({ verdict: "accept", plan_hash: "p1:before" })).toMatchObject({ status: 409, json: { error: { code: "review.changed" } } });
    expect((await ask(server, "GET", "/api/queue?reviewer=Ana&order=worst")).json).toMatchObject({ decided: 1, next: 1 });
    expect((await ask(server, "GET", "/api/status")).json).toMatchObject({ reviewed: 1, accepted: 0, reviewers: [{ reviewer: "Ana", edited: 1 }] });
    expect(await ask(server, "POST", "/api/undo", { body: '{"reviewer":" Ana "}' })).toMatchObject({ status: 200, json: { id: ID, variant: MODEL, verdict: "edit" } });
    expect((await ask(server, "POST", "/api/undo", { body: '{"reviewer":"Ana"}' })).status).toBe(404);
  });

  it("gives two who go through one queue at once different annotations, and what somebody picked again in its turn", async () => {
    const server = await serve(bagStore(3));
    const { items } = (await ask(server, "GET", "/api/queue?reviewer=Ana")).json as unknown as { items: { id: string; variant: string; second: boolean }[] };
    const candidates = items.map(({ id, variant, second }) => ({ id, variant, second }));
    const take = async (reviewer: string, drawn = true) => (await ask(server, "POST", "/api/take", { body: JSON.stringify({ reviewer, drawn, candidates }) })).json["index"];
    expect([await take("Ana"), await take("Bo")]).toEqual([0, 1]);
    const { plan_hash } = (await ask(server, "GET", `/api/annotation?id=${encodeURIComponent(candidates[2]?.id ?? "")}&variant=${MODEL}&reviewer=Di`)).json;
    await ask(server, "POST", "/api/reviews", { body: JSON.stringify({ id: candidates[2]?.id, variant: MODEL, plan_hash, reviewer: "Di", queue: "chosen", verdict: "accept" }) });
    expect([await take("Cy", false), await take("Cy")]).toEqual([null, 2]);
  });

  it("says when its port is taken, in one line", async () => {
    const { place } = await serve(bagStore(1));
    await expect(serve(bagStore(1), { port: place.port })).rejects.toThrow(`Port ${place.port} of 127.0.0.1 is taken: give another --port (0 takes any that is free).`);
  });

  it.each(["192.0.2.1", "no.such.host.invalid"])("says when %s is no address of this machine", async (host) => {
    await expect(serve(bagStore(1), { host })).rejects.toThrow(`--host ${host} is no address of this machine`);
  });

  it.each([
    ["LOCALHOST", "localhost"],
    ["127.1", "127.0.0.1"],
    ["0", "0.0.0.0"],
  ])("that listens at %s is at %s, and lets in who asks for that", async (host, address) => {
    const server = await serve(bagStore(1), { host });
    expect(server.place.host).toBe(address);
    expect((await ask(server, "GET", "/api/session")).status).toBe(200);
  });

  it("does not listen everywhere because nobody said where", async () => {
    await expect(serve(bagStore(1), { host: " " })).rejects.toThrow("--host is empty: expected 127.0.0.1");
  });

  it("that listens everywhere answers to addresses of this machine alone", async () => {
    const server = await serve(bagStore(1), { host: "0.0.0.0" });
    expect((await ask(server, "GET", "/api/session")).status).toBe(200);
    expect((await ask(server, "GET", "/api/session", { headers: { host: `rebound.example:${server.place.port}` } })).status).toBe(403);
  });

  it("tells what is its own mistake in the terminal, and no more than that to the page", async () => {
    const store = bagStore(1);
    const errors: unknown[] = [];
    const server = await serve(store, { onError: (error) => errors.push(error) });
    store.close();
    expect(await ask(server, "GET", "/api/session")).toMatchObject({ status: 500, json: { error: { code: "internal" } } });
    expect(errors).toHaveLength(1);
  });
});

const START: Start = { order: "random", seed: "0", sample: null, dataset: null, annotator: null, level: null, defect: null, twice: 0 };

async function serve(store: Store, options: { host?: string; port?: number; onError?: (error: unknown) => void } = {}): Promise<ReviewServer> {
  const { host = "127.0.0.1", port = 0, onError = (error) => expect(error).toBeUndefined() } = options;
  const api = createApi({ store, book: bookOf(store), start: START, topLevels: TOP_LEVELS });
  const server = await serveReview({ host, port, token: TOKEN, assets: ASSETS, api, onError });
  onTestFinished(() => server.close());
  return server;
}

interface Answered {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
  json: Record<string, unknown> & { error?: { code: string; message: string } };
}

interface AskOptions {
  token?: string | null;
  origin?: string | null;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** As it is asked for: `fetch` would mend paths, hosts and origins. */
function ask({ place }: ReviewServer, method: string, path: string, { token = TOKEN, origin, headers = {}, body }: AskOptions = {}): Promise<Answered> {
  const own = `127.0.0.1:${place.port}`;
  const sent = {
    host: own,
    ...(token === null ? {} : { "x-lumos-token": token }),
    ...(method !== "POST" || origin === null ? {} : { origin: `http://${own}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port: place.port, method, path, headers: sent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text, json: text.startsWith("{") ? (JSON.parse(text) as Answered["json"]) : {} }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Sends a body in chunks, whose length nobody knows before; gives the beginning of the answer. */
function sendPiecemeal({ place }: ReviewServer, body: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(place.port, "127.0.0.1");
    const own = `127.0.0.1:${place.port}`;
    socket.write(`POST /api/undo HTTP/1.1\r\nhost: ${own}\r\norigin: http://${own}\r\nx-lumos-token: ${TOKEN}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`);
    for (let at = 0; at < body.length; at += 50_000) {
      const piece = body.slice(at, at + 50_000);
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("close", () => resolve(answer));
    socket.on("error", () => resolve(answer));
  });
}

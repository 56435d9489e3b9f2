import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { diagnose } from "../../../pipelines/llm/doctor.ts";
import type { DoctorConfig } from "../../../pipelines/llm/doctor.ts";
import { acquireWriteLock } from "../../../pipelines/store/lock.ts";
import { openStore } from "../../../pipelines/store/open.ts";
import { doctorCommand } from "../../../scripts/commands/doctor.ts";
import { completion, PLAN, refused, startServer } from "./dialect-server.ts";
import type { Answered, Server } from "./dialect-server.ts";

type Body = Record<string, unknown>;
let server: Server | null = null;
const folders: string[] = [];

afterEach(async () => {
  await server?.close();
  server = null;
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});

const models = { body: { object: "list", data: [{ id: "small", object: "model", max_model_len: 8192 }] } };

/** A server that lists a model and answers chats by `chat`; other pages by `pages`. */
async function serve(chat: (body: Body) => Answered, pages: Record<string, Answered> = {}): Promise<Server> {
  server = await startServer((body, path) => {
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page !== undefined) return page;
    if (path === "/v1/models") return models;
    if (path === "/v1/chat/completions") return chat(body);
    return { status: 404, body: { error: "not found" } };
  });
  return server;
}

function config(url: string, more: Partial<DoctorConfig> = {}): DoctorConfig {
  return { baseUrl: url, key: null, model: "small", parameters: {}, timeoutSeconds: 5, ...more };
}

/** The findings as lines, without what differs from run to run. */
async function findings(of: DoctorConfig): Promise<string> {
  const { findings: found } = await diagnose(of);
  return found.map(({ check, result, detail }) => `${check} ${result}: ${detail}`.replaceAll(/\b\d+ ms\b/g, "N ms").replaceAll(/127\.0\.0\.1:\d+/g, "HOST")).join("\n");
}

/** Keeps to whatever form it is asked in. */
function obedient(body: Body): Answered {
  return completion(body["response_format"] === undefined ? "R1 = Calculator(2 + 3) = 5" : PLAN);
}

describe("a diagnosis", () => {
  it("finds that everything works, with three requests", async () => {
    const { url, bodies } = await serve((body) => ({ ...obedient(body), headers: { "x-ratelimit-limit-requests": "500", "x-ratelimit-remaining-requests": "499", "x-ratelimit-limit-tokens": "30000", "x-ratelimit-remaining-tokens": "29000" } }));
    const diagnosis = await diagnose(config(url));
    expect(diagnosis).toMatchObject({ model: "small", usable: true, requests: 3, dialect: { cap: null, format: "json_schema", refused: [], settled: true } });
    expect(await findings(config(url))).toMatchSnapshot();
    expect(bodies).toHaveLength(6);
    for (const { max_tokens } of bodies) expect(max_tokens).toBe(1000);
  });

  it("finds a model's dialect and says what it leaves out, with six requests at most", async () => {
    const { url } = await serve((body) => {
      if ("max_tokens" in body) return refused("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { code: "unsupported_parameter", param: "max_tokens" });
      if ("temperature" in body) return refused("Unsupported value: 'temperature' does not support 0 with this model.", { code: "unsupported_value", param: "temperature" });
      return body["response_format"] === undefined ? completion("<think>hm</think>5", { usage: null }) : refused("response_format is not supported");
    });
    const of = config(url, { parameters: { temperature: 0 } });
    const diagnosis = await diagnose(of);
    expect(diagnosis).toMatchObject({ usable: true, requests: 5, dialect: { cap: "max_completion_tokens", format: "text", refused: [{ parameter: "temperature", value: "0" }] } });
    expect(await findings(of)).toMatchSnapshot();
  });

  it("finds that forms are taken and ignored", async () => {
    const { url } = await serve(() => completion("```json\n{}\n```"));
    const { dialect, usable } = await diagnose(config(url));
    expect({ usable, format: dialect?.format }).toEqual({ usable: true, format: "text" });
    expect(await findings(config(url))).toContain("json_schema no: accepted and ignored: the reply was '```json {} ```'");
  });

  it("stops at six requests", async () => {
    let n = 0;
    const { url, bodies } = await serve((body) => {
      const name = Object.keys(body).find((key) => key.startsWith("p"));
      n += 1;
      return name === undefined ? obedient(body) : refused(`Unknown parameter: '${name}'.`);
    });
    const { requests } = await diagnose(config(url, { parameters: { p1: 1, p2: 2, p3: 3, p4: 4, p5: 5 } }));
    expect([requests, bodies.length, n]).toEqual([6, 6, 6]);
  });

  it.each<[string, Answered]>([
    ["a wrong key", { status: 401, body: { error: { message: "Incorrect API key provided: sk-secret-123." } } }],
    ["a model that is not there", { status: 404, body: { error: { message: "The model 'small' does not exist." } } }],
    ["a server error", { status: 500, body: "<html>oops</html>" }],
    ["too many requests", { status: 429, body: { error: { message: "Rate limit reached." } } }],
    ["an empty reply", completion("")],
    ["no chat completion", { body: { hello: 1 } }],
    ["a web page", { body: "<html>Welcome</html>" }],
  ])("says why an endpoint can't be used: %s", async (_what, answer) => {
    const { url } = await serve(() => answer);
    const of = config(url, { key: "sk-secret-123" });
    const diagnosis = await diagnose(of);
    expect(diagnosis.usable).toBe(false);
    const lines = await findings(of);
    expect(lines.split("\n").find((line) => line.startsWith("chat"))).toMatchSnapshot();
    expect(JSON.stringify(diagnosis)).not.toContain("sk-secret-123");
  });

  it("takes a model for usable that thinks longer than the small cap allows", async () => {
    const { url } = await serve(() => completion("<think>so we", { finish_reason: "length" }));
    expect(await diagnose(config(url))).toMatchObject({ usable: true, dialect: { format: "json_schema" } });
    expect(await findings(config(url))).toContain("json_schema unknown: The reply was cut off after 10 tokens: raise --max-tokens.");
  });

  it("refuses a key that no header can carry, without repeating it", async () => {
    await expect(diagnose(config("http://127.0.0.1:1/v1", { key: "sk-secret\n123" }))).rejects.toThrowErrorMatchingInlineSnapshot(`[LumosError: The key holds blanks or characters beyond ASCII, as no key does: copy it again.]`);
  });

  it("says that nobody answers, and in what time", async () => {
    const { url } = await serve(() => ({ ...completion("5"), delayMs: 2000 }));
    expect(await findings(config(url, { timeoutSeconds: 0.2 }))).toContain("chat no: no answer within 0.2 s");
    await server?.close();
    // A port of its own: on a connection that was kept from before, the answer is that the other side closed it.
    const { url: gone } = await serve(obedient);
    await server?.close();
    server = null;
    expect((await diagnose(config(gone))).findings[0]).toMatchObject({ check: "reachable", result: "no", detail: expect.stringContaining("ECONNREFUSED") });
  });

  it("takes the only model that is listed, and asks for a name where there are several", async () => {
    const { url } = await serve(obedient);
    expect(await diagnose(config(url, { model: null }))).toMatchObject({ model: "small", usable: true });
    await server?.close();
    const several = await serve(obedient, { "/v1/models": { body: { data: [{ id: "a" }, { id: "b\u001b[31m" }, { no: 1 }, null] } } });
    const diagnosis = await diagnose(config(several.url, { model: null }));
    expect(diagnosis).toMatchObject({ model: null, usable: null, requests: 0 });
    expect(diagnosis.findings[1]).toEqual({ check: "models", result: "yes", detail: "2: a, b [31m" });
    expect((await diagnose(config(several.url))).findings[1]).toEqual({ check: "models", result: "no", detail: "'small' is not among 2: a, b [31m" });
  });

  it.each<[string, Record<string, Answered>, string]>([
    ["vLLM", {}, "8192 tokens (/models max_model_len)"],
    ["llama.cpp", { "/v1/models": { body: { data: [{ id: "small", meta: { n_ctx_train: 131_072 } }] } }, "/props": { body: { default_generation_settings: { n_ctx: 4096 } } } }, "4096 tokens, the model was made for 131072 (llama.cpp /props)"],
    [
      "Ollama",
      {
        "/v1/models": { body: { data: [{ id: "small:latest" }] } },
        "/api/show": { body: { model_info: { "llama.context_length": 131_072 } } },
        "/api/ps": { body: { models: [{ name: "small:latest", context_length: 4096 }] } },
      },
      "4096 tokens, the model was made for 131072 (Ollama /api/show, /api/ps)",
    ],
    ["LM Studio", { "/v1/models": { body: { data: [{ id: "small" }] } }, "/api/v0/models/small": { body: { loaded_context_length: 4096, max_context_length: 32_768 } } }, "4096 tokens, the model was made for 32768 (LM Studio /api/v0/models)"],
  ])("reads the context length from %s", async (_what, pages, detail) => {
    const { url } = await serve(obedient, pages);
    const { findings: found } = await diagnose(config(url));
    expect(found.find(({ check }) => check === "context_length")).toEqual({ check: "context_length", result: "yes", detail });
  });

  it("does not know the context length where nobody tells it", async () => {
    const { url } = await serve(obedient, { "/v1/models": { body: { data: [{ id: "small" }] } } });
    expect(await findings(config(url))).toContain("context_length unknown: the endpoint does not say");
  });
});

/** Runs the command as the program does, and gives what it printed and its exit code. */
async function doctor(argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const { write: toOut } = process.stdout;
  const { write: toErr } = process.stderr;
  process.stdout.write = (chunk: string | Uint8Array) => (written.out += String(chunk)) !== "";
  process.stderr.write = (chunk: string | Uint8Array) => (written.err += String(chunk)) !== "";
  let code = -1;
  try {
    await doctorCommand((result) => (code = result)).parseAsync([...argv], { from: "user" });
  } finally {
    process.stdout.write = toOut;
    process.stderr.write = toErr;
  }
  return { code, ...written };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "lumos-doctor-"));
  folders.push(made);
  return made;
}

describe("lumos doctor", () => {
  it("says what it sends, what works, and what there is beside the endpoint", async () => {
    const { url } = await serve(obedient);
    const db = join(folder(), "none.db");
    const { code, out, err } = await doctor(["--base-url", url, "--db", db]);
    expect(code).toBe(0);
    expect(err).toBe(`Sends at most 6 short requests to ${url}, each with a reply of at most 1000 tokens.\n`);
    expect(out.replaceAll(url, "URL").replaceAll(db, "DB").replaceAll(/\b\d+ ms\b/g, "N ms").replace(/\nConfiguration[^]*/, "")).toMatchSnapshot();
  });

  it("exits with 1 where the endpoint can't be used, and as JSON too", async () => {
    const { url } = await serve(() => ({ status: 500, body: "" }));
    const { code, out } = await doctor(["--base-url", url, "--model", "small", "--db", join(folder(), "none.db"), "--json", "--quiet"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ usable: false, model: "small", store: { ok: true, version: null }, configuration: { ok: true } });
  });

  it("names who writes the store, and sets right what it remembers of the dialect once nobody does", async () => {
    const { url } = await serve(obedient);
    const db = join(folder(), "lumos.db");
    const store = openStore(db, { mode: "create" });
    store.saveDialect(url, "small", { cap: null, format: "text", refused: [], settled: true }, "2026-01-01T00:00:00Z");
    store.close();
    const lock = acquireWriteLock(db, { pid: 4711, command: "lumos annotate gsm8k", since: "2026-01-01T00:00:00Z" });
    const during = await doctor(["--base-url", url, "--db", db, "--json", "--quiet"]);
    expect(JSON.parse(during.out)).toMatchObject({ store: { dialect: { format: "text" }, detail: expect.stringContaining("being written by process 4711 (lumos annotate gsm8k)") } });
    lock.release();
    const after = await doctor(["--base-url", url, "--db", db, "--json", "--quiet"]);
    expect(JSON.parse(after.out)).toMatchObject({ store: { detail: expect.stringContaining("remembers of this model: JSON asked for in the prompt alone; set right to: asks as OpenAI does") } });
    const again = await doctor(["--base-url", url, "--db", db, "--json", "--quiet"]);
    expect(JSON.parse(again.out)).toMatchObject({ store: { ok: true, dialect: { format: "json_schema" }, detail: expect.stringMatching(/writable; no process is writing it; remembers of this model: asks as OpenAI does$/) } });
  });
});

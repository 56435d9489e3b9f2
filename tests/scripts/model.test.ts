import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";
import { type Answer, startStandIn } from "../support/stand-in.ts";

const PLAN = "Subgoal 1: Add the pens.\nAction 1-1: R1 = Calculator(3 + 4) = 7";

describe("lumos annotate with a model", () => {
  it("asks once an example, keeps every reply, and asks nothing on a second run", async () => {
    const { url, standIn, args, db } = await setUp(() => PLAN, 20);
    const first = summaryOf<AnnotateSummary>(await lumos([...args, "--model", "stand-in", "--base-url", url]));
    expect(first).toMatchObject({ annotator: "llm", examples: 20, annotated: 20, levels: { proven: 20 }, requests: 20, cache_hits: 0, cost_usd: 0 });
    expect(first.prompt_tokens).toBeGreaterThan(0);
    expect(summaryOf(await lumos([...args, "--model", "stand-in", "--base-url", url]))).toMatchObject({ stored_before: 20, requests: 0 });
    expect(standIn.requests).toHaveLength(20);
    const { variants } = summaryOf<{ variants: unknown[] }>(await lumos(["status", "--db", db, "--json"]));
    expect(variants).toMatchObject([{ model: "stand-in", replies: 20 }]);
  });

  it("annotates anew for another variant: model, temperature, reply form or prompt", async () => {
    const { url, args, standIn, folder } = await setUp(() => PLAN, 2);
    const ask = (model: string, ...more: string[]) => lumos([...args, "--model", model, "--base-url", url, ...more]).then((ran) => summaryOf<AnnotateSummary>(ran));
    const run = (...more: string[]) => ask("stand-in", ...more);
    const prompt = join(folder, "prompt.yaml");
    writeFileSync(prompt, 'version: "x"\ninstruction: Write a plan.\nfew_shots: []\n');
    expect(await run()).toMatchObject({ stored_before: 0, requests: 2 });
    expect(await run("--temperature", "0.5")).toMatchObject({ stored_before: 0, requests: 2 });
    expect(await run("--reply", "text")).toMatchObject({ stored_before: 0, requests: 2 });
    expect(await run("--prompt", prompt)).toMatchObject({ stored_before: 0, requests: 2 });
    expect(await ask("other")).toMatchObject({ stored_before: 0, requests: 2 });
    expect(await run("--concurrency", "1")).toMatchObject({ stored_before: 2, requests: 0 });
    expect(standIn.requests).toHaveLength(10);
  });

  it("keeps to the concurrency it is given", async () => {
    const { url, args, standIn } = await setUp(() => PLAN, 40, 20);
    await lumos([...args, "--model", "stand-in", "--base-url", url, "--concurrency", "5"]);
    expect(standIn.mostInFlight()).toBe(5);
  });

  it("quarantines what is no plan with its reply, and asks again under --retry", async () => {
    const { url, args, db } = await setUp((_, { repeat }) => (repeat === 0 ? "I would rather not say." : PLAN), 3);
    const model = ["--model", "stand-in", "--base-url", url];
    expect(summaryOf(await lumos([...args, ...model]))).toMatchObject({ quarantined: 3, annotated: 0, defects: { "parse.no_plan": 3 } });
    expect(summaryOf(await lumos([...args, ...model]))).toMatchObject({ quarantined: 3, stored_before: 3, requests: 0 });
    expect((await lumos(["show", "--db", db, "--sample", "1"])).stdout).toContain("parse.no_plan");
    expect(summaryOf(await lumos([...args, ...model, "--retry", "quarantined"]))).toMatchObject({ examples: 3, annotated: 3, quarantined: 0, requests: 3 });
    expect(summaryOf(await lumos([...args, ...model]))).toMatchObject({ annotated: 3, stored_before: 3, requests: 0 });
  });

  it("asks an empty or cut reply again within --attempts", async () => {
    const { url, args } = await setUp((_, { repeat }) => (repeat < 2 ? { text: "", finish_reason: "length" } : PLAN), 2);
    const model = ["--model", "stand-in", "--base-url", url];
    expect(summaryOf(await lumos([...args, ...model, "--attempts", "2"]))).toMatchObject({ quarantined: 2, requests: 4, defects: { "llm.truncated": 2 } });
    expect(summaryOf(await lumos([...args, ...model, "--attempts", "3", "--retry", "llm.truncated"]))).toMatchObject({ annotated: 2, requests: 2 });
  });

  it("fails with one line and exit 1 where the endpoint refuses the key, and asks those examples again next time", async () => {
    const { url, args, close } = await setUp(() => ({ fault: "unauthorized" }), 5);
    const ran = await lumos([...args, "--model", "stand-in", "--base-url", url], { env: { OPENAI_API_KEY: "sk-very-secret-0123456789" } });
    expect(ran.code).toBe(1);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr).not.toContain("very-secret");
    await close();
    const again = await setUp(() => PLAN, 5);
    const same = args.map((each) => each);
    expect(summaryOf(await lumos([...same, "--model", "stand-in", "--base-url", again.url]))).toMatchObject({ annotated: 5, failed: 0 });
  });

  it("stops cleanly on SIGINT: what is under way is stored, and the same command goes on", async () => {
    const { url, args, standIn } = await setUp(() => PLAN, 60, 100);
    const model = ["--model", "stand-in", "--base-url", url, "--concurrency", "4"];
    const program = fileURLToPath(new URL("../../dist/scripts/lumos.js", import.meta.url));
    const child = spawn(process.execPath, [program, ...args, ...model], { stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    while (standIn.requests.length < 10) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(130);
    expect(stderr).toContain("The same command goes on from here.");
    const asked = standIn.requests.length;
    expect(asked).toBeLessThan(60);
    const rest = summaryOf<AnnotateSummary>(await lumos([...args, ...model]));
    expect(rest).toMatchObject({ examples: 60, annotated: 60, stored_before: asked, requests: 60 - asked });
  });

  it("writes the key nowhere: not to the store, the output, errors, or exports", async () => {
    const key = "sk-very-secret-0123456789";
    const env = { OPENAI_API_KEY: key };
    const { url, args, db, standIn, folder } = await setUp((_, { count: n }) => (n === 0 ? { fault: "bad_request" } : PLAN), 3);
    const ran = await lumos([...args.filter((arg) => arg !== "--quiet"), "--model", "stand-in", "--base-url", url, "--debug"], { env });
    const exported = await lumos(["export", "--db", db, "--out", join(folder, "out"), "--min-level", "parsed"], { env });
    const shown = await lumos(["status", "--db", db, "--json"], { env });
    expect(standIn.keys).toContain(`Bearer ${key}`);
    expect([ran, exported, shown].map(({ stdout, stderr }) => stdout + stderr).join("")).not.toContain(key);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.filter((file) => file.includes("lumos_maths")).length).toBeGreaterThan(0);
    expect(files.filter((file) => readFileSync(file).includes(key))).toEqual([]);
    expect(files).toContain(db);
  });
});

/** Lets the clock and the timers of this process go so many times as fast: waits between tries have tests of their own. */
function hurry(times: number): void {
  const { setTimeout: wait, performance: clock } = globalThis;
  const began = clock.now();
  const now = clock.now.bind(clock);
  vi.stubGlobal("setTimeout", (run: () => void, ms = 0) => wait(run, ms / times));
  vi.spyOn(clock, "now").mockImplementation(() => began + (now() - began) * times);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

async function setUp(answer: Answer, records: number, latency = 0) {
  const standIn = await startStandIn(answer, { latency });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await standIn.close();
    open = false;
  };
  onTestFinished(close);
  const folder = temporaryFolder();
  const file = join(folder, "train.jsonl");
  const lines = Array.from({ length: records }, (_, i) => JSON.stringify({ question: `Shelf ${i} has 3 pens, then 4 more are put there. How many pens are there?`, answer: "There are 3+4=<<3+4=7>>7 pens.\n#### 7" }));
  writeFileSync(file, `${lines.join("\n")}\n`);
  const db = join(folder, "model.db");
  return { url: standIn.url, standIn, close, folder, db, args: ["annotate", "gsm8k", "--input", file, "--db", db, "--json", "--quiet"] };
}

describe("repair, samples, cascade and money", () => {
  const WRONG = PLAN.replace("= 7", "= 8");

  it("sends a contradicted result back, and records that the repair helped", async () => {
    const { url, args, db, standIn } = await setUp((_, { count: n }) => (n < 2 ? WRONG : PLAN), 2);
    const model = ["--model", "stand-in", "--base-url", url, "--concurrency", "1"];
    expect(summaryOf(await lumos([...args, ...model, "--limit", "1"]))).toMatchObject({ annotated: 1, levels: { proven: 1 }, repaired: 1 });
    const messages = standIn.requests.at(-1)?.messages ?? [];
    expect(messages.at(-1)?.content).toContain("Shelf 0 has 3 pens, then 4 more are put there.");
    expect(messages.at(-1)?.content).toMatch(/computed 7|7/);
    const { outcomes } = summaryOf<{ outcomes: { repaired: string[]; annotation: { repairs: number } }[] }>(await lumos(["show", "--db", db, "--json"]));
    expect(outcomes[0]).toMatchObject({ annotation: { repairs: 1 } });
    expect(outcomes[0]?.repaired).toContain("exec.mismatch");
  });

  it("asks for samples until one is proven, and keeps the others", async () => {
    const { url, args, db, standIn } = await setUp((_, { count: n }) => (n === 0 ? WRONG : PLAN), 1);
    const ran = await lumos([...args, "--model", "stand-in", "--base-url", url, "--samples", "4", "--temperature", "1"]);
    expect(summaryOf(ran)).toMatchObject({ levels: { proven: 1 }, requests: 2, repaired: 0 });
    expect(standIn.requests).toHaveLength(2);
    expect(summaryOf(await lumos(["status", "--db", db, "--json"]))).toMatchObject({ variants: [{ replies: 2 }] });
  });

  it("asks the next of a cascade only where the last could not prove, and says what each brought", async () => {
    const { url, db, standIn, folder } = await setUp((body) => (body.model === "small" ? WRONG : PLAN), 3);
    const file = join(folder, "mixed.jsonl");
    const readable = { question: "A tray has 5 cups and 6 more are put there. How many cups are there?", answer: "There are 5+6=<<5+6=11>>11 cups.\n#### 11" };
    const prose = (n: number) => ({ question: `Tray ${n} has 3 pens, then 4 more are put there. How many pens are there?`, answer: "There are seven pens then.\n#### 7" });
    writeFileSync(file, [readable, prose(1), prose(2)].map((each) => JSON.stringify(each)).join("\n"));
    const cascade = ["annotate", "gsm8k", "--input", file, "--db", db, "--json", "--quiet", "--model", "rules,small,large", "--base-url", url, "--attempts", "1"];
    expect(summaryOf(await lumos(cascade))).toMatchObject({ annotator: "cascade", examples: 3, annotated: 3, levels: { proven: 3 }, requests: 4 });
    expect(standIn.requests.map(({ model }) => model).sort()).toEqual(["large", "large", "small", "small"]);
    const { variants } = summaryOf<{ variants: { model: string | null; levels: { proven: number } }[] }>(await lumos(["status", "--db", db, "--json"]));
    expect(new Map(variants.map(({ model, levels }) => [model, levels.proven]))).toEqual(new Map([[null, 1], ["small", 0], ["large", 2]]));
    expect(summaryOf(await lumos(cascade))).toMatchObject({ examples: 3, stored_before: 3, requests: 0, levels: { proven: 3 } });
  });

  it("never passes --max-cost, exits 3 with everything stored, and goes on under a higher cap", async () => {
    const { url, args, folder, db } = await setUp(() => PLAN, 40, 5);
    const config = { models: { priced: { model: "stand-in", baseUrl: url, price: { input: 1, cachedInput: 0.5, output: 2 }, maxTokens: 400, concurrency: 20 } } };
    writeFileSync(join(folder, "lumos.config.json"), JSON.stringify(config));
    const run = (cap: string) => lumos([...args, "--model", "priced", "--max-cost", cap], { cwd: folder });
    const stopped = await run("0.06");
    expect(stopped.code).toBe(3);
    expect(stopped.stderr).toContain("--max-cost");
    const first = summaryOf<AnnotateSummary>(stopped);
    expect(first.annotated).toBeGreaterThan(0);
    expect(first.annotated).toBeLessThan(40);
    expect(first.cost_usd).toBeLessThanOrEqual(0.06);
    const rest = summaryOf<AnnotateSummary>(await run("100"));
    expect(rest).toMatchObject({ examples: 40, annotated: 40, stored_before: first.annotated, requests: 40 - first.annotated });
    const { variants } = summaryOf<{ variants: { cost_usd: number }[] }>(await lumos(["status", "--db", db, "--json"]));
    expect(variants[0]?.cost_usd).toBeCloseTo((first.cost_usd ?? 0) + (rest.cost_usd ?? 0), 9);
  });

  it("refuses a cap for a model whose price is not known, before anything is sent", async () => {
    const { url, args, folder, standIn } = await setUp(() => PLAN, 1);
    const port = new URL(url).port;
    const ran = await lumos([...args, "--model", "stand-in", "--base-url", `http://example.com:${port}/v1`, "--max-cost", "1"], { cwd: folder });
    expect(ran).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("no price is known") });
    expect(standIn.requests).toHaveLength(0);
  });

  it("says under --dry-run what it would ask, and sends nothing", async () => {
    const { url, args, standIn, db } = await setUp(() => PLAN, 25);
    const ran = await lumos([...args.filter((arg) => arg !== "--json"), "--model", "stand-in", "--base-url", url, "--dry-run"]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/stand-in at .*: 25 requests, about [\d,k]+ prompt and [\d,k]+ completion tokens, costs nothing/) });
    expect(standIn.requests).toHaveLength(0);
    expect((await lumos(["status", "--db", db])).stdout).toContain("holds no examples yet");
  });

  it("asks again, under a raised --max-tokens, for the truncated ones alone", async () => {
    const { url, args } = await setUp((body) => (Number(body["max_tokens"]) < 500 && String(body.messages.at(-1)?.content).includes("Shelf 1 ") ? { text: "Subgoal 1: Ad", finish_reason: "length" } : PLAN), 3);
    const model = ["--model", "stand-in", "--base-url", url, "--attempts", "1"];
    expect(summaryOf(await lumos([...args, ...model, "--max-tokens", "100"]))).toMatchObject({ annotated: 2, quarantined: 1, requests: 3 });
    expect(summaryOf(await lumos([...args, ...model, "--max-tokens", "100"]))).toMatchObject({ stored_before: 3, requests: 0 });
    expect(summaryOf(await lumos([...args, ...model, "--max-tokens", "1000"]))).toMatchObject({ annotated: 3, quarantined: 0, stored_before: 2, requests: 1 });
  });

  it("says in one line on stderr why every example failed", async () => {
    const { args, close, url } = await setUp(() => PLAN, 2);
    await close();
    hurry(50);
    const ran = await lumos([...args, "--model", "stand-in", "--base-url", url, "--timeout", "60"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr).toContain(new URL(url).host);
  });
});

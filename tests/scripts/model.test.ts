import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("writes the key nowhere", async () => {
    const key = "sk-very-secret-0123456789";
    const { url, args, db, standIn } = await setUp(() => PLAN, 3);
    const ran = await lumos([...args, "--model", "stand-in", "--base-url", url, "--debug"], { env: { OPENAI_API_KEY: key } });
    expect(standIn.keys).toContain(`Bearer ${key}`);
    expect(ran.stdout + ran.stderr).not.toContain(key);
    expect(readFileSync(db).includes(key)).toBe(false);
  });
});

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

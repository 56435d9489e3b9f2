import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CollectSummary } from "../../../pipelines/batch/collect.ts";
import type { SubmitSummary } from "../../../pipelines/batch/submit.ts";
import { openStore } from "../../../pipelines/store/open.ts";
import { batchCommand } from "../../../scripts/commands/batch.ts";
import { startBatchStandIn } from "../../support/batch-stand-in.ts";
import { temporaryFolder } from "../../support/lumos.ts";
import { PLAN } from "./fixture.ts";

describe("lumos batch", () => {
  it("submits, tells how far it is, collects and cancels", async () => {
    const { run, json, standIn, submit } = await setUp(5);
    expect(await json<SubmitSummary>(...submit, "--dry-run", "--json")).toMatchObject({ dry_run: true, model: "small", endpoint: standIn.url, examples: 5, requests: 5, worst_usd: 0 });
    expect(standIn.calls).toEqual([]);

    const sent = await run(...submit, "--batch-size", "3");
    expect(sent.code).toBe(0);
    expect(sent.stderr).toContain("model small: 5 requests in 2 batches, about ");
    expect(sent.stdout).toContain("5 examples: 5 put into batches.");
    const status = await run("status");
    expect(status.stdout.split("\n")[1]).toMatch(/^b[0-9a-f]{12} {2}gsm8k {4}small {2}validating {2}0\/0\/3/);

    const { batches } = await json<{ batches: { id: string }[] }>("status", "--json");
    const second = batches[1]?.id ?? "";
    standIn.end("batch_1", { answer: () => PLAN });
    expect(await json<CollectSummary>("collect", "--json")).toMatchObject({ answered: 3, cost_usd: 0, batches: [{ state: "collected" }, { state: "submitted" }] });
    expect((await run("cancel", second.slice(0, 6))).stdout).toContain("the provider stops it");
    standIn.end("batch_2", { ending: "cancelled", share: 0.5, answer: () => PLAN });
    const collected = await run("collect");
    expect(collected.stdout).toContain("1 replies now: 1,000 + 100 tokens, $0.00 (half price).");
    expect(collected.stdout).toMatch(/b[0-9a-f]{12}: 1 batch_cancelled/);
    expect(await json(...submit, "--json")).toMatchObject({ requests: 1, kept: 4 });
  });

  it("sends of a cascade only what rules could not prove", async () => {
    const { json, submit } = await setUp(4);
    expect(await json(...submit.slice(0, -1), "rules,small", "--json")).toMatchObject({ examples: 4, done: 4, requests: 0 });
    expect(await json(...submit.slice(0, -1), "other,small", "--json")).toMatchObject({ examples: 4, held_back: 4, requests: 0 });
  });

  it.each<[string, string[], string]>([
    ["no model", ["submit", "gsm8k", "--input", "x.jsonl"], "A batch is for a model: give --model NAME"],
    ["a batch that is not there", ["cancel", "b123"], "No batch 'b123' in"],
    ["no batch to cancel", ["cancel"], "Name the batches to cancel"],
  ])("refuses %s", async (_what, args, message) => {
    const { run } = await setUp(1);
    await expect(run(...args)).rejects.toThrow(message);
  });

  it("refuses a cap without a price before it reads anything", async () => {
    const { run, standIn } = await setUp(1);
    await expect(run("submit", "gsm8k", "--input", "none.jsonl", "--model", "unheard-of", "--base-url", "https://models.example.org/v1", "--max-cost", "1")).rejects.toThrow("no price is known");
    expect(standIn.calls).toEqual([]);
  });
});

async function setUp(records: number) {
  const standIn = await startBatchStandIn();
  onTestFinished(() => standIn.close());
  const folder = temporaryFolder();
  const file = join(folder, "train.jsonl");
  writeFileSync(file, Array.from({ length: records }, (_, i) => `${JSON.stringify({ question: `Shelf ${i} has 3 pens, then 4 more are put there. How many pens are there?`, answer: "There are 3+4=<<3+4=7>>7 pens.\n#### 7" })}\n`).join(""));
  const db = join(folder, "batch.db");
  openStore(db, { mode: "create" }).close();
  const run = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const result = { code: -1, stdout: "", stderr: "" };
    const program = new Command("lumos").exitOverride().addCommand(batchCommand((code) => (result.code = code)));
    const spies = (["stdout", "stderr"] as const).map((name) =>
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        result[name] += String(text);
        return true;
      }),
    );
    try {
      await program.parseAsync(["batch", ...args, "--db", db], { from: "user" });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return result;
  };
  const json = async <T = Record<string, unknown>>(...args: string[]): Promise<T> => {
    const value: T = JSON.parse((await run(...args)).stdout);
    return value;
  };
  return { run, json, standIn, submit: ["submit", "gsm8k", "--input", file, "--base-url", standIn.url, "--model", "small"] };
}

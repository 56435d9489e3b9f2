import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ExportDiff } from "../../pipelines/diff/diff.ts";
import type { ExportSummary } from "../../pipelines/export/export.ts";
import { FORMATS } from "../../pipelines/export/formats.ts";
import { planAnswers } from "../../pipelines/llm/stand-in-plans.ts";
import { main } from "../../scripts/cli/program.ts";
import { addition, newStore, save, sourceExample, temporaryFolder } from "../pipelines/store/fixture.ts";
import { startStandIn } from "../support/stand-in.ts";

/** Runs the program in this process: its exit code and what it printed. */
async function lumos(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A store with `count` examples of GSM8K, in a folder that is the current one. */
function filled(count: number): { folder: string; db: string } {
  const folder = temporaryFolder();
  const store = newStore(folder);
  store.transaction(() => {
    for (let n = 1; n <= count; n += 1) save(store, sourceExample(`gsm8k/${n}`, { task: `Task ${n}?`, place: { file: "a.jsonl", position: n } }), { plan: addition(n, 9) });
  });
  goTo(folder);
  return { folder, db: store.file };
}

function goTo(folder: string): string {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
  return folder;
}

describe("lumos export", () => {
  it("writes every format, split and measured, and says what it did", async () => {
    const { folder, db } = filled(40);
    const formats = [...FORMATS.keys()].flatMap((name) => ["--format", name]);
    const { code, stdout } = await lumos("export", "--db", db, "--out", "out", ...formats, "--split", "train=0.75,validation=0.25", "--max-tokens", "1024", "--json");
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as ExportSummary;
    const written = [...FORMATS.keys()].filter((name) => name !== "dpo");
    expect(new Set(summary.files.map(({ format }) => format))).toEqual(new Set(written));
    expect(summary.excluded).toEqual({ no_failed_plan: 40 });
    expect(summary.remarks).toEqual(["There is no dpo file: no example has a row in it, for the reasons above."]);
    expect(summary.files.every(({ path }) => existsSync(join(folder, path)))).toBe(true);
    for (const format of written) {
      const rows = summary.files.filter((file) => file.format === format && (file.module === null || (file.module === "plan" && file.formulation === "onetime")));
      expect(rows.map(({ split }) => split)).toEqual(["train", "validation"]);
      expect(rows.reduce((n, file) => n + file.rows, 0)).toBe(40);
    }
    expect(summary.tokenizer).toBe("o200k_base (estimate)");
    expect(readdirSync(join(folder, "out")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("prints a table that fits 80 columns", async () => {
    const { db } = filled(3);
    const { stdout } = await lumos("export", "--db", db, "--out", "out", "--max-tokens", "100", "--module", "plan", "--quiet");
    expect(stdout).toMatchInlineSnapshot(`
      "file                                  rows  p50  p99  longest
      out/lumos_maths_plan_iterative.jsonl     3   83   83       83
      out/lumos_maths_plan_onetime.jsonl       3   48   48       48
      Tokens a row by o200k_base (estimate).
      "
    `);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("writes what trainers need, and a card, when it is asked to", async () => {
    const { folder, db } = filled(20);
    const { code } = await lumos("export", "--db", db, "--out", "out", "--recipe", "all", "--quiet", "--json");
    expect(code).toBe(0);
    const names = readdirSync(join(folder, "out"));
    expect(names).toEqual(expect.arrayContaining(["README.md", "dataset_info.json", "manifest.json"]));
    expect(readFileSync(join(folder, "out", "README.md"), "utf8")).toMatch(/^---\nlicense: mit\n/);
    expect(readFileSync(join(folder, "out", "README.md"), "utf8")).not.toContain(folder);
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "README.md"), "my own\n");
    const spared = await lumos("export", "--db", db, "--out", "mine", "--recipe", "all", "--quiet");
    expect(spared).toMatchObject({ code: 1, stderr: expect.stringContaining(`${join("mine", "README.md")} is there already`) });
    expect(readdirSync(join(folder, "mine"))).toEqual(["README.md"]);
    const refused = await lumos("export", "--db", db, "--out", "other", "--recipe", "openai");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--format openai") });
    expect(existsSync(join(folder, "other")) ? readdirSync(join(folder, "other")) : []).toEqual([]);
  });

  it("makes preference pairs of what a model first answered and what it corrected", async () => {
    const folder = goTo(temporaryFolder());
    const problem = (n: number) => ({ question: `Ada has ${n} pens and buys ${n + 20} more. How many pens does she have?`, answer: `She has ${n}+${n + 20}=<<${n}+${n + 20}=${2 * n + 20}>>${2 * n + 20} pens.\n#### ${2 * n + 20}` });
    writeFileSync(join(folder, "train.jsonl"), Array.from({ length: 24 }, (_, n) => `${JSON.stringify(problem(n + 3))}\n`).join(""));
    const standIn = await startStandIn(planAnswers({ wrong: 1 }));
    onTestFinished(() => standIn.close());
    const asked = await lumos("annotate", "gsm8k", "--input", "train.jsonl", "--model", "stand-in", "--base-url", standIn.url, "--json", "--quiet");
    expect(JSON.parse(asked.stdout)).toMatchObject({ examples: 24, levels: { proven: 24 }, requests: 48 });
    const { stdout } = await lumos("export", "--out", "out", "--format", "dpo", "--module", "ground", "--formulation", "onetime", "--json");
    const { files, excluded } = JSON.parse(stdout) as ExportSummary;
    const rows = readFileSync(join(folder, files[0]?.path ?? ""), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.length + (excluded["no_failed_plan"] ?? 0) + (excluded["same_reply"] ?? 0)).toBe(24);
    for (const row of rows) expect(row).toMatchObject({ rejected_attempt: 1, rejected_annotator: "llm", rejected_model: "stand-in", chosen_level: "proven", reason: expect.arrayContaining([expect.objectContaining({ code: expect.any(String) })]) });
  });

  it("takes the length of rows from a name of its own, not from that of replies", async () => {
    const { folder, db } = filled(3);
    writeFileSync(join(folder, "lumos.config.json"), JSON.stringify({ maxTokens: 1 }));
    const run = async () => (JSON.parse((await lumos("export", "--db", db, "--out", "out", "--module", "plan", "--json")).stdout) as ExportSummary).excluded;
    expect(await run()).toEqual({});
    writeFileSync(join(folder, "lumos.config.json"), JSON.stringify({ maxTokens: 1, maxRowTokens: 60 }));
    expect(await run()).toEqual({ too_long: 3 });
  });

  it.each([
    [["--subgoals", "1"], {}],
    [["--subgoals", "2-"], { subgoal_count: 2 }],
    [["--subgoals", "-3", "--actions", "2-4"], { action_count: 2 }],
    [["--exclude-licence", "MIT"], { licence: 2 }],
  ])("filters: %j", async (flags, excluded) => {
    const { db } = filled(2);
    const { stdout } = await lumos("export", "--db", db, "--out", "out", ...flags, "--json");
    expect((JSON.parse(stdout) as ExportSummary).excluded).toEqual(excluded);
  });

  it.each([
    [["--subgoals", "4-2"], 2],
    [["--subgoals", "-"], 2],
    [["--review", "good"], 2],
    [["--split", "train=2"], 2],
    [["--mix", "gsm8k"], 2],
    [["--format", "csv"], 2],
    [["--tokenizer", "none.json"], 1],
  ])("refuses %j in one line and writes nothing", async (flags, expected) => {
    const { folder, db } = filled(1);
    const { code, stderr } = await lumos("export", "--db", db, "--out", "out", ...flags);
    expect(code).toBe(expected);
    expect(stderr).toMatch(/^lumos: .*\n$/);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});

describe("lumos diff", () => {
  it("says what changed, in text and in JSON", async () => {
    const { folder, db } = filled(4);
    await lumos("export", "--db", db, "--out", "a", "--module", "plan", "--quiet");
    await lumos("export", "--db", db, "--out", "b", "--module", "plan", "--quiet", "--mix", "gsm8k:3");
    expect(readFileSync(join(folder, "a", "manifest.json"), "utf8")).not.toContain(folder);
    const { code, stdout } = await lumos("diff", "a", "b");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Examples: 3 the same, 0 added, 1 removed, 0 changed.
      Option mix: null → {"by":"count","parts":{"gsm8k":3}}
      Files: 0 the same, 0 added, 0 removed, 2 changed.
        rows of                           added  removed  changed
        lumos_maths_plan_iterative.jsonl      0        1        0
        lumos_maths_plan_onetime.jsonl        0        1        0

      - gsm8k/1  proven
      "
    `);
    const json = JSON.parse((await lumos("diff", "a", "b", "--json", "--limit", "0")).stdout) as ExportDiff;
    expect(json).toMatchObject({ examples: { same: 3, removed: 1, added: 0, changed: 0 }, changes: [] });
  });
});

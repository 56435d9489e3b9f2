import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { ImportSummary } from "../../pipelines/import/summary.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";
import { hasShared, SHARED } from "../support/shared.ts";

const SAMPLES: Readonly<Record<string, string>> = {
  gsm8k: "sample.jsonl", asdiv: "sample.xml", prm800k: "sample.jsonl", svamp: "sample.json", strategyqa: "sample.json", musique: "sample.jsonl", mind2web: "sample.json",
  aokvqa: "sample.json", scienceqa: "sample.json", intercode_sql: "sample.json", intercode_bash: "sample.json",
};
const sample = (dataset: string): string => join("converters", dataset, SAMPLES[dataset] ?? "");

describe("lumos import", () => {
  it("gives the annotations of all sources back from an export: the same ids, levels and plans; without the sources well_formed at most", async () => {
    const folder = temporaryFolder();
    const [db, again, bare, out] = ["one.db", "two.db", "three.db", "out"].map((name) => join(folder, name)) as [string, string, string, string];
    for (const dataset of Object.keys(SAMPLES)) await lumos(["annotate", dataset, "--input", sample(dataset), "--db", db, "--allow-evaluation-set", "--quiet"]);
    await lumos(["export", "--db", db, "--out", out, "--min-level", "well_formed", "--allow-evaluation-set", "--quiet"]);
    const files = readdirSync(out).filter((name) => name.endsWith(".jsonl")).map((name) => join(out, name));
    const sources = Object.keys(SAMPLES).flatMap((dataset) => ["--source", `${dataset}=${sample(dataset)}`]);

    const summary = summaryOf<ImportSummary>(await lumos(["import", ...files, ...sources, "--db", again, "--json", "--quiet"]));
    expect(annotations(again)).toEqual(annotations(db));
    const n = Object.keys(annotations(db)).length;
    expect(summary).toMatchObject({ imported: n, unjoined: 0, quarantined: 0, provenance: { same_level: n, other_level: 0, no_source: 0 }, skipped_reasons: { duplicate_row: expect.any(Number) } });

    const without = summaryOf<ImportSummary>(await lumos(["import", ...files, "--db", bare, "--json", "--quiet"]));
    expect(without).toMatchObject({ imported: n, unjoined: n, levels: { aligned: 0, proven: 0 } });
    expect(Object.keys(annotations(bare)).toSorted()).toEqual(Object.keys(annotations(db)).toSorted());

    // What the source says takes the place of what the import knew.
    await lumos(["annotate", "gsm8k", "--input", sample("gsm8k"), "--db", bare, "--quiet"]);
    expect(Object.keys(annotations(bare)).filter((key) => key.includes("~"))).toEqual([]);
  }, 60_000);

  it("prints what became of a set, and its plans are looked at and exported like others", async () => {
    const folder = temporaryFolder();
    const set = join(folder, "converted.jsonl");
    const task = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does Rosalind bake that day?";
    const plan = (sum: number) => `Subgoal 1: Find the afternoon's rolls.\nAction 1-1: R1 = Calculator(18 / 2) = 9\n\nSubgoal 2: Find the rolls of the day.\nAction 2-1: R2 = Calculator(18 + R1) = ${sum}`;
    writeFileSync(set, `${JSON.stringify({ task, subgoal_plan: plan(28) })}\n{"task": "Who?", "subgoal_plan": "I can't say."}\nnothing\n`);
    const at = { cwd: folder };
    const source = `gsm8k=${join(process.cwd(), sample("gsm8k"))}`;
    const ran = await lumos(["import", set, "--source", source, "--name", "gpt-4", "--wrong", "wrong.jsonl"], at);
    expect(ran.code).toBe(0);
    expect(ran.stdout.replace(/[0-9.]+ s$/m, "… s")).toMatchInlineSnapshot(`
      "gpt-4: 3 records, run import-1 (converted)
        imported      2 plans
        skipped       1 (1 unreadable_record)
        joined        1 (1 gsm8k)
        unjoined      1 (1 no_source)
        annotated     1
          well_formed 1
        quarantined   1
        defects       1 answer.mismatch, 1 exec.mismatch, 1 parse.no_plan
        wrong         2 (wrong.jsonl)
        stored        2 now, 0 before (lumos.db), … s
      "
    `);
    expect(ran.stderr).toContain("lumos show --model gpt-4 --defect");
    expect(ran.stderr).toContain("Skipped (unreadable_record), the first: converted.jsonl, line 3:");
    expect(readFileSync(join(folder, "wrong.jsonl"), "utf8").split("\n").filter(Boolean)).toHaveLength(2);

    const shown = await lumos(["show", "--model", "gpt-4", "--defect", "exec.mismatch"], at);
    expect(shown.stdout).toContain("converted.jsonl, record 1; run import-1");
    expect((await lumos(["status"], at)).stdout).toContain("gpt-4");
    const exported = await lumos(["export", "--annotator", "imported", "--min-level", "well_formed", "--out", "out", "--json"], at);
    expect(summaryOf<{ files: { rows: number }[] }>(exported).files.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);

    const second = await lumos(["import", set, "--source", source, "--name", "gpt-4"], at);
    expect(second.stdout).toContain("all of them before: nothing was done (lumos.db)");
  }, 30_000);

  it.each([
    { args: [], code: 2, says: "missing required argument 'file'" },
    { args: ["nothing.jsonl"], code: 1, says: "nothing.jsonl does not exist" },
    { args: ["set.jsonl", "--source", "gsm9k=x"], code: 2, says: "Unknown dataset 'gsm9k'" },
    { args: ["set.jsonl", "--source", "gsm8k="], code: 2, says: "--source gsm8k= names no file" },
    { args: ["set.jsonl", "--source", "gsm8k"], code: 1, says: "holds no example of gsm8k to join to" },
    { args: ["set.jsonl", "--format", "csv"], code: 2, says: "Expected one of converted, lumos" },
    { args: ["set.jsonl", "--format", "lumos"], code: 1, says: "holds no record of such a set" },
    { args: ["set.jsonl.provenance.jsonl"], code: 2, says: "name the files beside them" },
  ])("says what is wrong with $args", async ({ args, code, says }) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "set.jsonl"), '{"task": "2 + 2?", "subgoal_plan": "Subgoal 1: Add.\\nAction 1-1: R1 = Calculator(2 + 2) = 4"}\n');
    const ran = await lumos(["import", ...args], { cwd: folder });
    expect(ran.stderr).toContain(says);
    expect(ran.code).toBe(code);
  });
});

/** What the published converter printed for recorded plans of a large model. */
describe.skipIf(!hasShared)("the recorded plans in the published format", () => {
  const golden = join(SHARED, "golden", "lumos");
  const sources = ["gsm8k=gsm8k_train.jsonl", "asdiv=ASDiv.xml", "strategyqa=strategyqa_train.json"].flatMap((each) => ["--source", each.replace("=", `=${join(SHARED, "data")}/`)]);

  it("are joined to their sources, and reach again what the format carries", async () => {
    const db = join(temporaryFolder(), "golden.db");
    const files = readdirSync(golden).map((name) => join(golden, name));
    const summary = summaryOf<ImportSummary>(await lumos(["import", ...files, ...sources, "--db", db, "--json", "--quiet"]));
    // One StrategyQA plan serves a gold step by the paragraph that it retrieves alone, which the format leaves out.
    expect(summary).toMatchObject({
      records: 206, imported: 54, merged: 152, skipped: 0, joined: { gsm8k: 27, strategyqa: 16, asdiv: 11 }, unjoined: 0, quarantined: 0,
      levels: { proven: 38, aligned: 15, well_formed: 1 }, lacks: { no_result_row: 1, guessed_subgoals: 1 },
    });
  }, 60_000);
});

/** Level and plan by example. */
function annotations(file: string): Record<string, { level: string; plan: string }> {
  const db = new Database(file, { readonly: true });
  try {
    const rows = db.prepare<[], { id: string; level: string; plan: string }>("SELECT example_id AS id, level, plan FROM annotations ORDER BY example_id").all();
    return Object.fromEntries(rows.map(({ id, level, plan }) => [id, { level, plan }]));
  } finally {
    db.close();
  }
}

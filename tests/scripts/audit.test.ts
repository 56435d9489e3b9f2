import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditSchema } from "../../pipelines/audit/schema.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

const SAMPLE = join(import.meta.dirname, "..", "..", "converters", "gsm8k", "sample.jsonl");

async function annotated(): Promise<{ folder: string; db: string }> {
  const folder = temporaryFolder();
  const db = join(folder, "test.db");
  expect(await lumos(["annotate", "gsm8k", "--input", SAMPLE, "--db", db])).toMatchObject({ code: 0 });
  return { folder, db };
}

describe("lumos audit", () => {
  it("writes the report and its figures, and says on a page how far they can be trusted, within 80 columns", async () => {
    const { folder, db } = await annotated();
    const out = join(folder, "audit");
    const ran = await lumos(["audit", "--db", db, "--out", out]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^What there is +10 outcomes from one source by rules: 8 annotated, 0/);
    expect(ran.stdout).toContain(`Report: ${join(out, "report.html")}`);
    expect(ran.stdout.split("\n").filter((line) => line.length > 80 && !line.includes(out))).toEqual([]);
    expect(readFileSync(join(out, "report.html"), "utf8")).toMatch(/^<!doctype html>/);
    expect(auditSchema.parse(JSON.parse(readFileSync(join(out, "audit.json"), "utf8")))).toMatchObject({ groups: [{ dataset: "gsm8k", top: { k: 8, n: 8 } }] });
  });

  it("gives one object with --json, and the same files again", async () => {
    const { folder, db } = await annotated();
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const summary = summaryOf<{ report: string; groups: { levels: unknown }[]; comparison: unknown }>(await lumos(["audit", "--db", db, "--out", join(folder, "a"), "--json"]));
    expect(summary).toMatchObject({ report: join(folder, "a", "report.html"), groups: [{ levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 8 } }], comparison: null });
    await lumos(["audit", "--db", db, "--out", join(folder, "b"), "--quiet"]);
    expect(read("a/report.html")).toBe(read("b/report.html"));
    expect(read("a/audit.json")).toBe(read("b/audit.json"));
  });

  it("compares with another store", async () => {
    const { folder, db } = await annotated();
    const other = await annotated();
    const { comparison } = summaryOf<{ comparison: { before: string; datasets: unknown[] } }>(await lumos(["audit", "--db", db, "--out", join(folder, "a"), "--against", other.db, "--json"]));
    expect(comparison).toMatchObject({ before: "test.db", datasets: [{ dataset: "gsm8k", better: 0, worse: 0, top: { only_before: 0, only_after: 0, p_value: 1 } }], changes: [] });
    expect(readFileSync(join(folder, "a", "report.html"), "utf8")).toContain('id="comparison"');
  });

  it("says what it can't do, and leaves no file behind", async () => {
    const { folder, db } = await annotated();
    const out = join(folder, "audit");
    expect(await lumos(["audit", "--db", db, "--out", out, "--dataset", "asdiv"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^lumos: Nothing to audit in .*: no outcome fits --dataset asdiv: see 'lumos status' for what is there\.\n$/) });
    expect(await lumos(["audit", "--db", db, "--out", out, "--against", "gsm8k-2"])).toMatchObject({ code: 1, stderr: expect.stringContaining("did you mean 'gsm8k-1'?") });
    expect(await lumos(["audit", "--db", join(folder, "none.db"), "--out", out])).toMatchObject({ code: 1, stderr: expect.stringContaining("No store at") });
    expect(existsSync(out)).toBe(false);
  });

  it("is what build leaves beside the training files", async () => {
    const folder = temporaryFolder();
    const summary = summaryOf<{ report: string; audit: string; export: { files: { rows: number }[] } }>(await lumos(["build", "gsm8k", "--input", `gsm8k=${SAMPLE}`, "--db", join(folder, "b.db"), "--out", join(folder, "built"), "--json"]));
    const audit = auditSchema.parse(JSON.parse(readFileSync(summary.audit, "utf8")));
    expect(audit.files?.written.map(({ rows }) => rows)).toEqual(summary.export.files.map(({ rows }) => rows));
    expect(readFileSync(summary.report, "utf8")).toContain('id="files"');
  });
});

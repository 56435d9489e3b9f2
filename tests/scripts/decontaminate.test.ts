import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

const TASK = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does Rosalind bake that day?";

test("lumos decontaminate marks what overlaps, writes a report, and export leaves it out with --exclude", async () => {
  const folder = temporaryFolder();
  const run = (...args: string[]) => lumos([...args, "--db", join(folder, "lumos.db")], { cwd: folder });
  writeFileSync(join(folder, "train.jsonl"), `${JSON.stringify({ question: TASK, answer: "Half of 18 is 18/2=<<18/2=9>>9.\nIn all 18+9=<<18+9=27>>27.\n#### 27" })}\n`);
  writeFileSync(join(folder, "test.csv"), `id,problem\n1,"${TASK.toUpperCase()}"\n`);
  await run("annotate", "gsm8k", "--input", join(folder, "train.jsonl"));

  const marked = await run("decontaminate", "--against", "test.csv", "--report", "overlaps.jsonl");
  expect(marked.stdout).toContain("Overlaps: 1 exact, 0 n-gram, 0 coverage; of 1 examples.");
  expect(JSON.parse(readFileSync(join(folder, "overlaps.jsonl"), "utf8"))).toMatchObject({ field: "task", evaluation: "test.csv", position: 2, rule: "exact", problem: TASK.toUpperCase() });
  expect(summaryOf(await run("decontaminate", "--against", "test.csv:problem", "--exclude", "--json"))).toMatchObject({ contaminated: { examples: 1, annotations: 0 }, excluded: true });
  expect((await run("decontaminate", "--against", "test.csv:problem", "--dry-run")).stdout).toContain("A dry run: the store is as it was.");
  expect(summaryOf(await run("export", "--out", "out", "--json"))).toMatchObject({ excluded: { contaminated: 1 } });
  expect(await run("decontaminate", "--clear", "--against", "other.csv")).toMatchObject({ code: 1, stderr: expect.stringContaining("has no overlap with other.csv: it has some with test.csv, test.csv:problem.") });
  expect((await run("decontaminate", "--clear")).stdout).toBe("2 overlaps with test.csv, test.csv:problem taken away.\n");
}, 30_000);

test("lumos decontaminate without a set, and with two of one name, says what to do", async () => {
  const folder = temporaryFolder();
  for (const name of ["a.jsonl", "b.jsonl"]) writeFileSync(join(folder, name), `${JSON.stringify({ question: TASK })}\n`);
  expect(await lumos(["decontaminate"], { cwd: folder })).toMatchObject({ code: 2, stderr: "lumos: lumos decontaminate needs an evaluation set: --against FILE or --against FILE:COLUMN.\n" });
  expect((await lumos(["decontaminate", "--against", "a.jsonl", "--against", "a.jsonl"], { cwd: folder })).stderr).toMatch(/^lumos: Two evaluation sets are called a\.jsonl/);
}, 20_000);

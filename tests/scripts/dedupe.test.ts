import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

const TASK = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does Rosalind bake that day?";
const ANSWER = "Half of 18 is 18/2=<<18/2=9>>9.\nIn all 18+9=<<18+9=27>>27.\n#### 27";

test("lumos dedupe shows and reports its marks, tries them with --dry-run, takes them away with --clear", async () => {
  const folder = temporaryFolder();
  const run = (...args: string[]) => lumos([...args, "--db", join(folder, "lumos.db")], { cwd: folder });
  const tasks = [TASK, TASK.replaceAll("Rosalind", "Ottilie"), TASK.replace("18", "28")];
  writeFileSync(join(folder, "train.jsonl"), tasks.map((question) => `${JSON.stringify({ question, answer: ANSWER })}\n`).join(""));
  await run("annotate", "gsm8k", "--input", join(folder, "train.jsonl"));

  const tried = await run("dedupe", "--dry-run");
  expect(tried.stdout).toMatch(/^gsm8k\/[0-9a-f]{16} {2}near_duplicate 1\.00 {2}kept:\n? *gsm8k\/[0-9a-f]{16}\n/);
  expect(tried.stdout).toContain("A dry run: the store is as it was.");
  expect(summaryOf(await run("dedupe", "--clear", "--json"))).toEqual({ cleared: 0 });

  const marked = await run("dedupe", "--by", "task,near", "--report", "marks.jsonl");
  expect(marked.stdout).toContain("3 examples, 3 annotations compared.\nMarked: 0 duplicate_task, 1 near_duplicate, 0 duplicate_plan.\nExports leave them out.\nReport: marks.jsonl\n");
  expect(JSON.parse(readFileSync(join(folder, "marks.jsonl"), "utf8"))).toMatchObject({ kind: "near_duplicate", similarity: 1, task: tasks[1], keptTask: tasks[0] });
  expect((await run("dedupe", "--clear")).stdout).toBe("1 mark of duplicates taken away: exports have them again.\n");

  expect(await run("dedupe", "--dataset", "musique")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^lumos: .*lumos\.db has no annotation of musique: lumos status shows what it holds\.\n$/) });
  expect(await run("dedupe", "--clear", "--by", "task")).toMatchObject({ code: 2, stderr: "lumos: option '--clear' cannot be used with option '--by <way>'\n" });
}, 30_000);

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

describe("lumos annotate", () => {
  it("accounts for every record, and a second run does nothing and says so", async () => {
    const folder = temporaryFolder();
    const file = writeGsm8k(folder, 30);
    const args = ["annotate", "gsm8k", "--input", file, "--db", join(folder, "a.db")];
    const first = summaryOf<AnnotateSummary>(await lumos([...args, "--json"]));
    expect(first).toMatchObject({ examples: 30, annotated: 30, skipped: 0, stored_before: 0, levels: { proven: 30 }, requests: 0, cost_usd: 0 });
    const second = summaryOf<AnnotateSummary>(await lumos([...args, "--json"]));
    expect(second).toMatchObject({ examples: 30, annotated: 30, stored_before: 30, levels: { proven: 30 } });
    expect((await lumos(args)).stdout).toContain("all of them before: nothing was done, nothing was asked");
  });

  it("has every key of the summary, always", async () => {
    const folder = temporaryFolder();
    const summary = summaryOf(await lumos(["annotate", "gsm8k", "--input", writeGsm8k(folder, 1), "--db", join(folder, "a.db"), "--json"]));
    expect(Object.keys(summary)).toEqual([
      "run", "dataset", "annotator", "examples", "annotated", "levels", "quarantined", "skipped", "failed", "stored_before", "skipped_reasons",
      "defects", "repaired", "requests", "cache_hits", "prompt_tokens", "cached_prompt_tokens", "completion_tokens", "cost_usd", "seconds",
    ]);
  });

  it("proves nothing where every gold answer is moved by one", async () => {
    const folder = temporaryFolder();
    const file = writeGsm8k(folder, 20, 1);
    const summary = summaryOf<AnnotateSummary>(await lumos(["annotate", "gsm8k", "--input", file, "--db", join(folder, "a.db"), "--json"]));
    expect(summary.levels).toEqual({ parsed: 0, well_formed: 20, aligned: 0, proven: 0 });
    expect(summary.defects).toMatchObject({ "answer.mismatch": 20 });
  });

  it("takes the same records with the same limit, offset, sample and seed", async () => {
    const folder = temporaryFolder();
    const file = writeGsm8k(folder, 40);
    const run = async (db: string, ...more: string[]) =>
      summaryOf<AnnotateSummary>(await lumos(["annotate", "gsm8k", "--input", file, "--db", join(folder, db), "--json", ...more]));
    expect(await run("limit.db", "--limit", "7")).toMatchObject({ examples: 7, stored_before: 0 });
    expect(await run("limit.db", "--limit", "9")).toMatchObject({ examples: 9, stored_before: 7 });
    expect(await run("limit.db", "--offset", "8", "--limit", "4")).toMatchObject({ examples: 4, stored_before: 1 });
    expect(await run("sample.db", "--sample", "5", "--seed", "x")).toMatchObject({ examples: 5, stored_before: 0 });
    expect(await run("sample.db", "--sample", "5", "--seed", "x")).toMatchObject({ examples: 5, stored_before: 5 });
  });

  it("takes only the examples of --ids, from lines or a CSV column", async () => {
    const folder = temporaryFolder();
    const file = writeGsm8k(folder, 6);
    const db = join(folder, "a.db");
    await lumos(["annotate", "gsm8k", "--input", file, "--db", db]);
    const { outcomes } = summaryOf<{ outcomes: { key: string }[] }>(await lumos(["show", "--sample", "2", "--db", db, "--json"]));
    const ids = outcomes.map((outcome) => outcome.key);
    writeFileSync(join(folder, "ids.txt"), `${ids.join("\n")}\n`);
    writeFileSync(join(folder, "ids.csv"), `note,id\n${ids.map((id) => `"a, b",${id}`).join("\n")}\n`);
    for (const list of ["ids.txt", "ids.csv"]) {
      const ran = await lumos(["annotate", "gsm8k", "--input", file, "--db", join(folder, `${list}.db`), "--ids", join(folder, list), "--json"]);
      expect(summaryOf(ran)).toMatchObject({ examples: 2, annotated: 2 });
    }
  });

  it("makes one example of the plain and the socratic record of a task, the socratic one, in one file or two", async () => {
    const folder = temporaryFolder();
    const plain = JSON.stringify({ question: "Ann has 3 pens and buys 4 more. How many pens has she?", answer: "She has 3+4=<<3+4=7>>7 pens.\n#### 7" });
    const socratic = JSON.stringify({ question: "Ann has 3 pens and buys 4 more. How many pens has she?", answer: "How many pens does Ann have? ** She has 3+4=<<3+4=7>>7 pens.\n#### 7" });
    const write = (name: string, ...lines: string[]) => {
      writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
      return join(folder, name);
    };
    const db = join(folder, "one.db");
    const both = summaryOf(await lumos(["annotate", "gsm8k", "--input", write("both.jsonl", plain, socratic), "--db", db, "--json"]));
    expect(both).toMatchObject({ examples: 2, annotated: 1, skipped: 1, skipped_reasons: { duplicate_record: 1 } });
    const shown = summaryOf<{ outcomes: { example: { form: string } | null }[] }>(await lumos(["show", "--sample", "9", "--db", db, "--json"]));
    expect(shown.outcomes.map((outcome) => outcome.example?.form)).toEqual(["socratic"]);

    const two = ["annotate", "gsm8k", "--input", write("plain.jsonl", plain), "--input", write("socratic.jsonl", socratic), "--db", join(folder, "two.db"), "--json"];
    expect(summaryOf(await lumos(two))).toMatchObject({ examples: 2, annotated: 1, skipped: 1 });
    expect(summaryOf(await lumos(["annotate", "gsm8k", "--input", join(folder, "plain.jsonl"), "--db", db, "--json"]))).toMatchObject({ examples: 1, annotated: 1, stored_before: 1 });
  });

  it("keeps two tasks of one id apart, and skips a record that stands twice", async () => {
    const folder = temporaryFolder();
    const record = (total: number) => JSON.stringify({ question: "How many?", answer: `There are 1+${total - 1}=<<1+${total - 1}=${total}>>${total}.\n#### ${total}` });
    const file = join(folder, "same.jsonl");
    writeFileSync(file, `${record(3)}\n${record(3)}\n${record(4)}\n`);
    const args = ["annotate", "gsm8k", "--input", file, "--db", join(folder, "a.db"), "--json"];
    expect(summaryOf(await lumos(args))).toMatchObject({ examples: 3, annotated: 2, skipped: 1, skipped_reasons: { duplicate_record: 1 } });
    expect(summaryOf(await lumos(args))).toMatchObject({ examples: 3, annotated: 2, skipped: 1, stored_before: 3 });
    const { outcomes } = summaryOf<{ outcomes: { key: string }[] }>(await lumos(["show", "--sample", "9", "--db", join(folder, "a.db"), "--json"]));
    expect(outcomes.map(({ key }) => key.replace(/[0-9a-f]{16}/, "<id>")).sort()).toEqual(["gsm8k/<id>", expect.stringMatching(/^gsm8k\/<id>~[0-9a-f]{4}$/)]);
  });

  it("exits 4 below --fail-under and 0 at it", async () => {
    const folder = temporaryFolder();
    const args = ["annotate", "gsm8k", "--input", writeGsm8k(folder, 4, 1), "--db", join(folder, "a.db")];
    expect((await lumos([...args, "--fail-under", "1"])).code).toBe(4);
    expect((await lumos([...args, "--fail-under", "0"])).code).toBe(0);
  });

  it("exits 2 with one line for what is used wrongly", async () => {
    const folder = temporaryFolder();
    for (const args of [["annotate", "gsm9k"], ["annotate", "gsm8k", "--limti", "3"], ["annotate", "gsm8k", "--limit", "0"], ["annotate"], ["annotate", "gsm8k", "--annotator", "llm", "--input", "x"], ["nonsense"]]) {
      const ran = await lumos([...args], { cwd: folder });
      expect([args.join(" "), ran.code, ran.stdout]).toEqual([args.join(" "), 2, ""]);
      expect(ran.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    }
  });
});

describe("a file that a user could get wrong", () => {
  const good = (n: number) => Array.from({ length: n }, (_, i) => gsm8kLine(i, 0));

  it.each<[string, (file: string) => void, number, RegExp, Partial<AnnotateSummary> | null]>([
    ["empty", (file) => writeFileSync(file, ""), 1, /is empty/, null],
    ["only blank lines", (file) => writeFileSync(file, "\n\n \n"), 1, /holds no record|is empty/, null],
    ["another dataset's", (file) => writeFileSync(file, '[\n  {"qid": "1"}\n]\n'), 1, /is no gsm8k file/, null],
    ["a directory", (file) => mkdirSync(file), 1, /is a directory/, null],
    ["absent", () => undefined, 1, /no such file|does not exist|not found|is missing/i, null],
    ["a zip archive", (file) => writeFileSync(file, Buffer.from("504b0304140000000800", "hex")), 1, /zip/i, null],
    ["gzip", (file) => writeFileSync(file, gzipSync(`${good(3).join("\n")}\n`)), 0, /^$/, { examples: 3, annotated: 3 }],
    ["with a byte order mark", (file) => writeFileSync(file, `\uFEFF${good(3).join("\n")}\n`), 0, /^$/, { examples: 3, annotated: 3 }],
    ["with Windows line ends", (file) => writeFileSync(file, `${good(3).join("\r\n")}\r\n`), 0, /^$/, { examples: 3, annotated: 3 }],
    ["cut off in its last line", (file) => writeFileSync(file, `${good(3).join("\n")}`.slice(0, -40)), 0, /^$/, { examples: 3, annotated: 2, skipped: 1 }],
    ["with 1 bad line in 1,000", (file) => writeFileSync(file, [...good(500), "{not json", ...good(999).slice(500)].join("\n")), 0, /^$/, { examples: 1000, annotated: 999, skipped: 1 }],
  ])("%s", async (_, make, code, message, summary) => {
    const folder = temporaryFolder();
    const file = join(folder, "input.jsonl");
    make(file);
    const ran = await lumos(["annotate", "gsm8k", "--input", file, "--db", join(folder, "a.db"), "--json", "--quiet"]);
    expect([ran.code, ran.stderr.trim()]).toEqual([code, expect.stringMatching(message)]);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    if (summary) expect(summaryOf(ran)).toMatchObject(summary);
    else expect(ran.stderr).toContain("input.jsonl");
  });

  it.skipIf(process.getuid?.() === 0)("without permission", async () => {
    const folder = temporaryFolder();
    const file = writeGsm8k(folder, 2);
    chmodSync(file, 0);
    const ran = await lumos(["annotate", "gsm8k", "--input", file, "--db", join(folder, "a.db")]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/permission/i) });
  });

  it("broken JSON or XML stops with an error, and the complete records before the break are kept", async () => {
    const folder = temporaryFolder();
    const { samples } = await sampleFiles();
    const broken = join(folder, "broken.json");
    const whole = readFileSync(samples.strategyqa, "utf8");
    writeFileSync(broken, whole.slice(0, Math.floor(whole.length * 0.8)));
    const db = join(folder, "a.db");
    const ran = await lumos(["annotate", "strategyqa", "--input", broken, "--db", db]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("broken.json") });
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    const { variants } = summaryOf<{ variants: { states: { annotated: number } }[] }>(await lumos(["status", "--db", db, "--json"]));
    expect(variants[0]?.states.annotated).toBeGreaterThan(3);
    copyFileSync(samples.strategyqa, broken);
    expect(summaryOf<AnnotateSummary>(await lumos(["annotate", "strategyqa", "--input", broken, "--db", db, "--json"])).stored_before).toBeGreaterThan(3);
  });
});

async function sampleFiles() {
  const { loadConverter } = await import("../../pipelines/converters.ts");
  const strategyqa = await loadConverter("strategyqa");
  return { samples: { strategyqa: join(strategyqa.folder, strategyqa.sample) } };
}

function gsm8kLine(index: number, moved: number): string {
  const apples = index + 11;
  const given = (index % 9) + 3;
  return JSON.stringify({
    question: `Case ${index}: Ruth picks ${apples} apples in the morning and ${given} times as many in the afternoon. How many apples does Ruth pick in all?`,
    answer: `Ruth picks ${apples}*${given}=<<${apples}*${given}=${apples * given}>>${apples * given} apples in the afternoon.\nIn all she picks ${apples}+${apples * given}=<<${apples}+${apples * given}=${apples + apples * given}>>${apples + apples * given} apples.\n#### ${apples + apples * given + moved}`,
  });
}

function writeGsm8k(folder: string, records: number, moved = 0): string {
  const file = join(folder, `gsm8k-${records}-${moved}.jsonl`);
  writeFileSync(file, `${Array.from({ length: records }, (_, index) => gsm8kLine(index, moved)).join("\n")}\n`);
  return file;
}

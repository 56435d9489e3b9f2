import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ReviewReport } from "../../pipelines/review/report.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/scripts/lumos.js", import.meta.url));
type Row = Record<string, string>;

describe("lumos review", () => {
  it("exports a queue, takes the verdicts in, and says what they say of the whole, at 80 columns", async () => {
    const db = await store(12);
    const sheet = join(temporaryFolder(), "reviews.csv");
    const run = (...args: string[]) => lumos(["review", "--db", db, ...args]);
    expect((await run("--status")).stdout.replace(db, "DB")).toBe("Reviews of DB\n  None of 12 annotations is reviewed yet.\n");
    expect(await run("--export", sheet, "--order", "stratified", "--sample", "10")).toMatchObject({ code: 0, stdout: `${sheet}: 10 rows, 0 with a verdict.\n` });

    edit(sheet, (row, n) => ({ ...row, reviewer: "Ana", verdict: row["defects"]?.includes("exec.mismatch") === true ? "reject" : n === 9 ? "yes" : "accept", reason: row["level"] === "proven" ? "" : "wrong_answer" }));
    const imported = await run("--import", sheet);
    expect(imported).toMatchObject({ code: 0, stdout: `${sheet}: 10 rows: 9 added, 0 known before, 0 without a verdict, 1 kept out.\n` });
    expect(imported.stderr).toMatch(/^.*reviews\.csv, line \d+: verdict 'yes' can't be used: expected accept, reject, edit, skip, or nothing\.\n$/);
    edit(sheet, (row) => ({ ...row, reviewer: "", verdict: "accept" }));
    expect(await run("--import", sheet, "--reviewer", "Bo")).toMatchObject({ code: 0 });

    const status = await run("--status");
    expect(Math.max(...status.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(status.stdout.replace(db, "DB")).toMatchInlineSnapshot(`
      "Reviews of DB
        10 of 12 annotations reviewed, 9 by two or more (1 of these differently); 9
        accepted, 1 rejected. A tie counts as rejected, and an edit rejects what it
        corrects.

      Reviewers
        name  accepted  rejected  edited  skipped
        Ana          8         1       0        0
        Bo          10         0       0        0

      Estimated accuracy: the share that people would accept
        91.7 % (95 %: 84.7–91.7 %) of 12 annotations, from 10 that were drawn at
        random and reviewed, each kind (dataset, annotator, level) counted by its
        size.
        An interval half as wide takes 2 more reviews, best of 2 gsm8k rules proven.

      Agreement of reviewers on what both decided
        reviewers   both  agreed  Cohen's kappa  95 %
        Ana and Bo     9       8           0.00     –

      The verifier beside people
        10 by construction left out: that rules agree with the source they copy says
        nothing of the verifier.

      Reasons
        reason        reviews
        wrong_answer        1
      "
    `);
    expect(summaryOf<ReviewReport>(await run("--status", "--json"))).toMatchObject({ annotations: 12, reviewed: 10, reviewed_twice: 9, estimate: { reviewed: 10 } });
    expect(summaryOf(await run("--import", sheet, "--reviewer", "Bo", "--json"))).toMatchObject({ rows: 10, added: 0, known: 10, problems: [] });
  });

  it("makes of a correction what an export takes in the place of what it corrects", async () => {
    const db = await store(2);
    const folder = temporaryFolder();
    const sheet = join(folder, "reviews.csv");
    await lumos(["review", "--db", db, "--export", sheet]);
    edit(sheet, (row) => (row["level"] === "proven" ? row : { ...row, reviewer: "Ana", verdict: "edit", plan: row["plan"]?.replaceAll("7", "6") ?? "" }));
    expect(await lumos(["review", "--db", db, "--import", sheet])).toMatchObject({ code: 0, stderr: "" });
    expect(await lumos(["export", "--db", db, "--out", join(folder, "out"), "--prefer", "best", "--module", "plan", "--formulation", "onetime"])).toMatchObject({ code: 0 });
    const provenance = readdirSync(join(folder, "out"), { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".provenance.jsonl")) ?? "";
    const rows = readFileSync(join(folder, "out", provenance), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Row);
    expect(rows.map(({ annotator, level, run }) => ({ annotator, level, run }))).toEqual(expect.arrayContaining([{ annotator: "person", level: "proven", run: "review-1" }, { annotator: "rules", level: "proven", run: "gsm8k-1" }]));
    expect(summaryOf(await lumos(["status", "--db", db, "--json"]))).toMatchObject({ runs: expect.arrayContaining([expect.objectContaining({ id: "review-1", status: "done", summary: { edits: 1 } })]) });
  });

  it("says where the page is, is the one writer of the store, and ends with Ctrl-C", async () => {
    const db = await store(3);
    const { child, url, id } = await served(db);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    const page = await fetch(new URL("/", url));
    expect(await page.text()).toContain("<!doctype html>");
    const token = new URL(url).hash.slice("#token=".length);
    expect(await (await fetch(new URL("/api/session", url), { headers: { "x-lumos-token": token } })).json()).toMatchObject({ annotations: 3, start: { order: "worst", twice: 0.5 } });
    const second = await lumos(["annotate", "gsm8k", "--input", join(db, "..", "train.jsonl"), "--db", db]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`is being written by process ${id} (review)`);
    expect(await lumos(["review", "--db", db, "--status"])).toMatchObject({ code: 0 });
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(await lumos(["review", "--db", db, "--export", join(db, "..", "after.csv")])).toMatchObject({ code: 0 });
  });

  it("opens the page at an example, and warns where others can reach it", async () => {
    const db = await store(2);
    const { outcomes } = summaryOf<{ outcomes: { key: string; variant: string }[] }>(await lumos(["show", "--db", db, "--json"]));
    const [{ key, variant } = { key: "", variant: "" }] = outcomes;
    const { child, url } = await served(db, key.slice(0, -2), "--host", "0.0.0.0");
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    expect(Object.fromEntries(new URLSearchParams(new URL(url).hash.slice(1)))).toEqual({ token: expect.any(String), id: key, variant });
    child.kill("SIGINT");
    await once(child, "close");
    expect(said).toContain("Warning: others on your network can reach this page");
  });

  it.each([
    [["--status", "--import", "x.csv"], 2, "lumos: --status and --import do different things: give one of them.\n"],
    [["--import", "none.csv"], 1, "none.csv"],
    [["--twice", "2"], 2, "Expected a number from 0 to 1."],
    [["gsm8k/none"], 1, "lumos: No example 'gsm8k/none' in"],
  ])("answers %j with exit code %i and one line", async (args, code, said) => {
    const ran = await lumos(["review", "--db", await store(1), ...args], { cwd: temporaryFolder() });
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(said);
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });
});

/** A store of `n` tasks, the second of which goes wrong. */
async function store(n: number): Promise<string> {
  const folder = temporaryFolder();
  const lines = Array.from({ length: n }, (_, index) => {
    const [bags, product] = [index + 1, index === 1 ? 7 : 3 * (index + 1)];
    return JSON.stringify({ question: `Somebody packs 3 bags with ${bags} nuts each. How many nuts are there?`, answer: `There are 3*${bags}=<<3*${bags}=${product}>>${product} nuts.\n#### ${3 * bags}` });
  });
  writeFileSync(join(folder, "train.jsonl"), `${lines.join("\n")}\n`);
  const db = join(folder, "lumos.db");
  expect(await lumos(["annotate", "gsm8k", "--input", join(folder, "train.jsonl"), "--db", db, "--quiet", "--json"])).toMatchObject({ code: 0 });
  return db;
}

function edit(sheet: string, change: (row: Row, index: number) => Row): void {
  const { data } = Papa.parse<Row>(readFileSync(sheet, "utf8"), { header: true, skipEmptyLines: true });
  writeFileSync(sheet, Papa.unparse(data.map(change)));
}

async function served(db: string, ...args: string[]): Promise<{ child: ChildProcess; url: string; id: number | undefined }> {
  const child = spawn(process.execPath, [PROGRAM, "review", "--db", db, "--port", "0", "--order", "worst", "--twice", "0.5", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const first: unknown[] = await once(lines, "line");
  return { child, url: String(first[0]), id: child.pid };
}

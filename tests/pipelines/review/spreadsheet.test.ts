import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { readCell, safeCell } from "../../../pipelines/review/cells.ts";
import { COLUMNS, exportReviews, type Imported, importReviews } from "../../../pipelines/review/spreadsheet.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { temporaryFolder } from "../../support/lumos.ts";
import { bagPlan, bags, bagStore, bookOf, decision, MODEL, newStore, queueOf, record } from "./fixture.ts";

type Row = Record<string, string>;

describe("reviews in a spreadsheet", () => {
  it("come out and in again: what people said stands in another store as it stood in the first", async () => {
    const store = bagStore(6, [2]);
    const book = bookOf(store);
    book.decide(decision("gsm8k/bags-1", { note: "=SUM(A1)\nand \"more\", 'quoted'" }));
    book.decide(decision("gsm8k/bags-1", { reviewer: "Bo", verdict: "reject", reason: "@home", queue: "worst" }));
    book.decide(decision("gsm8k/bags-2", { verdict: "edit", plan: bagPlan(2) }));
    book.decide(decision("gsm8k/bags-3", { verdict: "skip" }));
    const file = exported(store);
    const other = bagStore(6, [2]);
    expect(await importReviews(other, bookOf(other), file, null)).toMatchObject({ rows: 7, added: 4, known: 0, open: 3, problems: [] });
    expect(said(other)).toEqual(said(store));
    expect(await importReviews(other, bookOf(other), file, null)).toMatchObject({ added: 0, known: 4, open: 3 });
    expect(other.outcomesOfExample("gsm8k/bags-2", { annotators: ["person"] })).toHaveLength(1);
  });

  it("have a row for each annotation and review, in the order of the queue, with a verdict to fill in where there is none", () => {
    const store = bagStore(3, [2]);
    bookOf(store).decide(decision("gsm8k/bags-3", { verdict: "reject", reason: "other" }));
    const rows = rowsOf(exported(store, "worst"));
    expect(rows.map(({ id, verdict, queue }) => `${id} ${verdict} ${queue}`)).toEqual(["gsm8k/bags-2  worst", expect.stringMatching(/^gsm8k\/bags-[13] /), expect.stringMatching(/^gsm8k\/bags-[13] /)]);
    expect(rows[0]).toMatchInlineSnapshot(`
      {
        "answer": "7",
        "dataset": "gsm8k",
        "defects": "exec.mismatch: R1 = Calculator(3 * 2) is 6, but the plan says 7.
      answer.mismatch: The final result 7 is not the gold answer 6.",
        "gold": "6",
        "id": "gsm8k/bags-2",
        "level": "well_formed",
        "note": "",
        "plan": "Subgoal 1: Find how many nuts are in the bags.
      Action 1-1: R1 = Calculator(3 * 2) = 7",
        "queue": "worst",
        "reason": "",
        "reviewer": "",
        "task": "Somebody packs 3 bags with 2 nuts each. How many nuts are there?",
        "variant": "v1-model",
        "verdict": "",
      }
    `);
  });

  it("of one reviewer are that person's queue", () => {
    const store = bagStore(3);
    bookOf(store).decide(decision("gsm8k/bags-3"));
    bookOf(store).decide(decision("gsm8k/bags-2", { reviewer: "Bo" }));
    const file = join(temporaryFolder(), "bo.csv");
    expect(exportReviews(store, queueOf("Bo"), file)).toEqual({ file, rows: 2, reviews: 1 });
    expect(rowsOf(file).map(({ id, reviewer, verdict }) => `${id} ${reviewer} ${verdict}`).sort()).toEqual(["gsm8k/bags-1 Bo ", "gsm8k/bags-2 Bo accept"]);
  });

  it("take a corrected plan in, checked and run", async () => {
    const store = bagStore(3, [2]);
    const file = changed(exported(store), (row) => (row["id"] === "gsm8k/bags-2" ? { ...row, verdict: "Edit", plan: bagPlan(2).replace("\n", "\r\n") } : row));
    expect(await importReviews(store, bookOf(store), file, "Ana")).toMatchObject({ added: 1, open: 2, problems: [] });
    expect(store.outcomesOfExample("gsm8k/bags-2", { annotators: ["person"] })).toMatchObject([{ annotation: { level: "proven" } }]);
  });

  it.each<[string, Row, string]>([
    ["an unknown verdict", { verdict: "yes" }, "verdict 'yes' can't be used: expected accept, reject, edit, skip, or nothing."],
    ["no reviewer", { verdict: "accept" }, "reviewer '' can't be used: expected a name of at most 80 characters, or --reviewer NAME."],
    ["a name on two lines", { verdict: "accept", reviewer: "A\nB" }, "reviewer 'A\nB' can't be used: expected a name of at most 80 characters, or --reviewer NAME."],
    ["an unknown id", { verdict: "accept", reviewer: "Ana", id: "gsm8k/none" }, "No annotation of 'gsm8k/none' by variant 'v1-model' is in the store."],
    ["another plan", { verdict: "accept", reviewer: "Ana", plan: bagPlan(9) }, "gsm8k/bags-1 has another plan than the row: it was made anew since, or changed in the file (verdict 'edit' saves a change)."],
    ["an edit that is none", { verdict: "edit", reviewer: "Ana" }, "The edit is the plan that is there: accept it, or change it."],
    ["an edit that is no plan", { verdict: "edit", reviewer: "Ana", plan: "Three." }, "The edit is not well-formed. The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'."],
    ["a very long plan", { verdict: "edit", reviewer: "Ana", plan: "x".repeat(50_001) }, `plan '${"x".repeat(40)}' can't be used: expected at most 50000 characters.`],
    ["a very long note", { verdict: "accept", reviewer: "Ana", note: "x".repeat(4001) }, `note '${"x".repeat(40)}' can't be used: expected at most 4,000 characters.`],
    ["an unknown queue", { verdict: "accept", reviewer: "Ana", queue: "best" }, "queue 'best' can't be used: expected random, stratified, worst, defect, disagreements, chosen."],
  ])("keep a row with %s out, name its line and take the others", async (_, fields, problem) => {
    const store = bagStore(2);
    const file = changed(exported(store), (row) => (row["id"] === "gsm8k/bags-1" ? { ...row, ...fields } : { ...row, verdict: "accept", reviewer: "Ana" }));
    const line = (rowsOf(file).findIndex((row) => row["plan"] !== bagPlan(2)) === 0 ? 2 : 4);
    const imported = await importReviews(store, bookOf(store), file, null);
    expect(imported).toMatchObject({ rows: 2, added: 1, problems: [{ line, problem }] });
    expect(said(store)).toHaveLength(1);
  });

  it("take a file as another program saves it: semicolons, columns in another order, none but what is needed", async () => {
    const store = bagStore(3);
    const file = join(temporaryFolder(), "few.csv");
    writeFileSync(file, `Verdict;variant;id\r\nACCEPT;${MODEL};gsm8k/bags-1\r\n;${MODEL};gsm8k/bags-2\r\nreject;${MODEL}\r\n`);
    const imported: Imported = await importReviews(store, bookOf(store), file, "Ana");
    expect(imported).toMatchObject({ rows: 3, added: 1, open: 1, problems: [{ line: 4, problem: "the line has 2 fields, and the header 3" }] });
    expect(store.reviewsOf("gsm8k/bags-1", MODEL)).toMatchObject([{ reviewer: "Ana", queue: "chosen" }]);
  });

  it("are refused where the columns are another file's", async () => {
    const store = bagStore(1);
    const file = join(temporaryFolder(), "other.csv");
    writeFileSync(file, "name,price\nnuts,3\n");
    await expect(importReviews(store, bookOf(store), file, "Ana")).rejects.toThrow("other.csv has no column id, variant, verdict: expected the columns that lumos review --export writes.");
  });

  it("hold hostile texts as text, and leave nothing behind where the file can't be written", () => {
    const store = newStore();
    record(store, { ...bags(1), task: "=cmd|' /C calc'!A0", answer: "-3" }, bagPlan(1));
    const [row] = rowsOf(exported(store));
    expect(row).toMatchObject({ task: "'=cmd|' /C calc'!A0", gold: "'-3" });
    const folder = temporaryFolder();
    expect(() => exportReviews(store, queueOf(null), folder)).toThrow("a folder of that name is there");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a cell", () => {
  it("is read back as it was, whatever it holds", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^['=+\-@\t\r]{0,4}.{0,5}$/)), (text) => readCell(safeCell(text)) === text));
  });

  it.each(["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''=1"])("that begins like %j is no formula", (text) => {
    expect(safeCell(text)).toMatch(/^'/);
    expect(safeCell(text)).toBe(`'${text}`);
  });

  it.each(["1", "'tis", "", "x=1", "'"])("that is %j stays", (text) => {
    expect(safeCell(text)).toBe(text);
  });
});

function exported(store: Store, order: "random" | "worst" = "random"): string {
  const file = join(temporaryFolder(), "reviews.csv");
  exportReviews(store, queueOf(null, order), file);
  return file;
}

function rowsOf(file: string): Row[] {
  const { data, errors } = Papa.parse<Row>(readFileSync(file, "utf8"), { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
}

/** The file with each row as `change` makes it. */
function changed(file: string, change: (row: Row) => Row): string {
  writeFileSync(file, Papa.unparse(rowsOf(file).map(change), { columns: [...COLUMNS] }));
  return file;
}

function said(store: Store): unknown[] {
  return store
    .standingReviews()
    .map(({ exampleId, variant, planHash, reviewer, queue, verdict, reason, note, editedVariant }) => ({ exampleId, variant, planHash, reviewer, queue, verdict, reason, note, editedVariant }))
    .sort((a, b) => (`${a.exampleId} ${a.reviewer}` < `${b.exampleId} ${b.reviewer}` ? -1 : 1));
}

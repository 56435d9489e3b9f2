import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { lumos, lumosProcess, summaryOf, temporaryFolder } from "../support/lumos.ts";

const PLAN = "Subgoal 1: Add the pens.\nAction 1-1: R1 = Calculator(3 + 4) = 7";

describe("lumos verify -", () => {
  it("answers each line with a verdict, in order, whatever the spelling and however wrong the line", async () => {
    const lines = [
      { id: "text", task: "3 and 4 pens. How many?", plan: PLAN, answer: "7" },
      { id: "json", task: "3 and 4 pens. How many?", plan: { subgoals: [{ text: "Add.", actions: [{ outputs: ["R1"], tool: "Calculator", args: "3 + 4", result: "7" }] }] }, answer: 7 },
      { id: "wrong", task: "3 and 4 pens. How many?", plan: PLAN.replace("= 7", "= 8"), answer: "8" },
      { id: "restated", task: "3 and 4 pens. How many?", plan: PLAN.replace("3 + 4", "7 + 0"), answer: "7" },
      { id: "no gold", task: "3 and 4 pens. How many?", plan: PLAN },
      { id: "no plan", task: "3 and 4 pens. How many?", plan: "Seven.", answer: "7" },
    ];
    const ran = await lumosProcess(["verify", "-", "--workers", "2"], { input: `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{broken\n{"plan":1}\n` });
    const verdicts = ran.stdout.trim().split("\n").map((line) => JSON.parse(line) as { id?: string; level?: string | null; answer?: string; error?: string });
    expect(verdicts.slice(0, 6).map(({ id, level, answer }) => [id, level, answer])).toEqual([
      ["text", "proven", "computed"],
      ["json", "proven", "computed"],
      ["wrong", "well_formed", expect.anything()],
      ["restated", "well_formed", "copied"],
      ["no gold", "well_formed", "none"],
      ["no plan", null, "none"],
    ]);
    expect(verdicts.slice(6).map(({ error }) => error)).toEqual([expect.stringContaining("no JSON"), expect.stringContaining("task")]);
    expect(ran.code).toBe(0);
  });

  it("gives the same verdicts on one thread and on several", async () => {
    const input = `${Array.from({ length: 300 }, (_, i) => JSON.stringify({ id: i, task: `3 and ${i} pens`, plan: PLAN.replace("4) = 7", `${i}) = ${3 + i}`), answer: `${3 + i}` })).join("\n")}\n`;
    const [one, two] = await Promise.all(["1", "2"].map((workers) => lumosProcess(["verify", "-", "--workers", workers], { input })));
    expect(one?.stdout.split("\n")).toHaveLength(301);
    expect(two?.stdout).toBe(one?.stdout);
  });
});

/** A store of annotations by rules, all of them proven. */
async function storeOf(annotations: number): Promise<string> {
  const folder = temporaryFolder();
  const file = join(folder, "train.jsonl");
  const record = (n: number) => JSON.stringify({ question: `A box has ${n} pens and 4 more are put in. How many pens are in it?`, answer: `It has ${n}+4=<<${n}+4=${n + 4}>>${n + 4} pens.\n#### ${n + 4}` });
  writeFileSync(file, `${Array.from({ length: annotations }, (_, i) => record(i + 5)).join("\n")}\n`);
  const db = join(folder, "a.db");
  await lumos(["annotate", "gsm8k", "--input", file, "--db", db]);
  return db;
}

function change(db: string, sql: string): void {
  const raw = new Database(db);
  raw.exec(sql);
  raw.close();
}

const LOWER = "UPDATE annotations SET level = 'well_formed', verdict = json_set(verdict, '$.level', 'well_formed')";

describe("lumos verify", () => {
  it("proves a store again, changes nothing where nothing changed, and mends a verdict that is wrong", async () => {
    const db = await storeOf(12);
    expect(summaryOf(await lumos(["verify", "--db", db, "--json"]))).toMatchObject({ annotations: 12, changed: 0, levels: { proven: 12 }, workers: 1 });
    change(db, `${LOWER} WHERE id <= 3`);
    expect(summaryOf(await lumos(["verify", "--db", db, "--json"]))).toMatchObject({ annotations: 12, changed: 3, raised: 3, lowered: 0, levels: { proven: 12 } });
    expect(summaryOf(await lumos(["verify", "--db", db, "--json"]))).toMatchObject({ changed: 0 });
  });

  it("does the same on several threads", async () => {
    const db = await storeOf(450);
    change(db, `${LOWER} WHERE id % 2 = 0`);
    const verify = async () => summaryOf(await lumos(["verify", "--db", db, "--workers", "2", "--json"]));
    expect(await verify()).toMatchObject({ annotations: 450, changed: 225, raised: 225, levels: { proven: 450 }, workers: 2 });
    expect(await verify()).toMatchObject({ annotations: 450, changed: 0, reparsed: 0, rescued: 0, workers: 2 });
  });

  it("leaves alone what is stored of a dataset that no converter here has", async () => {
    const db = await storeOf(2);
    change(db, "UPDATE examples SET dataset = 'elsewhere' WHERE id = (SELECT min(id) FROM examples)");
    const ran = await lumos(["verify", "--db", db, "--json"]);
    expect(summaryOf(ran)).toMatchObject({ annotations: 1, changed: 0 });
    expect(ran.stderr).toContain("Left as it is: what is stored of elsewhere, since no converter of that name is found from here.");
  });

  it("says in a few lines what it did", async () => {
    const ran = await lumos(["verify", "--db", await storeOf(2)]);
    expect(ran.stdout.replace(/[0-9.]+ s/, "N s")).toMatchInlineSnapshot(`
      "2 annotations verified in N s on one thread.
      Levels: 2 proven.
      No verdict changed.
      "
    `);
  });
});

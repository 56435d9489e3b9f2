import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { LEVELS, type Level } from "../../../schemas/defect.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { dedupe } from "../../../pipelines/dedupe/dedupe.ts";
import { exportAnnotations, type ExportOptions, type ExportSummary } from "../../../pipelines/export/export.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { addition, AT, MODEL, newStore, type Saved, save, scriptFile, sourceExample, temporaryFolder } from "../store/fixture.ts";

const TOP: ReadonlyMap<string, Level> = new Map([
  ["gsm8k", "proven"],
  ["strategyqa", "aligned"],
]);

function ask(variable: string, result: string): Plan["subgoals"][number]["actions"][number] {
  return { outputs: [variable], tool: "QA", args: [`Question: ${variable}?`], result };
}

/** Two queries; the first tells no result where `known` is false. */
function questions(known: boolean): Plan {
  return {
    subgoals: [
      { text: "Find the first thing.", actions: [ask("R1", known ? "yes" : "")] },
      { text: "Find the second thing.", actions: [ask("R2", "no")] },
    ],
  };
}

function saveMaths(store: Store, n: number, about: Saved = {}): void {
  save(store, sourceExample(`gsm8k/${n}`, { task: `Task ${n}`, place: { file: "gsm8k.jsonl", position: n } }), { plan: addition(n, 100), ...about });
}

function saveQa(store: Store, n: number, about: Saved = {}): void {
  const example = sourceExample(`strategyqa/${n}`, { task: `Question ${n}`, domain: "complex_qa", place: { file: "qa.json", position: n } });
  save(store, example, { plan: questions(true), level: "aligned", ...about });
}

async function run(store: Store, out: string, options: Partial<ExportOptions> = {}): Promise<ExportSummary> {
  const { summary } = await exportAnnotations(store, { out, topLevels: TOP, ...options });
  return summary;
}

function lines(path: string): { id: string }[] {
  return readFileSync(path, "utf8").split("\n").filter(Boolean).map((line): { id: string } => JSON.parse(line));
}

function ids(folder: string, file = "lumos_maths_plan_onetime.jsonl"): string[] {
  return lines(join(folder, file)).map((row) => row.id);
}

function hashes(folder: string): string[] {
  return readdirSync(folder).map((name) => `${name} ${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}`);
}

describe("the files of an export", () => {
  test("are four a domain with their provenance, and the iterative ones joined where there are two domains", async () => {
    const store = newStore();
    const out = join(temporaryFolder(), "made", "for", "it");
    for (let n = 1; n <= 3; n += 1) saveMaths(store, n);
    saveQa(store, 1);
    const { files, excluded } = await run(store, out);
    expect(excluded).toEqual({});
    expect(files.map(({ path, ...file }) => [path.slice(out.length + 1), file.format, file.domain, file.module, file.formulation, file.rows].join(" "))).toEqual([
      "lumos_complex_qa_ground_iterative.jsonl lumos complex_qa ground iterative 1",
      "lumos_complex_qa_ground_onetime.jsonl lumos complex_qa ground onetime 1",
      "lumos_complex_qa_plan_iterative.jsonl lumos complex_qa plan iterative 1",
      "lumos_complex_qa_plan_onetime.jsonl lumos complex_qa plan onetime 1",
      "lumos_maths_ground_iterative.jsonl lumos maths ground iterative 3",
      "lumos_maths_ground_onetime.jsonl lumos maths ground onetime 3",
      "lumos_maths_plan_iterative.jsonl lumos maths plan iterative 3",
      "lumos_maths_plan_onetime.jsonl lumos maths plan onetime 3",
      "lumos_unified_ground_iterative.jsonl lumos unified ground iterative 4",
      "lumos_unified_plan_iterative.jsonl lumos unified plan iterative 4",
    ]);
    expect(readdirSync(out)).toHaveLength(21);
    for (const { path, rows } of files) {
      expect(lines(path)).toHaveLength(rows);
      expect(lines(`${path}.provenance.jsonl`).map((line) => line.id)).toEqual(lines(path).map((row) => row.id));
    }
    expect(ids(out, "lumos_unified_plan_iterative.jsonl")).toEqual(["gsm8k/1", "gsm8k/2", "gsm8k/3", "strategyqa/1"]);
  });

  test("hold the published rows", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 1);
    await run(store, out, { modules: ["plan"], formulations: ["iterative"] });
    expect(readFileSync(join(out, "lumos_maths_plan_iterative.jsonl"), "utf8")).toMatchInlineSnapshot(`
      "{"dataset":"maths","id":"gsm8k/1","messages":[{"role":"user","content":"Please provide a reasonable subgoal-based plan to solve the given task.\\nTask: Task 1; Initial Environment Description: None."},{"role":"assistant","content":"Subgoal 1: Add the apples."},{"role":"user","content":"The executed result for Subgoal 1 is 101. Should we stop planning?"},{"role":"assistant","content":"Yes, I will stop planning."}]}
      "
    `);
    expect(readdirSync(out)).toHaveLength(3);
  });

  test("say where each row comes from", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 7, { variant: MODEL, codes: ["ref.unused", "ref.unused"], run: "june" });
    await run(store, out);
    expect(lines(join(out, "lumos_maths_ground_iterative.jsonl.provenance.jsonl"))).toEqual([
      {
        id: "gsm8k/7",
        source: { dataset: "gsm8k", file: "gsm8k.jsonl", position: 7, licence: "MIT" },
        steps: [{ subgoal: 1, gold: ["gold#1"] }],
        annotator: "llm",
        model: "small",
        prompt: "m1:abc",
        variant: MODEL.hash,
        level: "proven",
        evidence: { computed: 1, matched: 0, claimed: 0 },
        answer: "computed",
        by_construction: false,
        defects: ["ref.unused"],
        repaired: [],
        run: "june",
      },
    ]);
  });

  test("are the same bytes from the same store, whatever the order in which it was filled", async () => {
    const [forth, back] = [newStore(), newStore()];
    const [first, second, third] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    for (let n = 1; n <= 450; n += 1) {
      saveMaths(forth, n);
      saveMaths(back, 451 - n);
    }
    await run(forth, first);
    await run(forth, second);
    await run(back, third);
    expect(hashes(first)).toEqual(hashes(second));
    expect(hashes(first)).toEqual(hashes(third));
    expect(ids(first)).toEqual(Array.from({ length: 450 }, (_, i) => `gsm8k/${i + 1}`));
  });

  test("take the place of those of an earlier export, which go where there is no row now, and leave other files alone", async () => {
    const store = newStore();
    const out = temporaryFolder();
    writeFileSync(join(out, "notes.txt"), "mine");
    saveMaths(store, 1);
    await run(store, out);
    saveMaths(store, 1, { level: "aligned" });
    const { files, excluded, remarks } = await run(store, out);
    expect({ files, excluded, remarks }).toEqual({ files: [], excluded: { below_level: 1 }, remarks: [] });
    expect(readFileSync(join(out, "notes.txt"), "utf8")).toBe("mine");
    expect(readdirSync(out)).toEqual(["manifest.json", "notes.txt"]);
  });
});

describe("what is exported", () => {
  test("leaves evaluation sets out unless they are asked for, and counts them", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    saveMaths(store, 1);
    save(store, sourceExample("gsm8k/2", { task: "Task 2", evaluation: true, place: { file: "gsm8k.jsonl", position: 2 } }), { plan: addition(2, 100) });
    const without = await run(store, join(folder, "a"));
    expect(without.excluded).toEqual({ evaluation_set: 1 });
    expect(ids(join(folder, "a"))).toEqual(["gsm8k/1"]);
    await run(store, join(folder, "b"), { evaluation: true });
    expect(ids(join(folder, "b"))).toEqual(["gsm8k/1", "gsm8k/2"]);
  });

  test.each([
    ["top", ["gsm8k/4"], ["strategyqa/3", "strategyqa/4"]],
    ["proven", ["gsm8k/4"], ["strategyqa/4"]],
    ["well_formed", ["gsm8k/2", "gsm8k/3", "gsm8k/4"], ["strategyqa/2", "strategyqa/3", "strategyqa/4"]],
    ["parsed", ["gsm8k/1", "gsm8k/2", "gsm8k/3", "gsm8k/4"], ["strategyqa/1", "strategyqa/2", "strategyqa/3", "strategyqa/4"]],
  ] as const)("from level %s up", async (minLevel, maths, qa) => {
    const store = newStore();
    const out = temporaryFolder();
    for (const [index, level] of LEVELS.entries()) {
      saveMaths(store, index + 1, { level });
      saveQa(store, index + 1, { level });
    }
    const { excluded } = await run(store, out, { minLevel });
    expect(ids(out)).toEqual(maths);
    expect(ids(out, "lumos_complex_qa_plan_onetime.jsonl")).toEqual(qa);
    expect(excluded).toEqual(minLevel === "parsed" ? {} : { below_level: 8 - maths.length - qa.length });
  });

  test("a plan that could not be read whole is left out at every level, with the code", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 1, { level: "parsed", codes: ["parse.action", "tool.unknown"] });
    saveMaths(store, 2, { level: "parsed", codes: ["tool.unknown"] });
    expect((await run(store, out, { minLevel: "parsed" })).excluded).toEqual({ "parse.action": 1 });
    expect(ids(out)).toEqual(["gsm8k/2"]);
  });

  test("an example that lacks the result of a step lacks the rows that would tell it", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveQa(store, 1, { plan: questions(false) });
    const { files, excluded } = await run(store, out);
    expect(excluded).toEqual({ no_step_result: 1 });
    expect(Object.fromEntries(files.map((file) => [`${file.module} ${file.formulation}`, file.rows]))).toEqual({ "plan onetime": 1, "ground onetime": 1 });
    expect(readdirSync(out).filter((name) => name.includes("iterative"))).toEqual([]);
  });

  test("examples without a plan are counted by their state", async () => {
    const store = newStore();
    saveMaths(store, 1);
    for (const [n, state] of [[2, "quarantined"], [3, "failed"], [4, "skipped"]] as const) {
      saveMaths(store, n);
      const [outcome] = store.outcomesOfExample(`gsm8k/${n}`);
      if (outcome === undefined) throw new Error("not saved");
      const { variant, key, dataset, file, position, run: name, at } = outcome;
      const about = { variant, key, exampleId: key, dataset, file, position, run: name, at, contentHash: "c", reason: "why", detail: null };
      store.recordOutcome({ ...about, state, defects: [], repaired: [], annotation: null });
    }
    expect((await run(store, temporaryFolder())).excluded).toEqual({ failed: 1, quarantined: 1, skipped: 1 });
  });

  test("duplicates are left out with their kind", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 1);
    saveMaths(store, 2, { plan: addition(1, 100) });
    save(store, sourceExample("gsm8k/3", { task: "task 1.", place: { file: "gsm8k.jsonl", position: 3 } }), { plan: addition(3, 100) });
    dedupe(store, { now: AT });
    expect((await run(store, out)).excluded).toEqual({ duplicate_plan: 1, duplicate_task: 1 });
    expect(ids(out)).toEqual(["gsm8k/1"]);
  });

  test("one annotation an example: the best, or the latest that qualifies", async () => {
    const store = newStore();
    const out = temporaryFolder();
    const chosen = async (prefer: "best" | "latest", minLevel: Level) => {
      await run(store, out, { prefer, minLevel });
      return lines(join(out, "lumos_maths_plan_onetime.jsonl.provenance.jsonl")).map((line) => ("variant" in line ? line.variant : null));
    };
    const later = "2025-02-01T00:00:00.000Z";
    saveMaths(store, 1, { variant: MODEL, repairs: 1 });
    saveMaths(store, 1, { variant: { ...MODEL, hash: "v1-clean" } });
    saveMaths(store, 1, { variant: { ...MODEL, hash: "v1-late" }, level: "aligned", at: later });
    expect(await chosen("best", "parsed")).toEqual(["v1-clean"]);
    expect(await chosen("latest", "parsed")).toEqual(["v1-late"]);
    expect(await chosen("latest", "proven")).toEqual(["v1-clean"]);
    saveMaths(store, 1, { variant: { ...MODEL, hash: "v1-again" }, at: later });
    expect(await chosen("best", "parsed")).toEqual(["v1-again"]);
  });

  test.each([
    [{ datasets: ["gsm8k"] }, ["gsm8k/1", "gsm8k/2"]],
    [{ domains: ["maths" as const], runs: ["june"] }, ["gsm8k/2"]],
    [{ models: ["small"] }, ["gsm8k/2"]],
  ])("only what is asked for: %j", async (options, expected) => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 1);
    saveMaths(store, 2, { variant: MODEL, run: "june" });
    saveQa(store, 1);
    const { files } = await run(store, out, options);
    expect(ids(out)).toEqual(expected);
    expect(files.every((file) => file.domain === "maths")).toBe(true);
  });

  test("where nothing is selected, it says so and writes nothing", async () => {
    const store = newStore();
    const out = join(temporaryFolder(), "out");
    saveMaths(store, 1);
    const error = await run(store, out, { datasets: ["gms8k"], runs: ["june"] }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "not_found" });
    expect(String(error).replace(store.file, "lumos.db")).toMatchInlineSnapshot(
      `"LumosError: Nothing in lumos.db to export for --dataset gms8k --run june: it holds gsm8k; lumos status shows its runs and models."`,
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe("an export that does not come to its end", () => {
  test("leaves the files of the one before when it is stopped", async () => {
    const store = newStore();
    const out = temporaryFolder();
    for (let n = 1; n <= 450; n += 1) saveMaths(store, n);
    await run(store, out);
    const before = hashes(out);
    for (let n = 1; n <= 450; n += 1) saveMaths(store, n, { plan: addition(n, 7) });
    const stop = new AbortController();
    await expect(run(store, out, { signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({ code: "interrupted" });
    expect(hashes(out)).toEqual(before);
    expect((await run(store, out)).excluded).toEqual({});
    expect(hashes(out)).not.toEqual(before);
  });

  test("leaves the files of the one before when a folder is in the way", async () => {
    const store = newStore();
    const out = temporaryFolder();
    saveMaths(store, 1);
    mkdirSync(join(out, "lumos_maths_plan_onetime.jsonl"));
    await expect(run(store, out)).rejects.toMatchObject({ code: "output.unwritable" });
    expect(readdirSync(out)).toEqual(["lumos_maths_plan_onetime.jsonl"]);
  });

  // The shell's `ulimit -f` bounds the size of files, which fails in the middle of a write just as a full disk does.
  test.skipIf(process.platform === "win32")("leaves the files of the one before when the disk is full", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const out = join(folder, "out");
    store.transaction(() => {
      for (let n = 1; n <= 2000; n += 1) saveMaths(store, n);
    });
    await run(store, out, { datasets: ["gsm8k"], modules: ["plan"], formulations: ["onetime"] });
    const before = hashes(out);
    store.close();
    const script = scriptFile(
      "export.js",
      `
      import { openStore } from "./pipelines/store/open.js";
      import { exportAnnotations } from "./pipelines/export/export.js";
      const store = openStore(process.argv[2], { mode: "read" });
      await exportAnnotations(store, { out: process.argv[3], topLevels: new Map() }).catch((error) => process.stdout.write(error.code + " " + error.message));
      `,
    );
    const command = `ulimit -f 200; exec "$0" "$1" "$2" "$3"`;
    const { stdout } = spawnSync("sh", ["-c", command, process.execPath, script, store.file, out], { encoding: "utf8" });
    expect(stdout).toMatch(/^output\.unwritable Cannot write .*: the file is larger than allowed here; /);
    expect(hashes(out)).toEqual(before);
  });
});

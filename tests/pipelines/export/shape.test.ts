import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportAnnotations, type ExportOptions } from "../../../pipelines/export/export.ts";
import { perAction } from "../../../pipelines/export/granularity.ts";
import { MODULES } from "../../../pipelines/export/kind.ts";
import { readMix } from "../../../pipelines/export/mix.ts";
import { readSplit } from "../../../pipelines/export/split.ts";
import { estimatingTokenizer } from "../../../pipelines/export/tokens.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { arbitraryPlan } from "../plan/arbitrary.ts";
import { addition, AT, MODEL, newStore, type Saved, save, sourceExample, temporaryFolder, verdict } from "../store/fixture.ts";

function fill(store: Store, dataset: string, count: number, about: Saved & { domain?: "maths" | "complex_qa"; task?: (n: number) => string } = {}): void {
  const { domain = "maths", task = (n: number) => `Task ${n} of ${dataset}?`, ...saved } = about;
  store.transaction(() => {
    for (let n = 1; n <= count; n += 1) {
      save(store, sourceExample(`${dataset}/${n}`, { domain, task: task(n), place: { file: `${dataset}.jsonl`, position: n } }), { plan: addition(n, 100), ...saved });
    }
  });
}

async function run(store: Store, out: string, options: Partial<ExportOptions> = {}) {
  return exportAnnotations(store, { out, topLevels: new Map(), modules: ["plan"], formulations: ["onetime"], ...options });
}

function ids(folder: string, file: string): string[] {
  return readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean).map((line) => (JSON.parse(line) as { id: string }).id);
}

describe("a split export", () => {
  it("has every row of an example, in every module, on one side, and of equal tasks too", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 300);
    fill(store, "b", 300, { task: (n) => `Task ${n} of a?` });
    const { summary } = await run(store, out, { modules: MODULES, formulations: ["iterative", "onetime"], split: readSplit("train=0.7,validation=0.3") });
    const sides = new Map<string, Set<string | null>>();
    for (const { path, split } of summary.files) {
      expect(path.endsWith(`.${split}.jsonl`)).toBe(true);
      for (const id of ids("", path)) {
        const task = id.replace(/^[ab]/, "");
        sides.set(task, (sides.get(task) ?? new Set()).add(split));
      }
    }
    expect(sides.size).toBe(300);
    expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
    expect(new Set([...sides.values()].flatMap((side) => [...side]))).toEqual(new Set(["train", "validation"]));
  });

  it("has near-duplicates on one side", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 200);
    const split = readSplit("train=0.5,validation=0.5");
    const sideOf = async (): Promise<(id: string) => string> => {
      await run(store, out, { split });
      const train = new Set(ids(out, "lumos_maths_plan_onetime.train.jsonl"));
      return (id) => (train.has(id) ? "train" : "validation");
    };
    const apart = await sideOf();
    const pairs = Array.from({ length: 100 }, (_, i): [number, number] => [i + 1, i + 101]);
    const differing = pairs.filter(([a, b]) => apart(`a/${a}`) !== apart(`a/${b}`));
    expect(differing.length).toBeGreaterThan(20);
    for (const [a, b] of pairs) store.saveCluster([a, b]);
    const together = await sideOf();
    expect(pairs.filter(([a, b]) => together(`a/${a}`) !== together(`a/${b}`))).toEqual([]);
  });

  it("says so where a part gets no row", async () => {
    const store = newStore();
    fill(store, "a", 2);
    const { summary } = await run(store, temporaryFolder(), { split: readSplit("train=0.99,validation=0.01") });
    expect(summary.files.map(({ split }) => split)).toEqual(["train"]);
    expect(summary.remarks).toEqual(["No row fell to the part validation of the split: it has no file."]);
  });

  it("leaves every example where it was when others are added", async () => {
    const store = newStore();
    const [before, after] = [temporaryFolder(), temporaryFolder()];
    const split = readSplit("train=0.5,validation=0.5");
    fill(store, "a", 60);
    await run(store, before, { split });
    fill(store, "a", 120);
    await run(store, after, { split });
    const now = new Set(ids(after, "lumos_maths_plan_onetime.train.jsonl"));
    const then = ids(before, "lumos_maths_plan_onetime.train.jsonl");
    expect(then.length).toBeGreaterThan(10);
    expect(then.filter((id) => !now.has(id))).toEqual([]);
  });
});

describe("the order of an export", () => {
  it("is shuffled by the seed, over domains too, with the same rows", async () => {
    const store = newStore();
    const [plain, one, again, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder(), temporaryFolder()];
    fill(store, "a", 250);
    fill(store, "b", 250, { domain: "complex_qa" });
    const options = { formulations: ["iterative" as const] };
    await run(store, plain, options);
    await run(store, one, { ...options, shuffle: true });
    await run(store, again, { ...options, shuffle: true });
    await run(store, other, { ...options, shuffle: true, seed: "1" });
    const of = (folder: string) => ids(folder, "lumos_unified_plan_iterative.jsonl");
    expect(of(one)).toEqual(of(again));
    expect(of(one)).not.toEqual(of(other));
    expect(of(one)).not.toEqual(of(plain));
    expect([...of(one)].sort()).toEqual([...of(plain)].sort());
    const firstHalf = of(one).slice(0, 250).filter((id) => id.startsWith("a/")).length;
    expect(firstHalf).toBeGreaterThan(80);
    expect(firstHalf).toBeLessThan(170);
  });
});

describe("what is left out", () => {
  it("of a mixture is counted, and the rest is what was asked for", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 40);
    fill(store, "b", 10);
    fill(store, "c", 5);
    const { summary, manifest } = await run(store, out, { mix: readMix("a:20,b:30") });
    expect(manifest.datasets).toEqual({ a: 20, b: 10 });
    expect(summary.excluded).toEqual({ mix: 25 });
    expect(summary.remarks).toEqual(["The mixture wants 30 examples of b and the store has 10 that are fit: all of them are taken."]);
    await expect(run(store, out, { mix: readMix("a=1,d=1") })).rejects.toThrow("The mixture takes nothing of d: the store has no example of it that is fit; lumos status shows what it holds.");
    await expect(run(store, out, { mix: readMix("a=1,b=0.001") })).rejects.toThrow("The mixture takes nothing of b: its weight comes to less than half of one example, of 10 that are fit; give it more.");
  });

  it("by licence, size and annotator is counted by reason", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 4);
    fill(store, "m", 3, { variant: MODEL });
    expect((await run(store, out, { excludeLicences: ["mi*"] })).summary.excluded).toEqual({ licence: 7 });
    expect((await run(store, out, { excludeLicences: ["mi", "unknown"] })).summary.excluded).toEqual({});
    expect((await run(store, out, { subgoals: { least: 2, most: 3 } })).summary.excluded).toEqual({ subgoal_count: 7 });
    expect((await run(store, out, { subgoals: { least: 1, most: 1 }, actions: { least: 2, most: 9 } })).summary.excluded).toEqual({ action_count: 7 });
    expect((await run(store, out, { annotators: ["llm"] })).manifest.datasets).toEqual({ m: 3 });
  });

  it("for its length is counted, and lengths are told", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 5);
    fill(store, "b", 1, { task: () => "word ".repeat(2000) });
    const counter = await estimatingTokenizer();
    const all = await run(store, out, { tokens: { counter, most: null } });
    expect(all.summary.remarks).toEqual(["Rows of more than 1,024 tokens: 1. The published training code cuts them there without a word."]);
    expect(all.summary.files[0]?.tokens?.max).toBeGreaterThan(2000);
    const cut = await run(store, out, { tokens: { counter, most: 1024 } });
    expect(cut.summary.excluded).toEqual({ too_long: 1 });
    expect(cut.summary.tokenizer).toBe("o200k_base (estimate)");
    expect(cut.summary.files[0]).toMatchObject({ rows: 5, tokens: { p50: cut.summary.files[0]?.tokens?.max } });
    expect(cut.summary.remarks).toEqual([]);
  });
});

describe("one subgoal an action", () => {
  const PLAN = `Subgoal 1: Count the eggs.
Action 1-1: R1 = Calculator(12 * 2) = 24
Action 1-2: R2 = Calculator(R1 - .5) = 23.5

Subgoal 2: Halve them.
Action 2-1: R3 = Code(${"x".repeat(400)}) = 1
Action 2-2: R4 = Define(R2) = 23.5
Action 2-3: R5 = Calculator(R4 / 2) = 11.75`;

  it("keeps a subgoal's sentence for its last action and tells the others by what they do", () => {
    const { plan } = parsePlan(PLAN);
    if (plan === null) throw new Error("no plan");
    const judged = { ...verdict("proven"), alignment: [{ subgoal: 1, gold: ["g#1"] }, { subgoal: 2, gold: ["g#2"] }] };
    const trace = { subgoal: 2, action: 3, claimed: "11.75", computed: "11.75", evidence: "computed" as const };
    const made = perAction(plan, { ...judged, trace: [trace] });
    expect(made.plan.subgoals.map(({ text, actions }) => `${text} ${actions.length}`)).toMatchInlineSnapshot(`
      [
        "Calculate 12 * 2. 1",
        "Count the eggs. 1",
        "Use Code to begin with: Halve them. 1",
        "Define the result of Subgoal 2. 1",
        "Halve them. 1",
      ]
    `);
    expect(made.verdict.alignment.map(({ subgoal, gold }) => `${subgoal} ${gold.join()}`)).toEqual(["1 g#1", "2 g#1", "3 g#2", "4 g#2", "5 g#2"]);
    expect(made.verdict.trace).toEqual([{ ...trace, subgoal: 5, action: 1 }]);
  });

  it("has the actions of the plan, in their order, and is itself again when done twice", () => {
    fc.assert(
      fc.property(arbitraryPlan(), (plan) => {
        const once = perAction(plan, null).plan;
        expect(once.subgoals.flatMap(({ actions }) => actions)).toEqual(plan.subgoals.flatMap(({ actions }) => actions));
        expect(once.subgoals.every(({ actions }) => actions.length <= 1)).toBe(true);
        expect(perAction(once, null).plan).toEqual(once);
        expect(printPlan(once)).toContain("Subgoal 1:");
      }),
    );
  });
});

describe("the manifest", () => {
  it("says what the files are and follow from, and nothing of clock or machine", async () => {
    const store = newStore();
    const out = temporaryFolder();
    fill(store, "a", 3);
    fill(store, "m", 2, { variant: MODEL });
    const { manifest } = await run(store, out, { beside: ({ annotations }) => [{ name: "CARD.md", text: `${annotations}` }] });
    expect(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"))).toEqual(manifest);
    expect(readFileSync(join(out, "CARD.md"), "utf8")).toBe("5");
    const { files, options, version, ...rest } = manifest;
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(options).toMatchObject({ modules: ["plan"], formulations: ["onetime"], min_level: "top", seed: "0" });
    expect(rest).toEqual({
      program: "lumos-annotations",
      annotators: [
        { annotator: "llm", version: "1", model: "small", prompt: "m1:abc", variant: "v1-model", annotations: 2 },
        { annotator: "rules", version: "1", model: null, prompt: null, variant: "v1-rules", annotations: 3 },
      ],
      annotations: 5,
      levels: { proven: 5 },
      licences: { MIT: 5 },
      datasets: { a: 3, m: 2 },
      reviewed: {},
      overlaps: {},
      excluded: {},
      tokenizer: null,
    });
    for (const { path, sha256, bytes, provenance_sha256 } of files) {
      expect(hash(join(out, path))).toBe(sha256);
      expect(statSync(join(out, path)).size).toBe(bytes);
      expect(hash(join(out, `${path}.provenance.jsonl`))).toBe(provenance_sha256);
    }
    expect(JSON.stringify(manifest)).not.toContain(out);
  });

  it("counts what overlaps with evaluation sets and was not left out, the example's and the annotation's own", async () => {
    const store = newStore();
    fill(store, "a", 3);
    const [annotation] = store.outcomesOfExample("a/2").map((outcome) => outcome.annotation);
    const found = { field: "task" as const, position: 1, rule: "exact" as const, coverage: 1, shared: "task" };
    store.saveContamination({ ...found, exampleId: "a/1", annotationId: null, evaluation: "one.jsonl" }, AT);
    store.saveContamination({ ...found, exampleId: "a/1", annotationId: null, field: "rationale", evaluation: "one.jsonl" }, AT);
    store.saveContamination({ ...found, exampleId: "a/2", annotationId: annotation?.id ?? null, field: "plan", evaluation: "two.csv" }, AT);
    save(store, sourceExample("a/3", { task: "Task 3 of a?", place: { file: "a.jsonl", position: 3 } }), { variant: MODEL, level: "aligned" });
    const other = store.outcomesOfExample("a/3").find(({ annotator }) => annotator === "llm")?.annotation;
    store.saveContamination({ ...found, exampleId: "a/3", annotationId: other?.id ?? null, field: "plan", evaluation: "two.csv" }, AT);
    expect((await run(store, temporaryFolder())).manifest.overlaps).toEqual({ "one.jsonl": 1, "two.csv": 1 });
  });

  function hash(file: string): string {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  }
});

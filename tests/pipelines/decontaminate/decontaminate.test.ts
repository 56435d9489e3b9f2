import { expect, test } from "vitest";
import { decontaminate } from "../../../pipelines/decontaminate/decontaminate.ts";
import type { EvaluationSet } from "../../../pipelines/decontaminate/evaluation-set.ts";
import { dedupe } from "../../../pipelines/dedupe/dedupe.ts";
import { chooseAnnotation } from "../../../pipelines/export/selection.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { addition, AT, MODEL, newStore, save, sourceExample } from "../store/fixture.ts";

const ROLLS = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does she bake that day?";
const KITES = "Tadeo flies 4 green kites and 7 yellow kites over the dunes of the bay. How many kites does he fly in all?";

function setOf(name: string, ...texts: string[]): EvaluationSet {
  return { name, file: name, column: "question", problems: texts.map((text, at) => ({ text, position: at + 1 })), unreadable: 0 };
}

function storeWithOverlaps(): Store {
  const store = newStore();
  save(store, sourceExample("gsm8k/task", { task: ROLLS }));
  save(store, sourceExample("gsm8k/rationale", { task: "Count.", rationale: `As in: ${KITES} We add 4 and 7.` }));
  save(store, sourceExample("gsm8k/plan", { task: "Count again." }), { plan: addition(4, 7, "R1", KITES) });
  save(store, sourceExample("gsm8k/plan", { task: "Count again." }), { variant: MODEL });
  save(store, sourceExample("gsm8k/clean", { task: "Emeric sells 40 tickets." }));
  return store;
}

/** Why an example is left out of exports, or the variant that is not. */
function exported(store: Store, id: string): string {
  for (const page of store.exportPages({})) {
    const example = page.find((each) => each.id === id);
    if (example === undefined) continue;
    const choice = chooseAnnotation(example.outcomes, example.drops, { minLevel: "well_formed", prefer: "best", review: "any" });
    return "excluded" in choice ? choice.excluded : choice.outcome.variant;
  }
  return "not there";
}

const SETS = [setOf("test.jsonl", "Another problem.", ROLLS), setOf("other.csv", KITES)];

test("task, rationale and plan are compared, each overlap with its problem, and exports leave out what is excluded", async () => {
  const store = storeWithOverlaps();
  expect(await decontaminate(store, SETS, { exclude: true, now: AT })).toMatchInlineSnapshot(`
    {
      "against": [
        {
          "column": "question",
          "evaluation": "test.jsonl",
          "examples": 1,
          "problems": 2,
          "unreadable": 0,
        },
        {
          "column": "question",
          "evaluation": "other.csv",
          "examples": 2,
          "problems": 1,
          "unreadable": 0,
        },
      ],
      "annotations": 5,
      "contaminated": {
        "annotations": 1,
        "examples": 2,
      },
      "duplicates_of_excluded": 0,
      "examples": 4,
      "excluded": true,
      "fields": {
        "plan": 1,
        "rationale": 1,
        "task": 1,
      },
      "rules": {
        "coverage": 0,
        "exact": 1,
        "ngram": 2,
      },
    }
  `);
  expect(store.contaminationsOfExample("gsm8k/task")).toMatchInlineSnapshot(`
    [
      {
        "annotationId": null,
        "coverage": 1,
        "evaluation": "test.jsonl",
        "exampleId": "gsm8k/task",
        "field": "task",
        "position": 2,
        "rule": "exact",
        "shared": "rosalind bakes 18 almond rolls in the morning and 1/2 as many in",
      },
    ]
  `);
  expect(store.dropsOfExample("gsm8k/task")).toMatchInlineSnapshot(`
    [
      {
        "annotationId": null,
        "keptExampleId": null,
        "kind": "contaminated",
        "reason": "task overlaps with record 2 of test.jsonl (exact)",
      },
    ]
  `);
  expect(["task", "rationale", "clean"].map((id) => exported(store, `gsm8k/${id}`))).toEqual(["contaminated", "contaminated", "v1-rules"]);
  // Only one of its plans overlaps.
  expect(exported(store, "gsm8k/plan")).toBe("v1-model");
});

test("without exclude, overlaps are marked and exported; again, nothing changes", async () => {
  const store = storeWithOverlaps();
  const first = await decontaminate(store, SETS, { exclude: false, now: AT });
  expect(await decontaminate(store, SETS, { exclude: false, now: AT })).toEqual(first);
  expect(store.contaminationsOfExample("gsm8k/task")).toHaveLength(1);
  expect(store.dropsOfExample("gsm8k/task")).toEqual([]);
});

test("marks of another evaluation set stay; those of the same set are made anew", async () => {
  const store = storeWithOverlaps();
  const [test1, other] = [SETS.slice(0, 1), SETS.slice(1)];
  await decontaminate(store, test1, { exclude: true, now: AT });
  await decontaminate(store, other, { exclude: true, now: AT });
  expect(store.countDrops()).toEqual([{ kind: "contaminated", n: 3 }]);
  await decontaminate(store, other, { exclude: false, now: AT });
  expect(store.countDrops()).toEqual([{ kind: "contaminated", n: 1 }]);
  await decontaminate(store, test1, { fields: ["plan"], exclude: true, now: AT });
  expect(store.countDrops()).toEqual([]);
});

test("what is excluded is kept in place of no duplicate", async () => {
  const store = newStore();
  save(store, sourceExample("asdiv/a", { task: "Count the kites.", rationale: KITES }));
  save(store, sourceExample("gsm8k/b", { task: "Count the kites." }), { level: "aligned" });
  await decontaminate(store, SETS, { exclude: true, now: AT });
  expect(dedupe(store, { now: AT }).dropped).toEqual({ duplicate_task: 0, near_duplicate: 0, duplicate_plan: 0 });
  expect([exported(store, "asdiv/a"), exported(store, "gsm8k/b")]).toEqual(["contaminated", "v1-rules"]);
});

test("each set finds its own overlap, whatever it is compared beside, and a dry run marks nothing", async () => {
  const store = storeWithOverlaps();
  const both = [setOf("a.jsonl", ROLLS), setOf("b.jsonl", ROLLS.replace("18", "19"))];
  expect(await decontaminate(store, both, { exclude: true, dryRun: true, now: AT })).toMatchObject({ against: [{ examples: 1 }, { examples: 1 }], excluded: false });
  expect(store.contaminationsOfExample("gsm8k/task")).toEqual([]);
  await decontaminate(store, both, { exclude: true, now: AT });
  expect(store.contaminationsOfExample("gsm8k/task").map(({ evaluation, rule }) => `${evaluation} ${rule}`)).toEqual(["a.jsonl exact", "b.jsonl ngram"]);
  store.clearContaminations("a.jsonl");
  expect(exported(store, "gsm8k/task")).toBe("contaminated");
});

test("a set in parts gives what it gives whole: of each text the overlap that tells most", async () => {
  const [parts, whole] = [storeWithOverlaps(), storeWithOverlaps()];
  const near = ROLLS.replace("18", "19");
  const [one, two] = [setOf("a.jsonl", near), { ...setOf("a.jsonl", ROLLS), problems: [{ text: ROLLS, position: 2 }] }];
  const summary = await decontaminate(parts, [one, two], { exclude: true, now: AT });
  expect(summary).toEqual(await decontaminate(whole, [setOf("a.jsonl", near, ROLLS)], { exclude: true, now: AT }));
  expect(summary).toMatchObject({ against: [{ problems: 2, examples: 1 }], rules: { exact: 1, ngram: 0 } });
  expect(parts.contaminationsOfExample("gsm8k/task")).toEqual(whole.contaminationsOfExample("gsm8k/task"));
});

test("says how many duplicates were left out for what is left out now", async () => {
  const store = newStore();
  save(store, sourceExample("asdiv/a", { task: ROLLS }));
  save(store, sourceExample("gsm8k/b", { task: ROLLS }), { level: "aligned" });
  dedupe(store, { now: AT });
  expect(await decontaminate(store, [setOf("a.jsonl", KITES)], { exclude: true, now: AT })).toMatchObject({ duplicates_of_excluded: 0 });
  expect(await decontaminate(store, [setOf("a.jsonl", ROLLS)], { exclude: true, now: AT })).toMatchObject({ duplicates_of_excluded: 1 });
});

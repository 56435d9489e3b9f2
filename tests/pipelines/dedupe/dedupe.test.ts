import { describe, expect, test } from "vitest";
import type { SourceExample } from "../../../schemas/example.ts";
import { dedupe } from "../../../pipelines/dedupe/dedupe.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { addition, AT, MODEL, newStore, type Saved, save, sourceExample } from "../store/fixture.ts";

/** Saves examples; each has a plan of its own unless one is given. */
function storeOf(...examples: [id: string, task: string, about?: Saved, more?: Partial<SourceExample>][]): Store {
  const store = newStore();
  for (const [index, [id, task, about = {}, more = {}]] of examples.entries()) {
    const known = store.exampleOf(id);
    const place = known?.place ?? { file: "f.jsonl", position: index + 1 };
    save(store, sourceExample(id, { task, place, ...more }), { plan: addition(index, 100), ...about });
  }
  return store;
}

function at(position: number): Partial<SourceExample> {
  return { place: { file: "f.jsonl", position } };
}

function dropped(store: Store): string[] {
  return [...store.examplesInOrder()].flatMap(({ id }) => store.dropsOfExample(id).map((drop) => `${id} ${drop.kind}`));
}

describe("duplicate tasks", () => {
  test("keep the highest level, across datasets", () => {
    const store = storeOf(["asdiv/a", "How many?", { level: "aligned" }], ["gsm8k/b", "how many", { level: "proven" }], ["gsm8k/c", "How  many ?", { level: "aligned" }]);
    expect(dedupe(store, { now: AT })).toEqual({ examples: 3, annotations: 3, dropped: { duplicate_task: 2, near_duplicate: 0, duplicate_plan: 0 }, clusters: 0 });
    expect(dropped(store)).toEqual(["asdiv/a duplicate_task", "gsm8k/c duplicate_task"]);
  });

  test("keep the fewest repairs among equal levels, then the first of the source", () => {
    const fewer = storeOf(["asdiv/a", "How many?", { repairs: 2 }], ["gsm8k/b", "How many?", { repairs: 1 }]);
    dedupe(fewer, { now: AT });
    expect(dropped(fewer)).toEqual(["asdiv/a duplicate_task"]);

    const first = storeOf(["gsm8k/a", "How many?", {}, at(10)], ["gsm8k/b", "How many?", {}, at(9)], ["strategyqa/c", "How many?", {}, at(1)]);
    dedupe(first, { now: AT });
    expect(dropped(first)).toEqual(["gsm8k/a duplicate_task", "strategyqa/c duplicate_task"]);
  });

  test("judge an example by the best of its annotations", () => {
    const store = storeOf(["asdiv/a", "How many?", { level: "aligned" }], ["asdiv/a", "How many?", { level: "proven", variant: MODEL }], ["asdiv/b", "How many?", { level: "aligned" }]);
    dedupe(store, { now: AT });
    expect(dropped(store)).toEqual(["asdiv/b duplicate_task"]);
  });

  test("leave look-alikes alone: one number changed, another environment", () => {
    const store = storeOf(["gsm8k/a", "Tom has 3.5 apples."], ["gsm8k/b", "Tom has 35 apples."], ["aokvqa/c", "What is it?", {}, { environment: "image 1" }], ["aokvqa/d", "What is it?", {}, { environment: "image 2" }]);
    expect(dedupe(store, { now: AT }).dropped).toEqual({ duplicate_task: 0, near_duplicate: 0, duplicate_plan: 0 });
  });

  test("never keep an example without an annotation in place of one that has one", () => {
    const store = storeOf(["gsm8k/b", "How many?"]);
    store.saveExample(sourceExample("asdiv/a", { task: "How many?" }), { contentHash: "c", licence: null });
    expect(dedupe(store, { now: AT })).toMatchObject({ examples: 1, dropped: { duplicate_task: 0 } });
  });
});

describe("duplicate plans", () => {
  const same = { plan: addition(2, 3) };

  test("keep the best one, whatever its variables are called; another calculation or sentence is another plan", () => {
    const store = storeOf(
      ["asdiv/a", "One", same],
      ["gsm8k/b", "Two", { plan: addition(2, 3, "Output", "add the  apples") }],
      ["gsm8k/c", "Three", { plan: addition(2, 4) }],
      ["gsm8k/d", "Four", { plan: addition(2, 3, "R1", "Count the coins.") }],
    );
    expect(dedupe(store, { now: AT }).dropped).toEqual({ duplicate_task: 0, near_duplicate: 0, duplicate_plan: 1 });
    expect(dropped(store)).toEqual(["gsm8k/b duplicate_plan"]);
  });

  test("are none among the variants of one example, but all of another example's are", () => {
    const store = storeOf(["asdiv/a", "One", same], ["asdiv/a", "One", { ...same, variant: MODEL }]);
    expect(dedupe(store, { now: AT }).dropped.duplicate_plan).toBe(0);
    save(store, sourceExample("gsm8k/b", { task: "Two" }), same);
    save(store, sourceExample("gsm8k/b", { task: "Two" }), { ...same, variant: MODEL });
    expect(dedupe(store, { now: AT }).dropped.duplicate_plan).toBe(2);
    expect(dropped(store)).toEqual(["gsm8k/b duplicate_plan", "gsm8k/b duplicate_plan"]);
  });

  test("are not dropped for a plan whose own example is dropped", () => {
    const store = storeOf(
      ["asdiv/a", "How many?", { plan: addition(1, 1), level: "proven" }],
      ["asdiv/b", "How many?", { ...same, level: "aligned" }],
      ["gsm8k/c", "Something else", { ...same, level: "aligned" }],
    );
    dedupe(store, { now: AT });
    expect(dropped(store)).toEqual(["asdiv/b duplicate_task"]);
  });

  test("are left out or looked at alone with `by`", () => {
    const store = storeOf(["asdiv/a", "How many?", same], ["asdiv/b", "How many?", same], ["gsm8k/c", "Something else", same]);
    expect(dedupe(store, { by: ["task"], now: AT }).dropped).toEqual({ duplicate_task: 1, near_duplicate: 0, duplicate_plan: 0 });
    expect(dedupe(store, { by: ["plan"], now: AT }).dropped).toEqual({ duplicate_task: 0, near_duplicate: 0, duplicate_plan: 2 });
  });
});

test("each drop says what is kept in its place, and why", () => {
  const store = storeOf(["asdiv/a", "How many?"], ["gsm8k/b", "How many?"], ["gsm8k/c", "Else", { plan: addition(0, 100) }]);
  dedupe(store, { now: AT });
  expect(store.dropsOfExample("gsm8k/b")).toEqual([
    { kind: "duplicate_task", annotationId: null, keptExampleId: "asdiv/a", reason: "same task as asdiv/a, which is kept" },
  ]);
  expect(store.dropsOfExample("gsm8k/c")).toMatchObject([{ kind: "duplicate_plan", keptExampleId: "asdiv/a", reason: "same plan as asdiv/a, which is kept" }]);
  expect(store.dropsOfExample("gsm8k/c")[0]?.annotationId).toBe(store.outcomesOfExample("gsm8k/c")[0]?.annotation?.id);
});

test("a second call changes nothing, and one after new annotations judges anew", () => {
  const store = storeOf(["asdiv/a", "How many?", { level: "aligned" }], ["gsm8k/b", "How many?", { level: "aligned" }]);
  const first = dedupe(store, { now: AT });
  expect(dedupe(store, { now: AT })).toEqual(first);
  expect(dropped(store)).toEqual(["gsm8k/b duplicate_task"]);
  save(store, sourceExample("gsm8k/b", { task: "How many?" }), { variant: MODEL, level: "proven" });
  dedupe(store, { now: AT });
  expect(dropped(store)).toEqual(["asdiv/a duplicate_task"]);
  expect(store.countDrops()).toEqual([{ kind: "duplicate_task", n: 1 }]);
});

describe("nearly the same task", () => {
  const ROLLS = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does she bake that day?";
  const RENAMED = ROLLS.replace("Rosalind", "Ottilie");

  test("is marked with what is kept, how similar it is, and why; its plans are no duplicates of others", () => {
    const same = { plan: addition(18, 9) };
    const store = storeOf(["asdiv/a", RENAMED, { ...same, level: "aligned" }], ["gsm8k/b", ROLLS, same], ["gsm8k/c", ROLLS.replace("18", "28"), same]);
    expect(dedupe(store, { now: AT })).toMatchObject({ dropped: { duplicate_task: 0, near_duplicate: 1, duplicate_plan: 1 }, clusters: 1 });
    expect(dropped(store)).toEqual(["asdiv/a near_duplicate", "gsm8k/c duplicate_plan"]);
    expect(store.dropsOfExample("asdiv/a")).toMatchInlineSnapshot(`
      [
        {
          "annotationId": null,
          "keptExampleId": "gsm8k/b",
          "kind": "near_duplicate",
          "reason": "nearly the task of gsm8k/b (similarity 1.00), which is kept",
        },
      ]
    `);
  });

  test("is left alone where it is not asked for, or is too different for the threshold", () => {
    const store = storeOf(["asdiv/a", ROLLS], ["gsm8k/b", RENAMED.replace("she bake that", "she bake on that")]);
    expect(dedupe(store, { by: ["task", "plan"], now: AT }).dropped.near_duplicate).toBe(0);
    expect(dedupe(store, { near: { threshold: 0.99 }, now: AT }).dropped.near_duplicate).toBe(0);
    expect(dedupe(store, { now: AT }).dropped.near_duplicate).toBe(1);
  });

  test("gives the same marks whatever the order of storing, and again", () => {
    const examples: Parameters<typeof storeOf> = [["asdiv/a", ROLLS, {}, at(1)], ["asdiv/b", RENAMED, {}, at(2)], ["gsm8k/c", RENAMED.replace("bakes", "makes"), {}, at(3)]];
    const [forth, back] = [storeOf(...examples), storeOf(...examples.toReversed())];
    dedupe(forth, { now: AT });
    dedupe(back, { now: AT });
    expect(dropped(forth)).toEqual(["asdiv/b near_duplicate", "gsm8k/c near_duplicate"]);
    expect(dropped(back)).toEqual(dropped(forth));
    expect(dedupe(forth, { now: AT })).toMatchObject({ dropped: { near_duplicate: 2 }, clusters: 1 });
  });
});

describe("what is compared", () => {
  test("examples of evaluation sets are duplicates of each other alone", () => {
    const store = storeOf(["asdiv/a", "How many?", { level: "aligned" }], ["svamp/b", "How many?", {}, { evaluation: true }], ["svamp/c", "How many?", {}, { evaluation: true }]);
    dedupe(store, { now: AT });
    expect(dropped(store)).toEqual(["svamp/c duplicate_task"]);
  });

  test("tasks and plans about two pictures are no duplicates, whatever their environments say", () => {
    const about = (file: string): Partial<SourceExample> => ({ environment: "An image.", image: { file, caption: null } });
    const same = { plan: addition(2, 3) };
    const store = storeOf(["scienceqa/a", "Which is larger?", same, about("1.png")], ["scienceqa/b", "Which is larger?", same, about("2.png")], ["scienceqa/c", "Which one is larger?", same, about("3.png")]);
    expect(dedupe(store, { now: AT }).dropped).toEqual({ duplicate_task: 0, near_duplicate: 0, duplicate_plan: 0 });
    save(store, sourceExample("scienceqa/d", { task: "Which is larger?", ...about("1.png") }), same);
    expect(dedupe(store, { now: AT }).dropped).toEqual({ duplicate_task: 1, near_duplicate: 0, duplicate_plan: 0 });
  });

  test("only the named datasets, which have to be there", () => {
    const store = storeOf(["asdiv/a", "How many?"], ["gsm8k/b", "How many?"], ["gsm8k/c", "How many?"]);
    expect(dedupe(store, { datasets: ["gsm8k"], now: AT })).toMatchObject({ examples: 2, dropped: { duplicate_task: 1 } });
    expect(dropped(store)).toEqual(["gsm8k/c duplicate_task"]);
    expect(() => dedupe(store, { datasets: ["musique"], now: AT })).toThrow(/has no annotation of musique: lumos status shows what it holds\./);
    expect(dropped(store)).toEqual(["gsm8k/c duplicate_task"]);
  });
});

test("a dry run tells every mark and leaves the store as it was", () => {
  const store = storeOf(["asdiv/a", "How many?"], ["gsm8k/b", "How many?"], ["gsm8k/c", "Else", { plan: addition(0, 100) }]);
  const told: string[] = [];
  const summary = dedupe(store, { dryRun: true, onMark: ({ kind, exampleId, keptExampleId, keptTask }) => told.push(`${exampleId} ${kind} ${keptExampleId} ${keptTask}`), now: AT });
  expect(told).toEqual(["gsm8k/b duplicate_task asdiv/a How many?", "gsm8k/c duplicate_plan asdiv/a How many?"]);
  expect(dropped(store)).toEqual([]);
  expect(dedupe(store, { now: AT })).toEqual(summary);
  expect(store.clearDuplicates()).toBe(2);
  expect(dropped(store)).toEqual([]);
});

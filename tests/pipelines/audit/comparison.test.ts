import { describe, expect, it } from "vitest";
import { compare, findAgainst } from "../../../pipelines/audit/comparison.ts";
import { emptyStore, MODEL_VARIANT, penPlan, pens, record, RULES_VARIANT } from "../verify/store-fixture.ts";
import { penStore, TOP_LEVELS } from "./fixture.ts";

describe("a comparison", () => {
  it("pairs examples by id and says what got worse, with the reason", async () => {
    const store = penStore();
    const found = await compare(store, findAgainst(store, "rules"), {}, TOP_LEVELS);
    expect(found.datasets).toMatchObject([{ dataset: "gsm8k", pairs: 4, better: 0, worse: 2, only_before: 0, only_after: 0, failed: 0, top: { both: 2, only_before: 2, only_after: 0, neither: 0, difference: -0.5, p_value: 0.5, p_holm: 0.5 } }]);
    expect(found.datasets[0]?.moves).toEqual([
      { before: "proven", after: "proven", examples: 2 },
      { before: "proven", after: "well_formed", examples: 1 },
      { before: "proven", after: "no_plan", examples: 1 },
    ]);
    expect(found.changes.map(({ id, change, why }) => [id, change, why.split(":")[0]])).toEqual([
      ["gsm8k/pens-3", "worse", "exec.mismatch"],
      ["gsm8k/pens-4", "worse", "parse.no_plan"],
    ]);
    expect(found.shown.map(({ before, after }) => [before.by, after.by])).toEqual([["rules", "small"], ["rules", "small"]]);
    expect(found.datasets[0]?.defects).toEqual(expect.arrayContaining([{ code: "parse.no_plan", only_before: 0, only_after: 1, both: 0 }]));
  });

  it("turns around with its sides", async () => {
    const store = penStore();
    const found = await compare(store, findAgainst(store, "small"), { annotators: ["rules"] }, TOP_LEVELS);
    expect(found).toMatchObject({ before: "small", after: "rules", datasets: [{ better: 2, worse: 0, top: { difference: 0.5 } }] });
  });

  it("compares with another store, and counts what is in one of them alone", async () => {
    const [before, after] = [emptyStore(), emptyStore()];
    for (const n of [1, 2, 3]) record(before, pens(n), MODEL_VARIANT, penPlan(n, n === 1 ? 9 : n + 3));
    for (const n of [1, 2, 4, 5]) record(after, pens(n), RULES_VARIANT, penPlan(n));
    const found = await compare(after, { name: "before.db", other: before }, {}, TOP_LEVELS);
    expect(found.datasets).toMatchObject([{ pairs: 2, better: 1, worse: 0, only_before: 1, only_after: 2 }]);
  });

  it("takes the best of several annotations of a side", async () => {
    const store = emptyStore();
    for (const [hash, model] of [["v1-a", "a"], ["v1-b", "b"]] as const) {
      store.saveVariant({ hash, annotator: "llm", version: "1", model, parameters: {}, promptHash: "p", promptVersion: "1", prompt: null, replyForm: "text" });
    }
    record(store, pens(1), RULES_VARIANT, penPlan(1));
    record(store, pens(1), "v1-a", penPlan(1, 9));
    record(store, pens(1), "v1-b", penPlan(1));
    const found = await compare(store, findAgainst(store, "rules"), {}, TOP_LEVELS);
    expect(found.datasets).toMatchObject([{ pairs: 1, worse: 0, better: 0 }]);
  });

  it("corrects for the number of sources", async () => {
    const store = emptyStore();
    for (const dataset of ["gsm8k", "asdiv"]) {
      for (let n = 1; n <= 6; n++) {
        const example = { ...pens(n), id: `${dataset}/${n}`, dataset };
        record(store, example, RULES_VARIANT, penPlan(n, 99));
        record(store, example, MODEL_VARIANT, penPlan(n));
      }
    }
    const { datasets } = await compare(store, findAgainst(store, "rules"), {}, TOP_LEVELS);
    expect(datasets.map(({ top }) => [top.p_value.toFixed(6), top.p_holm.toFixed(6)])).toEqual([["0.031250", "0.062500"], ["0.031250", "0.062500"]]);
  });

  it("says what it does not know, and that there is nothing to compare", async () => {
    const store = penStore();
    expect(() => findAgainst(store, "smal")).toThrow(/'smal' is no run, model or annotator of .*, and no file: did you mean 'small'\?/);
    await expect(compare(store, findAgainst(store, "small"), { models: ["small"] }, TOP_LEVELS)).rejects.toThrow(/No example has an outcome both of small and of/);
  });
});

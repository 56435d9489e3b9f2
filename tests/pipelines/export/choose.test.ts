import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MixDraw, readMix } from "../../../pipelines/export/mix.ts";
import { readSplit, splitOf } from "../../../pipelines/export/split.ts";
import { Lengths } from "../../../pipelines/export/tokens.ts";

const GROUPS = Array.from({ length: 5000 }, (_, i) => `group-${i}`);

describe("a split", () => {
  it("divides by its shares, another seed otherwise", () => {
    const shares = readSplit("train=0.8, validation=.15,test=0.05");
    const count = (seed: string, name: string) => GROUPS.filter((group) => splitOf(shares, seed, group) === name).length;
    for (const seed of ["0", "1"]) {
      expect(count(seed, "train") / GROUPS.length).toBeCloseTo(0.8, 1);
      expect(count(seed, "validation") / GROUPS.length).toBeCloseTo(0.15, 1);
      expect(count(seed, "test") / GROUPS.length).toBeCloseTo(0.05, 1);
    }
    expect(GROUPS.some((group) => splitOf(shares, "0", group) !== splitOf(shares, "1", group))).toBe(true);
  });

  it("keeps every group where it was when the share of training grows", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 98 }), (seed, group, percent) => {
        const [less, more] = [percent, percent + 1].map((n) => splitOf(readSplit(`train=${n / 100},rest=${(100 - n) / 100}`), seed, group));
        expect(less === "train" ? more : "train").toBe("train");
      }),
    );
  });

  it.each([
    ["train=0.9,validation=0.2", "--split train=0.9,validation=0.2: the shares add up to 1.1, not to 1; expected for example train=0.9,validation=0.1."],
    ["train=0.5,Train=0.5", "--split train=0.5,Train=0.5: a name stands twice; expected for example train=0.9,validation=0.1."],
    ["../up=1", "--split ../up=1: '../up=1' is no name with a share; expected for example train=0.9,validation=0.1."],
    ["train=", "--split train=: 'train=' is no name with a share; expected for example train=0.9,validation=0.1."],
    ["", "--split : '' is no name with a share; expected for example train=0.9,validation=0.1."],
  ])("is refused with a reason: %s", (text, message) => {
    expect(() => readSplit(text)).toThrow(expect.objectContaining({ code: "usage", message }));
  });
});

describe("a mixture", () => {
  function draw(text: string, sizes: Record<string, number>, seed = "0") {
    const mixture = new MixDraw(readMix(text), seed);
    const ids = Object.entries(sizes).flatMap(([dataset, n]) => Array.from({ length: n }, (_, i) => ({ dataset, id: `${dataset}/${i}` })));
    for (const { dataset, id } of ids) mixture.offer(dataset, id);
    const drawn = mixture.draw();
    return { sizes: drawn.sizes, ids: ids.filter(({ dataset, id }) => drawn.picks(dataset, id)).map(({ id }) => id) };
  }
  const of = (ids: readonly string[], dataset: string) => ids.filter((id) => id.startsWith(`${dataset}/`));

  it("by weight takes as many as the scarcest dataset allows", () => {
    const { ids } = draw("a=0.5,b=0.25", { a: 300, b: 70, c: 50 });
    expect([of(ids, "a").length, of(ids, "b").length, of(ids, "c").length]).toEqual([140, 70, 0]);
  });

  it("by count takes so many, and all where there are fewer", () => {
    const { ids, sizes } = draw("a:200,b:100", { a: 300, b: 70 });
    expect([of(ids, "a").length, of(ids, "b").length]).toEqual([200, 70]);
    expect(sizes).toContainEqual({ dataset: "b", offered: 70, wanted: 100, taken: 70 });
  });

  it("stays mostly what it was when examples are added", () => {
    const [before, after] = [draw("a:200", { a: 400 }).ids, new Set(draw("a:200", { a: 420 }).ids)];
    expect(before.filter((id) => after.has(id)).length).toBeGreaterThan(180);
  });

  it.each([
    ["a=0.5,b:5", "--mix a=0.5,b:5: weights (=) and counts (:) stand together; expected for example gsm8k=0.5,strategyqa=0.5 or gsm8k:2000,strategyqa:500."],
    ["a=1,a=2", "--mix a=1,a=2: a stands twice; expected for example gsm8k=0.5,strategyqa=0.5 or gsm8k:2000,strategyqa:500."],
    ["a=0", "--mix a=0: 'a=0' is no dataset with a weight or a count above 0; expected for example gsm8k=0.5,strategyqa=0.5 or gsm8k:2000,strategyqa:500."],
  ])("is refused with a reason: %s", (text, message) => {
    expect(() => readMix(text)).toThrow(expect.objectContaining({ code: "usage", message }));
  });
});

describe("lengths", () => {
  it("are told by nearest rank, as sorting them would", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), (values) => {
        const lengths = new Lengths();
        for (const value of values) lengths.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
        expect(lengths.figures()).toEqual({ p50: at(0.5), p99: at(0.99), max: sorted.at(-1), total: values.reduce((sum, value) => sum + value, 0) });
        expect(lengths.over(25)).toBe(values.filter((value) => value > 25).length);
      }),
    );
    expect(new Lengths().figures()).toBeNull();
  });
});

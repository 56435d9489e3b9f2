import { describe, expect, it } from "vitest";
import { estimateAccuracy, type ReviewedStratum } from "../../../pipelines/review/estimate.ts";
import { wilsonInterval } from "../../../pipelines/shared/statistics.ts";

describe("the estimated accuracy of a set", () => {
  it("is, of one large stratum, the share accepted with Wilson's interval", () => {
    const { accuracy, interval } = estimateAccuracy([stratum("proven", 1e9, 100, 90)]);
    const [low, high] = wilsonInterval(90, 100) ?? [0, 0];
    expect(accuracy).toBe(0.9);
    expect(interval?.[0]).toBeCloseTo(low, 6);
    expect(interval?.[1]).toBeCloseTo(high, 6);
  });

  it("counts each stratum by its size, not by how often it was reviewed", () => {
    const { accuracy } = estimateAccuracy([stratum("proven", 9000, 20, 20), stratum("parsed", 1000, 80, 0)]);
    expect(accuracy).toBeCloseTo(0.9, 10);
  });

  it("is known where everything was reviewed", () => {
    expect(estimateAccuracy([stratum("proven", 10, 10, 7), stratum("parsed", 5, 5, 1)])).toMatchObject({ accuracy: 8 / 15, interval: [8 / 15, 8 / 15], halving: { reviews: 0 } });
  });

  it("is narrower where a good part of the set was reviewed", () => {
    const width = (annotations: number): number => widthOf([stratum("proven", annotations, 50, 40)]);
    expect(width(60)).toBeLessThan(0.6 * width(1e6));
  });

  it("is not certain where all of a few were accepted", () => {
    expect(estimateAccuracy([stratum("proven", 5000, 4, 4)]).interval?.[0]).toBeLessThan(0.6);
  });

  it("speaks of the strata with reviews alone, and says which have none", () => {
    const { annotations, covered, accuracy, uncovered } = estimateAccuracy([stratum("proven", 100, 10, 5), stratum("aligned", 3, 0, 0), stratum("parsed", 7, 0, 0)]);
    expect({ annotations, covered, accuracy }).toEqual({ annotations: 110, covered: 100, accuracy: 0.5 });
    expect(uncovered.map(({ level, annotations: n }) => [level, n])).toEqual([["parsed", 7], ["aligned", 3]]);
  });

  it("is nothing without reviews", () => {
    expect(estimateAccuracy([stratum("proven", 100, 0, 0)])).toMatchObject({ accuracy: null, interval: null, halving: null, covered: 0, annotations: 100 });
    expect(estimateAccuracy([])).toMatchObject({ accuracy: null, annotations: 0 });
  });

  it.each([
    [[stratum("proven", 10_000, 100, 90)]],
    [[stratum("proven", 7000, 60, 57), stratum("aligned", 2000, 30, 15), stratum("parsed", 500, 10, 1)]],
    [[stratum("proven", 300, 40, 40), stratum("parsed", 20, 10, 3)]],
  ])("says how many more reviews make the interval half as wide: those are enough, and one less is not (%#)", (strata) => {
    const { halving } = estimateAccuracy(strata);
    const after = (less: number): ReviewedStratum[] =>
      strata.map((each, index) => {
        const more = (halving?.strata.find(({ level }) => level === each.level)?.reviews ?? 0) - (index === 0 ? less : 0);
        return { ...each, reviewed: each.reviewed + more, accepted: (each.accepted / each.reviewed) * (each.reviewed + more) };
      });
    expect(halving?.reviews).toBeGreaterThan(0);
    expect(widthOf(after(0))).toBeLessThanOrEqual(widthOf(strata) / 2 + 1e-9);
    expect(widthOf(after(1))).toBeGreaterThan(widthOf(strata) / 2);
  });

  it.each([
    ["whichever strata a random sample falls into", 120, [[1500, 0.96], [400, 0.6], [100, 0.1]]],
    ["of many kinds that are nearly all accepted, few of each reviewed", 50, Array.from({ length: 8 }, (_, n) => [200, 0.99 - n / 200] as const)],
    ["of many kinds of all sorts, few of each reviewed", 50, Array.from({ length: 12 }, (_, n) => [20 + 10 * n, 0.4 + n / 20] as const)],
  ] as const)("holds the truth about 19 times in 20, %s", (_, size, kinds) => {
    const random = generator(7);
    const set = kinds.map(([n, share], index) => ({ dataset: `d${index}`, n, accepted: Math.round(n * share) }));
    const all = set.flatMap(({ dataset, n, accepted }) => Array.from({ length: n }, (_each, index) => ({ dataset, accepted: index < accepted })));
    let held = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const drawn = sampleOf(all, size, random);
      const strata = set.map(({ dataset, n }) => {
        const own = drawn.filter((each) => each.dataset === dataset);
        return { ...stratum("proven", n, own.length, own.filter(({ accepted }) => accepted).length), dataset };
      });
      const { interval } = estimateAccuracy(strata);
      // It speaks of what was seen.
      const seen = set.filter((_each, index) => (strata[index]?.reviewed ?? 0) > 0);
      const truth = seen.reduce((sum, { accepted }) => sum + accepted, 0) / seen.reduce((sum, { n }) => sum + n, 0);
      if (interval !== null && interval[0] <= truth + 1e-12 && truth <= interval[1] + 1e-12) held += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.925);
  });

  it("is within what is known of a set that was reviewed in part", () => {
    const { interval } = estimateAccuracy([stratum("proven", 4, 2, 2), stratum("parsed", 5, 5, 0)]);
    expect(interval?.[0]).toBeGreaterThanOrEqual(2 / 9);
    expect(interval?.[1]).toBeCloseTo(4 / 9, 10);
  });
});

function stratum(level: ReviewedStratum["level"], annotations: number, reviewed: number, accepted: number): ReviewedStratum {
  return { dataset: "gsm8k", annotator: "small", level, annotations, reviewed, accepted };
}

function widthOf(strata: readonly ReviewedStratum[]): number {
  const [low, high] = estimateAccuracy(strata).interval ?? [0, 1];
  return high - low;
}

function sampleOf<T>(all: readonly T[], n: number, random: () => number): T[] {
  const left = [...all];
  return Array.from({ length: n }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

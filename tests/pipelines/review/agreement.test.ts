import { describe, expect, it } from "vitest";
import { type AgreementTable, cohenKappa } from "../../../pipelines/review/agreement.ts";

describe("Cohen's kappa", () => {
  it.each([
    // Two readers of fifty grant proposals, a textbook's example.
    [table(20, 5, 10, 15), 0.4],
    [table(45, 15, 25, 15), 0.1304],
    [table(25, 35, 5, 35), 0.2593],
    [table(10, 0, 0, 10), 1],
    [table(0, 10, 10, 0), -1],
    [table(1, 1, 1, 1), 0],
  ])("of %o is %f", (counts, kappa) => {
    expect(cohenKappa(counts).kappa).toBeCloseTo(kappa, 4);
  });

  it.each([[table(0, 0, 0, 0)], [table(12, 0, 0, 0)], [table(0, 0, 0, 3)]])("of %o says nothing: there is nothing to tell apart", (counts) => {
    expect(cohenKappa(counts)).toEqual({ kappa: null, interval: null });
  });

  it.each([[table(9, 0, 0, 4)], [table(8, 0, 3, 0)]])("of %o has no interval: it would have no width", (counts) => {
    expect(cohenKappa(counts).interval).toBeNull();
  });

  it("has the interval that its slope by each cell gives", () => {
    const counts = table(20, 5, 10, 15);
    const n = 50;
    const shares = Object.values(counts).map((count) => count / n);
    const kappaOf = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number => {
      const total = a + b + c + d;
      const chance = ((a + b) * (a + c) + (c + d) * (b + d)) / total ** 2;
      return ((a + d) / total - chance) / (1 - chance);
    };
    const slopes = shares.map((_, index) => {
      const moved = (by: number): number[] => shares.map((share, each) => (each === index ? share + by : share));
      return (kappaOf(moved(1e-6)) - kappaOf(moved(-1e-6))) / 2e-6;
    });
    const mean = shares.reduce((sum, share, index) => sum + share * (slopes[index] ?? 0), 0);
    const variance = shares.reduce((sum, share, index) => sum + share * ((slopes[index] ?? 0) - mean) ** 2, 0) / n;
    const [low, high] = cohenKappa(counts).interval ?? [0, 0];
    expect(high - low).toBeCloseTo(2 * 1.959964 * Math.sqrt(variance), 4);
    expect((low + high) / 2).toBeCloseTo(0.4, 10);
  });
});

function table(both_accept: number, only_first: number, only_second: number, both_reject: number): AgreementTable {
  return { both_accept, only_first, only_second, both_reject };
}

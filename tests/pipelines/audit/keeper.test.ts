import fc from "fast-check";
import { expect, it } from "vitest";
import { drawn, Keeper } from "../../../pipelines/audit/keeper.ts";

it("keeps the best in whatever order they come, one of each name, equals by their names", () => {
  const entry = fc.record({ score: fc.integer({ min: 0, max: 4 }), name: fc.constantFrom(..."abcdefgh") });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), fc.integer({ min: 0, max: 5 }), (entries, most) => {
      const keeper = new Keeper<string>(most);
      for (const { score, name } of entries) keeper.offer(score, name, () => `${score}${name}`);
      const best = new Map<string, number>();
      for (const { score, name } of entries) best.set(name, Math.max(score, best.get(name) ?? 0));
      const expected = [...best].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, most).map(([name, score]) => `${score}${name}`);
      expect(keeper.best()).toEqual(expected);
    }),
  );
});

it("makes nothing of what is not good enough", () => {
  const keeper = new Keeper<string>(1);
  keeper.offer(2, "a", () => "a");
  keeper.offer(1, "b", () => expect.unreachable());
  expect(keeper.best()).toEqual(["a"]);
});

it("draws numbers that spread over the whole range and follow from the text alone", () => {
  const numbers = Array.from({ length: 1_000 }, (_, n) => drawn(`gsm8k/${n}`));
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(10 * number) === tenth).length);
  expect(Math.min(...tenths)).toBeGreaterThan(60);
  expect(drawn("gsm8k/1")).toBe(numbers[1]);
});

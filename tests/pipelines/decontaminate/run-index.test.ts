import fc from "fast-check";
import { expect, test } from "vitest";
import { RunIndex } from "../../../pipelines/decontaminate/run-index.ts";
import { processorTime } from "../../support/processor-time.ts";

/** Hashes of 53 bits, some of them near each other and often the same. */
const run = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 2 ** 53 - 12, max: 2 ** 53 - 1 }), fc.maxSafeNat());

function indexOf(problems: readonly (readonly number[])[]): RunIndex {
  const index = new RunIndex(problems.length);
  for (const [problem, runs] of problems.entries()) index.add(problem, runs);
  return index;
}

test("knows of each run the first problem that has it, and how much of each problem a text has", () => {
  fc.assert(
    fc.property(fc.array(fc.array(run, { maxLength: 8 }), { maxLength: 40 }), fc.array(run, { maxLength: 12 }), (problems, text) => {
      const places = 2 ** Math.ceil(Math.log2(problems.length + 1));
      const kept = (each: number): number => each % (2 ** 53 / places);
      // A run is told by what is kept of its hash.
      fc.pre(new Set([...problems.flat(), ...text].map(kept)).size === new Set([...problems.flat(), ...text]).size);
      const index = indexOf(problems);
      for (const each of text) {
        const first = problems.findIndex((runs) => runs.includes(each));
        expect(index.first(each)).toBe(first === -1 ? undefined : first);
      }
      const wanted = problems.flatMap((runs, problem) => {
        const [own, shared] = [new Set(runs), new Set(runs.filter((each) => text.includes(each)))];
        return shared.size === 0 ? [] : [{ problem, coverage: shared.size / own.size }];
      });
      expect(index.cover(text).sort((a, b) => a.problem - b.problem)).toEqual(wanted);
    }),
  );
});

test("never says that a text has more than all of a problem, though two runs may share what is kept of their hashes", () => {
  const same = [1, 1 + 2 ** 51, 1 + 2 ** 52];
  expect(indexOf([same, [2], [3]]).cover(same)).toEqual([{ problem: 0, coverage: 1 }]);
});

test("a run that a hundred thousand problems begin with takes no longer to find than another", () => {
  const index = indexOf(Array.from({ length: 100_000 }, (_, problem) => [7, 1000 + problem]));
  index.first(7);
  const spent = processorTime();
  for (let n = 0; n < 100_000; n++) expect(index.first(7)).toBe(0);
  expect(spent()).toBeLessThan(2000);
});

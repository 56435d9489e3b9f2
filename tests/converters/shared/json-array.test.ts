import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonArray } from "../../../converters/shared/json-array.ts";
import { processorTime } from "../../support/processor-time.ts";
import { file, readAll, values } from "./files.ts";

describe("readJsonArray", () => {
  it("counts elements from 1", async () => {
    expect((await readAll(readJsonArray(file('[\n {"a": [1, {}]},\n null, "x"\n]\n')))).records).toEqual([
      { position: 1, value: { a: [1, {}] } },
      { position: 2, value: null },
      { position: 3, value: "x" },
    ]);
  });

  it("takes an empty array as a file without a record", async () => {
    expect(await readAll(readJsonArray(file("[]")))).toEqual({ records: [], error: null });
  });

  it.each<[string, string, number]>([
    ["an object", '{"a": 1}', 0],
    ["JSON lines", '{"a": 1}\n{"a": 2}\n', 0],
    ["a string", '"abc"', 0],
    ["plain text", "Question,Answer", 0],
    ["only blanks", " \n ", 0],
    ["cut off within a record", '[{"a": 1},\n{"a": 2},\n{"a": "th', 2],
    ["cut off after a record", '[{"a": 1}', 1],
    ["a comma too many", '[{"a": 1},\n\n,{"a": 2}]', 1],
    ["a bad word", '[{"a": 1}, {"a": nul}]', 1],
    ["something after the array", '[{"a": 1}]\n[{"a": 2}]', 1],
    ["a wrong bracket", '[{"a": 1}, {"a": 2]]', 1],
  ])("gives the records before the break and says where it is: %s", async (_, content, complete) => {
    const messages = new Set<string | null>();
    for (const chunkBytes of [1, 7, 65536]) {
      const { records, error } = await readAll(readJsonArray(file(content), { chunkBytes }));
      expect(records).toHaveLength(complete);
      messages.add(error);
    }
    expect(messages.size).toBe(1);
    expect([...messages][0]).toMatchSnapshot();
  });

  it("stops where the bytes are no UTF-8, after the records before", async () => {
    const content = Buffer.concat([Buffer.from('[{"a":"é"},{"a":"'), Buffer.from([0xe9]), Buffer.from('"}]')]);
    for (const chunkBytes of [1, 5, 65536]) {
      const { records, error } = await readAll(readJsonArray(file(content), { chunkBytes }));
      expect(values(records)).toEqual([{ a: "é" }]);
      expect(error).toMatchInlineSnapshot(`"input.broken: FILE is not UTF-8 at byte 19: convert it to UTF-8, or download it again"`);
    }
  });

  it("refuses deep nesting quickly and goes on after it", async () => {
    const deep = 100_000;
    const spent = processorTime();
    const { records } = await readAll(readJsonArray(file(`[1, ${"[".repeat(deep)}${"]".repeat(deep)}, 2]`)));
    expect(spent()).toBeLessThan(3000);
    expect(values(records)).toEqual([1, "the record is nested deeper than 500 levels", 2]);
  });

  it("reads a long string of 5 MB", async () => {
    const long = "é".repeat(2_500_000);
    expect(values((await readAll(readJsonArray(file(JSON.stringify([long]))))).records)).toEqual([long]);
  });

  it("gives back any array, whatever the chunk size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" })), fc.integer({ min: 1, max: 40 }), async (written, chunkBytes) => {
        const text = JSON.stringify(written);
        const { records, error } = await readAll(readJsonArray(file(text), { chunkBytes }));
        expect(error).toBeNull();
        expect(values(records)).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });

  it("gives the complete records of any array cut off anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 2 }).map((inner) => ({ inner })), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), async (written, part) => {
        const text = JSON.stringify(written);
        const cut = text.slice(0, Math.max(1, Math.floor((text.length - 1) * part)));
        const { records, error } = await readAll(readJsonArray(file(cut)));
        expect(error).toMatch(/^input\.broken: FILE.*breaks off|^input\.broken: FILE: broken JSON|not UTF-8/);
        expect(values(records)).toEqual((JSON.parse(text) as unknown[]).slice(0, records.length));
        const lengths = written.map((each) => JSON.stringify(each).length);
        let end = 1;
        let complete = 0;
        for (const length of lengths) {
          end += length;
          if (end <= cut.length) complete += 1;
          end += 1;
        }
        expect(records.length).toBe(complete);
      }),
      { numRuns: 60 },
    );
  });
});

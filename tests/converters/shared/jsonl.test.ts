import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonl } from "../../../converters/shared/jsonl.ts";
import { processorTime } from "../../support/processor-time.ts";
import { file, readAll, values } from "./files.ts";

const good = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => JSON.stringify({ n: from + index }));

describe("readJsonl", () => {
  it("counts lines from 1, ignores blank ones and takes either line end", async () => {
    const { records } = await readAll(readJsonl(file('{"a":1}\r\n\r\n \n{"a":"2\\n"}\n{"a":3}')));
    expect(records).toEqual([
      { position: 1, value: { a: 1 } },
      { position: 4, value: { a: "2\n" } },
      { position: 5, value: { a: 3 } },
    ]);
  });

  it("gives the 999 others when one line in 1,000 is bad", async () => {
    const { records, error } = await readAll(readJsonl(file([...good(1, 499), '{"n": 500,, }', ...good(501, 1000)].join("\n"))));
    expect(error).toBeNull();
    expect(records.filter((record) => "value" in record).length).toBe(999);
    expect(records[499]).toMatchInlineSnapshot(`
      {
        "position": 500,
        "problem": "the line is not valid JSON at column 11: unexpected ","",
      }
    `);
  });

  it.each<[string, string]>([
    ["é: bad", '{"é": bad}'],
    ["single quotes", "{'a': 1}"],
    ["an unclosed string", '{"a": "b'],
    ["something after the value", '{"a": 1} {"b": 2}'],
    ["NaN", '{"a": NaN}'],
    ["an array over several lines", "["],
    ["plain text", "Question,Answer"],
    ["a raw control character", '{"a": "b\tc"}'],
  ])("says where a line is wrong: %s", async (_, line) => {
    const { records } = await readAll(readJsonl(file(`${line}\n{"a":1}\n`)));
    expect(records).toHaveLength(2);
    expect(records[0]).toEqual({ position: 1, problem: expect.stringMatching(/^the line is not valid JSON at column \d+: /) });
  });

  it("says that a file looks truncated when its last line breaks off", async () => {
    const { records } = await readAll(readJsonl(file('{"a":1}\n{"a":"Tom has tw')));
    expect(values(records)).toEqual([{ a: 1 }, "the last line breaks off at column 17: the file looks truncated"]);
  });

  it("says where a line is not UTF-8, and keeps a replacement character that is written so", async () => {
    const content = Buffer.concat([Buffer.from('{"a":"caf'), Buffer.from([0xe9]), Buffer.from('"}\n{"a":"\uFFFD"}\n')]);
    expect(values((await readAll(readJsonl(file(content)))).records)).toEqual(["the line is not UTF-8 at its byte 10", { a: "\uFFFD" }]);
  });

  it("skips a line that is too long and goes on after it", async () => {
    const content = `{"a":1}\n{"a":"${"x".repeat(5000)}"}\n{"a":2}\n`;
    for (const chunkBytes of [100, 65536]) {
      const { records } = await readAll(readJsonl(file(content), { maxLineBytes: 1000, chunkBytes }));
      expect(values(records)).toEqual([{ a: 1 }, "the line is longer than 1000 bytes", { a: 2 }]);
    }
  });

  it("refuses deep nesting, valid or not, quickly", async () => {
    const deep = 100_000;
    const content = [`${"[".repeat(deep)}${"]".repeat(deep)}`, "[".repeat(deep), `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`, '{"a":1}'].join("\n");
    const spent = processorTime();
    const { records } = await readAll(readJsonl(file(content)));
    expect(spent()).toBeLessThan(3000);
    expect(values(records)).toEqual([
      "the record is nested deeper than 500 levels",
      expect.stringMatching(/^the line is not valid JSON at column 100001: the text ends/),
      "the record is nested deeper than 500 levels",
      { a: 1 },
    ]);
  });

  it("keeps a __proto__ key as a key", async () => {
    const { records } = await readAll(readJsonl(file('{"__proto__": {"polluted": 1}, "a": 1}\n')));
    expect(Object.keys(values(records)[0] ?? {})).toEqual(["__proto__", "a"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("reads 7,500 lines of usual size well under a second", async () => {
    const path = file(Array.from({ length: 7500 }, (_, n) => `${JSON.stringify({ n, text: "word ".repeat(100) })}\n`).join(""));
    const spent = processorTime();
    expect((await readAll(readJsonl(path))).records.length).toBe(7500);
    expect(spent()).toBeLessThan(1000);
  });

  it("gives back any values, whatever the chunk size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" })), fc.integer({ min: 1, max: 40 }), async (written, chunkBytes) => {
        const path = file(written.map((each) => JSON.stringify(each)).join("\n"));
        if (written.length === 0) return;
        const { records, error } = await readAll(readJsonl(path, { chunkBytes }));
        expect(error).toBeNull();
        expect(values(records)).toEqual(written.map((each) => JSON.parse(JSON.stringify(each))));
      }),
      { numRuns: 60 },
    );
  });

  it("never throws on any bytes, and gives at most one record a line", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const { records } = await readAll(readJsonl(file(bytes)));
        expect(records.length).toBeLessThanOrEqual(bytes.filter((byte) => byte === 10).length + 1);
      }),
      { numRuns: 60 },
    );
  });
});

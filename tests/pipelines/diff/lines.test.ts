import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf, PieceReader } from "../../../pipelines/diff/lines.ts";
import { processorTime } from "../../support/processor-time.ts";
import { temporaryFolder } from "../store/fixture.ts";

const CHUNK = 1 << 18;

function read(content: string | Buffer): string[] {
  const file = join(temporaryFolder(), "rows.jsonl");
  writeFileSync(file, content);
  const pieces = new PieceReader(file);
  const lines = Array.from(linesOf(file), ({ bytes, offset }) => ({ text: bytes.toString("utf8"), offset, length: bytes.length }));
  for (const { text, offset, length } of lines) expect(pieces.read(offset, length)).toBe(text);
  pieces.close();
  return lines.map(({ text }) => text);
}

test("the lines of a file are those between its line ends, each at its place, wherever they are cut in reading", () => {
  const line = fc.oneof(fc.string({ unit: "grapheme", maxLength: 20 }), fc.constantFrom("", "a".repeat(CHUNK - 1), "b".repeat(CHUNK), "é".repeat(CHUNK), "c".repeat(3 * CHUNK + 1)));
  fc.assert(
    fc.property(fc.array(line.map((text) => text.replaceAll("\n", "")), { maxLength: 6 }), fc.boolean(), (lines, isEnded) => {
      const text = lines.join("\n") + (isEnded ? "\n" : "");
      const wanted = text.split("\n");
      if (wanted.at(-1) === "") wanted.pop();
      expect(read(text)).toEqual(wanted);
    }),
    { numRuns: 40 },
  );
});

test("a line of 60 MB is read at once, a longer one refused", () => {
  const spent = processorTime();
  expect(read(Buffer.alloc(60_000_000, "a")).map(({ length }) => length)).toEqual([60_000_000]);
  expect(spent()).toBeLessThan(2000);
  expect(() => read(Buffer.alloc(68_000_000, "a"))).toThrow(/has a line of more than 67108864 bytes/);
});

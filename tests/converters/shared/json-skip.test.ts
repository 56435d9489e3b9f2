import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readJsonArray } from "../../../converters/shared/json-array.ts";
import { JsonSkipper } from "../../../converters/shared/json-skip.ts";
import { processorTime } from "../../support/processor-time.ts";

const folder = mkdtempSync(join(tmpdir(), "lumos-skip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEYS = new Set(["raw", "more"]);

describe("the values of skipped keys", () => {
  it.each([
    ['{"raw": "<a href=\\"x\\">", "b": 1}', '{"raw": "", "b": 1}'],
    ['{"raw": "ends in a backslash \\\\", "b": "raw"}', '{"raw": "", "b": "raw"}'],
    ['{"more" :\n [1, {"raw": "]"}, "}\\""], "b": [2]}', '{"more" :\n [], "b": [2]}'],
    ['{"more": {"a": {}}, "raw": null, "rawer": "x"}', '{"more": {}, "raw": null, "rawer": "x"}'],
    ['["raw", "more", {"x": "raw"}]', '["raw", "more", {"x": "raw"}]'],
    ['{"raw": "", "more": []}', '{"raw": "", "more": []}'],
  ])("%s", (text, expected) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(skipped(text, size)).toBe(expected);
  });

  it("are empty, and everything else stays, however the text is cut", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, fc.string({ unit: "grapheme" }), fc.constantFrom('"', "\\", '\\"', "raw", "[", "}"), fc.integer(), fc.constant(null), fc.array(tie("any"), { maxLength: 3 }), fc.dictionary(fc.constantFrom("raw", "more", "a", "b"), tie("any"), { maxKeys: 4 })),
    })).any;
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 40 }), fc.boolean(), (any, size, spaced) => {
        const text = JSON.stringify([any], null, spaced ? 1 : 0);
        expect(JSON.parse(skipped(text, size))).toEqual(emptied([any]));
      }),
    );
  });

  it("leave the place of a break as it is in the file", async () => {
    const file = join(folder, "broken.json");
    const start = `[{"raw": "${"x".repeat(200_000)}\\n"},\n {"b": `;
    writeFileSync(file, `${start}!}]`);
    await expect(drain(file)).rejects.toThrow(`line 2 (byte ${start.length + 1}): unexpected character "!"; 1 complete record before it`);
  });

  it("take no time of their own: 100,000 quotes, 100,000 backslashes", () => {
    const spent = processorTime();
    for (const text of ['\\"'.repeat(100_000), "\\\\".repeat(100_000)]) expect(skipped(`{"raw":"${text}"}`, 4096)).toBe('{"raw":""}');
    expect(spent()).toBeLessThan(1_000);
  });
});

function skipped(text: string, size: number): string {
  const skipper = new JsonSkipper(KEYS);
  const bytes = Buffer.from(text);
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) for (const piece of skipper.pieces(bytes.subarray(at, at + size))) kept.push(piece.bytes);
  return Buffer.concat(kept).toString();
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, KEYS.has(key) ? (typeof each === "string" ? "" : Array.isArray(each) ? [] : typeof each === "object" && each !== null ? {} : each) : emptied(each)]));
}

async function drain(file: string): Promise<void> {
  for await (const _ of readJsonArray(file, { skip: KEYS })) continue;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamLines } from "../../../pipelines/batch/lines.ts";
import { readResult } from "../../../pipelines/batch/result.ts";

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(text: string, size: number, maxBytes?: number) {
  const lines: { number: number; text: string | null }[] = [];
  for await (const line of streamLines(chunksOf(Buffer.from(text), size), maxBytes)) lines.push(line);
  return lines;
}

describe("a streamed file", () => {
  it("gives the same lines however it is cut into chunks, within characters too", async () => {
    const texts = fc.array(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " ").trim()), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (lines, size, ended) => {
        const expected = lines.flatMap((text, index) => (text === "" ? [] : [{ number: index + 1, text }]));
        expect(await linesOf(lines.join("\n") + (ended ? "\n" : ""), size)).toEqual(expected);
      }),
    );
  });

  it("passes over empty lines and CRLF, and keeps nothing of a line that is too long", async () => {
    expect(await linesOf("a\r\n\r\nbb\nthis is too long\nc", 3, 5)).toEqual([
      { number: 1, text: "a" },
      { number: 3, text: "bb" },
      { number: 4, text: null },
      { number: 5, text: "c" },
    ]);
  });
});

describe("a line of results", () => {
  it.each([
    ["", "unreadable"],
    ["null", "unreadable"],
    ["[]", "unreadable"],
    ['{"custom_id":5}', "unreadable"],
    ['{"custom_id":"a"}', "failed"],
    ['{"custom_id":"a","response":{"status_code":200,"body":{"choices":[]}}}', "reply"],
    ['{"custom_id":"a","response":{"status_code":200,"body":"text"}}', "reply"],
    ['{"custom_id":"a","response":{"status_code":400,"body":{"error":{"code":"content_filter"}}}}', "reply"],
    ['{"custom_id":"a","response":{"status_code":400,"body":{"error":{"code":"bad"}}}}', "failed"],
    ['{"custom_id":"a","response":{"status_code":429,"body":null}}', "failed"],
    ['{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"late"}}', "unanswered"],
    ['{"custom_id":"a","response":null,"error":{"code":"batch_cancelled"}}', "unanswered"],
    ['{"custom_id":"a","error":{"__proto__":null,"code":{"toString":1}}}', "failed"],
  ])("%s is %s", (text, kind) => {
    expect(readResult(text, null).kind).toBe(kind);
  });

  it("is read whatever it is, and never holds the key", () => {
    const members = fc.constantFrom("custom_id", "response", "status_code", "body", "error", "code", "message", "type");
    const value = fc.letrec((tie) => ({
      value: fc.oneof(fc.constantFrom(200, 400, null, "sk-secret-0123456789", "batch_expired", "content_filter"), fc.dictionary(members, tie("value"))),
    })).value;
    fc.assert(
      fc.property(value, (any) => {
        expect(JSON.stringify(readResult(JSON.stringify(any), "sk-secret-0123456789")).replace(/"customId":"[^"]*"/, "")).not.toContain("sk-secret");
      }),
    );
    for (const text of ["[".repeat(100_000), `{"custom_id":"a","response":{"status_code":200,"body":${"[".repeat(5000)}${"]".repeat(5000)}}}`, "\u0000", "{".repeat(100_000)]) {
      expect(["unreadable", "reply"]).toContain(readResult(text, null).kind);
    }
  });
});

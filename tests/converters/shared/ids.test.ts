import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHash, disambiguatedId, taskId } from "../../../converters/shared/ids.ts";

describe("ids", () => {
  it("are the first 16 hex digits of the SHA-256 of the folded task", () => {
    const expected = createHash("sha256").update("Tom has 2 apples. How many?").digest("hex").slice(0, 16);
    expect(taskId(" Tom has  2\napples.\tHow many? \n")).toBe(expected);
  });

  it("get a tilde and four digits of the content where they are taken", () => {
    expect(disambiguatedId("strategyqa/q1", "abcdef")).toBe("strategyqa/q1~abcd");
  });
});

describe("contentHash", () => {
  it("does not depend on the order of keys and does on everything else", () => {
    expect(contentHash({ a: [1, { c: "x", d: null }], b: 2 })).toBe(contentHash({ b: 2, a: [1, { d: null, c: "x" }] }));
    const different = [{ a: 1 }, { a: "1" }, { a: [1] }, { b: 1 }, [{ a: 1 }], { a: null }, {}, [], "", null, { a: true }, JSON.parse('{"__proto__":1}')];
    expect(new Set(different.map((each) => contentHash(each))).size).toBe(different.length);
  });

  it("is the hash of JSON with sorted keys", () => {
    expect(contentHash({ b: [true, "é\n"], a: 0.5 })).toBe(createHash("sha256").update('{"a":0.5,"b":[true,"é\\n"]}').digest("hex"));
  });

  it("is the same for a value written and read again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(contentHash(JSON.parse(JSON.stringify(value)))).toBe(contentHash(value));
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { nearest } from "../../../pipelines/shared/nearest.ts";

describe("the nearest name", () => {
  it.each([
    ["smal", "small"],
    ["gsm8k1", "gsm8k-1"],
    ["GSM8K-1", "gsm8k-1"],
    ["uot", "out"],
    ["nothing", null],
    ["nope.db", null],
    ["x".repeat(100_000), null],
  ])("of %.20s is %s: what shares less than half is no help", (word, name) => {
    expect(nearest(word, ["gsm8k-1", "small", "rules", "out"])).toBe(name);
  });

  it("is none where there are none", () => {
    expect(nearest("x", [])).toBeNull();
  });
});

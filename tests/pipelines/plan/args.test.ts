import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argRefs, argsText, parseArgs } from "../../../pipelines/plan/args.ts";
import { anyText } from "./arbitrary.ts";

describe("references in arguments", () => {
  it.each([
    ["R1 + 2", ["R1"]],
    ["2*R1*R12", ["R1", "R12"]],
    ["[R3, R6], Question: Is R3 more than R6?", ["R3", "R6", "R3", "R6"]],
    ["(R1)/R1^2", ["R1", "R1"]],
    ["R1's page", ["R1"]],
    ["R2-D2 and XR3, R4x, R5_a, é-R6, R7é", []],
    ["R0, R01, r1, R1234567, R", []],
    ["Output + R1", ["R1"]],
    ["", []],
  ])("of %j are %j", (text, refs) => {
    expect(argRefs(parseArgs(text))).toEqual(refs);
  });

  it("stand between the texts around them, which are merged and never empty", () => {
    expect(parseArgs("R1 + R2-D2 * R3")).toEqual([{ ref: "R1" }, " + R2-D2 * ", { ref: "R3" }]);
    expect(parseArgs("")).toEqual([]);
  });

  it("lose nothing of the text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), anyText()), (text) => {
      expect(argsText(parseArgs(text))).toBe(text);
    }));
  });

  it("are found in linear time", () => {
    for (const piece of ["R1", "R1 ", "R", "R1-"]) expect(parseArgs(piece.repeat(100_000)).length).toBeGreaterThan(0);
  }, 2000);
});

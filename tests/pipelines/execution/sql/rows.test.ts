import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../../../pipelines/execution/sql/messages.ts";
import { claimsRows, printRows, sameRows } from "../../../../pipelines/execution/sql/rows.ts";
import { processorTime } from "../../../support/processor-time.ts";

const CITIES: Cell[][] = [
  ["tOslo", "i5", 1.5],
  ["tPort d'Or", null, 2],
];

describe("rows", () => {
  it.each<[Cell[][], string]>([
    [CITIES, `[('Oslo', 5, 1.5), ("Port d'Or", None, 2.0)]`],
    [[["i7"]], "[(7,)]"],
    [[], "[]"],
    [[["ta\nb\\c\t'\""]], `[('a\\nb\\\\c\\t\\'"',)]`],
    [[["b00ff"]], "[(x'00ff',)]"],
    [[["i9007199254740993"]], "[(9007199254740993,)]"],
    [Array.from({ length: 25 }, (_, at): Cell[] => [`i${at}`]), `[${Array.from({ length: 20 }, (_, at) => `(${at},)`).join(", ")}, … 25 rows]`],
    [[[`t${"x".repeat(1_200)}`], ["ta"]], `[('${"x".repeat(1_200)}',), … 2 rows]`],
  ])("are printed as Python prints them", (rows, text) => {
    expect(printRows(rows)).toBe(text);
  });

  it.each<[string, Cell[][], boolean]>([
    [`[["Oslo", 5, 1.5], ["Port d'Or", null, 2]]`, CITIES, true],
    [`(("Oslo", 5.0, 1.50), ("Port d'Or", NULL, 2.00))`, CITIES, true],
    ["7", [["i7"]], true],
    ["[7]", [["i7"]], true],
    ["7.0", [["i7"]], true],
    ["1,300", [["i1300"]], true],
    ["0.67", [[2 / 3]], true],
    ["0.7", [[2 / 3]], false],
    ["Oslo", [["tOslo"]], true],
    ["oslo", [["tOslo"]], false],
    ["'7'", [["i7"]], false],
    ["7", [["t7"]], true],
    ["[('a',), ('b',)]", [["ta"], ["tb"]], true],
    ["['a', 'b']", [["ta"], ["tb"]], true],
    ["[('a', 'b')]", [["ta"], ["tb"]], false],
    ["[('a',)]", [["ta"], ["tb"]], false],
    ["[('a',), ('a',)]", [["ta"], ["tb"]], false],
    ["[]", [], true],
    ["none", [], false],
    ["[(1, 2]", [["i1", "i2"]], false],
    ["[('a',), … 2 rows]", [["ta"], ["tb"]], false],
  ])("the claim %s", (claim, rows, holds) => {
    expect(claimsRows(claim, rows, true)).toBe(holds);
  });

  it("may be claimed in any order where the statement asks for none", () => {
    expect(claimsRows("[('b',), ('a',)]", [["ta"], ["tb"]], false)).toBe(true);
    expect(claimsRows("[('b',), ('a',)]", [["ta"], ["tb"]], true)).toBe(false);
  });

  it("are the same by value, and in order only where that is asked for", () => {
    expect(sameRows([["i5"], [0.1 + 0.2]], [[5], [0.3]], true)).toBe(true);
    expect(sameRows([["ta"], ["tb"]], [["tb"], ["ta"]], false)).toBe(true);
    expect(sameRows([["ta"], ["tb"]], [["tb"], ["ta"]], true)).toBe(false);
    expect(sameRows([["ta"], ["ta"], ["tb"]], [["ta"], ["tb"], ["tb"]], false)).toBe(false);
    expect(sameRows([["t5"]], [["i5"]], false)).toBe(false);
    expect(sameRows([["i9007199254740993"]], [["i9007199254740992"]], false)).toBe(false);
  });

  it("hold of themselves as they are printed", () => {
    const cell = fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((value) => `i${value}`), fc.string({ unit: "binary", maxLength: 12 }).map((text) => `t${text}`));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 })), (rows) => {
        expect(claimsRows(printRows(rows), rows, true)).toBe(true);
        expect(sameRows(rows, [...rows].reverse(), false)).toBe(true);
      }),
    );
  });

  it("are compared with hostile claims in time", () => {
    const spent = processorTime();
    for (const piece of ["[", "(", "'", "1,", "'a',", "\\", "[[", "None "]) claimsRows(piece.repeat(100_000), [["ta"]], false);
    for (const piece of ["[", "1,", "'a',"]) claimsRows(`[${piece.repeat(5_000)}]`, [["ta"]], false);
    expect(spent()).toBeLessThan(2_000);
  });
});

import { describe, expect, it } from "vitest";
import { claimHolds, sameAnswer, sameNumber } from "../../../pipelines/execution/equivalence.ts";
import { executeFormula } from "../../../pipelines/execution/expression.ts";

const EQUAL: readonly (readonly [string, string])[] = [
  ["18", "18"],
  ["3", "3.0"],
  ["3.00", "3"],
  ["18.40", "18.4"],
  ["$18.40", "18.4"],
  ["1,300", "1300"],
  ["$1,300.00", "1300"],
  ["1300.", "1300"],
  [".5", "0.5"],
  ["1/2", "0.5"],
  ["0.5", "1/2"],
  ["2 1/2", "2.5"],
  ["5/2", "2.5"],
  ["2½", "5/2"],
  ["10/4", "5/2"],
  ["0.33", "1/3"],
  ["1/3", "0.33"],
  ["0.667", "2/3"],
  ["1.33", "1.333"],
  ["1.333333", "1.33"],
  ["50%", "0.5"],
  ["50%", "50"],
  ["50", "50%"],
  ["50 percent", "50%"],
  ["33.33%", "1/3"],
  ["-(1/3)", "-1/3"],
  ["−5", "-5"],
  ["9", "9 (apples)"],
  ["9 apples", "9 (apples)"],
  ["9 fruits", "9 (apples)"],
  ["13 cents", "13 (pennies)"],
  ["5 km", "5 kilometers"],
  ["128 square feet", "128 (sq. ft)"],
  ["8 miles per hour", "8 (miles/hour)"],
  ["$5", "5 dollars"],
  ["1.5 million", "1,500,000"],
  ["6", "6th"],
  ["two", "2"],
  ["x = 5", "5"],
  ["2:4", "1:2"],
  ["22:15", "22:15"],
  ["22 : 15", "22:15"],
  ["12:18", "2:3"],
  ["5:45", "5:45"],
  ["True", "true"],
  ["yes", "True"],
  ["No.", "False"],
  ["6; 15", "6 (cm); 15 (cm)"],
  ["6, 15", "6; 15"],
  ["[6, 15]", "6; 15"],
  ["The Cooper wedding", "Cooper wedding"],
  ["mrs hilt", "Mrs. Hilt"],
  ["Cesars toothbrush", "Cesar's toothbrush"],
  ["Jean Luc", "Jean-Luc"],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ["18", "18.4"],
  ["18.4", "18"],
  ["18", "19"],
  ["1,5", "15"],
  ["1,5", "1.5"],
  ["15", "1,5"],
  ["0.3", "1/3"],
  ["0.34", "1/3"],
  ["0.66", "2/3"],
  ["0.6", "2/3"],
  ["1.3", "1.333"],
  ["1", "1.33"],
  ["17.99", "18"],
  ["18.01", "18"],
  ["0.00", "0.001"],
  ["-5", "5"],
  ["5", "-5"],
  ["0.5", "50"],
  ["0.5%", "0.5 apples"],
  ["50%", "50 (dollars)"],
  ["50%", "5"],
  ["500%", "50"],
  ["1300", "13"],
  ["1,300", "1.3"],
  ["130", "1300"],
  ["5 km", "5 (miles)"],
  ["6 inches", "6 (square inches)"],
  ["8 km/hour", "8 (miles/hour)"],
  ["$5", "5 cents"],
  ["5 hours", "5 (minutes)"],
  ["1.5 million", "1.5"],
  ["6th", "7"],
  ["two", "3"],
  ["1:2", "2:1"],
  ["1:2", "1:3"],
  ["1:2", "0.5"],
  ["1/2", "1:2"],
  ["1:20", "2:40"],
  ["5:45", "5.75"],
  ["5:45", "5:46"],
  ["True", "False"],
  ["yes", "no"],
  ["True", "1"],
  ["0", "False"],
  ["6; 15", "15; 6"],
  ["6; 15", "6"],
  ["6", "6; 15"],
  ["6; 15; 1", "6; 15"],
  ["21", "6; 15"],
  ["Tim", "John"],
  ["Rug A", "Rug B"],
  ["February 3rd", "February 4th"],
  ["x = -1", "x = 1"],
  ["2^3", "23"],
  ["1 2", "12"],
  ["12 r 3", "123"],
  ["", "18"],
  ["18", ""],
  ["", ""],
  ["18 or 19", "18"],
  ["at least 18", "18"],
  ["not 18", "18"],
  ["18 apples and 3 pears", "18"],
];

describe("an answer and the gold answer", () => {
  it.each(EQUAL)("%j is %j", (claimed, gold) => {
    expect(sameAnswer(claimed, gold)).toBe(true);
  });

  it.each(DIFFERENT)("%j is not %j", (claimed, gold) => {
    expect(sameAnswer(claimed, gold)).toBe(false);
  });

  it("may be any of the gold answer's other spellings", () => {
    expect(sameAnswer("NYC", "New York City", ["NYC"])).toBe(true);
    expect(sameAnswer("LA", "New York City", ["NYC"])).toBe(false);
  });

  it.each(["1".repeat(100_000), "a ".repeat(50_000), "1, ".repeat(33_000), ".".repeat(100_000), "(".repeat(100_000)])("stays fast on 100,000 characters", (text) => {
    const start = performance.now();
    expect(sameAnswer(text, "18")).toBe(false);
    expect(sameAnswer("18", text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe("two numbers", () => {
  it.each([
    ["1,000", "1000", true],
    ["$5", "5", true],
    ["50%", "1/2", true],
    ["50%", "50", false],
    ["0.33", "1/3", true],
    ["0.3", "1/3", false],
    ["five", "5", false],
  ])("%s and %s: %s", (a, b, same) => {
    expect(sameNumber(a, b)).toBe(same);
    expect(sameNumber(b, a)).toBe(same);
  });
});

describe("a claim about a computed result", () => {
  it.each([
    ["14", "7 * 2", true],
    ["14.", "7 * 2", true],
    ["$14.00", "7 * 2", true],
    ["14 apples", "7 * 2", true],
    ["7 * 2 = 14", "7 * 2", true],
    ["15", "7 * 2", false],
    ["3.33", "10 / 3", true],
    ["3.333", "10 / 3", true],
    ["3.3", "10 / 3", false],
    ["3", "10 / 3", false],
    ["3.34", "10 / 3", false],
    ["6.66", "20 / 3", false],
    ["0.13", "1 / 8", true],
    ["0.12", "1 / 8", true],
    ["0.14", "27 / 200", true],
    ["0.13", "27 / 200", false],
    ["-0.13", "-1 / 8", true],
    ["33.33%", "1 / 3", true],
    ["33%", "1 / 3", false],
    ["1.33 million", "4000000 / 3", true],
    ["10:3", "70:21", true],
    ["10:4", "70:21", false],
    ["1.41", "sqrt(2)", true],
    ["1.4142135623731", "sqrt(2)", true],
    ["1.4", "sqrt(2)", false],
    ["True", "3 > 2", true],
    ["yes", "3 > 2", true],
    ["False", "3 > 2", false],
    ["1", "3 > 2", false],
  ])("%s of %s: %s", (claimed, formula, holds) => {
    const { value } = executeFormula(formula);
    expect(value === null ? null : claimHolds(claimed, value)).toBe(holds);
  });
});

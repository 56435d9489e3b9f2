import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculationsIn } from "../../../converters/shared/configured/calculations.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("the calculations that a step writes out", () => {
  it.each([
    ["The rows hold 6 * 8 = 48 seats.", "6 * 8 = 48"],
    ["3 barrels × 210 litres = 630 litres", "3 * 210 = 630"],
    ["So 3,600 m + 1,600 m = 5,200 m of dike.", "3600 + 1600 = 5200"],
    ["She pays $12.50 x 4 = $50.", "12.50 * 4 = 50"],
    ["<<2*3=6>>6 and then <<6+1=7>>7, which is 2 * 4 = 8", "2*3 = 6; 6+1 = 7"],
    ["3 * (4 + 5) = 3 * 9 = 27", "3 * (4 + 5) = 27"],
    ["600 / 50 = 12 * 60 = 720", "600 / 50 = 12; 12 * 60 = 720"],
    ["$14 \\cdot 9 = 126$ and $\\frac{600}{25} = 24$ sacks", "14 * 9 = 126; 600 / 25 = 24"],
    ["$2\\frac{1}{2} = 2.5$", ""],
    ["$40{,}000 \\div 8 = \\boxed{5{,}000}$", "40000 / 8 = 5000"],
    ["20% * 50 = 10 of them", "20% * 50 = 10"],
    ["10 / 3 = 3.33 each", "10 / 3 = 3.33"],
    ["After 2 days he has 5 and 3 + 4 = 7 left", "3 + 4 = 7"],
    ["x = 3 + 4 = 7", "3 + 4 = 7"],
    ["2x + 3 = 7", ""],
    ["2 + 2 = 5", ""],
    ["In 1999 = the year", ""],
    ["7 = 7", ""],
    ["-5 + 8 = 3 degrees", "-5 + 8 = 3"],
  ])("of %j are %j", (text, found) => {
    expect(calculationsIn(text).map(({ formula, result }) => `${formula} = ${result}`).join("; ").replaceAll(" * ", " * ")).toBe(found.replaceAll(/(\d)\*(\d)/g, "$1 * $2").replaceAll(/(\d)\+(\d)/g, "$1 + $2"));
  });

  it.each(["= ", "1 = ", "1 + ", "(", "((1+1)=2) ", "\\frac{1}{", "\\frac{1}{2}", "<<1=", "x 2 ", "2 apples ", "a b c = "])("are found quickly in 100,000 characters of %j", (piece) => {
    const spent = processorTime();
    calculationsIn(piece.repeat(Math.ceil(4999 / piece.length)).slice(0, 5000));
    calculationsIn(piece.repeat(Math.ceil(100_000 / piece.length)));
    expect(spent()).toBeLessThan(500);
  });

  it("never throw, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("1", "2", "+", "*", "=", "(", ")", " ", "x", "a", ".", ",", "%", "\\frac{", "}", "$", "-"), maxLength: 60 }), (text) => void calculationsIn(text)));
  });
});

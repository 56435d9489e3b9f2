import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approximateValue, printFormula, referToEarlier, tokenizeFormula, type EarlierResult } from "../../../converters/shared/formula.ts";
import { rulesKit } from "../../../pipelines/execution/kit.ts";
import { processorTime } from "../../support/processor-time.ts";

const printed = (formula: string): string | null => {
  const tokens = tokenizeFormula(formula);
  return tokens === null ? null : printFormula(tokens);
};

describe("tokenizeFormula and printFormula", () => {
  it.each([
    ["48/2", "48 / 2"],
    ["+30+46", "30 + 46"],
    ["$1,200*.5", "1200 * .5"],
    ["2 × (3+1)", "2 * (3 + 1)"],
    ["16x2", "16 * 2"],
    ["9(3+1)", "9 * (3 + 1)"],
    ["(1/2)(20)", "(1 / 2) * 20"],
    ["44(.50)", "44 * .50"],
    ["20%*5", "20% * 5"],
    ["5*-2", "5 * -2"],
    ["-3+5", "-3 + 5"],
    ["7 − 4 ÷ 2", "7 - 4 / 2"],
    ["560//10", "560 / 10"],
    ["2^3", "2 ^ 3"],
    ["round(7/2)", "round(7 / 2)"],
    ["ceil(3.6)", "ceil(3.6)"],
    ["min(5, 7)+1", "min(5, 7) + 1"],
  ])("prints %s as %s", (formula, expected) => {
    expect(printed(formula)).toBe(expected);
  });

  it.each(["", "4*x", "3 4", "1 1/2", "(2", "2)", "2+", "*2", "2 apples", "%", "5%%", "()", "--", "1e3", "__proto__", "round", "round 3", "sin(3)", "3,4", "2min(1,2)"])("does not read %j as a formula", (formula) => {
    expect(printed(formula)).toBeNull();
  });

  it("prints what it reads, so that reading the print gives the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789+-*/().%$ x,".split("")), maxLength: 30 }), (formula) => {
        const once = printed(formula);
        expect(once === null ? null : printed(once)).toBe(once);
      }),
    );
  });

  it("takes a hostile formula quickly", () => {
    const spent = processorTime();
    for (const piece of ["(", "1,", "-", "1+", "((1)"]) tokenizeFormula(piece.repeat(100_000));
    expect(spent()).toBeLessThan(500);
  });
});

describe("approximateValue", () => {
  it.each([
    ["2+3*4", 14],
    ["(2+3)*4", 20],
    ["2-3-4", -5],
    ["100/5/4", 5],
    ["-2^2", -4],
    ["2*-3", -6],
    ["50%*8", 4],
  ])("values %s at %d", (formula, value) => {
    expect(approximateValue(tokenizeFormula(formula) ?? [])).toBeCloseTo(value, 12);
  });
});

describe("referToEarlier", () => {
  const earlier = (...results: (string | [string, boolean])[]): EarlierResult[] =>
    results.map((each, index) => ({ variable: `R${index + 1}`, result: typeof each === "string" ? each : each[0], percent: typeof each !== "string" && each[1], used: false }));
  const refer = (formula: string, results: EarlierResult[], stated: readonly number[] = []): string =>
    printFormula(referToEarlier(tokenizeFormula(formula) ?? [], results, (number) => stated.includes(Number(number)), rulesKit));

  it.each<[string, string, EarlierResult[], number[], string]>([
    ["an operand that equals an earlier result becomes its variable", "48+24", earlier("24"), [48], "48 + R1"],
    ["other spellings of the number count", "1200/50", earlier("1,200"), [50], "R1 / 50"],
    ["of two equal results the latest stands in", "24*2", earlier("24", "24"), [2], "R2 * 2"],
    ["two equal operands take two equal results in order", "24+24", earlier("24", "24"), [], "R1 + R2"],
    ["a stated number stays where its only result is taken", "24+24", earlier("24"), [24], "24 + R1"],
    ["a number from nowhere else takes a used result again", "24+24", earlier("24"), [], "R1 + R1"],
    ["a fraction is one operand where a result is one", "24/5*10", earlier("24/5"), [], "R1 * 10"],
    ["a quotient is no fraction where no result is one", "24/5*10", earlier("24"), [], "R1 / 5 * 10"],
    ["a percentage becomes a hundredth of a result in points", "150*40%", earlier(["40", true]), [150], "150 * R1 / 100"],
    ["so does its decimal", "150*.4", earlier(["40", true]), [150], "150 * R1 / 100"],
    ["but not below a division bar", "150/.4", earlier(["40", true]), [150], "150 / .4"],
    ["a percentage is not taken for a count", "150*40%", earlier("40"), [150], "150 * 40%"],
    ["nothing is replaced without earlier results", "3+4", [], [], "3 + 4"],
  ])("%s", (_, formula, results, stated, expected) => {
    expect(refer(formula, results, stated)).toBe(expected);
  });

  it("prefers a result that is not used yet to a used one", () => {
    const results = earlier("6", "6");
    expect(refer("6*2", results)).toBe("R2 * 2");
    expect(refer("6+1", results)).toBe("R1 + 1");
  });
});

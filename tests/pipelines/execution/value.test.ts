import fc from "fast-check";
import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { parseValue } from "../../../pipelines/execution/parse-value.ts";
import { printNumber, printValue } from "../../../pipelines/execution/value.ts";
import { numberInWords } from "../../../pipelines/execution/written.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("a result is read as people and models write it", () => {
  it.each([
    ["1,300", "1300"],
    ["$1,300.50", "1300.5"],
    ["-$5", "-5"],
    [".5", "0.5"],
    ["-3", "-3"],
    ["−5", "-5"],
    ["3/4", "0.75"],
    ["1/3", "1/3"],
    ["-(1/3)", "-1/3"],
    ["2 1/2", "2.5"],
    ["2½", "2.5"],
    ["45%", "0.45"],
    ["45 percent", "0.45"],
    ["80 miles", "80"],
    ["6 (square inches)", "6"],
    ["8 (km/hour)", "8"],
    ["70.588%(Yardley)", "0.70588"],
    ["14000.", "14000"],
    ["1e6", "1000000"],
    ["1.3 million", "1300000"],
    ["2 dozen", "24"],
  ])("%s is the number %s", (text, printed) => {
    const value = parseValue(text);
    expect(value.kind).toBe("number");
    expect(printValue(value)).toBe(printed);
  });

  it.each(["1,5", "1,234,56", "12,34", "7:30", "3:4", "11 r42", "5th", "4x", "5 or 6", "5 feet 6 inches", "5 (x+3)", "1/0", "1 2", "5 BC", "half", "", "$", "-", ".", "1e999999999", "Paris, Rome"])(
    "%j is text",
    (text) => {
      expect(parseValue(text)).toEqual({ kind: "text", value: text });
    },
  );

  it.each([
    ["True", "True"],
    ["yes", "True"],
    ["No.", "False"],
    ["false", "False"],
    ["2, 3", "[2, 3]"],
    ["[1, 2]", "[1, 2]"],
    ["[100,200]", "[100, 200]"],
    ["6; 15", "[6, 15]"],
    ["-9/8, -3/5", "[-1.125, -0.6]"],
    ["[Rome, Paris]", "[Rome, Paris]"],
    ["[]", "[]"],
  ])("%s prints as %s", (text, printed) => {
    expect(printValue(parseValue(text))).toBe(printed);
  });

  it("is total, and reading what was printed gives the same number", () => {
    fc.assert(fc.property(fc.string(), (text) => ["number", "boolean", "text", "list"].includes(parseValue(text).kind)));
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (n, d) => {
        const value = new Fraction(n, d);
        const read = parseValue(printNumber(value));
        return read.kind === "number" && read.value.equals(value);
      }),
    );
  });

  it.each(["1".repeat(100_000), "1,".repeat(50_000), "(".repeat(100_000), " ".repeat(100_000), "a".repeat(100_000), "1 ".repeat(50_000), "-".repeat(100_000)])(
    "stays fast on 100,000 characters",
    (text) => {
      const spent = processorTime();
      parseValue(text);
      parseValue(text.slice(0, 3900));
      numberInWords(text);
      numberInWords(text.slice(0, 3900));
      expect(spent()).toBeLessThan(200);
    },
  );
});

describe("the one number in a text of words", () => {
  it.each([
    ["about 75,000 people", 75_000],
    ["The tower is 906 feet tall.", 906],
    ["x = 5", 5],
    ["in 1945", 1945],
    ["75 million people", 75_000_000],
    ["-5 degrees", -5],
  ])("%s holds %d", (text, expected) => {
    expect(numberInWords(text)?.valueOf()).toBe(expected);
  });

  it.each(["x + 5", "5 and 6", "at least 5", "COVID-19", "44 BC", "5-10 people", "three of the 5 men", "1:30", "June 5, 1944", "the 2000s", "R2-D2", "none"])(
    "%s holds none that could be used",
    (text) => {
      expect(numberInWords(text)).toBeNull();
    },
  );
});

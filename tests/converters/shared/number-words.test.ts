import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNumbers } from "../../../converters/shared/number-words.ts";
import { processorTime } from "../../support/processor-time.ts";

function named(text: string): string[] {
  return findNumbers(text).map(({ start, end, values }) => `${text.slice(start, end)}: ${values.map((value) => value.toFraction()).join(" ")}`);
}

describe("numbers that a text names", () => {
  it.each([
    ["She has 1,250 beads", ["1,250: 1250"]],
    ["It has $40{,}500$ seats and 7,\\!200 doors", ["40{,}500: 40500", "7,\\!200: 7200"]],
    ["costs $.75 or $1.50.", [".75: 3/4", "1.50: 3/2"]],
    ["3/4 of the cake", ["3/4: 3/4 3 4"]],
    ["2 1/2 cups", ["2 1/2: 5/2 2 1/2 1"]],
    ["45% of them", ["45%: 9/20 45"]],
    ["fifty percent off", ["fifty percent: 1/2 50"]],
    ["20 per cent", ["20 per cent: 1/5 20"]],
    ["75 cents", ["75 cents: 3/4 75"]],
    ["a 20k run", ["20k: 20000 20"]],
    ["a 5km run", ["5: 5"]],
    ["1.5 million people", ["1.5 million: 1500000 3/2"]],
    ["2 dozen eggs", ["2 dozen: 24 12 2"]],
    ["three dozen", ["three dozen: 36 12 3"]],
    ["a dozen eggs", ["dozen: 12"]],
    ["half a dozen", ["half a dozen: 6 12 1/2"]],
    ["a half-dozen", ["half-dozen: 6 12 1/2"]],
    ["half of it", ["half: 1/2 2"]],
    ["twice as many", ["twice: 2"]],
    ["triple the size", ["triple: 3"]],
    ["twenty-five ducks", ["twenty-five: 25"]],
    ["Twenty five ducks", ["Twenty five: 25"]],
    ["two hundred and six bones", ["two hundred and six: 206"]],
    ["three thousand forty", ["three thousand forty: 3040"]],
    ["a hundred", ["hundred: 100"]],
    ["twenty and thirty", ["twenty: 20", "thirty: 30"]],
    ["one, two, three", ["one: 1", "two: 2", "three: 3"]],
    ["two three", ["two: 2", "three: 3"]],
    ["two-thirds of", ["two-thirds: 2/3 2 3"]],
    ["one-third as long", ["one-third: 1/3 1 3"]],
    ["a third", ["third: 3 1/3"]],
    ["the fourth day", ["fourth: 4 1/4"]],
    ["three-quarters", ["three-quarters: 3/4 3 4 25 1/4"]],
    ["a quarter", ["quarter: 1/4 4 25"]],
    ["one and a half hours", ["one and a half: 3/2 1 1/2 2"]],
    ["two and three quarters", ["two and three quarters: 11/4 2 3/4 3 4 25 1/4"]],
    ["3 and a half", ["3 and a half: 7/2 3 1/2 1 2"]],
    ["a nickel and a dime", ["nickel: 5 1/20", "dime: 10 1/10"]],
    ["at 7:30", ["7: 7", "30: 30"]],
    ["1/0", ["1: 1", "0: 0"]],
    ["the weight of tenants", []],
    ["someone phoned often", []],
    ["", []],
  ])("reads %j", (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it("takes 100,000 repeated characters of any kind in a moment", () => {
    for (const piece of ["1", "one ", "1/", "half and a ", "%", "-", "1,", "1 1/2 ", "hundred ", "two and ", ".", "a"]) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const spent = processorTime();
      findNumbers(text);
      expect(spent()).toBeLessThan(2_000);
    }
  });

  it("gives places inside the text, in order and apart", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("1", "2.5", "/", "half", "and", "a", "two", "thirds", "hundred", " ", "-", "%", "dozen")), (pieces) => {
        const text = pieces.join(" ");
        let end = 0;
        for (const each of findNumbers(text)) {
          expect(each.start).toBeGreaterThanOrEqual(end);
          expect(each.end).toBeGreaterThan(each.start);
          expect(each.values.length).toBeGreaterThan(0);
          end = each.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

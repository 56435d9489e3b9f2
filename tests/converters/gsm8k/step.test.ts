import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStep } from "../../../converters/gsm8k/step.ts";
import { processorTime } from "../../support/processor-time.ts";

const read = (line: string): string[] => readStep(line).calculations.map((each) => `${each.formula} = ${each.result}`);

describe("the calculations of a rationale line", () => {
  it.each<[string, string[]]>([
    ["Tove picked 30/5 = <<30/5=6>>6 baskets.", ["30/5 = 6"]],
    ["Each pays 18/60 = $<<18/60=0.3>>0.3 a minute.", ["18/60 = 0.3"]],
    ["He has <<3*4=12>>12 nails and <<5*2=10>>10 screws.", ["3*4 = 12", "5*2 = 10"]],
    ["The trip costs 5 * $144 = $720", ["5*144 = 720"]],
    ["It climbs 12 floors * 0.5 = 6 floors", ["12*0.5 = 6"]],
    ["She reads 7 pages/day * 6 days = 42 pages", ["7*6 = 42"]],
    ["They sell 1,200 − 350 = 850 tickets.", ["1200-350 = 850"]],
    ["Half: 44(.50)=22", ["44*(.50) = 22"]],
    ["6 x 4/5 = 24/5 ounces", ["6*4/5 = 24/5"]],
    ["14 * 1 1/2 = 21 birds", ["14*(3/2) = 21"]],
    ["28 / 1/5 = 140 cups", ["28/(1/5) = 140"]],
    ["¼ * 24 = 6 figures", ["1/4*24 = 6"]],
    ["25% of 200 = 50 pages", ["25%*200 = 50"]],
    ["so 100% - 60% = 40% are left", ["100-60 = 40"]],
    ["60% * 50% = 30%", ["60*50% = 30"]],
    ["because 15 times 4 equals 60", ["15*4 = 60"]],
    ["1 + 1/2 + 1/2 = 1 + 1 = 2 pieces", ["1+1/2+1/2 = 2"]],
    ["600 miles / 50 miles per hour = 12 hours * 60 minutes per hour = 720 minutes.", ["600/50 = 12", "12*60 = 720"]],
    ["x = 20 / 4 = 5", ["20/4 = 5"]],
    ["Thus 3P = 220 - 4 = 216 pages.", ["220-4 = 216"]],
    ["They need 10-minute breaks: 3 x 10 minutes = 30 minutes", ["3*10 = 30"]],
    ["48/4=12 5-minute rounds", ["48/4 = 12"]],
    ["Day 2:50(2)=100", ["50*(2) = 100"]],
    ["Santo has (1/2) 1956 = $978", ["(1/2)*1956 = 978"]],
    ["a speed of (2/3*6=4 miles per hour)", ["2/3*6 = 4"]],
    ["because ten times 15 equals 150", ["10*15 = 150"]],
    ["because 150 divided by 5 equals 30.", ["150/5 = 30"]],
    ["because 14 boys plus 11 girls equals 25 students", ["14+11 = 25"]],
    ["each pays $24k per year / 12 months in a year = $2k per month.", ["24/12 = 2"]],
    ["They are worth $0.25 x 10 = 250 cents.", ["(0.25*10)*100 = 250"]],
    ["Woody needs 1.5 years = 18 months", ["1.5*12 = 18"]],
    ["36/10 = <<36/10=3.6>>3.6 tens, which rounds up to 4.", ["36/10 = 3.6", "ceil(3.6) = 4"]],
    ["That is 210/350 = <<210/350=0.6>>0.6 or 60% off.", ["210/350 = 0.6", "0.6*100 = 60"]],
    ["The shortest trail takes 15 minutes because 15 < 40", ["min(15, 40) = 15"]],
  ])("%s", (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  it.each([
    "4*x = 8",
    "5x + 10x + 40 = 70",
    "2*x + 20 + 30 = 180",
    "x + x + 20 = 180",
    "S + 2S = 3S = 60",
    "8/3 = 24/Y",
    "The flight took 10:00-00:00 = 10 hours.",
    "They are worth $0.25 x 10 = 25 cents.",
    "1 hour = 60 minutes",
    "2 weeks = 10 days of work",
    "Bo is taller because 20 < 30",
    "20 / 240 = 8.333...%",
    "He ran 1/2 a mile = 880 yards",
    "It weighs 250 x 12 = 3 000 grams.",
    "They have 7 = 7 cats",
    "There are 12 cows.",
    "",
  ])("none can be read in: %s", (line) => {
    expect(read(line)).toEqual([]);
  });

  it("counts a calculation once that is marked and written out", () => {
    expect(read("They baked 36/3 = <<36/3=12>>12 rolls")).toEqual(["36/3 = 12"]);
    expect(read("As 6*2 = 12, he has 6*2 = <<6*2=12>>12 cups")).toEqual(["6*2 = 12"]);
  });

  it("takes the formula from the prose where a mark states only a number", () => {
    expect(read("That is 287 - 260 = <<27=27>>27 more.")).toEqual(["287-260 = 27"]);
  });

  it("keeps the result of a mark that calculates nothing, without a calculation", () => {
    expect(readStep("So x = <<15=15>>15.")).toMatchObject({ calculations: [], result: "15" });
  });

  it("keeps a wrong calculation as the source has it", () => {
    expect(read("He spends 10 x .5 = 10")).toEqual(["10*.5 = 10"]);
  });

  it("tells where a calculation stands, with its money sign", () => {
    const { text, calculations } = readStep("It costs 3*4 = $<<3*4=12>>12 a day.");
    expect(calculations.map((each) => [text.slice(each.start, each.end), each.money])).toEqual([["3*4 = $12", true]]);
  });

  it("reads any line without failing, in order and inside the line", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789+-*/=<>().%$ x,ab½".split("")), maxLength: 80 }), (line) => {
        const { text, calculations } = readStep(line);
        for (const each of calculations) {
          expect(each.start).toBeGreaterThanOrEqual(0);
          expect(each.end).toBeLessThanOrEqual(text.length);
          expect(each.formula).not.toBe("");
          expect(each.result).not.toBe("");
        }
      }),
    );
  });

  it("takes hostile lines quickly", () => {
    const spent = processorTime();
    for (const piece of ["1 ", "1+", "<<", "<<1=1", "(", "1/", "a ", "=", "1 a ", "1,111,", "$", "1=1 "]) {
      readStep(piece.repeat(100_000 / piece.length));
      readStep(piece.repeat(9_000 / piece.length));
    }
    expect(spent()).toBeLessThan(2000);
  });
});

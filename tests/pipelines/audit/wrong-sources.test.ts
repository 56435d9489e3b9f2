import { describe, expect, it } from "vitest";
import { wrongPlaces, wrongSourceLines } from "../../../pipelines/audit/wrong-sources.ts";
import asdiv from "../../../converters/asdiv/index.ts";
import gsm8k from "../../../converters/gsm8k/index.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { processorTime } from "../../support/processor-time.ts";

function example(answer: string): SourceExample {
  const mapped = gsm8k.map({ question: "Ann counts her beads twice. How many are there?", answer }, { file: "own.jsonl", position: 7 });
  if ("skip" in mapped) throw new Error(mapped.skip);
  return mapped.example;
}

const found = (answer: string): string[] => wrongPlaces(example(answer)).map(({ kind, says, gives }) => `${kind}: ${says} -> ${gives}`);

describe("a source that contradicts itself", () => {
  it.each<[string, string, string[]]>([
    ["a wrong product", "She has 14*20=140 beads.\n#### 280", ["calculation: 14*20 = 140 -> 280"]],
    ["a wrong product in a mark", "She has 14*20=<<14*20=240>>240 beads.\n#### 240", ["calculation: 14*20 = 240 -> 280"]],
    ["a wrong sum of like things", "She has 4 beads + 5 beads + 7 beads = 17 beads.\n#### 17", ["calculation: 4+5+7 = 17 -> 16"]],
    ["in words", "She has 99 plus 98 plus 97 equals 292 beads.\n#### 292", ["calculation: 99+98+97 = 292 -> 294"]],
    ["with thousands and a letter for times", "She has 10 x 1,248 = 11,480 beads.\n#### 11480", ["calculation: 10*1248 = 11480 -> 12480"]],
    ["a gold answer that nothing gives", "She has 48+16=<<48+16=64>>64 beads.\n#### 66", ["answer: the answer is 66 -> 64"]],
    ["a gold answer that is only calculated with", "She saves 400-100=<<400-100=300>>300 on 60.\n#### 100", ["answer: the answer is 100 -> 300"]],
    ["cents for dollars", "A bead costs $0.50-$0.25=$<<0.5-0.25=0.25>>0.25.\n#### 25", ["unit: the answer is 25 -> 0.25"]],
    ["rounded", "She fills 13/6 = 2 boxes.\n#### 2", ["rounding: 13/6 = 2 -> 13/6"]],
  ])("is found: %s", (_, answer, expected) => {
    expect(found(answer)).toEqual(expected);
  });

  it.each<[string, string]>([
    ["a right one", "She has 14*20=<<14*20=280>>280 beads.\n#### 280"],
    ["correctly rounded", "Each gets 10/3 = 3.33 beads.\n#### 3.33"],
    ["units that differ", "She has 4 pounds - 6 ounces = 58 ounces of beads.\n#### 58"],
    ["a rate", "She strings 150 minutes / 5 minutes/100 beads = 3 times.\n#### 3"],
    ["a part of a larger formula", "She adds 20 + 10 to the 29 + 24 beads already strung = 83 beads.\n#### 83"],
    ["an answer told in words", "She has 180/60=<<180/60=3>>3 boxes, so the answer is 7.\n#### 7"],
    ["an answer named beside its operand", "She has 8*2=<<8*2=16>>16 beads after 8 days.\n#### 8"],
    ["an answer that is no number", "She has 8*2=<<8*2=16>>16 beads.\n#### yes"],
  ])("is not blamed where the reading may be at fault: %s", (_, answer) => {
    expect(found(answer)).toEqual([]);
  });

  it("is looked for in every maths source", () => {
    const record = asdiv.record.parse({ "@ID": "own-1", Body: "Bo has 9 figs. He eats 3.", Question: "How many are left?", "Solution-Type": "Subtraction", Answer: "5 (figs)", Formula: "9-3=5" });
    const mapped = asdiv.map(record, { file: "own.xml", position: 1 });
    expect("skip" in mapped ? mapped : wrongPlaces(mapped.example).map(({ kind, gives }) => [kind, gives])).toEqual([["calculation", "6"]]);
  });

  it("stays quick whatever stands in a source", () => {
    const spent = processorTime();
    for (const text of [`${"1+".repeat(2_000)}1=3`, "9 ".repeat(50_000), `<<${"2*".repeat(80)}2=5>>`.repeat(30), `${"7 a".repeat(1_000)} = 3`]) found(`${text}\n#### 1`);
    expect(spent()).toBeLessThan(2_000);
  });
});

describe("the report", () => {
  it("says per kind what is said where and what comes out, within 80 columns", () => {
    const all = ["She has 14*20=140 beads.\n#### 280", "She has 48+16=<<48+16=64>>64 beads.\n#### 66"].flatMap((answer) => wrongPlaces(example(answer)).map((each) => ({ ...each, file: `/a/${"long/".repeat(30)}own.jsonl` })));
    const lines = wrongSourceLines(all);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "Places where a source contradicts itself: 2

      A calculation that does not hold: 1
        gsm8k/95a1e2a4d1665cdd#1  …long/long/long/long/long/long/long/long/own.jsonl:7
          14*20 = 140; it gives 280

      A gold answer that the last step does not give: 1
        gsm8k/95a1e2a4d1665cdd#1  …long/long/long/long/long/long/long/long/own.jsonl:7
          the answer is 66; the last step gives 64"
    `);
    expect(wrongSourceLines([])).toEqual(["No source contradicts itself."]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import gsm8k from "../../../converters/gsm8k/index.ts";
import { operationSubgoal } from "../../../converters/gsm8k/operation-subgoal.ts";
import { rulesKit } from "../../../pipelines/execution/kit.ts";
import { processorTime } from "../../support/processor-time.ts";

function subgoals(question: string, answer: string): string[] {
  const mapped = gsm8k.map({ question, answer }, { file: "own.jsonl", position: 1 });
  if ("skip" in mapped) throw new Error(mapped.skip);
  const outcome = gsm8k.rules.annotate(mapped.example, rulesKit);
  if ("skip" in outcome) throw new Error(outcome.skip);
  return outcome.plan.subgoals.map((subgoal) => subgoal.text);
}

/** The subgoal of a step in the middle of a plan of a task that names no one. */
const middle = (step: string): string | undefined => subgoals("What comes out of it?", `${step}\n900+1=<<900+1=901>>901\n#### 901`)[0];

describe("the sentence of a plain step", () => {
  it.each([
    ["Tove sold 30/5 = <<30/5=6>>6 baskets in May.", "Find how many baskets Tove sold in May."],
    ["Bong pays 18/60 = $<<18/60=0.3>>0.3 per minute.", "Find how much Bong pays per minute."],
    ["The total cost is 5+6 = $<<5+6=11>>11.", "Find the total cost."],
    ["There are 120-36 = <<120-36=84>>84 pages left", "Find how many pages are left."],
    ["So she was able to read a total of 12+24=<<12+24=36>>36 pages since yesterday", "Find the total number of pages she was able to read since yesterday."],
    ["First find the number of rows: 40 seats / 8 seats/row = <<40/8=5>>5 rows", "Find the number of rows."],
    ["Then divide that amount by 4 to find the share of each child: 48 / 4 = <<48/4=12>>12", "Find the share of each child."],
    ["Then multiply the number of rows by the number of seats: 5 * 8 = <<5*8=40>>40 seats", "Multiply the number of rows by the number of seats."],
    ["The rope costs $30 because 60 / 2 = <<60/2=30>>30", "Find how much the rope costs."],
    ["If Ulla has 8 cats and Bo twice as many, Bo has 8*2=<<8*2=16>>16 cats.", "Find how many cats Bo has."],
    ["In total, Ulla and Bo have 8+16=<<8+16=24>>24 cats.", "Find how many cats Ulla and Bo have in total."],
    ["40/2 = <<40/2=20>>20 children are ill.", "Find how many children are ill."],
    ["Tom's dog is 24/4 = <<24/4=6>>6 years old.", "Find how old Tom's dog is."],
    ["She gives 5 away, leaving 20-5=<<20-5=15>>15 apples", "Find how many apples are left."],
    ["It took 3*20=<<3*20=60>>60 minutes to dry.", "Find how many minutes it took to dry."],
    ["She bought 2 pounds of ham at $3.50 per pound so 2*3.50 = $<<2*3.5=7>>7.00", "Find how much she spent."],
    ["Ulla owns 0.25 x 100% = 25% of the land.", "Find what percentage of the land Ulla owns."],
    ["The number of eggs is 6*12=<<6*12=72>>72 eggs.", "Find the number of eggs."],
  ])("%s", (step, expected) => {
    expect(middle(step)).toBe(expected);
  });

  it.each([
    // What is left to say of a bare calculation: the operation and what it is done to.
    ["4 pears * $2 each = $<<4*2=8>>8", "Multiply four pears by $2 each."],
    ["10 hours * $12/hour = $<<10*12=120>>120", "Multiply ten hours by $12 per hour."],
    ["30 + 25 + 40 = <<30+25+40=95>>95", "Add 30, 25 and 40."],
    ["90 - 12 - 8 = <<90-12-8=70>>70", "Subtract twelve and eight from 90."],
    ["(6 + 9) / 3 = <<(6+9)/3=5>>5", "Add six and nine and divide the result by three."],
    ["80 * 25 / 100 = <<80*25/100=20>>20", "Find 25% of 80."],
    ["30 / 60 = <<30/60=.5>>.5", "Divide 30 by 60."],
    ["Thus 3 * 7 = <<3*7=21>>21 eggs", "Multiply three by seven to find the number of eggs."],
    // Unit, order and form.
    ["Ulla paints 60/5 = <<60/5=12>>12 tiles/minute.", "Find how many tiles per minute Ulla paints."],
    ["There are 100-40 = <<100-40=60>>60 percent of the hens left.", "Find what percentage of the hens are left."],
    ["So far he has sold 4+5 = <<4+5=9>>9 hats.", "Find how many hats he has sold so far."],
    ["The second day Ulla ate 6-2 = <<6-2=4>>4 plums.", "Find how many plums Ulla ate the second day."],
    ["She'll need 3*4 = <<3*4=12>>12 nails.", "Find how many nails she will need."],
    // What reads badly gives way to the operation.
    ["Bo finds how many rows five less than twelve rows is 12-5 = <<12-5=7>>7 rows.", "Subtract five from twelve to find the number of rows."],
  ])("%s", (step, expected) => {
    expect(middle(step)).toBe(expected);
  });

  it("calls an earlier result by what its subgoal finds", () => {
    expect(subgoals("Ulla has 3 crates of 6 pears. A pear costs $2. What do the pears cost in all?", "Ulla has 3*6=<<3*6=18>>18 pears.\n18*2=$<<18*2=36>>36\n36-1=<<36-1=35>>35\nThat is all.\n#### 35")).toEqual([
      "Find how many pears Ulla has.",
      "Multiply the number of pears Ulla has by $2.",
      "Find out what the pears cost in all.",
    ]);
  });

  it.each(["(", "1*", "1+(", "-", "(1+1)*"])("a formula of 100,000 times %j is fast", (piece) => {
    const spent = processorTime();
    expect(operationSubgoal(piece.repeat(100_000), () => null, new Set()).vague).toBe(true);
    expect(spent()).toBeLessThan(100);
  });

  it("takes a conclusion that follows in a line of its own", () => {
    expect(middle("2310 - 1470 = <<2310-1470=840>>840\nMirja read 840 more pages than Ulf.")).toBe("Find how many more pages Mirja read than Ulf.");
  });

  it("uses the task's question where the last step says too little", () => {
    expect(subgoals("Tove has 3 hens and 4 geese. How many birds does Tove have?", "3+4=<<3+4=7>>7\n#### 7")).toEqual(["Find how many birds Tove has."]);
  });

  it("names the only person of the task for he or she", () => {
    expect(subgoals("Jonas draws 4 maps a day. How many maps does he draw in 7 days?", "He draws 4*7=<<4*7=28>>28 maps in a week.\nSo 28\n#### 28")).toEqual(["Find how many maps Jonas draws in a week."]);
  });

  it("names no computed number, in figures or words", () => {
    const texts = subgoals("A gallon covers 400 feet and the wall has 3200 feet. A gallon costs $45. What does the paint cost?", "They need 3200/400=<<3200/400=8>>8 gallons.\nThe eight gallons cost 8*45=$<<8*45=360>>360.\n#### 360");
    expect(texts).toEqual(["Find how many gallons they need.", "Find how much the gallons cost."]);
  });
});

describe("the sentence of a socratic step", () => {
  it("is the sub-question as an instruction", () => {
    expect(subgoals("Bo has 8 cats and gets 4 more. How many does he have?", "How many cats does Bo have? ** Bo has 8+4=<<8+4=12>>12 cats.\n#### 12")).toEqual(["Find how many cats Bo has."]);
  });

  it("is the step's own where the next step answers the same sub-question", () => {
    const same = "How many cats are left? **";
    expect(subgoals("Bo has 8 cats, gets 4 more and gives 2 away. How many are left?", `${same} Bo then has 8+4=<<8+4=12>>12 cats.\n${same} There are 12-2=<<12-2=10>>10 cats left.\n#### 10`)).toEqual([
      "Find how many cats Bo then has.",
      "Find how many cats are left.",
    ]);
  });
});

it("every sentence is one: a capital, one final dot, three to twenty-five words, no calculation", () => {
  const word = fc.constantFrom("he", "So", "Tove", "sold", "is", "the", "cost", "of", "for a total of", "that's", "in May", ",", "eggs", "because", "which", "left", "$5", "7", "per day", "there are", ":", "find", "12");
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 8 }), fc.constantFrom("3*4 = <<3*4=12>>12", "3*4 = $<<3*4=12>>12", "3*4=12"), (before, after, calculation) => {
      const text = middle(`${before.join(" ")} ${calculation} ${after.join(" ")}`);
      expect(text).toMatch(/^\p{Lu}[^=*+<>\uE000\n]*[^.\s]\.$/u);
      const words = (text ?? "").split(" ").length;
      expect(words).toBeGreaterThanOrEqual(3);
      expect(words).toBeLessThanOrEqual(25);
    }),
    { numRuns: 300 },
  );
});

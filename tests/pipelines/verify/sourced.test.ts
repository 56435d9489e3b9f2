import { describe, expect, it } from "vitest";
import { parseValue } from "../../../pipelines/execution/parse-value.ts";
import { valueNumbers } from "../../../pipelines/verify/values.ts";
import { USUAL_CONSTANTS } from "../../../schemas/constants.ts";
import { codes, mathsExample, plan, verify } from "./examples.ts";

describe("usual constants", () => {
  it("are numbers, each once, each with its reason", () => {
    const values = USUAL_CONSTANTS.map(({ value }) => valueNumbers(parseValue(value)).map((number) => number.toFraction()).join());
    expect(values).not.toContain("");
    expect(new Set(values).size).toBe(values.length);
    for (const { reason } of USUAL_CONSTANTS) expect(reason.length).toBeGreaterThan(3);
  });

  it("leave out the small integers that mean nothing by themselves", () => {
    const values = new Set(USUAL_CONSTANTS.map(({ value }) => value));
    expect(["5", "6", "8", "9", "11", "13", "25"].filter((value) => values.has(value))).toEqual([]);
  });
});

describe("a number of a formula is sourced", () => {
  const rationale = ["Each of the 17 boxes holds 6 rows of 9, which is 6*9 = <<6*9=54>>54.", "Then 17*54 = <<17*54=918>>918 and 54 more would be 972."];
  const example = (task: string) => mathsExample(task, rationale, "918");
  const single = (formula: string) => plan("Find it.", `R1 = Calculator(${formula}) = 1`);

  it.each<[string, string, string, boolean]>([
    ["in digits", "There are 1,250 beads.", "1250 * 2", true],
    ["in words", "There are twenty-five beads.", "25 * 2", true],
    ["as half", "She keeps half of 50.", "50 * 0.5", true],
    ["as percent", "She keeps 45% of 50.", "50 * 0.45", true],
    ["as percent with its sign", "She keeps 45 percent of 50.", "50 * 45%", true],
    ["as a fraction's parts", "She keeps three-quarters of 50.", "50 * 3 / 4", true],
    ["as a dozen", "She buys a dozen.", "12 * 50", false],
    ["as cents", "Each costs 75 cents.", "0.75 * 2", true],
    ["with another sign", "It is 40 below zero.", "-40 + 2", true],
    ["only nearly", "There are 50 beads.", "51 * 2", false],
    ["as a percent of nothing", "There are 50 beads.", "50 * 45%", false],
    ["as a constant", "There are 50 beads.", "50 * 60 / 24 * 3.14", true],
    ["before the rationale yields it", "There are boxes.", "17 * 9", true],
    ["in the rationale as a result only", "There are 50 boxes.", "50 * 54", false],
    ["in the rationale as the gold answer", "There are 50 boxes.", "918 * 50 / 50", false],
    ["in the rationale after all", "There are 50 boxes.", "972 * 50", true],
  ])("where it stands %s: %j, %s", (_, task, formula, sourced) => {
    expect(codes(verify(single(formula), example(task))).includes("value.unsourced")).toBe(!sourced);
  });

  it("where it repeats an earlier result, also in percent", () => {
    const of = (formula: string) => plan("Find the share.", "R1 = Calculator(100 - 35) = 65", "Find the rest.", `R2 = Calculator(${formula}) = 130`);
    const shop = mathsExample("A shop takes 35% off a price of $200. What is the price now?", ["It is 130."], "130");
    for (const formula of ["200 * 65 / 100", "200 * 0.65", "200 * 65%"]) expect(verify(of(formula), shop).level).toBe("proven");
    expect(codes(verify(of("200 * 0.64"), shop))).toContain("value.unsourced");
  });

  it("but a repeated result carries what it rests on", () => {
    const year = mathsExample("How many days are that?", ["It takes 84 days."], "84");
    const of = plan("Begin.", "R1 = Calculator(12 * 7) = 84", "Give it.", "R2 = Calculator(84 + 0) = 84");
    const verdict = verify(of, year);
    expect(verdict.level).toBe("well_formed");
    expect(verdict.defects.map(({ code, message }) => `${code}: ${message}`)).toContain(
      "value.unsourced: The final result rests on usual constants alone: it must use a number of the task or the rationale.",
    );
  });

  it("but an answer that is itself a usual constant is copied where it rests on constants alone", () => {
    const clock = mathsExample("How many fit?", ["There are 12."], "12");
    expect(verify(plan("Give it.", "R1 = Calculator(12 + 0) = 12"), clock)).toMatchObject({ level: "well_formed", answer: "copied" });
    const told = mathsExample("A dozen fit and none more. How many fit?", ["There are 12."], "12");
    expect(verify(plan("Give it.", "R1 = Calculator(12 + 0) = 12"), told)).toMatchObject({ level: "proven", answer: "computed" });
  });

  it("and without an example nothing is said of it", () => {
    expect(codes(verify(single("918 * 77 / 1"), null))).not.toContain("value.unsourced");
  });
});

describe("a result that the rationale tells in words or as an equation's", () => {
  it.each<[string, string, string, boolean]>([
    ["equals", "Ten times 15 equals 150.", "150 * 2", false],
    ["is equal to", "Ten times 15 is equal to 150.", "150 * 2", false],
    ["told before its reason", "He used 150 feet because ten times 15 equals 150.", "150 * 2", false],
    ["leaving", "He takes 4 of them, leaving 44.", "44 * 2", false],
    ["gives", "Adding both gives 44.", "44 * 2", false],
    ["a usual constant by calculation", "It is because 2 times 2 equals four.", "4 * 50", false],
    ["a usual constant by algebra", "3s = 12, so s = <<4=4>>4.", "4 * 50", false],
    ["a usual constant as a fact behind another", "There are 3 of them and one foot is equal to 12 inches.", "12 * 50", true],
    ["a usual constant as a fact in a mark", "1h = <<60=60>>60min.", "60 * 50", true],
    ["a quotient that is worked out", "It is 235/1.25 = <<235/1.25=188>>188.", "188 * 2", false],
    ["a quotient in place of a fraction", "With 17/0.5 in a row.", "34 * 2", false],
    ["a fraction", "He uses 3/8 of it.", "0.375 * 2", true],
    ["a usual constant as a fact", "An hour equals 60 minutes.", "60 * 50", true],
    ["a fact of its own", "A spider has <<8=8>>8 legs.", "8 * 50", true],
    ["an operand behind the word", "It makes 35 * 2 = 70.", "35 * 2", true],
  ])("%s: %j", (_, rationale, formula, sourced) => {
    const of = plan("Find it.", `R1 = Calculator(${formula}) = 1`);
    expect(codes(verify(of, mathsExample("There are 50 of them.", [rationale], "7"))).includes("value.unsourced")).toBe(!sourced);
  });
});

describe("18 + 0 where 18 is the answer", () => {
  const duck = mathsExample("A duck lays 3 eggs a day for 6 days. How many eggs does it lay?", ["It lays 3*6 = <<3*6=18>>18 eggs.", "So 18 is the answer."], "18");

  it.each([["18 + 0"], ["18 * 1"], ["36 / 2 - 0 * 18"], ["18"]])("proves nothing as %s", (formula) => {
    const verdict = verify(plan("Give it.", `R1 = Calculator(${formula}) = 18`), duck);
    expect(verdict).toMatchObject({ level: "well_formed", answer: "copied" });
    expect(codes(verdict)).toEqual(expect.arrayContaining(["value.unsourced", "answer.copied"]));
  });

  it("is proven once it is derived", () => {
    expect(verify(plan("Multiply.", "R1 = Calculator(3 * 6) = 18", "Give it.", "R2 = Calculator(18 + 0) = 18"), duck).level).toBe("proven");
  });

  it("is not copied by a number beside the answer's way", () => {
    const of = plan("Note it.", "R1 = Define(18) = 18", "Multiply.", "R2 = Calculator(3 * 6) = 18");
    expect(verify(of, duck)).toMatchObject({ level: "aligned", answer: "computed" });
  });
});

import { describe, expect, it } from "vitest";
import type { Plan } from "../../../schemas/plan.ts";
import { processorTime } from "../../support/processor-time.ts";
import { codes, mathsExample, plan, verify } from "./examples.ts";

const COWS = mathsExample(
  "A farmer has 5 cows and 6 bales for each; 18 bales are gone. How many bales are left?",
  ["There were 5*6 = <<5*6=30>>30 bales.", "Left are 30-18 = <<30-18=12>>12."],
  "12",
);
const BULBS = mathsExample(
  "The front bed has 48 tulip bulbs, the back bed half of that. How many bulbs are in both beds?",
  ["The back bed has 48/2 = <<48/2=24>>24.", "Both have 48+24 = <<48+24=72>>72."],
  "72",
);
const only = (formula: string, result: string): Plan => plan("Give it.", `R1 = Calculator(${formula}) = ${result}`);

describe("an answer that does not depend on the task", () => {
  it.each<[string, Plan, typeof COWS]>([
    ["added and taken away", only("12 + 5 - 5", "12"), COWS],
    ["times nothing", only("12 + 0 * 5", "12"), COWS],
    ["times what is one by chance", only("12 * (6 - 5)", "12"), COWS],
    ["the nothing of an earlier result", plan("Multiply.", "R1 = Calculator(5 * 6) = 30", "Give it.", "R2 = Calculator(12 + 0 * R1) = 12"), COWS],
    ["an earlier result written as a number", plan("Multiply.", "R1 = Calculator(5 * 6) = 30", "Give it.", "R2 = Calculator(12 + R1 - 30) = 12"), COWS],
    ["defined first", plan("Define it.", "R1 = Define(12) = 12", "Give it.", "R2 = Calculator(R1 * (6 - 5)) = 12"), COWS],
    ["put together first", plan("Halve.", "R1 = Calculator(24 / 2) = 12", "Give it.", "R2 = Calculator(R1 * (6 - 5)) = 12"), COWS],
    ["the smallest", only("min(12, 18)", "12"), COWS],
    ["another constant times nothing", only("48 * 0 + 60 + 12", "72"), BULBS],
    ["to the power of nothing", only("48 ^ 0 * 2 * 36", "72"), BULBS],
    ["divided by itself", only("48 / 48 * 2 * 36", "72"), BULBS],
    ["beside nothing", only("2 * 36 + (48 - 48) / 100", "72"), BULBS],
    ["constants times what is one by chance", only("24 / 2 * (6 - 5)", "12"), COWS],
    ["constants and an ordinal", only("60 + 1", "61"), mathsExample("On the first day Pat has 39 cards, later 22 more. How many?", ["It is 39+22 = <<39+22=61>>61."], "61")],
    ["constants and a word", only("36 + 4 + 1", "41"), mathsExample("Half of the 25 boys and a rectangle of 16 girls: how many children?", ["It is 25+16 = <<25+16=41>>41."], "41")],
    ["constants beside a small number of the task", only("60 + 1", "61"), mathsExample("On 1 day Pat has 39 cards, later 22 more. How many?", ["It is 39+22 = <<39+22=61>>61."], "61")],
    ["a constant between", only("48 + 31 - 48", "31"), { ...BULBS, answer: "31", rationale: "It is 31.", gold_steps: [{ id: "gsm8k/test#1", text: "It is 31." }] }],
  ])("is copied: %s", (_, of, example) => {
    const verdict = verify(of, example);
    expect(verdict.answer).toBe("copied");
    expect(codes(verdict)).toEqual(expect.arrayContaining(["value.unsourced", "answer.copied"]));
    expect(["well_formed", "aligned"]).toContain(verdict.level);
  });

  it.each<[string, Plan, typeof COWS]>([
    ["by the source's way", plan("Multiply.", "R1 = Calculator(5 * 6) = 30", "Take away.", "R2 = Calculator(R1 - 18) = 12"), COWS],
    ["with the gold answer as a constant", only("36 / 12 * 4", "12"), mathsExample("He saves $36 a year, every month alike. How much in 4 months?", ["It is 12."], "12")],
    ["rounded", only("75 // 6", "12"), mathsExample("Bags hold 6; there are 75 pears. How many are full?", ["It is 12."], "12")],
    ["by choice", plan("Choose.", 'R1 = Code("Ann" if 5 < 6 else "Bo") = Ann'), mathsExample("Ann has 5 and Bo has 6. Who has less?", ["It is Ann."], "Ann")],
    ["of two like numbers", only("2 - 2", "0"), mathsExample("Ann has two pens and Bo has two pens. How many more has Ann?", ["It is 0."], "0")],
    ["by a constant that an earlier result happens to be", plan("Multiply.", "R1 = Calculator(50 * 200) = 10000", "In dollars.", "R2 = Calculator(R1 / 100) = 100"), mathsExample("An egg costs 50 cents. What do 200 eggs cost?", ["It is 100."], "100")],
    ["by an earlier result written as a number", plan("Multiply.", "R1 = Calculator(5 * 6) = 30", "Take away.", "R2 = Calculator(30 - 18) = 12"), COWS],
    ["of constants only, as the source does", only("12 * 2", "24"), mathsExample("How many months have two years, and how many hours a day? Ann is 39.", ["It is 12*2 = <<12*2=24>>24."], "24")],
    ["of words only", only("2 * 12", "24"), mathsExample("Twice a dozen: how many?", ["It is 24."], "24")],
    ["by small numbers of the task alone", only("3 * 4", "12"), mathsExample("3 boxes of 4 for $75. How many?", ["It is 12."], "12")],
    ["by counting", plan("Count.", "R1 = Count([5, 7, 9]) = 3"), mathsExample("How many odd numbers are in 5, 6, 7 and 9?", ["It is 3."], "3")],
  ])("is proven where it does: %s", (_, of, example) => {
    expect(verify(of, example)).toMatchObject({ level: "proven", answer: "computed" });
  });

  it("says which", () => {
    const said = (of: Plan, example: typeof COWS) => verify(of, example).defects.find(({ code }) => code === "value.unsourced")?.message;
    expect(said(only("12 * (6 - 5)", "12"), COWS)).toMatchInlineSnapshot(`"Number 12 in subgoal 1 action 1 is the gold answer, from usual constants alone, and the final result only repeats it: derive it from the task."`);
    expect(said(only("48 * 0 + 60 + 12", "72"), BULBS)).toMatchInlineSnapshot(`"The final result depends on no number of the task or the rationale: those it uses could be any others."`);
  });

  it("is judged in a moment in long plans, and in formulas of many numbers", () => {
    const chain = ["R1 = Calculator(5 - 5) = 0", ...Array.from({ length: 3_000 }, (_, index) => `R${index + 2} = Calculator(R${index + 1} * 6) = 0`)];
    const many = Array.from({ length: 300 }, (_, index) => `${index + 5} * 0`).join(" + ");
    const spent = processorTime();
    verify(plan("Go.", ...chain), COWS);
    verify(only(many, "0"), { ...COWS, task: Array.from({ length: 320 }, (_, index) => String(index)).join(" ") });
    expect(spent()).toBeLessThan(6_000);
  });
});

describe("a tool that can't be run here proves nothing in maths", () => {
  it.each<[string, Plan]>([
    ["at the end", plan("Give it.", "R1 = Code(def f(): return 48 - 48/2) = 72")],
    ["as a condition", plan("Halve.", "R1 = Calculator(48 / 2) = 24", "Solve it.", "R2 = SolveInequality(x > 48 - R1) = 72")],
    ["as an equation of words", plan("Halve.", "R1 = Calculator(48 / 2) = 24", "Solve it.", "R2 = SolveEquation(the sum of 48 and R1) = 72")],
    ["in the middle", plan("Halve.", "R1 = Code(half of 48) = 24", "Add.", "R2 = Calculator(48 + R1) = 72")],
  ])("%s", (_, of) => {
    const verdict = verify(of, BULBS);
    expect(verdict.evidence.matched).toBe(0);
    expect(verdict.level).not.toBe("proven");
  });
});

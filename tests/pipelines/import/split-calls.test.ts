import { describe, expect, it } from "vitest";
import { divideCalls } from "../../../pipelines/import/divide-calls.ts";
import { splitCalls } from "../../../pipelines/import/split-calls.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("the calls of a ground row", () => {
  it.each([
    ["R1 = Calculator(2 + 2)", ["R1 Calculator 2 + 2"]],
    ["R1 = Calculator(2); R2 = Calculator(R1 * (3 + 1))", ["R1 Calculator 2", "R2 Calculator R1 * (3 + 1)"]],
    ["R1, R2 = SolveEquation(x^2 = 4; x > 0); Output = Count([R1, R2])", ["R1,R2 SolveEquation x^2 = 4; x > 0", "Output Count [R1, R2]"]],
    ["R1 = QA([R0], Question: Is it a) or b)?); R2 = QA([R1], Question: Why :-(?)", ["R1 QA [R0], Question: Is it a) or b)?", "R2 QA [R1], Question: Why :-(?"]],
    ["R1 = SolveInequality(x in [0, 1)); R2 = Count(R1)", ["R1 SolveInequality x in [0, 1)", "R2 Count R1"]],
    ["R1 = QA([R0, Question: (open?; R2 = 3); R3 = Code(f(x))", ["R1 QA [R0, Question: (open?; R2 = 3", "R3 Code f(x)"]],
    ["R1 = Calculator(2).; R2 = Calculator(3).", ["R1 Calculator 2", "R2 Calculator 3"]],
    ["R1 = CLICK(Env, QUERY: [link]  a; b); R2 = TYPE(R1, QUERY: [textbox]  x, TEXT: R3 = 1)", ["R1 CLICK Env, QUERY: [link]  a; b", "R2 TYPE R1, QUERY: [textbox]  x, TEXT: R3 = 1"]],
    ["R13 = (R9)", ["R13  R9"]],
    ["", []],
    ["nothing of the kind", ["nothing of the kind  "]],
  ])("are told apart in %j", (text, expected) => {
    expect(splitCalls(text).map(({ outputs, tool, args }) => `${outputs.join(",")} ${tool} ${args}`)).toEqual(expected);
  });

  it.each(["R1 = Calculator(", "R1 = Calculator(1); ", "); R1 = C(", "(", ")", "; ", "R1, ", "=", " "])("are read soon in 100,000 characters of %j", (piece) => {
    const spent = processorTime();
    splitCalls(piece.repeat(Math.ceil(100_000 / piece.length)));
    expect(spent()).toBeLessThan(1500);
  });
});

describe("the calls of a onetime row and their subgoals", () => {
  const divided = (calls: string, results: (string | null)[]) => {
    const made = divideCalls(splitCalls(calls), results, "maths");
    return `${made.calls.map((own) => own.map(({ outputs }) => outputs.join("")).join(" ")).join(" | ")}${made.guessed ? " ?" : ""}`;
  };

  it.each([
    ["one each where there are as many", "R1 = Calculator(1 + 1); R2 = Calculator(R1 + 1)", [null, null], "R1 | R2"],
    ["all to the only one", "R1 = Calculator(1 + 1); R2 = Calculator(R1 + 1)", [null], "R1 R2"],
    ["where the told results come out", "R1 = Calculator(2 + 4); R2 = Calculator(3 * 4); R3 = Calculator(R1 + R2); R4 = Calculator(R3 - 4)", ["18", "14"], "R1 R2 R3 | R4"],
    ["the same with results in words", "R1 = Calculator(2 + 4); R2 = Calculator(3 * 4); R3 = Calculator(R1 + R2)", ["6.0", "18"], "R1 | R2 R3"],
    ["behind what only prepares", "R1 = SetEquation(x + 1 = 3); R2 = SolveEquation(R1); R3 = SetEquation(y = 2); R4 = SolveEquation(R3)", [null, null], "R1 R2 | R3 R4"],
    ["rather not within a chain, and said to be a guess", "R1 = Calculator(1 + 1); R2 = Calculator(R1 + 1); R3 = Calculator(5 + 5)", [null, null], "R1 R2 | R3 ?"],
    ["as far as there are any", "R1 = Calculator(1 + 1)", [null, null], "R1 ?"],
  ])("belong together %s", (_, calls, results, expected) => {
    expect(divided(calls, results)).toBe(expected);
  });

  it("are divided soon however many there are", () => {
    const spent = processorTime();
    const many = Array.from({ length: 3000 }, (_, i) => `R${i + 1} = Calculator(1 + 1)`).join("; ");
    expect(divideCalls(splitCalls(many), Array.from({ length: 900 }, () => "2"), "maths").calls).toHaveLength(900);
    expect(spent()).toBeLessThan(1500);
  });
});

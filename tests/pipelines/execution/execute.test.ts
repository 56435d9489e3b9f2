import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executePlan, type ExecutedAction } from "../../../pipelines/execution/execute.ts";
import { rulesKit } from "../../../pipelines/execution/kit.ts";
import { printNumber, printValue } from "../../../pipelines/execution/value.ts";
import { parseArgs } from "../../../pipelines/plan/args.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import type { Domain } from "../../../schemas/domain.ts";
import type { Plan } from "../../../schemas/plan.ts";

/** One subgoal of actions `R1 = Calculator(2 + 3) = 5`; only the first `=` parts the outputs, only the last ` ==> ` the result. */
function plan(...lines: readonly string[]): Plan {
  const actions = lines.map((line) => {
    const match = /^(.*?) = (\w+)\((.*)\)(?: ==> (.*))?$/.exec(line);
    if (match === null) throw new Error(`Not an action: ${line}`);
    const [, outputs = "", tool = "", args = "", result = ""] = match;
    return { outputs: outputs.split(", "), tool, args: parseArgs(args), result };
  });
  return { subgoals: [{ text: "Work it out.", actions }] };
}

function run(lines: readonly string[], domain: Domain = "maths"): ExecutedAction[] {
  return executePlan(plan(...lines), domain).actions;
}

function last(lines: readonly string[], domain: Domain = "maths"): ExecutedAction {
  const action = run(lines, domain).at(-1);
  if (action === undefined) throw new Error("No action.");
  return action;
}

describe("a claimed result", () => {
  it.each([
    [["R1 = Calculator(2 + 3) ==> 5"], "computed"],
    [["R1 = Calculator(2 + 3) ==> 6"], "contradicted"],
    [["R1 = Calculator(2 + 3)"], null],
    [["R1 = Calculator(10 / 3) ==> 3.33"], "computed"],
    [["R1 = Calculator(10 / 3) ==> 3.3"], "contradicted"],
    [["R1 = Calculator(10 / 3) ==> 10/3"], "computed"],
    [["R1 = Calculator(757 / 65) ==> 11 r42"], "computed"],
    [["R1 = Calculator(757 / 65) ==> 11 r43"], "contradicted"],
    [["R1 = Calculator(757 / 65) ==> 10 r107"], "contradicted"],
    [["R1 = Calculator(5 / 20 * 100) ==> 25%"], "computed"],
    [["R1 = Calculator(5 / 20) ==> 25%"], "computed"],
    [["R1 = Calculator(5 + 20) ==> 25%"], "contradicted"],
    [["R1 = Calculator(3 > 2) ==> True"], "computed"],
    [["R1 = Calculator(3 > 2) ==> False"], "contradicted"],
    [["R1 = Calculator(2n + 3) ==> 2n + 3"], "computed"],
    [["R1 = Calculator(2x + 3x) ==> 5x"], "computed"],
    [["R1 = Calculator(2x + 3x) ==> 6x"], "contradicted"],
    [["R1 = Calculator((x + 1)^2) ==> x^2 + 2x + 1"], "computed"],
    [["R1 = Calculator(2x + 3x) ==> ten"], "claimed"],
    [["R1 = Calculator(sqrt(12)) ==> 2\\sqrt{3}"], "computed"],
    [["R1 = Calculator(sqrt(12)) ==> 3.46"], "computed"],
    [["R1 = Calculator(sqrt(12)) ==> 3√2"], "contradicted"],
    [["R1 = Calculator(π * 3^2) ==> 9\\pi"], "computed"],
    [["R1 = Calculator(π * 3^2) ==> 9"], "contradicted"],
    [["R1 = Define(4) ==> 4"], "computed"],
    [["R1 = Define(4) ==> 5"], "contradicted"],
    [["R1 = Define(x) ==> x"], "computed"],
    [["R1 = Define(the number of apples) ==> x"], "claimed"],
    [["R1 = Count([2, 3, 5, 7]) ==> 4"], "computed"],
    [["R1 = Count(Ann, Bob, Carl) ==> 2"], "contradicted"],
    [["R1 = Count([1, 3, ..., 99]) ==> 50"], "computed"],
    [["R1 = Count([1, ..., 10]) ==> 10"], "computed"],
    [["R1 = Count([1, 2, 4, ..., 64]) ==> 7"], "computed"],
    [["R1 = Count([1, 2, 4, ..., 63]) ==> 7"], "claimed"],
    [["R1 = Define([2, 3, 4]) ==> [2, 3, 4]", "R2 = Count(R1) ==> 3"], "computed"],
    [["R1 = Code(if 3 > 2: return 1) ==> 1"], "computed"],
    [["R1 = Code(if 3 > 2: return 1) ==> 2"], "contradicted"],
    [["R1 = Code(some steps of a person) ==> 2"], "claimed"],
    [["R1 = Calculator(R9 + 1) ==> 5"], "claimed"],
    [["R1 = SetEquation(4 * x = 8) ==> 4x = 8"], "computed"],
    [["R1 = SetEquation(4 * x = 8) ==> x = 2"], "computed"],
    [["R1 = SetEquation(4 * x = 8) ==> x = 3"], "claimed"],
    [["R1 = SolveEquation(4 * x = 8) ==> 2"], "computed"],
    [["R1 = SolveEquation(4 * x = 8, x) ==> x = 2"], "computed"],
    [["R1 = SolveEquation(4 * x = 8) ==> 3"], "contradicted"],
    [["R1 = SolveEquation(x^2 = 4) ==> 2"], "claimed"],
    [["R1 = SolveEquation(x = x) ==> 2"], "claimed"],
    [["R1, R2 = SolveEquation(x + y = 72, 6x + 9y = 480) ==> 56, 16"], "computed"],
    [["R1, R2 = SolveEquation(x + y = 72, 6x + 9y = 480, y, x) ==> 16; 56"], "computed"],
    [["R1, R2 = SolveEquation(x + y = 72, 6x + 9y = 480) ==> 16, 56"], "contradicted"],
  ] as const)("%j is %s", (lines, evidence) => {
    expect(last(lines).evidence).toBe(evidence);
  });

  it("holds if it follows from exact inputs, or from the inputs as the plan rounded them", () => {
    const rounded = run(["R1 = Calculator(10 / 3) ==> 3.33", "R2 = Calculator(R1 * 3) ==> 9.99"]);
    expect(rounded.map((each) => each.evidence)).toEqual(["computed", "computed"]);
    expect(rounded[1]).toMatchObject({ computed: "10", note: "equal with the inputs as claimed" });
    expect(last(["R1 = Calculator(10 / 3) ==> 3.33", "R2 = Calculator(R1 * 3) ==> 10"]).evidence).toBe("computed");
    expect(last(["R1 = Calculator(10 / 3) ==> 3.33", "R2 = Calculator(R1 * 3) ==> 9.9"]).evidence).toBe("contradicted");
  });

  it("goes on from the exact value after a contradicted one, and from the claimed one", () => {
    const wrong = ["R1 = Calculator(2 + 2) ==> 5"];
    expect(last([...wrong, "R2 = Calculator(R1 + 1) ==> 5"]).evidence).toBe("computed");
    expect(last([...wrong, "R2 = Calculator(R1 + 1) ==> 6"]).evidence).toBe("computed");
    expect(last([...wrong, "R2 = Calculator(R1 + 1) ==> 7"]).evidence).toBe("contradicted");
  });

  it("of a question is claimed, and a comparison over it is computed, also inside words", () => {
    const qa = (n: number, answer: string): string => `R${n} = QA([R9], Question: How tall is it?) ==> ${answer}`;
    expect(last([qa(1, "906")], "complex_qa").evidence).toBe("claimed");
    expect(last([qa(1, "906 feet"), qa(2, "about 1,250 feet"), "R3 = Calculator(R2 > R1) ==> True"], "complex_qa").evidence).toBe("computed");
    expect(last([qa(1, "906 feet"), qa(2, "about 1,250 feet"), "R3 = Calculator(R2 > R1) ==> False"], "complex_qa").evidence).toBe("contradicted");
    expect(last([qa(1, "very tall"), "R2 = Calculator(R1 > 5) ==> True"], "complex_qa")).toMatchObject({ evidence: "claimed", note: "R1 is no number." });
    expect(last([qa(1, ""), "R2 = Calculator(R1 > 5) ==> True"], "complex_qa").evidence).toBe("claimed");
  });

  it("solves an equation that was set up in steps", () => {
    const actions = run(["R1 = Calculator(8 * 1) ==> 8", "R2 = Define(x) ==> x", "R3 = SetEquation(4 * R2 = R1) ==> 4 * x = 8", "R4 = SolveEquation(R3, R2) ==> 2", "R5 = Calculator(12 * R4) ==> 24"]);
    expect(actions.map((each) => each.evidence)).toEqual(["computed", "computed", "computed", "computed", "computed"]);
  });

  it("into several variables gives each its own", () => {
    const action = last(["R1, R2 = SolveEquation(x + y = 72, x - y = 40) ==> 56, 16", "R3 = Calculator(R1 - R2) ==> 40"]);
    expect(action.evidence).toBe("computed");
  });

  it("of a tool of another domain, or with malformed arguments, is not run", () => {
    expect(last(["R1 = Calculator(2 + 3) ==> 6"], "web_agent").evidence).toBe("claimed");
    expect(last(["R1 = Calculator(2, 3) ==> 6"]).evidence).toBe("claimed");
  });
});

describe("the trace of an action", () => {
  it("says where it is, what it wrote and what it computed", () => {
    const action = last(["R1 = Calculator(2 * 20) ==> 40", "R2 = Calculator((R1 + 2) * 10%) ==> 4.2"]);
    expect(action).toMatchObject({ subgoal: 1, action: 2, outputs: ["R2"], claimed: "4.2", computed: "4.2", refs: ["R1"] });
    expect(action.literals.map((each) => each.text)).toEqual(["2", "10%"]);
    expect(action.subvalues.map((each) => [printNumber(each.value), each.operands.map(printNumber)])).toEqual([
      ["42", ["40", "2"]],
      ["4.2", ["42", "0.1"]],
      ["4.2", ["40", "2", "0.1"]],
    ]);
    expect(action.value === null ? null : printValue(action.value)).toBe("4.2");
  });

  it.each([
    [["R1 = Calculator(2 + 2) ==> 5"], "exec.mismatch", "R1 = Calculator(2 + 2) is 4, but the plan says 5."],
    [["R1 = Calculator(2 + 2) ==> 4", "R2 = Calculator(R1 / 3) ==> 1.3"], "exec.mismatch", "R2 = Calculator(R1 / 3), that is 4 / 3, is 4/3, but the plan says 1.3."],
    [["R1 = Calculator(2 / 0) ==> 5"], "exec.error", "R1 = Calculator(2 / 0) can't be run: Division by zero."],
    [["R1 = Calculator(1,5 + 2) ==> 3.5"], "exec.error", "R1 = Calculator(1,5 + 2) can't be run: Unexpected ',' at 2: expected an operator or the end."],
    [["R1 = Calculator(9^9^9^9) ==> 5"], "exec.limit", "R1 = Calculator(9^9^9^9) can't be run: A number grows beyond 500 digits."],
    [["R1, R2 = Calculator(2 + 3) ==> 5, 5"], "exec.error", "R1, R2 = Calculator(2 + 3) can't be run: Calculator gives one result, not 2."],
  ])("%j has the defect %s", (lines, code, message) => {
    expect(last(lines).defect).toEqual({ code, severity: "error", subgoal: 1, action: lines.length, message });
  });

  it("is total and has one entry an action, whatever a plan says", () => {
    const tool = fc.constantFrom<string>("Calculator", "Define", "Count", "SetEquation", "SolveEquation", "Code", "QA", "Nonsense", "__proto__");
    const text = fc.oneof(fc.string(), fc.constantFrom("1 / 0", "[1, ..., 5]", "x = 2y", "2, 3", "((", "9^9^9", "constructor"));
    const action = fc.record({ outputs: fc.constantFrom<string[]>(["R1"], ["R2", "R3"], ["Output"]), tool, args: text.map(parseArgs), result: text });
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 6 }), (actions) => {
        const executed = executePlan({ subgoals: [{ text: "Work it out.", actions }] }, "maths").actions;
        return executed.length === actions.length && executed.every((each) => each.evidence !== "contradicted" || each.defect?.code === "exec.mismatch");
      }),
      { numRuns: 500 },
    );
  });
});

describe("what rules are lent", () => {
  it.each([
    ["3*(2+1)", "9"],
    ["20%*5", "1"],
    ["gcd(4, 6)", "2"],
    ["1/3", "1/3"],
    ["2.50*4", "10"],
    ["sqrt(2)", null],
    ["3 > 2", null],
    ["x + 1", null],
    ["1/0", null],
  ])("evaluates %s to %s", (formula, value) => {
    expect(rulesKit.evaluate(formula)).toBe(value);
  });
});

const RECORDED = "../shared/recorded/responses.jsonl";

describe.skipIf(!existsSync(RECORDED))(`plans a model wrote (skipped where ${RECORDED} is absent)`, () => {
  it("run without a contradiction or an error", () => {
    const defects: string[] = [];
    let computed = 0;
    for (const line of readFileSync(RECORDED, "utf8").trim().split("\n")) {
      const { response, dataset } = JSON.parse(line) as { response: string; dataset: string };
      const parsed = parsePlan(response).plan;
      if (parsed === null) continue;
      for (const action of executePlan(parsed, dataset === "strategyqa" ? "complex_qa" : "maths").actions) {
        if (action.evidence === "computed") computed += 1;
        if (action.defect !== undefined) defects.push(action.defect.message);
      }
    }
    expect(computed).toBeGreaterThan(100);
    expect(defects).toEqual([]);
  });
});

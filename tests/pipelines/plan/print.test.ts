import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlan, planFromJson } from "../../../pipelines/plan/parse.ts";
import { planToJson, printPlan } from "../../../pipelines/plan/print.ts";
import { parseArgs } from "../../../pipelines/plan/args.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { anyText, arbitraryPlan, asResult } from "./arbitrary.ts";

const PLAN: Plan = {
  subgoals: [
    {
      text: "Solve the equation for both roots.",
      actions: [
        { outputs: ["R1"], tool: "SetEquation", args: ["(x - 6) / 13 = 2"], result: "(x - 6) / 13 = 2" },
        { outputs: ["R2", "R3"], tool: "SolveEquation", args: [{ ref: "R1" }], result: "-9/8, -3/5" },
      ],
    },
    { text: "Add them.", actions: [{ outputs: ["Output"], tool: "Calculator", args: [{ ref: "R2" }, " + ", { ref: "R3" }], result: "" }] },
  ],
};

describe("a printed plan", () => {
  it("has the text spelling", () => {
    expect(printPlan(PLAN)).toMatchInlineSnapshot(`
      "Subgoal 1: Solve the equation for both roots.
      Action 1-1: R1 = SetEquation((x - 6) / 13 = 2) = (x - 6) / 13 = 2
      Action 1-2: R2, R3 = SolveEquation(R1) = -9/8, -3/5

      Subgoal 2: Add them.
      Action 2-1: Output = Calculator(R2 + R3)"
    `);
  });

  it("has the JSON spelling", () => {
    expect(printPlan(PLAN, "json")).toMatchInlineSnapshot(`"{"subgoals":[{"text":"Solve the equation for both roots.","actions":[{"outputs":["R1"],"tool":"SetEquation","args":"(x - 6) / 13 = 2","result":"(x - 6) / 13 = 2"},{"outputs":["R2","R3"],"tool":"SolveEquation","args":"R1","result":"-9/8, -3/5"}]},{"text":"Add them.","actions":[{"outputs":["Output"],"tool":"Calculator","args":"R2 + R3","result":""}]}]}"`);
  });

  it.each(["text", "json"] as const)("in %s is parsed to the same plan without a defect", (spelling) => {
    fc.assert(
      fc.property(arbitraryPlan(), (plan) => {
        expect(parsePlan(printPlan(plan, spelling))).toEqual({ plan, spelling, defects: [] });
      }),
      { numRuns: 1500 },
    );
  });

  it("in JSON is parsed to the same plan whatever the brackets in it", () => {
    fc.assert(
      fc.property(anyText(), anyText(), (args, text) => {
        const plan = onePlan(args, asResult(text));
        expect(parsePlan(printPlan(plan, "json"))).toEqual({ plan, spelling: "json", defects: [] });
      }),
    );
  });

  it("in text is parsed to the same plan with unpaired brackets too, where no other place could close the call", () => {
    const other = /\)[\s.]*(?:=|$)/;
    fc.assert(
      fc.property(
        anyText().filter((text) => !other.test(text)),
        anyText().map((text) => asResult(text)).filter((text) => !other.test(text)),
        (args, result) => {
          const plan = onePlan(args, result);
          expect(parsePlan(printPlan(plan))).toEqual({ plan, spelling: "text", defects: [] });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("keeps arguments that run over several lines", () => {
    const { plan } = planFromJson({
      subgoals: [{ text: "Run it.", actions: [{ outputs: ["R1"], tool: "Code", args: "def f(x):\r\n  return (x + 1) = 2\n\n\nf(3)", result: "4" }] }],
    });
    if (plan === null) throw new Error("no plan");
    expect(printPlan(plan)).toBe("Subgoal 1: Run it.\nAction 1-1: R1 = Code(def f(x):\n  return (x + 1) = 2\nf(3)) = 4");
    expect(parsePlan(printPlan(plan))).toEqual({ plan, spelling: "text", defects: [] });
  });

  it("goes through its JSON value unchanged", () => {
    fc.assert(fc.property(arbitraryPlan(), (plan) => {
      expect(planFromJson(planToJson(plan)).plan).toEqual(plan);
    }));
  });
});

function onePlan(args: string, result: string): Plan {
  return { subgoals: [{ text: "Do it.", actions: [{ outputs: ["R1"], tool: "QA", args: parseArgs(args), result }] }] };
}

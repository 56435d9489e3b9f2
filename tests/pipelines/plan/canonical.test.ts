import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPlan } from "../../../pipelines/plan/canonical.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { processorTime } from "../../support/processor-time.ts";
import { arbitraryPlan } from "./arbitrary.ts";

const canonicalText = (reply: string): string => {
  const { plan } = parsePlan(reply);
  if (plan === null) throw new Error("no plan");
  return canonicalPlan(plan);
};
const canonical = (actions: string): string =>
  canonicalText(`Subgoal 1: Do it.\n${actions.split("\n").map((action, i) => `Action 1-${i + 1}: ${action}`).join("\n")}`);

describe("the canonical form", () => {
  it("is the same under any renaming of the variables", () => {
    fc.assert(
      fc.property(arbitraryPlan(), fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { minLength: 90, maxLength: 90 }), (plan, numbers) => {
        const names = new Map<string, string>();
        const rename = (variable: string): string => {
          const name = names.get(variable) ?? `R${numbers[names.size]}`;
          names.set(variable, name);
          return name;
        };
        expect(canonicalPlan(renamed(plan, rename))).toBe(canonicalPlan(plan));
      }),
    );
  });

  it.each([
    ["R1 = Calculator(1,000 * 2) = 2,000", "R7 = Calculator(1000.0*2) = 2000"],
    ["R1 = Calculator(.50 * 2) = 1", "R1 = Calculator( 0.5  *  2 ) = 1.00"],
    ["R1 = Calculator(2) = 2\nR2 = Calculator(R1 + 1) = 3", "R3 = Calculator(2) = 2\nOutput = Calculator(R3 + 1) = 3"],
  ])("of %j and %j is one", (a, b) => {
    expect(canonical(a)).toBe(canonical(b));
  });

  it.each([
    ["another number", "R1 = Calculator(2 + 10) = 12", "R1 = Calculator(2 + 1) = 12"],
    ["another result", "R1 = Calculator(2 + 1) = 3", "R1 = Calculator(2 + 1) = 4"],
    ["another tool", "R1 = Calculator(2) = 2", "R1 = Define(2) = 2"],
    ["another operand", "R1 = Define(2) = 2\nR2 = Define(3) = 3\nR3 = Calculator(R1 * 2) = 4", "R1 = Define(2) = 2\nR2 = Define(3) = 3\nR3 = Calculator(R2 * 2) = 4"],
    ["a list of numbers for one number", "R1 = Count(1,20) = 2", "R1 = Count(120) = 2"],
    ["a reference for its name", "R1 = Define(2) = 2\nR2 = QA(R1) = 2", "R1 = Define(2) = 2\nR2 = QA(xR1) = 2"],
  ])("differs for %s", (_what, a, b) => {
    expect(canonical(a)).not.toBe(canonical(b));
  });

  it("counts the sentences of subgoals but for case, white space and final dot, and where they divide the actions", () => {
    const one = "Subgoal 1: Add the apples.\nAction 1-1: R1 = Define(2) = 2\nAction 1-2: R2 = Define(3) = 3";
    expect(canonicalText(one)).toBe(canonicalText(one.replace("Add the apples.", "ADD  the apples")));
    expect(canonicalText(one)).not.toBe(canonicalText(one.replace("apples", "pears")));
    expect(canonicalText(one)).not.toBe(canonicalText(one.replace("\nAction 1-2", "\nSubgoal 2: Add the apples.\nAction 2-1")));
  });

  it("takes linear time", () => {
    const spent = processorTime();
    for (const piece of ["1,111", "1.", ",111", " ", "9", "(1 "]) {
      canonicalPlan({ subgoals: [{ text: "A.", actions: [{ outputs: ["R1"], tool: "QA", args: [`${piece.repeat(100_000)}x`], result: "1" }] }] });
    }
    expect(spent()).toBeLessThan(3000);
  });
});

function renamed(plan: Plan, rename: (variable: string) => string): Plan {
  return {
    subgoals: plan.subgoals.map((subgoal) => ({
      ...subgoal,
      actions: subgoal.actions.map((action) => ({
        ...action,
        outputs: action.outputs.map(rename),
        args: action.args.map((part) => (typeof part === "string" ? part : { ref: rename(part.ref) })),
      })),
    })),
  };
}

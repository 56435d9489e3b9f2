import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePlan } from "../../../pipelines/annotate/merge.ts";
import type { Correction, Link } from "../../../pipelines/annotate/merge.ts";
import { canonicalPlan } from "../../../pipelines/plan/canonical.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { checkPlan } from "../../../pipelines/verify/check.ts";
import { arbitraryPlan } from "../plan/arbitrary.ts";

const BASE = `Subgoal 1: Find A.
Action 1-1: R1 = Calculator(4 * 5) = 21

Subgoal 2: Find B.
Action 2-1: R2 = Calculator(R1 + 2) = 23

Subgoal 3: Find C.
Action 3-1: R3 = Calculator(R2 * R1) = 440`;

describe("a merged plan", () => {
  it.each<[string, Link, string, string, string]>([
    ["the subgoal replaced", "name", BASE, "2 B anew.: R2 = Calculator(R1 + 3) = 24", "A.: R1 = Calculator(4 * 5) = 21 | B anew.: R2 = Calculator(R1 + 3) = 24 | C.: R3 = Calculator(R2 * R1) = 440"],
    ["a further variable that collides with a later one renamed", "name", BASE, "1 A.: R2 = Calculator(4 + 0) = 4; R1 = Calculator(R2 * 5) = 20", "A.: R1 = Calculator(4 + 0) = 4; R2 = Calculator(R1 * 5) = 20 | B.: R3 = Calculator(R2 + 2) = 23 | C.: R4 = Calculator(R3 * R2) = 440"],
    ["what stays linked to the last result, where the old name is gone", "name", BASE, "1 A.: R8 = Calculator(4 * 5) = 20", "A.: R1 = Calculator(4 * 5) = 20 | B.: R2 = Calculator(R1 + 2) = 23 | C.: R3 = Calculator(R2 * R1) = 440"],
    ["what stays linked to the old name, by name", "name", BASE, "1 A.: R1 = Calculator(4 + 0) = 4; R2 = Calculator(R1 * 5) = 20", "A.: R1 = Calculator(4 + 0) = 4; R2 = Calculator(R1 * 5) = 20 | B.: R3 = Calculator(R1 + 2) = 23 | C.: R4 = Calculator(R3 * R1) = 440"],
    ["what stays linked to the last result, by last", "last", BASE, "1 A.: R1 = Calculator(4 + 0) = 4; R2 = Calculator(R1 * 5) = 20", "A.: R1 = Calculator(4 + 0) = 4; R2 = Calculator(R1 * 5) = 20 | B.: R3 = Calculator(R2 + 2) = 23 | C.: R4 = Calculator(R3 * R2) = 440"],
    ["two replaced, the second using the first", "name", BASE, "1 A.: R1 = Calculator(4 * 5) = 20 | 3 C.: R3 = Calculator(R1 * R2) = 440", "A.: R1 = Calculator(4 * 5) = 20 | B.: R2 = Calculator(R1 + 2) = 23 | C.: R3 = Calculator(R1 * R2) = 440"],
    ["a subgoal added", "name", BASE, "4 D.: Output = Calculator(R3 / 2) = 220", "A.: R1 = Calculator(4 * 5) = 21 | B.: R2 = Calculator(R1 + 2) = 23 | C.: R3 = Calculator(R2 * R1) = 440 | D.: Output = Calculator(R3 / 2) = 220"],
    ["Output renamed where it is the last no more", "name", BASE.replace("R3 =", "Output ="), "4 D.: R9 = Calculator(R2 / 2) = 11", "A.: R1 = Calculator(4 * 5) = 21 | B.: R2 = Calculator(R1 + 2) = 23 | C.: R3 = Calculator(R2 * R1) = 440 | D.: R4 = Calculator(R2 / 2) = 11"],
    ["variables in results renamed as well", "name", BASE, "1 A.: R7 = Define(x) = x; R8 = SetEquation(R7 = 3) = R7 = 3", "A.: R1 = Define(x) = x; R2 = SetEquation(R1 = 3) = R1 = 3 | B.: R3 = Calculator(R2 + 2) = 23 | C.: R4 = Calculator(R3 * R2) = 440"],
    ["what refers to nothing referring to nothing", "name", BASE, "2 B.: R2 = Calculator(R77 + 3) = 24", "A.: R1 = Calculator(4 * 5) = 21 | B.: R2 = Calculator(R4 + 3) = 24 | C.: R3 = Calculator(R2 * R1) = 440"],
    ["what is assigned twice assigned twice", "name", BASE, "2 B.: R2 = Calculator(R1 + 3) = 24; R2 = Calculator(1 + 1) = 2", "A.: R1 = Calculator(4 * 5) = 21 | B.: R2 = Calculator(R1 + 3) = 24; R2 = Calculator(1 + 1) = 2 | C.: R3 = Calculator(R2 * R1) = 440"],
  ])("has %s", (_what, link, base, corrections, expected) => {
    expect(brief(mergePlan(planOf(base), correctionsOf(corrections), link))).toBe(expected);
  });

  it("is the plan itself where the correction is the plan's own subgoal, whatever the plan", () => {
    fc.assert(
      fc.property(arbitraryPlan(), fc.nat(4), fc.constantFrom<Link>("name", "last"), (plan, at, link) => {
        const subgoal = plan.subgoals[at % plan.subgoals.length];
        if (subgoal === undefined) return;
        const merged = mergePlan(plan, [{ number: (at % plan.subgoals.length) + 1, subgoal }], link);
        expect(canonicalPlan(merged)).toBe(canonicalPlan(plan));
        expect(checkPlan(merged, "maths").map(({ code }) => code)).toEqual(checkPlan(plan, "maths").map(({ code }) => code));
      }),
    );
  });

  it("assigns R1, R2, … in order and prints to a plan that reads back the same, whatever is merged into whatever", () => {
    fc.assert(
      fc.property(arbitraryPlan({ domain: "maths" }), arbitraryPlan({ domain: "maths" }), fc.nat(5), (plan, other, at) => {
        const [subgoal] = other.subgoals;
        if (subgoal === undefined) return;
        const merged = mergePlan(plan, [{ number: (at % (plan.subgoals.length + 1)) + 1, subgoal }], "name");
        const outputs = merged.subgoals.flatMap(({ actions }) => actions.flatMap((action) => action.outputs)).filter((name) => name !== "Output");
        expect(outputs).toEqual(outputs.map((_, index) => `R${index + 1}`));
        expect(parsePlan(printPlan(merged, "json")).plan).toEqual(merged);
      }),
    );
  });
});

function planOf(text: string) {
  const { plan } = parsePlan(text);
  if (plan === null) throw new Error(`No plan: ${text}`);
  return plan;
}

/** `2 Sentence.: action; action | 3 …` */
function correctionsOf(text: string): Correction[] {
  return text.split(" | ").flatMap((piece) => {
    const [, number = "", sentence = "", actions = ""] = /^([0-9]+) ([^:]+): (.*)$/.exec(piece) ?? [];
    const lines = actions.split("; ").map((action, index) => `Action 1-${index + 1}: ${action}`);
    return planOf(`Subgoal 1: ${sentence}\n${lines.join("\n")}`).subgoals.map((subgoal) => ({ number: Number(number), subgoal }));
  });
}

function brief(plan: ReturnType<typeof planOf>): string {
  return printPlan(plan)
    .split("\n\n")
    .map((piece) => piece.split("\n").map((line) => line.replace(/^(?:Subgoal|Action) [0-9-]+: (?:Find )?/, "")))
    .map(([sentence, ...actions]) => `${sentence}: ${actions.join("; ")}`)
    .join(" | ");
}

import { describe, expect, it } from "vitest";
import converter from "../../../converters/prm800k/index.ts";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { loadConverter } from "../../../pipelines/converters.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { processorTime } from "../../support/processor-time.ts";
import { example, step } from "./records.ts";

function annotated(problem: string, answer: string, solution: string) {
  const outcome = annotateByRules(example({ problem, answer, solution }), converter);
  if (outcome.state === "annotated") return { level: outcome.annotation.verdict.level, plan: printPlan(outcome.annotation.plan) };
  return { level: outcome.state, plan: "reason" in outcome ? outcome.reason : "" };
}

describe("rules for PRM800K", () => {
  it("write an action for each equation, and refer to earlier results", () => {
    const solution = "The garden holds $9 \\cdot 14 = 126$ bulbs. The number of red bulbs is $\\frac{2}{3} \\cdot 126 = 84$. So $126 - 84 = \\boxed{42}$ bulbs are white.";
    expect(annotated("A garden has $9$ beds of $14$ bulbs. If $\\frac{2}{3}$ of them are red and the others white, how many are white?", "42", solution)).toMatchInlineSnapshot(`
      {
        "level": "proven",
        "plan": "Subgoal 1: Find how many bulbs the garden holds.
      Action 1-1: R1 = Calculator(9 * 14) = 126

      Subgoal 2: Find the number of red bulbs.
      Action 2-1: R2 = Calculator(2 / 3 * R1) = 84

      Subgoal 3: Find how many are white.
      Action 3-1: R3 = Calculator(R1 - R2) = 42",
      }
    `);
  });

  it("solve an equation in one unknown where the rationale does, and go on with its solution", () => {
    expect(annotated("If $5k - 4 = 2k + 17$, find $3k + 1$.", "22", "Then $3k = 21$, so $k = 7$. Hence $3k + 1 = 3(7) + 1 = \\boxed{22}$.")).toMatchInlineSnapshot(`
      {
        "level": "proven",
        "plan": "Subgoal 1: Set up the equation for k.
      Action 1-1: R1 = Define(k) = k
      Action 1-2: R2 = SetEquation(5 * R1 - 4 = 2 * R1 + 17) = 5 * k - 4 = 2 * k + 17

      Subgoal 2: Solve the equation for k.
      Action 2-1: R3 = SolveEquation(R2, R1) = 7

      Subgoal 3: Find $3k + 1$.
      Action 3-1: R4 = Calculator(3 * R3 + 1) = 22",
      }
    `);
    expect(annotated("Solve for $y$: $\\frac{y}{3} + 2 = 9$.", "21", "So $\\frac{y}{3} = 7$ and $y = 7 \\cdot 3 = \\boxed{21}$.")).toMatchObject({ level: "proven", plan: expect.stringContaining("SolveEquation(R2, R1) = 21") });
  });

  it("take the rated steps where these are the rationale", () => {
    const steps = [step("A fair die has $6$ sides."), step("The chance is $\\frac{1}{6}\\cdot\\frac{1}{6} = \\frac{1}{36}$.\n\n# Answer\n\n\\frac{1}{36}")];
    const outcome = annotateByRules(example({ problem: "What is the chance of a $6$ in both of two throws, if one throw has a chance of $1$ in $6$?", answer: "\\frac{1}{36}", steps }), converter);
    expect(outcome).toMatchObject({ state: "annotated", annotation: { verdict: { level: "proven" } } });
  });

  it.each([
    ["What is $2\\frac12 + 5$ halved?", "\\frac{15}{4}", "$2\\frac12 + 5 = \\frac{15}{2}$ and $\\frac{15}{2} \\div 2 = \\boxed{\\frac{15}{4}}$."],
    ["A rectangle is $20$ by $15$. How long is its diagonal?", "25", "It is $\\sqrt{20^2 + 15^2} = \\sqrt{625} = \\boxed{25}$."],
    ["In how many orders can $6$ people stand?", "720", "In $6! = \\boxed{720}$."],
    ["Two angles have $50^\\circ$ and $60^\\circ$. What is the third of the triangle?", "70", "It is $180^\\circ - 50^\\circ - 60^\\circ = \\boxed{70^\\circ}$."],
    ["Two consecutive integers add up to $47$. What is the larger?", "24", "Let the smaller be $n$. Then $n + (n+1) = 47$, so $2n = 46$ and $n = 23$. The larger is $23 + 1 = \\boxed{24}$."],
  ])("prove %s", (problem, answer, solution) => {
    expect(annotated(problem, answer, solution)).toMatchObject({ level: "proven" });
  });

  it.each([
    ["a box that no equation reaches", "How many?", "5", "There are $2 + 2 = 4$ of one kind, so counting shows $\\boxed{5}$."],
    ["no equations at all", "Which digit is last in $2^9$?", "2", "Looking at the pattern we see $\\boxed{2}$."],
    ["an equation that does not hold", "What is $3 \\cdot 4$?", "13", "$3 \\cdot 4 = \\boxed{13}$."],
    ["a root", "Simplify $\\sqrt{50}$.", "5\\sqrt{2}", "$\\sqrt{50} = \\sqrt{25 \\cdot 2} = \\boxed{5\\sqrt{2}}$."],
    ["a drawing", "How long is it? [asy] draw((0,0)--(5,0)); [/asy]", "5", "It is $3 + 2 = \\boxed{5}$."],
    ["an unknown with two values", "Solve $x + 3 = 10$.", "7", "So $x = 7$ or $x = 8$; it is $\\boxed{7}$."],
    ["a rounding", "What is $\\frac{22}{7}$, rounded?", "3", "$\\frac{22}{7} \\approx 3.14$, so $\\boxed{3}$."],
  ])("write no plan from %s", (_, problem, answer, solution) => {
    expect(annotated(problem, answer, solution)).toMatchObject({ level: "skipped", plan: expect.stringMatching(/^(?:no_machine_readable_step|answer_not_calculated|drawing)$/) });
  });

  it.each([
    ["multiplied by one", "What number is it?", "12", "It is $12 \\cdot 1 = \\boxed{12}$."],
    ["plus nothing", "How many are there?", "37", "We count $37 + 0 = \\boxed{37}$."],
    ["there and back", "How many of the $8$ are there?", "37", "We count $37 + 8 - 8 = \\boxed{37}$."],
    ["told as a value", "What is $x$?", "37", "Clearly $x = 37$. So $37 \\cdot 1 = \\boxed{37}$."],
    ["as an equation that says it", "What is $x$?", "37", "We have $x + 1 = 38$, so $x = \\boxed{37}$."],
    ["as a sum of itself", "How many of the $2$ kinds are there?", "37", "There are $\\frac{37 \\cdot 2}{2} = \\boxed{37}$."],
  ])("prove no answer that is copied: %s", (_, problem, answer, solution) => {
    expect(annotated(problem, answer, solution).level).not.toBe("proven");
  });

  it("never read the gold answer", () => {
    const one = example({ problem: "What is $6 \\cdot 7$?", solution: "It is $6 \\cdot 7 = \\boxed{42}$." });
    const outcome = annotateByRules({ ...one, answer: "41" }, converter);
    expect(outcome).toMatchObject({ state: "annotated", annotation: { plan: { subgoals: [{ actions: [{ result: "42" }] }] }, verdict: { level: "well_formed" } } });
  });

  it("stay quick on hostile rationales", async () => {
    const loaded = await loadConverter("prm800k");
    for (const piece of ["$1+1=2$ ", "$x+1=2$ $x=1$ ", "The a is $1+1=2$. ", "there are ", "the ".repeat(20), "If $x$, find "]) {
      const text = piece.repeat(20_000).slice(0, 19_000);
      const spent = processorTime();
      for (const fields of [{ problem: text, solution: "$6 \\cdot 7 = \\boxed{42}$" }, { steps: [step(text), step(`${text}\n\n# Answer\n\n2`)] }, { steps: text.slice(0, 1_500).split("$ ").map((each) => step(`${each}$ `)) }]) {
        const mapped = loaded.map(loaded.record.parse({ question: { problem: "How many?", ground_truth_answer: "2", ground_truth_solution: null, ...("problem" in fields ? { problem: fields.problem, ground_truth_solution: fields.solution } : {}) }, label: { steps: [], finish_reason: "solution", ...fields } }), { file: "x", position: 1 });
        if ("example" in mapped) loaded.rules.annotate(mapped.example, { evaluate: () => "2", sameNumber: (a, b) => a === b, solve: () => ["1"], pageRank: () => null, query: () => null, sameRows: () => false });
      }
      expect(spent()).toBeLessThan(1_500);
    }
  });
});

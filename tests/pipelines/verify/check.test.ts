import { describe, expect, it } from "vitest";
import { checkPlan } from "../../../pipelines/verify/check.ts";
import type { Domain } from "../../../schemas/domain.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { processorTime } from "../../support/processor-time.ts";
import { plan } from "./examples.ts";

function said(of: Plan, domain: Domain = "maths"): string[] {
  return checkPlan(of, domain).map(({ code, severity, subgoal, action, message }) => `${code} (${severity}, ${subgoal}-${action}) ${message}`);
}

describe("a sound plan", () => {
  it.each<[string, Domain, Plan]>([
    ["maths", "maths", plan("Find the first.", "R1 = Calculator(1 + 2) = 3", "Find the last.", "Output = Calculator(R1 * 2) = 6")],
    ["several results", "maths", plan("Solve it.", "R1, R2 = SolveEquation(x + y = 3, x - y = 1) = 2, 1", "Add.", "R3 = Calculator(R1 + R2) = 3")],
    ["questions", "complex_qa", plan("Look.", "R1 = KnowledgeQuery(Argon) = WikipediaPage(Argon)", "R2 = ParagraphRetrieve(R1, Query: what?) = Paragraph(Argon-1)", "R3 = QA([R2], Question: what?) = a gas")],
    ["web actions, which have no results", "web_agent", plan("Click.", "R1 = CLICK(Env, QUERY: Buy)", "Type.", "R2 = TYPE(R1, QUERY: Name, TEXT: Ann)")],
  ])("of %s has no defect", (_, domain, of) => {
    expect(said(of, domain)).toEqual([]);
  });
});

describe("what a plan shows without being run", () => {
  it("names the tools of the domain where one is unknown", () => {
    expect(said(plan("Find it.", "R1 = Calc(1 + 2) = 3"))).toMatchInlineSnapshot(`
      [
        "tool.unknown (error, 1-1) Unknown tool 'Calc' in subgoal 1 action 1: expected Calculator, SetEquation, SolveEquation, Count, SolveInequality, Code, Define.",
      ]
    `);
    expect(said(plan("Find it.", "R1 = SetEquation(x = 2) = x = 2"), "complex_qa")).toMatchInlineSnapshot(`
      [
        "tool.unknown (error, 1-1) Unknown tool 'SetEquation' in subgoal 1 action 1: expected KnowledgeQuery, ParagraphRetrieve, QA, Calculator, Code.",
      ]
    `);
  });

  it("says what is wrong with the arguments of a tool", () => {
    expect(said(plan("Find it.", "R1 = QA(Question: what?) = 3"), "complex_qa")).toMatchInlineSnapshot(`
      [
        "tool.arity (error, 1-1) QA takes ([context], Question: q): the context and a comma before 'Question:' are missing.",
      ]
    `);
  });

  it("finds variables that are undefined, used before they are assigned, or assigned twice", () => {
    expect(said(plan("Find it.", "R1 = Calculator(R9 + 2) = 3", "Go on.", "R2 = Calculator(R1 * 2) = 6"))).toMatchInlineSnapshot(`
      [
        "ref.undefined (error, 1-1) Undefined variable R9 in subgoal 1 action 1: no action assigns it.",
      ]
    `);
    expect(said(plan("Find it.", "R1 = Calculator(R2 + 2) = 3", "Go on.", "R2 = Calculator(R1 * 2) = 6"))).toMatchInlineSnapshot(`
      [
        "ref.forward (error, 1-1) Variable R2 is used in subgoal 1 action 1 before it has a value: subgoal 2 action 1 assigns it only later.",
      ]
    `);
    expect(said(plan("Find it.", "R1 = Calculator(R1 + 2) = 3"))).toMatchInlineSnapshot(`
      [
        "ref.forward (error, 1-1) Variable R1 is used in subgoal 1 action 1 before it has a value: this very action assigns it.",
      ]
    `);
    expect(said(plan("Find it.", "R1 = Calculator(1 + 2) = 3", "Go on.", "R1 = Calculator(R1 * 2) = 6"))).toMatchInlineSnapshot(`
      [
        "ref.redefined (error, 2-1) Variable R1 is assigned again in subgoal 2 action 1: subgoal 1 action 1 assigns it already; take a new variable.",
      ]
    `);
    expect(said(plan("Find it.", "R1, R1 = SolveEquation(x + y = 3, x - y = 1) = 2, 1"))).toMatchInlineSnapshot(`
      [
        "ref.redefined (error, 1-1) Variable R1 is assigned again in subgoal 1 action 1: this very action assigns it already; take a new variable.",
      ]
    `);
  });

  it("warns of results that nothing uses", () => {
    expect(said(plan("Find it.", "R1 = Calculator(1 + 2) = 3", "R2 = Calculator(2 + 2) = 4", "Go on.", "R3 = Calculator(R1 * 2) = 6"))).toMatchInlineSnapshot(`
      [
        "ref.unused (warning, 1-2) Result R2 of subgoal 1 action 2 is used by no later action: use it, or leave the action out.",
      ]
    `);
  });

  it("lets only the last action assign Output", () => {
    const early = { subgoals: [{ text: "Find it.", actions: [{ outputs: ["Output"], tool: "Calculator", args: ["1 + 2"], result: "3" }, { outputs: ["R1"], tool: "Calculator", args: ["2 * 2"], result: "4" }] }] };
    expect(said(early)).toMatchInlineSnapshot(`
      [
        "parse.action (error, 1-1) Output is assigned in subgoal 1 action 1: only the plan's last action may assign it; take R<n> here.",
      ]
    `);
  });

  it("misses the answer where the last action has none", () => {
    expect(said(plan("Look.", "R1 = QA([Env], Question: what?)"), "complex_qa")).toMatchInlineSnapshot(`
      [
        "answer.missing (error, 1-null) The last action, subgoal 1 action 1, has no result: end the plan with the action whose result is the answer.",
      ]
    `);
    const ungrounded = { subgoals: [{ text: "Find it.", actions: [{ outputs: ["R1"], tool: "Calculator", args: ["1 + 2"], result: "3" }] }, { text: "Go on.", actions: [] }] };
    expect(said(ungrounded)).toMatchInlineSnapshot(`
      [
        "plan.no_action (error, 2-null) Subgoal 2 has no action: ground it in at least one.",
        "answer.missing (error, 2-null) Subgoal 2, the last one, has no action: end the plan with the action whose result is the answer.",
      ]
    `);
  });

  it("lists defects by place", () => {
    const of = plan("Find it.", "R1 = Nope(1) = 3", "Go on.", "R2 = Calculator(R7) = 6", "R2 = Calc(R1) = 6");
    expect(checkPlan(of, "maths").map(({ code, subgoal, action }) => [code, subgoal, action])).toMatchInlineSnapshot(`
      [
        [
          "tool.unknown",
          1,
          1,
        ],
        [
          "ref.undefined",
          2,
          1,
        ],
        [
          "ref.unused",
          2,
          1,
        ],
        [
          "tool.unknown",
          2,
          2,
        ],
        [
          "ref.redefined",
          2,
          2,
        ],
      ]
    `);
  });

  it("shortens foreign names and takes long plans in a moment", () => {
    expect(said(plan("Find it.", `R1 = ${"x".repeat(500)}(1) = 3`))[0]?.length).toBeLessThan(250);
    const actions = Array.from({ length: 20_000 }, (_, index) => ({ outputs: [`R${index + 1}`], tool: "Calculator", args: index === 0 ? ["1"] : [{ ref: `R${index}` }, " + 1"], result: String(index + 1) }));
    const spent = processorTime();
    expect(checkPlan({ subgoals: [{ text: "Count.", actions }] }, "maths")).toEqual([]);
    expect(spent()).toBeLessThan(2_000);
  });
});

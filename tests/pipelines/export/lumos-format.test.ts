import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../pipelines/export/format.ts";
import type { Formulation, Module } from "../../../pipelines/export/kind.ts";
import { lumosChat, lumosChats, messagesJson } from "../../../pipelines/export/lumos-format.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { DOMAINS, type Domain } from "../../../schemas/domain.ts";
import { processorTime } from "../../support/processor-time.ts";
import { arbitraryPlan } from "../plan/arbitrary.ts";

const MODULES: readonly Module[] = ["plan", "ground"];
const FORMULATIONS: readonly Formulation[] = ["iterative", "onetime"];

interface Given {
  domain?: Domain;
  environment?: string;
  task?: string;
  rationale?: string;
  answer?: string;
}

/** What a plan in text becomes: its messages as `role: content`, or why it is excluded. */
function printed(plan: string, module: Module, formulation: Formulation | null, { domain = "maths", environment, task = "How many?", rationale = "", answer = "" }: Given = {}): string {
  const parsed = parsePlan(plan, { results: "optional" }).plan;
  if (parsed === null) throw new Error("no plan");
  const made = lumosChat({ domain, plan: parsed, example: { task, environment: environment ?? null, rationale, answer } }, { module, formulation });
  if ("excluded" in made) return made.excluded;
  return made.messages.map(({ role, content }) => `${role}: ${content}`).join("\n---\n");
}

/** Per file of the format `row`, or why there is none. */
function rows(plan: string, domain: Domain): Record<string, string> {
  return Object.fromEntries(
    MODULES.flatMap((module) =>
      FORMULATIONS.map((formulation) => {
        const text = printed(plan, module, formulation, { domain });
        return [`${module} ${formulation}`, text.includes("\n") ? "row" : text];
      }),
    ),
  );
}

const MATHS = `Subgoal 1: Count the eggs.
Action 1-1: R1 = Calculator(12 * 2) = 24
Action 1-2: R2 = Calculator(R1 - .5) = 23.5

Subgoal 2: Halve them!
Action 2-1: Output = Calculator(R2 / 2) = 11.75`;

const QA = `Subgoal 1: Find the first.
Action 1-1: R1 = KnowledgeQuery(Pan (god)) = WikipediaPage(Pan (god))
Action 1-2: R2 = QA([R1], Question: When?) = 44 B.C.

Subgoal 2: Find the second.
Action 2-1: R3 = QA([], Question: And?) = 1999

Subgoal 3: Compare.
Action 3-1: R4 = Calculator(R2 < R3) = True`;

const WEB = `Subgoal 1: Click on the Search field.
Action 1-1: R1 = CLICK(Env, QUERY: [textbox]  Search)
Subgoal 2: Type "ATLANTA" into it...
Action 2-1: R2 = TYPE(R1, QUERY: [textbox]  Search, TEXT: ATLANTA)`;

describe("a row of the published format", () => {
  it("plan, iterative", () => {
    expect(printed(MATHS, "plan", "iterative")).toMatchInlineSnapshot(`
      "user: Please provide a reasonable subgoal-based plan to solve the given task.
      Task: How many?; Initial Environment Description: None.
      ---
      assistant: Subgoal 1: Count the eggs.
      ---
      user: The executed result for Subgoal 1 is 23.5. Should we stop planning?
      ---
      assistant: No, I will keep planning. Subgoal 2: Halve them!
      ---
      user: The executed result for Subgoal 2 is 11.75. Should we stop planning?
      ---
      assistant: Yes, I will stop planning."
    `);
  });

  it("plan, onetime", () => {
    expect(printed(MATHS, "plan", "onetime")).toMatchInlineSnapshot(`
      "user: Please provide a reasonable subgoal-based plan to solve the given task.
      Task: How many?; Initial Environment Description: None.
      ---
      assistant: Subgoal 1: Count the eggs.; Subgoal 2: Halve them!"
    `);
  });

  it("ground, iterative", () => {
    expect(printed(MATHS, "ground", "iterative")).toMatchInlineSnapshot(`
      "user: Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.

      The available action list is 'Calculator', 'SetEquation', 'SolveEquation', 'Count', 'SolveInequality', 'Code', and 'Define'.
      Calculator(formula): Calculate the input formula; SetEquation(equation): Set up an equation to be solved; SolveEquation(equation): Solve the previous set equation; Count(list): Count the number of elements in the given list; SolveInequality(inequality): Solve the previous set inequality; Code(pseudo_code): Generate a Python function that corresponds to the pseudo code; Define(variable/number): Define a variable or a number for latter usage.

      Task: How many? 
      Subgoal to be grounded: Subgoal 1: Count the eggs.

      ---
      assistant: R1 = Calculator(12 * 2); R2 = Calculator(R1 - .5)
      ---
      user: Subgoal to be grounded: Subgoal 2: Halve them!

      ---
      assistant: R3 = Calculator(R2 / 2)"
    `);
  });

  it("ground, onetime", () => {
    expect(printed(MATHS, "ground", "onetime")).toMatchInlineSnapshot(`
      "user: Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.

      The available action list is 'Calculator', 'SetEquation', 'SolveEquation', 'Count', 'SolveInequality', 'Code', and 'Define'.
      Calculator(formula): Calculate the input formula; SetEquation(equation): Set up an equation to be solved; SolveEquation(equation): Solve the previous set equation; Count(list): Count the number of elements in the given list; SolveInequality(inequality): Solve the previous set inequality; Code(pseudo_code): Generate a Python function that corresponds to the pseudo code; Define(variable/number): Define a variable or a number for latter usage.

      Task: How many? 
      Subgoals to be grounded: Subgoal 1: Count the eggs.; Subgoal 2: Halve them!

      ---
      assistant: R1 = Calculator(12 * 2); R2 = Calculator(R1 - .5); Output = Calculator(R2 / 2)"
    `);
  });

  it("ground, iterative, of complex_qa tells the results so far", () => {
    expect(printed(QA, "ground", "iterative", { domain: "complex_qa" })).toMatchInlineSnapshot(`
      "user: Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.

      The available action list is 'KnowledgeQuery', 'ParagraphRetrieve', 'QA', 'Calculator', and 'Code'.
      Calculator(formula): Calculate the input formula; KnowledgeQuery(query): Capture the relevant webpages according to the query; ParagraphRetrieve(context, query): Given a query, retrieve the most relevant paragraphs from the given context; QA(context, query): Given context, answer the given query; Calculator(formula): Calculate the input formula; Code(pseudo_code): Generate a Python function that corresponds to the pseudo code.

      Task: How many? 
      Subgoal to be grounded: Subgoal 1: Find the first.

      ---
      assistant: R1 = KnowledgeQuery(Pan (god)); R2 = QA([R1], Question: When?)
      ---
      user: Subgoal to be grounded: Subgoal 2: Find the second. The grounding could be based on the following results: The execution result for Subgoal 1 is 44 B.C

      ---
      assistant: R3 = QA([], Question: And?)
      ---
      user: Subgoal to be grounded: Subgoal 3: Compare. The grounding could be based on the following results: The execution result for Subgoal 1 is 44 B.C The execution result for Subgoal 2 is 1999

      ---
      assistant: R4 = Calculator(R2 < R3)"
    `);
  });

  it("plan, iterative, of web_agent tells what was done", () => {
    expect(printed(WEB, "plan", "iterative", { domain: "web_agent" })).toMatchInlineSnapshot(`
      "user: Please provide a reasonable subgoal-based plan to solve the given task.
      Task: How many?; Initial Environment Description: None.
      ---
      assistant: Subgoal 1: Click on the Search field.
      ---
      user: We have already click on the Search field. Should we stop planning?
      ---
      assistant: No, I will keep planning. Subgoal 2: Type "ATLANTA" into it...
      ---
      user: We have already type "ATLANTA" into it. Should we stop planning?
      ---
      assistant: Yes, I will stop planning."
    `);
  });

  it("ground, iterative, of web_agent", () => {
    expect(printed(WEB, "ground", "iterative", { domain: "web_agent" })).toMatchInlineSnapshot(`
      "user: Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.

      The available action list is 'CLICK', 'TYPE', 'SELECT'.
      CLICK(Env, Query): Click the relevant html region in Env according to Query; TYPE(Env, Query, Text): Type Text into the relevant html region in Env according to Query; SELECT(Env, Query, Text): Select the value Text of the relevant selection box in Env according to Query.

      Task: How many? 
      Subgoal to be grounded: Subgoal 1: Click on the Search field.

      ---
      assistant: R1 = CLICK(Env, QUERY: [textbox]  Search)
      ---
      user: Subgoal to be grounded: Subgoal 2: Type "ATLANTA" into it...

      ---
      assistant: R2 = TYPE(R1, QUERY: [textbox]  Search, TEXT: ATLANTA)"
    `);
  });

  it("has the task verbatim and the environment where there is one", () => {
    expect(printed("Subgoal 1: Look.\nAction 1-1: R1 = VQA(image, Question: What?) = a cat", "plan", "onetime", { domain: "multimodal", environment: "A photo.", task: " What is it?\n" })).toMatchInlineSnapshot(`
      "user: Please provide a reasonable subgoal-based plan to solve the given task.
      Task:  What is it?
      ; Initial Environment Description: A photo..
      ---
      assistant: Subgoal 1: Look."
    `);
  });

  it.each(DOMAINS)("has an action list in %s", (domain) => {
    const plan = "Subgoal 1: Do it.\nAction 1-1: R1 = Code(x) = 1";
    expect(printed(plan, "ground", "onetime", { domain })).toMatch(/\n\nThe available action list is '[^\n]+'\.\n[^\n]+\.\n\nTask: How many\? \nSubgoals to be grounded: Subgoal 1: Do it\.\n\n---/);
  });
});

describe("where the published files are wrong", () => {
  it("Output becomes a variable that is free", () => {
    const several = "Subgoal 1: A.\nAction 1-1: R1 = Define(2) = 2\n\nSubgoal 2: B.\nAction 2-1: R2 = Define(3) = 3\nAction 2-2: Output = Calculator(R1 + R2) = 5";
    expect(printed(several, "ground", "iterative").split("\n---\n").at(-1)).toBe("assistant: R2 = Define(3); R3 = Calculator(R1 + R2)");
    expect(printed(several, "ground", "onetime").split("\n---\n").at(-1)).toBe("assistant: R1 = Define(2); R2 = Define(3); Output = Calculator(R1 + R2)");
    expect(printed("Subgoal 1: A.\nAction 1-1: Output = Define(2) = 2", "ground", "iterative").split("\n---\n").at(-1)).toBe("assistant: R1 = Define(2)");
  });

  it.each([
    ["a leading dot stays", "Define(x) = .5", ".5"],
    ["final dots go", "Define(x) = 5...", "5"],
    ["a result may hold an equals sign", "SolveEquation(x) = x = y + 625", "x = y + 625"],
  ])("%s in plan and ground files alike", (_what, call, result) => {
    const plan = `Subgoal 1: A.\nAction 1-1: R1 = ${call}\n\nSubgoal 2: B.\nAction 2-1: R2 = Define(1) = 1`;
    expect(printed(plan, "plan", "iterative")).toContain(`user: The executed result for Subgoal 1 is ${result}. Should we stop planning?`);
    expect(printed(plan, "ground", "iterative", { domain: "complex_qa" })).toContain(` The execution result for Subgoal 1 is ${result}\n`);
  });

  it("markdown, code fences, headings and missing blank lines leave no trace", () => {
    const spoilt = `# The plan\n\`\`\`\n${MATHS.replaceAll("\n\n", "\n").replace(/^(Subgoal \d:)/gm, "**$1**")}\n\`\`\``;
    for (const module of MODULES) for (const formulation of FORMULATIONS) expect(printed(spoilt, module, formulation)).toBe(printed(MATHS, module, formulation));
  });

  it("a missing result is not replaced: the rows that would tell it are excluded", () => {
    const all = { "plan iterative": "row", "plan onetime": "row", "ground iterative": "row", "ground onetime": "row" };
    const last = QA.replace(" = True", "");
    const first = QA.replace(" = 44 B.C.", "");
    const inner = QA.replace(" = WikipediaPage(Pan (god))", "");
    expect(rows(QA, "complex_qa")).toEqual(all);
    expect(rows(inner, "complex_qa")).toEqual(all);
    expect(rows(last, "complex_qa")).toEqual({ ...all, "plan iterative": "no_step_result" });
    expect(rows(first, "complex_qa")).toEqual({ ...all, "plan iterative": "no_step_result", "ground iterative": "no_step_result" });
    expect(rows(first, "maths")).toEqual({ ...all, "plan iterative": "no_step_result" });
    expect(rows(WEB, "web_agent")).toEqual(all);
    expect(rows(`${MATHS}\n\nSubgoal 3: Nothing.`, "maths")).toEqual({
      "plan iterative": "no_step_result",
      "plan onetime": "row",
      "ground iterative": "no_action",
      "ground onetime": "no_action",
    });
  });
});

describe("the paper's baselines", () => {
  it("integrated: one model plans and grounds, turn by turn", () => {
    expect(printed(MATHS, "integrated", null)).toMatchInlineSnapshot(`
      "user: Please provide a reasonable subgoal-based plan to solve the given task.
      Task: How many?; Initial Environment Description: None.

      The available action list is 'Calculator', 'SetEquation', 'SolveEquation', 'Count', 'SolveInequality', 'Code', and 'Define'.
      Calculator(formula): Calculate the input formula; SetEquation(equation): Set up an equation to be solved; SolveEquation(equation): Solve the previous set equation; Count(list): Count the number of elements in the given list; SolveInequality(inequality): Solve the previous set inequality; Code(pseudo_code): Generate a Python function that corresponds to the pseudo code; Define(variable/number): Define a variable or a number for latter usage.
      ---
      assistant: Subgoal 1: Count the eggs.
      R1 = Calculator(12 * 2); R2 = Calculator(R1 - .5)
      ---
      user: The executed result for Subgoal 1 is 23.5. Should we stop planning?
      ---
      assistant: No, I will keep planning. Subgoal 2: Halve them!
      R3 = Calculator(R2 / 2)
      ---
      user: The executed result for Subgoal 2 is 11.75. Should we stop planning?
      ---
      assistant: Yes, I will stop planning."
    `);
    expect(printed(QA.replace(" = 44 B.C.", ""), "integrated", null, { domain: "complex_qa" })).toBe("no_step_result");
    expect(printed(`${MATHS}\n\nSubgoal 3: Nothing.`, "integrated", null)).toBe("no_action");
  });

  it("cot: the rationale without its marks, and the answer", () => {
    const given = { task: "How many eggs?", rationale: "There are 2*3=<<2*3=6>>6 boxes << of eggs.\nSo 6.", answer: "6" };
    expect(printed(MATHS, "cot", null, given)).toBe("user: How many eggs?\n---\nassistant: There are 2*3=6 boxes << of eggs.\nSo 6. Answer is 6.");
    expect(printed(MATHS, "cot", null, { ...given, rationale: " <<2*3=6>> " })).toBe("no_rationale");
    expect(printed(MATHS, "cot", null, { ...given, answer: " " })).toBe("no_answer");
  });

  it("cot: 100,000 signs of a mark that never closes take no time", () => {
    const spent = processorTime();
    printed(MATHS, "cot", null, { rationale: "<<".repeat(50_000) + "<".repeat(50_000) + "1".repeat(100_000), answer: "1" });
    expect(spent()).toBeLessThan(500);
  });

  it("direct: the answer alone", () => {
    expect(printed(MATHS, "direct", null, { answer: "6" })).toBe("user: How many?\n---\nassistant: 6");
    expect(printed(MATHS, "direct", null)).toBe("no_answer");
  });
});

describe("any plan", () => {
  it("has the same chats when each of its texts is escaped for itself", () => {
    const hostile = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', "\\", "\n.", "\u0000\u001f", "\u2028", "\ud83d", "\\u0041", "é漢🙂", "</script>"));
    fc.assert(
      fc.property(arbitraryPlan(), fc.constantFrom(...DOMAINS), hostile, fc.option(hostile), hostile, (plan, domain, task, environment, text) => {
        const subgoals = plan.subgoals.map((subgoal) => ({ ...subgoal, text: `${text}${subgoal.text}${text}` }));
        const input = { domain, plan: { subgoals }, example: { task, environment, rationale: text, answer: task } };
        const [chats, escaped] = [lumosChats(input), lumosChats(input, "escaped")];
        for (const module of MODULES) {
          for (const formulation of FORMULATIONS) {
            const [one, other] = [chats({ module, formulation }), escaped({ module, formulation })];
            if ("excluded" in one || "excluded" in other) expect(other).toEqual(one);
            else expect(JSON.parse(messagesJson(other.messages))).toEqual(one.messages);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("has rows whose turns alternate and begin with the user", () => {
    fc.assert(
      fc.property(arbitraryPlan(), fc.constantFrom(...DOMAINS), fc.constantFrom(...MODULES), fc.constantFrom(...FORMULATIONS), (plan, domain, module, formulation) => {
        const input = { domain, plan, example: { task: "T", environment: null, rationale: "", answer: "" } };
        const made = lumosChat(input, { module, formulation });
        if ("excluded" in made) return;
        const roles = made.messages.map((message) => message.role);
        expect(roles).toEqual(roles.map((_role, i) => (i % 2 === 0 ? "user" : "assistant")));
        expect(roles.length % 2).toBe(0);
      }),
    );
  });
});

const RECORDED = "../shared/recorded/responses.jsonl";
const GOLDEN = "../shared/golden/lumos";

describe.skipIf(!existsSync(RECORDED) || !existsSync(GOLDEN))("what the published converter printed", () => {
  interface Recorded {
    dataset: string;
    task: string;
    response: string;
  }

  it("is among our rows, all of it", () => {
    const recorded = lines(RECORDED).map((line): Recorded => JSON.parse(line));
    const ours = new Map<string, { dataset: Domain; messages: readonly Message[] }[]>();
    for (const { dataset, task, response } of recorded) {
      const { plan } = parsePlan(response);
      if (plan === null) throw new Error("no plan");
      const domain = dataset === "strategyqa" ? "complex_qa" : "maths";
      for (const module of MODULES) {
        for (const formulation of FORMULATIONS) {
          const made = lumosChat({ domain, plan, example: { task, environment: null, rationale: "", answer: "" } }, { module, formulation });
          const file = `lumos_${domain}_${module}_${formulation}.jsonl`;
          if ("messages" in made) ours.set(file, [...(ours.get(file) ?? []), { dataset: domain, messages: made.messages }]);
        }
      }
    }
    const files = readdirSync(GOLDEN);
    const golden = files.flatMap((file) => lines(join(GOLDEN, file)).map((line) => ({ file, row: JSON.parse(line) as unknown })));
    const made = new Map([...ours].map(([file, list]) => [file, list.map(({ dataset, messages }) => JSON.stringify({ dataset, messages }))]));
    const missing = golden.filter(({ file, row }) => !made.get(file)?.includes(JSON.stringify(row)));
    expect(files).toHaveLength(8);
    expect(golden).toHaveLength(206);
    expect(missing).toEqual([]);
  });
});

function lines(file: string): string[] {
  return readFileSync(file, "utf8").trim().split("\n");
}

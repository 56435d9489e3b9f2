import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_REPLY_LENGTH, parsePlan, planFromJson } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { planSchema } from "../../../schemas/plan.ts";
import { processorTime } from "../../support/processor-time.ts";
import { arbitraryPlan, arbitraryReply } from "./arbitrary.ts";

const JSON_PLAN = '{"subgoals": [{"text": "Find it.", "actions": [{"outputs": ["R1"], "tool": "Calculator", "args": "2 / 2", "result": "1"}]}]}';

/** The defects as lines `code subgoal.action message`. */
const defects = (reply: string): string =>
  parsePlan(reply)
    .defects.map((each) => `${each.code} ${each.subgoal ?? "-"}.${each.action ?? "-"} ${each.message}`)
    .join("\n");

describe("the JSON spelling", () => {
  it.each([
    ["alone", JSON_PLAN],
    ["pretty", JSON.stringify(JSON.parse(JSON_PLAN), null, 2)],
    ["in a code fence", `\`\`\`json\n${JSON_PLAN}\n\`\`\``],
    ["with prose around it", `Here is {my} plan: ${JSON_PLAN} Subgoal 1: done.`],
    ["with Windows line ends", JSON.stringify(JSON.parse(JSON_PLAN), null, 2).replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\uFEFF${JSON_PLAN}`],
    ["with another order of fields", '{"subgoals":[{"actions":[{"result":"1.","args":" 2 / 2 ","tool":"Calculator","outputs":["R1"]}],"text":"Subgoal 1: Find\\n it. "}]}'],
  ])("is recognised %s", (_how, reply) => {
    expect(parsePlan(reply)).toEqual({
      plan: { subgoals: [{ text: "Find it.", actions: [{ outputs: ["R1"], tool: "Calculator", args: ["2 / 2"], result: "1" }] }] },
      spelling: "json",
      defects: [],
    });
  });

  const ALMOST: [string, string][] = [
    ["a comma too many", JSON_PLAN.replace('"1"}', '"1",}')],
    ["a comma too few", JSON_PLAN.replace('"2 / 2", ', '"2 / 2" ')],
    ["single quotes", JSON_PLAN.replaceAll('"', "'")],
    ["bare field names", JSON_PLAN.replaceAll(/"(\w+)":/g, "$1:")],
    ["a cut end", JSON_PLAN.slice(0, 60)],
    ["an end inside a string", JSON_PLAN.slice(0, 30)],
    ["a line break in a string", JSON_PLAN.replace("Find it.", "Find\nit.")],
    ["LaTeX with bare backslashes", JSON_PLAN.replace("2 / 2", "\\sqrt{2}")],
    ["a comment", JSON_PLAN.replace("[{", "[ // the first\n{")],
    ["a field twice", JSON_PLAN.replace('"result": "1"', '"result": "1", "result": "2"')],
    ["an unknown field", JSON_PLAN.replace('"result": "1"', '"result": "1", "note": "easy"')],
    ["the field __proto__", JSON_PLAN.replace('"result": "1"', '"result": "1", "__proto__": {}')],
    ["an unknown field before it all", JSON_PLAN.replace("{", '{"thought": "Hm.", ')],
    ["a missing field", JSON_PLAN.replace(', "result": "1"', "")],
    ["a number for a string", JSON_PLAN.replace('"result": "1"', '"result": 1')],
    ["a string for a list", JSON_PLAN.replace('["R1"]', '"R1"')],
    ["the plan one level deeper", `{"plan": ${JSON_PLAN}}`],
    ["a list for an object", '[{"text": "Find it.", "actions": []}]'],
    ["another object", '{"answer": 42}'],
    ["nesting without end", `{"subgoals": ${"[".repeat(100_000)}`],
    ["LaTeX whose backslashes are escapes by chance", JSON_PLAN.replace("2 / 2", "\\\\frac{1}{2}".slice(1)).replace('"1"}', '"3 \\times 2"}')],
  ];

  it.each(ALMOST)("with %s is no plan", (_what, reply) => {
    expect(parsePlan(reply)).toMatchObject({ plan: null, spelling: "json" });
  });

  it("says where it goes wrong", () => {
    expect(ALMOST.map(([what, reply]) => `${what}:\n${defects(reply)}`).join("\n\n")).toMatchInlineSnapshot(`
      "a comma too many:
      parse.json -.- The JSON is broken at line 1, column 121: expected a field name in double quotes, got '}]}]}'.

      a comma too few:
      parse.json -.- The JSON is broken at line 1, column 106: expected ',' or '}', got '"result": "1"}]}]}'.

      single quotes:
      parse.json -.- The JSON is broken at line 1, column 2: expected a field name in double quotes or '}', got ''subgoals': [{'text''.

      bare field names:
      parse.json -.- The JSON is broken at line 1, column 2: expected a field name in double quotes or '}', got 'subgoals: [{text: "F'.

      a cut end:
      parse.json -.- The JSON is broken at line 1, column 61: it ends where a value or ']' should come.

      an end inside a string:
      parse.json -.- The JSON is broken at line 1, column 31: it ends inside a string.

      a line break in a string:
      parse.json -.- The JSON is broken at line 1, column 29: a line break stands inside a string; write it as an escape (\\n).

      LaTeX with bare backslashes:
      parse.json -.- The JSON is broken at line 1, column 99: '\\sqrt{2}", "result":' is no escape; a backslash is written \\\\.

      a comment:
      parse.json -.- The JSON is broken at line 1, column 16: expected a value or ']', got '// the first'.

      a field twice:
      parse.json -.- The JSON is broken at line 1, column 122: the field "result" stands twice.

      an unknown field:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0]: unknown field 'note'; there are no others than subgoals, text, actions, outputs, tool, args and result.

      the field __proto__:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0]: unknown field '__proto__'; there are no others than subgoals, text, actions, outputs, tool, args and result.

      an unknown field before it all:
      parse.json -.- The JSON is no plan: the top: unknown field 'thought'; there are no others than subgoals, text, actions, outputs, tool, args and result.

      a missing field:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0].result: expected a string, but the field is missing.

      a number for a string:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0].result: expected a string, got number.

      a string for a list:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0].outputs: expected an array, got string.

      the plan one level deeper:
      parse.json -.- The JSON is no plan: subgoals: expected an array, but the field is missing.
      parse.json -.- The JSON is no plan: the top: unknown field 'plan'; there are no others than subgoals, text, actions, outputs, tool, args and result.

      a list for an object:
      parse.json -.- The JSON is no plan: the top: expected an object, got array.

      another object:
      parse.json -.- The JSON is no plan: subgoals: expected an array, but the field is missing.
      parse.json -.- The JSON is no plan: the top: unknown field 'answer'; there are no others than subgoals, text, actions, outputs, tool, args and result.

      nesting without end:
      parse.json -.- The JSON is broken at line 1, column 45: it is nested deeper than 32.

      LaTeX whose backslashes are escapes by chance:
      parse.json 1.1 The JSON is no plan: subgoals[0].actions[0]: "\\frac{1}{2}" is a control character where a backslash was meant; write backslashes doubled."
    `);
  });

  it("holds the same defects as the text spelling", () => {
    const result = planFromJson({
      subgoals: [
        {
          text: " ",
          actions: [
            { outputs: [], tool: "Define", args: "2", result: "2" },
            { outputs: ["R0"], tool: "Define", args: "2", result: "2" },
            { outputs: ["R1"], tool: "", args: "2", result: "2" },
            { outputs: ["R2"], tool: "Define", args: "2", result: "" },
          ],
        },
        { text: "B.", actions: [] },
      ],
    });
    expect(result.defects.map(({ code, subgoal, action, message }) => `${code} ${subgoal}.${action ?? "-"} ${message}`).join("\n")).toMatchInlineSnapshot(`
      "parse.subgoal 1.- Subgoal 1 has no sentence; expected 'Subgoal 1: <what to do>'.
      parse.action 1.1 Subgoal 1 action 1: it assigns no variable: expected R1, R2, … or, for the last action of the plan, Output.
      parse.action 1.2 Subgoal 1 action 2: 'R0' is no variable: one is R1, R2, … or, for the last action of the plan, Output.
      parse.action 1.3 Subgoal 1 action 3: '' is no tool name.
      parse.action 1.4 Subgoal 1 action 4: R2 = Define(…) has no result; expected ' = <result>' after the closing parenthesis.
      plan.no_action 2.- Subgoal 2 has no action; give it at least one 'Action 2-1: R<n> = Tool(args) = result'."
    `);
    expect(planSchema.parse(result.plan)).toEqual(result.plan);
  });

  it("keeps the line breaks and tabs of code", () => {
    const args = "if x:\n\ttext = 3\n\teq = 4\neq = 5\n\t\tan = 6";
    const reply = JSON.stringify({ subgoals: [{ text: "Run it.", actions: [{ outputs: ["R1"], tool: "Code", args, result: "1" }] }] });
    expect(parsePlan(reply)).toMatchObject({ plan: { subgoals: [{ actions: [{ args: [args] }] }] }, defects: [] });
  });

  it("without a subgoal is no plan", () => {
    expect(defects('{"subgoals": []}')).toMatchInlineSnapshot(`"parse.no_plan -.- The plan has no subgoal; expected at least one in 'subgoals'."`);
  });
});

describe("no plan at all", () => {
  it.each(["", " \n\t ", "I'm sorry, I can't help with that.", "Action 1-1: R1 = Define(2) = 2", "```\n```", "a".repeat(MAX_REPLY_LENGTH + 1)])("is parse.no_plan: %.40j", (reply) => {
    const result = parsePlan(reply);
    expect(result).toMatchObject({ plan: null, spelling: null, defects: [{ code: "parse.no_plan" }] });
  });

  it("says what was expected", () => {
    expect(defects("The answer is 4.")).toMatchInlineSnapshot(`"parse.no_plan -.- The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'."`);
    expect(defects("x".repeat(300_000))).toMatchInlineSnapshot(`"parse.no_plan -.- The reply has 300000 characters; a plan has at most 200000."`);
  });
});

/** Whether the reply gives a plan that fits the schema, or else a defect that says why not. */
function isRead(reply: string): boolean {
  const { plan, spelling, defects: found } = parsePlan(reply);
  return plan === null ? found.some((each) => each.code.startsWith("parse.")) : spelling !== null && planSchema.safeParse(plan).success;
}

describe("any reply at all", () => {
  it("of arbitrary text gives a plan that fits the schema, or a defect", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (reply) => {
      expect(isRead(reply)).toBe(true);
    }));
  });

  it("of pieces of plans gives a plan that fits the schema, or a defect", () => {
    fc.assert(fc.property(arbitraryReply(), (reply) => {
      expect(isRead(reply)).toBe(true);
    }), { numRuns: 2000 });
  });

  it("made by spoiling a plan gives a plan that fits the schema, or a defect", () => {
    const spoils = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.constantFrom("", "\n", ")", "(", '"', "\\", "Subgoal ", " = ", "{", "]")), { maxLength: 4 });
    fc.assert(
      fc.property(arbitraryPlan(), fc.constantFrom("text" as const, "json" as const), spoils, (plan, spelling, changes) => {
        let reply = printPlan(plan, spelling);
        for (const [at, drop, insert] of changes) reply = reply.slice(0, at % (reply.length + 1)) + insert + reply.slice((at % (reply.length + 1)) + drop);
        expect(isRead(reply)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "(", ")", "[", '"', "'", " ", "\t", "\n", "\r", ".", "*", "`", "-", "\\", "{", "[{", '{"', '{"subgoals":', '"subgoals":', "{ ", "a\n", "x ", "R1", "R1 ", "R1 = ", "R1 = T(\n", "R1 = T() = 1\n", "Subgoal", "Subgoal 1", "Subgoal 1:",
    "Subgoal 1: x\n", "Action 1-1: ", "Action 1-1: R1 = T(\n", "Action 1-1: R1 = T((\nx\n", ") = ", "1-1: x = ", "** ", "1. ", ") ", "R1, ", "…",
  ])("is read in linear time: %j over and over", (piece) => {
    const most = Math.floor((MAX_REPLY_LENGTH - 100) / piece.length);
    const spent = processorTime();
    for (const before of ["", "Subgoal 1: A.\nAction 1-1: R1 = QA(", "Subgoal 1: ", '{"subgoals": ']) {
      expect(isRead(before + piece.repeat(most))).toBe(true);
      expect(isRead(`${before}${piece.repeat(most)}!`)).toBe(true);
    }
    expect(spent()).toBeLessThan(10_000);
  });
});

const RECORDED = "../shared/recorded/responses.jsonl";

describe.skipIf(!existsSync(RECORDED))("the recorded replies", () => {
  interface Recorded {
    response: string;
    imperfect?: string;
  }
  const recorded = (): Recorded[] => readFileSync(RECORDED, "utf8").trim().split("\n").map((line): Recorded => JSON.parse(line));

  it("parse without a defect, in both spellings", () => {
    const replies = recorded();
    expect(replies).toHaveLength(60);
    for (const { response } of replies) {
      const { plan, defects: found } = parsePlan(response);
      if (plan === null) throw new Error("no plan");
      expect(found).toEqual([]);
      expect(parsePlan(printPlan(plan, "json"))).toEqual({ plan, spelling: "json", defects: [] });
    }
  });

  it("that are well-formed are printed as they came", () => {
    for (const { response } of recorded().filter((each) => each.imperfect === undefined)) {
      const { plan } = parsePlan(response);
      expect(plan === null ? "" : printPlan(plan)).toBe(response);
    }
  });

  it("that are imperfect parse to the plan of their cleaned text", () => {
    const imperfect = recorded().filter((each) => each.imperfect !== undefined);
    expect(imperfect).toHaveLength(6);
    for (const { response } of imperfect) {
      const cleaned = response
        .replace(/^```$/gm, "")
        .replace("Subgoal-based plan:\n", "")
        .replaceAll("**", "")
        .replace(/^ +/gm, "")
        .replace(/(?<=\) = [0-9]+)\.$/gm, "")
        .replace(/(?<!^|\n)\n(?=Subgoal)/g, "\n\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
      const { plan } = parsePlan(response);
      expect(cleaned).not.toBe(response);
      expect(plan === null ? "" : printPlan(plan)).toBe(cleaned);
    }
  });
});

import { describe, expect, test } from "vitest";
import { adpFormat } from "../../../pipelines/export/adp.ts";
import { atifFormat } from "../../../pipelines/export/atif.ts";
import { namedArguments, toolDefinitions } from "../../../pipelines/export/tool-calls.ts";
import { parseArgs } from "../../../pipelines/plan/args.ts";
import { DOMAIN_TOOLS, DOMAINS } from "../../../schemas/domain.ts";
import { processorTime } from "../../support/processor-time.ts";
import { exported, expectValid, mixedStore, rowsOf } from "./exported.ts";

interface AdpRow {
  id: string;
  content: { class_: string; tool_call_id?: string; content?: string; function?: string; kwargs?: object }[];
}

interface AtifRow {
  trajectory_id: string;
  steps: { step_id: number; tool_calls?: { tool_call_id: string }[]; observation?: { results: { source_call_id: string; content: string }[] } }[];
}

async function rowsIn<T>(format: typeof adpFormat): Promise<T[]> {
  const { out, manifest, summary } = await exported(mixedStore(), format);
  expect(summary.excluded).toEqual({});
  const rows = [...rowsOf(out, manifest.files.filter(({ domain }) => domain !== "unified")).values()].flat();
  expect(rows).toHaveLength(9);
  expectValid(format.name, rows);
  return rows as T[];
}

describe("trajectories of the Agent Data Protocol", () => {
  test("are valid by its schema, and each call with an id has one result, directly behind it", async () => {
    for (const { content } of await rowsIn<AdpRow>(adpFormat)) {
      for (const [i, each] of content.entries()) {
        const next = content[i + 1];
        if (!("kwargs" in each)) continue;
        if (each.tool_call_id === undefined) expect(next).not.toMatchObject({ class_: "text_observation" });
        else expect(next).toMatchObject({ class_: "text_observation", tool_call_id: each.tool_call_id, source: "environment" });
      }
      const ids = content.flatMap(({ kwargs, tool_call_id }) => (kwargs === undefined || tool_call_id === undefined ? [] : [tool_call_id]));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("tell the plan of the example call by call", async () => {
    const row = (await rowsIn<AdpRow>(adpFormat)).find(({ id }) => id === "gsm8k/1");
    expect(row).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "class_": "text_observation",
            "content": "Task 1 of gsm8k: "quoted"
      and broken, é 漢 🙂",
            "source": "user",
          },
          {
            "class_": "api_action",
            "description": "Find how many rolls are baked.",
            "function": "Calculator",
            "kwargs": {
              "formula": "12 * 3",
              "outputs": [
                "R1",
              ],
            },
            "tool_call_id": "call_1",
          },
          {
            "class_": "text_observation",
            "content": "36",
            "source": "environment",
            "tool_call_id": "call_1",
          },
          {
            "class_": "api_action",
            "description": "Find how many are left & sold <today>.",
            "function": "SetEquation",
            "kwargs": {
              "equation": "x + 6 = R1",
              "outputs": [
                "R2",
              ],
            },
            "tool_call_id": "call_2",
          },
          {
            "class_": "text_observation",
            "content": "x + 6 = 36",
            "source": "environment",
            "tool_call_id": "call_2",
          },
          {
            "class_": "api_action",
            "function": "SolveEquation",
            "kwargs": {
              "equation": "R2, x",
              "outputs": [
                "R3",
              ],
            },
            "tool_call_id": "call_3",
          },
          {
            "class_": "text_observation",
            "content": "30",
            "source": "environment",
            "tool_call_id": "call_3",
          },
          {
            "class_": "message_action",
            "content": "5",
          },
        ],
        "details": {
          "annotator": "rules",
          "answer_evidence": "computed",
          "dataset": "gsm8k",
          "domain": "maths",
          "evidence": "1 computed, 0 matched, 0 claimed",
          "level": "proven",
          "licence": "MIT",
          "source_file": "gsm8k.jsonl",
          "source_position": "1",
        },
        "id": "gsm8k/1",
        "schema_version": "1.5.0",
      }
    `);
  });
});

describe("trajectories in the Agent Trajectory Interchange Format", () => {
  test("are valid by its schema, steps are numbered from 1 and results belong to calls of their step", async () => {
    for (const { steps } of await rowsIn<AtifRow>(atifFormat)) {
      expect(steps.map(({ step_id }) => step_id)).toEqual(steps.map((_, i) => i + 1));
      for (const { tool_calls = [], observation } of steps) {
        const ids = tool_calls.map(({ tool_call_id }) => tool_call_id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { source_call_id } of observation?.results ?? []) expect(ids).toContain(source_call_id);
      }
    }
  });

  test("have a step for each subgoal", async () => {
    const row = (await rowsIn<AtifRow>(atifFormat)).find(({ trajectory_id }) => trajectory_id === "strategyqa/1");
    expect(row?.steps).toMatchInlineSnapshot(`
      [
        {
          "message": "Task 1 of strategyqa: "quoted"
      and broken, é 漢 🙂",
          "source": "user",
          "step_id": 1,
        },
        {
          "message": "Find when the mill was built.",
          "observation": {
            "results": [
              {
                "content": "WikipediaPage(Old mill)",
                "source_call_id": "call_1_1",
              },
            ],
          },
          "source": "agent",
          "step_id": 2,
          "tool_calls": [
            {
              "arguments": {
                "outputs": [
                  "R1",
                ],
                "query": "Old mill",
              },
              "function_name": "KnowledgeQuery",
              "tool_call_id": "call_1_1",
            },
            {
              "arguments": {
                "context": "[R1]",
                "outputs": [
                  "R2",
                ],
                "query": "When was it built, and where?",
              },
              "function_name": "QA",
              "tool_call_id": "call_1_2",
            },
          ],
        },
        {
          "message": "Compare.",
          "observation": {
            "results": [
              {
                "content": "True",
                "source_call_id": "call_2_1",
              },
            ],
          },
          "source": "agent",
          "step_id": 3,
          "tool_calls": [
            {
              "arguments": {
                "formula": "R2 < 1900",
                "outputs": [
                  "R3",
                ],
              },
              "function_name": "Calculator",
              "tool_call_id": "call_2_1",
            },
          ],
        },
        {
          "message": "5",
          "source": "agent",
          "step_id": 4,
        },
      ]
    `);
  });
});

describe("the tools of a domain as functions", () => {
  test.each(DOMAINS)("in %s are those of its action list, each with its description and parameters", (domain) => {
    const functions = toolDefinitions(domain).map((each) => each.function);
    expect(functions.map(({ name }) => name)).toEqual(DOMAIN_TOOLS[domain]);
    for (const { name, description, parameters } of functions) {
      expect(description).not.toBe(name);
      expect(description).toMatch(/^[A-Z][^:;]+$/);
      expect(parameters.required).toEqual(Object.keys(parameters.properties));
      expect(parameters.required.length).toBeGreaterThan(1);
    }
  });
});

describe("the arguments of a call by name", () => {
  test.each([
    ["Calculator", "R1 + 2", { formula: "R1 + 2" }],
    ["QA", "[R2, R3], Question: Who, and when?", { context: "[R2, R3]", query: "Who, and when?" }],
    ["ParagraphRetrieve", "R1, Query: kids, question: any?", { context: "R1", query: "kids, question: any?" }],
    ["SELECT", "Env, QUERY: [combobox] Size, TEXT: XL, text: wide", { env: "Env", query: "[combobox] Size", text: "XL, text: wide" }],
    ["QA", "no marker", { args: "no marker" }],
    ["TYPE", "Env, QUERY: a", { args: "Env, QUERY: a" }],
    ["__proto__", "x", { args: "x" }],
    ["Bash", "ls -l | wc", { command: "ls -l | wc" }],
  ])("of %s(%s)", (tool, args, named) => {
    expect(namedArguments({ tool, args: parseArgs(args), outputs: ["R9"], result: "" })).toEqual({ ...named, outputs: ["R9"] });
  });

  test("are found fast in hostile text", () => {
    const spent = processorTime();
    for (const text of [",".repeat(100_000), ", ".repeat(100_000), `,${" ".repeat(100_000)}`, ", query".repeat(20_000)]) namedArguments({ tool: "SELECT", args: [text], outputs: ["R1"], result: "" });
    expect(spent()).toBeLessThan(1_000);
  });
});

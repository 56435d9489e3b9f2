import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lumosChat } from "../../../pipelines/export/lumos-format.ts";
import { FORMULATIONS, MODULES } from "../../../pipelines/export/kind.ts";
import { assemble, type RowsOfExample } from "../../../pipelines/import/assemble.ts";
import { type ChatRow, readChatRow } from "../../../pipelines/import/chat-row.ts";
import { withoutFinalDots } from "../../../pipelines/plan/builder.ts";
import { planFromJson } from "../../../pipelines/plan/parse.ts";
import { planToJson } from "../../../pipelines/plan/print.ts";
import { DOMAINS, type Domain, TOOLS_WITHOUT_RESULT } from "../../../schemas/domain.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { arbitraryPlan } from "../plan/arbitrary.ts";

const planned = fc.constantFrom(...DOMAINS).chain((domain) => fc.tuple(fc.constant(domain), arbitraryPlan({ domain }), tasks()));

describe("what the exporter prints and the importer reads", () => {
  it("gives the plan back from all its rows: every sentence, call and variable, and each subgoal's last result", () => {
    fc.assert(
      fc.property(planned, ([domain, plan, task]) => {
        const rows = printed(plan, domain, task);
        const read = imported(rows);
        expect(calls(read)).toEqual(calls(plan));
        const told = rows.plan_iterative !== undefined && domain !== "web_agent";
        expect(lastResults(read)).toEqual(lastResults(plan).map((result) => (told ? result : "")));
      }),
    );
  });

  it("gives it back from the iterative rows alone, where `Output` is a variable like the others", () => {
    fc.assert(
      fc.property(planned, ([domain, plan, task]) => {
        const { plan_iterative, ground_iterative } = printed(plan, domain, task);
        fc.pre(plan_iterative !== undefined && ground_iterative !== undefined);
        const read = imported({ plan_iterative, ground_iterative });
        expect(calls(read)).toEqual(calls(withoutOutput(plan)));
        if (domain !== "web_agent") expect(lastResults(read)).toEqual(lastResults(plan));
      }),
    );
  });

  it("gives sentences and calls back from the onetime rows alone, without results and without knowing which call is of which subgoal", () => {
    fc.assert(
      fc.property(planned, ([domain, plan, task]) => {
        const { plan_onetime, ground_onetime } = printed(plan, domain, task);
        const read = imported({ plan_onetime, ground_onetime });
        expect(read.subgoals.map(({ text }) => text)).toEqual(plan.subgoals.map(({ text }) => text));
        expect(calls(read).flatMap(([, own]) => own)).toEqual(calls(plan).flatMap(([, own]) => own));
        expect(read.subgoals.every(({ actions }) => actions.length > 0)).toBe(true);
      }),
    );
  });

  it("gives task and environment back, whatever they say", () => {
    fc.assert(
      fc.property(planned, fc.option(fc.string({ minLength: 1 }).filter((text) => /^\S(?:.*\S)?$/s.test(text) && text !== "None" && !text.endsWith("."))), ([domain, plan, task], environment) => {
        const rows = printed(plan, domain, task, environment);
        for (const row of Object.values(rows)) expect(row?.task).toBe(task);
        expect(rows.plan_onetime?.environment).toBe(environment);
      }),
    );
  });
});

/** Tasks as sources have them: several lines, and words of the format, too. */
function tasks(): fc.Arbitrary<string> {
  const pieces = fc.constantFrom("How many?", "Task: ", "\n", "\n\nTask: ", "; Initial Environment Description: None.", " \nSubgoal to be grounded: Subgoal 1: x\n", "None.", "é", "R1", " ");
  return fc.array(fc.oneof(pieces, fc.string({ maxLength: 10 })), { minLength: 1, maxLength: 6 }).map((all) => all.join("")).filter((task) => task.trim() !== "");
}

function printed(plan: Plan, domain: Domain, task: string, environment: string | null = null): RowsOfExample {
  const rows: RowsOfExample = {};
  for (const module of MODULES.slice(0, 2)) {
    for (const formulation of FORMULATIONS) {
      const chat = lumosChat({ domain, plan, example: { task, environment, rationale: "", answer: "" } }, { module, formulation });
      if ("excluded" in chat) continue;
      const row = readChatRow({ dataset: domain, id: "maths_0", messages: chat.messages });
      if ("skip" in row) throw new Error(row.detail);
      expect({ module: row.module, formulation: row.formulation, domain: row.domain }).toEqual({ module, formulation, domain });
      Object.assign(rows, { [`${module}_${formulation}`]: row });
    }
  }
  return rows;
}

function imported(rows: { [K in keyof RowsOfExample]: ChatRow | undefined }): Plan {
  const given: RowsOfExample = Object.fromEntries(Object.entries(rows).filter(([, row]) => row !== undefined));
  const assembled = assemble(given);
  const { plan, defects } = planFromJson(assembled?.plan ?? { subgoals: [] }, { results: "optional" });
  // Of a variable alone nothing is lost; a defect would say that something was.
  expect(defects.filter(({ code }) => code !== "plan.no_action").map(({ message }) => message)).toEqual([]);
  if (plan === null) throw new Error("no plan");
  return plan;
}

function calls({ subgoals }: Plan): [string, unknown[]][] {
  return planToJson({ subgoals }).subgoals.map(({ text, actions }) => [text, actions.map(({ outputs, tool, args }) => [outputs, tool, args])]);
}

function lastResults({ subgoals }: Plan): string[] {
  return subgoals.map(({ actions }) => {
    const last = actions.at(-1);
    return last === undefined || TOOLS_WITHOUT_RESULT.has(last.tool) ? "" : withoutFinalDots(last.result);
  });
}

/** As the iterative rows name it: the number after the highest. */
function withoutOutput(plan: Plan): Plan {
  const numbers = plan.subgoals.flatMap(({ actions }) =>
    actions.flatMap(({ outputs, args }) => [...outputs, ...args.flatMap((part) => (typeof part === "string" ? [] : [part.ref]))].map((name) => Number(name.slice(1)))),
  );
  const name = `R${Math.max(0, ...numbers.filter((number) => !Number.isNaN(number))) + 1}`;
  return { subgoals: plan.subgoals.map(({ text, actions }) => ({ text, actions: actions.map((action) => ({ ...action, outputs: action.outputs.map((output) => (output === "Output" ? name : output)) })) })) };
}

import { describe, expect, it } from "vitest";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { renderMessages } from "../../../pipelines/prompts/render.ts";
import { renderRepair } from "../../../pipelines/prompts/repair.ts";
import type { RepairRequest } from "../../../pipelines/prompts/repair.ts";
import { mathsExample, SMALL_PROMPT } from "../../support/prompt.ts";

const PLAN = SMALL_PROMPT.few_shots[0]?.plan ?? { subgoals: [] };

function repair(fields: Partial<RepairRequest> = {}): RepairRequest {
  return { plan: printPlan(PLAN), problems: ["Subgoal 1 action 1: R1 = Calculator(2 * 3) is 6, but the plan says 5."], scope: [1], tried: null, ...fields };
}

const first = renderMessages(SMALL_PROMPT, mathsExample(), { reply: "text" });

describe("the messages that ask for a correction", () => {
  it("are these, for the text spelling", () => {
    const messages = renderRepair(first, mathsExample(), repair(), "text");
    expect(shown(messages.slice(first.length))).toMatchInlineSnapshot(`
      "── assistant
      Subgoal 1: Work out how many pens the boxes hold.
      Action 1-1: R1 = Calculator(2 * 3) = 6
      ── user
      Your plan was checked, and run where it can be. Correct it:
      - Mend every problem listed below and keep what is right.
      - Work each value out from the task and the rationale. Never bend a formula or a result to arrive at the answer.
      - Where single subgoals are asked for, write each of them in full under its own number (Subgoal 2: <sentence>, Action 2-1: …), together with any other subgoal that changes with it. What you leave out stays as it is.
      - A result that other subgoals use keeps its variable. A further result takes a variable that the plan does not use yet.
      - Where the whole plan is asked for, write all of its subgoals, those that stay as they are included.
      - Keep to the form of reply that was asked for at the beginning, and write nothing else.

      Task:
      A shelf holds 4 jars. Each jar holds 5 coins, and 2 coins lie beside them. How many coins are there?

      Problems:
      - Subgoal 1 action 1: R1 = Calculator(2 * 3) is 6, but the plan says 5.

      Reply with subgoal 1, and any other that changes with it."
    `);
  });

  it("are these, for the JSON spelling, where a correction before was no better", () => {
    const tried = { reply: '{"subgoals": []}', problems: ["The plan has no subgoal."] };
    const messages = renderRepair(first, mathsExample(), repair({ plan: printPlan(PLAN, "json"), scope: [1, 3, 4], tried }), "json");
    expect(shown(messages.slice(first.length))).toMatchInlineSnapshot(`
      "── assistant
      {"subgoals":[{"text":"Work out how many pens the boxes hold.","actions":[{"outputs":["R1"],"tool":"Calculator","args":"2 * 3","result":"6"}]}]}
      ── user
      Your plan was checked, and run where it can be. Correct it:
      - Mend every problem listed below and keep what is right.
      - Work each value out from the task and the rationale. Never bend a formula or a result to arrive at the answer.
      - Where single subgoals are asked for, write each of them in full under its own number (which stands at the beginning of its text: {"text": "Subgoal 2: <sentence>", "actions": […]}), together with any other subgoal that changes with it. What you leave out stays as it is.
      - A result that other subgoals use keeps its variable. A further result takes a variable that the plan does not use yet.
      - Where the whole plan is asked for, write all of its subgoals, those that stay as they are included.
      - Keep to the form of reply that was asked for at the beginning, and write nothing else.

      Task:
      A shelf holds 4 jars. Each jar holds 5 coins, and 2 coins lie beside them. How many coins are there?

      Problems:
      - Subgoal 1 action 1: R1 = Calculator(2 * 3) is 6, but the plan says 5.

      A correction that was no better:
      {"subgoals": []}

      Its problems:
      - The plan has no subgoal.

      Reply with subgoals 1, 3 and 4, and any other that changes with them."
    `);
  });

  it("begin with those of the first ask, and differ from other corrections only behind the constant part of the last", () => {
    const other = renderRepair(first, mathsExample({ task: "Another." }), repair({ problems: ["Other."], scope: "plan" }), "text");
    const messages = renderRepair(first, mathsExample(), repair(), "text");
    expect(messages.slice(0, first.length)).toEqual(first);
    const [one, two] = [messages, other].map((each) => each.at(-1)?.content.split("Task:\n")[0]);
    expect(one).toBe(two);
    expect(one?.length).toBeGreaterThan(500);
  });

  it("carry the task verbatim in the last", () => {
    const task = "  A task:\r\n with $&  odd\tblanks {and} `marks` ";
    const last = renderRepair(first, { task }, repair(), "json").at(-1);
    expect(last?.role).toBe("user");
    expect(last?.content).toContain(task);
  });

  it.each<[RepairRequest["scope"], string]>([
    ["plan", "Reply with the whole plan."],
    ["changed", "Reply with the subgoals that have to change."],
    [[2], "Reply with subgoal 2, and any other that changes with it."],
    [[1, 2], "Reply with subgoals 1 and 2, and any other that changes with them."],
  ])("end with what is asked for: %j", (scope, closing) => {
    expect(renderRepair(first, mathsExample(), repair({ scope }), "text").at(-1)?.content.split("\n").at(-1)).toBe(closing);
  });
});

function shown(messages: { role: string; content: string }[]): string {
  return messages.map(({ role, content }) => `── ${role}\n${content}`).join("\n");
}

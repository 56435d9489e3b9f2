import { describe, expect, it } from "vitest";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { renderMessages } from "../../../pipelines/prompts/render.ts";
import { toolGuides } from "../../../pipelines/prompts/tools.ts";
import { DOMAIN_TOOLS, DOMAINS } from "../../../schemas/domain.ts";
import { mathsExample, SMALL_PROMPT } from "../../support/prompt.ts";

describe("the messages of a request", () => {
  it("are these, for the text spelling", () => {
    expect(shown(renderMessages(SMALL_PROMPT, mathsExample(), { reply: "text" }))).toMatchSnapshot();
  });

  it("are these, for the JSON spelling of questions over pages", () => {
    const example = mathsExample({ domain: "complex_qa", task: "Is it?", rationale: "It is.", answer: "True" });
    expect(shown(renderMessages(SMALL_PROMPT, example, { reply: "json" }))).toMatchSnapshot();
  });

  it("are these, for web pages, whose actions have no result", () => {
    const example = mathsExample({ domain: "web_agent", task: "Find a flight.", rationale: "CLICK", answer: "" });
    expect(renderMessages({ ...SMALL_PROMPT, few_shots: [] }, example, { reply: "text" })[0]?.content).toMatchSnapshot();
  });

  it("differ between examples only in the last one, so that provider caches serve the rest", () => {
    const first = renderMessages(SMALL_PROMPT, mathsExample(), { reply: "json" });
    const second = renderMessages(SMALL_PROMPT, mathsExample({ task: "Another.", rationale: "Other." }), { reply: "json" });
    expect(second.slice(0, -1)).toEqual(first.slice(0, -1));
    expect(second.at(-1)).not.toEqual(first.at(-1));
  });

  it("carry the task verbatim and the rationale once in the last", () => {
    const task = "  A task:\r\n with $&  odd\tblanks {and} `marks` ";
    const rationale = "Line 1 $1\nLine 2";
    const last = renderMessages(SMALL_PROMPT, mathsExample({ task, rationale }), { reply: "json" }).at(-1);
    expect(last?.role).toBe("user");
    expect(last?.content).toContain(task);
    expect(last?.content.split(rationale)).toHaveLength(2);
  });

  it("say the unit and the environment where the source has them", () => {
    const last = renderMessages(SMALL_PROMPT, mathsExample({ task: "T", rationale: "W", unit: "coins", environment: "A table city(name)." }), { reply: "json" }).at(-1);
    expect(last?.content).toMatchInlineSnapshot(`
      "Task:
      T

      Environment:
      A table city(name).

      Rationale:
      W

      Answer: 22 (unit: coins)"
    `);
  });

  it.each(["json", "text"] as const)("show few-shots in the %s spelling, which parses to the plan it was printed from", (reply) => {
    const shot = renderMessages(SMALL_PROMPT, mathsExample(), { reply }).find(({ role }) => role === "assistant");
    const { plan, spelling } = parsePlan(shot?.content ?? "");
    expect(plan).toEqual(SMALL_PROMPT.few_shots[0]?.plan);
    expect(spelling).toBe(reply);
  });
});

describe("the tools", () => {
  it.each(DOMAINS)("of %s are told in the order of the action list, each with an example that parses", (domain) => {
    const guides = toolGuides(domain);
    expect(guides.map(({ tool }) => tool)).toEqual(DOMAIN_TOOLS[domain]);
    for (const { tool, example } of guides) {
      const action = `${example.outputs.join(", ")} = ${tool}(${example.args})${example.result === "" ? "" : ` = ${example.result}`}`;
      const { plan, defects } = parsePlan(`Subgoal 1: Do it.\nAction 1-1: ${action}`);
      expect(defects).toEqual([]);
      expect(plan?.subgoals[0]?.actions[0]).toMatchObject({ tool, outputs: example.outputs, result: example.result });
    }
  });
});

function shown(messages: { role: string; content: string }[]): string {
  return messages.map(({ role, content }) => `── ${role}\n${content}`).join("\n");
}

import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapGsm8k } from "../../../converters/gsm8k/map.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { sourceExampleSchema } from "../../../schemas/example.ts";

const PLACE = { file: "own.jsonl", position: 1 };
const question = "Tove picks 30 pears and puts 5 into each basket. How many baskets does she fill?";

function mapped(answer: string, task = question): SourceExample {
  const outcome = mapGsm8k({ question: task, answer }, PLACE);
  if ("skip" in outcome) throw new Error(outcome.skip);
  return outcome.example;
}

describe("mapping a GSM8K record", () => {
  it("maps a plain record", () => {
    const example = mapped("Tove fills 30/5 = <<30/5=6>>6 baskets.\nThat is all.\n#### 6");
    expect(sourceExampleSchema.parse(example)).toEqual(example);
    expect(example).toMatchObject({ task: question, answer: "6", form: "plain", rationale: "Tove fills 30/5 = <<30/5=6>>6 baskets.\nThat is all.", environment: null, place: PLACE });
    expect(example.gold_steps).toEqual([
      { id: `${example.id}#1`, text: "Tove fills 30/5 = <<30/5=6>>6 baskets.", operations: [{ formula: "30/5", result: "6" }], result: "6" },
      { id: `${example.id}#2`, text: "That is all." },
    ]);
  });

  it("maps a socratic record to the same id, with sub-questions", () => {
    const example = mapped("How many baskets does Tove fill? ** Tove fills 30/5 = <<30/5=6>>6 baskets.\n#### 6");
    expect(example).toMatchObject({ id: mapped("30/5=6\n#### 6").id, form: "socratic" });
    expect(example.gold_steps[0]).toMatchObject({ question: "How many baskets does Tove fill?", text: "Tove fills 30/5 = <<30/5=6>>6 baskets." });
    expect(example.rationale).toBe("How many baskets does Tove fill? ** Tove fills 30/5 = <<30/5=6>>6 baskets.");
  });

  it("makes the id from the task with white space folded, so neither place nor answer changes it", () => {
    expect(mapped("1+1=2\n#### 2", `  ${question.replace(" ", "  ")}\n`).id).toBe(mapped("30/5=6\n#### 6").id);
  });

  it.each([
    ["the answer as printed", "1+1=2\n#### 1,080", "1,080"],
    ["blank lines at the end", "1+1=2\n#### 2\n\n", "2"],
    ["Windows line ends", "1+1=2\r\n#### 2\r\n", "2"],
    ["no blank after the mark", "1+1=2\n####2", "2"],
    ["a negative answer", "2-12=-10\n#### -10", "-10"],
  ])("keeps %s", (_, answer, expected) => {
    expect(mapped(answer).answer).toBe(expected);
  });

  it.each([
    ["no_answer", question, "30/5=6"],
    ["no_answer", question, "30/5=6\n####"],
    ["no_answer", question, ""],
    ["no_rationale", question, "#### 6"],
    ["no_task", " ", "30/5=6\n#### 6"],
    ["too_long", question, `${"1+1=2\n".repeat(300)}#### 2`],
  ])("skips with %s", (skip, task, answer) => {
    expect(mapGsm8k({ question: task, answer }, PLACE)).toMatchObject({ skip });
  });

  it("never fails on strange records nor gives an empty task or answer", () => {
    const piece = fc.constantFrom("####", "\n", " ** ", "<<", ">>", "=", "4*2", "8", " ", "x", "$", "%", "é", "\u0000", "__proto__");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(piece, { maxLength: 8 }), (answer, task) => {
        const outcome = mapGsm8k({ question: task.join(""), answer: answer.join("") }, PLACE);
        if ("skip" in outcome) return;
        expect(outcome.example.task.trim()).not.toBe("");
        expect(outcome.example.answer).not.toBe("");
        expect(outcome.example.gold_steps.length).toBeGreaterThan(0);
        expect(sourceExampleSchema.safeParse(outcome.example).success).toBe(true);
      }),
    );
  });
});

const TEST_SET = "../shared/data/gsm8k_test_socratic.jsonl";
describe.skipIf(!existsSync(TEST_SET))("the published socratic test set (reader only; skipped where the file is absent)", () => {
  it("maps every record, each with sub-questions and a unique id", () => {
    const outcomes = readFileSync(TEST_SET, "utf8").trim().split("\n").map((line, index) => mapGsm8k(JSON.parse(line), { ...PLACE, position: index + 1 }));
    const examples = outcomes.flatMap((each) => ("example" in each ? [each.example] : []));
    expect(examples.length).toBe(1319);
    expect(new Set(examples.map((each) => each.id)).size).toBe(1319);
    expect(examples.filter((each) => each.form === "socratic").length).toBe(1319);
  });
});

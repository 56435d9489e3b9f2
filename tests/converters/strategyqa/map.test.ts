import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import converter from "../../../converters/strategyqa/index.ts";
import { strategyqaRecordSchema } from "../../../converters/strategyqa/record.ts";
import { sourceExampleSchema } from "../../../schemas/example.ts";
import { example, mapped, place, record } from "./records.ts";

const real = fileURLToPath(new URL("../../../../shared/data/strategyqa_train.json", import.meta.url));
const sample = fileURLToPath(new URL(`../../../converters/strategyqa/${converter.sample}`, import.meta.url));

describe("the StrategyQA mapping", () => {
  it("makes an example with a gold step for each question", () => {
    const value = record(["Who wrote Hamlet?", "When did  #1 die?", "Is #2 before 1700?"], {
      answer: false,
      evidence: [
        [[["Hamlet-1", "Hamlet-2"], ["Hamlet-1"]], [["William Shakespeare-3"], "no_evidence"], ["operation"]],
        [[["Hamlet-1"]], [["William Shakespeare-3"], "operation"], ["operation"]],
      ],
    });
    expect(example(value)).toMatchInlineSnapshot(`
      {
        "answer": "False",
        "dataset": "strategyqa",
        "domain": "complex_qa",
        "environment": null,
        "extra": {
          "evidence": [
            [
              "Hamlet-1",
            ],
            [
              "William Shakespeare-3",
            ],
            [],
          ],
        },
        "gold_steps": [
          {
            "id": "strategyqa/q1#1",
            "paragraphs": [
              [
                "Hamlet-1",
                "Hamlet-2",
              ],
              [
                "Hamlet-1",
              ],
            ],
            "question": "Who wrote Hamlet?",
            "text": "Who wrote Hamlet?",
          },
          {
            "builds_on": [
              1,
            ],
            "id": "strategyqa/q1#2",
            "paragraphs": [
              [
                "William Shakespeare-3",
              ],
              [
                "William Shakespeare-3",
              ],
            ],
            "question": "When did #1 die?",
            "text": "When did #1 die?",
          },
          {
            "builds_on": [
              2,
            ],
            "id": "strategyqa/q1#3",
            "question": "Is #2 before 1700?",
            "text": "Is #2 before 1700?",
          },
        ],
        "id": "strategyqa/q1",
        "place": {
          "file": "strategyqa_train.json",
          "position": 1,
        },
        "rationale": "Facts:
      - A fact.
      Steps (#n is the answer of step n):
      1. Who wrote Hamlet? [paragraphs: Hamlet-1]
      2. When did #1 die? [paragraphs: William Shakespeare-3]
      3. Is #2 before 1700? [no paragraph needed]",
        "task": "Is it so?",
      }
    `);
  });

  it("skips a question that every annotator lacks evidence for", () => {
    const value = record(["One?", "Two?"], { evidence: [[[["A-1"]], ["no_evidence"]], [[["A-1"], "no_evidence"], [["B-1"]]]] });
    expect(mapped(value)).toEqual({ skip: "no_evidence", detail: "every annotator lacks evidence for at least one step" });
    expect(mapped(record(["One?"], { evidence: [] }))).toMatchObject({ skip: "no_evidence" });
  });

  it("keeps the task as it is written and ignores fields it does not know", () => {
    const value = { ...record(["One?"]), question: "  Is it\n so? ", extra_field: { any: 1 } };
    expect(example(value).task).toBe("  Is it\n so? ");
  });

  it("leaves out references to a step that does not come before", () => {
    expect(example(record(["Is #1 so?", "Are #3 and #2 and #1 so?"])).gold_steps.map((step) => step.builds_on)).toEqual([undefined, [1]]);
  });

  it.each<[string, object]>([
    ["no evidence", { evidence: undefined }],
    ["evidence of another length", { evidence: [[["operation"]]] }],
    ["no decomposition", { decomposition: [], evidence: [] }],
    ["an empty question", { question: " " }],
    ["an answer that is text", { answer: "true" }],
    ["a number for an id", { qid: 7 }],
    ["facts that are text", { facts: "A fact." }],
    ["evidence that is text", { evidence: "operation" }],
    ["endless steps", { decomposition: Array.from({ length: 51 }, () => "Why?") }],
  ])("is not asked to map a record of another shape: %s", (_, changes) => {
    expect(strategyqaRecordSchema.safeParse({ ...record(["One?", "Two?"]), ...changes }).success).toBe(false);
  });

  it("never throws, and never makes an empty task or a broken example, whatever the texts", () => {
    const text = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom("#1", "Is #1 #2's?", "__proto__", "R1", "(", "What #1", "-1", "A-1"));
    const step = fc.array(fc.oneof(fc.array(text), fc.constantFrom("operation", "no_evidence"), text));
    const records = fc
      .array(text, { minLength: 1, maxLength: 5 })
      .chain((decomposition) =>
        fc.record({
          qid: text,
          question: text,
          answer: fc.boolean(),
          facts: fc.array(text),
          decomposition: fc.constant(decomposition),
          evidence: fc.array(fc.array(step, { minLength: decomposition.length, maxLength: decomposition.length })),
        }),
      );
    fc.assert(
      fc.property(records, (value) => {
        const read = strategyqaRecordSchema.safeParse(value);
        if (!read.success) return;
        const result = converter.map(read.data, place);
        if ("skip" in result) return;
        expect(result.example.task.trim()).not.toBe("");
        expect(sourceExampleSchema.safeParse(result.example).success).toBe(true);
        expect(result.example.gold_steps.every((gold, index) => (gold.builds_on ?? []).every((on) => on <= index))).toBe(true);
      }),
    );
  });

  it("reads the bundled sample: one question without usable evidence, the rest mapped", async () => {
    const results = await mapFile(sample);
    expect(results).toEqual({ records: 10, mapped: 9, no_evidence: 1 });
  });

  it.skipIf(!existsSync(real))("maps 1,777 of the 2,061 training questions and skips 284 (skipped: real data absent)", async () => {
    expect(await mapFile(real)).toEqual({ records: 2061, mapped: 1777, no_evidence: 284 });
  });
});

async function mapFile(path: string): Promise<{ records: number; mapped: number; no_evidence: number }> {
  const counts = { records: 0, mapped: 0, no_evidence: 0 };
  for await (const raw of converter.read(path)) {
    if (!("value" in raw)) throw new Error(raw.problem);
    counts.records += 1;
    const result = converter.map(strategyqaRecordSchema.parse(raw.value), { ...place, position: raw.position });
    if ("example" in result) counts.mapped += 1;
    else if (result.skip === "no_evidence") counts.no_evidence += 1;
  }
  return counts;
}

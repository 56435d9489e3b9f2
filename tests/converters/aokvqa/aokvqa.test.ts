import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import converter from "../../../converters/aokvqa/index.ts";
import { aokvqaRecordSchema } from "../../../converters/aokvqa/record.ts";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { loadConverter } from "../../../pipelines/converters.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { configureConverter } from "../../../pipelines/sources/options.ts";
import type { GivenOptions } from "../../../schemas/converter.ts";
import { folder } from "../shared/files.ts";

const RECORD = {
  split: "train",
  image_id: 4711,
  question_id: "abcDEF123",
  question: "Why do the people on the pier wear coats?",
  choices: ["cold", "fashion", "work", "rain"],
  correct_choice_idx: 0,
  direct_answers: ["winter", "cold", "chilly"],
  difficult_direct_answer: false,
  rationales: ["There is snow on the planks of the pier.", "Coats keep the body warm in winter.", "They wear coats against the cold."],
};

async function map(change: Partial<Record<keyof typeof RECORD, unknown>> = {}, given: GivenOptions = new Map()) {
  const configured = await configureConverter(await loadConverter("aokvqa"), given);
  return configured.map(aokvqaRecordSchema.parse({ ...RECORD, ...change }), { file: "aokvqa_v1p0_train.json", position: 1 });
}

async function example(...args: Parameters<typeof map>) {
  const mapped = await map(...args);
  if ("skip" in mapped) throw new Error(mapped.detail);
  return mapped.example;
}

describe("a question of A-OKVQA", () => {
  it("has all three rationales joined, and COCO's name of its image", async () => {
    const { id, task, rationale, answer, answer_aliases, image, environment, gold_steps } = await example();
    expect({ id, task, rationale, answer, answer_aliases, image, environment, steps: gold_steps.map((step) => step.id) }).toMatchInlineSnapshot(`
      {
        "answer": "cold",
        "answer_aliases": undefined,
        "environment": "An image",
        "id": "aokvqa/abcDEF123",
        "image": {
          "caption": null,
          "file": "000000004711.jpg",
        },
        "rationale": "There is snow on the planks of the pier.
      Coats keep the body warm in winter.
      They wear coats against the cold.",
        "steps": [
          "aokvqa/abcDEF123#1",
          "aokvqa/abcDEF123#2",
          "aokvqa/abcDEF123#3",
        ],
        "task": "Why do the people on the pier wear coats? Choices: (A) cold (B) fashion (C) work (D) rain",
      }
    `);
  });

  it("has the first rationale alone where that is asked for", async () => {
    expect((await example({}, new Map([["rationales", ["first"]]]))).rationale).toBe(RECORD.rationales[0]);
    await expect(map({}, new Map([["rationales", ["some"]]]))).rejects.toThrow("--rationales some: expected all or first.");
  });

  it("has COCO's first caption of its image where --captions gives one", async () => {
    const file = join(folder(), "captions_train2017.json");
    writeFileSync(file, JSON.stringify({ info: { a: [1] }, images: [{ id: 4711 }], annotations: [{ image_id: 4711, id: 2, caption: "People on a pier." }, { image_id: 4711, id: 1, caption: "A pier." }] }));
    const { environment, image } = await example({}, new Map([["captions", [file]]]));
    expect(image?.caption).toBe("People on a pier.");
    expect(environment).toBe("An image: People on a pier");
  });

  it.each<[string, Partial<Record<keyof typeof RECORD, unknown>>, string]>([
    ["without a right choice", { correct_choice_idx: undefined }, "no_answer"],
    ["whose right choice is none", { correct_choice_idx: 4 }, "no_answer"],
    ["without rationales", { rationales: [" ", "."] }, "no_rationale"],
    ["without an id", { question_id: " " }, "no_id"],
    ["without a question", { question: "\n" }, "no_task"],
  ])("%s is skipped", async (_, change, reason) => {
    expect(await map(change)).toMatchObject({ skip: reason });
  });

  it("of the validation split is marked as one for evaluation", async () => {
    expect(await example({ split: "val" })).toMatchObject({ evaluation: true });
    expect(await example({})).not.toHaveProperty("evaluation");
  });

  it.each([-1, "../x", "12a", "1".repeat(13)])("has no image where its id is %j", async (image_id) => {
    const record = aokvqaRecordSchema.safeParse({ ...RECORD, image_id });
    if (!record.success) return;
    expect((await example({ image_id })).image).toBeUndefined();
  });

  it("is annotated by what the rationales say is seen and known", async () => {
    const outcome = annotateByRules(await example(), converter);
    if (outcome.state !== "annotated") throw new Error(outcome.state);
    expect(outcome.annotation.verdict.level).toBe("aligned");
    expect(printPlan(outcome.annotation.plan)).toMatchInlineSnapshot(`
      "Subgoal 1: Note what the image shows that helps to explain why the people on the pier wear coats.
      Action 1-1: R1 = VQA(Env, Question: What does the image show that helps to answer: Why do the people on the pier wear coats?) = There is snow on the planks of the pier

      Subgoal 2: Recall what is known in general that helps to explain why the people on the pier wear coats.
      Action 2-1: R2 = QA([], Question: What is known in general that helps to answer: Why do the people on the pier wear coats?) = Coats keep the body warm in winter

      Subgoal 3: Explain why the people on the pier wear coats.
      Action 3-1: R3 = QA([Env, R1, R2], Question: Why do the people on the pier wear coats? Choices: (A) cold (B) fashion (C) work (D) rain) = cold"
    `);
  });
});

import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import converter from "../../../converters/scienceqa/index.ts";
import { scienceqaRecordSchema } from "../../../converters/scienceqa/record.ts";
import { readJsonObject } from "../../../converters/shared/json-object.ts";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { loadConverter } from "../../../pipelines/converters.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { configureConverter } from "../../../pipelines/sources/options.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { GivenOptions } from "../../../schemas/converter.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { processorTime } from "../../support/processor-time.ts";
import { hasShared, SHARED } from "../../support/shared.ts";
import { folder } from "../shared/files.ts";

const PROBLEM = {
  question: "Which of these objects sinks in water?",
  choices: ["a cork", "an iron nail"],
  answer: 1,
  hint: "The two objects are put into a bowl of water.",
  image: "image.png",
  lecture: "An object that is denser than water sinks in it.",
  solution: "Look at the bowl.\nThe image shows a cork at the top of the water and a nail at the bottom of the bowl.\nAn object that is denser than water sinks.\nSo, the iron nail sinks in water.",
  split: "train",
  category: "Density",
  skill: "Compare properties of objects",
};

async function map(change: Partial<Record<keyof typeof PROBLEM, unknown>> = {}, { key = "12", given = new Map() }: { key?: string; given?: GivenOptions } = {}) {
  const configured = await configureConverter(await loadConverter("scienceqa"), given);
  return configured.map(scienceqaRecordSchema.parse({ key, value: { ...PROBLEM, ...change } }), { file: "problems.json", position: 1 });
}

async function example(...args: Parameters<typeof map>): Promise<SourceExample> {
  const mapped = await map(...args);
  if ("skip" in mapped) throw new Error(mapped.detail);
  return mapped.example;
}

function planOf(from: SourceExample): string {
  const outcome = annotateByRules(from, converter);
  return outcome.state === "annotated" ? printPlan(outcome.annotation.plan) : outcome.state;
}

describe("a problem of ScienceQA", () => {
  it("has its question with the choices as its task, its hint as the environment, and what the solution states as gold steps", async () => {
    const { id, task, rationale, answer, environment, image, gold_steps } = await example();
    expect({ id, task, rationale, answer, environment, image, gold: gold_steps.map(({ id: step, text }) => `${step} ${text}`) }).toMatchInlineSnapshot(`
      {
        "answer": "an iron nail",
        "environment": "An image. Context: The two objects are put into a bowl of water",
        "gold": [
          "scienceqa/12#1 The image shows a cork at the top of the water and a nail at the bottom of the bowl.",
          "scienceqa/12#2 An object that is denser than water sinks.",
          "scienceqa/12#3 So, the iron nail sinks in water.",
        ],
        "id": "scienceqa/12",
        "image": {
          "caption": null,
          "file": "train/12/image.png",
        },
        "rationale": "Lecture:
      An object that is denser than water sinks in it.

      Solution:
      Look at the bowl.
      The image shows a cork at the top of the water and a nail at the bottom of the bowl.
      An object that is denser than water sinks.
      So, the iron nail sinks in water.",
        "task": "Which of these objects sinks in water? Choices: (A) a cork (B) an iron nail",
      }
    `);
  });

  it.each<[string, Partial<Record<keyof typeof PROBLEM, unknown>>, string]>([
    ["without a solution", { solution: " " }, "no_solution"],
    ["without a question", { question: "" }, "no_task"],
    ["whose answer is no choice", { answer: 2 }, "no_answer"],
    ["with an empty choice", { choices: ["a cork", " "], answer: 0 }, "no_choice"],
    ["that is too long", { solution: "Water is wet. ".repeat(1_000) }, "too_long"],
  ])("%s is skipped", async (_, change, reason) => {
    expect(await map(change)).toMatchObject({ skip: reason });
  });

  it.each(["val", "test"])("of the %s split is marked as one for evaluation", async (split) => {
    expect(await example({ split })).toMatchObject({ evaluation: true, image: { file: `${split}/12/image.png` } });
    expect(await example()).not.toHaveProperty("evaluation");
  });

  it("has the caption that --captions gives for it", async () => {
    const file = join(folder(), "captions.json");
    writeFileSync(file, JSON.stringify({ dataset: "x", captions: { 12: " a bowl of\nwater ", 13: 5 } }));
    const { image, environment } = await example({}, { given: new Map([["captions", [file]]]) });
    expect(image?.caption).toBe("a bowl of water");
    expect(environment).toBe("An image: a bowl of water. Context: The two objects are put into a bowl of water");
    writeFileSync(file, "{}");
    await expect(map({}, { given: new Map([["captions", [file]]]) })).rejects.toThrow('captions.json holds no caption under "captions": expected ScienceQA\'s captions.json.');
  });

  it.each(["../../etc/passwd", "a/b.png", "..", ".hidden", "C:\\x.png"])("has no image where its name is %j", async (image) => {
    expect((await example({ image })).image).toBeUndefined();
    expect((await example({}, { key: image })).image).toBeUndefined();
  });
});

describe("the rules for ScienceQA", () => {
  it("observe, recall, reason and conclude with the source's sentences", async () => {
    expect(planOf(await example())).toMatchInlineSnapshot(`
      "Subgoal 1: Note what the image shows that helps to determine which of these objects sinks in water.
      Action 1-1: R1 = VQA(Env, Question: What does the image show that helps to answer: Which of these objects sinks in water?) = The image shows a cork at the top of the water and a nail at the bottom of the bowl

      Subgoal 2: Recall what is known about properties of objects.
      Action 2-1: R2 = QA([], Question: What is known about properties of objects?) = An object that is denser than water sinks

      Subgoal 3: Determine which of these objects sinks in water.
      Action 3-1: R3 = QA([Env, R1, R2], Question: Which of these objects sinks in water? Choices: (A) a cork (B) an iron nail) = an iron nail"
    `);
  });

  it("conclude from the image where the solution says no more", async () => {
    expect(planOf(await example({ solution: "The iron nail sinks in water.", lecture: "", hint: "" }))).toMatchInlineSnapshot(`
      "Subgoal 1: Determine which of these objects sinks in water.
      Action 1-1: R1 = QA([], Question: Which of these objects sinks in water? Choices: (A) a cork (B) an iron nail) = an iron nail"
    `);
  });

  it("read the context where there is no image", async () => {
    expect(planOf(await example({ image: null, solution: "The two objects are in a bowl of water. So, the iron nail sinks." }))).toMatchInlineSnapshot(`
      "Subgoal 1: Note what the context says that helps to determine which of these objects sinks in water.
      Action 1-1: R1 = QA([Env], Question: What does the context say that helps to answer: Which of these objects sinks in water?) = The two objects are in a bowl of water

      Subgoal 2: Determine which of these objects sinks in water.
      Action 2-1: R2 = QA([Env, R1], Question: Which of these objects sinks in water? Choices: (A) a cork (B) an iron nail) = an iron nail"
    `);
  });

  it("check choices one after the other, where the solution does", async () => {
    const solution = "A heron is a bird. It has feathers.\nA bat is a mammal. It has fur and feeds its young milk.";
    expect(planOf(await example({ question: "Select the bird.", choices: ["heron", "bat"], answer: 0, hint: "", lecture: "", image: null, solution }))).toMatchInlineSnapshot(`
      "Subgoal 1: Check choice A: heron.
      Action 1-1: R1 = QA([], Question: What speaks for or against "heron": Select the bird.) = A heron is a bird. It has feathers

      Subgoal 2: Check choice B: bat.
      Action 2-1: R2 = QA([R1], Question: What speaks for or against "bat": Select the bird.) = A bat is a mammal. It has fur and feeds its young milk

      Subgoal 3: Select the bird.
      Action 3-1: R3 = QA([R1, R2], Question: Select the bird. Choices: (A) heron (B) bat) = heron"
    `);
  });

  it("recall only what holds in general, and leave out instructions and lead-ins", async () => {
    const solution = "For each object, decide if it floats. By examining each option:\nThe darker object lies deeper. You can tell by looking at the bowl.\nSo, the iron nail sinks in water.";
    const plan = planOf(await example({ lecture: "", hint: "", solution }));
    expect(plan).not.toMatch(/Recall|decide if|examining/);
    expect(plan).toContain("The darker object lies deeper");
  });

  it("ask the question without what tells to look or think before it", async () => {
    const plan = planOf(await example({ question: "Think about the bowl of water. Which of these objects sinks in it?" }));
    expect(plan).not.toContain("Think about");
    expect(plan).toContain("Question: Which of these objects sinks in it? Choices: (A) a cork (B) an iron nail) = an iron nail");
  });

  it.each<[string, Parameters<typeof map>[0], string]>([
    ["nothing refers to it", { question: "What is the capital of Norway?", solution: "Oslo is the capital of Norway." }, "QA([], "],
    ["the question refers to it", { question: "Which city is shown?", solution: "The city is Oslo." }, "VQA(Env, "],
    ["the solution refers to it", { question: "What is the capital of Norway?", solution: "Look at the map. Oslo is the capital of Norway." }, "VQA(Env, "],
  ])("use the image, where %s: %#", async (_, change, start) => {
    expect(planOf(await example({ choices: ["Bergen", "Oslo"], hint: "", lecture: "", ...change }))).toContain(`R1 = ${start}Question: `);
  });

  it("say what the image is about where the context tells", async () => {
    const plan = planOf(await example({ hint: "The images below show two pairs of magnets.", solution: "The image shows a gap between the magnets. So, the iron nail sinks in water." }));
    expect(plan).toContain("Note what the image shows about the two pairs of magnets.");
  });

  it("are quick with a hostile solution", async () => {
    const spent = processorTime();
    for (const word of ["To a ", "The image ", "(A) ", "is; ", "of the "]) planOf(await example({ solution: word.repeat(900), question: word.repeat(900) }));
    expect(spent()).toBeLessThan(2_000);
  });
});

describe.runIf(hasShared)("the problems of the shared part file", () => {
  it("are all accounted for: those with a solution annotated at the top level, in a few milliseconds each", async () => {
    const configured = await loadConverter("scienceqa");
    const counts = new Map<string, number>();
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    const annotated: { example: SourceExample; reply: string }[] = [];
    for await (const raw of readJsonObject(join(SHARED, "data", "scienceqa_problems_part.json"))) {
      const record = "value" in raw ? configured.record.safeParse(raw.value) : null;
      if (record?.success !== true) {
        count("malformed");
        continue;
      }
      const mapped = configured.map(record.data, { file: "x", position: raw.position });
      if ("skip" in mapped) {
        count(mapped.skip);
        continue;
      }
      const outcome = annotateByRules(mapped.example, configured);
      count(outcome.state === "annotated" ? (outcome.annotation.verdict.level ?? "none") : outcome.state);
      if (outcome.state !== "annotated") continue;
      const reply = printPlan(outcome.annotation.plan);
      expect(parsePlan(reply).plan).toEqual(outcome.annotation.plan);
      annotated.push({ example: mapped.example, reply });
    }
    expect(Object.fromEntries(counts)).toEqual({ aligned: 1627, no_solution: 146 });

    // The plan of a problem of another kind, with this one's answer at its end.
    const wrong = annotated.flatMap(({ example: own }, index) => {
      const other = annotated[(index + 311) % annotated.length];
      const plan = other === undefined ? null : parsePlan(other.reply).plan;
      const last = plan?.subgoals.at(-1)?.actions.at(-1);
      if (plan === null || last === undefined || other === undefined || other.example.extra?.skill === own.extra?.skill) return [];
      last.result = own.answer;
      return [verifyPlan(plan, { domain: "multimodal", example: own, topLevel: "aligned" }).level === "aligned"];
    });
    expect(wrong.length).toBeGreaterThan(1_000);
    expect(wrong.filter(Boolean).length).toBeLessThan(5);
  }, 60_000);
});

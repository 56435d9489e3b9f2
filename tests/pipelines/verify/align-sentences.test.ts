import { describe, expect, it } from "vitest";
import { isQuoted } from "../../../pipelines/verify/align-sentences.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { processorTime } from "../../support/processor-time.ts";

const SENTENCES = [
  "The picture shows a toad with dry, bumpy skin beside a pond.",
  "Toads are amphibians, which lay their eggs in water.",
  "Amphibians breathe through gills when they are young.",
  "So, the toad is an amphibian.",
];
const EXAMPLE: SourceExample = {
  id: "scienceqa/7",
  dataset: "scienceqa",
  domain: "multimodal",
  task: "To which group of animals does the one in the picture belong? Choices: (A) reptiles (B) amphibians",
  rationale: SENTENCES.join("\n"),
  answer: "amphibians",
  choices: ["reptiles", "amphibians"],
  gold_steps: SENTENCES.map((text, index) => ({ id: `scienceqa/7#${index + 1}`, text })),
  image: { file: "train/7/image.png", caption: "a toad by a pond" },
  environment: "An image: a toad by a pond",
  place: { file: "x.json", position: 7 },
};

function verdict(plan: string) {
  const parsed = parsePlan(plan).plan;
  if (parsed === null) throw new Error("no plan");
  return verifyPlan(parsed, { domain: "multimodal", example: EXAMPLE, topLevel: "aligned" });
}

const LOOK = "Subgoal 1: Look at the skin.\nAction 1-1: R1 = VQA(Env, Question: What skin does the toad beside the pond have?) = dry, bumpy skin";
const RECALL = "Subgoal 2: Recall where they breed.\nAction 2-1: R2 = QA([R1], Question: Where do toads lay their eggs?) = in water";
const CHOOSE = "Subgoal 3: Choose.\nAction 3-1: R3 = QA([R1, R2], Question: To which group of animals does the one in the picture belong?) = amphibians";

describe("a plan beside the sentences of an explanation", () => {
  it("serves those that it says in words of its own, and the last by its answer", () => {
    const { level, alignment, defects } = verdict([LOOK, RECALL, CHOOSE].join("\n\n"));
    expect({ level, gold: alignment.map(({ gold }) => gold.join(" ")), codes: defects.map(({ code }) => code) }).toEqual({
      level: "aligned",
      gold: ["scienceqa/7#1", "scienceqa/7#2", "scienceqa/7#4"],
      codes: [],
    });
  });

  it("misses them where it says less than half", () => {
    const { level, defects } = verdict(CHOOSE.replaceAll("Subgoal 3", "Subgoal 1").replace("3-1", "1-1").replace("R3 = QA([R1, R2]", "R1 = QA([Env]"));
    expect(level).toBe("well_formed");
    expect(defects.map(({ code }) => code)).toEqual(["gold.missing_step"]);
  });

  it.each([
    ["asks about another thing at its end", CHOOSE.replace(/Question: .*\?/, "Question: Which planet circles nearest around our sun?")],
    ["takes its answer from elsewhere", CHOOSE.replace(/Question: .*\?/, "Question: Who won the football match last Sunday evening?")],
  ])("does not align where it %s", (_, last) => {
    const { level, defects } = verdict([LOOK, RECALL, last].join("\n\n"));
    expect(level).toBe("well_formed");
    expect(defects.map(({ code }) => code)).toContain("gold.missing_step");
  });

  it("that is about another thing does not align, though it ends in the question and the answer", () => {
    const foreign = "Subgoal 1: Find the river.\nAction 1-1: R1 = QA([], Question: Which river flows through Vienna?) = the Danube\n\nSubgoal 2: Find the length.\nAction 2-1: R2 = QA([R1], Question: How long is R1?) = 2,850 km";
    expect(verdict(`${foreign}\n\n${CHOOSE}`).level).toBe("well_formed");
  });

  it("has results that are the source's sentences as matched, and others as claimed", () => {
    const quoted = LOOK.replace("= dry, bumpy skin", `= ${SENTENCES[0]}`);
    expect(verdict([quoted, RECALL, CHOOSE].join("\n\n")).trace.map(({ evidence }) => evidence)).toEqual(["matched", "claimed", "claimed"]);
    expect(verdict([quoted, RECALL, CHOOSE].join("\n\n")).answer).toBe("matched");
  });
});

describe("a quotation", () => {
  it.each<[string, boolean]>([
    [SENTENCES[1] ?? "", true],
    [`${SENTENCES[1]} ${SENTENCES[2]}`, true],
    ["toads are amphibians which lay their eggs in water", true],
    ["A toad by a pond.", true],
    [`${SENTENCES[1]} Perhaps.`, false],
    ["Toads are reptiles, which lay their eggs in water.", false],
    ["water", false],
    ["", false],
  ])("%j: %s", (result, expected) => {
    expect(isQuoted(result, EXAMPLE)).toBe(expected);
  });

  it("of 100,000 repeated words is told at once", () => {
    const many = { ...EXAMPLE, gold_steps: Array.from({ length: 100 }, (_, index) => ({ id: `x#${index}`, text: "a ".repeat(index + 1) })) };
    const spent = processorTime();
    isQuoted("a ".repeat(50_000), many);
    isQuoted("a ".repeat(2_000), many);
    expect(spent()).toBeLessThan(1500);
  });
});

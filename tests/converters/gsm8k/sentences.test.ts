import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import gsm8k from "../../../converters/gsm8k/index.ts";
import { rulesKit } from "../../../pipelines/execution/kit.ts";

const TRAINING_SET = "../shared/data/gsm8k_train.jsonl";
const SOCRATIC_SET = "../shared/data/gsm8k_test_socratic.jsonl";

/** The subgoals of every plan that the rules make of a file. */
function plansOf(file: string): { id: string; subgoals: string[] }[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .flatMap((line, index) => {
      const mapped = gsm8k.map(gsm8k.record.parse(JSON.parse(line)), { file, position: index + 1 });
      const outcome = "skip" in mapped ? mapped : gsm8k.rules.annotate(mapped.example, rulesKit);
      return "plan" in outcome && "example" in mapped ? [{ id: mapped.example.id, subgoals: outcome.plan.subgoals.map(({ text }) => text) }] : [];
    });
}

/** Sentences that no template may repeat more often than this in 7,473 plans. */
const MOST_REPEATED = 60;

describe.skipIf(!existsSync(TRAINING_SET))("the subgoals of the published training set (skipped where the file is absent)", () => {
  const plans = plansOf(TRAINING_SET);
  const sentences = plans.flatMap(({ id, subgoals }) => subgoals.map((text) => ({ id, text })));

  it("double no word", () => {
    expect(sentences.filter(({ text }) => /(?<![\p{L}\d])([\p{L}\d]+) \1(?![\p{L}\d])/iu.test(text)).map(({ text }) => text)).toEqual([]);
  });

  it("have no loose end", () => {
    const loose = /\b(?:will|would|can|could|should|rid|of|the|an|and|or|than|as|his|their|its|because|if|who|which|(?<!after )that)\.$/i;
    expect(sentences.filter(({ text }) => loose.test(text)).map(({ text }) => text)).toEqual([]);
  });

  it("strand no question word before the subject", () => {
    const stranded = /^Find how many (?:the|his|her|their|he|she|it|they|th|tall|long)\b/;
    expect(sentences.filter(({ text }) => stranded.test(text)).map(({ text }) => text)).toEqual([]);
  });

  it("are no template", () => {
    const counts = new Map<string, number>();
    for (const { text } of sentences) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MOST_REPEATED)).toEqual([]);
  });

  it("differ within a plan", () => {
    const repeating = plans.filter(({ subgoals }) => new Set(subgoals).size < subgoals.length);
    expect(repeating.map(({ id }) => id)).toEqual([]);
  });
});

describe.skipIf(!existsSync(SOCRATIC_SET))("the subgoals of the published socratic test set (skipped where the file is absent)", () => {
  it("double no word and differ within a plan", () => {
    const plans = plansOf(SOCRATIC_SET);
    expect(plans.length).toBeGreaterThan(1200);
    expect(plans.flatMap(({ subgoals }) => subgoals.filter((text) => /(?<![\p{L}\d])([\p{L}\d]+) \1(?![\p{L}\d])/iu.test(text)))).toEqual([]);
    expect(plans.filter(({ subgoals }) => new Set(subgoals).size < subgoals.length)).toEqual([]);
  });
});

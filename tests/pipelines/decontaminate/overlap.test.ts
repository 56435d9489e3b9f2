import { expect, it, test } from "vitest";
import { OVERLAP_DEFAULTS, OverlapIndex } from "../../../pipelines/decontaminate/overlap.ts";
import { processorTime } from "../../support/processor-time.ts";

const PROBLEMS = [
  "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon. How many almond rolls does Rosalind bake that day?",
  "Tadeo has 4 kites.",
  "Which river flows through the capital of Slovenia before it joins the Sava near a small village?",
];
const index = new OverlapIndex(PROBLEMS, OVERLAP_DEFAULTS);

it.each([
  ["the same words", "ROSALIND bakes eighteen almond rolls in the morning, and half as many in the afternoon! How many almond rolls does Rosalind bake that day", 0, "exact"],
  ["the same few words", "Tadeo has four kites", 1, "exact"],
  ["a run of thirteen words in a longer text", "Solve this. Ingrid bakes 30 almond rolls in the morning and half as many in the afternoon. How many almond rolls are there then? Explain it.", 0, "ngram"],
  ["a paraphrase", "In the morning, Ingrid makes 18 almond rolls and half as many in the afternoon. How many rolls of almond does Ingrid bake that day?", 0, "coverage"],
  ["names, word forms and fillers all changed, the numbers kept", "Ottilie baked 18 almond roll each morning and half as many in the afternoons. How many of the almond rolls did Ottilie bake?", 0, "coverage"],
  ["a run far behind in a long text", `${"one of the words before it ".repeat(800)}${PROBLEMS[2]}`, 2, "ngram"],
] as const)("finds %s", (_, text, problem, rule) => {
  expect(index.find(text)).toMatchObject({ problem, rule });
});

it.each([
  ["another problem", "Emeric sells 40 tickets to adults and 25 to pupils. How many tickets does he sell that day?"],
  ["a common phrase", "How many rolls does she bake that day if she bakes 3 in the morning?"],
  ["a problem of the same kind with other numbers, names and things", "Emeric makes 30 clay pots in spring and half as many in autumn. How many clay pots does Emeric make that year?"],
  ["few words of a short problem", "Tadeo has 5 kites."],
  ["nothing", " "],
])("does not take %s for one", (_, text) => {
  expect(index.find(text)).toBeNull();
});

test("says what is shared, and how much of the problem stands in the text", () => {
  const found = index.find("Long ago Ruben asked: which river flows through the capital of Slovenia before it joins the Danube?");
  expect(found && { ...found, coverage: found.coverage.toFixed(2) }).toMatchInlineSnapshot(`
    {
      "coverage": "0.67",
      "problem": 2,
      "rule": "coverage",
      "shared": "which river flows through the capital of slovenia before it joins the",
    }
  `);
});

test("hostile texts stay quick", { timeout: 20_000 }, () => {
  const spent = processorTime();
  for (const text of ["a".repeat(100_000), "a ".repeat(50_000), "18 ".repeat(30_000), `${PROBLEMS[0]} `.repeat(1000), "(".repeat(100_000)]) index.find(text);
  new OverlapIndex(["a ".repeat(50_000), ""], OVERLAP_DEFAULTS).find("a ".repeat(50_000).concat("b"));
  expect(spent()).toBeLessThan(6000);
});

import { describe, expect, it } from "vitest";
import { foldTitle, namedPages, namedParagraphs, pageOf } from "../../../pipelines/verify/places.ts";
import { contentWords, sameQuestion } from "../../../pipelines/verify/questions.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("paragraphs and pages that a result names", () => {
  const known = new Set(["Apollo-11, the film-2", "Paris, Texas", "Smiley :)-1"]);

  it.each([
    ["Paragraph(Julius Caesar-75)", ["Julius Caesar-75"]],
    ["Paragraph(Pan (god)-17)", ["Pan (god)-17"]],
    ["Paragraph(Pan (god)-17), Paragraph(Pan (god)-19)", ["Pan (god)-17", "Pan (god)-19"]],
    ["Paragraph(A-1, B-2)", ["A-1", "B-2"]],
    ["Paragraph(Paris, Texas-1, Rome, Georgia-4)", ["Paris, Texas-1", "Rome, Georgia-4"]],
    ["Paragraph(Apollo-11, the film-2)", ["Apollo-11, the film-2"]],
    ["Paragraph(Smiley :)-1), Paragraph(B-2)", ["Smiley :)-1", "B-2"]],
    ["[Paragraph(A-1); Paragraph(B-2)]", ["A-1", "B-2"]],
    ["Paragraph(A_b-1)", ["A b-1"]],
    ["Paragraph(no number)", ["no number"]],
    ["Julius Caesar-75", []],
    ["", []],
  ])("reads the paragraphs of %j", (result, expected) => {
    expect(namedParagraphs(result, known)).toEqual(expected);
  });

  it.each([
    ["WikipediaPage(Paris, Texas)", ["Paris, Texas"]],
    ["WikipediaPage(Paris, Texas), WikipediaPage(Rome)", ["Paris, Texas", "Rome"]],
    ["WikipediaPage(Argon)", ["Argon"]],
    ["Argon", []],
  ])("reads the pages of %j", (result, expected) => {
    expect(namedPages(result, known)).toEqual(expected);
  });

  it("knows the page of a paragraph", () => {
    expect(pageOf("Spider-Man-2-14")).toBe("Spider-Man-2");
  });

  it("folds spellings of one title", () => {
    expect(foldTitle(" Cafe\u0301_Noir  x ")).toBe("Café Noir x");
  });

  it("takes hostile results in a moment", () => {
    for (const piece of ["Paragraph(", "), Paragraph(", "a, ", "-1, ", "-1", "(", " "]) {
      const spent = processorTime();
      const text = `Paragraph(${piece.repeat(Math.ceil(100_000 / piece.length))})`;
      namedParagraphs(text, known);
      namedPages(text.replaceAll("Paragraph", "WikipediaPage"), known);
      expect(spent()).toBeLessThan(2_000);
    }
  });
});

describe("the same question", () => {
  it.each([
    ["How many goats did Petra Lindqvist have?", "How many goats did Petra Lindqvist have?", true],
    ["What village was Petra Lindqvist born in?", "In which village was Petra Lindqvist born?", true],
    ["Is #1 near India?", "Is Nepal near India?", true],
    ["What is the flying range of #2?", "What is the flying range of the K7B2?", true],
    ["How many goats did Petra Lindqvist have?", "How many goats did Ulf Bergstrand have?", false],
    ["What is the height of the Elma Harbour Lighthouse?", "How high is the Turnip Tower?", false],
    ["When did Kim Il-Sung die?", "When was LinkedIn launched?", false],
    ["Is #1?", "Is R3?", false],
  ])("compares %j with %j", (gold, asked, same) => {
    expect(sameQuestion(contentWords(gold), contentWords(asked)) > 0).toBe(same);
  });
});

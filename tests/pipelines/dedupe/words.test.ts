import { expect, it, test } from "vitest";
import { relationOf, stemOf } from "../../../pipelines/dedupe/relations.ts";
import { taskWords } from "../../../pipelines/dedupe/task-words.ts";
import { wordsOf } from "../../../pipelines/dedupe/words.ts";

it.each([
  ["three", "3"],
  ["Twenty-five boats", "25 boats"],
  ["two hundred and six", "206"],
  ["a hundred", "a 100"],
  ["three thousand forty", "3040"],
  ["one million two hundred thousand", "1200000"],
  ["half a dozen", "1/2 a 12"],
  ["three and four", "3 and 4"],
  ["five six", "5 6"],
  ["The sum $2+\\dfrac{2}{3}$.", "the sum 2+\\frac{2}{3}$"],
  ["$1,250.50", "1250.50"],
])("the words of %j are %j", (text, words) => {
  expect(wordsOf(text).join(" ")).toBe(words);
});

it.each([
  ["boxes", "box"],
  ["horses", "horse"],
  ["berries", "berry"],
  ["glass", "glass"],
  ["collected", "collecting"],
  ["stopped", "stopping"],
])("%s and %s are forms of one word", (a, b) => {
  expect(stemOf(a)).toBe(stemOf(b));
});

it.each([
  ["fewer", "less"],
  ["purchased", "buys"],
  ["received", "gets"],
  ["hours", "hour"],
  ["altogether", "total"],
])("%s and %s say the same of quantities", (a, b) => {
  expect(relationOf(a)).toBe(relationOf(b));
});

it.each([
  ["more", "less"],
  ["buys", "sells"],
  ["hours", "minutes"],
  ["each", "total"],
  ["longer", "shorter"],
  ["length", "width"],
])("%s and %s do not", (a, b) => {
  expect(relationOf(a)).toBeDefined();
  expect(relationOf(a)).not.toBe(relationOf(b));
});

it.each([
  ["Mira has 3 pens and 4 caps. How many things does Mira have?", true],
  ["Find the sum of 3 and 4.", true],
  ["Mira has 3 pens. Who has more?", false],
  ["Could Mira have voted in 1939 and in 1945?", false],
  ["Which of these two has 3 sides? Choices: (A) a square (B) a triangle", false],
])("%j is a word problem: %s", (task, isProblem) => {
  expect(taskWords(task).isProblem).toBe(isProblem);
});

test("a problem's names are told by their capitals, wherever they stand, and its amounts have their units", () => {
  const told = taskWords("Mira's boat costs $5.50 and 20% more in June. If she pays for Emeric, how much does Mira pay?");
  expect(told.names.map(({ token }) => token)).toEqual(["mira", "june", "emeric", "mira"]);
  expect(told.points.map(({ token }) => token)).toEqual(["cost", "5.5", "dollar", "20", "percent", "more", "pay", "pay"]);
});

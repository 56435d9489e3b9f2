import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bandingFor } from "../../../pipelines/dedupe/min-hash.ts";
import { chooseKept, clustersOf, findNearPairs, NEAR_DEFAULTS, type NearOptions } from "../../../pipelines/dedupe/near.ts";
import { hashOf, jaccard, shinglesOf } from "../../../pipelines/dedupe/shingles.ts";
import { processorTime } from "../../support/processor-time.ts";

const BAKERY = "Rosalind bakes 18 almond rolls in the morning and half as many in the afternoon, and she puts them on two trays. How many almond rolls does she bake that day?";
const CINEMA = "At the Odeon, Emeric sells 40 tickets to adults for $9 each and 25 tickets to pupils for $6 each. How much money does the cinema take that evening?";
const QUESTION = "Could a person who was born on the island of Sark vote in a general election held in the United Kingdom?";

function pairsOf(tasks: readonly string[], options: Partial<NearOptions> = {}, environments: readonly string[] = []) {
  return findNearPairs(tasks.length, (at) => ({ task: tasks[at] ?? "", environment: environments[at] ?? null }), { ...NEAR_DEFAULTS, ...options });
}

describe("near-duplicates are", () => {
  it.each([
    ["the same task", BAKERY, BAKERY],
    ["a person renamed", BAKERY, BAKERY.replace("Rosalind", "Ottilie")],
    ["a word left out", BAKERY, BAKERY.replace(" almond rolls in", " rolls in")],
    ["a word for the same, in the story", CINEMA, CINEMA.replace("At the Odeon", "In the foyer of the Odeon")],
    ["a number in words", CINEMA, CINEMA.replace("$9", "nine dollars").replace("25", "twenty-five")],
    ["two sentences in another order", "Ann has 4 red pens in each of her 3 boxes. Bea is her best friend in the whole school. How many pens are there?", "Bea is her best friend in the whole school. Ann has 4 red pens in each of her 3 boxes. How many pens are there?"],
    ["a question with a filler", QUESTION, QUESTION.replace("Could", "So could").replace("a general", "any general")],
    ["what is counted, everywhere", BAKERY, BAKERY.replaceAll("rolls", "tarts")],
    ["a unit written out", CINEMA, CINEMA.replace("$6", "6 dollars")],
    ["a clause at the other end", CINEMA, CINEMA.replace("At the Odeon, Emeric sells 40 tickets to adults for $9 each and 25 tickets to pupils for $6 each.", "Emeric sells 40 tickets to adults for $9 each and 25 tickets to pupils for $6 each at the Odeon.")],
  ])("tasks that differ by %s", (_, a, b) => {
    expect(pairsOf([a, b])).toMatchObject([{ first: 0, second: 1 }]);
  });
});

describe("near-duplicates are not", () => {
  it.each([
    ["one number", BAKERY, BAKERY.replace("18", "19")],
    ["one number in words", BAKERY, BAKERY.replace("half", "twice")],
    ["two numbers swapped", CINEMA, CINEMA.replace("40", "X").replace("25", "40").replace("X", "25")],
    ["a unit", `${BAKERY} It takes 3 hours.`, `${BAKERY} It takes 3 minutes.`],
    ["not", `${BAKERY} She bakes 2 on Sunday.`, `${BAKERY} She does not bake 2 on Sunday.`],
    ["who is asked for", "Ann has 5 red pens and Bea has 3 red pens in the box. How many red pens does Ann have?", "Ann has 5 red pens and Bea has 3 red pens in the box. How many red pens does Bea have?"],
    ["who has what", "Ann has 5 red pens and Bea has 3 red pens in the box. How many red pens does Ann have?", "Ann has 3 red pens and Bea has 5 red pens in the box. How many red pens does Ann have?"],
    ["each for in all", CINEMA, CINEMA.replace("$6 each", "$6 altogether")],
    ["years of other people", "Could Nansen have voted in Oslo in 1905 and again in 1921 with his wife?", "Could Amundsen have voted in Tromso in 1905 and again in 1921 with his wife?"],
    ["more for fewer", `${BAKERY} Ruben bakes 3 more.`, `${BAKERY} Ruben bakes 3 fewer.`],
    ["what is asked", BAKERY, BAKERY.replace("many almond rolls does she bake", "many trays does she fill")],
    ["which of two things is asked for", "A hall has 9 long benches and 7 short benches in each of its 4 rows. How many long benches are there?", "A hall has 9 long benches and 7 short benches in each of its 4 rows. How many short benches are there?"],
    ["what a question is about", QUESTION, QUESTION.replace("Sark", "Capri")],
    ["all of it", BAKERY, CINEMA],
  ])("tasks that differ in %s", (_, a, b) => {
    expect(pairsOf([a, b])).toEqual([]);
  });

  it("one question about two environments", () => {
    expect(pairsOf([QUESTION, QUESTION], {}, ["image 1", "image 2"])).toEqual([]);
    expect(pairsOf([QUESTION, QUESTION], {}, ["image 1", "image 1"])).toHaveLength(1);
  });
});

test("with any numbers, look-alikes are near-duplicates too", () => {
  expect(pairsOf([BAKERY, BAKERY.replace("18", "19")], { anyNumbers: true })).toHaveLength(1);
});

test("the kept one is the first, a chain keeps what is not like the kept one, and a cluster holds them all", () => {
  const similar = (first: number, second: number, similarity = 0.9) => ({ first, second, similarity });
  const pairs = [similar(0, 1), similar(1, 2), similar(0, 3, 0.8), similar(2, 3, 0.95), similar(4, 5)];
  expect(chooseKept(pairs)).toEqual([similar(0, 1), similar(2, 3, 0.95), similar(4, 5)]);
  expect(clustersOf(pairs)).toEqual([[0, 1, 2, 3], [4, 5]]);
  expect(clustersOf([similar(2, 3), similar(0, 1), similar(1, 3)])).toEqual([[0, 1, 2, 3]]);
});

test("all pairs above the threshold are found, with their similarity, and no others", () => {
  const letters = "abcdefghijkl";
  const made = fc.tuple(fc.constantFrom(..."mnopqrstuvwxyz"), fc.nat(11), fc.nat(11), fc.constantFrom("and", "but")).map(([story, at, other, word]) =>
    [...letters].map((letter) => `${story}${letter}`).with(at, word).with(other, word).join(" "),
  );
  const tasks = fc.sample(made, { numRuns: 200, seed: 5 });
  const options = { ...NEAR_DEFAULTS, threshold: 0.5, anyNumbers: true };
  const sets = tasks.map((task) => shinglesOf(task.split(" "), options.shingle));
  const wanted = sets.flatMap((b, second) => sets.slice(0, second).flatMap((a, first) => (jaccard(a, b) >= 0.5 ? [`${first} ${second} ${jaccard(a, b)}`] : [])));
  const found = new Set(pairsOf(tasks, options).map(({ first, second, similarity }) => `${first} ${second} ${similarity}`));
  expect(wanted.length).toBeGreaterThan(100);
  expect([...found].filter((pair) => !wanted.includes(pair))).toEqual([]);
  expect(wanted.filter((pair) => found.has(pair)).length / wanted.length).toBeGreaterThan(0.95);
});

test("similarity is symmetric, from 0 to 1, and 1 of a set with itself", () => {
  const set = fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 30 }).map((words) => shinglesOf(words, 2));
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(jaccard(a, a)).toBe(1);
      expect(jaccard(a, b)).toBe(jaccard(b, a));
      expect(jaccard(a, b)).toBeGreaterThanOrEqual(0);
      expect(jaccard(a, b)).toBeLessThanOrEqual(1);
    }),
  );
});

test("a signature is cut so that a pair at the threshold is found with a probability of 0.99", () => {
  for (const threshold of [0.3, 0.5, 0.7, 0.8, 0.9, 1]) {
    const { bands, rows } = bandingFor(threshold, 128);
    expect(bands * rows).toBeLessThanOrEqual(128);
    expect(1 - (1 - threshold ** rows) ** bands).toBeGreaterThanOrEqual(0.99);
  }
  expect(bandingFor(0.5, 128)).toEqual({ bands: 35, rows: 3 });
  expect(bandingFor(0.7, 128)).toEqual({ bands: 17, rows: 4 });
  expect(bandingFor(0.3, 16)).toEqual({ bands: 16, rows: 1 });
});

test("a thousand copies and a text of 100,000 letters stay quick", () => {
  const spent = processorTime();
  const pairs = pairsOf([...Array.from({ length: 1000 }, () => BAKERY), "a".repeat(100_000), "1".repeat(100_000), "more ".repeat(20_000), "Ann ".repeat(25_000), "how many 1 2 ".repeat(8000), "? ".repeat(50_000)]);
  expect(chooseKept(pairs)).toHaveLength(999);
  expect(pairsOf(["", " ", "?"])).toBeDefined();
  expect(spent()).toBeLessThan(6000);
});

test("of very many near-copies each is paired with a few, and all but one are left out", () => {
  const copies = Array.from({ length: 3000 }, (_, at) => BAKERY.replace("trays", `trays of shelf q${String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26), 97 + Math.floor(at / 676))}`));
  const pairs = pairsOf(copies);
  expect(pairs.length).toBeLessThanOrEqual(8 * copies.length);
  expect(chooseKept(pairs)).toHaveLength(2999);
  expect(clustersOf(pairs)).toHaveLength(1);
}, 20_000);

test("an example of an evaluation set is a near-duplicate of its like alone", () => {
  const find = (...evaluation: boolean[]) => findNearPairs(2, (at) => ({ task: BAKERY, environment: null, evaluation: evaluation[at] ?? false }), NEAR_DEFAULTS).length;
  expect([find(false, true), find(true, true), find(false, false)]).toEqual([0, 1, 1]);
});

test("hashes spread: all of ten thousand words have their own", () => {
  expect(new Set(Array.from({ length: 10_000 }, (_, at) => hashOf(`word${at}`))).size).toBe(10_000);
});

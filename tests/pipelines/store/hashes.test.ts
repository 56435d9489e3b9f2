import { describe, expect, test } from "vitest";
import { foldTask, planHash, taskHash } from "../../../pipelines/store/hashes.ts";
import { processorTime } from "../../support/processor-time.ts";
import { addition } from "./fixture.ts";

describe("two copies of one task", () => {
  test.each([
    ["How many apples?", "how many  apples ?"],
    ["Tom’s dog has “five” puppies.", "Toms dog has \"five\" puppies"],
    ["A well-known man", "A well known man"],
    ["He paid 1,000 dollars; how much is left?", "He paid 1000 dollars, how much is left"],
    ["\tLine one.\r\nLine two.", "Line one. Line two."],
    ["Caf\u00E9 bill", "Cafe\u0301 bill"],
    ["(Hint: think.) What is it?", "Hint think What is it"],
    ["What is 3 \u2212 2?", "What is 3 - 2?"],
    ["What is 3 × 2?", "What is 3 * 2?"],
  ])("%j and %j hash alike", (a, b) => {
    expect(foldTask(a)).toBe(foldTask(b));
    expect(taskHash(a, null)).toBe(taskHash(b, null));
  });
});

describe("two tasks that look alike", () => {
  test.each([
    ["It weighs 3.5 pounds.", "It weighs 35 pounds."],
    ["It weighs .5 pounds.", "It weighs 5 pounds."],
    ["What is 5 - 3?", "What is 5 + 3?"],
    ["What is -3 + 5?", "What is 3 + 5?"],
    ["What is 2 * (3 + 4)?", "What is 2 * 3 + 4?"],
    ["What is 5²?", "What is 52?"],
    ["It rose by 5%.", "It rose by 5."],
    ["He has 12 apples.", "He has 13 apples."],
    ["Choose 1,10.", "Choose 110."],
    ["At 1:30", "At 130"],
    ["x/y", "xy"],
  ])("%j and %j do not", (a, b) => {
    expect(taskHash(a, null)).not.toBe(taskHash(b, null));
  });

  test("the same question in two environments is two tasks", () => {
    expect(taskHash("What is it?", "database 1")).not.toBe(taskHash("What is it?", "database 2"));
    expect(taskHash("What is it?", null)).not.toBe(taskHash("What is it?", "database 2"));
  });
});

test("plans hash alike where only the variable differs", () => {
  expect(planHash(addition(2, 3))).toBe(planHash(addition(2, 3, "Output")));
  expect(planHash(addition(2, 3))).not.toBe(planHash(addition(2, 4)));
  expect(planHash(addition(2, 3))).toMatch(/^p1:[0-9a-f]{32}$/);
});

test.each(["-", ",", "(", "'", " ", "1,", "a-", "."])("a task of 100,000 times %j folds at once", (piece) => {
  const spent = processorTime();
  foldTask(piece.repeat(100_000));
  expect(spent()).toBeLessThan(1000);
});

import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { canonicalPlan } from "../../../pipelines/plan/canonical.ts";
import { findNearPairs, NEAR_DEFAULTS } from "../../../pipelines/dedupe/near.ts";
import { taskHash } from "../../../pipelines/store/hashes.ts";
import { changeNumber, paraphrase, randomNumbers, slip } from "../../../scripts/bench/paraphrase.ts";
import { sourceTasks } from "../../../scripts/bench/tasks.ts";
import { hasShared, SHARED } from "../../support/shared.ts";
import { addition } from "../store/fixture.ts";

const PAIRS = 150;
const OPPOSITES = new Map("more less,less more,fewer more,each total,every all,before after,after before,bought sold,sold bought,spend save,hours minutes,days weeks,dollars cents,left altogether".split(",").map((pair): [string, string] => {
  const [word = "", other = ""] = pair.split(" ");
  return [word, other];
}));

/** With the first of the words above turned round. */
function opposite(task: string): string | null {
  const found = [...task.matchAll(/\p{L}+/gu)].find(([word]) => OPPOSITES.has(word));
  return found === undefined ? null : task.slice(0, found.index) + (OPPOSITES.get(found[0]) ?? "") + task.slice(found.index + found[0].length);
}

describe.skipIf(!hasShared)("of pairs made from real tasks", async () => {
  const tasks = hasShared ? [...(await sourceTasks(`gsm8k=${join(SHARED, "data/gsm8k_train.jsonl")}`)), ...(await sourceTasks(`asdiv=${join(SHARED, "data/ASDiv.xml")}`))].map(({ task }) => task) : [];
  const long = tasks.filter((task) => task.split(" ").length >= 12 && /\d/.test(task));
  const random = randomNumbers(5);

  it.each<[string, (task: string) => string | null, least: number, most: number]>([
    ["case, blanks and marks", (task) => task.toUpperCase().replaceAll(/[.?!](?= |$)/g, " "), 1, 1],
    ["a word left out", (task) => slip(task, random), 0.6, 1],
    ["clauses in another order", (task) => paraphrase(task, random, { order: true }), 0.45, 1],
    ["persons renamed", (task) => paraphrase(task, random, { names: true }), 0.75, 1],
    ["synonyms by chance", (task) => paraphrase(task, random, { synonyms: true }), 0.4, 1],
    ["one number", (task) => changeNumber(task, random), 0, 0],
    ["one word of quantities", opposite, 0, 0],
    ["all of it", () => long[Math.floor(random() * long.length)] ?? null, 0, 0],
  ])("those that differ in %s are found as they should be", (_, make, least, most) => {
    let [pairs, found] = [0, 0];
    for (let tries = 0; pairs < PAIRS && tries < 40 * PAIRS; tries++) {
      const task = long[Math.floor(random() * long.length)] ?? "";
      const other = make(task);
      if (other === null || other === task) continue;
      pairs += 1;
      const pair = [task, other];
      if (taskHash(task, null) === taskHash(other, null) || findNearPairs(2, (at) => ({ task: pair[at] ?? "", environment: null }), NEAR_DEFAULTS).length > 0) found += 1;
    }
    expect(pairs).toBe(PAIRS);
    expect(found / pairs).toBeGreaterThanOrEqual(least);
    expect(found / pairs).toBeLessThanOrEqual(most);
  }, 15_000);

  test("and among ten thousand real ones hardly any is taken for another", () => {
    expect(findNearPairs(tasks.length, (at) => ({ task: tasks[at] ?? "", environment: null }), NEAR_DEFAULTS).length).toBeLessThan(10);
  }, 20_000);
});

test("of 1,000 plans, those with other variables are the same and those with another number are not", () => {
  const plans = Array.from({ length: 1000 }, (_, n) => [n, 2 * n + 1] as const);
  const spelled = new Set(plans.map(([a, b]) => canonicalPlan(addition(a, b))));
  expect(spelled.size).toBe(1000);
  expect(plans.every(([a, b]) => canonicalPlan(addition(a, b, "Total")) === canonicalPlan(addition(a, b)))).toBe(true);
  expect(plans.some(([a, b]) => canonicalPlan(addition(a, b + 2001, "Total")) === canonicalPlan(addition(a, b)))).toBe(false);
});

import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { pageSearches, readQuery } from "../execution/tools/page-search.ts";
import { readWebCall } from "../execution/tools/web.ts";
import type { Run, Service } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";
import { meaningOf, operationFit } from "./web-step.ts";

/**
 * Serves gold steps that are actions on a web page. Actions and gold steps are paired one to one: by the query's fit to the step's element on its page,
 * the operation and its text, in the order of the source where possible. What is left of both between two pairs is paired in order where the
 * operation is the same: it is meant for that step, and what is wrong with it is said there (`match.*`). A gold click is also served by the
 * action that types into, or selects from, the same element next; a click more on an element of a neighbouring step takes part in serving that.
 */
export function alignWeb(run: Run, example: SourceExample): Service {
  const { gold_steps } = example;
  const checkable = new Set(gold_steps.flatMap(({ action }, index) => (action === undefined ? [] : [index])));
  const served = new Map([...checkable].map((step) => [step, new Set<number>()]));
  const searches = pageSearches(example);
  const fits = run.actions.map(({ node }) => {
    const query = readQuery(readWebCall(node.tool, node.args).query);
    return searches.map((search) => search?.find(query) ?? null);
  });
  const isRight = (action: number, step: number): boolean => {
    const find = fits[action]?.[step] ?? null;
    return find !== null && meaningOf(find) === "right";
  };
  const weights = run.actions.map((action, a) => gold_steps.map((step, s) => weightOf(action, step, fits[a]?.[s]?.fit ?? 0, isRight(a, s))));
  const pairs = inOrder(weights);
  outOfOrder(weights, pairs);
  inGaps(run.actions, gold_steps, pairs);
  for (const [step, action] of pairs) served.get(step)?.add(action);
  joinClicks(run.actions, gold_steps, isRight, pairs, served);
  return { checkable, served, neutral: new Set() };
}

/** How well an action does what a gold step does; 0 where it does something else. */
function weightOf({ node }: PlacedAction, { action }: GoldStep, fit: number, isRight: boolean): number {
  if (action === undefined) return 0;
  const operation = operationFit(node, action);
  const isText = action.value !== undefined && operation === 1;
  if (!isRight && !isText && fit < HALF) return 0;
  return 2 * (isRight ? 1 : Math.min(fit, 1) / 2) + operation * (isText ? 1 : 0.5);
}

const HALF = 0.5;

/** The heaviest pairing in the order of both: gold step to action, by index. Of equal ones that with the earliest pairs. */
function inOrder(weights: readonly (readonly number[])[]): Map<number, number> {
  const steps = weights[0]?.length ?? 0;
  // best[a][s]: the most that actions from a on and steps from s on can weigh.
  const best = Array.from({ length: weights.length + 1 }, () => Array.from({ length: steps + 1 }, () => 0));
  const at = (a: number, s: number): number => best[a]?.[s] ?? 0;
  for (let a = weights.length - 1; a >= 0; a -= 1) {
    const row = best[a] ?? [];
    for (let s = steps - 1; s >= 0; s -= 1) {
      const weight = weights[a]?.[s] ?? 0;
      row[s] = Math.max(at(a + 1, s), at(a, s + 1), weight === 0 ? 0 : weight + at(a + 1, s + 1));
    }
  }
  const pairs = new Map<number, number>();
  for (let a = 0, s = 0; a < weights.length && s < steps; ) {
    const weight = weights[a]?.[s] ?? 0;
    if (weight > 0 && Math.abs(at(a, s) - weight - at(a + 1, s + 1)) < 1e-9) pairs.set(s++, a++);
    else if (at(a, s) === at(a + 1, s)) a += 1;
    else s += 1;
  }
  return pairs;
}

/** Pairs what stands in another order than the source has it, the surest first. */
function outOfOrder(weights: readonly (readonly number[])[], pairs: Map<number, number>): void {
  const used = new Set(pairs.values());
  const free = weights.flatMap((row, action) => row.flatMap((weight, step) => (weight >= SURE ? [{ action, step, weight }] : [])));
  for (const { action, step } of free.sort((a, b) => b.weight - a.weight)) {
    if (used.has(action) || pairs.has(step)) continue;
    pairs.set(step, action);
    used.add(action);
  }
}

/** The right element with the right operation. */
const SURE = 2.5;

function inGaps(actions: readonly PlacedAction[], steps: readonly GoldStep[], pairs: Map<number, number>): void {
  const used = new Set(pairs.values());
  let from = 0;
  for (const [index, { action }] of steps.entries()) {
    const paired = pairs.get(index);
    if (paired !== undefined) {
      from = Math.max(from, paired + 1);
      continue;
    }
    const next = [...pairs].filter(([step]) => step > index).reduce((least, [, by]) => (by >= from ? Math.min(least, by) : least), actions.length);
    const meant = actions.slice(from, next).find(({ index: at, node }) => !used.has(at) && node.tool === action?.tool);
    if (meant === undefined) continue;
    pairs.set(index, meant.index);
    used.add(meant.index);
    from = meant.index + 1;
  }
}

function joinClicks(
  actions: readonly PlacedAction[],
  steps: readonly GoldStep[],
  isRight: (action: number, step: number) => boolean,
  pairs: ReadonlyMap<number, number>,
  served: ReadonlyMap<number, Set<number>>,
): void {
  for (const [index, { action }] of steps.entries()) {
    const next = steps[index + 1]?.action;
    const by = pairs.get(index + 1);
    if (pairs.has(index) || by === undefined || action?.tool !== "CLICK" || next === undefined || next.tool === "CLICK" || actions[by]?.node.tool !== next.tool) continue;
    // Ids are those of a page: the same one may be another element on the next.
    if (action.target === next.target) served.get(index)?.add(by);
  }
  const stepOf = new Map([...pairs].map(([step, action]) => [action, step]));
  for (const { index, node } of actions) {
    if (stepOf.has(index) || node.tool !== "CLICK") continue;
    const beside = [stepOf.get(index + 1), stepOf.get(index - 1)].find((step) => step !== undefined && isRight(index, step));
    if (beside !== undefined) served.get(beside)?.add(index);
  }
}

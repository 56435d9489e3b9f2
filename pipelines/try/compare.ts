import { type Defect, type Level, levelRank } from "../../schemas/defect.ts";
import { holm, type Interval, mcnemarExact, pairedDifference, type Pairs, pairsNeeded, wilsonInterval } from "../shared/statistics.ts";
import type { Cell, TriedExample } from "./cells.ts";

/** What a variant reached on all examples and what that took. */
export interface VariantTotals {
  examples: number;
  annotated: number;
  quarantined: number;
  skipped: number;
  failed: number;
  /** Not come to, where it was stopped before the end. */
  missing: number;
  /** Each example once, at the highest level reached. */
  levels: Record<Level, number>;
  /** Examples at the source's top level or above. */
  top: number;
  /** 95 % (Wilson) of its share among the examples that were not failed or missing; null where there are none. */
  interval: Interval | null;
  repaired: number;
  replies: number;
  repairs: number;
  prompt_tokens: number;
  cached_prompt_tokens: number;
  completion_tokens: number;
  /** Of all replies, whenever they were paid for; null: a price is not known. */
  cost_usd: number | null;
  usd_per_1000: number | null;
}

/** A variant against the first, on the examples that both were asked. */
export interface Comparison {
  /** Places in the list of variants. */
  against: number;
  variant: number;
  pairs: number;
  /** Examples that one of the two did not reach: failed or missing. */
  left_out: number;
  both: number;
  only_first: number;
  only_this: number;
  neither: number;
  /** Share at the top level less that of the first, with its 95 % interval (Newcombe); null where there are no pairs. */
  difference: number | null;
  interval: Interval | null;
  /** McNemar's exact test, two-sided, alone and with Holm's correction for all comparisons of this list. */
  p_value: number;
  p_holm: number;
  significant: boolean;
  /** Examples that would show a difference like this one with a power of 80 %; null where there is none. */
  examples_needed: number | null;
}

export function totalsOf(cells: readonly Cell[], topLevel: Level): VariantTotals {
  const states = { annotated: 0, quarantined: 0, skipped: 0, failed: 0, missing: 0 };
  const levels: Record<Level, number> = { parsed: 0, well_formed: 0, aligned: 0, proven: 0 };
  for (const { state, level } of cells) {
    states[state] += 1;
    if (level !== null) levels[level] += 1;
  }
  const sum = (of: (cell: Cell) => number | null): number => cells.reduce((total, cell) => total + (of(cell) ?? 0), 0);
  const top = cells.filter((cell) => isTop(cell, topLevel)).length;
  const cost = cells.some(({ costUsd }) => costUsd === null) ? null : rounded(sum(({ costUsd }) => costUsd));
  return {
    examples: cells.length,
    ...states,
    levels,
    top,
    interval: wilsonInterval(top, cells.length - states.failed - states.missing),
    repaired: cells.filter(({ repaired }) => repaired).length,
    replies: sum(({ replies }) => replies),
    repairs: sum(({ repairs }) => repairs),
    prompt_tokens: sum(({ promptTokens }) => promptTokens),
    cached_prompt_tokens: sum(({ cachedPromptTokens }) => cachedPromptTokens),
    completion_tokens: sum(({ completionTokens }) => completionTokens),
    cost_usd: cost,
    usd_per_1000: cost === null || top === 0 ? null : rounded((1000 * cost) / top),
  };
}

/** Each variant but the first against the first. */
export function compareWithFirst(examples: readonly TriedExample[], variants: number, topLevel: Level): Comparison[] {
  const raw = Array.from({ length: Math.max(0, variants - 1) }, (_, index) => compareOne(examples, index + 1, topLevel));
  const corrected = holm(raw.map(({ p_value }) => p_value));
  return raw.map((each, index) => {
    const p_holm = corrected[index] ?? 1;
    return { ...each, p_holm, significant: p_holm < 0.05 };
  });
}

/** Examples that the variants that were asked left in different states or levels; those that differ at the top level first. */
export function differing(examples: readonly TriedExample[], topLevel: Level): TriedExample[] {
  const differ = (of: (cell: Cell) => string | boolean) => (example: TriedExample): boolean => new Set(example.cells.filter(isAsked).map(of)).size > 1;
  const atTop = differ((cell) => isTop(cell, topLevel));
  const anyhow = examples.filter(differ(reached));
  return [...anyhow.filter(atTop), ...anyhow.filter((example) => !atTop(example))];
}

/** The level of an annotated example, else its state: the word for what became of it. */
export function reached({ state, level }: Cell): string {
  return state === "annotated" ? (level ?? state) : state;
}

/** The defect to look at first: the first error, else the first warning. */
export function firstDefect({ defects }: Cell): Defect | null {
  return defects.find(({ severity }) => severity === "error") ?? defects[0] ?? null;
}

export function isTop({ state, level }: Pick<Cell, "state" | "level">, topLevel: Level): boolean {
  return state === "annotated" && levelRank(level) >= levelRank(topLevel);
}

/** Dollars to the millionth of a millionth, without what sums of fractions leave behind. */
function rounded(usd: number): number {
  return Math.round(usd * 1e12) / 1e12;
}

/** Whether it says anything of the variant: what failed only says something of the endpoint. */
function isAsked({ state }: Cell): boolean {
  return state !== "failed" && state !== "missing";
}

function compareOne(examples: readonly TriedExample[], variant: number, topLevel: Level): Omit<Comparison, "p_holm" | "significant"> {
  const pairs: Pairs = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  let n = 0;
  for (const { cells } of examples) {
    const [first, second] = [cells[0], cells[variant]];
    if (first === undefined || second === undefined || !isAsked(first) || !isAsked(second)) continue;
    n += 1;
    const [a, b] = [isTop(first, topLevel), isTop(second, topLevel)];
    pairs[a ? (b ? "both" : "onlyFirst") : b ? "onlySecond" : "neither"] += 1;
  }
  const found = pairedDifference(pairs);
  return {
    against: 0,
    variant,
    pairs: n,
    left_out: examples.length - n,
    both: pairs.both,
    only_first: pairs.onlyFirst,
    only_this: pairs.onlySecond,
    neither: pairs.neither,
    difference: found?.difference ?? null,
    interval: found?.interval ?? null,
    p_value: mcnemarExact(pairs.onlyFirst, pairs.onlySecond),
    examples_needed: pairsNeeded(pairs),
  };
}

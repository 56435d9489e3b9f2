import { STATES } from "../../schemas/annotation.ts";
import { barredLevels, DEFECT_CODES, type DefectCode, type Level, levelRank } from "../../schemas/defect.ts";
import type { Store } from "../store/open.ts";
import { isRetried } from "./stored.ts";
import type { OutcomeView } from "./tally.ts";

/** What came of trying again. The rest of the selected ones are as they were. */
export interface Retried {
  selected: number;
  /** Of a higher level than before, or without the defect that was to go. */
  better: number;
  /** The model could not be reached: what was stored stays. */
  unreached: number;
}

/**
 * Whether an example is to be annotated again: the outcome that counts for it, of all stages that worked on it, is in the state or has the defect that `what`
 * names. `failed`: the last stage that was asked could not be reached.
 */
export function isSelectedAgain(store: Store, variants: readonly string[], id: string, what: string, topLevel: Level): boolean {
  let best: { variant: string; view: OutcomeView } | null = null;
  let last: OutcomeView | null = null;
  for (const variant of variants) {
    const view = store.outcomeOf(variant, id);
    if (view === null) continue;
    last = view;
    if (best === null || rankOf(view) >= rankOf(best.view)) best = { variant, view };
    if (reaches(view, topLevel)) break;
  }
  return what === "failed" ? last?.state === "failed" : best !== null && isRetried(store, best.variant, id, what);
}

/** At most so many examples will be selected again: what progress is measured by. */
export function countAgain(store: Store, dataset: string, variants: readonly string[], what: string): number {
  const state = STATES.find((each) => each === what);
  const code = DEFECT_CODES.find((each) => each === what);
  return store.countSelected({ datasets: [dataset], variants, ...(state === undefined ? {} : { states: [state] }), ...(code === undefined ? {} : { defect: code }) });
}

/** Of several outcomes of an example the one that counts: a plan before none, the higher level first. */
export function rankOf({ state, level }: OutcomeView): number {
  return { skipped: 0, failed: 1, quarantined: 2, annotated: 3 }[state] + (levelRank(level ?? null) + 1) / 10;
}

/** Whether an outcome gives way to the one before it: a lower level, or as high with more that is wrong. */
export function isWorse(now: OutcomeView, before: OutcomeView): boolean {
  return rankOf(now) < rankOf(before) || (rankOf(now) === rankOf(before) && errorsOf(now) > errorsOf(before));
}

/** Whether trying again was worth it. */
export function isBetter(now: OutcomeView, before: OutcomeView, what: string): boolean {
  const has = ({ codes = [] }: OutcomeView): boolean => codes.some((code) => code === what);
  return rankOf(now) > rankOf(before) || (rankOf(now) === rankOf(before) && has(before) && !has(now));
}

/** Whether an outcome's level is as high as `topLevel`. */
export function reaches({ level }: OutcomeView, topLevel: Level): boolean {
  return levelRank(level ?? null) >= levelRank(topLevel);
}

function errorsOf({ codes = [] }: OutcomeView): number {
  return new Set<DefectCode>(codes.filter((code) => barredLevels(code).length > 0)).size;
}

import type { Level } from "../../schemas/defect.ts";
import { createTally, type OutcomeView } from "../annotate/tally.ts";
import type { Draft, Skipped } from "./draft.ts";
import type { ImportFormat } from "./read-set.ts";

/**
 * What became of a set. `records` = `imported` + `merged` + `skipped`, always: `merged` are rows of plans that another row stands for. `imported` = `annotated` + `quarantined` =
 * all of `joined` + `unjoined`. `stored_before`: those of the imported ones that an earlier import has stored.
 */
export interface ImportSummary {
  run: string;
  name: string | null;
  format: ImportFormat;
  variant: string;
  records: number;
  imported: number;
  merged: number;
  skipped: number;
  skipped_reasons: Record<string, number>;
  stored_before: number;
  /** How many of the imported plans are of an example that the set has an earlier plan of. */
  further_plans: number;
  /** Plans joined to a source example, by dataset. */
  joined: Record<string, number>;
  unjoined: number;
  /** `no_sources_given`, `no_source`, `ambiguous_source`. */
  unjoined_reasons: Record<string, number>;
  annotated: number;
  levels: Record<Level, number>;
  quarantined: number;
  /** Plans that have the code, most first. */
  defects: Record<string, number>;
  /** Plans of which some rows are missing, by what that costs: `no_plan_row`, `no_result_row`, `guessed_subgoals`. */
  lacks: Record<string, number>;
  /** Results that the format does not tell and were computed here. */
  computed_results: number;
  /**
   * Plans with provenance: how many reach the level again that their export had, another one, or can't for want of a source. `no_line`: rows that have no line of their own in
   * the provenance file beside them, because it is cut or of another export.
   */
  provenance: { same_level: number; other_level: number; no_source: number; no_line: number };
  /** Plans in the list of wrong ones; null where none was asked for. */
  wrong: number | null;
  seconds: number;
}

/** What is counted of one plan. */
interface ImportedPlan {
  draft: Draft;
  /** The dataset of its source; else why it has none. */
  dataset: string | null;
  unjoined: string | null;
  outcome: OutcomeView;
  before: boolean;
  computedResults: number;
  /** The set has an earlier plan of the same example. */
  isFurther: boolean;
}

export interface ImportTally {
  readonly imported: number;
  add(plan: ImportedPlan): void;
  skip(skipped: Skipped, records: number): void;
  summary(about: Pick<ImportSummary, "run" | "name" | "format" | "variant" | "wrong" | "seconds"> & { withoutLine: number }): ImportSummary;
}

export function createImportTally(): ImportTally {
  const outcomes = createTally();
  const [skipped, joined, unjoined, lacks] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const provenance = { same_level: 0, other_level: 0, no_source: 0 };
  let merged = 0;
  let computedResults = 0;
  let further = 0;
  return {
    get imported() {
      return outcomes.examples;
    },
    add(plan) {
      const { draft, outcome } = plan;
      outcomes.add(outcome, plan.before);
      if (plan.isFurther) further += 1;
      merged += draft.records - 1;
      computedResults += plan.computedResults;
      if (plan.dataset === null) increase(unjoined, plan.unjoined ?? "no_source");
      else increase(joined, plan.dataset);
      for (const lack of draft.lacks) increase(lacks, lack);
      if (draft.provenance !== null) provenance[plan.dataset === null ? "no_source" : (outcome.level ?? null) === draft.provenance.level ? "same_level" : "other_level"] += 1;
    },
    skip({ reason }, records) {
      increase(skipped, reason, records);
    },
    summary({ run, name, format, variant, wrong, seconds, withoutLine }) {
      const { annotated, quarantined } = outcomes.states;
      return {
        run,
        name,
        format,
        variant,
        records: outcomes.examples + merged + sum(skipped),
        imported: outcomes.examples,
        merged,
        skipped: sum(skipped),
        skipped_reasons: byCount(skipped),
        stored_before: outcomes.storedBefore,
        further_plans: further,
        joined: byCount(joined),
        unjoined: sum(unjoined),
        unjoined_reasons: byCount(unjoined),
        annotated,
        levels: { ...outcomes.levels },
        quarantined,
        defects: byCount(outcomes.defects),
        lacks: byCount(lacks),
        computed_results: computedResults,
        provenance: { ...provenance, no_line: withoutLine },
        wrong,
        seconds,
      };
    },
  };
}

function increase(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0);
}

/** Most first; equal counts by name. */
function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

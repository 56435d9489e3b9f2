import { existsSync } from "node:fs";
import { basename } from "node:path";
import { barredLevels, type DefectCode, type Level } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { nearest } from "../shared/nearest.ts";
import { holm, mcnemarExact, pairedDifference, type Pairs } from "../shared/statistics.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import { openStore, type Store } from "../store/open.ts";
import { isTop } from "../try/compare.ts";
import { countFilter, UNKNOWN } from "./audit.ts";
import { auditedExamples, type AuditFilters } from "./examples.ts";
import { drawn, Keeper } from "./keeper.ts";
import { type Comparison, OUTCOMES, type OutcomeName, type Paired } from "./schema.ts";
import { cut, outcomeName, traceOf } from "./trace.ts";

/** What a store is compared with: outcomes of its own, or those of another store. */
export type Against = { name: string; isBefore: (outcome: StoredOutcome) => boolean } | { name: string; other: Store };

/**
 * What `--against` names: another store's file, or a run, a model or an annotator of this store. A store that is opened is the caller's to close.
 * @throws LumosError `not_found`, and those of `openStore`.
 */
export function findAgainst(store: Store, name: string): Against {
  const states = store.countStates();
  if (store.runOf(name) !== null) return { name: `run ${name}`, isBefore: ({ run }) => run === name };
  if (states.some(({ model }) => model === name)) return { name, isBefore: ({ model }) => model === name };
  if (states.some(({ annotator }) => annotator === name)) return { name, isBefore: ({ annotator }) => annotator === name };
  if (existsSync(name)) return { name: basename(name), other: openStore(name, { mode: "read" }) };
  const known = [...store.runs().map(({ id }) => id), ...states.map(({ model, annotator }) => model ?? annotator)];
  const near = nearest(name, known);
  throw new LumosError("not_found", `Nothing to compare with: '${name}' is no run, model or annotator of ${store.file}, and no file${near === null ? "." : `: did you mean '${near}'?`}`);
}

/** Compares example by example: of each side the best outcome. `filters` say which outcomes are the later ones; of another store which are the earlier ones, too. */
export async function compare(store: Store, against: Against, filters: AuditFilters, topLevels: ReadonlyMap<string, Level>, signal?: AbortSignal): Promise<Comparison> {
  const datasets = new Map<string, DatasetComparison>();
  const changes = new Changes();
  let examples = 0;
  for (const { dataset, id, before, after } of "other" in against ? pairsAcross(store, against.other, filters) : pairsWithin(store, against.isBefore, filters)) {
    const found = datasets.get(dataset) ?? new DatasetComparison(dataset, topLevels.get(dataset) ?? UNKNOWN);
    datasets.set(dataset, found);
    const change = found.add(before, after);
    if (change !== null && before !== null && after !== null) changes.add(change, id, dataset, before, after);
    examples += 1;
    if (examples % TURN !== 0) continue;
    // An interrupt is only heard between two turns.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  if ("other" in against) for (const { dataset, n } of against.other.countExamples(countFilter(otherFilters(filters)))) {
    const found = datasets.get(dataset) ?? new DatasetComparison(dataset, topLevels.get(dataset) ?? UNKNOWN);
    datasets.set(dataset, found);
    found.totalBefore(n);
  }
  const results = [...datasets.values()].map((each) => each.result());
  if (results.every(({ pairs }) => pairs === 0)) {
    throw new LumosError("not_found", `No example has an outcome both of ${against.name} and of ${store.file} with the filters that were given: leave some out, or name something else.`);
  }
  const compared = results.filter(({ pairs, only_before, only_after }) => pairs + only_before + only_after > 0).sort((a, b) => (a.dataset < b.dataset ? -1 : 1));
  const ofTop = holm(compared.map(({ top }) => top.p_value));
  const ofProven = holm(compared.map(({ proven }) => proven.p_value));
  return {
    before: against.name,
    after: afterName(store, against, filters),
    datasets: compared.map((each, at) => ({ ...each, top: { ...each.top, p_holm: ofTop[at] ?? 1 }, proven: { ...each.proven, p_holm: ofProven[at] ?? 1 } })),
    ...changes.result(),
  };
}

const TURN = 500;
/** The most changes that are listed. */
const MOST_CHANGES = 2_000;

interface Pair {
  dataset: string;
  id: string;
  before: StoredOutcome | null;
  after: StoredOutcome | null;
}

function* pairsWithin(store: Store, isBefore: (outcome: StoredOutcome) => boolean, filters: AuditFilters): Generator<Pair> {
  const { datasets } = filters;
  for (const { id, dataset, outcomes } of auditedExamples(store, datasets === undefined ? {} : { datasets })) {
    const before = best(outcomes.filter(isBefore));
    const after = best(outcomes.filter((outcome) => !isBefore(outcome) && fits(outcome, filters)));
    if (before !== null || after !== null) yield { id, dataset, before, after };
  }
}

function* pairsAcross(store: Store, other: Store, filters: AuditFilters): Generator<Pair> {
  const theirs = otherFilters(filters);
  for (const { id, dataset, outcomes } of auditedExamples(store, filters)) yield { id, dataset, before: best(other.outcomesOfExample(id, theirs)), after: best(outcomes) };
}

/** Runs are named anew in every store. */
function otherFilters({ runs: _runs, ...filters }: AuditFilters): AuditFilters {
  return filters;
}

function fits({ annotator, model, run }: StoredOutcome, { annotators, models, runs }: AuditFilters): boolean {
  return (annotators?.includes(annotator) ?? true) && (models?.includes(model ?? annotator) ?? true) && (runs?.includes(run) ?? true);
}

function best(outcomes: readonly StoredOutcome[]): StoredOutcome | null {
  const [first, ...others] = outcomes.toSorted((a, b) => rankOf(b) - rankOf(a) || (a.annotation?.repairs ?? 0) - (b.annotation?.repairs ?? 0));
  return first === undefined || others.length === 0 ? (first ?? null) : first;
}

function rankOf(outcome: StoredOutcome): number {
  return OUTCOMES.length - OUTCOMES.indexOf(outcomeName(outcome));
}

/** Levels count; what has none is as bad in one way as in another. */
function outcomeRank(outcome: StoredOutcome): number {
  return Math.max(0, 4 - OUTCOMES.indexOf(outcomeName(outcome)));
}

function afterName({ file }: Store, against: Against, { models, annotators, runs }: AuditFilters): string {
  const isOther = "other" in against;
  const filters = [models, annotators, runs?.map((run) => `run ${run}`)].flatMap((names) => names ?? []).filter((name) => isOther || name !== against.name).join(", ");
  if (filters !== "") return isOther ? `${filters} of ${basename(file)}` : filters;
  return isOther ? basename(file) : `everything else in ${basename(file)}`;
}

type Change = "worse" | "better";
type Found = Comparison["datasets"][number];

class DatasetComparison {
  private readonly moves = new Map<string, Found["moves"][number]>();
  private readonly defects = new Map<DefectCode, Found["defects"][number]>();
  private readonly top: Pairs = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  private readonly proven: Pairs = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  private readonly counts = { pairs: 0, only_before: 0, only_after: 0, failed: 0, better: 0, worse: 0 };
  private haveBefore = 0;

  constructor(
    private readonly dataset: string,
    private readonly topLevel: Level,
  ) {}

  /** Null where it stayed as it was, or can't be compared. */
  add(before: StoredOutcome | null, after: StoredOutcome | null): Change | null {
    if (before !== null) this.haveBefore += 1;
    if (before === null || after === null) {
      this.counts[before === null ? "only_after" : "only_before"] += 1;
      return null;
    }
    if (before.state === "failed" || after.state === "failed") {
      this.counts.failed += 1;
      return null;
    }
    this.counts.pairs += 1;
    const [was, is] = [outcomeName(before), outcomeName(after)];
    const move = this.moves.get(`${was} ${is}`) ?? { before: was, after: is, examples: 0 };
    this.moves.set(`${was} ${is}`, move);
    move.examples += 1;
    pair(this.top, reaches(before, this.topLevel), reaches(after, this.topLevel));
    pair(this.proven, was === "proven", is === "proven");
    this.addDefects(before, after);
    const [from, to] = [outcomeRank(before), outcomeRank(after)];
    if (from === to) return null;
    const change = to > from ? "better" : "worse";
    this.counts[change] += 1;
    return change;
  }

  /** How many examples the other store has in all: those that were never met here are only there. */
  totalBefore(examples: number): void {
    this.counts.only_before += Math.max(0, examples - this.haveBefore);
  }

  result(): Found {
    const order = (name: OutcomeName): number => OUTCOMES.indexOf(name);
    return {
      dataset: this.dataset,
      top_level: this.topLevel,
      ...this.counts,
      top: paired(this.top),
      proven: paired(this.proven),
      moves: [...this.moves.values()].sort((a, b) => order(a.before) - order(b.before) || order(a.after) - order(b.after)),
      defects: [...this.defects.values()].filter(({ only_before, only_after }) => only_before + only_after > 0).sort((a, b) => b.only_after - b.only_before - (a.only_after - a.only_before) || (a.code < b.code ? -1 : 1)),
    };
  }

  private addDefects(before: StoredOutcome, after: StoredOutcome): void {
    const [had, has] = [before, after].map(({ defects }) => new Set(defects.map(({ code }) => code)));
    for (const code of new Set([...(had ?? []), ...(has ?? [])])) {
      const found = this.defects.get(code) ?? { code, only_before: 0, only_after: 0, both: 0 };
      this.defects.set(code, found);
      found[had?.has(code) ? (has?.has(code) ? "both" : "only_before") : "only_after"] += 1;
    }
  }
}

/** The changes as a list, and some of them with both plans. */
class Changes {
  private readonly listed: Record<Change, Comparison["changes"]> = { worse: [], better: [] };
  private readonly shown = { worse: new Keeper<Comparison["shown"][number]>(20), better: new Keeper<Comparison["shown"][number]>(8) };

  add(change: Change, id: string, dataset: string, before: StoredOutcome, after: StoredOutcome): void {
    const why = whyOf(change === "worse" ? after : before);
    const entry = { id: cut(id, 200), dataset, before: outcomeName(before), after: outcomeName(after), change, why };
    if (this.listed[change].length < MOST_CHANGES) this.listed[change].push(entry);
    const distance = Math.abs(outcomeRank(after) - outcomeRank(before));
    this.shown[change].offer(distance + drawn(id), id, () => ({ change, why, before: traceOf(before, null), after: traceOf(after, null) }));
  }

  result(): Pick<Comparison, "changes" | "shown"> {
    return {
      changes: [...this.listed.worse, ...this.listed.better].slice(0, MOST_CHANGES),
      shown: [...this.shown.worse.best(), ...this.shown.better.best()],
    };
  }
}

/** What is wrong with the worse side, in a sentence. */
function whyOf({ defects, reason, state }: StoredOutcome): string {
  const found = defects.find(({ code }) => barredLevels(code).length > 0) ?? defects[0];
  if (found !== undefined) return cut(`${found.code}: ${found.message}`, 300);
  return reason === null ? state : `${state}: ${cut(reason, 100)}`;
}

function reaches({ state, annotation }: StoredOutcome, level: Level): boolean {
  return isTop({ state, level: annotation?.level ?? null }, level);
}

function pair(pairs: Pairs, before: boolean, after: boolean): void {
  pairs[before ? (after ? "both" : "onlyFirst") : after ? "onlySecond" : "neither"] += 1;
}

function paired(pairs: Pairs): Paired {
  const found = pairedDifference(pairs);
  const p = mcnemarExact(pairs.onlyFirst, pairs.onlySecond);
  return {
    both: pairs.both,
    only_before: pairs.onlyFirst,
    only_after: pairs.onlySecond,
    neither: pairs.neither,
    difference: found?.difference ?? null,
    interval: found?.interval ?? null,
    p_value: p,
    p_holm: p,
  };
}

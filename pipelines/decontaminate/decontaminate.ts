import type { PlanJson } from "../../schemas/plan.ts";
import type { Contamination } from "../store/contaminations.ts";
import type { Store } from "../store/open.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { OVERLAP_DEFAULTS, OverlapIndex, type OverlapOptions } from "./overlap.ts";

export const COMPARED_FIELDS = ["task", "rationale", "plan"] as const;
export type ComparedField = (typeof COMPARED_FIELDS)[number];

export interface DecontaminateOptions {
  /** Default: all of them. */
  fields?: readonly ComparedField[];
  overlap?: Partial<OverlapOptions>;
  /** Leave what overlaps out of exports; else it is only marked. */
  exclude: boolean;
  /** Leave the store as it is. */
  dryRun?: boolean;
  /** ISO 8601: when the marks are made. */
  now: string;
  /** Called with each overlap and the problem's text. */
  onFound?: (found: Contamination, problem: string) => void;
  onProgress?: (done: number) => void;
}

export interface DecontaminateSummary {
  against: { evaluation: string; column: string; problems: number; unreadable: number; examples: number }[];
  /** Compared: annotated examples, and their annotations. */
  examples: number;
  annotations: number;
  /** Examples with an overlap of their task or rationale, and annotations of other examples whose plan overlaps. */
  contaminated: { examples: number; annotations: number };
  /** Overlaps by rule and by field: an example may have several. */
  rules: Record<Contamination["rule"], number>;
  fields: Record<ComparedField, number>;
  /** Whether exports leave them out. */
  excluded: boolean;
  /** Duplicates for which something was kept that is left out now: deduplicate again. */
  duplicates_of_excluded: number;
}

/**
 * Marks what overlaps with problems of evaluation sets, over all datasets of the store: the task and the rationale of each annotated example, and each of its plans, each
 * with its closest problem of each set. A set may come in parts, one after the other; the store is gone through for each.
 * What was found against the same sets before is forgotten, so that a second call changes nothing; marks of other sets stay.
 */
export async function decontaminate(store: Store, parts: Iterable<EvaluationSet> | AsyncIterable<EvaluationSet>, options: DecontaminateOptions): Promise<DecontaminateSummary> {
  const fields = new Set(options.fields ?? COMPARED_FIELDS);
  const sets = new Map<string, { column: string; problems: number; unreadable: number; found: Map<string, Found> }>();
  let [examples, annotations, isFirst] = [0, 0, true];
  for await (const { name, column, problems, unreadable } of parts) {
    const set = sets.get(name) ?? { column, problems: 0, unreadable: 0, found: new Map<string, Found>() };
    sets.set(name, set);
    set.problems += problems.length;
    set.unreadable += unreadable;
    const index = new OverlapIndex(problems.map(({ text }) => text), { ...OVERLAP_DEFAULTS, ...options.overlap });
    const compare = (exampleId: string, annotationId: number | null, field: ComparedField, text: string): void => {
      const overlap = fields.has(field) ? index.find(text) : null;
      const problem = overlap === null ? undefined : problems[overlap.problem];
      if (overlap === null || problem === undefined) return;
      const key = `${exampleId}\n${field}\n${annotationId ?? ""}`;
      const known = set.found.get(key);
      if (known !== undefined && !tellsMore(overlap, known.mark)) return;
      const { rule, coverage, shared } = overlap;
      set.found.set(key, { problem: problem.text, mark: { exampleId, annotationId, field, evaluation: name, position: problem.position, rule, coverage, shared: shared.slice(0, MOST_SHARED) } });
    };
    let done = 0;
    for (const { id, task, rationale, plans } of store.comparedExamples()) {
      compare(id, null, "task", task);
      compare(id, null, "rationale", rationale);
      for (const plan of plans) compare(id, plan.id, "plan", textOf(plan.plan));
      done += 1;
      if (isFirst) annotations += plans.length;
      options.onProgress?.(done);
    }
    if (isFirst) examples = done;
    isFirst = false;
  }
  const all = [...sets.values()].flatMap(({ found }) => [...found.values()]).sort(inOrder);
  if (options.dryRun !== true) {
    store.transaction(() => {
      for (const name of sets.keys()) store.clearContaminations(name);
      for (const { mark } of all) {
        store.saveContamination(mark, options.now);
        if (options.exclude) store.excludeContaminated(mark, options.now);
      }
    });
  }
  for (const { mark, problem } of all) options.onFound?.(mark, problem);
  const whole = new Set(all.flatMap(({ mark }) => (mark.annotationId === null ? [mark.exampleId] : [])));
  const planned = new Set(all.flatMap(({ mark }) => (mark.annotationId === null || whole.has(mark.exampleId) ? [] : [mark.annotationId])));
  const count = (is: (mark: Contamination) => boolean): number => all.filter(({ mark }) => is(mark)).length;
  return {
    against: Array.from(sets, ([evaluation, { column, problems, unreadable, found }]) => ({ evaluation, column, problems, unreadable, examples: new Set(Array.from(found.values(), ({ mark }) => mark.exampleId)).size })),
    examples,
    annotations,
    contaminated: { examples: whole.size, annotations: planned.size },
    rules: { exact: count(({ rule }) => rule === "exact"), ngram: count(({ rule }) => rule === "ngram"), coverage: count(({ rule }) => rule === "coverage") },
    fields: { task: count(({ field }) => field === "task"), rationale: count(({ field }) => field === "rationale"), plan: count(({ field }) => field === "plan") },
    excluded: options.exclude && options.dryRun !== true,
    duplicates_of_excluded: store.countDuplicatesOfContaminated(),
  };
}

interface Found {
  mark: Contamination;
  problem: string;
}

const RULES = ["coverage", "ngram", "exact"] as const;

function tellsMore(a: Pick<Contamination, "rule" | "coverage">, b: Pick<Contamination, "rule" | "coverage">): boolean {
  return a.rule === b.rule ? a.coverage > b.coverage : RULES.indexOf(a.rule) > RULES.indexOf(b.rule);
}

/** By example, then task, rationale and plans. */
function inOrder({ mark: a }: Found, { mark: b }: Found): number {
  if (a.exampleId !== b.exampleId) return a.exampleId < b.exampleId ? -1 : 1;
  return COMPARED_FIELDS.indexOf(a.field) - COMPARED_FIELDS.indexOf(b.field) || (a.annotationId ?? 0) - (b.annotationId ?? 0);
}

/** A run of words in a report is no longer than this. */
const MOST_SHARED = 500;

/** What a plan says: sentences, actions and results, as a training row has them, without the numbering. */
function textOf(plan: PlanJson): string {
  return plan.subgoals.map(({ text, actions }) => [text, ...actions.map(({ args, result }) => `${args} = ${result}`)].join(" ")).join(" ");
}

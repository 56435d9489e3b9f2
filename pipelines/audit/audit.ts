import { basename } from "node:path";
import { barredLevels, type Level, levelRank } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { programVersion } from "../package.ts";
import { loadTokenizer } from "../llm/tokens.ts";
import { reviewReport } from "../review/report.ts";
import type { AskCount, CountFilter } from "../store/counts.ts";
import type { Store } from "../store/open.ts";
import { AgreementTally, type Annotated } from "./agreement.ts";
import { DatasetTally, marksOf } from "./dataset.ts";
import { type AuditedExample, auditedExamples, type AuditFilters } from "./examples.ts";
import { type Counted, GroupTally, reaching, shareOf } from "./group.ts";
import { overviewOf, type VariantOverview } from "./overview.ts";
import type { Agreement, Audit, Comparison, DatasetAudit, Group } from "./schema.ts";
import { shapeOf } from "./shapes.ts";
import { summaryOf } from "./summary.ts";

export interface AuditOptions {
  filters?: AuditFilters;
  /** The highest level each dataset can reach; `well_formed` where it is not named: nothing above can be told of it. */
  topLevels: ReadonlyMap<string, Level>;
  /** Against something else, as `compare` gives it. */
  comparison?: Comparison | null;
  files?: Audit["files"];
  onProgress?: (examples: number) => void;
  signal?: AbortSignal;
}

/**
 * Everything that can be said of the quality of what a store holds, read once from the first example to the last. Memory does not grow with the store. The
 * same store and filters give the same audit.
 */
export async function auditStore(store: Store, options: AuditOptions): Promise<Audit> {
  const { filters = {}, topLevels, comparison = null, files = null } = options;
  const { count } = await loadTokenizer("");
  return store.snapshot(async () => {
    const pass = new Pass(store, filters, topLevels, count);
    let examples = 0;
    for (const each of auditedExamples(store, filters)) {
      pass.add(each);
      examples += 1;
      if (examples % TURN !== 0) continue;
      options.onProgress?.(examples);
      // An interrupt is only heard between two turns.
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    }
    const facts: Omit<Audit, "summary"> = {
      format: "lumos-audit/1",
      program: programVersion(),
      store: basename(store.file),
      last_change: store.lastChange(),
      filters,
      datasets: pass.datasetAudits(),
      groups: pass.groupAudits(),
      agreements: pass.agreementAudits(),
      near_clusters: store.countClusters().map(({ size, n }) => [size, n]),
      reviews: reviewsOf(store, filters, topLevels),
      comparison,
      files,
    };
    return { ...facts, summary: summaryOf(facts) };
  });
}

/** The top level of a source that nothing is known of. */
export const UNKNOWN = "well_formed" satisfies Level;
const TURN = 500;
/** Pairs of more groups than this of a dataset are not compared. */
const MOST_COMPARED = 8;

interface GroupPlace {
  overview: VariantOverview;
  index: number;
  topLevel: Level;
  tally: GroupTally;
}

/** One reading of the store: what is counted in SQL, and what is counted as the examples go by. */
class Pass {
  private readonly groups: GroupPlace[];
  private readonly byKey: ReadonlyMap<string, GroupPlace>;
  private readonly datasets = new Map<string, DatasetTally>();
  private readonly agreements = new Map<string, AgreementTally>();
  private readonly asks: readonly AskCount[];

  constructor(
    private readonly store: Store,
    filters: AuditFilters,
    private readonly topLevels: ReadonlyMap<string, Level>,
    countTokens: (text: string) => number,
  ) {
    const filter = countFilter(filters);
    const inOrder = overviewOf(store, filter).variants.sort((a, b) => compareText(orderOf(a), orderOf(b)));
    this.asks = store.countAsks(filter);
    this.groups = inOrder.map((overview, index) => {
      const topLevel = topLevels.get(overview.dataset) ?? UNKNOWN;
      return { overview, index, topLevel, tally: new GroupTally(index, topLevel, countTokens) };
    });
    this.byKey = new Map(this.groups.map((group) => [keyOf(group.overview), group]));
  }

  add({ dataset, domain, example, outcomes }: AuditedExample): void {
    const about = this.datasets.get(dataset) ?? new DatasetTally(dataset, domain, this.topLevels.get(dataset) ?? UNKNOWN, this.store);
    this.datasets.set(dataset, about);
    const annotated: Annotated[] = [];
    about.addExample(example);
    for (const outcome of outcomes) {
      const group = this.byKey.get(keyOf(outcome));
      if (group === undefined) continue;
      const { annotation, state } = outcome;
      const shape = annotation === null || state !== "annotated" ? null : shapeOf(annotation.plan);
      group.tally.add(outcome, example, shape);
      about.addOutcome(outcome, example, shape, group.index);
      if (annotation !== null && shape !== null) annotated.push({ group: group.index, outcome: { ...outcome, annotation }, shape });
    }
    if (annotated.length > 1) this.addPairs(dataset, annotated.sort((a, b) => a.group - b.group).slice(0, MOST_COMPARED), example);
  }

  groupAudits(): Group[] {
    return this.groups.map(({ overview, topLevel, tally, index }) => this.groupAudit(overview, topLevel, tally.result(), index));
  }

  datasetAudits(): DatasetAudit[] {
    const marks = marksOf(this.store);
    return [...this.datasets.values()].map((each) => each.result(this.groups.filter(({ overview }) => overview.dataset === each.dataset).map(({ overview, index }) => ({ ...overview, index })), marks));
  }

  agreementAudits(): Agreement[] {
    return [...this.agreements.values()].map((each) => each.result()).sort((a, b) => a.first - b.first || a.second - b.second);
  }

  private addPairs(dataset: string, annotated: readonly Annotated[], example: SourceExample): void {
    for (const [at, first] of annotated.entries()) {
      for (const second of annotated.slice(at + 1)) {
        const key = `${first.group} ${second.group}`;
        const tally = this.agreements.get(key) ?? new AgreementTally(dataset, first.group, second.group);
        this.agreements.set(key, tally);
        tally.add(first, second, example);
      }
    }
  }

  private groupAudit(overview: VariantOverview, topLevel: Level, { shown, ...counted }: Counted, index: number): Group {
    const { dataset, variant, annotator, model, states, levels, cost_usd } = overview;
    const stored = this.store.variantOf(variant);
    const top = reaching(levels, topLevel);
    const codes = new Map(overview.defects.map(({ code, examples }) => [code, examples]));
    const repaired = new Map(overview.repaired_codes.map(({ code, examples }) => [code, examples]));
    const sharesName = this.groups.some(({ overview: other, index: at }) => at !== index && other.dataset === dataset && nameOf(other) === nameOf(overview));
    return {
      dataset,
      variant,
      annotator,
      model,
      name: sharesName ? `${nameOf(overview)} ${variant.slice(0, 9)}` : nameOf(overview),
      version: stored?.version ?? "",
      prompt: stored?.promptHash ?? null,
      top_level: topLevel,
      states,
      levels,
      top: shareOf(top, states.annotated + states.quarantined),
      skipped_reasons: overview.skipped_reasons,
      failed_reasons: overview.failed_reasons,
      defects: [...new Set([...codes.keys(), ...repaired.keys()])].map((code) => ({
        code,
        bars: [...barredLevels(code)],
        examples: codes.get(code) ?? 0,
        repaired: repaired.get(code) ?? 0,
        shown: shown.get(code) ?? [],
      })),
      asks: this.asksOf(overview, topLevel),
      replies: overview.replies,
      prompt_tokens: overview.prompt_tokens,
      completion_tokens: overview.completion_tokens,
      cost_usd: cost_usd === null ? null : rounded(cost_usd),
      usd_per_top: cost_usd === null || cost_usd === 0 || top === 0 ? null : rounded(cost_usd / top),
      ...counted,
    };
  }

  private asksOf({ dataset, variant }: VariantOverview, topLevel: Level): Group["asks"] {
    const asks = new Map<string, Group["asks"][number]>();
    for (const { ask, kind, level, n } of this.asks.filter((each) => each.dataset === dataset && each.variant === variant)) {
      const found = asks.get(`${ask} ${kind}`) ?? { ask, kind, replies: 0, top: 0, no_plan: 0 };
      asks.set(`${ask} ${kind}`, found);
      found.replies += n;
      if (level === null) found.no_plan += n;
      else if (levelRank(level) >= levelRank(topLevel)) found.top += n;
    }
    return [...asks.values()];
  }
}

/** The filters as statements that count take them. */
export function countFilter({ datasets, runs, annotators, models }: AuditFilters): CountFilter {
  return {
    ...(datasets === undefined ? {} : { dataset: datasets }),
    ...(runs === undefined ? {} : { run: runs }),
    ...(annotators === undefined ? {} : { annotator: annotators }),
    ...(models === undefined ? {} : { model: models }),
  };
}

function nameOf({ model, annotator }: { model: string | null; annotator: string }): string {
  return model ?? annotator;
}

/** Null where nobody has reviewed anything. */
function reviewsOf(store: Store, selection: AuditFilters, topLevels: ReadonlyMap<string, Level>): Audit["reviews"] {
  return store.reviewers().length === 0 ? null : reviewReport(store, { topLevels, selection });
}

function keyOf({ dataset, variant }: { dataset: string; variant: string }): string {
  return `${dataset}\0${variant}`;
}

/** By dataset; rules first. */
function orderOf(each: VariantOverview): string {
  return [each.dataset, each.annotator === "rules" ? "0" : "1", nameOf(each), each.variant].join("\0");
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Dollars without what sums of fractions leave behind. */
function rounded(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}

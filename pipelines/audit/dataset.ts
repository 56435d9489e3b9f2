import type { Level } from "../../schemas/defect.ts";
import { domainSchema } from "../../schemas/domain.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import { isTop } from "../try/compare.ts";
import { OutlierFinder } from "./outliers.ts";
import type { VariantOverview } from "./overview.ts";
import type { DatasetAudit } from "./schema.ts";
import { Counter, type PlanShape, record } from "./shapes.ts";
import { cut } from "./trace.ts";
import { unprovenReasonOf } from "./unproven.ts";
import { type WrongSource, wrongPlaces } from "./wrong-sources.ts";

/** A variant of the dataset, with the place of its group. */
type Stage = Pick<VariantOverview, "annotator" | "model" | "variant" | "cost_usd"> & { index: number };

/** What stands marked in a store, of all sources. */
type Marks = ReturnType<typeof marksOf>;

export function marksOf(store: Store) {
  return { drops: store.countDropsByDataset(), dropped: store.droppedExamples(SHOWN), contaminations: store.countContaminations(), contaminated: store.contaminatedExamples(2 * SHOWN) };
}

/** What is counted of one source: itself, what rules could not prove, how a cascade went, what stands at the edges. */
export class DatasetTally {
  private readonly kinds = new Counter<string>();
  private readonly places: WrongSource[] = [];
  private readonly reasons = new Counter<string>();
  private readonly reasonExamples = new Map<string, string[]>();
  private readonly outliers = new OutlierFinder();
  private readonly cascade: { run: string; order: readonly string[] } | null;
  private readonly asked = new Counter<string>();
  private readonly top = new Counter<string>();
  private readonly added = new Counter<string>();
  private readonly inCascade: StoredOutcome[] = [];
  private examples = 0;
  private evaluation = 0;
  private goldSteps = 0;
  private wrongExamples = 0;

  constructor(
    readonly dataset: string,
    private readonly domain: string,
    private readonly topLevel: Level,
    store: Store,
  ) {
    this.cascade = cascadeOf(store, dataset);
  }

  addExample(example: SourceExample): void {
    this.addStages();
    this.examples += 1;
    this.goldSteps += example.gold_steps.length;
    if (example.evaluation) this.evaluation += 1;
    const wrong = wrongPlaces(example);
    if (wrong.length > 0) this.wrongExamples += 1;
    for (const each of wrong) {
      this.kinds.add(each.kind);
      if (this.places.length < MOST_PLACES) this.places.push(each);
    }
  }

  addOutcome(outcome: StoredOutcome, example: SourceExample, shape: PlanShape | null, group: number): void {
    if (this.cascade !== null && outcome.run === this.cascade.run) this.inCascade.push(outcome);
    if (shape !== null) this.outliers.add(outcome, example, shape, group);
    if (outcome.annotator !== "rules" || this.domain !== "maths" || outcome.annotation?.level === "proven") return;
    const reason = unprovenReasonOf(outcome);
    const shown = this.reasonExamples.get(reason) ?? [];
    this.reasonExamples.set(reason, shown);
    this.reasons.add(reason);
    if (shown.length < 3) shown.push(cut(outcome.key, 200));
  }

  result(stages: readonly Stage[], marks: Marks): DatasetAudit {
    this.addStages();
    const own = <T extends { dataset: string }>(rows: readonly T[]): T[] => rows.filter((row) => row.dataset === this.dataset);
    return {
      dataset: this.dataset,
      domain: domainSchema.parse(this.domain),
      top_level: this.topLevel,
      examples: this.examples,
      evaluation: this.evaluation,
      gold_steps: this.goldSteps,
      contradictions: this.domain !== "maths" ? null : {
        examples: this.wrongExamples,
        kinds: record(this.kinds),
        places: this.places.map(({ id, file, position, kind, step, says, gives }) => ({ id, file: cut(file, 200), position, kind, step, says: cut(says, 300), gives: cut(gives, 100) })),
      },
      unproven_by_rules: this.reasons.ranked().slice(0, MOST_REASONS).map(([reason, examples]) => ({ reason: cut(reason, 200), examples, shown: this.reasonExamples.get(reason) ?? [] })),
      drops: Object.fromEntries(own(marks.drops).map(({ kind, n }) => [kind, n])),
      duplicates: own(marks.dropped).map(({ kind, id, kept, reason, task, keptTask }) => ({ kind, id, kept, reason: cut(reason, 300), task, kept_task: keptTask })),
      contamination: own(marks.contaminations).map(({ evaluation, field, rule, examples }) => ({ evaluation, field, rule, examples })),
      contaminated: own(marks.contaminated).map(({ id, evaluation, position, field, rule, coverage, shared }) => ({ id, evaluation, position, field, rule, coverage, shared })),
      cascade: this.cascadeResult(stages),
      outliers: this.outliers.result(),
    };
  }

  /** Counts the outcomes that the cascade left of the example before. */
  private addStages(): void {
    if (this.inCascade.length === 0) return;
    const order = this.cascade?.order ?? [];
    const inOrder = this.inCascade.toSorted((a, b) => order.indexOf(stageName(a)) - order.indexOf(stageName(b)));
    let isReached = false;
    for (const outcome of inOrder) {
      this.asked.add(outcome.variant);
      if (!isTop({ state: outcome.state, level: outcome.annotation?.level ?? null }, this.topLevel)) continue;
      this.top.add(outcome.variant);
      if (!isReached) this.added.add(outcome.variant);
      isReached = true;
    }
    this.inCascade.length = 0;
  }

  private cascadeResult(stages: readonly Stage[]): DatasetAudit["cascade"] {
    const { cascade } = this;
    const taken = stages.filter(({ variant }) => this.asked.get(variant) > 0);
    if (cascade === null || taken.length < 2) return null;
    const inOrder = taken.toSorted((a, b) => cascade.order.indexOf(stageName(a)) - cascade.order.indexOf(stageName(b)));
    return {
      run: cascade.run,
      stages: inOrder.map(({ index, variant, cost_usd }) => ({ group: index, asked: this.asked.get(variant), top: this.top.get(variant), added: this.added.get(variant), cost_usd })),
    };
  }
}

const MOST_PLACES = 200;
const MOST_REASONS = 30;
const SHOWN = 5;

/** The latest run of a dataset that had several stages, and their order. */
function cascadeOf(store: Store, dataset: string): { run: string; order: string[] } | null {
  const run = store.runs().find((each) => each.dataset === dataset && each.annotator.includes(",") && !each.command.startsWith("try"));
  if (run === undefined) return null;
  const rules = run.annotator.split(",").includes("rules") ? ["rules"] : [];
  return { run: run.id, order: [...rules, ...(run.model ?? "").split(",")] };
}

function stageName({ model, annotator }: { model: string | null; annotator: string }): string {
  return model ?? annotator;
}

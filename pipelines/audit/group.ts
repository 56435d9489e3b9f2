import { barredLevels, type DefectCode, type Level, LEVELS, levelRank } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { wilsonInterval } from "../shared/statistics.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import { isTop } from "../try/compare.ts";
import { drawn, Keeper } from "./keeper.ts";
import type { Group, Share, Trace } from "./schema.ts";
import { Counter, histogram, planText, type PlanShape, problemType, record } from "./shapes.ts";
import { outcomeName, traceOf } from "./trace.ts";

export type Counted = Pick<
  Group,
  "by_construction" | "held_back" | "evidence" | "answers" | "coverage" | "value_leaks" | "repairs" | "plans" | "by_gold_steps" | "by_type" | "runs"
> & { shown: ReadonlyMap<DefectCode, Trace[]> };

/** What is counted of the outcomes of one dataset by one variant, one after the other. Its size does not grow with their number. */
export class GroupTally {
  private readonly shown = new Map<DefectCode, Keeper<Trace>>();
  private readonly heldBack = new Counter<DefectCode>();
  private readonly alone = new Counter<DefectCode>();
  private readonly evidence = { computed: 0, contradicted: 0, matched: 0, claimed: 0 };
  private readonly answers = { computed: 0, matched: 0, copied: 0, none: 0 };
  private readonly coverage = { examples: 0, full: 0, steps: 0, served: 0, tenths: Array.from({ length: 11 }, () => 0) };
  private readonly repairs = new Counter<number>();
  private readonly repairedTop = new Counter<number>();
  private readonly runs = new Counter<string>();
  private readonly subgoals = new Counter<number>();
  private readonly actions = new Counter<number>();
  private readonly perSubgoal = new Counter<number>();
  private readonly depth = new Counter<number>();
  private readonly tokens = new Counter<number>();
  private readonly uses = new Counter<string>();
  private readonly usedBy = new Counter<string>();
  private readonly bySteps = new Map<number, Counter<string>>();
  private readonly byType = new Map<string, Counter<string>>();
  private byConstruction = 0;
  private annotated = 0;
  private leaks = 0;
  private below = 0;

  constructor(
    private readonly group: number,
    private readonly topLevel: Level,
    private readonly countTokens: (text: string) => number,
  ) {}

  add(outcome: StoredOutcome, example: SourceExample, shape: PlanShape | null): void {
    const { state, annotation, defects, run } = outcome;
    const name = outcomeName(outcome);
    if (this.runs.counts.has(run) || this.runs.counts.size < MOST_RUNS) this.runs.add(run);
    nested(this.bySteps, Math.min(example.gold_steps.length, MOST_STEPS)).add(name);
    const type = problemType(example);
    if (type !== null) nested(this.byType, this.byType.has(type) || this.byType.size < MOST_TYPES ? type : "(others)").add(name);
    if (state !== "annotated" && state !== "quarantined") return;
    const codes = new Set(defects.map(({ code }) => code));
    for (const code of codes) {
      const keeper = this.shown.get(code) ?? new Keeper<Trace>(SHOWN);
      this.shown.set(code, keeper);
      keeper.offer(drawn(`${code} ${outcome.key}`), outcome.key, () => traceOf(outcome, this.group));
    }
    const top = isTop({ state, level: annotation?.level ?? null }, this.topLevel);
    if (!top) this.addBelow([...codes].filter((code) => barredLevels(code).includes(this.topLevel)));
    if (annotation === null || state !== "annotated" || shape === null) return;
    this.annotated += 1;
    this.repairs.add(annotation.repairs);
    if (top) this.repairedTop.add(annotation.repairs);
    if (annotation.byConstruction) this.byConstruction += 1;
    if (codes.has("plan.value_leak")) this.leaks += 1;
    for (const kind of ["computed", "contradicted", "matched", "claimed"] as const) this.evidence[kind] += annotation.verdict.evidence[kind];
    this.answers[annotation.verdict.answer] += 1;
    this.addCoverage(coverageOf(outcome, example));
    this.addShape(shape, this.countTokens(planText(annotation.plan)));
  }

  result(): Counted {
    const held = this.heldBack.ranked().map(([code, examples]) => ({ code, examples, alone: this.alone.get(code) }));
    const types = [...this.byType].sort(([a, one], [b, two]) => sum(two) - sum(one) || (a < b ? -1 : 1));
    return {
      shown: new Map([...this.shown].map(([code, keeper]) => [code, keeper.best()])),
      runs: [...this.runs.counts.keys()].sort(),
      by_construction: this.byConstruction,
      held_back: { examples: this.below, codes: held },
      evidence: this.evidence,
      answers: this.answers,
      coverage: this.coverage,
      value_leaks: shareOf(this.leaks, this.annotated),
      repairs: histogram(this.repairs).map(([repairs, examples]) => ({ repairs, examples, top: this.repairedTop.get(repairs) })),
      plans: {
        n: this.annotated,
        subgoals: histogram(this.subgoals),
        actions: histogram(this.actions),
        actions_per_subgoal: histogram(this.perSubgoal),
        depth: histogram(this.depth),
        tokens: histogram(this.tokens),
        token_step: TOKEN_STEP,
        tools: this.uses.ranked().map(([tool, uses]) => ({ tool, uses, plans: this.usedBy.get(tool) })),
      },
      by_gold_steps: [...this.bySteps].sort(([a], [b]) => a - b).map(([steps, outcomes]) => ({ steps, outcomes: record(outcomes) })),
      by_type: types.map(([type, outcomes]) => ({ type, outcomes: record(outcomes) })),
    };
  }

  private addBelow(barring: readonly DefectCode[]): void {
    this.below += 1;
    for (const code of barring) this.heldBack.add(code);
    const [only] = barring;
    if (only !== undefined && barring.length === 1) this.alone.add(only);
  }

  private addCoverage({ steps, served }: { steps: number; served: number }): void {
    if (steps === 0) return;
    this.coverage.examples += 1;
    this.coverage.steps += steps;
    this.coverage.served += served;
    if (steps === served) this.coverage.full += 1;
    const tenth = Math.floor((10 * served) / steps);
    this.coverage.tenths[tenth] = (this.coverage.tenths[tenth] ?? 0) + 1;
  }

  private addShape(shape: PlanShape, tokens: number): void {
    this.subgoals.add(Math.min(shape.subgoals, MOST_COUNTED));
    this.actions.add(Math.min(shape.actions, MOST_COUNTED));
    this.depth.add(Math.min(shape.depth, MOST_COUNTED));
    for (const n of shape.perSubgoal) this.perSubgoal.add(Math.min(n, MOST_COUNTED));
    this.tokens.add(Math.min(TOKEN_STEP * Math.floor(tokens / TOKEN_STEP), MOST_TOKENS));
    for (const [tool, n] of shape.tools.counts) {
      this.uses.add(tool, n);
      this.usedBy.add(tool);
    }
  }
}

/** How many gold steps an example has and how many of them a subgoal serves. */
export function coverageOf({ annotation }: Pick<StoredOutcome, "annotation">, { gold_steps }: SourceExample): { steps: number; served: number } {
  const served = new Set(annotation?.verdict.alignment.flatMap(({ gold }) => gold));
  return { steps: gold_steps.length, served: gold_steps.reduce((n, { id }) => (served.has(id) ? n + 1 : n), 0) };
}

export function shareOf(k: number, n: number): Share {
  return { k, n, interval: wilsonInterval(k, n) };
}

/** At `level` or above, of levels counted each at its highest. */
export function reaching(levels: Readonly<Record<Level, number>>, level: Level): number {
  return LEVELS.slice(levelRank(level)).reduce((n, each) => n + levels[each], 0);
}

const SHOWN = 3;
const MOST_RUNS = 20;
const MOST_STEPS = 10;
const MOST_TYPES = 40;
/** What is larger counts as this: such plans are among the outliers, each with its own figure. */
const MOST_COUNTED = 100;
const TOKEN_STEP = 25;
const MOST_TOKENS = 4_000;

function nested<K>(map: Map<K, Counter<string>>, key: K): Counter<string> {
  const found = map.get(key) ?? new Counter<string>();
  map.set(key, found);
  return found;
}

function sum({ counts }: Counter<string>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0);
}

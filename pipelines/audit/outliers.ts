import type { SourceExample } from "../../schemas/example.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import { coverageOf } from "./group.ts";
import { Keeper } from "./keeper.ts";
import type { Outlier, Trace } from "./schema.ts";
import type { PlanShape } from "./shapes.ts";
import { Counter } from "./shapes.ts";
import { traceOf } from "./trace.ts";

/** Finds the annotations of a dataset that a person should look at first: those at the edges. */
export class OutlierFinder {
  private readonly longest = new Keeper<Found>(SHOWN);
  private readonly deepest = new Keeper<Found>(SHOWN);
  private readonly results = new Keeper<Found>(SHOWN);
  private readonly repaired = new Keeper<Found>(SHOWN);
  private readonly uncovered = new Keeper<Found>(SHOWN);
  private readonly defective = new Keeper<Found>(SHOWN);
  private readonly byTool = new Map<string, Keeper<Found>>();
  private readonly usedBy = new Counter<string>();
  private readonly actions = new Counter<number>();
  private readonly depths = new Counter<number>();
  private plans = 0;

  add(outcome: StoredOutcome, example: SourceExample, shape: PlanShape, group: number): void {
    const { annotation, key, defects } = outcome;
    if (annotation === null) return;
    this.plans += 1;
    this.actions.add(shape.actions);
    this.depths.add(shape.depth);
    const found = (value: number, of = 0) => (): Found => ({ value, of, trace: traceOf(outcome, group) });
    this.longest.offer(shape.actions, key, found(shape.actions));
    this.deepest.offer(shape.depth, key, found(shape.depth));
    if (shape.longestResult > LONG_RESULT) this.results.offer(shape.longestResult, key, found(shape.longestResult));
    if (annotation.repairs > 1) this.repaired.offer(annotation.repairs, key, found(annotation.repairs));
    const { steps, served } = coverageOf(outcome, example);
    if (steps > 1 && served < steps) this.uncovered.offer(steps - served + (steps - served) / steps, key, found(served, steps));
    if (defects.length > 2) this.defective.offer(defects.length, key, found(defects.length));
    for (const tool of shape.tools.counts.keys()) {
      this.usedBy.add(tool);
      const keeper = this.byTool.get(tool) ?? new Keeper<Found>(2);
      this.byTool.set(tool, keeper);
      keeper.offer(0, key, found(shape.tools.get(tool)));
    }
  }

  result(): Outlier[] {
    const [usualActions, usualDepth] = [median(this.actions), median(this.depths)];
    const rare = [...this.byTool].filter(([tool]) => this.plans >= MANY && this.usedBy.get(tool) < this.plans * RARE).sort(([a], [b]) => this.usedBy.get(a) - this.usedBy.get(b) || (a < b ? -1 : 1));
    return [
      ...told("longest plan", this.longest, ({ value }) => (value >= 2 * usualActions && value > 3 ? `${value} actions; half of the plans have ${usualActions} or fewer` : null)),
      ...told("deepest plan", this.deepest, ({ value }) => (value >= 2 * usualDepth && value > 3 ? `${value} actions build on each other; half of the plans have ${usualDepth} or fewer` : null)),
      ...rare.slice(0, SHOWN).flatMap(([tool, keeper]) => told("unusual tool", keeper, () => `${tool === "another" ? "A tool that is none" : tool} is used by ${this.usedBy.get(tool)} of ${this.plans} plans`)),
      ...told("low coverage", this.uncovered, ({ value, of }) => `serves ${value} of the source's ${of} gold steps`),
      ...told("long result", this.results, ({ value }) => `a result of ${value} characters`),
      ...told("many repairs", this.repaired, ({ value }) => `took ${value} repairs`),
      ...told("many defects", this.defective, ({ value }) => `has ${value} defects`),
    ];
  }
}

interface Found {
  value: number;
  of: number;
  trace: Trace;
}

const SHOWN = 3;
const LONG_RESULT = 60;
/** A tool is unusual in fewer plans than this share, where there are plans enough to say so. */
const RARE = 0.01;
const MANY = 50;

function told(kind: string, keeper: Keeper<Found>, why: (found: Found) => string | null): Outlier[] {
  return keeper.best().flatMap((found) => {
    const said = why(found);
    return said === null ? [] : [{ kind, why: said, trace: found.trace }];
  });
}

function median(counter: Counter<number>): number {
  const values = [...counter.counts].sort(([a], [b]) => a - b);
  const half = values.reduce((n, [, plans]) => n + plans, 0) / 2;
  let seen = 0;
  return values.find(([, plans]) => (seen += plans) >= half)?.[0] ?? 0;
}

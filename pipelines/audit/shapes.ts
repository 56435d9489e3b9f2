import { TOOL_NAMES } from "../../schemas/domain.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { PlanJson } from "../../schemas/plan.ts";
import { argRefs, parseArgs } from "../plan/args.ts";
import type { Histogram } from "./schema.ts";

/** Counts of values. */
export class Counter<K> {
  readonly counts = new Map<K, number>();

  add(key: K, n = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + n);
  }

  get(key: K): number {
    return this.counts.get(key) ?? 0;
  }

  /** Commonest first, equals in the order of their names. */
  ranked(): [K, number][] {
    return [...this.counts].sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1));
  }
}

/** As a plain object, in the order of the names; `__proto__` is a name like any other. */
export function record(counter: Counter<string>): Record<string, number> {
  return Object.fromEntries([...counter.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function histogram(counter: Counter<number>): Histogram {
  return [...counter.counts].sort(([a], [b]) => a - b);
}

/** What a plan is like, by its form alone. */
export interface PlanShape {
  subgoals: number;
  actions: number;
  perSubgoal: number[];
  /** Actions of the longest chain in which each uses the result of the one before. */
  depth: number;
  /** Uses of each tool; a name that is no tool's counts as `another`. */
  tools: Counter<string>;
  longestResult: number;
}

export function shapeOf(plan: PlanJson): PlanShape {
  const tools = new Counter<string>();
  const depths = new Map<string, number>();
  let longestResult = 0;
  for (const { outputs, tool, args, result } of plan.subgoals.flatMap(({ actions }) => actions)) {
    tools.add(TOOLS.has(tool) ? tool : "another");
    longestResult = Math.max(longestResult, result.length);
    const depth = 1 + argRefs(parseArgs(args)).reduce((most, ref) => Math.max(most, depths.get(ref) ?? 0), 0);
    for (const output of outputs) depths.set(output, depth);
  }
  const perSubgoal = plan.subgoals.map(({ actions }) => actions.length);
  return {
    subgoals: plan.subgoals.length,
    actions: perSubgoal.reduce((sum, n) => sum + n, 0),
    perSubgoal,
    depth: [...depths.values()].reduce((most, each) => Math.max(most, each), 0),
    tools,
    longestResult,
  };
}

/** A stored plan in its text spelling, as it is measured. */
export function planText(plan: PlanJson): string {
  const actionText = ({ outputs, tool, args, result }: PlanJson["subgoals"][number]["actions"][number]): string =>
    `${outputs.join(", ")} = ${tool}(${args})${result === "" ? "" : ` = ${result}`}`;
  return plan.subgoals
    .map(({ text, actions }, s) => [`Subgoal ${s + 1}: ${text}`, ...actions.map((action, a) => `Action ${s + 1}-${a + 1}: ${actionText(action)}`)].join("\n"))
    .join("\n\n");
}

/** What kind of problem it is in the source's own words; null where the source does not say. */
export function problemType({ extra }: SourceExample): string | null {
  for (const name of TYPE_FIELDS) {
    const value = extra !== undefined && Object.hasOwn(extra, name) ? extra[name] : undefined;
    if (typeof value === "string" && value.trim() !== "") return value.trim().slice(0, 60);
  }
  return null;
}

/** Of ASDiv, ScienceQA, and usual names of sources that come by configuration. */
const TYPE_FIELDS = ["solution_type", "category", "type", "subject", "level"] as const;

const TOOLS: ReadonlySet<string> = new Set(TOOL_NAMES);

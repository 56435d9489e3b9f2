import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import { canonicalPlan } from "../plan/canonical.ts";
import { planFromJson } from "../plan/parse.ts";
import type { StoredAnnotation, StoredOutcome } from "../store/annotations.ts";
import { shareOf } from "./group.ts";
import { drawn, Keeper } from "./keeper.ts";
import type { Agreement, Trace } from "./schema.ts";
import type { PlanShape } from "./shapes.ts";
import { cut, outcomeName, traceOf } from "./trace.ts";

/** An annotation with the place of its group and what its plan is like. */
export interface Annotated {
  group: number;
  outcome: StoredOutcome & { annotation: StoredAnnotation };
  shape: PlanShape;
}

/** Counts how two groups' annotations of the same examples agree. */
export class AgreementTally {
  private readonly shown = new Keeper<{ why: string; first: Trace; second: Trace }>(SHOWN);
  private readonly steps = { both: 0, only_first: 0, only_second: 0, neither: 0 };
  private examples = 0;
  private sameLevel = 0;
  private sameAnswer = 0;
  private sameActions = 0;
  private stepped = 0;
  private sameAlignment = 0;
  private dice = 0;
  private called = 0;

  constructor(
    private readonly dataset: string,
    private readonly first: number,
    private readonly second: number,
  ) {}

  add(first: Annotated, second: Annotated, example: SourceExample): void {
    const [a, b] = [first.outcome.annotation, second.outcome.annotation];
    const [one, two] = [finalResult(a), finalResult(b)];
    const isSameAnswer = one === two || sameAnswer(one, two);
    const isSameLevel = a.level === b.level;
    const isSameActions = actionsOf(a) === actionsOf(b);
    const tools = dice(first.shape, second.shape);
    this.examples += 1;
    if (isSameAnswer) this.sameAnswer += 1;
    if (isSameLevel) this.sameLevel += 1;
    if (isSameActions) this.sameActions += 1;
    if (tools !== null) {
      this.dice += tools;
      this.called += 1;
    }
    const isSameAlignment = example.gold_steps.length === 0 ? null : this.addSteps(a, b, example);
    if (isSameAnswer && isSameLevel && isSameActions && isSameAlignment !== false) return;
    const reasons = [
      isSameAnswer ? "" : `another answer: ${quoted(one)} and ${quoted(two)}`,
      isSameLevel ? "" : `another level: ${outcomeName(first.outcome).replace("_", " ")} and ${outcomeName(second.outcome).replace("_", " ")}`,
      tools === null || tools === 1 ? "" : `other tools: ${(100 * tools).toFixed(0)} % of the calls in common`,
      isSameAlignment === false ? "their subgoals serve other gold steps" : "",
    ].filter((reason) => reason !== "");
    const weight = (isSameAnswer ? 0 : 8) + (isSameLevel ? 0 : 4) + (tools === null ? 0 : 2 * (1 - tools)) + (isSameAlignment === false ? 1 : 0);
    this.shown.offer(weight + drawn(example.id) / 4, example.id, () => ({
      why: reasons.length === 0 ? "other actions to the same end" : reasons.join("; "),
      first: traceOf(first.outcome, first.group),
      second: traceOf(second.outcome, second.group),
    }));
  }

  result(): Agreement {
    return {
      dataset: this.dataset,
      first: this.first,
      second: this.second,
      examples: this.examples,
      same_level: shareOf(this.sameLevel, this.examples),
      same_answer: shareOf(this.sameAnswer, this.examples),
      same_actions: shareOf(this.sameActions, this.examples),
      same_alignment: shareOf(this.sameAlignment, this.stepped),
      tools: this.called === 0 ? null : Math.round((10_000 * this.dice) / this.called) / 10_000,
      steps: this.steps,
      shown: this.shown.best(),
    };
  }

  /** Whether both group the gold steps in the same way. */
  private addSteps(a: StoredAnnotation, b: StoredAnnotation, { gold_steps }: SourceExample): boolean {
    const [one, two] = [a, b].map(({ verdict }) => new Set(verdict.alignment.flatMap(({ gold }) => gold)));
    for (const { id } of gold_steps) {
      const [inFirst, inSecond] = [one?.has(id) ?? false, two?.has(id) ?? false];
      this.steps[inFirst ? (inSecond ? "both" : "only_first") : inSecond ? "only_second" : "neither"] += 1;
    }
    this.stepped += 1;
    const isSame = grouping(a) === grouping(b);
    if (isSame) this.sameAlignment += 1;
    return isSame;
  }
}

const SHOWN = 5;

/** The result that the plan ends with; "" where it has none. */
function finalResult({ verdict }: StoredAnnotation): string {
  return verdict.trace.at(-1)?.claimed ?? "";
}

/** Plans of the same actions have the same text here, whatever their sentences say and their variables are called. */
function actionsOf({ plan: stored }: StoredAnnotation): string {
  const { plan } = planFromJson(stored, { results: "optional" });
  return plan === null ? "" : canonicalPlan({ subgoals: [{ text: "-", actions: plan.subgoals.flatMap(({ actions }) => actions) }] });
}

function grouping({ verdict }: StoredAnnotation): string {
  return JSON.stringify(verdict.alignment.map(({ gold }) => gold.toSorted()).filter(({ length }) => length > 0));
}

function dice(a: PlanShape, b: PlanShape): number | null {
  const common = [...a.tools.counts].reduce((n, [tool, uses]) => n + Math.min(uses, b.tools.get(tool)), 0);
  return a.actions + b.actions === 0 ? null : (2 * common) / (a.actions + b.actions);
}

function quoted(result: string): string {
  return result === "" ? "none" : `‘${cut(result, 60)}’`;
}

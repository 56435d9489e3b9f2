import type { Level } from "../../../schemas/defect.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { asked, emptyStore, MODEL_VARIANT, penPlan, pens, record, RULES_VARIANT } from "../verify/store-fixture.ts";

export const TOP_LEVELS: ReadonlyMap<string, Level> = new Map([["gsm8k", "proven"], ["asdiv", "proven"], ["strategyqa", "aligned"]]);

/** Four examples by rules, all proven; of them a model proves two, gets a third wrong and gives no plan for the fourth. */
export function penStore(): Store {
  const store = emptyStore();
  for (const n of [1, 2, 3, 4]) record(store, pens(n), RULES_VARIANT, penPlan(n));
  for (const n of [1, 2]) record(store, pens(n), MODEL_VARIANT, penPlan(n), [asked(store, `${n}`, penPlan(n), { level: "proven", outcome: "proven" })]);
  record(store, pens(3), MODEL_VARIANT, penPlan(3, 7), [asked(store, "3", penPlan(3, 7), { level: "well_formed", outcome: "well_formed" })]);
  record(store, pens(4), MODEL_VARIANT, null, [asked(store, "4", "I can't.")]);
  return store;
}

export const SCRIPT = `<script>alert("x")</script><img src=x onerror=alert(1)>"'\u202e\u0000`;

/** An example, and a plan for it, whose every text wants to be markup. */
export function hostile(n: number): { example: SourceExample; plan: string } {
  const example = pens(n);
  const plan = `Subgoal 1: Find how many pens are in the box ${SCRIPT}.\nAction 1-1: R1 = Calculator(3 + ${n}) = ${3 + n}\nSubgoal 2: ${SCRIPT}\nAction 2-1: R2 = ${"Calculator"}(${SCRIPT}) = ${SCRIPT}`;
  return {
    example: {
      ...example,
      task: `${example.task}${SCRIPT}`,
      rationale: `${example.rationale}${SCRIPT}`,
      answer: SCRIPT,
      gold_steps: example.gold_steps.map((step) => ({ ...step, text: `${step.text}${SCRIPT}` })),
      extra: { solution_type: SCRIPT },
      place: { file: SCRIPT, position: n },
    },
    plan,
  };
}

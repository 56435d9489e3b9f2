import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createReviewBook, type Decision, type ReviewBook } from "../../../pipelines/review/decide.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { openStore, type Store } from "../../../pipelines/store/open.ts";
import type { Order, QueueRequest } from "../../../pipelines/store/review-queues.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { Level } from "../../../schemas/defect.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { temporaryFolder } from "../../support/lumos.ts";
import { mathsExample } from "../verify/examples.ts";

export const MODEL = "v1-model";
export const RULES = "v1-rules";
export const TOP_LEVELS: ReadonlyMap<string, Level> = new Map([["gsm8k", "proven"], ["asdiv", "proven"]]);
const AT = "2026-11-22T12:00:00.000Z";

export function newStore(): Store {
  const store = openStore(join(temporaryFolder(), "review.db"), { mode: "create", command: "test", now: AT });
  onTestFinished(() => store.close());
  const common = { version: "1", parameters: {}, promptHash: null, promptVersion: null, prompt: null, replyForm: null };
  store.saveVariant({ hash: MODEL, annotator: "llm", model: "small", ...common });
  store.saveVariant({ hash: RULES, annotator: "rules", model: null, ...common });
  return store;
}

/** `n` bags of 3 nuts each. */
export function bags(n: number, dataset = "gsm8k"): SourceExample {
  const example = mathsExample(`Somebody packs 3 bags with ${n} nuts each. How many nuts are there?`, [`There are 3*${n}=<<3*${n}=${3 * n}>>${3 * n} nuts.`], `${3 * n}`);
  const id = `${dataset}/bags-${n}`;
  return { ...example, id, dataset, gold_steps: example.gold_steps.map((step) => ({ ...step, id: `${id}#1` })), place: { file: "bags.jsonl", position: n } };
}

export function bagPlan(n: number, product = 3 * n): string {
  return `Subgoal 1: Find how many nuts are in the bags.\nAction 1-1: R1 = Calculator(3 * ${n}) = ${product}`;
}

/** Stores an example with its plan and the verdict that the verifier gives. */
export function record(store: Store, example: SourceExample, plan = bagPlan(example.place.position), about: { variant?: string; repairs?: number } = {}): void {
  const { variant = MODEL, repairs = 0 } = about;
  store.saveExample(example, { contentHash: example.id, licence: null });
  const { plan: read, defects } = parsePlan(plan, { results: "optional" });
  if (read === null) throw new Error("no plan");
  const verdict = verifyPlan(read, { domain: "maths", example, topLevel: "proven", parseDefects: defects });
  store.recordOutcome({
    variant, key: example.id, exampleId: example.id, dataset: example.dataset, file: example.place.file, position: example.place.position, contentHash: example.id, run: "gsm8k-1", at: AT,
    state: verdict.level === null || verdict.level === "parsed" ? "quarantined" : "annotated", reason: null, detail: null, defects: verdict.defects, repaired: [],
    annotation: { plan: read, verdict, byConstruction: variant === RULES, answerCopied: false, repairs },
  });
}

/** A store with bags of 1 to `n` nuts; those of `wrong` have a wrong product. */
export function bagStore(n: number, wrong: readonly number[] = []): Store {
  const store = newStore();
  for (let each = 1; each <= n; each++) record(store, bags(each), bagPlan(each, wrong.includes(each) ? 3 * each + 1 : 3 * each));
  return store;
}

/** A book whose clock goes on by a second a look. */
export function bookOf(store: Store): ReviewBook {
  let time = Date.parse(AT);
  return createReviewBook(store, { now: () => new Date((time += 1000)), topLevels: TOP_LEVELS, programVersion: "1.2.3" });
}

export function decision(id: string, fields: Partial<Decision> = {}): Decision {
  return { id, variant: MODEL, planHash: null, reviewer: "Ana", queue: "random", verdict: "accept", reason: null, note: null, plan: null, ...fields };
}

export function queueOf(reviewer: string | null, order: Order = "random", fields: Partial<QueueRequest> = {}): QueueRequest {
  return { selection: {}, order, seed: "0", reviewer, twice: 0, sample: null, topLevels: TOP_LEVELS, ...fields };
}

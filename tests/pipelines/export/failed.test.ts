import { describe, expect, test } from "vitest";
import { type FailedPlan, failedPlans } from "../../../pipelines/export/failed.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { planHash } from "../../../pipelines/store/hashes.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import type { Attempt } from "../../../pipelines/store/replies.ts";
import type { NewReview } from "../../../pipelines/store/reviews.ts";
import { defect, type DefectCode } from "../../../schemas/defect.ts";
import { addition, annotated, AT, MODEL, newStore, RULES, save, sourceExample } from "../store/fixture.ts";

const EXAMPLE = sourceExample("gsm8k/1");
const BROKEN = printPlan(addition(2, 4), "text");

/** A store with one annotation of a model and the attempts before it, each answered with a text. */
function storeWith(...attempts: (Partial<Attempt> & { codes?: readonly DefectCode[]; text?: string; finish?: string })[]): Store {
  const store = newStore();
  save(store, EXAMPLE, { variant: MODEL });
  const made = attempts.map(({ codes = ["answer.mismatch"], text = BROKEN, finish = "stop", ...attempt }, i): Attempt => {
    const hash = `r${i}`;
    const body = JSON.stringify({ choices: [{ message: { content: text }, finish_reason: finish }] });
    store.saveReply({
      hash, request: {}, endpoint: "http://localhost", model: "small", status: 200, body, finishReason: finish,
      promptTokens: 1, cachedTokens: 0, completionTokens: 1, costUsd: null, latencyMs: 1, receivedAt: AT,
    });
    return { ask: i + 1, sample: 0, kind: "ask", level: "well_formed", reply: hash, defects: codes.map((code) => defect(code, `There is ${code}.`)), outcome: "well_formed", ...attempt };
  });
  store.recordOutcome({ ...annotated(EXAMPLE, { variant: MODEL }), attempts: made });
  return store;
}

function failed(store: Store, variant = MODEL.hash): FailedPlan[] {
  const [source] = [...store.exportPages({})].flat();
  const chosen = source?.outcomes.find((each) => each.variant === variant);
  if (source === undefined || chosen === undefined) throw new Error("not saved");
  return failedPlans(source, chosen, store);
}

function review(store: Store, verdict: NewReview["verdict"], about: Partial<NewReview> = {}): void {
  store.addReview({
    exampleId: EXAMPLE.id, variant: MODEL.hash, planHash: planHash(addition(2, 3)), level: "proven", reviewer: "ada", queue: "random", verdict,
    reason: null, note: null, editedPlan: null, editedVariant: null, createdAt: AT, ...about,
  });
}

describe("earlier plans of the exported annotation's own variant", () => {
  test("are read again from the kept replies, with what was wrong with each", () => {
    const [first, ...more] = failed(storeWith({}, { kind: "repair", level: "proven", codes: [] }));
    expect(more).toEqual([]);
    expect(first).toMatchObject({ attempt: 1, level: "well_formed", annotator: "llm", model: "small", reasons: [{ code: "answer.mismatch" }] });
    expect(first === undefined ? null : printPlan(first.plan, "text")).toBe(BROKEN);
  });

  test.each<[why: string, attempt: Parameters<typeof storeWith>[0]]>([
    ["they are as good", { level: "proven" }],
    ["only warned of", { codes: ["ref.unused"] }],
    ["corrections, which may be parts of a plan", { kind: "repair" }],
    ["no reply came", { reply: null }],
    ["no plan could be read then", { codes: ["parse.no_plan"], level: null }],
    ["a part was lost then", { codes: ["parse.action", "answer.mismatch"], level: "parsed" }],
    ["a part is lost now", { text: `${BROKEN}\nAction 1-2: R2 = Calculator(` }],
    ["there is no plan in it now", { text: "I would rather not." }],
    ["the reply was cut", { finish: "length" }],
  ])("are none where %s", (_why, attempt) => {
    expect(failed(storeWith(attempt))).toEqual([]);
  });
});

describe("what people rejected", () => {
  test("is a failed plan whatever its level, with their words, and stands before what the checks found", () => {
    const store = storeWith();
    save(store, EXAMPLE, { variant: RULES, plan: addition(2, 4), level: "well_formed", codes: ["answer.mismatch"] });
    save(store, EXAMPLE, { variant: { ...RULES, hash: "v1-person", annotator: "person" } });
    review(store, "edit", { reason: "wrong_step", note: "adds the wrong basket", editedVariant: "v1-person" });
    review(store, "reject", { reviewer: "bo" });
    expect(failed(store, "v1-person").map(({ annotator, level, reasons }) => ({ annotator, level, reasons: reasons.map(({ code, message }) => `${code}: ${message}`) }))).toEqual([
      { annotator: "llm", level: "proven", reasons: ["rejected_in_review: corrected by a person: wrong_step: adds the wrong basket; rejected by a person"] },
      { annotator: "rules", level: "well_formed", reasons: ["answer.mismatch: There is answer.mismatch."] },
    ]);
  });

  test("is none that people accepted, though the checks find fault with it", () => {
    const store = newStore();
    save(store, EXAMPLE, { variant: RULES });
    save(store, EXAMPLE, { variant: MODEL, level: "well_formed", codes: ["answer.mismatch"] });
    expect(failed(store, RULES.hash)).toHaveLength(1);
    review(store, "accept");
    expect(failed(store, RULES.hash)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { defect } from "../../../schemas/defect.ts";
import { type Outcome, placeKey } from "../../../pipelines/store/outcomes.ts";
import type { Reply } from "../../../pipelines/store/replies.ts";
import { addition, annotated, AT, MODEL, newStore, RULES, save, sourceExample, verdict } from "./fixture.ts";

const REPLY: Reply = {
  hash: "r1:a",
  request: { model: "small" },
  endpoint: "http://localhost",
  model: "small",
  status: 200,
  body: "{}",
  finishReason: "stop",
  promptTokens: 100,
  cachedTokens: 60,
  completionTokens: 20,
  costUsd: null,
  latencyMs: 12.5,
  receivedAt: AT,
};

describe("examples", () => {
  test("come back as they were saved, and a better form replaces a worse one with its annotations kept", () => {
    const store = newStore();
    const plain = sourceExample("gsm8k/a", { form: "plain", extra: { odd: ["__proto__", null] } });
    save(store, plain);
    expect(store.exampleOf("gsm8k/a")).toEqual(plain);
    store.saveExample({ ...plain, form: "socratic", place: { file: "s.jsonl", position: 7 } }, { contentHash: "c1:new", licence: null });
    expect(store.knownExample("gsm8k/a")).toEqual({ contentHash: "c1:new", form: "socratic" });
    expect([...store.examplesInOrder()]).toMatchObject([{ file: "s.jsonl", position: 7, licence: null }]);
    expect(store.outcomesOfExample("gsm8k/a")).toHaveLength(1);
  });

  test("are found by a prefix: all that fit, or the one that is exactly it", () => {
    const store = newStore();
    for (const id of ["gsm8k/ab", "gsm8k/abc", "gsm8k/b", "gsm8k/a_c", "gsm8k/\u{1F34E}"]) save(store, sourceExample(id));
    expect(store.findByPrefix("gsm8k/a")).toEqual(["gsm8k/a_c", "gsm8k/ab", "gsm8k/abc"]);
    expect(store.findByPrefix("gsm8k/a", 2)).toEqual(["gsm8k/a_c", "gsm8k/ab"]);
    expect(store.findByPrefix("gsm8k/ab")).toEqual(["gsm8k/ab"]);
    expect(store.findByPrefix("gsm8k/a%")).toEqual([]);
    expect(store.findByPrefix("")).toHaveLength(5);
  });
});

describe("runs and variants", () => {
  test("a run that goes on keeps its start", () => {
    const store = newStore();
    const run = { id: "june", command: "annotate", dataset: "gsm8k", annotator: "rules", model: null, variant: RULES.hash, config: { a: 1 }, programVersion: "0.1.0" };
    store.startRun({ ...run, startedAt: AT });
    store.endRun("june", { status: "interrupted", endedAt: "2025-01-03", summary: { examples: 3 } });
    expect(store.runOf("june")).toMatchObject({ status: "interrupted", summary: { examples: 3 }, config: { a: 1 } });
    store.startRun({ ...run, startedAt: "2025-02-01" });
    expect(store.runs()).toEqual([{ ...run, startedAt: AT, endedAt: null, status: "running", summary: null }]);
  });

  test("a variant is written once", () => {
    const store = newStore();
    store.saveVariant(MODEL);
    store.saveVariant({ ...MODEL, version: "other" });
    expect(store.variantOf(MODEL.hash)).toEqual(MODEL);
    expect(store.variantOf("v1-none")).toBeNull();
  });
});

describe("replies", () => {
  test("the first under a hash stays, for nothing that was paid for is overwritten", () => {
    const store = newStore();
    store.saveReply(REPLY);
    store.saveReply({ ...REPLY, body: "other" });
    expect(store.replyFor(REPLY.hash)).toEqual(REPLY);
    expect(store.replyFor("r1:b")).toBeNull();
  });
});

describe("outcomes", () => {
  test("tell a second run all that it needs", () => {
    const store = newStore();
    const example = sourceExample("gsm8k/a");
    save(store, example, { level: "aligned", codes: ["ref.unused", "value.unsourced", "ref.unused"] });
    store.recordOutcome({ ...annotated(example, { level: "aligned", codes: ["value.unsourced", "ref.unused", "ref.unused"] }), repaired: ["tool.arity"] });
    expect(store.outcomeOf(RULES.hash, example.id)).toEqual({
      state: "annotated",
      reason: null,
      detail: null,
      contentHash: "c1:gsm8k/a",
      run: "run-1",
      level: "aligned",
      codes: ["ref.unused", "value.unsourced"],
      repaired: ["tool.arity"],
    });
    expect(store.outcomeOf(MODEL.hash, example.id)).toBeNull();
  });

  test("replace the one before them with all that belonged to it", () => {
    const store = newStore();
    const example = sourceExample("gsm8k/a");
    save(store, example, { codes: ["ref.unused"] });
    store.saveReply(REPLY);
    const attempts = [{ ask: 1, sample: 0, kind: "ask" as const, level: null, reply: REPLY.hash, defects: [defect("llm.refusal", "It refused.")], outcome: "unusable" }];
    store.recordOutcome({ ...annotated(example), state: "quarantined", annotation: null, defects: attempts[0]?.defects ?? [], attempts });
    expect(store.outcomeOf(RULES.hash, example.id)).toMatchObject({ state: "quarantined", level: null, codes: ["llm.refusal"] });
    expect(store.attemptsOf(RULES.hash, example.id)).toEqual(attempts);
    expect(store.outcomesOfExample(example.id)).toMatchObject([{ annotation: null, defects: [{ code: "llm.refusal", message: "It refused." }] }]);
    store.recordOutcome(annotated(example));
    expect(store.attemptsOf(RULES.hash, example.id)).toEqual(attempts);
    expect(store.outcomeOf(RULES.hash, example.id)).toMatchObject({ state: "annotated", level: "proven", codes: [] });
  });

  test("keep the plan of a quarantined reply that did parse, and one plan a variant", () => {
    const store = newStore();
    const example = sourceExample("gsm8k/a");
    save(store, example);
    save(store, example, { variant: MODEL, level: "parsed", codes: ["tool.unknown"], plan: addition(1, 1) });
    expect(store.outcomesOfExample(example.id).map(({ state, annotation }) => [state, annotation?.level, annotation?.plan.subgoals[0]?.actions[0]?.args])).toEqual([
      ["quarantined", "parsed", "1 + 1"],
      ["annotated", "proven", "2 + 3"],
    ]);
  });

  test("of a record that was mended take away the skip that stood at its place, and no other", () => {
    const store = newStore();
    store.saveVariant(RULES);
    store.saveVariant(MODEL);
    for (const each of [skip(1, "c1:00000001ff"), skip(2, "c1:00000002ff"), { ...skip(1, "c1:00000001ff"), variant: MODEL.hash }]) store.recordOutcome(each);
    expect(skip(1, "c1:00000001ff").key).toBe("gsm8k@gsm8k.jsonl#1:00000001");
    save(store, sourceExample("gsm8k/a", { place: { file: "gsm8k.jsonl", position: 1 } }));
    expect([...store.outcomesFor()].map(({ variant, key }) => `${variant} ${key}`)).toEqual([
      `${RULES.hash} gsm8k/a`,
      `${MODEL.hash} gsm8k@gsm8k.jsonl#1:00000001`,
      `${RULES.hash} gsm8k@gsm8k.jsonl#2:00000002`,
    ]);
    store.recordOutcome(skip(2, "c1:0000000300"));
    expect(store.countStates({ variant: RULES.hash })).toMatchObject([{ state: "annotated", n: 1 }, { state: "skipped", n: 1 }]);
  });
});

describe("reading outcomes", () => {
  test("streams all in the order of the source, while the store is written", () => {
    const store = filled();
    const positions: number[] = [];
    for (const outcome of store.outcomesFor({ datasets: ["gsm8k"] })) {
      positions.push(outcome.position);
      if (outcome.example !== null) store.recordOutcome(annotated(outcome.example, { level: "well_formed" }));
    }
    expect(positions).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
    expect(store.countLevels({ dataset: "gsm8k" })).toMatchObject([{ level: "well_formed", n: 450 }]);
  });

  test.each([
    [{ levels: ["aligned" as const] }, 150],
    [{ defect: "ref.unused" as const }, 90],
    [{ runs: ["late"], levels: ["proven" as const] }, 33],
    [{ models: ["small"] }, 1],
    [{ domains: ["complex_qa"], states: ["quarantined" as const] }, 1],
    [{ annotators: ["rules"], datasets: ["strategyqa"] }, 0],
    [{ variants: [MODEL.hash, "v1-none"] }, 1],
    [{ datasets: [] }, 0],
    [{ datasets: ["' OR 1 = 1 --"] }, 0],
  ])("selects %j", (selection, n) => {
    expect([...filled().outcomesFor(selection)]).toHaveLength(n);
  });

  test("samples the same for the same seed, others for another, each once, and only what is selected", () => {
    const store = filled();
    const keys = (seed: string) => store.sample({ levels: ["aligned"] }, 50, seed).map((outcome) => outcome.key);
    expect(keys("a")).toEqual(keys("a"));
    expect(keys("a")).not.toEqual(keys("b"));
    expect(new Set(keys("a")).size).toBe(50);
    expect(store.sample({ levels: ["aligned"] }, 50, "a").every((outcome) => outcome.annotation?.level === "aligned")).toBe(true);
    expect(store.sample({}, 10_000, "a")).toHaveLength(451);
    expect(keys("a").slice(0, 10)).toEqual(store.sample({ levels: ["aligned"] }, 10, "a").map((outcome) => outcome.key));
  });

  test("counts in every way that status shows", () => {
    const store = filled();
    expect(store.countStates()).toEqual([
      { dataset: "gsm8k", variant: RULES.hash, annotator: "rules", model: null, state: "annotated", n: 450 },
      { dataset: "strategyqa", variant: MODEL.hash, annotator: "llm", model: "small", state: "quarantined", n: 1 },
    ]);
    expect(store.countLevels({ run: "late" })).toMatchObject([
      { level: "aligned", n: 17 },
      { level: "proven", n: 33 },
    ]);
    expect(store.countDefects()).toEqual([
      { dataset: "gsm8k", variant: RULES.hash, code: "ref.unused", repaired: false, n: 90 },
      { dataset: "strategyqa", variant: MODEL.hash, code: "tool.unknown", repaired: false, n: 1 },
    ]);
    expect(store.countDefects({ dataset: "gsm8k", run: "none" })).toEqual([]);
  });

  test("counts an example once at the best level of its variants", () => {
    const store = newStore();
    save(store, sourceExample("gsm8k/a"), { level: "proven" });
    save(store, sourceExample("gsm8k/a"), { variant: MODEL, level: "aligned" });
    save(store, sourceExample("gsm8k/b"), { variant: MODEL, level: "aligned" });
    expect(store.countBestLevels()).toEqual([
      { dataset: "gsm8k", level: "aligned", n: 1 },
      { dataset: "gsm8k", level: "proven", n: 1 },
    ]);
  });

  test("counts reasons, and the tokens of each reply once", () => {
    const store = newStore();
    store.saveVariant(MODEL);
    store.saveReply(REPLY);
    store.saveReply({ ...REPLY, hash: "r1:b", promptTokens: null, cachedTokens: null, completionTokens: 5 });
    for (const [id, replies] of [["gsm8k/a", ["r1:a"]], ["gsm8k/b", ["r1:a", "r1:b", null]]] as const) {
      const example = sourceExample(id);
      store.saveExample(example, { contentHash: "c", licence: null });
      const attempts = replies.map((reply, i) => ({ ask: i + 1, sample: 0, kind: "ask" as const, level: null, reply, defects: [], outcome: "timeout" }));
      const failed = { state: "failed" as const, reason: "timeout", annotation: null, attempts };
      store.recordOutcome({ ...annotated(example, { variant: MODEL }), ...failed });
    }
    expect(store.countReasons()).toEqual([{ dataset: "gsm8k", variant: MODEL.hash, state: "failed", reason: "timeout", n: 2 }]);
    expect(store.countTokens()).toEqual([
      { dataset: "gsm8k", variant: MODEL.hash, model: "small", replies: 2, promptTokens: 100, cachedTokens: 60, completionTokens: 25, costUsd: null },
    ]);
  });
});

test("a plan that is not even parsed has no level", () => {
  const store = newStore();
  const example = sourceExample("gsm8k/a");
  save(store, example, { level: null, codes: ["llm.truncated"] });
  expect(verdict(null).level).toBeNull();
  expect(store.countLevels()).toEqual([]);
  expect(store.outcomesOfExample(example.id)[0]?.annotation).toMatchObject({ level: null });
});

/** A record that could not be read. */
function skip(position: number, contentHash: string): Outcome {
  const place = { dataset: "gsm8k", file: "gsm8k.jsonl", position };
  const rest = { reason: "malformed", detail: "No JSON.", defects: [], repaired: [], annotation: null, run: "run-1", at: AT };
  return { variant: RULES.hash, key: placeKey(place, contentHash), exampleId: null, ...place, contentHash, state: "skipped", ...rest };
}

/** 450 examples in two runs and two levels, and a quarantined one of another source. */
function filled(): ReturnType<typeof newStore> {
  const store = newStore();
  store.transaction(() => {
    for (let n = 1; n <= 450; n += 1) {
      const example = sourceExample(`gsm8k/${n}`, { place: { file: "gsm8k.jsonl", position: n } });
      save(store, example, { level: n % 3 === 0 ? "aligned" : "proven", codes: n % 5 === 0 ? ["ref.unused"] : [], run: n > 400 ? "late" : "early" });
    }
    save(store, sourceExample("strategyqa/1", { domain: "complex_qa" }), { variant: MODEL, level: "parsed", codes: ["tool.unknown"] });
  });
  return store;
}

import { describe, expect, it } from "vitest";
import { auditStore } from "../../../pipelines/audit/audit.ts";
import { auditSchema } from "../../../pipelines/audit/schema.ts";
import { questionExample } from "../verify/examples.ts";
import { asked, emptyStore, MODEL_VARIANT, penPlan, pens, record, RULES_VARIANT } from "../verify/store-fixture.ts";
import { penStore, TOP_LEVELS } from "./fixture.ts";

const options = { topLevels: TOP_LEVELS };

describe("an audit", () => {
  it("counts each example once for each annotator, at its highest level, of those that were answered", async () => {
    const { groups } = await auditStore(penStore(), options);
    expect(groups.map(({ name, states, levels, top }) => ({ name, states, levels, k: top.k, n: top.n }))).toEqual([
      { name: "rules", states: { annotated: 4, quarantined: 0, skipped: 0, failed: 0 }, levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 4 }, k: 4, n: 4 },
      { name: "small", states: { annotated: 3, quarantined: 1, skipped: 0, failed: 0 }, levels: { parsed: 0, well_formed: 1, aligned: 0, proven: 2 }, k: 2, n: 4 },
    ]);
    expect(groups[1]?.top.interval?.map((bound) => bound.toFixed(3))).toEqual(["0.150", "0.850"]);
  });

  it("shows of each defect examples with their whole trace, and says what it bars and for whom it is alone", async () => {
    const { groups } = await auditStore(penStore(), options);
    const small = groups[1];
    const mismatch = small?.defects.find(({ code }) => code === "exec.mismatch");
    expect(mismatch).toMatchObject({ examples: 1, bars: ["aligned", "proven"], repaired: 0 });
    expect(mismatch?.shown).toEqual([expect.objectContaining({ id: "gsm8k/pens-3", by: "small", outcome: "well_formed", gold_steps: [{ id: "#1", text: "It has 3+3=<<3+3=6>>6 pens." }] })]);
    expect(mismatch?.shown[0]?.subgoals[0]?.actions[0]).toMatchObject({ call: "R1 = Calculator(3 + 3)", claimed: "7", computed: "6", evidence: "contradicted" });
    expect(small?.held_back).toMatchObject({ examples: 2, codes: expect.arrayContaining([{ code: "parse.no_plan", examples: 1, alone: 1 }]) });
  });

  it("counts replies by the ask they answered, and what each at the top level cost", async () => {
    const { groups } = await auditStore(penStore(), options);
    expect(groups[1]).toMatchObject({ asks: [{ ask: 1, kind: "ask", replies: 4, top: 2, no_plan: 1 }], replies: 4, cost_usd: 0.004, usd_per_top: 0.002, prompt_tokens: 36 });
    expect(groups[0]).toMatchObject({ asks: [], replies: 0, usd_per_top: null, by_construction: 4 });
  });

  it("compares what two annotators made of the same examples", async () => {
    const { agreements } = await auditStore(penStore(), options);
    expect(agreements).toHaveLength(1);
    expect(agreements[0]).toMatchObject({ first: 0, second: 1, examples: 3, same_answer: { k: 2, n: 3 }, same_level: { k: 2, n: 3 }, same_actions: { k: 2, n: 3 }, tools: 1 });
    expect(agreements[0]?.shown.map(({ why }) => why)).toEqual([expect.stringContaining("another answer: ‘6’ and ‘7’; another level: proven and well formed")]);
  });

  it("measures the form of plans", async () => {
    const store = emptyStore();
    record(store, pens(1), RULES_VARIANT, "Subgoal 1: Add.\nAction 1-1: R1 = Calculator(3 + 1) = 4\nAction 1-2: R2 = Calculator(R1 + 0) = 4\nSubgoal 2: Again.\nAction 2-1: R3 = Calculator(R1 + R2 - 4) = 4");
    const [group] = (await auditStore(store, options)).groups;
    expect(group?.plans).toMatchObject({ n: 1, subgoals: [[2, 1]], actions: [[3, 1]], actions_per_subgoal: [[1, 1], [2, 1]], depth: [[3, 1]], tools: [{ tool: "Calculator", uses: 3, plans: 1 }] });
    expect(group?.by_gold_steps).toEqual([{ steps: 1, outcomes: { proven: 1 } }]);
  });

  it("finds where a source contradicts itself, once for each example whoever annotated it", async () => {
    const store = emptyStore();
    const wrong = { ...pens(2), rationale: "It has 3+2=<<3+2=6>>6 pens.", gold_steps: [{ id: "gsm8k/pens-2#1", text: "It has 3+2=<<3+2=6>>6 pens.", operations: [{ formula: "3+2", result: "6" }] }] };
    for (const variant of [RULES_VARIANT, MODEL_VARIANT]) record(store, wrong, variant, penPlan(2));
    const { datasets, summary } = await auditStore(store, options);
    expect(datasets[0]?.contradictions).toMatchObject({ examples: 1, kinds: { calculation: 1 }, places: [{ id: "gsm8k/pens-2", says: "3+2 = 6", gives: "5" }] });
    expect(summary.find(({ topic }) => topic === "The sources")).toMatchObject({ mark: "look", text: expect.stringContaining("In 1 of 1 maths example ") });
  });

  it("never adds up sources of different top levels, and keeps rules apart from others", async () => {
    const store = penStore();
    const question = questionExample("Is a lemon sour?", "yes", [{ question: "How does a lemon taste?" }]);
    record(store, question, MODEL_VARIANT, "Subgoal 1: Find how a lemon tastes.\nAction 1-1: R1 = QA([Env], Question: How does a lemon taste?) = sour\nSubgoal 2: Tell whether that is sour.\nAction 2-1: R2 = QA([R1], Question: Is it sour?) = yes");
    const { summary } = await auditStore(store, options);
    const text = (topic: string) => summary.find((line) => line.topic === topic)?.text;
    expect(text("Proven")).toContain("(gsm8k), 2 of 4 (50");
    expect(text("Proven")).toContain("by others than rules and 4 of 4 (100");
    expect(text("Aligned")).toContain("(strategyqa), ");
  });

  it("selects by annotator, model, run and dataset", async () => {
    const store = penStore();
    const names = async (filters: object) => (await auditStore(store, { ...options, filters })).groups.map(({ name }) => name);
    expect(await names({ annotators: ["llm"] })).toEqual(["small"]);
    expect(await names({ models: ["rules"] })).toEqual(["rules"]);
    expect(await names({ runs: ["gsm8k-1"] })).toEqual(["rules", "small"]);
    expect(await names({ datasets: ["asdiv"] })).toEqual([]);
  });

  it("fits its schema, and is the same for the same store", async () => {
    const store = penStore();
    const audit = await auditStore(store, options);
    expect(auditSchema.parse(JSON.parse(JSON.stringify(audit)))).toEqual(audit);
    expect(JSON.stringify(await auditStore(store, options))).toBe(JSON.stringify(audit));
  });

  it("says what each stage of a cascade added", async () => {
    const store = emptyStore();
    store.saveVariant({ hash: "v1-large", annotator: "llm", version: "1", model: "large", parameters: {}, promptHash: "p", promptVersion: "1", prompt: null, replyForm: "text" });
    store.startRun({ id: "gsm8k-1", command: "annotate", dataset: "gsm8k", annotator: "llm,llm", model: "small,large", variant: null, config: {}, programVersion: "0", startedAt: "2026-11-22T12:00:00.000Z" });
    record(store, pens(1), MODEL_VARIANT, penPlan(1), [asked(store, "1", penPlan(1), { level: "proven" })]);
    record(store, pens(2), MODEL_VARIANT, penPlan(2, 9), [asked(store, "2", penPlan(2, 9), { level: "well_formed" })]);
    record(store, pens(2), "v1-large", penPlan(2));
    const { datasets, groups } = await auditStore(store, options);
    expect(datasets[0]?.cascade?.stages.map(({ group, ...stage }) => ({ name: groups[group]?.name, ...stage }))).toEqual([
      { name: "small", asked: 2, top: 1, added: 1, cost_usd: 0.002 },
      { name: "large", asked: 1, top: 1, added: 1, cost_usd: 0 },
    ]);
  });
});

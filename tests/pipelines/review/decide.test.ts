import { describe, expect, it } from "vitest";
import { personVariant } from "../../../pipelines/review/edit.ts";
import type { ReviewProblem } from "../../../pipelines/review/problem.ts";
import { queuePage } from "../../../pipelines/review/queue.ts";
import { storedAnnotation, viewAnnotation } from "../../../pipelines/review/view.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { bagPlan, bags, bagStore, bookOf, decision, MODEL, queueOf, record } from "./fixture.ts";

const ID = "gsm8k/bags-2";
const CORRECTED = bagPlan(2);
const PERSON = personVariant("Ana", MODEL).hash;

describe("a review", () => {
  it("is added and changes nothing that was there; the last word of each reviewer stands", () => {
    const store = bagStore(3);
    const book = bookOf(store);
    book.decide(decision(ID));
    book.decide(decision(ID, { reviewer: "Bo", verdict: "reject", reason: "wrong_step", note: "Look again." }));
    book.decide(decision(ID, { verdict: "reject" }));
    expect(store.reviewsOf(ID, MODEL).map(({ reviewer, verdict, reason, note }) => ({ reviewer, verdict, reason, note }))).toEqual([
      { reviewer: "Bo", verdict: "reject", reason: "wrong_step", note: "Look again." },
      { reviewer: "Ana", verdict: "reject", reason: null, note: null },
    ]);
  });

  it("of two people at once stands for both", () => {
    const store = bagStore(3);
    const seen = storedAnnotation(store, ID, MODEL).planHash;
    bookOf(store).decide(decision(ID, { planHash: seen }));
    bookOf(store).decide(decision(ID, { planHash: seen, reviewer: "Bo", verdict: "reject" }));
    expect(store.decidedAnnotations()).toMatchObject([{ id: ID, accepted: 1, rejected: 1 }]);
  });

  it("that says the same again adds nothing", () => {
    const store = bagStore(3);
    const { id } = bookOf(store).decide(decision(ID));
    expect(bookOf(store).decide(decision(ID))).toMatchObject({ id, added: false });
  });

  it.each([
    ["of an unknown example", { id: "gsm8k/none" }, "not_found", "No annotation of 'gsm8k/none' by variant 'v1-model' is in the store."],
    ["of a plan that was replaced since", { planHash: "p1:other" }, "review.changed", "gsm8k/bags-2 has another plan now: look at it again."],
    ["that edits without a text", { verdict: "edit" }, "review.invalid", "An edit needs the plan's text in 'plan'."],
    ["that edits nothing", { verdict: "edit", plan: bagPlan(2, 7) }, "edit.same", "The edit is the plan that is there: accept it, or change it."],
    ["whose edit is no plan", { verdict: "edit", plan: "Six." }, "edit.refused", "The edit is not well-formed. The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'."],
    ["whose edit has a tool that there is not", { verdict: "edit", plan: CORRECTED.replace("Calculator", "Abacus") }, "edit.refused", "The edit is not well-formed. Unknown tool 'Abacus' in subgoal 1 action 1: expected Calculator, SetEquation, SolveEquation, Count, SolveInequality, Code, Define."],
  ] as const)("%s is refused, and nothing is stored", (_, fields, code, message) => {
    const store = bagStore(3);
    record(store, bags(2), bagPlan(2, 7));
    expect(problemOf(() => bookOf(store).decide(decision(ID, fields)))).toMatchObject({ code, message });
    expect(store.standingReviews()).toEqual([]);
    expect(store.runs()).toEqual([]);
  });

  it("tells what is wrong with an edit", () => {
    const store = bagStore(3, [2]);
    const { defects } = problemOf(() => bookOf(store).decide(decision(ID, { verdict: "edit", plan: CORRECTED.replace("Calculator", "Abacus") })));
    expect(defects.map(({ code }) => code)).toContain("tool.unknown");
  });
});

describe("an edit", () => {
  it("is an annotation by a person, verified like any other, of a run of its own", () => {
    const store = bagStore(3, [2]);
    expect(bookOf(store).decide(decision(ID, { verdict: "edit", plan: CORRECTED }))).toMatchObject({ verdict: "edit", level: "proven", added: true });
    expect(store.outcomesOfExample(ID, { annotators: ["person"] })).toMatchObject([
      { variant: PERSON, state: "annotated", run: "review-1", annotator: "person", annotation: { level: "proven", byConstruction: false, repairs: 0 } },
    ]);
    expect(store.variantOf(PERSON)).toMatchObject({ annotator: "person", parameters: { reviewer: "Ana", of: MODEL } });
    expect(store.runOf("review-1")).toMatchObject({ command: "review", status: "done", summary: { edits: 1 } });
    expect(store.outcomesOfExample(ID, { variants: [MODEL] })).toMatchObject([{ annotation: { level: "well_formed" } }]);
  });

  it("goes when it is taken back, and comes again with the word before", () => {
    const store = bagStore(3, [2]);
    const book = bookOf(store);
    book.decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    book.decide(decision(ID, { verdict: "accept" }));
    expect(levelOf(store)).toBeNull();
    expect(book.undo("Ana")).toMatchObject({ exampleId: ID, variant: MODEL, verdict: "accept" });
    expect(levelOf(store)).toBe("proven");
    expect(book.undo("Ana")).toMatchObject({ verdict: "edit" });
    expect(levelOf(store)).toBeNull();
    expect(book.undo("Ana")).toBeNull();
  });

  it("that follows another takes its place, and gives it back", () => {
    const store = bagStore(3, [2]);
    const book = bookOf(store);
    book.decide(decision(ID, { verdict: "edit", plan: bagPlan(2, 8) }));
    book.decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    expect(levelOf(store)).toBe("proven");
    book.undo("Ana");
    expect(levelOf(store)).toBe("well_formed");
    expect(store.runOf("review-1")).toMatchObject({ summary: { edits: 3 } });
  });

  it("stays, and comes back, where the annotation that it corrects has got another plan since", () => {
    const store = bagStore(3, [2]);
    const book = bookOf(store);
    book.decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    record(store, bags(2), bagPlan(2, 8));
    expect(levelOf(store)).toBe("proven");
    book.decide(decision(ID, { verdict: "reject" }));
    expect(levelOf(store)).toBeNull();
    book.undo("Ana");
    expect(levelOf(store)).toBe("proven");
  });

  it("of an annotation that is gone goes with the word on it", () => {
    const store = bagStore(3, [2]);
    const book = bookOf(store);
    book.decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    book.decide(decision(ID, { verdict: "edit", plan: `${CORRECTED}\nSubgoal 2: Say so.\nAction 2-1: R2 = Calculator(R1) = 6`, reviewer: "Bo", variant: PERSON }));
    book.undo("Ana");
    expect(store.outcomesOfExample(ID, { annotators: ["person"] })).toHaveLength(1);
    expect(book.undo("Bo")).toMatchObject({ verdict: "edit" });
    expect(store.outcomesOfExample(ID, { annotators: ["person"] })).toEqual([]);
  });

  it("of SQL is refused where it would keep everybody waiting", () => {
    const store = bagStore(3, [2]);
    const plan = Array.from({ length: 11 }, (_, n) => `Subgoal ${n + 1}: Look.\nAction ${n + 1}-1: R${n + 1} = SQL(SELECT ${n}) = ${n}`).join("\n");
    expect(problemOf(() => bookOf(store).decide(decision(ID, { verdict: "edit", plan })))).toMatchObject({ code: "edit.refused", message: "The plan has 11 SQL statements: at most 10 of an edit are run." });
  });

  it("of another person, or of another variant, stands beside it", () => {
    const store = bagStore(3, [2]);
    bookOf(store).decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    bookOf(store).decide(decision(ID, { verdict: "edit", plan: CORRECTED, reviewer: "Bo" }));
    expect(store.outcomesOfExample(ID, { annotators: ["person"] })).toHaveLength(2);
  });

  it("is nothing to review unless it is asked for", () => {
    const store = bagStore(3, [2]);
    bookOf(store).decide(decision(ID, { verdict: "edit", plan: CORRECTED }));
    expect(queuePage(store, queueOf("Bo", "worst"), 0, 10).items.map(({ variant }) => variant)).toEqual([MODEL, MODEL]);
    expect(queuePage(store, queueOf("Bo", "worst", { selection: { annotators: ["person"] } }), 0, 10).items.map(({ variant }) => variant)).toEqual([PERSON]);
  });
});

describe("what a reviewer is shown", () => {
  it("is the source beside the plan, each action with its evidence", () => {
    const store = bagStore(3, [2]);
    expect(viewAnnotation(storedAnnotation(store, ID, MODEL), [], "Ana", "proven")).toMatchObject({
      id: ID, variant: MODEL, annotator: "llm", model: "small", level: "well_formed", top_level: "proven", gold_answer: "6", answer: "none",
      rationale: [{ step: `${ID}#1`, n: 1, text: "There are 3*2=<<3*2=6>>6 nuts." }],
      plan_text: bagPlan(2, 7),
      subgoals: [{ n: 1, gold: [`${ID}#1`], actions: [{ n: 1, tool: "Calculator", args: "3 * 2", output: "R1", claimed: "7", computed: "6", evidence: "contradicted" }] }],
      own: null, others: [],
    });
  });

  it("holds what others say only after a word of one's own", () => {
    const store = bagStore(3);
    bookOf(store).decide(decision(ID, { reviewer: "Bo", verdict: "reject", reason: "other" }));
    const others = (): unknown => viewAnnotation(storedAnnotation(store, ID, MODEL), store.reviewsOf(ID, MODEL), "Ana", "proven").others;
    bookOf(store).decide(decision(ID, { verdict: "skip" }));
    expect(others()).toEqual([]);
    bookOf(store).decide(decision(ID));
    expect(others()).toMatchObject([{ reviewer: "Bo", verdict: "reject", reason: "other", current: true }]);
  });

  it("has the paragraphs that the steps cite first", () => {
    const store = bagStore(1);
    const example = bags(2);
    const paragraphs = ["A-1", "A-2", "B-1"].map((id) => ({ id, title: id.slice(0, 1), text: id }));
    record(store, { ...example, gold_steps: example.gold_steps.map((step) => ({ ...step, paragraphs: [["B-1"]] })), materials: { paragraphs } });
    expect(viewAnnotation(storedAnnotation(store, ID, MODEL), [], "Ana", "proven").context.map(({ title }) => title)).toEqual(["B-1, cited", "A-1", "A-2"]);
  });

  it("is cut where it is very long, and never reads a text as anything else", () => {
    const store = bagStore(1);
    const example = bags(2);
    record(store, { ...example, task: `<script>${"x".repeat(100_000)}`, rationale: `__proto__\n${"y\n".repeat(5000)}`, environment: "z".repeat(100_000) });
    const view = viewAnnotation(storedAnnotation(store, ID, MODEL), [], "Ana", "proven");
    expect(view.task).toMatch(/^<script>x{19992}… \(80008 more characters\)$/);
    expect(view.rationale).toHaveLength(401);
    expect(JSON.stringify(view).length).toBeLessThan(60_000);
  });
});

function problemOf(work: () => unknown): ReviewProblem {
  try {
    work();
  } catch (error) {
    return error as ReviewProblem;
  }
  throw new Error("It was taken.");
}

function levelOf(store: Store): string | null {
  return store.outcomesOfExample(ID, { variants: [PERSON] })[0]?.annotation?.level ?? null;
}

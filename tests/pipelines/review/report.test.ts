import { describe, expect, it } from "vitest";
import { type ReportOptions, type ReviewReport, reviewReport } from "../../../pipelines/review/report.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { bagPlan, bags, bagStore, bookOf, decision, MODEL, record, RULES, TOP_LEVELS } from "./fixture.ts";

describe("what people said of a store", () => {
  it("estimates the whole from what was drawn at random alone", () => {
    const store = bagStore(10);
    const book = bookOf(store);
    for (const n of [1, 2, 3, 4]) book.decide(decision(`gsm8k/bags-${n}`, { queue: n % 2 === 0 ? "random" : "stratified", verdict: n === 4 ? "reject" : "accept" }));
    for (const [n, queue] of [[5, "worst"], [6, "chosen"], [7, "defect"], [8, "disagreements"]] as const) book.decide(decision(`gsm8k/bags-${n}`, { queue, verdict: "reject" }));
    expect(report(store)).toMatchObject({ annotations: 10, reviewed: 8, accepted: 3, estimate: { reviewed: 4, accepted: 3, accuracy: 0.75, covered: 10, datasets: [{ dataset: "gsm8k", accuracy: 0.75 }] } });
  });

  it("counts as drawn what was drawn once, whatever the queue of the last word", () => {
    const store = bagStore(10);
    bookOf(store).decide(decision("gsm8k/bags-1", { queue: "random" }));
    bookOf(store).decide(decision("gsm8k/bags-1", { queue: "chosen", verdict: "reject" }));
    expect(report(store).estimate).toMatchObject({ reviewed: 1, accepted: 0 });
  });

  it("takes the majority, and as many for as against for rejected", () => {
    const store = bagStore(3);
    const say = (id: number, verdicts: readonly ("accept" | "reject")[]): void => {
      for (const [index, verdict] of verdicts.entries()) bookOf(store).decide(decision(`gsm8k/bags-${id}`, { reviewer: `R${index}`, verdict }));
    };
    say(1, ["accept", "accept", "reject"]);
    say(2, ["accept", "reject"]);
    say(3, ["reject", "reject", "accept"]);
    expect(report(store)).toMatchObject({ reviewed: 3, reviewed_twice: 3, contested: 3, accepted: 1 });
  });

  it("counts an edit as a rejection of what it corrects, and leaves the corrected out of the whole", () => {
    const store = bagStore(4, [2]);
    bookOf(store).decide(decision("gsm8k/bags-2", { verdict: "edit", plan: bagPlan(2), reason: "wrong_answer" }));
    expect(report(store)).toMatchObject({ annotations: 4, reviewed: 1, accepted: 0, reviewers: [{ reviewer: "Ana", edited: 1 }], reasons: [{ reason: "wrong_answer", reviews: 1 }] });
  });

  it("compares each pair of reviewers on what both decided", () => {
    const store = bagStore(50);
    const book = bookOf(store);
    for (let n = 1; n <= 50; n++) {
      book.decide(decision(`gsm8k/bags-${n}`, { verdict: n <= 25 ? "accept" : "reject" }));
      book.decide(decision(`gsm8k/bags-${n}`, { reviewer: "Bo", verdict: n <= 20 || (n > 25 && n <= 35) ? "accept" : "reject" }));
    }
    book.decide(decision("gsm8k/bags-1", { reviewer: "Cleo", verdict: "skip" }));
    const { agreement } = report(store);
    expect(agreement).toMatchObject([{ reviewers: ["Ana", "Bo"], annotations: 50, agreed: 35, both_accept: 20, only_first: 5, only_second: 10, both_reject: 15 }]);
    expect(agreement[0]?.kappa).toBeCloseTo(0.4, 10);
  });

  it("holds the verifier against people, those by construction left out", () => {
    const store = bagStore(6, [5, 6]);
    for (const n of [1, 2, 3]) record(store, bags(n), bagPlan(n), { variant: RULES });
    const book = bookOf(store);
    for (const n of [1, 2, 3]) book.decide(decision(`gsm8k/bags-${n}`, { variant: RULES }));
    for (const [n, verdict] of [[1, "accept"], [2, "accept"], [3, "reject"], [5, "reject"], [6, "accept"]] as const) book.decide(decision(`gsm8k/bags-${n}`, { verdict }));
    const { verifier, defects } = report(store);
    expect(verifier).toMatchObject({ annotations: 5, left_out_by_construction: 3, top_accepted: 2, top_rejected: 1, below_accepted: 1, below_rejected: 1, top: { share: 2 / 3 }, below: { share: 0.5 } });
    expect(defects.find(({ code }) => code === "exec.mismatch")).toMatchObject({ annotations: 2, rejected: 1, share: 0.5 });
  });

  it("counts reviews of a plan that was replaced for nothing, and says how many", () => {
    const store = bagStore(3);
    bookOf(store).decide(decision("gsm8k/bags-1"));
    record(store, bags(1), bagPlan(1, 4));
    expect(report(store)).toMatchObject({ reviewed: 0, outdated: 1, reviewers: [], estimate: { reviewed: 0 } });
  });

  it("can be of a part of the store", () => {
    const store = bagStore(3);
    record(store, bags(1, "asdiv"));
    bookOf(store).decide(decision("gsm8k/bags-1"));
    bookOf(store).decide(decision("asdiv/bags-1", { variant: MODEL, verdict: "reject" }));
    expect(report(store, { selection: { datasets: ["asdiv"] } })).toMatchObject({ annotations: 1, reviewed: 1, accepted: 0, reviewers: [{ rejected: 1, accepted: 0 }] });
  });
});

function report(store: Store, options: Partial<ReportOptions> = {}): ReviewReport {
  return reviewReport(store, { topLevels: TOP_LEVELS, ...options });
}

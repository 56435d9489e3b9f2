import { describe, expect, it } from "vitest";
import { queuePage } from "../../../pipelines/review/queue.ts";
import type { QueuePage } from "../../../pipelines/review/shapes.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import type { Order, QueueRequest } from "../../../pipelines/store/review-queues.ts";
import { bagPlan, bags, bagStore, bookOf, decision, newStore, queueOf, record, RULES } from "./fixture.ts";

describe("a review queue", () => {
  it.each(["random", "stratified", "worst"] as const)("in the order %s holds everything once, and stands as it stood when reviews come in", (order) => {
    const store = bagStore(30, [4, 9]);
    const before = ids(store, "Ana", order);
    expect(new Set(before).size).toBe(30);
    for (const id of before.slice(0, 10)) bookOf(store).decide(decision(id, { queue: order }));
    expect(ids(store, "Ana", order)).toEqual(before);
  });

  it("stands otherwise for another seed, and the same for the same one", () => {
    const store = bagStore(30);
    expect(ids(store, "Ana", "random", { seed: "1" })).not.toEqual(ids(store, "Ana", "random"));
    expect(ids(store, "Ana", "random", { seed: "1" })).toEqual(ids(store, "Bo", "random", { seed: "1" }));
  });

  it("in the order stratified takes dataset, annotator and level in turn", () => {
    const store = bagStore(20, [3, 4]);
    record(store, bags(1, "asdiv"));
    record(store, bags(2), bagPlan(2), { variant: RULES });
    const page = whole(store, "Ana", "stratified");
    expect(page.items.slice(0, 4).map(({ dataset, variant, level }) => `${dataset} ${variant} ${level}`).sort()).toEqual([
      "asdiv v1-model proven", "gsm8k v1-model proven", "gsm8k v1-model well_formed", "gsm8k v1-rules proven",
    ]);
    expect(page.items.slice(4, 6).map(({ level }) => level).sort()).toEqual(["proven", "well_formed"]);
  });

  it("in the order worst begins with what is furthest from its dataset's top level, then with most defects, then with most repairs", () => {
    const store = newStore();
    record(store, bags(1));
    record(store, bags(2), bagPlan(2), { repairs: 2 });
    record(store, bags(3), bagPlan(3, 10));
    record(store, bags(4), "Subgoal 1: Count them.\nAction 1-1: R1 = Abacus(3 * 4) = 12");
    expect(ids(store, "Ana", "worst")).toEqual(["gsm8k/bags-4", "gsm8k/bags-3", "gsm8k/bags-2", "gsm8k/bags-1"]);
  });

  it("of disagreements holds the annotations of examples on which variants differ, and what people contest before them", () => {
    const store = bagStore(6, [2]);
    record(store, bags(2), bagPlan(2), { variant: RULES });
    record(store, bags(3), bagPlan(3), { variant: RULES });
    expect(keys(store, "Ana", "disagreements").sort()).toEqual(["gsm8k/bags-2 v1-model", "gsm8k/bags-2 v1-rules"]);
    bookOf(store).decide(decision("gsm8k/bags-5", { reviewer: "Ana" }));
    bookOf(store).decide(decision("gsm8k/bags-5", { reviewer: "Bo", verdict: "reject" }));
    expect(keys(store, "Cleo", "disagreements")[0]).toBe("gsm8k/bags-5 v1-model");
    expect(keys(store, "Cleo", "disagreements")).toHaveLength(3);
  });

  it.each<[string, QueueRequest["selection"], number]>([
    ["a defect", { defect: "exec.mismatch" }, 2],
    ["a level", { levels: ["proven"] }, 8],
    ["a dataset", { datasets: ["asdiv"] }, 0],
    ["a model", { annotators: ["small"] }, 10],
    ["a kind of annotator", { annotators: ["llm"] }, 10],
    ["rules", { annotators: ["rules"] }, 0],
    ["a run", { runs: ["gsm8k-1"] }, 10],
  ])("can be of %s alone", (_, selection, total) => {
    expect(whole(bagStore(10, [3, 4]), "Ana", "random", { selection })).toMatchObject({ total });
  });

  it("says how far a reviewer is, and where to go on", () => {
    const store = bagStore(5);
    const [first = "", second = "", third = ""] = ids(store, "Ana", "random");
    const book = bookOf(store);
    book.decide(decision(first));
    book.decide(decision(second, { verdict: "skip" }));
    expect(queuePage(store, queueOf("Ana"), 0, 2)).toMatchObject({ total: 5, decided: 1, skipped: 1, next: 2, items: [{ verdict: "accept" }, { verdict: "skip" }] });
    expect(queuePage(store, queueOf("Ana"), 2, 1).items.map(({ id }) => id)).toEqual([third]);
    for (const id of ids(store, "Ana", "random").slice(2)) book.decide(decision(id));
    expect(queuePage(store, queueOf("Ana"), 99, 2)).toMatchObject({ total: 5, next: null, items: [] });
  });

  it("loses what somebody else decided, but not what was skipped", () => {
    const store = bagStore(5);
    const [first = "", second = ""] = ids(store, "Ana", "random");
    bookOf(store).decide(decision(first));
    bookOf(store).decide(decision(second, { verdict: "skip" }));
    expect(ids(store, "Bo", "random")).not.toContain(first);
    expect(ids(store, "Bo", "random")).toContain(second);
    expect(whole(store, null, "random").total).toBe(5);
  });

  it("keeps a share for a second reviewer, and nothing for a third", () => {
    const store = bagStore(200);
    const twice = { twice: 0.2 };
    const second = whole(store, "Ana", "random", twice).items.filter((item) => item.second).map(({ id }) => id);
    expect(second.length).toBeGreaterThan(20);
    expect(second.length).toBeLessThan(60);
    for (const id of ids(store, "Ana", "random")) bookOf(store).decide(decision(id));
    expect(ids(store, "Bo", "random", twice)).toEqual(ids(store, "Ana", "random").filter((id) => second.includes(id)));
    for (const id of second) bookOf(store).decide(decision(id, { reviewer: "Bo" }));
    expect(ids(store, "Cleo", "random", twice)).toEqual([]);
    expect(ids(store, "Cleo", "random", { twice: 1 })).toHaveLength(200 - second.length);
  });

  it("asks again for what somebody picked once it is drawn, since only then does it speak for others", () => {
    const store = bagStore(5, [2]);
    const id = "gsm8k/bags-2";
    bookOf(store).decide(decision(id, { queue: "worst", verdict: "reject" }));
    const shown = (order: Order): unknown => whole(store, "Ana", order).items.find((item) => item.id === id)?.verdict;
    expect(shown("worst")).toBe("reject");
    expect(shown("random")).toBeNull();
    expect(ids(store, "Bo", "random")).toContain(id);
    expect(ids(store, "Bo", "worst")).not.toContain(id);
    bookOf(store).decide(decision(id, { queue: "random", verdict: "reject" }));
    bookOf(store).decide(decision(id, { queue: "chosen", verdict: "accept" }));
    expect(shown("random")).toBe("accept");
  });

  it("takes the first of the order as a sample, which stays the same while others decide", () => {
    const store = bagStore(20);
    const sample = ids(store, "Ana", "random", { sample: 5 });
    expect(sample).toEqual(ids(store, "Ana", "random").slice(0, 5));
    bookOf(store).decide(decision(sample[0] ?? ""));
    expect(ids(store, "Bo", "random", { sample: 5 })).toEqual(sample.slice(1));
  });

  it("forgets a review where the annotation has got another plan", () => {
    const store = bagStore(3);
    bookOf(store).decide(decision("gsm8k/bags-2"));
    record(store, bags(2), bagPlan(2, 7));
    expect(whole(store, "Ana", "random")).toMatchObject({ decided: 0 });
    expect(ids(store, "Bo", "random")).toContain("gsm8k/bags-2");
  });
});

function whole(store: Store, reviewer: string | null, order: Order, fields: Partial<QueueRequest> = {}): QueuePage {
  return queuePage(store, queueOf(reviewer, order, fields), 0, 1000);
}

function ids(store: Store, reviewer: string | null, order: Order, fields: Partial<QueueRequest> = {}): string[] {
  return whole(store, reviewer, order, fields).items.map(({ id }) => id);
}

function keys(store: Store, reviewer: string, order: Order): string[] {
  return whole(store, reviewer, order).items.map(({ id, variant }) => `${id} ${variant}`);
}

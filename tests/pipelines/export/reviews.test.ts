import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dpoFormat } from "../../../pipelines/export/dpo.ts";
import { lumosFormat } from "../../../pipelines/export/lumos-format.ts";
import type { ReviewWanted } from "../../../pipelines/export/selection.ts";
import { planHash } from "../../../pipelines/store/hashes.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import type { ReviewVerdict } from "../../../schemas/review.ts";
import { addition, AT, MODEL, newStore, RULES, save, sourceExample } from "../store/fixture.ts";
import { exported } from "./exported.ts";

const PERSON = { ...RULES, hash: "v1-person", annotator: "person" as const };

/** A store with the example `gsm8k/<name>` for each name, annotated by a model. */
function storeOf(...names: string[]): Store {
  const store = newStore();
  for (const name of names) save(store, sourceExample(`gsm8k/${name}`), { variant: MODEL, plan: addition(2, 3) });
  return store;
}

/** Says what each of several people say of an annotation, one letter a person: accept, reject, edit, skip. */
function say(store: Store, name: string, said: string, plan = addition(2, 3)): void {
  const verdicts: Record<string, ReviewVerdict> = { a: "accept", r: "reject", e: "edit", s: "skip" };
  for (const [i, letter] of [...said].entries()) {
    const verdict = verdicts[letter] ?? "skip";
    store.addReview({
      exampleId: `gsm8k/${name}`, variant: MODEL.hash, planHash: planHash(plan), level: "proven", reviewer: `p${i}`, queue: "random", verdict,
      reason: null, note: null, editedPlan: null, editedVariant: null, createdAt: AT,
    });
  }
}

async function chosen(store: Store, review: ReviewWanted | null) {
  const { out, summary, manifest } = await exported(store, lumosFormat, { modules: ["plan"], formulations: ["onetime"], ...(review === null ? {} : { review }) });
  const file = manifest.files[0]?.path;
  const lines = file === undefined ? [] : readFileSync(join(out, `${file}.provenance.jsonl`), "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as { id: string; annotator: string });
  return { rows: rows.map(({ id, annotator }) => `${id.slice(6)} ${annotator}`).join(", "), excluded: summary.excluded, reviewed: manifest.reviewed };
}

describe("what people say of annotations", () => {
  test.each<[review: ReviewWanted | null, rows: string, excluded: Record<string, number>]>([
    [null, "half llm, none llm, yes llm", { rejected_in_review: 3 }],
    ["not-rejected", "half llm, none llm, yes llm", { rejected_in_review: 3 }],
    ["any", "edited llm, half llm, no llm, none llm, tie llm, yes llm", {}],
    ["accepted", "half llm, yes llm", { rejected_in_review: 3, not_reviewed: 1 }],
  ])("decides with --review %s: the majority, a tie is a rejection, who has no opinion does not count", async (review, rows, excluded) => {
    const store = storeOf("yes", "no", "tie", "half", "edited", "none");
    say(store, "yes", "a");
    say(store, "no", "r");
    say(store, "tie", "ar");
    say(store, "half", "ara");
    say(store, "edited", "e");
    say(store, "none", "s");
    expect(await chosen(store, review)).toMatchObject({ rows, excluded });
  });

  test("is counted for what is exported", async () => {
    const store = storeOf("1", "2", "3");
    say(store, "1", "a");
    say(store, "2", "r");
    save(store, sourceExample("gsm8k/2"), { variant: PERSON });
    expect((await chosen(store, null)).reviewed).toEqual({ accepted: 1, edited: 1 });
    expect((await chosen(store, "any")).reviewed).toEqual({ accepted: 1, edited: 1 });
  });

  test("counts for nothing when it was taken back, or said of another plan", async () => {
    const store = storeOf("back", "other");
    say(store, "back", "r");
    const [{ id } = { id: 0 }] = store.reviewsOf("gsm8k/back", MODEL.hash);
    store.undoReview(id, AT);
    say(store, "other", "r", addition(9, 9));
    expect(await chosen(store, null)).toMatchObject({ rows: "back llm, other llm", excluded: {}, reviewed: {} });
  });

  test("a person's annotation takes the place of the one that it corrects, at an equal level of any other, and counts as accepted", async () => {
    const store = storeOf("1");
    save(store, sourceExample("gsm8k/1"), { variant: PERSON, plan: addition(3, 2) });
    save(store, sourceExample("gsm8k/1"), { variant: { ...MODEL, hash: "v1-later" }, at: "2025-02-01T00:00:00.000Z" });
    say(store, "1", "e");
    expect((await chosen(store, null)).rows).toBe("1 person");
    expect((await chosen(store, "accepted")).rows).toBe("1 person");
    save(store, sourceExample("gsm8k/1"), { variant: PERSON, plan: addition(3, 2), level: "aligned" });
    expect((await chosen(store, null)).rows).toBe("1 llm");
  });

  test("is told where nothing else is left", async () => {
    const store = storeOf("1");
    save(store, sourceExample("gsm8k/1"), { variant: PERSON, plan: addition(3, 2), level: "well_formed" });
    say(store, "1", "e");
    expect((await chosen(store, null)).excluded).toEqual({ rejected_in_review: 1 });
  });
});

describe("a person's edit", () => {
  test("over the plan that it corrects is a preference pair", async () => {
    const store = storeOf("1");
    save(store, sourceExample("gsm8k/1"), { variant: PERSON, plan: addition(3, 2, "R1", "Add up all apples.") });
    say(store, "1", "e");
    const { out, manifest } = await exported(store, dpoFormat, { modules: ["plan"], formulations: ["onetime"] });
    const [row] = readFileSync(join(out, manifest.files[0]?.path ?? ""), "utf8").trimEnd().split("\n");
    expect(JSON.parse(row ?? "")).toMatchObject({
      chosen: [{ content: "Subgoal 1: Add up all apples." }],
      rejected: [{ content: "Subgoal 1: Add the apples." }],
      reason: [{ code: "rejected_in_review", message: "corrected by a person" }],
      chosen_level: "proven",
      rejected_level: "proven",
      rejected_attempt: null,
    });
  });

  test("is one below aligned, too, and what people rejected is none to prefer, though it is exported", async () => {
    const store = storeOf("1", "2");
    save(store, sourceExample("gsm8k/1"), { variant: PERSON, plan: addition(3, 2, "R1", "Add up all apples."), level: "well_formed" });
    say(store, "1", "e");
    say(store, "2", "r");
    save(store, sourceExample("gsm8k/2"), { variant: RULES, plan: addition(3, 2, "R1", "Add up all apples."), level: "well_formed", codes: ["answer.mismatch"] });
    const options = { modules: ["plan"] as const, formulations: ["onetime"] as const, minLevel: "well_formed" as const };
    expect((await exported(store, dpoFormat, { ...options, review: "any" })).summary.excluded).toEqual({ not_preferred: 2 });
    const { manifest, summary } = await exported(store, dpoFormat, options);
    expect({ rows: manifest.files[0]?.rows, excluded: summary.excluded }).toEqual({ rows: 1, excluded: { not_preferred: 1 } });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fragmentOf, isDrawn, type Place, placeOf, queueName, tokenOf, type View } from "../../../../pipelines/review/page/place.ts";

const START: View = { order: "random", seed: "0", dataset: "gsm8k", annotator: "", level: "", defect: "" };
const place = (more: Partial<Place>): Place => ({ view: START, at: null, id: null, variant: null, picked: false, ...more });

describe("the fragment of an address", () => {
  it("leads back to the place it was made of", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.record({ order: text, seed: text, dataset: text, annotator: text, level: text, defect: text }), fc.nat(999_999_999), text, text, fc.boolean(), (view, at, id, variant, picked) => {
        expect(placeOf(fragmentOf({ view, at, id, variant, picked }), START)).toEqual({ view, at, id, variant, picked });
      }),
    );
  });

  it.each([
    ["", place({})],
    ["#", place({})],
    ["#id=x%231&variant=v", place({ id: "x#1", variant: "v" })],
    ["#order=worst&at=7", place({ view: { ...START, order: "worst", dataset: "" }, at: 7 })],
    ["#defect=exec.mismatch&at=-1", place({ view: { ...START, dataset: "", defect: "exec.mismatch" } })],
    ["#at=1e9&order=", place({ view: { ...START, order: "", dataset: "" } })],
  ])("%s is read", (fragment, expected) => {
    expect(placeOf(fragment, START)).toEqual(expected);
  });

  it.each([
    ["#token=T", { token: "T", rest: "" }],
    ["#token=T&id=a&variant=b", { token: "T", rest: "#id=a&variant=b" }],
    ["#order=worst", { token: null, rest: "#order=worst" }],
    ["", { token: null, rest: "" }],
  ])("%s gives up its token", (fragment, expected) => {
    expect(tokenOf(fragment)).toEqual(expected);
  });
});

describe("a review's queue", () => {
  it.each([
    [place({ at: 3 }), "random"],
    [place({ at: 3, view: { ...START, order: "worst" } }), "worst"],
    [place({ at: 3, view: { ...START, defect: "ref.unused" } }), "defect"],
    [place({ id: "x", variant: "v" }), "chosen"],
    [place({ at: 30, picked: true }), "chosen"],
  ])("is told by the place", (where, queue) => {
    expect(queueName(where)).toBe(queue);
  });

  it.each([
    ["random", "", true],
    ["stratified", "", true],
    ["random", "ref.unused", false],
    ["worst", "", false],
  ])("in the order %s with the defect '%s' speaks for the rest: %s", (order, defect, drawn) => {
    expect(isDrawn({ ...START, order, defect })).toBe(drawn);
  });
});

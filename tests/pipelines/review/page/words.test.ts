import { describe, expect, it } from "vitest";
import type { ShownAction } from "../../../../pipelines/review/shapes.ts";
import { colourOf, servedBy, stepNumbers } from "../../../../pipelines/review/page/steps.ts";
import { answerWords, evidenceWords, finalResult, ownWords } from "../../../../pipelines/review/page/words.ts";

const action = (more: Partial<ShownAction>): ShownAction => ({ n: 1, tool: "Calculator", args: "1 + 1", output: "R1", claimed: "2", computed: "2", evidence: "computed", note: null, ...more });

describe("the words beside an action", () => {
  it.each([
    [action({}), "✓ computed"],
    [action({ claimed: "0.33", computed: "1/3" }), "✓ computed: Right for what it was given, or as a rounding; exactly it is 1/3."],
    [action({ claimed: "Page(A)", computed: "Page(A), Page(B)" }), "✓ computed: Run here it gives Page(A), Page(B)."],
    [action({ claimed: "3", evidence: "contradicted" }), "✗ contradicted: It claims 3, but run here it gives 2."],
    [action({ evidence: "matched", computed: null }), "= matched: The source has it so."],
    [action({ evidence: "matched", computed: null, note: "rank 1 of 4" }), "= matched: rank 1 of 4"],
    [action({ evidence: "claimed", computed: null }), "? only claimed: It can't be run here: only the annotator says so."],
    [action({ evidence: null, claimed: "", computed: "2" }), "· no result: It claims nothing. Run here it gives 2."],
  ])("say what supports it", (shown, expected) => {
    const { mark, word, sentence } = evidenceWords(shown);
    expect(`${mark} ${word}${sentence === "" ? "" : `: ${sentence}`}`).toBe(expected);
  });
});

describe("the words on what one said before", () => {
  it.each([
    [true, false, "You accepted this. Another verdict takes its place."],
    [true, true, "You accepted this out of its turn. Now its turn has come: say so once more, or otherwise."],
    [false, true, "You accepted an earlier plan of this. It has another one now."],
  ])("tell it from what is shown (the same plan: %s, open in the queue: %s)", (current, isOpen, expected) => {
    expect(ownWords({ verdict: "accept", reason: null, note: null, current }, isOpen)).toBe(expected);
  });
});

describe("the words beside the answer", () => {
  it.each([
    ["computed", "5", "✓ Equals the gold answer, and was computed here."],
    ["matched", "", "✓ Ends with the source's last step."],
    ["copied", "5", "! Equals the gold answer, but follows from nothing computed or matched."],
    ["none", "5", "✗ Is not the gold answer."],
    ["none", "", "· There is no gold answer to compare with."],
  ] as const)("say how %s stands to %j", (answer, gold, expected) => {
    const { mark, sentence } = answerWords(answer, gold);
    expect(`${mark} ${sentence}`).toBe(expected);
  });

  it("are about the last result: claimed, else computed", () => {
    const plan = (last: Partial<ShownAction>) => ({ level: null, answer: "none" as const, defects: [], subgoals: [{ n: 1, text: "x", gold: [], actions: [action({}), action(last)] }] });
    expect([plan({ claimed: "7" }), plan({ claimed: "", computed: "8" }), plan({ claimed: "", computed: null }), { ...plan({}), subgoals: [] }].map(finalResult)).toEqual(["7", "8", "", ""]);
  });
});

describe("the steps of a rationale", () => {
  const rationale = [{ step: null, n: null, text: "Facts" }, { step: "x#1", n: 1, text: "one" }, { step: "uuid", n: 2, text: "two" }, { step: "x#1", n: 1, text: "again" }];

  it("have a number and the subgoals that serve them, whatever their ids", () => {
    const numbers = stepNumbers(rationale);
    expect([...numbers]).toEqual([["x#1", 1], ["uuid", 2]]);
    const subgoals = [{ n: 1, text: "", actions: [], gold: ["uuid", "x#1"] }, { n: 2, text: "", actions: [], gold: ["uuid", "elsewhere", "__proto__"] }];
    expect([...servedBy(subgoals, numbers)]).toEqual([[2, [1, 2]], [1, [1]]]);
  });

  it("take eight colours in turn", () => {
    expect([1, 8, 9, 16, 17].map(colourOf)).toEqual(["step-1", "step-8", "step-1", "step-8", "step-1"]);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DefectCode, LEVELS } from "../../../schemas/defect.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { codes, mathsExample, plan, questionExample, verify } from "./examples.ts";

const FERRY = mathsExample(
  "A ferry carries 14 cars and half as many vans. Each car pays $8 and each van pays $12. How much do they pay altogether?",
  ["There are 14/2 = <<14/2=7>>7 vans.", "The cars pay 14*8 = $<<14*8=112>>112.", "The vans pay 7*12 = $<<7*12=84>>84.", "They pay 112+84 = $<<112+84=196>>196."],
  "196",
);
const SOUND = plan(
  "Count the vans.", "R1 = Calculator(14 / 2) = 7",
  "Find what the cars pay.", "R2 = Calculator(14 * 8) = 112",
  "Find what the vans pay.", "R3 = Calculator(R1 * 12) = 84",
  "Add both amounts.", "R4 = Calculator(R2 + R3) = 196",
);

const RIVERS = questionExample("Is the Elbe longer than the Main?", "True", [
  { question: "How long is the Elbe?", paragraphs: [["Elbe-1"], ["Elbe-2", "List of rivers-4"]] },
  { question: "How long is the Main?", paragraphs: [["Main (river)-1"], []] },
  { question: "Is #1 greater than #2?", builds_on: [1, 2] },
]);
const RIVER_PLAN = plan(
  "Find the length of the Elbe.",
  "R1 = KnowledgeQuery(Elbe) = WikipediaPage(Elbe)",
  "R2 = ParagraphRetrieve(R1, Query: How long is the Elbe?) = Paragraph(Elbe-1)",
  "R3 = QA([R2], Question: How long is the Elbe?) = 1,094 km",
  "Find the length of the Main.",
  "R4 = KnowledgeQuery(Main (river)) = WikipediaPage(Main (river))",
  "R5 = ParagraphRetrieve(R4, Query: How long is the Main?) = Paragraph(Main (river)-1)",
  "R6 = QA([R5], Question: How long is the Main?) = 525 km",
  "Compare the lengths.",
  "Output = QA([R3, R6], Question: Is the Elbe longer than the Main?) = True",
);

describe("sound plans", () => {
  it("are proven where every result is computed", () => {
    const verdict = verify(SOUND, FERRY);
    expect(verdict.level).toBe("proven");
    expect(verdict.defects).toEqual([]);
    expect(verdict.answer).toBe("computed");
    expect(verdict.evidence).toEqual({ computed: 4, contradicted: 0, matched: 0, claimed: 0 });
    expect(verdict.alignment).toEqual([1, 2, 3, 4].map((n) => ({ subgoal: n, gold: [`gsm8k/test#${n}`] })));
  });

  it("are aligned where the answers are only claimed", () => {
    const verdict = verify(RIVER_PLAN, RIVERS);
    expect(verdict.level).toBe("aligned");
    expect(verdict.defects).toEqual([]);
    expect(verdict.answer).toBe("matched");
    expect(verdict.evidence).toEqual({ computed: 0, contradicted: 0, matched: 4, claimed: 3 });
    expect(verdict.alignment).toEqual([1, 2, 3].map((n) => ({ subgoal: n, gold: [`strategyqa/test#${n}`] })));
  });

  it("are proven with matched answers where the source states each step's", () => {
    const hops = { ...RIVERS, dataset: "musique", answer: "Hamburg", answer_aliases: ["Hamburg, Germany"], gold_steps: RIVERS.gold_steps.slice(0, 2).map((step, index) => ({ ...step, result: index === 0 ? "1,094 km" : "Hamburg" })) };
    const of = plan(
      "Find the length of the Elbe.",
      "R1 = KnowledgeQuery(Elbe) = WikipediaPage(Elbe)",
      "R2 = ParagraphRetrieve(R1, Query: How long is the Elbe?) = Paragraph(Elbe-2)",
      "R3 = QA([R2], Question: How long is the Elbe?) = 1,094 km",
      "Find the city.",
      "R4 = QA([R3], Question: How long is the Main?) = Hamburg",
    );
    expect(verify(of, hops, { topLevel: "proven" })).toMatchObject({ level: "proven", answer: "matched", evidence: { matched: 4, claimed: 0 } });
    const wrong = plan(
      "Find the length of the Elbe.",
      "R1 = KnowledgeQuery(Elbe) = WikipediaPage(Elbe)",
      "R2 = ParagraphRetrieve(R1, Query: How long is the Elbe?) = Paragraph(Elbe-2)",
      "R3 = QA([R2], Question: How long is the Elbe?) = 900 km",
      "Find the city.",
      "R4 = QA([R3], Question: How long is the Main?) = Hamburg",
    );
    expect(verify(wrong, hops, { topLevel: "proven" })).toMatchObject({ level: "well_formed", defects: [{ code: "match.value", subgoal: 1, action: 3 }] });
  });
});

describe("levels", () => {
  const without = (...omitted: number[]): Plan => ({ subgoals: SOUND.subgoals.filter((_, index) => !omitted.includes(index)) });
  const joined = plan("Count the vans.", "R1 = Calculator(14 / 2) = 7", "Add it all.", "R2 = Calculator(14 * 8 + R1 * 12) = 196");
  const other = plan("Pair a car with half a van.", "R1 = Calculator(8 + 12 / 2) = 14", "Find it all.", "R2 = Calculator(14 * R1) = 196");
  const claimed = plan("Solve it.", "R1 = SolveEquation(x^2 = 196 * 196) = 196");

  it.each<[string, Plan, SourceExample | null, string | null, string, DefectCode[]]>([
    ["proven: as the source", SOUND, FERRY, "proven", "computed", []],
    ["proven: steps joined", joined, FERRY, "proven", "computed", []],
    ["proven: another decomposition", other, FERRY, "proven", "computed", ["gold.missing_step", "gold.missing_step", "gold.missing_step"]],
    ["well formed: no example", SOUND, null, "well_formed", "none", []],
    ["well formed: no gold answer", SOUND, { ...FERRY, answer: "" }, "well_formed", "none", []],
    ["well formed: another gold answer", SOUND, { ...FERRY, answer: "197" }, "well_formed", "none", ["answer.mismatch"]],
    ["well formed: a wrong result, carried on", plan("Count.", "R1 = Calculator(14 / 2) = 6", "Pay.", "R2 = Calculator(14 * 8 + R1 * 12) = 184"), FERRY, "well_formed", "none", ["exec.mismatch", "answer.mismatch"]],
    ["well formed: gold claimed for a wrong operand", plan("Count.", "R1 = Calculator(14 / 2) = 7", "Pay.", "R2 = Calculator(14 * 8 + R1 * 14) = 196"), FERRY, "well_formed", "copied", ["exec.mismatch", "answer.copied"]],
    ["well formed: the answer restated", plan("Give it.", "R1 = Calculator(196 + 0) = 196"), FERRY, "well_formed", "copied", ["value.unsourced", "answer.copied"]],
    ["well formed: the answer defined", plan("Give it.", "R1 = Define(196) = 196"), FERRY, "well_formed", "copied", ["value.unsourced", "answer.copied"]],
    ["parsed: a step dropped", without(2), FERRY, "parsed", "copied", ["ref.undefined", "gold.missing_step", "answer.copied"]],
    ["well formed: truncated", without(3), FERRY, "well_formed", "none", ["answer.mismatch", "gold.missing_step"]],
    ["well formed: not run here", claimed, FERRY, "well_formed", "copied", ["value.unsourced", "answer.copied"]],
    ["parsed: no such tool", plan("Give it.", "R1 = Calc(14 * 14) = 196"), FERRY, "parsed", "copied", ["tool.unknown"]],
    ["parsed: no answer", plan("Give it.", "R1 = Calculator(14 * 14)"), FERRY, "parsed", "none", ["answer.missing"]],
    ["aligned at most, where the steps can't be run", RIVER_PLAN, RIVERS, "aligned", "matched", []],
    ["well formed: inverted gold", RIVER_PLAN, { ...RIVERS, answer: "False" }, "well_formed", "none", ["answer.mismatch"]],
  ])("%s", (_, of, example, level, answer, expected) => {
    const verdict = verify(of, example);
    expect(verdict.answer).toBe(answer);
    expect(codes(verdict)).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(verdict.defects).toEqual([]);
    expect(verdict.level).toBe(level);
  });

  it("never exceed the dataset's top level", () => {
    for (const topLevel of LEVELS) expect(verify(SOUND, FERRY, { topLevel }).level).toBe(topLevel);
  });

  it("keep the parser's defects, first and once", () => {
    const parseDefects = [{ code: "parse.action", severity: "error", subgoal: 2, action: 1, message: "Unreadable." }] as const;
    const verdict = verify(SOUND, FERRY, { parseDefects });
    expect(verdict).toMatchObject({ level: "parsed", defects: parseDefects });
    const missing = { code: "answer.missing", severity: "error", subgoal: 1, action: null, message: "Said by the parser." } as const;
    expect(verify(plan("Give it.", "R1 = Calculator(14 * 14)"), FERRY, { parseDefects: [missing] }).defects.filter(({ code }) => code === "answer.missing")).toEqual([missing]);
  });

  it("fall for a dead end that is contradicted, not for one that is sound", () => {
    const wrong = plan("Count.", "R1 = Calculator(14 / 2) = 7", "R2 = Calculator(14 * 2) = 29", "Pay.", "R3 = Calculator(14 * 8 + R1 * 12) = 196");
    expect(verify(wrong, FERRY).level).toBe("well_formed");
    const idle = plan("Count.", "R1 = Calculator(14 / 2) = 7", "R2 = Calculator(14 * 2) = 28", "Pay.", "R3 = Calculator(14 * 8 + R1 * 12) = 196");
    expect(verify(idle, FERRY)).toMatchObject({ level: "proven", defects: [{ code: "ref.unused" }] });
  });

  it("are not proven where a result under the answer is only claimed, but aligned", () => {
    const of = plan(
      "Count the vans.", "R1 = Code(the number of vans) = 7",
      "Find what the cars pay.", "R2 = Calculator(14 * 8) = 112",
      "Find what the vans pay.", "R3 = Calculator(R1 * 12) = 84",
      "Add both amounts.", "R4 = Calculator(R2 + R3) = 196",
    );
    const example = { ...FERRY, gold_steps: FERRY.gold_steps.map((step, index) => (index === 0 ? { id: step.id, text: "The vans are half of the cars." } : step)) };
    expect(verify(of, example)).toMatchObject({ level: "aligned", answer: "computed", evidence: { computed: 3, claimed: 1 } });
  });
});

describe("the answer", () => {
  it("is copied where the rules say so, which is a defect only where plans can be proven", () => {
    expect(verify(SOUND, FERRY, { answerCopied: true })).toMatchObject({ level: "aligned", answer: "copied", defects: [{ code: "answer.copied", subgoal: 4, action: 1 }] });
    expect(verify(RIVER_PLAN, RIVERS, { answerCopied: true })).toMatchObject({ level: "aligned", answer: "copied", defects: [] });
  });

  const ungrounded = plan("Find it.", "R1 = QA([], Question: How long is the Elbe?) = 1,094 km", "Compare.", "R2 = QA([R1], Question: Is it longer than the Main?) = True");
  it.each<[string, Plan, boolean, string]>([
    ["matched where it rests on matched paragraphs", RIVER_PLAN, false, "matched"],
    ["matched so too where a comparison of words ends the plan", { subgoals: [...RIVER_PLAN.subgoals.slice(0, 2), ...plan("Compare.", "R7 = Calculator(R3 > R6) = True").subgoals].map((each, at) => (at === 0 ? { ...each, actions: each.actions.map((action) => (action.outputs[0] === "R3" ? { ...action, result: "quite long" } : action)) } : each)) }, false, "matched"],
    ["copied where the rules say so", RIVER_PLAN, true, "copied"],
    ["copied where it rests on claims alone", ungrounded, false, "copied"],
  ])("that can't be run is %s; its result is claimed", (_, of, answerCopied, answer) => {
    for (const result of [undefined, "True"]) {
      const example = { ...RIVERS, gold_steps: RIVERS.gold_steps.map((step, index) => (index === 2 && result !== undefined ? { ...step, result } : step)) };
      const verdict = verify(of, example, { answerCopied });
      expect(verdict.answer).toBe(answer);
      expect(verdict.trace.at(-1)?.evidence).toBe("claimed");
    }
  });

  it("is computed where a comparison of claimed results is", () => {
    const of = { subgoals: [...RIVER_PLAN.subgoals.slice(0, 2), ...plan("Compare.", "R7 = Calculator(R3 > R6) = True").subgoals] };
    expect(verify(of, RIVERS)).toMatchObject({ level: "aligned", answer: "computed", defects: [] });
  });

  it("takes the aliases of the source", () => {
    expect(verify(SOUND, { ...FERRY, answer: "a hundred ninety-six", answer_aliases: ["196 dollars"] }).level).toBe("proven");
  });
});

describe("each defect", () => {
  const swapped = { subgoals: [1, 0, 2, 3].flatMap((index) => SOUND.subgoals[index] ?? []) };
  it.each<[DefectCode, Plan, SourceExample, string]>([
    ["gold.missing_step", { subgoals: RIVER_PLAN.subgoals.slice(0, 1) }, { ...RIVERS, answer: "1094 km" }, "No subgoal serves gold step strategyqa/test#2: How long is the Main."],
    ["gold.extra_step", plan("Count the wheels.", "R9 = Calculator(14 * 4) = 56", ...lines(SOUND)), FERRY, "Subgoal 1 serves no gold step of the source."],
    ["gold.order", swapped, FERRY, "Subgoal 1 serves gold step gsm8k/test#2 before subgoal 2 serves gsm8k/test#1: the source has them the other way round."],
    ["match.paragraph", replaced(RIVER_PLAN, "Elbe-1", "Elbe-7"), RIVERS, "Paragraph 'Elbe-7' in subgoal 1 action 2 is evidence for no gold step: expected Elbe-1; Elbe-2; List of rivers-4; Main (river)-1."],
    ["answer.mismatch", SOUND, { ...FERRY, answer: "197" }, "The final result 196 is not the gold answer 197."],
    ["value.unsourced", plan("Find it.", "R1 = Calculator(14 * 8 + 84) = 196"), { ...FERRY, rationale: FERRY.rationale.split("\n")[1] ?? "", gold_steps: FERRY.gold_steps.slice(1, 2) }, "Number 84 in subgoal 1 action 1 has no source: it must stand in the task or the rationale, be an earlier result, or be a usual constant."],
    ["answer.copied", plan("Find it.", "R1 = Calculator(196 / 1) = 196"), FERRY, "The final result 196 equals the gold answer but follows from no computed or matched result: derive it."],
    ["plan.value_leak", plan("Find that the vans pay 84 dollars.", ...lines(SOUND).slice(1)), FERRY, "Subgoal 1 names '84', which only running the plan gives: say what is found, not how much."],
    ["exec.mismatch", replaced(SOUND, "112", "113"), FERRY, "R2 = Calculator(14 * 8) is 112, but the plan says 113."],
  ])("%s says what is wrong", (code, of, example, message) => {
    expect(verify(of, example).defects.find((each) => each.code === code)?.message).toBe(message);
    expect(codes(verify(SOUND, FERRY))).not.toContain(code);
    expect(codes(verify(RIVER_PLAN, RIVERS))).not.toContain(code);
  });

  it("says nothing of numbers in a subgoal that the task or common knowledge gives", () => {
    const of = plan("Find what the 14 cars, half as many vans and 7 days have to do with it.", ...lines(SOUND).slice(1));
    expect(codes(verify(of, FERRY))).not.toContain("plan.value_leak");
  });

  it("comes in order of place", () => {
    const verdict = verify(replaced(replaced(SOUND, "112", "113"), "84", "85"), FERRY);
    const places = verdict.defects.map(({ subgoal }) => subgoal ?? 99);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});

describe("invariants", () => {
  const renamed = (of: Plan, name: (variable: string) => string): Plan => ({
    subgoals: of.subgoals.map(({ text, actions }) => ({
      text,
      actions: actions.map((action) => ({
        ...action,
        outputs: action.outputs.map(name),
        args: action.args.map((part) => (typeof part === "string" ? part : { ref: name(part.ref) })),
      })),
    })),
  });
  const PLANS = [
    [SOUND, FERRY],
    [RIVER_PLAN, RIVERS],
    [plan("Count.", "R1 = Calculator(14 / 2) = 6", "Pay.", "R2 = Calculator(14 * 8 + R1 * 12) = 184"), FERRY],
    [plan("Give it.", "R1 = Calculator(196 + 0) = 196"), FERRY],
  ] as const;

  it("another numbering of the variables changes no verdict", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLANS), fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { minLength: 10, maxLength: 10 }), ([of, example], numbers) => {
        const name = (variable: string) => (variable === "Output" ? variable : `R${numbers[Number(variable.slice(1))] ?? 1}`);
        const [a, b] = [verify(of, example), verify(renamed(of, name), example)];
        expect({ ...b, defects: codes(b) }).toEqual({ ...a, defects: codes(a) });
      }),
    );
  });

  it("an unused claimed action never raises the level", () => {
    const rank = (level: string | null) => LEVELS.findIndex((each) => each === level);
    fc.assert(
      fc.property(fc.constantFrom(...PLANS), fc.nat(3), fc.constantFrom("196", "7", "", "x", "True"), ([of, example], at, result) => {
        const idle = { outputs: ["R99"], tool: example === RIVERS ? "QA" : "Code", args: ["[], Question: what is it?"], result };
        const longer = { subgoals: of.subgoals.map((subgoal, index) => (index === Math.min(at, of.subgoals.length - 1) ? { ...subgoal, actions: [idle, ...subgoal.actions] } : subgoal)) };
        expect(rank(verify(longer, example).level)).toBeLessThanOrEqual(rank(verify(of, example).level));
      }),
    );
  });

  it("with every gold answer moved by one nothing is proven", () => {
    for (const [of] of PLANS.filter(([, example]) => example === FERRY)) {
      for (const answer of ["195", "197", "1960", "-196", "19.6"]) expect(verify(of, { ...FERRY, answer }).level).toBe("well_formed");
    }
  });

  it("hostile plans take a moment", () => {
    const long = plan("Go.", "R1 = Calculator(14 / 2) = 7");
    const chain = Array.from({ length: 3_000 }, (_, index) => ({ outputs: [`R${index + 2}`], tool: "Calculator", args: [{ ref: `R${index + 1}` }, " + 0"], result: "7" }));
    // The processor's time: others may be at work.
    const begin = process.cpuUsage();
    verify({ subgoals: [{ text: "Go.", actions: [...(long.subgoals[0]?.actions ?? []), ...chain] }] }, FERRY);
    verify(plan(`${"7 and a half ".repeat(8_000)}.`, "R1 = Calculator(14 / 2) = 7"), { ...FERRY, rationale: "= 7 ".repeat(20_000), task: "half ".repeat(20_000) });
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(4_000);
  });
});

function lines(of: Plan): string[] {
  return of.subgoals.flatMap(({ text, actions }) => [
    text,
    ...actions.map(({ outputs, tool, args, result }) => `${outputs.join(", ")} = ${tool}(${args.map((part) => (typeof part === "string" ? part : part.ref)).join("")}) = ${result}`),
  ]);
}

function replaced(of: Plan, from: string, to: string): Plan {
  return plan(...lines(of).map((line) => line.replace(from, to)));
}

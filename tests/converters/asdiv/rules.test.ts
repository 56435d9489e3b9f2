import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import asdiv from "../../../converters/asdiv/index.ts";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { rulesKit } from "../../../pipelines/execution/kit.ts";
import { loadPrompt } from "../../../pipelines/prompts/load.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { processorTime } from "../../support/processor-time.ts";
import { SHARED, hasShared } from "../../support/shared.ts";
import { exampleOf } from "./support.ts";

/** The actions of a rules plan, `|` between subgoals, or the skip. */
function planned(example: SourceExample): string {
  const outcome = asdiv.rules.annotate(example, rulesKit);
  if ("skip" in outcome) return outcome.skip;
  return outcome.plan.subgoals.map(({ actions }) => actions.map(({ outputs, args, result }) => `${outputs.join()} = ${args} = ${result}`).join("; ")).join(" | ");
}

function level(example: SourceExample): string | null {
  const outcome = annotateByRules(example, asdiv);
  return outcome.state === "annotated" ? outcome.annotation.verdict.level : outcome.state;
}

describe("a formula becomes actions", () => {
  it.each([
    ["Addition", "12+7=19", "R1 = 12 + 7 = 19"],
    ["Multiplication", "(10-5)*3=15", "R1 = 10 - 5 = 5; R2 = R1 * 3 = 15"],
    ["Addition", "7*5+6=41", "R1 = 7 * 5 + 6 = 41"],
    ["Addition", "(3*8)+(4*9)=60", "R1 = 3 * 8 = 24; R2 = 4 * 9 = 36; R3 = R1 + R2 = 60"],
    ["Sum", "3 (dime)*10 (cent/dime) + 2 (nickel)*5 (cent/nickel) = 40 (cent)", "R1 = 3 * 10 = 30; R2 = 2 * 5 = 10; R3 = R1 + R2 = 40"],
    ["Sum", "3*4=12; 12-2=10; 3+12+10=25", "R1 = 3 * 4 = 12; R2 = R1 - 2 = 10; R3 = 3 + R1 + R2 = 25"],
    ["Subtraction", "14.2 (km) - 11.15 (km) = 3.05 (km); 3.05*1000 (m/km) = 3050 (m)", "R1 = 14.2 - 11.15 = 3.05 | R2 = R1 * 1000 = 3050"],
    ["Subtraction", "1-(1/4)=3/4", "R1 = 1 - (1 / 4) = 3/4"],
    ["GCD", "GCD(8,12,48)=4", "R1 = gcd(8, 12, 48) = 4"],
    ["LCM", "LCM[4,6]=12", "R1 = lcm(4, 6) = 12"],
    ["Common-Division", "GCD(72,24)=24; 72/24=3", "R1 = gcd(72, 24) = 24 | R2 = 72 / R1 = 3"],
    ["Surplus", "927/2=463 r1", "R1 = 927 % 2 = 1"],
    ["Floor-Division", "(4*32)/6=21 r2", "R1 = 4 * 32 = 128; R2 = R1 // 6 = 21"],
    ["Ceil-Division", "56/9=6 r2", "R1 = ceil(56 / 9) = 7"],
    ["Subtraction", "250/12=20 r10; 12-10=2", "R1 = 250 % 12 = 10 | R2 = 12 - R1 = 2"],
    ["Ratio", "26-4=22; 22:15", "R1 = 26 - 4 = 22; R2 = R1 : 15 = 22:15"],
    ["Sequential-Operation", "8, 16, 24, 32, 40", "R1 = 32 - 24 = 8 | R2 = 32 + R1 = 40"],
    ["Sequential-Operation", "2, 6, 18, 54, 162", "R1 = 54 / 18 = 3 | R2 = 54 * R1 = 162"],
    ["Sequential-Operation", "5, 7, 10, 14, 19", "R1 = 10 - 7 = 3; R2 = 14 - 10 = 4 | R3 = R2 - R1 = 1; R4 = R2 + R3 = 5 | R5 = 14 + R4 = 19"],
    ["Set-Operation", "(13+8+21)/3=14", "R1 = 13 + 8 + 21 = 42 | R2 = R1 / 3 = 14"],
    ["Set-Operation", "(13+8+22+14)/4=14.3", "R1 = 13 + 8 + 22 + 14 = 57 | R2 = round(R1 / 4, 1) = 14.3"],
    ["Geometry", "(24/4)^2=36", "R1 = 24 / 4 = 6; R2 = R1^2 = 36"],
    // What is not for running.
    ["Geometry", "2(6+w)=20", "algebra"],
    ["Comparison", "8*4=32 square feet(Rug A) < 5*7=35 square feet(Rug B)", "comparison"],
    ["Sum", "(2 (hour)*60 (min/hour))/60 (min/hour)=2 r0; hh:mm=2:00 p.m.", "clock_time"],
    ["Sequential-Operation", "72, 81, 90, 108, 117", "no_machine_readable_formula"],
    ["Addition", "12 7=19", "no_machine_readable_formula"],
    ["Addition", "17/3=5 r2", "remainder_unclear"],
    ["Addition", "(1/0)+(7-3)=5", "not_computable"],
  ])("%s: %s", (type, formula, expected) => {
    expect(planned(exampleOf({ "Solution-Type": type, Formula: formula, Body: "3 4 26 15", Question: "How many?" }))).toBe(expected);
  });

  it.each([
    ["3:4=24:32", "There are 24 flutes, and 3 flutes for every 4 horns.", "R1 = 4 * 24 / 3 = 32"],
    ["4:12=24:72", "A 4 foot pole has a 12 foot shadow. A tree has a shadow of 72 feet.", "R1 = 4 * 72 / 12 = 24"],
    ["3:4=24:32", "A recipe uses flour and milk.", "ratio"],
  ])("the proportion %s asks for the term that the task does not give", (formula, body, expected) => {
    expect(planned(exampleOf({ "Solution-Type": "Ratio", Formula: formula, Body: body, Question: "How many?" }))).toBe(expected);
  });
});

/** Tools, arguments and results of a rules plan, `|` between subgoals, or the skip. */
function steps(example: SourceExample): string {
  const outcome = asdiv.rules.annotate(example, rulesKit);
  if ("skip" in outcome) return outcome.skip;
  return outcome.plan.subgoals.map(({ text, actions }) => `${text} ${actions.map(({ tool, args, result }) => `${tool}(${args}) = ${result}`).join("; ")}`).join(" | ");
}

describe("equations are set and solved for what the question asks", () => {
  it.each([
    ["x:Ann's pens; (x+8)-5=9", "How many pens does Ann have?", "Let x stand for Ann's pens, and write an equation. Define(x) = x; SetEquation((R1 + 8) - 5 = 9) = (x + 8) - 5 = 9 | Find how many pens Ann has. SolveEquation(R2, R1) = 6"],
    ["2(6+w)=20", "Find the width of the box.", "Let w stand for the width, and write an equation. Define(w) = w; SetEquation(2*(6 + R1) = 20) = 2*(6 + w) = 20 | Find the width of the box. SolveEquation(R2, R1) = 4"],
    ["x:The number of boys; y:The number of girls; x+y=65; y-x=7", "How many boys are there?", "Let x stand for the number of boys and y for the number of girls, and write two equations. Define(x) = x; Define(y) = y; SetEquation(R1 + R2 = 65) = x + y = 65; SetEquation(R2 - R1 = 7) = y - x = 7 | Find how many boys there are. SolveEquation(R3, R4, R1) = 29"],
    ["x:The tens digit; y:The units digit; x+y=9; x=2y", "Find the number.", "Let x stand for the tens digit and y for the units digit, and write two equations. Define(x) = x; Define(y) = y; SetEquation(R1 + R2 = 9) = x + y = 9; SetEquation(R1 = 2*R2) = x = 2*y | Find the tens digit and the units digit. SolveEquation(R3, R4, R1) = 6; SolveEquation(R3, R4, R2) = 3 | Find the number. Calculator(10*R5 + R6) = 63"],
    ["x:The first number; x+(x+2)=30", "The sum of two consecutive even numbers is 30. Find the numbers.", "Let x stand for the first number, and write an equation. Define(x) = x; SetEquation(R1 + (R1 + 2) = 30) = x + (x + 2) = 30 | Find the first number. SolveEquation(R2, R1) = 14 | Find the numbers. Code([R3, R3 + 2]) = [14, 16]"],
    // What is not sure is left alone.
    ["y:The number of years; (11-y)*2=(16-y)", "How old was Ann then?", "algebra"],
    ["x:The number; x*x=9", "Find the number.", "algebra"],
    ["x:The number; x+1=x+2", "Find the number.", "algebra"],
    ["x:Ann's pens; x+1=3", "How many pens does Bo have?", "algebra"],
    ["x:Ann's age; x+(x+2)-5=(x+4)", "Find the ages of Ann, Bo and Cy.", "algebra"],
  ])("%s — %s", (formula, question, expected) => {
    expect(steps(exampleOf({ Formula: formula, Question: question, "Solution-Type": "Algebra-1" }))).toBe(expected);
  });

  it("and never from the gold answer", () => {
    const fields = { Body: "Twice a number less 4 is 10.", Question: "Find the number.", Formula: "x:The number; 2x-4=10", "Solution-Type": "Algebra-1" };
    expect(steps(exampleOf({ ...fields, Answer: "7" }))).toBe(steps(exampleOf({ ...fields, Answer: "8" })));
    expect(level(exampleOf({ ...fields, Answer: "7" }))).toBe("proven");
    expect(level(exampleOf({ ...fields, Answer: "8" }))).not.toBe("proven");
  });
});

describe("a comparison is decided as the question asks", () => {
  it.each([
    ["30 cm(Al) < 30+5=35 cm(Bo)", "Who has the longer stick?", "Find the length for Bo. Calculator(30 + 5) = 35 | Find out who has the longer stick. Code(\"Al\" if 30 > R1 else \"Bo\") = Bo"],
    ["14/8(Al) < 12/4(Bo)", "Who has a lower ratio of pens to pads?", "Find the ratio of pens to pads for Al. Calculator(14 / 8) = 1.75 | Find the ratio of pens to pads for Bo. Calculator(12 / 4) = 3 | Find out who has a lower ratio of pens to pads. Code(\"Al\" if R1 < R2 else \"Bo\") = Al"],
    ["2*25+3*10=80 cents > 75 cents", "Does Ann have enough money?", "Find how much there is at hand. Calculator(2 * 25) = 50; Calculator(3 * 10) = 30; Calculator(R1 + R2) = 80 | Decide whether Ann has enough money. Calculator(R3 >= 75) = True"],
    ["8/4=2(Al) equals 4/2=2(Bo)", "Who has more?", "Find the amount for Al. Calculator(8 / 4) = 2 | Find the amount for Bo. Calculator(4 / 2) = 2 | Find out who has more. Code(\"Al\" if R1 > R2 else \"Bo\" if R1 < R2 else \"They are equal\") = They are equal"],
    ["30 cm(Al) < 35 cm(Bo)", "Who is it?", "comparison"],
    ["4*10=40 cents < 1 dollar", "Does Ann have enough money?", "comparison"],
  ])("%s — %s", (formula, question, expected) => {
    expect(steps(exampleOf({ Formula: formula, Question: question, "Solution-Type": "Comparison" }))).toBe(expected);
  });
});

describe("products that the text tells apart", () => {
  it("are subgoals of their own", () => {
    const fields = { Body: "There are 22 bicycles and 3 cars.", Question: "How many wheels are there?", Formula: "(22*2)+(3*4)=56", Answer: "56" };
    expect(steps(exampleOf(fields))).toBe("Find the number of wheels for the bicycles. Calculator(22 * 2) = 44 | Find the number of wheels for the cars. Calculator(3 * 4) = 12 | Find how many wheels there are. Calculator(R1 + R2) = 56");
  });
});

describe("subgoals", () => {
  it.each([
    ["Nora had 9 pens. She lost 4.", "How many does she have?", "Find how many Nora has."],
    ["Mrs. Pell had 9 pens. She lost 4.", "How many does she have?", "Find how many Mrs. Pell has."],
    ["Nora and Ben had 9 pens. She lost 4.", "How many does she have?", "Find how many she has."],
    ["Nora had 9 pens on Monday.", "How many does Nora say she has?", "Find how many Nora says she has."],
    ["A jar held 9 pens.", "how many pens were in it?", "Find how many pens were in it."],
  ])("%s %s", (body, question, subgoal) => {
    const outcome = asdiv.rules.annotate(exampleOf({ Body: body, Question: question, Formula: "9-4=5", "Solution-Type": "Subtraction" }), rulesKit);
    expect("plan" in outcome ? outcome.plan.subgoals.at(-1)?.text : outcome).toBe(subgoal);
  });
});

describe("proof", () => {
  it("does not depend on the gold answer: the plan stays, and with the answer moved nothing is proven", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 2, max: 500 }), fc.constantFrom("Addition", "Multiplication", "Surplus", "Ceil-Division"), fc.integer({ min: 1, max: 9 }), (a, b, type, moved) => {
        const division = `${a}/${b}=${Math.floor(a / b)} r${a % b}`;
        const { formula, answer } = {
          Addition: { formula: `${a}+${b}=${a + b}`, answer: a + b },
          Multiplication: { formula: `(${a}+1)*${b}=${(a + 1) * b}`, answer: (a + 1) * b },
          Surplus: { formula: division, answer: a % b },
          "Ceil-Division": { formula: division, answer: Math.ceil(a / b) },
        }[type];
        const fields = { Body: `There are ${a} and ${b} and one.`, "Solution-Type": type, Formula: formula };
        const right = exampleOf({ ...fields, Answer: String(answer) });
        const wrong = exampleOf({ ...fields, Answer: String(answer + moved) });
        expect(planned(wrong)).toBe(planned(right));
        expect(level(right)).toBe("proven");
        expect(level(wrong)).not.toBe("proven");
      }),
      { numRuns: 60 },
    );
  });

  it("is lost where the formula states a wrong result", () => {
    expect(level(exampleOf({ Formula: "12+7=20", Answer: "20" }))).not.toBe("proven");
  });

  it("is reached by the prompt's own examples", () => {
    const prompt = loadPrompt(join(import.meta.dirname, "../../../converters/asdiv/prompt.yaml"), "maths");
    expect(prompt.few_shots).toHaveLength(3);
    for (const shot of prompt.few_shots) {
      const example: SourceExample = { ...exampleOf({}), task: shot.task, rationale: shot.rationale, answer: shot.answer, gold_steps: [] };
      expect(verifyPlan(shot.plan, { domain: "maths", example, topLevel: "proven" })).toMatchObject({ level: "proven", defects: [] });
    }
  });
});

describe("hostile formulas", () => {
  it("of any characters give a plan or a skip", () => {
    const pieces = fc.array(fc.constantFrom("1", "23", "(", ")", "+", "-", "*", "/", "^", "=", ";", ":", " r", "GCD(", ",", " (m)", "x", "__proto__", "<", "%", "."), { maxLength: 25 });
    fc.assert(
      fc.property(pieces, fc.constantFrom("Surplus", "Ratio", "Addition", "Set-Operation", ""), (formula, type) => {
        const text = formula.join("");
        if (text.trim() === "") return;
        expect(planned(exampleOf({ Formula: text, "Solution-Type": type }))).not.toBe("");
      }),
    );
  });

  it.each(["(", "1+", "1 (", "(a", "1;", "1:", "1, ", "9", "GCD(", " ", "="])("100,000 times '%s' is fast", (piece) => {
    const spent = processorTime();
    const mapped = asdiv.map({ "@ID": "x", Body: "b", Question: piece.repeat(1_000), "Solution-Type": "Sum", Answer: piece.repeat(100_000), Formula: `1+${piece.repeat(100_000)}` }, { file: "x", position: 1 });
    if ("example" in mapped) planned(mapped.example);
    expect(spent()).toBeLessThan(1_000);
  });
});

describe.skipIf(!hasShared)("the real file", () => {
  it("has 2,305 problems, at least 2,200 of them proven, and every other one a reason", async () => {
    const counts = new Map<string, number>();
    for await (const { position, ...raw } of asdiv.read(join(SHARED, "data/ASDiv.xml"))) {
      const parsed = "value" in raw ? asdiv.record.safeParse(raw.value) : null;
      const mapped = parsed?.success === true ? asdiv.map(parsed.data, { file: "ASDiv.xml", position }) : { skip: "malformed", detail: "" };
      const outcome = "skip" in mapped ? { state: "skipped" as const, reason: mapped.skip } : annotateByRules(mapped.example, asdiv);
      const key = outcome.state === "annotated" ? String(outcome.annotation.verdict.level) : outcome.state === "skipped" ? outcome.reason : outcome.state;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(2_305);
    expect(counts.get("proven")).toBeGreaterThanOrEqual(2_200);
    expect([...counts.keys()].sort()).toEqual(["algebra", "clock_time", "comparison", "no_machine_readable_formula", "proven", "ratio", "well_formed"]);
  });
});

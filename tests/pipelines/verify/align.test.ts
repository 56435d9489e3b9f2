import { describe, expect, it } from "vitest";
import type { SourceExample } from "../../../schemas/example.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { processorTime } from "../../support/processor-time.ts";
import { codes, mathsExample, plan, questionExample, verify } from "./examples.ts";

/** The numbers of the gold steps that each subgoal serves. */
function served(of: Plan, example: SourceExample): number[][] {
  return verify(of, example).alignment.map(({ gold }) => gold.map((id) => Number(id.slice(id.indexOf("#") + 1))));
}

describe("calculations", () => {
  const bakery = mathsExample(
    "A baker sells 15 loaves at $4 and 9 cakes at $12, and pays 25% of it in tax. What is left?",
    ["Loaves bring 15*4 = $<<15*4=60>>60.", "Cakes bring 9*12 = $<<9*12=108>>108.", "Together 60+108 = $<<60+108=168>>168.", "Tax takes 25% of it.", "That is 168*.25 = $<<168*25*.01=42>>42.", "So 168-42 = $<<168-42=126>>126 is left."],
    "126",
  );

  it.each<[string, Plan, number[][], boolean]>([
    ["one by one", plan("a", "R1 = Calculator(15 * 4) = 60", "b", "R2 = Calculator(9 * 12) = 108", "c", "R3 = Calculator(R1 + R2) = 168", "d", "R4 = Calculator(R3 * 0.25) = 42", "e", "R5 = Calculator(R3 - R4) = 126"), [[1], [2], [3], [5], [6]], true],
    ["several by one subgoal", plan("a", "R1 = Calculator(15 * 4) = 60", "R2 = Calculator(9 * 12) = 108", "R3 = Calculator(R1 + R2) = 168", "b", "R4 = Calculator(R3 / 4) = 42", "R5 = Calculator(R3 - R4) = 126"), [[1, 2, 3], [5, 6]], true],
    ["several by one formula", plan("a", "R1 = Calculator(15 * 4 + 9 * 12) = 168", "b", "R2 = Calculator(R1 - R1 * 25%) = 126"), [[1, 2, 3], [5, 6]], true],
    ["all by one formula", plan("a", "R1 = Calculator((4 * 15 + 12 * 9) - (4 * 15 + 12 * 9) * 25 / 100) = 126"), [[1, 2, 3, 5, 6]], true],
    ["one by several subgoals", plan("a", "R1 = Calculator(15 * 4) = 60", "b", "R2 = Calculator(9 * 12) = 108", "c", "R3 = Calculator(R1 + R2) = 168", "d", "R4 = Calculator(R3 * 25) = 4200", "e", "R5 = Calculator(R4 / 100) = 42", "f", "R6 = Calculator(R3 - R5) = 126"), [[1], [2], [3], [5], [5], [6]], true],
    ["in another order of operands", plan("a", "R1 = Calculator(12 * 9) = 108", "b", "R2 = Calculator(4 * 15) = 60", "c", "R3 = Calculator(R1 + R2) = 168", "d", "R4 = Calculator(.25 * R3) = 42", "e", "R5 = Calculator(R3 - R4) = 126"), [[2], [1], [3], [5], [6]], true],
    ["not by other operands with the same result", plan("a", "R1 = Calculator(15 * 4) = 60", "b", "R2 = Calculator(9 * 12) = 108", "c", "R3 = Calculator(R1 + R2) = 168", "d", "R4 = Calculator(15 + 9 * 3) = 42", "e", "R5 = Calculator(R3 - R4) = 126"), [[1], [2], [3], [], [6]], false],
    ["only where the same numbers are behind the result", plan("a", "R1 = Calculator(1 - 25%) = 0.75", "b", "R2 = Calculator(15 * 4 * R1) = 45", "c", "R3 = Calculator(9 * 12 * R1) = 81", "d", "R4 = Calculator(R2 + R3) = 126"), [[6], [1, 6], [2, 6], [6]], false],
  ])("are served %s", (_, of, expected, aligned) => {
    const verdict = verify(of, bakery);
    expect(served(of, bakery)).toEqual(expected);
    expect(codes(verdict).includes("gold.missing_step")).toBe(!aligned);
    expect(verdict.level).toBe("proven");
  });

  it("in prose are served by who sets up their equation, solves it, finds what they state, or works them out", () => {
    const ages = mathsExample("Abe was 7 fewer; both are 31. How old is Abe?", ["x + (x - 7) = 31"], "19");
    expect(served(plan("a", "R1 = Define(x) = x", "R2 = SetEquation(R1 + (R1 - 7) = 31) = x + (x - 7) = 31", "b", "R3 = SolveEquation(R2, R1) = 19"), ages)).toEqual([[1], [1]]);
    expect(served(plan("a", "R1 = Calculator(31 + 7) = 38", "b", "R2 = Calculator(R1 / 2) = 19"), ages)).toEqual([[1], []]);
    const told = mathsExample("x and twice x are 42. What is x?", ["We know that x + 2x = 42.", "It follows that 14 = x."], "14");
    expect(served(plan("a", "R1 = Define(x) = x", "R2 = SetEquation(R1 + 2 * R1 = 42) = x + 2 * x = 42", "b", "R3 = SolveEquation(R2, R1) = 14"), told)).toEqual([[1], [2]]);
    const compared = mathsExample("Jo has 16 of 12, Kim 18 of 15. Who has more?", ["16/12(Jo) > 18/15(Kim)"], "Jo");
    expect(served(plan("a", "R1 = Calculator(16 / 12) = 4/3", "b", "R2 = Calculator(18 / 15) = 1.2", "c", 'R3 = Code("Jo" if R1 > R2 else "Kim") = Jo'), compared)).toEqual([[1], [1], [1]]);
  });

  it("that end the solution of an equation are served by who solves it", () => {
    const fence = mathsExample("A long side is 3 times a short one; all sides are 640. How long is a short one?", ["All sides are 2S + 2 * 3S = 640.", "So S = 640/8 = <<640/8=80>>80."], "80");
    const of = (equation: string, solution: string) => plan("a", "R1 = Define(S) = S", `R2 = SetEquation(${equation}) = ${equation.replaceAll("R1", "S")}`, "b", `R3 = SolveEquation(R2, R1) = ${solution}`);
    expect(served(of("2 * R1 + 2 * 3 * R1 = 640", "80"), fence)).toEqual([[1], [2]]);
    expect(codes(verify(of("2 * R1 = 160", "80"), fence))).toContain("gold.missing_step");
  });

  it("that are written twice are served by different actions", () => {
    const twins = mathsExample("Ann has 3 bags of 5 and Bo has 3 bags of 5. How many?", ["Ann: <<3*5=15>>15.", "Bo: <<3*5=15>>15.", "Both: <<15+15=30>>30."], "30");
    expect(served(plan("a", "R1 = Calculator(3 * 5) = 15", "b", "R2 = Calculator(3 * 5) = 15", "c", "R3 = Calculator(R1 + R2) = 30"), twins)).toEqual([[1], [2], [3]]);
    expect(served(plan("a", "R1 = Calculator(3 * 5) = 15", "b", "R2 = Calculator(R1 + R1) = 30"), twins)).toEqual([[1, 2], [3]]);
  });

  it("over fractions are served by who computes the fraction first", () => {
    const ribbon = mathsExample("Ann cuts 2 m by half. Bo adds 1 m and gives 3 people as much.", ["It is 2-1/2 = 3/2 m: <<2-1/2=3/2>>.", "Three have <<3*(3/2)=9/2>>."], "9/2");
    expect(served(plan("a", "R1 = Calculator(2 - 1 / 2) = 1.5", "b", "R2 = Calculator(3 * R1) = 4.5"), ribbon)).toEqual([[1], [2]]);
  });

  it("with a remainder are served by who has the quotient", () => {
    const bags = mathsExample("40 pears are put into bags of 6. How many bags are full?", ["40/6=6 r4 <<40/6=6 r4>>"], "6");
    expect(served(plan("a", "R1 = Calculator(40 // 6) = 6"), bags)).toEqual([[1]]);
  });

  it("that only state a number are served by who uses it", () => {
    const floors = mathsExample("A has 4 floors, B 9 more. How many has B?", ["A has <<4=4>>4.", "B has <<4+9=13>>13."], "13");
    expect(verify(plan("a", "R1 = Define(4) = 4", "b", "R2 = Calculator(R1 + 9) = 13"), floors)).toMatchObject({ level: "proven", defects: [], alignment: [{ gold: ["gsm8k/test#1"] }, { gold: ["gsm8k/test#2"] }] });
  });

  it("in prose need no serving, and are served by who finds what they state", () => {
    const bar = mathsExample("8 papers at $1 cost as much as 4 bars. What do 5 bars cost?", ["Papers cost <<8*1=8>>8.", "4*x = 8, so x = 2.", "Bars cost <<5*2=10>>10."], "10");
    const of = plan("a", "R1 = Calculator(8 * 1) = 8", "b", "R2 = SolveEquation(4 * x = R1, x) = 2", "c", "R3 = Calculator(5 * R2) = 10");
    expect(served(of, bar)).toEqual([[1], [2], [3]]);
    expect(verify(of, bar).level).toBe("proven");
  });

  it("that contradict gold leave a plan unproven that stops before them", () => {
    const boxes = mathsExample("A box of 30 costs $4.80, one of 20 costs $3.40. How many cents is one of the better box?", ["<<480/30=16>>16.", "<<340/20=17>>17.", "The lower is <<16=16>>16."], "17");
    const verdict = verify(plan("a", "R1 = Calculator(480 / 30) = 16", "b", "R2 = Calculator(340 / 20) = 17"), boxes);
    expect(verdict).toMatchObject({ level: "well_formed", answer: "none" });
    expect(verdict.defects.find(({ code }) => code === "answer.mismatch")?.message).toBe("The final result 17 is the gold answer 17, but the source's last step gives 16 and the plan does not use it.");
    const stated = { ...boxes, gold_steps: boxes.gold_steps.map((step, index) => (index === 2 ? { id: step.id, text: step.text, result: "16" } : step)) };
    expect(verify(plan("a", "R1 = Calculator(480 / 30) = 16", "b", "R2 = Calculator(340 / 20) = 17"), stated).level).toBe("well_formed");
    const goesOn = mathsExample("757 pounds go into bags of 65. How many bags?", ["757/65 = 11 r42 <<757/65=11 r42>>"], "12");
    expect(verify(plan("a", "R1 = Calculator(757 // 65) = 11", "b", "R2 = Calculator(R1 + 1) = 12"), goesOn).level).toBe("proven");
  });
});

describe("questions", () => {
  const fort = questionExample("Could bears reach the fort?", "False", [
    { question: "Where is the fort?", paragraphs: [["Fort (India)-1"], ["Fort (India)-2"]] },
    { question: "Which animals live near #1?", builds_on: [1], paragraphs: [[], ["Fort (India)-1"]] },
    { question: "Are bears included in #2?", builds_on: [2], paragraphs: [[], []] },
  ]);
  const place = ["R1 = KnowledgeQuery(Fort (India)) = WikipediaPage(Fort (India))", "R2 = ParagraphRetrieve(R1, Query: Where is the fort?) = Paragraph(Fort (India)-1)", "R3 = QA([R2], Question: Where is the fort?) = India"];

  it("are served by their question, their paragraphs or what they build on", () => {
    const of = plan("Find it.", ...place, "See what is there.", "R4 = QA([R3], Question: Which animals does one meet there?) = tigers", "Decide.", "R5 = QA([R4], Question: Could one of them be a bear?) = False");
    expect(served(of, fort)).toEqual([[1], [2], [3]]);
    expect(verify(of, fort).level).toBe("aligned");
  });

  it("are not served by a neighbour that names the same paragraph", () => {
    const of = plan("Find it.", ...place, "Decide.", "R4 = QA([R3], Question: Are bears included there?) = False");
    expect(codes(verify(of, fort))).toContain("gold.missing_step");
    expect(verify(of, fort).level).toBe("well_formed");
  });

  it("may share a subgoal, or spread over several", () => {
    const joined = plan("Find it all.", ...place, "R4 = QA([R3], Question: Which animals live near the fort?) = tigers", "R5 = QA([R4], Question: Are bears included?) = False");
    expect(served(joined, fort)).toEqual([[1, 2, 3]]);
    const split = plan("Find the page.", ...place.slice(0, 1), "Read it.", ...place.slice(1), "See what is there.", "R4 = QA([R3], Question: Which animals live near India?) = tigers", "Decide.", "R5 = QA([R4], Question: Are bears included?) = False");
    expect(served(split, fort)).toEqual([[1], [1], [2], [3]]);
  });

  it("alike but for what they build on keep their order", () => {
    const votes = questionExample("Was it close?", "False", [
      { question: "Who ran first?", paragraphs: [["Election-1"]] },
      { question: "Who ran second?", paragraphs: [["Election-1"]] },
      { question: "How many votes did #1 get?", builds_on: [1], paragraphs: [["Election-4"]] },
      { question: "How many votes did #2 get?", builds_on: [2], paragraphs: [["Election-4"]] },
      { question: "Is #3 close to #4?", builds_on: [3, 4], paragraphs: [[]] },
    ]);
    const of = plan(
      "a", "R1 = KnowledgeQuery(Election) = WikipediaPage(Election)", "R2 = ParagraphRetrieve(R1, Query: Who ran first?) = Paragraph(Election-1)", "R3 = QA([R2], Question: Who ran first?)",
      "b", "R4 = ParagraphRetrieve(R1, Query: Who ran second?) = Paragraph(Election-1)", "R5 = QA([R4], Question: Who ran second?)",
      "c", "R6 = ParagraphRetrieve(R1, Query: How many votes did R3 get?) = Paragraph(Election-4)", "R7 = QA([R6, R3], Question: How many votes did R3 get?)",
      "d", "R8 = ParagraphRetrieve(R1, Query: How many votes did R5 get?) = Paragraph(Election-4)", "R9 = QA([R8, R5], Question: How many votes did R5 get?)",
      "e", "R10 = QA([R7, R9], Question: Is R7 close to R9?) = False",
    );
    expect(served(of, votes)).toEqual([[1], [2], [3], [4], [5]]);
    expect(verify(of, votes)).toMatchObject({ level: "aligned", defects: [] });
  });

  const animals = "R4 = QA([R3], Question: Which animals live near R3?) = tigers";

  it.each([
    ["a foreign question over earlier answers", plan("Find it.", ...place, "See.", "R4 = QA([R3], Question: Which wrestler held the record longest?) = tigers", "Decide.", "R5 = QA([R4], Question: Are bears included in R4?) = False"), [2]],
    ["a foreign question at the end", plan("Find it.", ...place, "See.", animals, "Decide.", "R5 = QA([R4], Question: Is it included in it?) = False", ), []],
    ["a foreign question at the end, in words", plan("Find it.", ...place, "See.", animals, "Decide.", "R5 = QA([R4], Question: What moves does it use against opponents?) = False"), [3]],
    ["an earlier question again", plan("Find it.", ...place, "See.", animals, "Decide.", "R5 = QA([R4], Question: Where is the fort?) = False"), [3]],
    ["a foreign question put to a right paragraph", plan("Find it.", place[0] ?? "", ...place.slice(1).map((line) => line.replace("Where is the fort", "Which wrestler held the record")), "See.", animals, "Decide.", "R5 = QA([R4], Question: Are bears included in R4?) = False"), [1]],
    ["a retrieval that only repeats its answer's question", plan("See.", place[0] ?? "", "R2 = ParagraphRetrieve(R1, Query: Which animals live near the fort?) = Paragraph(Fort (India)-1)", "R3 = QA([R2], Question: Which animals live near the fort?) = tigers", "Decide.", "R4 = QA([R3], Question: Are bears included in R3?) = False"), [1]],
  ])("are missing for %s", (_, of, missing) => {
    const messages = verify(of, fort).defects.flatMap(({ code, message }) => (code === "gold.missing_step" ? [message] : []));
    expect(messages.map((message) => Number(/#([0-9])/.exec(message)?.[1]))).toEqual(missing);
  });

  it("are missing where a copied question asks of other results", () => {
    const wars = questionExample("Was Tilda's country in the war?", "False", [
      { question: "Where was Tilda born?", paragraphs: [["Tilda-1"]] },
      { question: "Which countries were in the war?", paragraphs: [["War-1"]] },
      { question: "Is #1 included in #2?", builds_on: [1, 2], paragraphs: [[]] },
    ]);
    const of = (question: string) =>
      plan(
        "a", "R1 = KnowledgeQuery(Tilda) = WikipediaPage(Tilda)", "R2 = ParagraphRetrieve(R1, Query: Where was Tilda born?) = Paragraph(Tilda-1)", "R3 = QA([R2], Question: Where was Tilda born?) = Peru",
        "b", "R4 = KnowledgeQuery(War) = WikipediaPage(War)", "R5 = ParagraphRetrieve(R4, Query: Which countries were in the war?) = Paragraph(War-1)", "R6 = QA([R5], Question: Which countries were in the war?) = Chad",
        "c", `R7 = QA([R3, R6], Question: ${question}) = False`,
      );
    expect(verify(of("Is R3 included in R6?"), wars)).toMatchObject({ level: "aligned", defects: [] });
    expect(codes(verify(of("Is R6 included in R3?"), wars))).toContain("gold.missing_step");
    expect(codes(verify(of("Was the country where Tilda was born among those of the war?"), wars))).toEqual([]);
  });

  it("are served by exchanged evidence, as their question is asked, which is then claimed and not matched", () => {
    const exchanged = questionExample("Is a week longer than a fast?", "True", [
      { question: "How many days has a week?", paragraphs: [["Fast-1"]] },
      { question: "How many days has the fast?", paragraphs: [["Week-1"]] },
      { question: "Is #1 greater than #2?", builds_on: [1, 2], paragraphs: [[]] },
    ]);
    const of = plan(
      "a", "R1 = KnowledgeQuery(Week) = WikipediaPage(Week)", "R2 = ParagraphRetrieve(R1, Query: How many days has a week?) = Paragraph(Week-1)", "R3 = QA([R2], Question: How many days has a week?) = 7",
      "b", "R4 = KnowledgeQuery(Fast) = WikipediaPage(Fast)", "R5 = ParagraphRetrieve(R4, Query: How many days has the fast?) = Paragraph(Fast-1)", "R6 = QA([R5], Question: How many days has the fast?) = 3",
      "c", "R7 = Calculator(R3 > R6) = True",
    );
    expect(served(of, exchanged)).toEqual([[1], [2], [3]]);
    expect(verify(of, exchanged)).toMatchObject({ level: "aligned", evidence: { matched: 0, claimed: 6, computed: 1 } });
  });

  it("of a huge plan are served in a moment", () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `R${index + 4} = QA([R3], Question: Where is the fort?) = ${index === 0 ? "India ".repeat(10_000) : "India"}`);
    const spent = processorTime();
    verify(plan("Find it.", ...place, "Again.", ...lines), fort);
    expect(spent()).toBeLessThan(3_000);
  });

  it("never let an unknown paragraph through", () => {
    const of = plan("Find it.", ...place.map((line) => line.replaceAll("(India)-1", "(Nepal)-1")), "See.", "R4 = QA([R3], Question: Which animals live near it?) = tigers", "Decide.", "R5 = QA([R4], Question: Are bears included?) = False");
    expect(verify(of, fort)).toMatchObject({ level: "well_formed", evidence: { matched: 1 } });
    expect(codes(verify(of, fort))).toContain("match.paragraph");
  });
});

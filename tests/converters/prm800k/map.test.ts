import { describe, expect, it } from "vitest";
import { prm800kRecordSchema } from "../../../converters/prm800k/record.ts";
import { taskId } from "../../../converters/shared/ids.ts";
import { processorTime } from "../../support/processor-time.ts";
import { example, line, map, step } from "./records.ts";

const SOLUTION = "A week has $7$ days, so the bakery needs $7 \\cdot 12 = 84$ eggs a week.\n\nIn cartons of $6$ that is \\[\\frac{84}{6} = \\boxed{14}.\\]";

describe("a line of PRM800K", () => {
  it("with a reference solution has its sentences as gold steps, with their equations", () => {
    expect(example({ problem: "How many cartons?", solution: SOLUTION, answer: "14" })).toMatchObject({
      id: `prm800k/${taskId("How many cartons?")}`,
      task: "How many cartons?",
      rationale: SOLUTION,
      answer: "14",
      form: "solution",
      gold_steps: [
        { operations: [{ formula: "7 * 12", result: "84" }], result: "84" },
        { operations: [{ formula: "84 / 6", result: "14" }], result: "14" },
      ],
    });
  });

  it("without one has the chosen steps, those that people wrote included, without the heading of the answer", () => {
    const steps = [
      { completions: [{ text: "Wrong.", rating: -1 }, { text: "There are $6 + 1 = 7$ days.", rating: 0 }], human_completion: null, chosen_completion: 1 },
      { completions: [{ text: "Wrong, too.", rating: -1 }], human_completion: { text: "That is $7 \\cdot 6 = 42$.", rating: null, source: "human", flagged: false }, chosen_completion: null },
      step("So it is $42$.\n\n# Answer\n\n42"),
    ];
    const { rationale, gold_steps, form } = example({ steps });
    expect({ rationale, form, results: gold_steps.map(({ result }) => result) }).toEqual({
      rationale: "There are $6 + 1 = 7$ days.\nThat is $7 \\cdot 6 = 42$.\nSo it is $42$.",
      form: "steps",
      results: ["7", "42", "42"],
    });
  });

  it("has no step that is only the heading of the answer", () => {
    expect(example({ steps: [step("It is $6 \\cdot 7 = 42$."), step("# Answer\n\n42")] }).gold_steps).toHaveLength(1);
  });

  it("has its steps as rationale where the reader asks for them, and then no reference solution stands in for them", () => {
    const options = { ratedSteps: true, testProblems: new Set<string>() };
    expect(map({ solution: SOLUTION, steps: [step("It is $6 \\cdot 7 = 42$.")] }, options)).toMatchObject({ example: { form: "steps" } });
    expect(map({ solution: SOLUTION, finish: "found_error" }, options)).toMatchObject({ skip: "found_error" });
  });

  it.each([
    [{ quality: true, solution: SOLUTION }, "quality_control"],
    [{ screening: true, solution: SOLUTION }, "screening"],
    [{ problem: " \n" }, "no_task"],
    [{ answer: "", solution: SOLUTION }, "no_answer"],
    [{ finish: "found_error", steps: [step("It is $6 + 7 = 13$.", -1)] }, "found_error"],
    [{ finish: "bad_problem" }, "bad_problem"],
    [{ finish: "give_up", steps: [step("Hm.", 0)] }, "give_up"],
    [{ finish: "something_new", steps: [step("Hm.", 0)] }, "no_rationale"],
    [{ steps: [] }, "no_rationale"],
    [{ steps: [step("# Answer\n\n42")] }, "no_rationale"],
    [{ steps: [step("It is $6 + 7 = 13$.", -1), step("So $42$.")] }, "wrong_step"],
    [{ steps: [{ completions: null, human_completion: null, chosen_completion: null }] }, "no_chosen_step"],
    [{ steps: [{ ...step("One."), chosen_completion: 7 }] }, "no_chosen_step"],
    [{ solution: "It is so. ".repeat(3_000) }, "too_long"],
    [{ solution: "Yes. ".repeat(300) }, "too_long"],
  ])("is skipped with a reason: %#, %j", (fields, reason) => {
    expect(map(fields)).toMatchObject({ skip: reason, detail: expect.stringMatching(/\.$/) });
  });

  it("is kept with its reference solution whatever became of the labelled one", () => {
    for (const finish of ["found_error", "bad_problem", "give_up"]) expect(map({ finish, solution: SOLUTION })).toHaveProperty("example");
  });

  it("may lack what the first phase lacks", () => {
    const { ground_truth_solution: _, pre_generated_steps: __, ...question } = line({ steps: [step("It is $6 \\cdot 7 = 42$.")] }).question;
    expect(prm800kRecordSchema.safeParse({ ...line({}), question }).success).toBe(true);
    expect(prm800kRecordSchema.safeParse({ question }).success).toBe(false);
  });

  it("gives its answer as the last step's result, and leaves out calculations beside it that lead elsewhere", () => {
    const steps = example({ solution: "We see $3 \\cdot 15 = 45$. But $45 - 1 = 44$ counts two twice, so the answer is $\\boxed{42}$.", answer: "42" }).gold_steps;
    expect(steps.map(({ operations, result }) => [operations?.length ?? 0, result])).toEqual([[1, "45"], [0, "42"]]);
  });

  it.each(["$", "\\[", "$$", "\\begin{align*}", "{", "\\frac", "\\boxed{", "[asy]", ". ", "= ", "\n", "\n\t", "(", "1,", "!", "\\binom{1}{", "# Answer\n", "x=1 $x=1$ "])("stays quick with %j a hundred thousand times", (piece) => {
    const text = piece.repeat(100_000);
    const spent = processorTime();
    map({ problem: text, solution: text.slice(0, 19_000) });
    map({ solution: text.slice(0, 19_000), answer: text.slice(0, 19_000) });
    map({ steps: [step(text), step(text)] });
    map({ steps: [step(text.slice(0, 9_000)), step(text.slice(0, 9_000))] });
    expect(spent()).toBeLessThan(1_000);
  });
});

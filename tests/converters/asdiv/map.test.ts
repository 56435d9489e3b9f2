import { describe, expect, it } from "vitest";
import asdiv from "../../../converters/asdiv/index.ts";
import { readAnswer } from "../../../converters/asdiv/map.ts";
import { exampleOf, record } from "./support.ts";

it("joins body and question, each trimmed, by one blank", () => {
  expect(exampleOf({ Body: "  A jar. ", Question: " How many?\n" }).task).toBe("A jar. How many?");
});

it("makes an example of a problem", () => {
  expect(exampleOf({})).toMatchInlineSnapshot(`
    {
      "answer": "19",
      "dataset": "asdiv",
      "domain": "maths",
      "environment": null,
      "extra": {
        "body": "A jar holds 12 red and 7 green marbles.",
        "formula": "12+7=19",
        "question": "How many marbles does the jar hold?",
        "solution_type": "Addition",
      },
      "gold_steps": [
        {
          "id": "asdiv/own-1#1",
          "operations": [
            {
              "formula": "12 + 7",
              "result": "19",
            },
          ],
          "result": "19",
          "text": "12+7=19",
        },
      ],
      "id": "asdiv/own-1",
      "place": {
        "file": "own.xml",
        "position": 1,
      },
      "rationale": "Addition: 12+7=19",
      "task": "A jar holds 12 red and 7 green marbles. How many marbles does the jar hold?",
      "unit": "marbles",
    }
  `);
});

describe("an answer without its unit", () => {
  it.each([
    ["9 (apples)", "9", "apples"],
    ["6 (cm); 15 (cm)", "6; 15", "cm"],
    ["8 (ft); 128 (sq. ft)", "8; 128", "ft; sq. ft"],
    ["3:30 p.m.", "3:30 p.m.", null],
    ["Cesar's cup", "Cesar's cup", null],
    ["9:7", "9:7", null],
    ["1/6", "1/6", null],
    [" 0.59 (dollars) ", "0.59", "dollars"],
    ["(none)", "(none)", null],
  ])("%s", (text, answer, unit) => {
    expect(readAnswer(text)).toEqual({ answer, unit });
  });
});

describe("gold steps", () => {
  const steps = (formula: string, type = "Addition") => exampleOf({ Formula: formula, "Solution-Type": type }).gold_steps;

  it("are the statements of the formula, with ids from 1", () => {
    expect(steps("26-4=22; 22/2=11").map(({ id, text, result }) => [id, text, result])).toEqual([
      ["asdiv/own-1#1", "26-4=22", "22"],
      ["asdiv/own-1#2", "22/2=11", "11"],
    ]);
  });

  it.each([
    ["Surplus", { formula: "53 % 8", result: "5" }],
    ["Floor-Division", { formula: "53 // 8", result: "6" }],
    ["Ceil-Division", { formula: "ceil(53 / 8)", result: "7" }],
  ])("of a division with remainder follow the solution type %s", (type, operation) => {
    expect(steps("53/8=6 r5", type)[0]?.operations).toEqual([operation]);
  });

  it("of an equation with unknowns hold its text alone, without declarations", () => {
    expect(steps("x:Amy's books; (x+18)-15=9", "Algebra-1")).toEqual([{ id: "asdiv/own-1#1", text: "(x+18)-15=9" }]);
  });
});

it.each([
  ["no_id", { "@ID": " " }],
  ["no_task", { Body: "", Question: " " }],
  ["no_answer", { Answer: "" }],
  ["no_formula", { Formula: " " }],
  ["too_long", { Body: "a".repeat(100_000) }],
])("skips a record as %s", (skip, fields) => {
  expect(asdiv.map(record(fields), { file: "own.xml", position: 1 })).toMatchObject({ skip });
});

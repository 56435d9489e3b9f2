import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { evaluationName, evaluationParts, readEvaluationSet } from "../../../pipelines/decontaminate/evaluation-set.ts";
import { temporaryFolder } from "../../support/lumos.ts";

function fileOf(name: string, content: string | Buffer): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const RECORDS = [{ id: 1, question: "How many kites?" }, { id: 2, question: "How many boats?" }];
const LINES = RECORDS.map((record) => JSON.stringify(record)).join("\n");

describe("an evaluation set", () => {
  it.each([
    ["test.jsonl", LINES],
    ["test.jsonl.gz", gzipSync(LINES)],
    ["test.json", JSON.stringify(RECORDS)],
    ["test.csv", "id,question\n1,How many kites?\n2,How many boats?\n"],
    ["test.tsv", "id\tquestion\n1\tHow many kites?\n2\tHow many boats?\n"],
  ])("is read from %s, its column guessed", async (name, content) => {
    const set = await readEvaluationSet(fileOf(name, content));
    expect(set).toMatchObject({ name, column: "question", unreadable: 0 });
    expect(set.problems.map(({ text }) => text)).toEqual(["How many kites?", "How many boats?"]);
  });

  it.each([
    [{ Body: "Ann has 2 kites.", Question: "How many?" }, "Body+Question", "Ann has 2 kites. How many?"],
    [{ solution: "2", problem: "What is 1 + 1?" }, "problem", "What is 1 + 1?"],
    [{ text: "A text." }, "text", "A text."],
  ])("with the columns of %j has its problem in %s", async (record, column, text) => {
    expect(await readEvaluationSet(fileOf("set.jsonl", JSON.stringify(record)))).toMatchObject({ column, problems: [{ text, position: 1 }] });
  });

  it.each([
    ["set.csv", 'id,question\n1,"How many ""big"" kites,\nor boats?"\n2,How many?\n', ['How many "big" kites,\nor boats?', "How many?"], [2, 4]],
    ["set.json", JSON.stringify({ version: 1, data: [{ question: { problem: "What is 1 + 1?" } }, { question: { problem: "What is 2 + 2?" } }] }), ["What is 1 + 1?", "What is 2 + 2?"], [2, 3]],
  ])("of %s has its problems whole, with their places", async (name, content, texts, positions) => {
    const { problems } = await readEvaluationSet(`${fileOf(name, content)}${name === "set.json" ? ":question.problem" : ""}`);
    expect(problems.map(({ text }) => text)).toEqual(texts);
    expect(problems.map(({ position }) => position)).toEqual(positions);
  });

  test("comes in parts, so that a large one is never whole in memory", async () => {
    const long = JSON.stringify({ question: "many ".repeat(20_000).trim() });
    const file = fileOf("large.jsonl", `${`${long}\n`.repeat(202)}{"odd": 1}\n`);
    const sizes: string[] = [];
    for await (const { name, problems, unreadable } of evaluationParts(file)) sizes.push(`${name} ${problems.length} ${unreadable} ${problems[0]?.position}`);
    expect(sizes).toEqual(["large.jsonl 201 0 1", "large.jsonl 1 1 202"]);
    expect(evaluationName(`${file}:question`)).toBe("large.jsonl:question");
  });

  test("takes a column that is named, also inside another", async () => {
    const file = fileOf("set.jsonl", JSON.stringify({ question: { problem: "What is 1 + 1?" }, note: "a note" }));
    expect(await readEvaluationSet(`${file}:question.problem`)).toMatchObject({ name: "set.jsonl:question.problem", problems: [{ text: "What is 1 + 1?" }] });
    expect(await readEvaluationSet(`${file}:note`)).toMatchObject({ problems: [{ text: "a note" }] });
  });

  test("counts what it can't read", async () => {
    const file = fileOf("set.jsonl", `${LINES}\nnot json\n{"question": 5}\n{"question": " "}\n["question"]`);
    expect(await readEvaluationSet(file)).toMatchObject({ unreadable: 4, problems: [{ position: 1 }, { position: 2 }] });
  });

  it.each([
    ["has no such file", () => "missing.jsonl", /missing\.jsonl does not exist: expected the file of an evaluation set, or FILE:COLUMN\./],
    ["has no column that is known", () => fileOf("odd.jsonl", '{"a": 1, "__proto__": {"question": "x"}}'), /odd\.jsonl holds records with a, __proto__: expected a text in one of Body\+Question, question, problem, task, text; name the column/],
    ["has an unknown format", () => fileOf("set.parquet", "PAR1"), /expected \.jsonl, \.json, \.csv or \.tsv/],
  ])("that %s is an error that says what to do", async (_, file: () => string, message) => {
    await expect(readEvaluationSet(file())).rejects.toThrow(message);
  });
});

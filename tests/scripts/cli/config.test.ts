import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { applyConfig } from "../../../scripts/cli/config.ts";
import { configJsonSchema } from "../../../scripts/cli/config-schema.ts";
import { createProgram } from "../../../scripts/cli/program.ts";
import { LumosError } from "../../../schemas/errors.ts";
import { temporaryFolder } from "../../support/lumos.ts";

const program = await createProgram(() => undefined);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(configJsonSchema(program));

describe("lumos.config.json", () => {
  it.each<[string, unknown]>([
    ["good", {}],
    ["good", { $schema: "./lumos.config.schema.json" }],
    ["good", { db: "x.db", quiet: true, annotate: { concurrency: 8, input: ["a.jsonl", "b.jsonl"], param: { top_k: 20 } } }],
    ["good", { models: { small: { model: "x", price: { input: 1, output: 2 } } }, prompt: { reply: "text" } }],
    ["good", { prompt: "prompts/x.yaml", reply: "text", seed: 7 }],
    ["good", JSON.parse(readFileSync("data/project/lumos.config.json", "utf8"))],
    ["good", { sources: { mine: { format: "csv", domain: "maths", columns: { task: "q", rationale: "why", answer: "a" }, files: ["x.csv"], licence: "MIT" } } }],
    ["good", { sources: { mine: { format: "json", records: "data", domain: "maths", columns: { task: "q", rationale: "why" }, answerMark: "####" } } }],
    ["bad", { sources: { mine: { format: "xlsx", domain: "maths", columns: { task: "q", rationale: "why", answer: "a" } } } }],
    ["bad", { sources: { mine: { format: "csv", domain: "maths", columns: { task: "q", answer: "a" } } } }],
    ["bad", { sources: { Mine: { format: "csv", domain: "maths", columns: { task: "q", rationale: "why", answer: "a" } } } }],
    ["bad", { modles: {} }],
    ["bad", { annotate: { concurency: 8 } }],
    ["bad", { annotate: { concurrency: "8" } }],
    ["bad", { annotate: { concurrency: 0 } }],
    ["bad", { reply: "xml" }],
    ["bad", { quiet: "yes" }],
    ["bad", { temperature: 3 }],
    ["bad", { models: { small: { price: { input: 1 } } } }],
    ["bad", []],
  ])("is %s as %j to the program and to an editor alike", async (verdict, config) => {
    expect(validate(config)).toBe(verdict === "good");
    expect((await problem(JSON.stringify(config))) === null).toBe(verdict === "good");
  });

  it.each([
    ['{\n  "modles": {}\n}', "2:3: unknown key 'modles': did you mean 'models'?"],
    ['{\n\t"annotate": {\n\t\t"concurency": 8\n\t}\n}', "3:3: unknown key 'annotate.concurency': did you mean 'concurrency'?"],
    ['{"models": {"small": {"price": {"inptu": 1, "output": 2}}}}', "1:33: unknown key 'models.small.price.inptu': did you mean 'input'?"],
    ['{\r\n  "annotate": {"concurrency": 0}\r\n}', "2:16: annotate.concurrency can't be used: expected a whole number from 1 on."],
    ['{"input": ["a", 3]}', "1:17: input.1 can't be used: invalid input: expected string, received number."],
    ['{"retry": "llm.truncatd"}', "1:2: retry can't be used: expected quarantined, failed, or a defect code"],
    ['{\n  "db": "a",\n  "db": "b"\n}', "3:3: this key stands twice in one object."],
    ['{\n  "db": "a",\n}', "3:1: can't be read as JSON: unexpected \"}\"."],
    ["", "1:1: can't be read as JSON: "],
    ["[]", "1:1: holds no JSON object: expected option names and their values."],
    ['{"models": {"a": {"keyVariable": "sk-very-secret"}}}', "1:19: models.a.keyVariable can't be used: expected the name of an environment variable, not the key itself."],
    ['{\n  "sources": {\n    "mine": { "format": "csv", "domain": "maths", "colums": {} }\n  }\n}', "3:51: unknown key 'sources.mine.colums': did you mean 'columns'?"],
    ['{"sources": {"mine": {"format": "csv", "domain": "maths", "columns": {"task": "q", "rational": "w", "answer": "a"}}}}', "1:84: unknown key 'sources.mine.columns.rational': did you mean 'rationale'?"],
    ['{"sources": {"mine": {"format": "csv", "domain": "web_agent", "columns": {"task": "q", "rationale": "w", "answer": "a"}}}}', "1:40: sources.mine.domain can't be used: expected one of maths, complex_qa, multimodal; a source of another domain needs a converter"],
    ['{"sources": {"mine": {"format": "csv", "domain": "maths", "columns": {"task": "q", "rationale": "w"}}}}', `1:59: sources.mine.columns can't be used: expected "answer" among the columns`],
    ['{"sources": {"Mine": {"format": "csv"}}}', "1:"],
    ['{"__proto__": {"db": "x"}}', "1:2: unknown key '__proto__'."],
  ])("that says %j is refused with line and column", async (text, message) => {
    expect(await problem(text)).toContain(`lumos.config.json:${message}`);
  });

  it("is found upwards, and gives a command its options: its own section first, then what is for all", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "lumos.config.json"), JSON.stringify({ db: "all.db", concurrency: 4, annotate: { concurrency: 8, param: { top_k: 20, stop: ["x"] } }, build: { out: "elsewhere" } }));
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    const options = async (name: string) => {
      const command = await commandOf(name);
      applyConfig(command, { from: join(folder, "a", "b") });
      return command.opts<Record<string, unknown>>();
    };
    expect(await options("annotate")).toMatchObject({ db: "all.db", concurrency: 8, param: { top_k: 20, stop: ["x"] } });
    expect(await options("build")).toMatchObject({ db: "all.db", concurrency: 4, out: "elsewhere" });
    expect((await options("build"))["param"]).toBeUndefined();
  });
});

/** A command that has none of its options set yet. */
async function commandOf(name: string) {
  const command = (await createProgram(() => undefined)).commands.find((each) => each.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

/** What is said of a configuration file with this text; null where it is good. */
async function problem(text: string): Promise<string | null> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "lumos.config.json"), text);
  try {
    applyConfig(await commandOf("annotate"), { from: folder });
    return null;
  } catch (error) {
    if (!(error instanceof LumosError) || error.code !== "usage") throw error;
    return error.message.replace(folder + sep, "");
  }
}

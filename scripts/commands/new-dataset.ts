import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { isMap, isNode, parseDocument, type YAMLMap } from "yaml";
import { DATASET_NAME, type SourceEntry } from "../../converters/shared/configured/entry.ts";
import { readConfigFile } from "../../pipelines/config-file.ts";
import { datasetNames } from "../../pipelines/converters.ts";
import { PACKAGE_FOLDER } from "../../pipelines/package.ts";
import { findProject, type Project } from "../../pipelines/project.ts";
import { shown } from "../../pipelines/project-converters.ts";
import { AtomicFiles, writeFileAtomic } from "../../pipelines/shared/atomic-file.ts";
import { type GuessedEntry, guessEntry } from "../../pipelines/sources/guess.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { option } from "../cli/options.ts";
import { createTerminal, fit, type Terminal, wrap } from "../cli/terminal.ts";
import { programCall } from "./init.ts";

interface NewDatasetOptions {
  from?: string;
  typescript?: boolean;
  json?: boolean;
}

export function newDatasetCommand(finish: Finish): Command {
  return new Command("new-dataset")
    .description("begin a source of your own: by an entry in the configuration (--from FILE), or by a folder of code")
    .argument("<name>", "of the source: small letters, digits and _")
    .addOption(option("--from <file>", "look at this CSV, TSV, JSON or JSON-lines file, and write an entry that reads it into lumos.config.json"))
    .addOption(option("--typescript", "a folder in TypeScript (default: JavaScript, or what the checkout is in)"))
    .addOption(option("--json", "as one JSON object"))
    .addOption(option("--debug", "the stack of an error, too"))
    .action(async (name: string, options: NewDatasetOptions) => {
      const terminal = createTerminal(options);
      if (!DATASET_NAME.test(name)) throw new LumosError("usage", `'${name}' can't be the name of a source: expected small letters, digits and _, a letter first.`);
      if (datasetNames().includes(name)) throw new LumosError("usage", `There is a source ${name} already (see 'lumos datasets ${name}'): give this one another name.`);
      const project = findProject();
      const isCheckout = isOwnCheckout(project?.folder ?? process.cwd());
      if (project === null && !isCheckout) throw new LumosError("usage", "There is no lumos.config.json here or above: 'lumos init' makes a project.");
      if (options.from !== undefined) {
        if (project === null) throw new LumosError("usage", "--from writes into lumos.config.json, and there is none here: 'lumos init' makes a project.");
        await byConfiguration(terminal, project, name, options.from);
      } else byFolder(terminal, isCheckout ? PACKAGE_FOLDER : (project?.folder ?? "."), name, isCheckout, options.typescript === true);
      finish(EXIT.done);
    });
}

/** Whether a folder is in the checkout of this very program, where sources are TypeScript and have tests. */
function isOwnCheckout(folder: string): boolean {
  if (!existsSync(join(PACKAGE_FOLDER, "tsconfig.build.json"))) return false;
  const below = relative(realpathSync(PACKAGE_FOLDER), realpathSync(folder));
  return below === "" || !below.startsWith("..");
}

async function byConfiguration(terminal: Terminal, project: Project, name: string, from: string): Promise<void> {
  const guessed = await guessEntry(from, relative(project.folder, resolve(from)).replaceAll("\\", "/"));
  writeFileAtomic(project.configFile, withEntry(project.configFile, name, guessed.entry));
  const next = [`lumos datasets --test ${name}`, `lumos annotate ${name}`, `lumos show --dataset ${name} --sample 5`].map((command) => command.replace(/^lumos/, programCall()));
  if (terminal.json) return terminal.print(JSON.stringify({ dataset: name, written: [shown(project.configFile)], ...guessed, commands: next }));
  printGuess(terminal, project, name, from, guessed);
  terminal.print();
  terminal.print(terminal.colours.bold("Next:"));
  for (const command of next) terminal.print(`  ${command}`);
}

function printGuess(terminal: Terminal, project: Project, name: string, from: string, { entry, fields, unsure }: GuessedEntry): void {
  terminal.print(`${from} has the fields`);
  const widest = Math.min(30, Math.max(...fields.map((field) => field.name.length)));
  for (const field of fields) terminal.print(`  ${fit(field.name, widest).padEnd(widest)}  ${fit(field.example, terminal.columns - widest - 4)}`);
  terminal.print();
  terminal.print(`Written into ${shown(project.configFile)}, under "sources":`);
  terminal.print(indented(entryText(name, entry), "  "));
  terminal.print();
  const mend = "Put right what was guessed wrong; \"licence\" and \"title\" can be added.";
  terminal.print(wrap(unsure.length === 0 ? mend : `No name tells ${new Intl.ListFormat("en").format(unsure)}: look at ${unsure.length === 1 ? "it" : "them"}. ${mend}`, terminal.columns));
}

/** The text of a configuration with an entry more, behind the others; all else stays as it is written. */
function withEntry(file: string, name: string, entry: SourceEntry): string {
  readConfigFile(file);
  const text = readFileSync(file, "utf8");
  const root: unknown = parseDocument(text).contents;
  if (!isMap(root)) throw new LumosError("usage", `${shown(file)} holds no JSON object.`);
  const sources: unknown = root.get("sources", true);
  if (isMap(sources)) return withMember(text, sources, indented(entryText(name, entry), "    "), "  ");
  return withMember(text, root, `  "sources": {\n${indented(entryText(name, entry), "    ")}\n  }`, "");
}

/** `closing`: what stands before the closing bracket of an object that was empty. */
function withMember(text: string, map: YAMLMap, member: string, closing: string): string {
  const last: unknown = map.items.at(-1)?.value;
  const end = isNode(last) ? last.range?.[1] : undefined;
  if (end !== undefined) return `${text.slice(0, end)},\n${member}${text.slice(end)}`;
  const open = (map.range?.[0] ?? 0) + 1;
  return `${text.slice(0, open)}\n${member}\n${closing}${text.slice(open).trimStart()}`;
}

/** A line a key, what is inside them in one line where it is short. */
function entryText(name: string, entry: SourceEntry): string {
  const lines = Object.entries(entry).map(([key, value]) => {
    const short = `  ${JSON.stringify(key)}: ${JSON.stringify(value, null, 1).replace(/\n\s*/g, " ")}`;
    return short.length <= SHORT ? short : `  ${JSON.stringify(key)}: ${indented(JSON.stringify(value, null, 2), "  ").trimStart()}`;
  });
  return `${JSON.stringify(name)}: {\n${lines.join(",\n")}\n}`;
}

/** So that it stays within 80 columns, indented as it stands in the file. */
const SHORT = 72;

function indented(text: string, by: string): string {
  return text.split("\n").map((line) => by + line).join("\n");
}

function byFolder(terminal: Terminal, root: string, name: string, isCheckout: boolean, typescript: boolean): void {
  const files = folderFiles(name, isCheckout, typescript);
  const there = [...files.keys()].find((file) => existsSync(join(root, file)));
  if (there !== undefined) throw new LumosError("usage", `${shown(join(root, there))} is there already, and nothing is overwritten: give another name, or move it away.`);
  const atomic = new AtomicFiles();
  try {
    for (const [file, text] of files) atomic.open(join(root, file)).write(text);
  } catch (error) {
    atomic.abort();
    throw error;
  }
  atomic.commit();
  const call = isCheckout ? "npm run -s lumos --" : programCall();
  const next = [`${call} datasets --test ${name}`, `${call} annotate ${name} --input ${shown(join(root, "converters", name, "sample.jsonl"))}`];
  if (isCheckout) next.push(`npx vitest run tests/converters/conformance.test.ts tests/converters/${name}`);
  if (terminal.json) return terminal.print(JSON.stringify({ dataset: name, written: [...files.keys()], commands: next }));
  for (const file of files.keys()) terminal.print(`  written  ${shown(join(root, file))}`);
  terminal.print();
  terminal.print(terminal.colours.bold("It works as it is:"));
  for (const command of next) terminal.print(`  ${command}`);
  terminal.print();
  terminal.print(wrap("Then put your records into the sample, their shape and what they mean into the index file, and plans into prompt.yaml.", terminal.columns));
}

/** The folder that `lumos init` makes, under another name; in a checkout in its own words, with a test. */
function folderFiles(name: string, isCheckout: boolean, typescript: boolean): Map<string, string> {
  const template = join(PACKAGE_FOLDER, "data", "project", "converters", "my_source");
  const read = (file: string): string => readFileSync(join(template, file), "utf8").replaceAll("my_source", name);
  const folder = `converters/${name}`;
  const code = read("index.mjs");
  const files = new Map([
    [`${folder}/${isCheckout || typescript ? "index.ts" : "index.mjs"}`, isCheckout ? inCheckout(code) : code.replace("index.ts works", typescript ? "index.mjs works" : "index.ts works")],
    [`${folder}/prompt.yaml`, read("prompt.yaml")],
    [`${folder}/sample.jsonl`, read("sample.jsonl")],
  ]);
  if (isCheckout) files.set(`tests/${folder}/${name}.test.ts`, TEST.replaceAll("NAME", name));
  return files;
}

function inCheckout(code: string): string {
  return code
    .replace(/^\/\/ index\.ts works.*\n/m, `// 'npm run -s lumos -- datasets --test' says whether it does what a source has to do.\n`)
    .replace(/import \{[^}]*\} from "lumos-annotations";\n/, 'import { z } from "zod";\nimport { defineConverter } from "../../schemas/converter.ts";\nimport { readJsonl } from "../shared/jsonl.ts";\n')
    .replace("// Also there: readCsv (CSV and TSV), readJsonArray, readJson (an object of records, or a list inside one) and readXml.", "// Others are in converters/shared: readCsv, readJsonArray, readJson, readXml.")
    .replace("  downloads: [],", '  downloads: [{ file: "train.jsonl", url: "https://example.org/train.jsonl", about: "say what it holds" }],');
}

const TEST = `import { expect, it } from "vitest";
import converter from "../../../converters/NAME/index.ts";

it("maps a problem with its steps", () => {
  const record = { id: "pens", question: "Two boxes hold 3 pens each. How many pens are there?", steps: [{ text: "Find how many pens there are.", sum: "2 * 3", makes: "6" }], answer: "6" };
  expect(converter.map(record, { file: "x", position: 1 })).toMatchObject({ example: { id: "NAME/pens", answer: "6", gold_steps: [{ result: "6" }] } });
});

it("skips a problem without steps", () => {
  expect(converter.map({ id: "pens", question: "How many?", steps: [], answer: "6" }, { file: "x", position: 1 })).toMatchObject({ skip: "no_steps" });
});
`;

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command, Option } from "commander";
import { InvalidArgumentError } from "commander";
import { type ModelEntries, readModels } from "../../pipelines/llm/models.ts";
import { nearest } from "../../pipelines/shared/nearest.ts";
import { LumosError } from "../../schemas/errors.ts";

/** The project's configuration file, found upwards from the working directory. */
export const CONFIG_FILE = "lumos.config.json";

/**
 * Fills the options of a command that neither a flag nor the environment has set. The file holds long option names in
 * camel case, for all commands or under a command's name: `{ "db": "x.db", "annotate": { "concurrency": 8 } }`; `models` holds named models.
 * Throws `usage` with the file and the key for what no command knows or takes.
 */
export function applyConfig(command: Command, from = process.cwd()): void {
  const found = readConfig(from);
  if (!found) return;
  const { file, config } = found;
  const program = rootOf(command);
  const commands = new Map(program.commands.map((each) => [each.name(), each]));
  const everyOption = new Set(program.commands.flatMap(optionNames));
  for (const [key, value] of Object.entries(config)) {
    const section = commands.get(key);
    if (key === "$schema" || key === "models") continue;
    if (section && isRecord(value)) {
      const own = new Set(optionNames(section));
      for (const name of Object.keys(value)) if (!own.has(name)) throw unknownKey(file, `${key}.${name}`, own);
    } else if (!everyOption.has(key)) {
      throw unknownKey(file, key, new Set([...everyOption, ...commands.keys()]));
    }
  }
  const section = config[sectionOf(command)];
  const settings = { ...config, ...(isRecord(section) ? section : {}) };
  for (const known of command.options) {
    const name = known.attributeName();
    const source = command.getOptionValueSource(name);
    if (!Object.hasOwn(settings, name) || (source !== undefined && source !== "default")) continue;
    command.setOptionValueWithSource(name, readValue(known, settings[name], file), "config");
  }
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** `lumos batch submit` takes its options from `batch`. */
function sectionOf(command: Command): string {
  return command.parent === null || command.parent.parent === null ? command.name() : sectionOf(command.parent);
}

function optionNames(command: Command): string[] {
  return [...command.options.map((known) => known.attributeName()), ...command.commands.flatMap(optionNames)];
}

/** The configuration file that holds here, read; null where there is none. */
export function readConfig(from = process.cwd()): { file: string; config: Record<string, unknown> } | null {
  const file = findUpwards(from);
  return file === null ? null : { file, config: parseConfig(file) };
}

/** The named models of the configuration file. */
export function configuredModels(from = process.cwd()): ModelEntries {
  const found = readConfig(from);
  return found?.config["models"] === undefined ? {} : readModels(found.config["models"], found.file);
}

function findUpwards(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, CONFIG_FILE);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

function parseConfig(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new LumosError("usage", `${file} can't be read as JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  if (!isRecord(value)) throw new LumosError("usage", `${file} holds no JSON object: expected option names and their values.`);
  return value;
}

function readValue(known: Option, value: unknown, file: string): unknown {
  if (known.isBoolean() || typeof value === "boolean") {
    if (typeof value === "boolean" && known.isBoolean()) return value;
    throw new LumosError("usage", `${file}: ${known.attributeName()} is ${JSON.stringify(value)}: expected ${known.isBoolean() ? "true or false" : "a value"}.`);
  }
  let result: unknown;
  for (const each of Array.isArray(value) ? value : [value]) {
    try {
      result = known.parseArg ? known.parseArg(String(each), result) : String(each);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new LumosError("usage", `${file}: ${known.attributeName()} is ${JSON.stringify(value)}. ${error.message}`, { cause: error });
    }
  }
  return result;
}

function unknownKey(file: string, key: string, names: ReadonlySet<string>): LumosError {
  const last = key.split(".").at(-1) ?? key;
  const near = nearest(last, names);
  return new LumosError("usage", `${file}: unknown key '${key}'${near ? `: did you mean '${near}'?` : "."}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

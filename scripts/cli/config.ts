import type { Command, Option } from "commander";
import { type ModelEntries, readModels } from "../../pipelines/llm/models.ts";
import { findProject } from "../../pipelines/project.ts";
import { problemOf } from "../../pipelines/shared/problem.ts";
import type { SourceOption } from "../../schemas/converter.ts";
import { type ConfigFile, readConfigFile } from "../../pipelines/config-file.ts";
import { configSchema, optionSchema } from "./config-schema.ts";

export { CONFIG_FILE } from "../../pipelines/project.ts";

/**
 * Fills the options of a command that neither a flag nor the environment has set. The file holds long option names in
 * camel case, for all commands or under a command's name: `{ "db": "x.db", "annotate": { "concurrency": 8 } }`; `models` holds named models, `sources` sources of one's own.
 * `program` has the commands that the file may name, `sourceOptions` are those of sources that the command at hand may not have. Throws `usage` with file, line and column for what no command knows or takes, whatever command is run.
 */
export function applyConfig(command: Command, { from = process.cwd(), program = rootOf(command), sourceOptions = [] }: { from?: string; program?: Command; sourceOptions?: readonly SourceOption[] } = {}): void {
  const found = readConfig(from);
  if (!found) return;
  const schema = configSchema(program, sourceOptions);
  const read = schema.safeParse(found.config);
  if (!read.success) {
    const { path, text } = problemOf(read.error, schema);
    throw found.mistake(path, text);
  }
  const name = sectionOf(command);
  const commands = new Set(program.commands.map((each) => each.name()));
  const section = found.config[name];
  for (const known of command.options) {
    const key = known.attributeName();
    const source = command.getOptionValueSource(key);
    if (source !== undefined && source !== "default") continue;
    const place = isRecord(section) && Object.hasOwn(section, key) ? { path: [name, key], value: section[key] } : { path: [key], value: found.config[key] };
    // A key that is an option and a command (`prompt`) may hold what is for the command.
    if (place.value === undefined || (isRecord(place.value) && place.path.length === 1 && commands.has(key))) continue;
    const option = optionSchema(known);
    const { error } = option.safeParse(place.value);
    if (error !== undefined) throw found.mistake(place.path, problemOf(error, option, place.path).text);
    command.setOptionValueWithSource(key, readValue(known, place.value), "config");
  }
}

/** The configuration file that holds here, read; null where there is none. */
export function readConfig(from = process.cwd()): ConfigFile | null {
  const project = findProject(from);
  return project === null ? null : readConfigFile(project.configFile);
}

/** The named models of the configuration file. */
export function configuredModels(from = process.cwd()): ModelEntries {
  const found = readConfig(from);
  return found?.config["models"] === undefined ? {} : readModels(found.config["models"], found.file);
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** `lumos batch submit` takes its options from `batch`. */
function sectionOf(command: Command): string {
  return command.parent === null || command.parent.parent === null ? command.name() : sectionOf(command.parent);
}

/** A value that fits the schema as the option reads it from the command line. */
function readValue(known: Option, value: unknown): unknown {
  if (known.isBoolean()) return value;
  let result: unknown;
  const values = Array.isArray(value) ? value : isRecord(value) ? Object.entries(value).map(([key, each]) => `${key}=${JSON.stringify(each)}`) : [value];
  for (const each of values) result = known.parseArg ? known.parseArg(String(each), result) : String(each);
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { accessSync, closeSync, constants, existsSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { CONFIG_FILE, configuredModels, readConfig } from "../cli/config.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, option, wholeNumber } from "../cli/options.ts";
import { table } from "../cli/table.ts";
import { createTerminal, type Terminal, wrap } from "../cli/terminal.ts";
import { describeFacts, type DialectFacts, readFacts } from "../../pipelines/llm/dialect-facts.ts";
import type { Diagnosis } from "../../pipelines/llm/doctor.ts";
import { keyOf, modelConfig, type ModelEntries } from "../../pipelines/llm/models.ts";
import { acquireWriteLock } from "../../pipelines/store/lock.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../pipelines/store/migrations.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { LumosError } from "../../schemas/errors.ts";

interface DoctorOptions extends CommonOptions {
  baseUrl?: string;
  model?: string;
  timeout: number;
}

/** What is there beside the endpoint. */
interface Place {
  file: string | null;
  ok: boolean;
  detail: string;
}

interface Report extends Diagnosis {
  store: Place & { version: number | null; dialect: DialectFacts | null };
  configuration: Place & { models: string[] };
}

export function doctorCommand(finish: Finish): Command {
  const command = new Command("doctor")
    .description("what the endpoint, the store and the configuration can do")
    .addOption(option("--base-url <url>", "an OpenAI-compatible endpoint (else OPENAI_BASE_URL; the key from OPENAI_API_KEY, not needed for local servers)"))
    .addOption(option("--model <name>", "the model to try: a model id, or an entry of the configuration; default: the only one that the endpoint lists"))
    .addOption(option("--timeout <seconds>", "for one request").argParser(wholeNumber(1)).default(120));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (options: DoctorOptions) => {
    const terminal = createTerminal(options);
    const { diagnose, MOST_REQUESTS, REPLY_CAP } = await import("../../pipelines/llm/doctor.ts");
    const { models, ...configuration } = configurationHere();
    const config = modelConfig(options.model ?? "", {
      config: models,
      flags: options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl },
      env: process.env,
    });
    const key = keyOf({ ...config, name: options.model ?? "?" }, process.env);
    terminal.say(`Sends at most ${MOST_REQUESTS} short requests to ${config.baseUrl}, each with a reply of at most ${REPLY_CAP} tokens.`);
    const diagnosis = await diagnose({
      baseUrl: config.baseUrl,
      key,
      model: options.model === undefined ? null : config.model,
      parameters: config.parameters,
      timeoutSeconds: options.timeout,
    });
    const report: Report = { ...diagnosis, store: storeAt(options.db, diagnosis), configuration: { ...configuration, models: Object.keys(models) } };
    if (terminal.json) terminal.print(JSON.stringify(report));
    else printReport(terminal, report);
    finish(diagnosis.usable === false ? EXIT.error : EXIT.done);
  });
}

function printReport(terminal: Terminal, { endpoint, model, usable, findings, store, configuration, requests }: Report): void {
  const { bold } = terminal.colours;
  terminal.print(bold(`${endpoint}${model === null ? "" : `, model ${model}`}`));
  const width = Math.max(...findings.map(({ check }) => check.length)) + 13;
  for (const line of table(["", "", ""], findings.map(({ check, result, detail }) => [check.replaceAll("_", " "), result, detail])).slice(1)) {
    terminal.print(`  ${wrap(line, terminal.columns - 2, " ".repeat(width))}`);
  }
  const verdict = usable === null ? "no model was tried" : usable ? "can be used" : "can't be used";
  terminal.print(`  → ${verdict} (${requests} requests sent)`);
  terminal.print();
  for (const [name, { file, ok, detail }] of Object.entries({ Store: store, Configuration: configuration })) {
    terminal.print(bold(`${name}${file === null ? "" : ` ${file}`}`));
    terminal.print(`  ${ok ? "" : "! "}${wrap(detail, terminal.columns - 2, "  ")}`);
  }
}

/** The configuration from here upwards. Its options have been checked by the time a command runs; its models are checked here. */
function configurationHere(): Place & { models: ModelEntries } {
  const file = readConfig()?.file ?? null;
  const models = configuredModels();
  const names = Object.keys(models);
  if (file === null) return { file, ok: true, detail: `no ${CONFIG_FILE} from here upwards: options come from flags and LUMOS_* variables`, models };
  return { file, ok: true, detail: `valid${names.length === 0 ? "" : `; models: ${names.join(", ")}`}`, models };
}

/** Where a store's SQLite header holds these (https://www.sqlite.org/fileformat.html). */
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

/**
 * What can be said of a store without changing it. What it remembers of the endpoint's dialect is the one thing that is set right, where
 * something else was found out now: a server may have been updated.
 */
function storeAt(file: string, diagnosis: Diagnosis): Report["store"] {
  const none = { file, version: null, dialect: null };
  if (!existsSync(file)) {
    const folder = dirname(resolve(file));
    const writable = canWrite(folder);
    return { ...none, ok: writable, detail: writable ? "not there yet: annotate makes it" : `not there, and ${folder} can't be written to` };
  }
  const header = Buffer.alloc(100);
  const opened = openSync(file, "r");
  const length = readSync(opened, header, 0, 100, 0);
  closeSync(opened);
  if (length < 100 || header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) return { ...none, ok: false, detail: "is no lumos store: give another --db" };
  const version = header.readUInt32BE(USER_VERSION_AT);
  const known = MIGRATIONS.length;
  if (version > known) return { ...none, version, ok: false, detail: `version ${version}, and this program knows versions up to ${known}: use the newer lumos` };
  const holder = holderOf(file);
  const said = [
    version < known ? `version ${version}, to be backed up and migrated to ${known} by the next command that opens it` : `version ${version}`,
    canWrite(file) ? "writable" : "not writable",
    holder ?? "no process is writing it",
  ];
  const readable = version === known;
  const remembered = readable ? rememberedDialect(file, diagnosis) : null;
  if (remembered !== null) said.push(dialectLine(remembered, diagnosis, holder === null && canWrite(file) && setRight(file, remembered, diagnosis)));
  return { file, version, dialect: remembered, ok: canWrite(file), detail: said.join("; ") };
}

function rememberedDialect(file: string, { endpoint, model }: Diagnosis): DialectFacts | null {
  if (model === null) return null;
  const store = openStore(file, { mode: "read" });
  try {
    return readFacts(store.dialectOf(endpoint, model));
  } finally {
    store.close();
  }
}

/** Whether the store now remembers what was found out; false where it was right before. */
function setRight(file: string, remembered: DialectFacts, { endpoint, model, dialect }: Diagnosis): boolean {
  if (dialect === null || model === null || describeFacts(dialect) === describeFacts(remembered)) return false;
  const store = openStore(file, { mode: "write", command: "lumos doctor" });
  try {
    store.saveDialect(endpoint, model, dialect, new Date().toISOString());
    return true;
  } finally {
    store.close();
  }
}

function dialectLine(remembered: DialectFacts, { dialect }: Diagnosis, isSetRight: boolean): string {
  const of = (facts: DialectFacts): string => describeFacts(facts) || "asks as OpenAI does";
  return `remembers of this model: ${of(remembered)}${isSetRight && dialect !== null ? `; set right to: ${of(dialect)}` : ""}`;
}

/** Who is writing the store, or null. */
function holderOf(file: string): string | null {
  if (!existsSync(`${file}.lock`)) return null;
  try {
    acquireWriteLock(resolve(file), { pid: process.pid, command: "lumos doctor", since: new Date().toISOString() }).release();
    return null;
  } catch (error) {
    if (error instanceof LumosError && error.code === "store.locked") return error.message.replace(/^.*is being written by /, "being written by ").replace(/: wait.*$/, "");
    throw error;
  }
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

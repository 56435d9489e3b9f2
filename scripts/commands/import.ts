import { Command } from "commander";
import { datasetNames, loadConverter } from "../../pipelines/converters.ts";
import { useDatabases } from "../../pipelines/execution/sql/databases.ts";
import { type ImportResult, importPlans } from "../../pipelines/import/import.ts";
import { guessFormat, IMPORT_FORMATS, type ImportFormat } from "../../pipelines/import/read-set.ts";
import type { JoinedSource } from "../../pipelines/import/source-index.ts";
import { importVariant } from "../../pipelines/import/variant.ts";
import { programVersion } from "../../pipelines/package.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { LEVELS } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, oneOf, option, repeated, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { commandLines, dbWords, programWords } from "../cli/said-commands.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface ImportOptions extends CommonOptions {
  format?: ImportFormat;
  source?: string[];
  name?: string;
  limit?: number;
  wrong?: string;
  databases?: string;
  run?: string;
}

export function importCommand(finish: Finish): Command {
  const command = new Command("import")
    .description("bring in plans that were made elsewhere, join them to their sources and verify them")
    .argument("<file...>", "files of one set, JSON lines, also .gz or .zst; provenance files beside our own exports are found")
    .addOption(option("--format <name>", "converted (task and subgoal_plan) or lumos (published chat files: plan and ground, iterative and onetime, as many of them as there are); default: as the first records look").argParser(oneOf(IMPORT_FORMATS)))
    .addOption(option("--source <dataset[=file]>", "join plans to their source examples by task; without a file to those that the store holds (repeatable)").argParser(repeated))
    .addOption(option("--name <name>", "who or what made the set: its model in reports; sets of different names stand beside each other"))
    .addOption(option("--limit <n>", "the first n records of each file").argParser(wholeNumber(1)))
    .addOption(option("--wrong <file>", "list the plans that are wrong, a JSON line each: id, place, level, defects, claimed, computed and gold"))
    .addOption(option("--databases <dir>", "the SQLite databases that SQL examples are about: DIR/<name>/<name>.sqlite"))
    .addOption(option("--run <name>", "a name for this run (default: import and a number)"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (files: string[], options: ImportOptions) => {
    const terminal = createTerminal(options);
    if (options.databases !== undefined) useDatabases(options.databases);
    const plans = plansAmong(files, terminal);
    const format = options.format ?? (await guessFormat(plans));
    const sources = await sourcesOf(options.source ?? []);
    const store = openStore(options.db, { mode: "create", command: "import" });
    const interrupt = onInterrupt(() => terminal.warn("Stopping: what was verified is stored …"));
    try {
      const result = await runImport(store, { files: plans, format, sources }, options, terminal, interrupt.signal);
      if (terminal.json) terminal.print(JSON.stringify(result.summary));
      else printSummary(terminal, result, options);
      finish(conclude(terminal, result, options));
    } finally {
      interrupt.dispose();
      store.close();
    }
  });
}

/** `*.jsonl` of an export's folder names its provenance files, too: they are read beside the others. */
function plansAmong(files: readonly string[], terminal: Terminal): string[] {
  const plans = [...new Set(files)].filter((file) => !/\.provenance\.jsonl(?:\.gz)?$/.test(file));
  if (plans.length === 0) throw new LumosError("usage", "lumos import was given provenance files alone: name the files beside them.");
  if (plans.length < files.length) terminal.say("Provenance files are read beside the files they belong to.");
  return plans;
}

/** `DATASET=FILE`, or `DATASET`: what the store holds of it. */
async function sourcesOf(given: readonly string[]): Promise<JoinedSource[]> {
  const files = new Map<string, string[]>();
  for (const each of given) {
    const at = each.indexOf("=");
    const dataset = at === -1 ? each : each.slice(0, at);
    const file = at === -1 ? null : each.slice(at + 1);
    if (file === "") throw new LumosError("usage", `--source ${each} names no file: expected DATASET=FILE, or DATASET for what the store holds.`);
    files.set(dataset, [...(files.get(dataset) ?? []), ...(file === null ? [] : [file])]);
  }
  return Promise.all([...files].map(async ([dataset, own]) => ({ converter: await loadConverter(dataset), files: own })));
}

async function runImport(
  store: Store,
  { files, format, sources }: { files: readonly string[]; format: ImportFormat; sources: readonly JoinedSource[] },
  options: ImportOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ImportResult> {
  const names = datasetNames();
  const name = options.name?.trim() || null;
  const run = options.run ?? nextRunName(store);
  const [source, ...others] = sources;
  store.startRun({
    id: run,
    command: "import",
    dataset: others.length === 0 && source !== undefined ? source.converter.dataset : null,
    annotator: "imported",
    model: name,
    variant: importVariant(format, name).hash,
    config: { files, format, source: options.source ?? [], limit: options.limit ?? null },
    programVersion: programVersion(),
    startedAt: new Date().toISOString(),
  });
  const progress = createProgress(terminal, "import");
  const end = (status: "done" | "interrupted" | "failed", summary: unknown): void => store.endRun(run, { status, endedAt: new Date().toISOString(), summary });
  try {
    const job = {
      files, format, name, sources, run,
      known: await Promise.all(store.storedDatasets().filter((dataset) => names.includes(dataset)).map((dataset) => loadConverter(dataset))),
      datasets: new Set(names),
      limit: options.limit ?? Number.POSITIVE_INFINITY,
      wrong: options.wrong ?? null,
    };
    const result = await importPlans(store, job, {
      now: () => new Date(),
      signal,
      onProgress: (records, plans) => progress.update(records, null, () => (plans === null ? [] : [`${count(plans)} plans`])),
    });
    end(result.interrupted ? "interrupted" : "done", result.summary);
    return result;
  } catch (error) {
    end("failed", { error: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    progress.stop();
  }
}

function nextRunName(store: Store): string {
  for (let n = 1; ; n++) if (store.runOf(`import-${n}`) === null) return `import-${n}`;
}

function conclude(terminal: Terminal, { summary, interrupted, firstSkipped }: ImportResult, options: ImportOptions): number {
  for (const { reason, place, detail } of firstSkipped) terminal.say(wrap(`Skipped (${reason}), the first: ${place.file}, line ${place.position}: ${detail}`, terminal.columns, "  "));
  const { no_line: lost } = summary.provenance;
  if (lost > 0) terminal.warn(wrap(`${count(lost)} ${lost === 1 ? "row has no line of its" : "rows have no line of their"} own in the provenance file beside (it is cut, or of another export): read without it.`, terminal.columns, "  "));
  if (!interrupted) return EXIT.done;
  terminal.warn(`Interrupted: ${count(summary.imported)} plans are stored in ${options.db}. The same command goes on from here.`);
  return EXIT.interrupted;
}

function printSummary(terminal: Terminal, { summary }: ImportResult, options: ImportOptions): void {
  const { bold } = terminal.colours;
  const listed = (counts: Record<string, number>, most = 99): string => Object.entries(counts).slice(0, most).map(([what, n]) => `${count(n)} ${what}`).join(", ");
  const line = (label: string, n: number | null, more = ""): void => {
    const value = [n === null ? "" : count(n), more].filter((part) => part !== "").join(" ");
    terminal.print(wrap(`  ${label.padEnd(13)} ${value}`, terminal.columns, " ".repeat(16)));
  };
  const { name, run, format, records, imported, merged, skipped, unjoined } = summary;
  terminal.print(bold(`${name ?? "imported"}: ${count(records)} records, run ${run} (${format})`));
  line("imported", imported, imported === 0 ? "" : `plan${imported === 1 ? "" : "s"}${merged > 0 ? ` of ${count(imported + merged)} rows` : ""}`);
  if (summary.further_plans > 0) line("  further", summary.further_plans, "of examples that the set has an earlier plan of");
  line("skipped", skipped, skipped === 0 ? "" : `(${listed(summary.skipped_reasons)})`);
  const joined = Object.values(summary.joined).reduce((sum, n) => sum + n, 0);
  line("joined", joined, joined === 0 ? "" : `(${listed(summary.joined)})`);
  line("unjoined", unjoined, unjoined === 0 ? "" : `(${listed(summary.unjoined_reasons)})`);
  line("annotated", summary.annotated);
  for (const level of LEVELS.toReversed()) if (level !== "parsed" && summary.levels[level] > 0) line(`  ${level}`, summary.levels[level]);
  line("quarantined", summary.quarantined);
  if (Object.keys(summary.defects).length > 0) line("defects", null, listed(summary.defects, 8));
  if (Object.keys(summary.lacks).length > 0) line("lacking", null, listed(summary.lacks));
  if (summary.computed_results > 0) line("computed", null, `${count(summary.computed_results)} ${summary.computed_results === 1 ? "result" : "results"} that the format does not tell`);
  const { same_level: same, other_level: other } = summary.provenance;
  if (same + other > 0) line("as exported", null, `${count(same)} at the level of their provenance, ${count(other)} at another`);
  if (summary.wrong !== null) line("wrong", summary.wrong, `(${options.wrong ?? ""})`);
  const all = imported > 0 && summary.stored_before === imported;
  line("stored", null, all ? `all of them before: nothing was done (${options.db})` : `${count(imported - summary.stored_before)} now, ${count(summary.stored_before)} before (${options.db}), ${summary.seconds.toFixed(1)} s`);
  const [worst] = Object.keys(summary.defects);
  if (worst === undefined) return;
  terminal.say("Look at them:");
  for (const each of commandLines([...programWords(), "show", ...dbWords(options.db), "--model", name ?? "imported", "--defect", worst], terminal.columns)) terminal.say(each);
}

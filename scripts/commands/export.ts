import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, type Option } from "commander";
import { type LoadedConverter, loadConverters } from "../../pipelines/converters.ts";
import { exportAnnotations, type ExportOptions, type ExportSummary } from "../../pipelines/export/export.ts";
import { FORMATS } from "../../pipelines/export/formats.ts";
import { GRANULARITIES, type Granularity } from "../../pipelines/export/granularity.ts";
import { type Formulation, FORMULATIONS, type Module, MODULES } from "../../pipelines/export/kind.ts";
import type { Manifest } from "../../pipelines/export/manifest.ts";
import { readMix } from "../../pipelines/export/mix.ts";
import { datasetCard } from "../../pipelines/export/recipes/card.ts";
import { type Recipe, recipeFiles, RECIPES } from "../../pipelines/export/recipes/recipes.ts";
import { type Preference, type Range, type ReviewWanted, REVIEWS } from "../../pipelines/export/selection.ts";
import { readSplit } from "../../pipelines/export/split.ts";
import { estimatingTokenizer, tokenizerOf } from "../../pipelines/export/tokens.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { ANNOTATORS } from "../../pipelines/store/runs.ts";
import { LEVELS, type Level } from "../../schemas/defect.ts";
import { DOMAINS, type Domain } from "../../schemas/domain.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { commandLines } from "../cli/said-commands.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface Flags extends CommonOptions {
  out: string;
  dataset?: string[];
  domain?: Domain[];
  run?: string[];
  model?: string[];
  annotator?: string[];
  prefer: Preference;
  review: ReviewWanted;
  format?: string[];
  module?: Module[];
  formulation?: Formulation[];
  granularity: Granularity;
  minLevel: Level | "top";
  subgoals?: Range;
  actions?: Range;
  excludeLicence?: string[];
  allowEvaluationSet?: boolean;
  maxRowTokens?: number;
  tokenizer?: string;
  split?: string;
  mix?: string;
  shuffle?: boolean;
  seed: string;
  recipe?: (Recipe | "all")[];
}

export function exportCommand(finish: Finish): Command {
  const command = new Command("export").description("write training files from the store");
  for (const each of [...exportOptions(), ...commonOptions()]) command.addOption(each);
  return command.action(async (flags: Flags) => {
    const terminal = createTerminal(flags);
    const options = await optionsOf(flags);
    const store = openStore(flags.db, { mode: "read" });
    const progress = createProgress(terminal, "export");
    const interrupt = onInterrupt(() => terminal.warn("Stopping: no file is changed."));
    try {
      const converters = await loadConverters();
      const beside = (manifest: Manifest) => besideOf(manifest, flags.out, flags.recipe ?? [], converters);
      const { summary } = await exportAnnotations(store, { ...options, topLevels: topsOf(converters), beside, signal: interrupt.signal, onProgress: (examples) => progress.update(examples, null) });
      progress.stop();
      if (terminal.json) terminal.print(JSON.stringify(summary));
      else printExport(terminal, summary);
      finish(EXIT.done);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      finish(EXIT.interrupted);
    } finally {
      progress.stop();
      interrupt.dispose();
      store.close();
    }
  });
}

/** The highest level each dataset can reach. */
export async function topLevels(): Promise<ReadonlyMap<string, Level>> {
  return topsOf(await loadConverters());
}

function topsOf(converters: readonly Pick<LoadedConverter, "dataset" | "top_level">[]): ReadonlyMap<string, Level> {
  return new Map(converters.map((converter) => [converter.dataset, converter.top_level]));
}

/** What trainers need, and the card that says what the files are. */
function besideOf(manifest: Manifest, out: string, wanted: readonly (Recipe | "all")[], sources: readonly LoadedConverter[]): { name: string; text: string }[] {
  if (wanted.length === 0) return [];
  const recipes = RECIPES.filter((recipe) => wanted.includes("all") || wanted.includes(recipe));
  const about = sources.map(({ dataset, title, homepage, licence }) => ({ dataset, title, licence: { ...licence, url: licence.url ?? homepage ?? "" } }));
  const files = [...recipeFiles(manifest, recipes), datasetCard(manifest, { command: typedCommand(process.argv), sources: about })];
  const ours = existsSync(join(out, "manifest.json"));
  const foreign = ours ? undefined : files.find(({ name }) => existsSync(join(out, name)));
  if (foreign !== undefined) throw new LumosError("output.unwritable", `${join(out, foreign.name)} is there already and no export wrote it: give another --out, or move it.`);
  return files;
}

/** The export as it was typed, less where it reads and writes. */
function typedCommand(argv: readonly string[]): string | null {
  const at = argv.indexOf("export");
  const words = argv.slice(at + 1).filter((word, i, all) => !LOCAL.test(word) && !/^--(?:out|db)$/.test(all[i - 1] ?? ""));
  return at === -1 ? null : commandLines(["lumos", "export", ...words], Number.POSITIVE_INFINITY, "").join("\n");
}

const LOCAL = /^--(?:(?:out|db)(?:=.*)?|json|quiet|debug)$/s;

export function printExport(terminal: Terminal, summary: ExportSummary): void {
  const measured = summary.files.some(({ tokens }) => tokens !== null);
  const header = ["file", "rows", ...(measured ? ["p50", "p99", "longest"] : [])];
  const rows = summary.files.map(({ path, rows: n, tokens }) => [path, count(n), ...(measured ? [tokens?.p50, tokens?.p99, tokens?.max].map((length) => (length === undefined ? "–" : count(length))) : [])]);
  if (rows.length === 0) terminal.print("No training file written: no example has a row in any.");
  else for (const line of table(header, rows)) terminal.print(line);
  if (measured) terminal.print(`Tokens a row by ${summary.tokenizer ?? ""}.`);
  const excluded = Object.entries(summary.excluded);
  if (excluded.length > 0) terminal.print(wrap(`Left out: ${excluded.map(([reason, n]) => `${count(n)} ${reason}`).join(", ")}.`, terminal.columns, "  "));
  for (const remark of summary.remarks) terminal.say(wrap(remark, terminal.columns, "  "));
}

function exportOptions(): Option[] {
  const formats = [...FORMATS.values()];
  // The name `maxTokens` of the configuration is annotate's, and bounds replies.
  const maxTokens = option("--max-tokens <n>", "leave out longer rows (configuration: maxRowTokens)").argParser(wholeNumber(1)).env("LUMOS_MAX_ROW_TOKENS");
  maxTokens.attributeName = () => "maxRowTokens";
  return [
    option("--out <dir>", "where the files go").default("data/export"),
    option("--format <name>", `repeatable; default lumos: ${formats.map(({ name }) => name).join(", ")}`).argParser(listOf(oneOf(formats.map(({ name }) => name)))),
    option("--module <name>", `${MODULES.join(", ")} (repeatable; default plan and ground)`).argParser(listOf(oneOf(MODULES))),
    option("--formulation <name>", "iterative (Lumos-I), onetime (Lumos-O) (repeatable; default both)").argParser(listOf(oneOf(FORMULATIONS))),
    option("--granularity <which>", "subgoal: as annotated; action: one subgoal an action").argParser(oneOf(GRANULARITIES)).default("subgoal"),
    option("--dataset <name>", "only these (repeatable)").argParser(listOf(String)),
    option("--domain <name>", "only these (repeatable)").argParser(listOf(oneOf(DOMAINS))),
    option("--run <name>", "only of these runs (repeatable)").argParser(listOf(String)),
    option("--annotator <name>", "only by rules, llm, imported or person (repeatable)").argParser(listOf(oneOf(ANNOTATORS))),
    option("--model <name>", "only by these models (repeatable)").argParser(listOf(String)),
    option("--prefer <which>", "of several annotations of an example: best (level, then a person's, then fewest repairs, then latest) or latest").argParser(oneOf(["best", "latest"] as const)).default("best"),
    option("--review <what>", "what people must say of an annotation: any (nothing), not-rejected, accepted (or edited by one)").argParser(oneOf(REVIEWS)).default("not-rejected"),
    option("--min-level <level>", `${LEVELS.join(", ")}, or top: the highest that the dataset can reach`).argParser(oneOf([...LEVELS, "top"] as const)).default("top"),
    option("--subgoals <range>", "only plans of so many subgoals: 2, 2-6, 2- or -6").argParser(readRange),
    option("--actions <range>", "only plans of so many actions").argParser(readRange),
    option("--exclude-licence <name>", "leave out sources under it; CC-BY-NC*: all that begin so (repeatable)").argParser(listOf(String)),
    option("--allow-evaluation-set", "evaluation sets and splits, too: what is trained on them can't be evaluated on them"),
    option("--tokenizer <file>", "measure rows with this tokenizer.json"),
    maxTokens,
    option("--split <shares>", "train=0.9,validation=0.1: all rows of a task on one side"),
    option("--mix <parts>", "gsm8k=0.5,strategyqa=0.5 (weights) or gsm8k:2000 (examples)"),
    option("--shuffle", "rows in an order drawn by the seed"),
    option("--recipe <name>", `${RECIPES.join(", ")}, all: what the trainer needs, and a dataset card (repeatable)`).argParser(listOf(oneOf([...RECIPES, "all"] as const))),
    option("--seed <text>", "of split, mixture and shuffle").default("0"),
  ];
}

async function optionsOf(flags: Flags): Promise<Omit<ExportOptions, "topLevels">> {
  const most = flags.maxRowTokens ?? null;
  const counter = flags.tokenizer !== undefined ? await tokenizerOf(flags.tokenizer) : most === null && flags.recipe === undefined ? null : await estimatingTokenizer();
  return {
    out: flags.out,
    prefer: flags.prefer,
    review: flags.review,
    minLevel: flags.minLevel,
    granularity: flags.granularity,
    seed: flags.seed,
    shuffle: flags.shuffle ?? false,
    ...(flags.format ? { formats: [...FORMATS.values()].filter(({ name }) => flags.format?.includes(name)) } : {}),
    ...(flags.module ? { modules: flags.module } : {}),
    ...(flags.formulation ? { formulations: flags.formulation } : {}),
    ...(flags.dataset ? { datasets: flags.dataset } : {}),
    ...(flags.domain ? { domains: flags.domain } : {}),
    ...(flags.run ? { runs: flags.run } : {}),
    ...(flags.model ? { models: flags.model } : {}),
    ...(flags.annotator ? { annotators: flags.annotator } : {}),
    ...(flags.subgoals ? { subgoals: flags.subgoals } : {}),
    ...(flags.actions ? { actions: flags.actions } : {}),
    ...(flags.allowEvaluationSet === undefined ? {} : { evaluation: flags.allowEvaluationSet }),
    ...(flags.excludeLicence ? { excludeLicences: flags.excludeLicence } : {}),
    ...(flags.split === undefined ? {} : { split: readSplit(flags.split) }),
    ...(flags.mix === undefined ? {} : { mix: readMix(flags.mix) }),
    ...(counter === null ? {} : { tokens: { counter, most } }),
  };
}

/** `3`, `2-6`, `2-`, `-6`. */
function readRange(text: string): Range {
  const match = /^(?:([0-9]{1,6})|([0-9]{0,6})-([0-9]{0,6}))$/.exec(text.trim());
  const [, exactly, least = "", most = ""] = match ?? [];
  const range = exactly === undefined ? { least: Number(least), most: most === "" ? Number.MAX_SAFE_INTEGER : Number(most) } : { least: Number(exactly), most: Number(exactly) };
  if (match === null || (exactly === undefined && least === "" && most === "") || range.most < range.least) throw new InvalidArgumentError("Expected a number or a range: 3, 2-6, 2- or -6.");
  return range;
}

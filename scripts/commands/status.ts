import { Command } from "commander";
import { type Overview, overviewOf, type VariantOverview } from "../../pipelines/audit/overview.ts";
import { unprovenLines, unprovenReasons } from "../../pipelines/audit/unproven.ts";
import { wrongSourceLines, wrongSources } from "../../pipelines/audit/wrong-sources.ts";
import { nearest } from "../../pipelines/shared/nearest.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import type { Run } from "../../pipelines/store/runs.ts";
import { LumosError } from "../../schemas/errors.ts";
import { configRows } from "../cli/effective-config.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, option } from "../cli/options.ts";
import { commandLines, dbWords, programWords, annotateWords } from "../cli/said-commands.ts";
import { refuseUnstored } from "../cli/stored.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, oneLine, type Terminal, width, wrap } from "../cli/terminal.ts";

interface StatusOptions extends CommonOptions {
  dataset?: string;
  run?: string;
  sources?: boolean;
}

export function statusCommand(finish: Finish): Command {
  const command = new Command("status")
    .description("what the store holds: per dataset and model the states, levels, defects, tokens; and what to do next")
    .addOption(option("--dataset <name>", "only this one"))
    .addOption(option("--run <name>", "only this run, with the configuration it had"))
    .addOption(option("--sources", "instead: where maths sources contradict themselves, each by id, and why rules prove no more"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action((options: StatusOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    try {
      refuseUnstored(store, options.dataset === undefined ? undefined : [options.dataset]);
      if (options.sources === true) {
        printSources(terminal, store, options.dataset === undefined ? undefined : [options.dataset]);
        return finish(EXIT.done);
      }
      const run = options.run === undefined ? null : namedRun(store, options.run);
      const overview = overviewOf(store, {
        ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
        ...(options.run === undefined ? {} : { run: options.run }),
      });
      if (terminal.json) {
        terminal.print(JSON.stringify({ ...overview, runs: run === null ? store.runs() : [run] }));
      } else {
        if (run !== null) printRun(terminal, run);
        printOverview(terminal, overview, store, options);
      }
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

function printSources(terminal: Terminal, store: Store, datasets: readonly string[] | undefined): void {
  const wrong = [...wrongSources(store, datasets)];
  const unproven = unprovenReasons(store, datasets);
  if (terminal.json) return terminal.print(JSON.stringify({ wrong_sources: wrong, unproven }));
  for (const line of [...wrongSourceLines(wrong, terminal.columns), "", ...unprovenLines(unproven, terminal.columns)]) terminal.print(line);
}

function namedRun(store: Store, name: string): Run {
  const run = store.runOf(name);
  if (run !== null) return run;
  const near = nearest(name, store.runs().map(({ id }) => id));
  throw new LumosError("not_found", `No run '${name}' in ${store.file}${near === null ? ": 'lumos status' lists them." : `: did you mean '${near}'?`}`);
}

/** A run as it was: the command, when, by which version, and the configuration that held. */
function printRun(terminal: Terminal, run: Run): void {
  terminal.print(terminal.colours.bold(`Run ${oneLine(run.id)}: ${run.status}`));
  const field = (label: string, text: string): void => terminal.print(`  ${label.padEnd(14)}${wrap(oneLine(text), terminal.columns - 16, " ".repeat(16))}`);
  field("command", run.dataset === null || run.command.includes(run.dataset) ? run.command : `${run.command} ${run.dataset}`);
  field("started", moment(run.startedAt));
  if (run.endedAt !== null) field("ended", moment(run.endedAt));
  field("program", `lumos-annotations ${run.programVersion}`);
  if (run.variant !== null) field("variant", run.variant);
  terminal.print();
  terminal.print(terminal.colours.bold("The configuration it had"));
  const rows = configRows(run.config);
  const names = rows.reduce((most, [name]) => Math.max(most, width(oneLine(name))), 0) + 2;
  for (const [name, value] of rows) {
    terminal.print(`  ${oneLine(name).padEnd(names)}${wrap(oneLine(value), terminal.columns - 2 - names, " ".repeat(2 + names))}`);
  }
  terminal.print();
}

/** At 80 columns: states, levels, reasons, the commonest defects and what to do next, each with the command to copy. */
function printOverview(terminal: Terminal, overview: Overview, store: Store, options: StatusOptions): void {
  const { bold } = terminal.colours;
  const { variants } = overview;
  if (variants.length === 0) return terminal.print(`${options.db} holds no examples yet.`);
  const names = variantNames(variants);
  const by = (each: VariantOverview): string => names.get(each) ?? "";
  const room = terminal.columns - 2;
  const rows = (cells: (each: VariantOverview) => number[]): string[][] => variants.map((each) => [each.dataset, by(each), ...cells(each).map(count)]);
  const print = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    terminal.print(bold(title));
    for (const line of lines) terminal.print(`  ${line}`);
    terminal.print();
  };
  print("Examples", table(["dataset", "by", "all", "annotated", "quarantined", "skipped", "failed"],
    rows(({ states: s }) => [s.annotated + s.quarantined + s.skipped + s.failed, s.annotated, s.quarantined, s.skipped, s.failed]), room));
  print("Highest level reached", table(["dataset", "by", "proven", "aligned", "well formed", "parsed"],
    rows(({ levels: l }) => [l.proven, l.aligned, l.well_formed, l.parsed]), room));
  print("Skipped and failed", variants.flatMap((each) =>
    [...Object.entries(each.skipped_reasons), ...Object.entries(each.failed_reasons)].map(([reason, n]) => oneLine(`${each.dataset}, ${by(each)}: ${count(n)} ${reason}`))));
  const asked = variants.filter((each) => each.replies > 0);
  print("Asked of models", asked.length === 0 ? [] : table(["dataset", "model", "replies", "proven", "aligned", "repaired", "tokens", "dollars", "proven/$"],
    asked.map((each) => [each.dataset, by(each), count(each.replies), count(each.levels.proven), count(each.levels.aligned), count(each.repaired),
      count(each.prompt_tokens + each.completion_tokens), each.cost_usd === null ? "unknown" : each.cost_usd.toFixed(4),
      each.proven_per_dollar === null ? "-" : count(Math.round(each.proven_per_dollar))]), room));
  print("Left out of exports", Object.entries(overview.drops).map(([kind, n]) => `${count(n)} ${kind}${kind === "contaminated" ? " (overlap with an evaluation set)" : ""}`));
  if (options.run === undefined) print("Runs, newest first", runLines(store, options, room));
  printCommands("The commonest defects", defectsOf(variants, options), terminal);
  printCommands("What to do next", nextSteps(variants, store, options, by), terminal);
}

/** Model names; where one stands for several variants of a dataset, with the variant's first letters. */
function variantNames(variants: readonly VariantOverview[]): Map<VariantOverview, string> {
  const name = ({ model, annotator }: VariantOverview): string => model ?? annotator;
  return new Map(variants.map((each) => {
    const isOne = variants.filter((other) => other.dataset === each.dataset && name(other) === name(each)).length === 1;
    return [each, isOne ? name(each) : `${name(each)} ${each.variant.slice(0, 7)}`];
  }));
}

/** More runs than these are in `--json`. */
const MOST_RUNS = 8;

function runLines(store: Store, { dataset }: StatusOptions, room: number): string[] {
  const runs = store.runs().filter((run) => dataset === undefined || run.dataset === dataset);
  if (runs.length === 0) return [];
  const rows = runs.slice(0, MOST_RUNS).map((run) => [run.id, moment(run.startedAt), run.model ?? run.annotator, run.status]);
  const more = runs.length - rows.length;
  return [...table(["run", "started", "by", "status"], rows, room), ...(more > 0 ? [`… and ${count(more)} more (--json has all)`] : [])];
}

interface Said {
  what: string;
  /** The words to type; null where there is only something to know. */
  words: string[] | null;
}

function printCommands(title: string, said: readonly Said[], terminal: Terminal): void {
  if (said.length === 0) return;
  terminal.print(terminal.colours.bold(title));
  for (const { what, words } of said) {
    if (what !== "") terminal.print(`  ${wrap(what, terminal.columns - 2, "  ")}`);
    if (words !== null) for (const line of commandLines(words, terminal.columns, "    ")) terminal.print(terminal.colours.cyan(line));
  }
  terminal.print();
}

/** The three commonest of each dataset, over all who annotated it: as many as the command beside each shows. */
function defectsOf(variants: readonly VariantOverview[], options: StatusOptions): Said[] {
  return [...new Set(variants.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const counts = new Map<string, number>();
    for (const each of variants.filter((one) => one.dataset === dataset)) {
      for (const { code, examples } of each.defects) counts.set(code, (counts.get(code) ?? 0) + examples);
    }
    const commonest = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3);
    return commonest.map(([code, n]) => ({ what: `${dataset}: ${count(n)} ${code}`, words: showWords(options, ["--dataset", dataset, "--defect", code]) }));
  });
}

function showWords(options: StatusOptions, filters: readonly string[]): string[] {
  return [...programWords(), "show", ...dbWords(options.db), ...filters, ...(options.run === undefined ? [] : ["--run", options.run])];
}

/** What is left to do, the most pressing first; the last is what the store is for. */
function nextSteps(variants: readonly VariantOverview[], store: Store, options: StatusOptions, by: (each: VariantOverview) => string): Said[] {
  const runs = store.runs();
  const steps: Said[] = [];
  for (const run of runs.filter(({ status, id }) => status !== "done" && (options.run === undefined || options.run === id))) {
    if (runs.some((later) => later.startedAt > run.startedAt && later.dataset === run.dataset && later.variant === run.variant && later.status === "done")) continue;
    const how = { running: "has not ended (it runs, or was killed)", stopped: "was stopped by --max-cost", interrupted: "was interrupted", failed: "ended with an error", done: "" }[run.status];
    steps.push({ what: `Run ${run.id} ${how}: the same command goes on where it was.`, words: annotateWords(run, options.db, null) });
  }
  for (const each of variants) {
    const again = (state: "failed" | "quarantined"): string[] | null => {
      const run = store.runOf(options.run ?? store.runMostly(each.dataset, each.variant, state) ?? "");
      return run === null ? null : annotateWords(run, options.db, state, store.variantOf(each.variant));
    };
    const who = `${each.dataset}, ${by(each)}`;
    const waiting = store.waitingInBatches(each.variant);
    if (waiting > 0) steps.push({ what: `${who}: ${count(waiting)} requests wait in batches.`, words: [...programWords(), "batch", "status", ...dbWords(options.db)] });
    if (each.states.failed > 0) {
      steps.push({ what: `${who}: ${count(each.states.failed)} failed, the model could not be reached. Ask again:`, words: again("failed") });
    }
    if (each.states.quarantined > 0) {
      const only = ["--state", "quarantined", "--dataset", each.dataset, ...(by(each) === (each.model ?? each.annotator) ? ["--model", by(each)] : ["--variant", each.variant])];
      steps.push({ what: `${who}: ${count(each.states.quarantined)} quarantined. Look at them, or ask again for new replies:`, words: showWords(options, only) });
      steps.push({ what: "", words: again("quarantined") });
    }
  }
  const perDataset = new Map<string, number>();
  for (const { dataset } of variants) perDataset.set(dataset, (perDataset.get(dataset) ?? 0) + 1);
  for (const [dataset, n] of perDataset) {
    const differing = n > 1 && options.run === undefined ? store.disagreements({ datasets: [dataset] }, 1, "0").examples : 0;
    if (differing > 0) steps.push({ what: `${dataset}: variants disagree on ${count(differing)} examples.`, words: showWords(options, ["--dataset", dataset, "--disagree"]) });
  }
  if (variants.some(({ states }) => states.annotated > 0)) {
    steps.push({ what: "Write the training files:", words: [...programWords(), "export", ...dbWords(options.db), "--out", "data/export", ...(options.run === undefined ? [] : ["--run", options.run])] });
  }
  return steps;
}

/** `2026-11-22 10:05`, in UTC as it is stored. */
function moment(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

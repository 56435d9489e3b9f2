import { Command } from "commander";
import type { Retried } from "../../pipelines/annotate/retry.ts";
import type { RunResult } from "../../pipelines/annotate/run.ts";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { formatUsd } from "../../pipelines/llm/prices.ts";
import { presentDownloads } from "../../pipelines/sources/downloads.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { addAnnotatingOptions, type AnnotatingOptions } from "../cli/annotate-options.ts";
import { annotateDataset } from "../cli/annotating.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { commonOptions } from "../cli/options.ts";
import { addSourceOptions, openSource } from "../cli/source-options.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

export function annotateCommand(finish: Finish, sources: readonly LoadedConverter[] = []): Command {
  const command = new Command("annotate")
    .description("read source files, annotate, check, execute, store; what is stored already is not done again")
    .argument("<dataset>", "a source: see 'lumos datasets'");
  for (const each of commonOptions()) command.addOption(each);
  return addSourceOptions(addAnnotatingOptions(command), sources).action(async (dataset: string, options: AnnotatingOptions) => {
    const terminal = createTerminal(options);
    const converter = await openSource(dataset, options);
    const files = inputsOf(converter, options.input) ?? presentDownloads(converter);
    const store = openStore(options.db, { mode: "create", command: `annotate ${dataset}` });
    const interrupt = onInterrupt(() => terminal.warn("Stopping: finishing what is under way (again: stop at once) …"));
    try {
      const result = await annotateDataset(store, { converter, files, command: "annotate" }, options, terminal, interrupt.signal);
      if (result === null) return finish(EXIT.done);
      if (terminal.json) terminal.print(JSON.stringify(result.summary));
      else printSummary(terminal, result.summary, converter, options.db);
      finish(conclude(terminal, result, converter, options));
    } finally {
      interrupt.dispose();
      store.close();
    }
  });
}

/** The files given for a dataset: `FILE`, or `DATASET=FILE`; null where none is. */
export function inputsOf(converter: LoadedConverter, inputs: readonly string[] | undefined): string[] | null {
  if (!inputs) return null;
  const prefix = `${converter.dataset}=`;
  const files = inputs.flatMap((input) => (input.startsWith(prefix) ? [input.slice(prefix.length)] : /^[a-z][a-z0-9_]*=/.test(input) ? [] : [input]));
  return files.length > 0 ? files : null;
}

/** The exit code of a run, and the one line on stderr that says why it is not 0. */
export function conclude(terminal: Terminal, result: RunResult, converter: LoadedConverter, options: { failUnder?: number; maxCost?: number; db: string; retry?: string }): number {
  const { summary, stopped, failures, broken } = result;
  const { examples, cost_usd } = summary;
  const failed = summary.failed + (result.retried?.unreached ?? 0);
  if (result.retried !== null) sayRetried(terminal, result.retried, options.retry ?? "", converter.dataset);
  if (broken !== null) {
    const more = broken.records === 1 ? "" : ` (and ${count(broken.records - 1)} more: lumos show --db ${options.db} --state skipped)`;
    terminal.say(`Skipped: ${broken.first}${more}`);
  }
  if (stopped === "interrupted") {
    terminal.warn(`Interrupted after ${count(examples)} of the selected examples; what was done is stored in ${options.db}. The same command goes on from here.`);
    return EXIT.interrupted;
  }
  if (stopped === "cost") {
    terminal.warn(`Stopped by --max-cost ${options.maxCost}${cost_usd === null ? "" : ` after ${formatUsd(cost_usd)}`}: everything that was paid for is stored in ${options.db}. Raise the cap and give the same command to go on.`);
    return EXIT.costCap;
  }
  if (examples > 0 && failed === examples) {
    terminal.warn(`lumos: all ${count(examples)} selected examples failed${failures.length > 0 ? `: ${failures[0]}` : ""} The same command asks them again.`);
    return EXIT.error;
  }
  const share = examples === 0 ? 0 : (100 * atTop(summary, converter)) / examples;
  if (options.failUnder === undefined || share >= options.failUnder) return EXIT.done;
  terminal.warn(`lumos: ${share.toFixed(1)} % of ${count(examples)} selected examples are ${converter.top_level}: below --fail-under ${options.failUnder}.`);
  return EXIT.belowThreshold;
}

/** What came of --retry: how many it selected, and what the rest is where not all are better. */
function sayRetried(terminal: Terminal, { selected, better, unreached }: Retried, what: string, dataset: string): void {
  const state = what === "quarantined" || what === "failed" ? what : `annotated with ${what}`;
  if (selected === 0) return terminal.warn(`Nothing to try again: none of the selected examples of ${dataset} is ${state} by this annotator.`);
  const stays = unreached > 0 ? `; ${count(unreached)} could not be asked, what was stored of them stays` : "";
  terminal.say(`Tried again: ${count(selected)} that ${selected === 1 ? "was" : "were"} ${state}; ${count(better)} better now, ${count(selected - better)} not${stays}.`);
}

function atTop(summary: AnnotateSummary, converter: LoadedConverter): number {
  return summary.levels[converter.top_level] + (converter.top_level === "aligned" ? summary.levels.proven : 0);
}

export function printSummary(terminal: Terminal, summary: AnnotateSummary, converter: LoadedConverter, db: string): void {
  const { bold } = terminal.colours;
  const reasons = Object.entries(summary.skipped_reasons).map(([reason, n]) => `${count(n)} ${reason}`);
  const defects = Object.entries(summary.defects).slice(0, 5).map(([code, n]) => `${count(n)} ${code}`);
  const line = (label: string, value: string): void => terminal.print(wrap(`  ${label.padEnd(13)} ${value}`, terminal.columns, " ".repeat(16)));
  terminal.print(bold(`${summary.dataset}: ${count(summary.examples)} examples, run ${summary.run} (${summary.annotator})`));
  line("annotated", count(summary.annotated));
  for (const [level, n] of Object.entries(summary.levels).reverse()) {
    if (n > 0 && level !== "parsed") line(`  ${level}`, `${count(n)}${level === converter.top_level && summary.annotator === "rules" ? byConstruction(level) : ""}`);
  }
  line("quarantined", count(summary.quarantined));
  line("skipped", `${count(summary.skipped)}${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`);
  line("failed", count(summary.failed));
  if (defects.length > 0) line("defects", defects.join(", "));
  if (summary.repaired > 0) line("repaired", count(summary.repaired));
  if (summary.annotator !== "rules") {
    const cost = summary.cost_usd === null ? "price unknown" : formatUsd(summary.cost_usd);
    line("asked", `${count(summary.requests)} requests, ${count(summary.cache_hits)} kept replies used again, ${count(summary.prompt_tokens)} + ${count(summary.completion_tokens)} tokens, ${cost}`);
  }
  const all = summary.examples > 0 && summary.stored_before === summary.examples;
  line("stored", all ? `all of them before: nothing was done, nothing was asked (${db})` : `${count(summary.examples - summary.stored_before)} now, ${count(summary.stored_before)} before (${db}), ${summary.seconds.toFixed(1)} s`);
}

function byConstruction(level: string): string {
  return level === "aligned" ? " (by construction: rules copied the source's steps)" : "";
}

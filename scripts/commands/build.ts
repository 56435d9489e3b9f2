import { Command } from "commander";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { presentDownloads } from "../../pipelines/sources/downloads.ts";
import { LEVELS } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { addAnnotatingOptions } from "../cli/annotate-options.ts";
import { build, type BuildOptions, type BuildSummary } from "../cli/building.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { commonOptions, oneOf, option } from "../cli/options.ts";
import { addSourceOptions, openSource } from "../cli/source-options.ts";
import { count, createTerminal, type Terminal } from "../cli/terminal.ts";
import { conclude, inputsOf, printSummary } from "./annotate.ts";
import { printExport, topLevels } from "./export.ts";

export function buildCommand(finish: Finish, named: readonly LoadedConverter[] = []): Command {
  const command = new Command("build")
    .description("annotate, deduplicate, export and audit in one go")
    .argument("<dataset...>", "the sources: see 'lumos datasets'")
    .addOption(option("--out <dir>", "where the training files and the report go").default("data/export"))
    .addOption(option("--min-level <level>", `${LEVELS.join(", ")}, or top: the highest that the dataset can reach`).argParser(oneOf([...LEVELS, "top"] as const)).default("top"));
  for (const each of commonOptions()) command.addOption(each);
  return addSourceOptions(addAnnotatingOptions(command), named).action(async (datasets: string[], options: BuildOptions) => {
    const terminal = createTerminal(options);
    const converters = await Promise.all(datasets.map((dataset) => openSource(dataset, options)));
    const bare = (options.input ?? []).find((input) => !converters.some(({ dataset }) => input.startsWith(`${dataset}=`)));
    if (converters.length > 1 && bare !== undefined) {
      throw new LumosError("usage", `--input ${bare} names no dataset: with several datasets expected DATASET=FILE (${datasets.join(", ")}).`);
    }
    const sources = converters.map((converter) => ({ converter, files: inputsOf(converter, options.input) ?? presentDownloads(converter) }));
    const interrupt = onInterrupt(() => terminal.warn("Stopping: finishing what is under way (again: stop at once) …"));
    try {
      const codes: number[] = [];
      const summary = await build(sources, await topLevels(), options, terminal, interrupt.signal, (result, converter) => {
        if (!terminal.json) printSummary(terminal, result.summary, converter, options.db);
        codes.push(conclude(terminal, result, converter, options));
      });
      if (!("stopped" in summary)) {
        if (terminal.json) terminal.print(JSON.stringify(summary));
        else printBuild(terminal, summary);
      }
      finish(Math.max(EXIT.done, ...codes));
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      finish(EXIT.interrupted);
    } finally {
      interrupt.dispose();
    }
  });
}

export function printBuild(terminal: Terminal, summary: BuildSummary): void {
  const { duplicate_task, near_duplicate, duplicate_plan } = summary.dedupe.dropped;
  const near = near_duplicate === 0 ? "" : `, ${count(near_duplicate)} nearly the same task`;
  terminal.print();
  terminal.print(`Duplicates marked: ${count(duplicate_task)} by task${near}, ${count(duplicate_plan)} by plan.`);
  printExport(terminal, summary.export);
  terminal.print(`Report: ${summary.report}`);
}

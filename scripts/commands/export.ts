import { Command } from "commander";
import { loadConverters } from "../../pipelines/converters.ts";
import { type ExportSummary, exportLumos } from "../../pipelines/export/export.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { LEVELS, type Level } from "../../schemas/defect.ts";
import { DOMAINS, type Domain } from "../../schemas/domain.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, type Terminal } from "../cli/terminal.ts";

interface ExportOptions extends CommonOptions {
  out: string;
  dataset?: string[];
  domain?: Domain[];
  run?: string[];
  model?: string[];
  prefer: "best" | "latest";
  format?: "lumos"[];
  module?: ("plan" | "ground")[];
  formulation?: ("iterative" | "onetime")[];
  minLevel: Level | "top";
}

export function exportCommand(finish: Finish): Command {
  const command = new Command("export")
    .description("write training files from the store")
    .addOption(option("--out <dir>", "where the files go").default("data/export"))
    .addOption(option("--dataset <name>", "only these (repeatable)").argParser(listOf(String)))
    .addOption(option("--domain <name>", "only these (repeatable)").argParser(listOf(oneOf(DOMAINS))))
    .addOption(option("--run <name>", "only of these runs (repeatable)").argParser(listOf(String)))
    .addOption(option("--model <name>", "only by these models (repeatable)").argParser(listOf(String)))
    .addOption(option("--prefer <which>", "of several annotations of an example: best (level, then fewest repairs, then latest) or latest").argParser(oneOf(["best", "latest"] as const)).default("best"))
    .addOption(option("--format <name>", "lumos: the published training format").argParser(listOf(oneOf(["lumos"] as const))))
    .addOption(option("--module <name>", "plan, ground (repeatable; default both)").argParser(listOf(oneOf(["plan", "ground"] as const))))
    .addOption(option("--formulation <name>", "iterative (Lumos-I), onetime (Lumos-O) (repeatable; default both)").argParser(listOf(oneOf(["iterative", "onetime"] as const))))
    .addOption(option("--min-level <level>", `${LEVELS.join(", ")}, or top: the highest that the dataset can reach`).argParser(oneOf([...LEVELS, "top"] as const)).default("top"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (options: ExportOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    const progress = createProgress(terminal, "export");
    const interrupt = onInterrupt(() => terminal.warn("Stopping: no file is changed."));
    try {
      const summary = await exportLumos(store, {
        out: options.out,
        prefer: options.prefer,
        minLevel: options.minLevel,
        topLevels: await topLevels(),
        signal: interrupt.signal,
        onProgress: (examples) => progress.update(examples, null),
        ...(options.dataset ? { datasets: options.dataset } : {}),
        ...(options.domain ? { domains: options.domain } : {}),
        ...(options.run ? { runs: options.run } : {}),
        ...(options.model ? { models: options.model } : {}),
        ...(options.module ? { modules: options.module } : {}),
        ...(options.formulation ? { formulations: options.formulation } : {}),
      });
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
  return new Map((await loadConverters()).map((converter) => [converter.dataset, converter.top_level]));
}

export function printExport(terminal: Terminal, summary: ExportSummary): void {
  if (summary.files.length === 0) terminal.print("No file written: nothing in the store is fit for export.");
  else for (const line of table(["file", "rows"], summary.files.map((file) => [file.path, count(file.rows)]))) terminal.print(line);
  const excluded = Object.entries(summary.excluded);
  if (excluded.length > 0) terminal.print(`Left out: ${excluded.map(([reason, n]) => `${count(n)} ${reason}`).join(", ")}.`);
}

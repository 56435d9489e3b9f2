import { Command } from "commander";
import { dedupe, DUPLICATE_WAYS, type DedupeSummary, type DuplicateWay } from "../../pipelines/dedupe/dedupe.ts";
import { NEAR_DEFAULTS } from "../../pipelines/dedupe/near.ts";
import { AtomicFiles } from "../../pipelines/shared/atomic-file.ts";
import type { DuplicateMark } from "../../pipelines/store/drops.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, listOf, numberWithin, oneOf, option, wholeNumber } from "../cli/options.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface DedupeFlags extends CommonOptions {
  by?: DuplicateWay[];
  dataset?: string[];
  threshold: number;
  shingle: number;
  permutations: number;
  anyNumbers?: boolean;
  report?: string;
  dryRun?: boolean;
  clear?: boolean;
}

export function dedupeCommand(finish: Finish): Command {
  const command = new Command("dedupe")
    .description("mark duplicates in the store: the same task, nearly the same one, or the same canonical plan")
    .addOption(option("--by <way>", "task, near or plan (repeatable; default all)").argParser(listOf(oneOf(DUPLICATE_WAYS))))
    .addOption(option("--dataset <name>", "compare only these (repeatable)").argParser(listOf(String)))
    .addOption(option("--threshold <share>", "how similar near-duplicates are at least: Jaccard of their shingles").argParser(numberWithin(0.3, 1)).default(NEAR_DEFAULTS.threshold))
    .addOption(option("--shingle <words>", "words a shingle").argParser(wholeNumber(1)).default(NEAR_DEFAULTS.shingle))
    .addOption(option("--permutations <n>", "minima a signature (MinHash)").argParser(wholeNumber(16)).default(NEAR_DEFAULTS.permutations))
    .addOption(option("--any-numbers", "whatever is as similar is a near-duplicate, with other numbers, too"))
    .addOption(option("--report <file>", "all marks, a JSON line each"))
    .addOption(option("--dry-run", "say what would be marked, and mark nothing").conflicts("clear"))
    .addOption(option("--clear", "take all marks of duplicates away").conflicts(["by", "report"]));
  for (const each of commonOptions()) command.addOption(each);
  return command.action((flags: DedupeFlags) => {
    const terminal = createTerminal(flags);
    const store = openStore(flags.db, { mode: "write", command: "dedupe" });
    const files = new AtomicFiles();
    try {
      if (flags.clear === true) {
        const cleared = store.transaction(() => store.clearDuplicates());
        terminal.print(terminal.json ? JSON.stringify({ cleared }) : `${count(cleared)} ${cleared === 1 ? "mark" : "marks"} of duplicates taken away: exports have them again.`);
      } else {
        const lines = flags.report === undefined ? null : files.open(flags.report);
        const first: DuplicateMark[] = [];
        const { threshold, shingle, permutations, anyNumbers = false, by, dataset, dryRun = false } = flags;
        const summary = dedupe(store, {
          now: new Date().toISOString(),
          near: { threshold, shingle, permutations, anyNumbers },
          ...(by ? { by } : {}),
          ...(dataset ? { datasets: dataset } : {}),
          dryRun,
          onMark: (mark) => {
            if (first.length < SHOWN) first.push(mark);
            lines?.write(`${JSON.stringify(mark)}\n`);
          },
        });
        files.commit();
        if (terminal.json) terminal.print(JSON.stringify(dryRun ? { ...summary, dry_run: true } : summary));
        else print(terminal, summary, first, flags);
      }
    } catch (error) {
      files.abort();
      throw error;
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

/** Marks that the terminal shows. */
const SHOWN = 10;

function print(terminal: Terminal, { examples, annotations, dropped }: DedupeSummary, first: readonly DuplicateMark[], { report, dryRun = false }: DedupeFlags): void {
  const { duplicate_task, near_duplicate, duplicate_plan } = dropped;
  const marked = duplicate_task + near_duplicate + duplicate_plan;
  for (const { kind, exampleId, keptExampleId, similarity } of first) {
    terminal.print(wrap(`${exampleId}  ${kind}${similarity === null ? "" : ` ${similarity.toFixed(2)}`}  kept: ${keptExampleId}`, terminal.columns, "  "));
  }
  if (marked > first.length) terminal.print(`… ${count(marked - first.length)} more${report === undefined ? ": --report FILE writes all" : ""}.`);
  if (marked > 0) terminal.print();
  terminal.print(`${count(examples)} examples, ${count(annotations)} annotations compared.`);
  terminal.print(`${dryRun ? "Would be marked" : "Marked"}: ${count(duplicate_task)} duplicate_task, ${count(near_duplicate)} near_duplicate, ${count(duplicate_plan)} duplicate_plan.`);
  if (dryRun) terminal.print("A dry run: the store is as it was.");
  else if (marked > 0) terminal.print("Exports leave them out.");
  if (report !== undefined) terminal.print(`Report: ${report}`);
}

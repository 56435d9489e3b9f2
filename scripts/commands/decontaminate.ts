import { basename } from "node:path";
import { Command } from "commander";
import { COMPARED_FIELDS, type ComparedField, decontaminate, type DecontaminateSummary } from "../../pipelines/decontaminate/decontaminate.ts";
import { evaluationName, evaluationParts, type EvaluationSet } from "../../pipelines/decontaminate/evaluation-set.ts";
import { OVERLAP_DEFAULTS } from "../../pipelines/decontaminate/overlap.ts";
import { AtomicFiles } from "../../pipelines/shared/atomic-file.ts";
import type { Contamination } from "../../pipelines/store/contaminations.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, listOf, numberWithin, oneOf, option, repeated, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface DecontaminateFlags extends CommonOptions {
  against?: string[];
  field?: ComparedField[];
  ngram: number;
  gram: number;
  coverage: number;
  exclude?: boolean;
  report?: string;
  dryRun?: boolean;
  clear?: boolean;
}

export function decontaminateCommand(finish: Finish): Command {
  const command = new Command("decontaminate")
    .description("mark overlaps with evaluation sets in the store")
    .addOption(option("--against <file[:column]>", "an evaluation set: JSONL, JSON, CSV or TSV, also .gz (repeatable); columns: question.problem, Body+Question").argParser(repeated))
    .addOption(option("--field <name>", "task, rationale or plan (repeatable; default all)").argParser(listOf(oneOf(COMPARED_FIELDS))))
    .addOption(option("--ngram <words>", "a run of words so long is an overlap").argParser(wholeNumber(2)).default(OVERLAP_DEFAULTS.ngram))
    .addOption(option("--coverage <share>", "so much of a problem's short runs are an overlap, too").argParser(numberWithin(0.05, 1)).default(OVERLAP_DEFAULTS.coverage))
    .addOption(option("--gram <words>", "words of a short run").argParser(wholeNumber(1)).default(OVERLAP_DEFAULTS.gram))
    .addOption(option("--exclude", "leave what overlaps out of exports; else it is only marked"))
    .addOption(option("--report <file>", "all overlaps, a JSON line each"))
    .addOption(option("--dry-run", "say what overlaps, and mark nothing").conflicts(["exclude", "clear"]))
    .addOption(option("--clear", "take the marks of the sets named by --against away, or of all sets").conflicts(["exclude", "report"]));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (flags: DecontaminateFlags) => {
    finish(await run(flags));
  });
}

async function run({ against = [], field, ngram, gram, coverage, exclude = false, report, dryRun = false, clear = false, ...options }: DecontaminateFlags): Promise<number> {
  const terminal = createTerminal(options);
  if (clear) {
    clearMarks(terminal, options.db, against);
    return EXIT.done;
  }
  if (against.length === 0) throw new LumosError("usage", "lumos decontaminate needs an evaluation set: --against FILE or --against FILE:COLUMN.");
  const names = against.map(evaluationName);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new LumosError("usage", `Two evaluation sets are called ${twice}: marks are kept by file name; rename one of the files, or run the command for each.`);
  const store = openStore(options.db, { mode: dryRun ? "read" : "write", command: "decontaminate" });
  const files = new AtomicFiles();
  const progress = createProgress(terminal, "decontaminate");
  const first: Contamination[] = [];
  try {
    const lines = report === undefined ? null : files.open(report);
    const summary = await decontaminate(store, partsOf(against), {
      ...(field ? { fields: field } : {}),
      overlap: { ngram, gram, coverage },
      exclude,
      dryRun,
      now: new Date().toISOString(),
      onProgress: (done) => progress.update(done, null),
      onFound: (found, problem) => {
        if (first.length < SHOWN) first.push(found);
        lines?.write(`${JSON.stringify({ ...found, coverage: Number(found.coverage.toFixed(4)), problem })}\n`);
      },
    });
    files.commit();
    progress.stop();
    if (terminal.json) terminal.print(JSON.stringify(dryRun ? { ...summary, dry_run: true } : summary));
    else print(terminal, summary, first, { report, dryRun });
  } catch (error) {
    files.abort();
    throw error;
  } finally {
    progress.stop();
    store.close();
  }
  return EXIT.done;
}

async function* partsOf(against: readonly string[]): AsyncGenerator<EvaluationSet> {
  for (const each of against) yield* evaluationParts(each);
}

/** Sets are named as in the summary: by the base name of the file, which need not be there any more. */
function clearMarks(terminal: Terminal, db: string, against: readonly string[]): void {
  const store = openStore(db, { mode: "write", command: "decontaminate" });
  try {
    const sets = store.contaminatingSets();
    const wanted = against.length === 0 ? sets : against.map((each) => setNamed(store, sets, each));
    const cleared = store.transaction(() => wanted.reduce((sum, name) => sum + store.clearContaminations(name), 0));
    terminal.print(terminal.json ? JSON.stringify({ cleared, sets: wanted }) : `${count(cleared)} ${cleared === 1 ? "overlap" : "overlaps"} with ${wanted.length === 0 ? "evaluation sets" : wanted.join(", ")} taken away.`);
  } finally {
    store.close();
  }
}

function setNamed(store: Store, sets: readonly string[], against: string): string {
  const name = sets.find((each) => each === against || each === basename(against));
  if (name === undefined) throw new LumosError("not_found", `${store.file} has no overlap with ${against}: it has some with ${sets.length === 0 ? "no set" : sets.join(", ")}.`);
  return name;
}

/** Overlaps that the terminal shows. */
const SHOWN = 10;

function print(terminal: Terminal, summary: DecontaminateSummary, first: readonly Contamination[], { report, dryRun }: { report: string | undefined; dryRun: boolean }): void {
  const { against, rules, contaminated } = summary;
  for (const line of table(["evaluation set", "column", "problems", "unreadable", "overlap"], against.map((set) => [set.evaluation, set.column, count(set.problems), count(set.unreadable), count(set.examples)]), terminal.columns)) {
    terminal.print(line);
  }
  const found = rules.exact + rules.ngram + rules.coverage;
  terminal.print();
  if (first.length > 0) {
    for (const { exampleId, field, evaluation, position, rule, coverage, shared } of first) {
      terminal.print(wrap(`${exampleId}  ${field}  ${rule} ${coverage.toFixed(2)}  ${evaluation} record ${position}`, terminal.columns, "  "));
      terminal.print(wrap(`  "${shared}"`, terminal.columns, "  "));
    }
    if (found > first.length) terminal.print(`… ${count(found - first.length)} more${report === undefined ? ": --report FILE writes all" : ""}.`);
    terminal.print();
  }
  terminal.print(`${count(summary.examples)} examples, ${count(summary.annotations)} annotations compared.`);
  const planned = contaminated.annotations === 0 ? "" : `, and of ${count(contaminated.annotations)} annotations by their plan alone`;
  terminal.print(wrap(`Overlaps: ${count(rules.exact)} exact, ${count(rules.ngram)} n-gram, ${count(rules.coverage)} coverage; of ${count(contaminated.examples)} examples${planned}.`, terminal.columns));
  if (dryRun) terminal.print("A dry run: the store is as it was.");
  else if (found > 0) terminal.print(summary.excluded ? "Exports leave them out (contaminated)." : "Marked only: --exclude leaves them out of exports.");
  const again = summary.duplicates_of_excluded;
  if (again > 0) terminal.print(wrap(`${count(again)} duplicates were left out for one that is left out now: run lumos dedupe again.`, terminal.columns));
  if (report !== undefined) terminal.print(`Report: ${report}`);
}

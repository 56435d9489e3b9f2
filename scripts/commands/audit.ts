import { Command } from "commander";
import { auditStore } from "../../pipelines/audit/audit.ts";
import { compare, findAgainst } from "../../pipelines/audit/comparison.ts";
import type { AuditFilters } from "../../pipelines/audit/examples.ts";
import type { Audit, Comparison } from "../../pipelines/audit/schema.ts";
import { points, probability } from "../../pipelines/audit/page/comparison.ts";
import { writeAudit } from "../../pipelines/audit/write.ts";
import { storedTopLevels } from "../../pipelines/review/top-levels.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { ANNOTATORS } from "../../pipelines/store/runs.ts";
import type { Level } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface AuditFlags extends CommonOptions {
  out: string;
  dataset?: string[];
  annotator?: string[];
  model?: string[];
  run?: string[];
  against?: string;
}

export function auditCommand(finish: Finish): Command {
  const command = new Command("audit")
    .description("quality report: how far the annotations can be trusted, in HTML and JSON")
    .addOption(option("--out <dir>", "where report.html and audit.json go").default("data/audit"))
    .addOption(option("--dataset <name>", "only these (repeatable)").argParser(listOf(String)))
    .addOption(option("--annotator <name>", "only by rules, llm, imported or person (repeatable)").argParser(listOf(oneOf(ANNOTATORS))))
    .addOption(option("--model <name>", "only by these models; 'rules' is one (repeatable)").argParser(listOf(String)))
    .addOption(option("--run <name>", "only of these runs (repeatable)").argParser(listOf(String)))
    .addOption(option("--against <other>", "what got better or worse since: a run, model or annotator of this store, or the file of another one").env("LUMOS_AUDIT_AGAINST"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (flags: AuditFlags) => {
    const terminal = createTerminal(flags);
    const store = openStore(flags.db, { mode: "read" });
    const progress = createProgress(terminal, "audit");
    const interrupt = onInterrupt(() => terminal.warn("Stopping: no file is changed."));
    try {
      const filters = filtersOf(flags);
      const levels = await storedTopLevels(store);
      const comparison = flags.against === undefined ? null : await compared(store, flags.against, filters, levels, interrupt.signal);
      const audit = await auditStore(store, { filters, topLevels: levels, comparison, signal: interrupt.signal, onProgress: (examples) => progress.update(examples, null) });
      if (audit.groups.length === 0) throw nothingSelected(store, flags);
      const paths = await writeAudit(flags.out, audit);
      progress.stop();
      if (terminal.json) terminal.print(JSON.stringify({ ...paths, summary: audit.summary, groups: audit.groups.map(groupFigures), comparison: comparisonFigures(comparison) }));
      else printAudit(terminal, audit, paths);
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

async function compared(store: Store, name: string, filters: AuditFilters, levels: ReadonlyMap<string, Level>, signal: AbortSignal): Promise<Comparison> {
  const against = findAgainst(store, name);
  try {
    return await compare(store, against, filters, levels, signal);
  } finally {
    if ("other" in against) against.other.close();
  }
}

function filtersOf({ dataset, annotator, model, run }: AuditFlags): AuditFilters {
  return {
    ...(dataset === undefined ? {} : { datasets: dataset }),
    ...(annotator === undefined ? {} : { annotators: annotator }),
    ...(model === undefined ? {} : { models: model }),
    ...(run === undefined ? {} : { runs: run }),
  };
}

function nothingSelected(store: Store, flags: AuditFlags): LumosError {
  const given = Object.entries(filtersOf(flags)).map(([name, values]) => `--${name.replace(/s$/, "")} ${values.join(",")}`);
  const why = given.length === 0 ? "it holds no outcome yet: annotate or import something first" : `no outcome fits ${given.join(" ")}: see 'lumos status' for what is there`;
  return new LumosError("not_found", `Nothing to audit in ${store.file}: ${why}.`);
}

/** What scripts want of a group; audit.json has all of it. */
function groupFigures({ dataset, name, variant, annotator, model, top_level, states, levels, top, by_construction, cost_usd }: Audit["groups"][number]) {
  return { dataset, name, variant, annotator, model, top_level, states, levels, top, by_construction, cost_usd };
}

function comparisonFigures(comparison: Comparison | null) {
  if (comparison === null) return null;
  const { shown: _shown, ...figures } = comparison;
  return figures;
}

function printAudit(terminal: Terminal, { summary, comparison }: Audit, { report, json }: { report: string; json: string }): void {
  const { bold, green, yellow } = terminal.colours;
  const wide = summary.reduce((most, { topic }) => Math.max(most, topic.length), 0) + 2;
  for (const { topic, mark, text } of summary) {
    const colour = mark === "look" ? yellow : mark === "good" ? green : bold;
    const [first = "", ...rest] = wrap(text, terminal.columns - wide).split("\n");
    terminal.print(`${colour(topic.padEnd(wide))}${first}`);
    for (const line of rest) terminal.print(`${" ".repeat(wide)}${line}`);
  }
  if (comparison !== null) printComparison(terminal, comparison);
  terminal.print();
  terminal.print(`Report: ${report}`);
  terminal.print(`Figures: ${json}`);
}

const MOST_LINES = 10;

function printComparison(terminal: Terminal, { before, after, datasets, changes }: Comparison): void {
  const { bold } = terminal.colours;
  terminal.print();
  terminal.print(bold(wrap(`Before: ${before}. After: ${after}.`, terminal.columns)));
  const rows = datasets.map(({ dataset, pairs, better, worse, top }) => [
    dataset, count(pairs), count(better), count(worse), `${count(top.both + top.only_before)} → ${count(top.both + top.only_after)}`,
    top.difference === null ? "–" : points(top.difference).replace("−", "-"), probability(top.p_holm),
  ]);
  for (const line of table(["source", "examples", "better", "worse", "at top level", "points", "p (Holm)"], rows, terminal.columns)) terminal.print(line);
  if (changes.length === 0) return terminal.print("No example reached another level.");
  terminal.print();
  for (const { id, before: was, after: is, change, why } of changes.slice(0, MOST_LINES)) {
    terminal.print(wrap(`${change === "worse" ? "-" : "+"} ${id}  ${was.replace("_", " ")} → ${is.replace("_", " ")}  ${why}`, terminal.columns, "    "));
  }
  if (changes.length > MOST_LINES) terminal.print(`… and ${count(changes.length - MOST_LINES)} more in the report.`);
}

import { Command } from "commander";
import { type Overview, overviewOf, type VariantOverview } from "../../pipelines/audit/overview.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, option } from "../cli/options.ts";
import { table } from "../cli/table.ts";
import { count, createTerminal, type Terminal } from "../cli/terminal.ts";

export function statusCommand(finish: Finish): Command {
  const command = new Command("status")
    .description("what the store holds: per dataset and model the states, levels, defects, tokens")
    .addOption(option("--dataset <name>", "only this one"))
    .addOption(option("--run <name>", "only this run"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action((options: CommonOptions & { dataset?: string; run?: string }) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    try {
      const overview = overviewOf(store, {
        ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
        ...(options.run === undefined ? {} : { run: options.run }),
      });
      if (terminal.json) terminal.print(JSON.stringify({ ...overview, runs: store.runs() }));
      else printOverview(terminal, overview, options.db);
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

/** At 80 columns: a table of states, one of levels, then reasons and the three commonest defects with the command that shows them. */
function printOverview(terminal: Terminal, overview: Overview, db: string): void {
  const { bold } = terminal.colours;
  const { variants } = overview;
  if (variants.length === 0) return terminal.print(`${db} holds no examples yet.`);
  const by = (each: VariantOverview): string => each.model ?? each.annotator;
  const rows = (cells: (each: VariantOverview) => number[]): string[][] => variants.map((each) => [each.dataset, by(each), ...cells(each).map(count)]);
  const print = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    terminal.print(bold(title));
    for (const line of lines) terminal.print(`  ${line}`);
    terminal.print();
  };
  print("Examples", table(["dataset", "by", "all", "annotated", "quarantined", "skipped", "failed"],
    rows(({ states: s }) => [s.annotated + s.quarantined + s.skipped + s.failed, s.annotated, s.quarantined, s.skipped, s.failed])));
  print("Highest level reached", table(["dataset", "by", "proven", "aligned", "well formed", "parsed"],
    rows(({ levels: l }) => [l.proven, l.aligned, l.well_formed, l.parsed])));
  print("Skipped and failed", variants.flatMap((each) =>
    [...Object.entries(each.skipped_reasons), ...Object.entries(each.failed_reasons)].map(([reason, n]) => `${each.dataset}: ${count(n)} ${reason}`)));
  print("Commonest defects", variants.flatMap((each) => each.defects.slice(0, 3).map(({ code, examples }) =>
    `${each.dataset}: ${count(examples)} ${code}   lumos show --dataset ${each.dataset} --defect ${code}`)));
  const asked = variants.filter((each) => each.replies > 0);
  print("Asked of models", asked.length === 0 ? [] : table(["dataset", "model", "replies", "proven", "aligned", "repaired", "tokens", "dollars", "proven/$"],
    asked.map((each) => [each.dataset, by(each), count(each.replies), count(each.levels.proven), count(each.levels.aligned), count(each.repaired),
      count(each.prompt_tokens + each.completion_tokens), each.cost_usd === null ? "unknown" : each.cost_usd.toFixed(4),
      each.proven_per_dollar === null ? "-" : count(Math.round(each.proven_per_dollar))])));
  print("Left out as duplicates", Object.entries(overview.drops).map(([kind, n]) => `${count(n)} ${kind}`));
}

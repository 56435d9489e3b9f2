import { Command } from "commander";
import { dedupe } from "../../pipelines/dedupe/dedupe.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option } from "../cli/options.ts";
import { count, createTerminal } from "../cli/terminal.ts";

export function dedupeCommand(finish: Finish): Command {
  const command = new Command("dedupe")
    .description("mark duplicates in the store: the same task, or the same canonical plan")
    .addOption(option("--by <way>", "task, plan, or both (repeatable; default both)").argParser(listOf(oneOf(["task", "plan"] as const))));
  for (const each of commonOptions()) command.addOption(each);
  return command.action((options: CommonOptions & { by?: ("task" | "plan")[] }) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "write", command: "dedupe" });
    try {
      const summary = dedupe(store, { now: new Date().toISOString(), ...(options.by ? { by: options.by } : {}) });
      if (terminal.json) terminal.print(JSON.stringify(summary));
      else {
        terminal.print(`${count(summary.examples)} examples, ${count(summary.annotations)} annotations compared.`);
        terminal.print(`${count(summary.dropped.duplicate_task)} annotations marked duplicate_task, ${count(summary.dropped.duplicate_plan)} duplicate_plan. Exports leave them out.`);
      }
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

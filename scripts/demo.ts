import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadConverters } from "../pipelines/converters.ts";
import { build } from "./cli/building.ts";
import { reportError } from "./cli/errors.ts";
import { onInterrupt } from "./cli/interrupt.ts";
import { createTerminal } from "./cli/terminal.ts";
import { printSummary } from "./commands/annotate.ts";
import { printBuild } from "./commands/build.ts";
import { topLevels } from "./commands/export.ts";

/** The main job on the bundled samples of every source, by rules: no key, no network. */
const OUT = join("data", "demo");
const DB = join(OUT, "demo.db");

try {
  await demo();
} catch (error) {
  process.exitCode = await reportError(error, true);
}

async function demo(): Promise<void> {
  const terminal = createTerminal({});
  const interrupt = onInterrupt(() => terminal.warn("Stopping …"));
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const sources = (await loadConverters()).map((converter) => ({ converter, files: [join(converter.folder, converter.sample)] }));
  terminal.print(`Annotating the bundled samples of ${sources.length} sources by rules (no model is asked) …`);
  const options = { db: DB, out: OUT, minLevel: "top", seed: "0", reply: "json", samples: 1, attempts: 1, imagesMissing: "skip" } as const;
  const summary = await build(sources, await topLevels(), options, terminal, interrupt.signal, ({ summary: annotated }, converter) => {
    terminal.print();
    printSummary(terminal, annotated, converter, DB);
  });
  interrupt.dispose();
  if ("stopped" in summary) return;
  printBuild(terminal, summary);
  terminal.print();
  terminal.print("Look at what it made:");
  terminal.print(`  npm run -s lumos -- show --db ${DB} --sample 5`);
  terminal.print(`  npm run -s lumos -- status --db ${DB}`);
  terminal.print(`  npm run -s lumos -- review --db ${DB}`);
}

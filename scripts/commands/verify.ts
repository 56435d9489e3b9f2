import { createInterface } from "node:readline";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { datasetNames, loadConverter } from "../../pipelines/converters.ts";
import { programVersion } from "../../pipelines/package.ts";
import { useDatabases } from "../../pipelines/execution/sql/databases.ts";
import { createVerifyPool, type VerifyPool } from "../../pipelines/verify/pool.ts";
import { type StoredVerification, verifyStore } from "../../pipelines/verify/store.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { type Level, LEVELS } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, listOf, option, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { refuseUnstored } from "../cli/stored.ts";
import { count, createTerminal, type Terminal } from "../cli/terminal.ts";

interface VerifyOptions extends CommonOptions {
  dataset?: string[];
  databases?: string;
  workers: number;
}

export function verifyCommand(finish: Finish): Command {
  const command = new Command("verify")
    .description("check and execute stored annotations again, or JSON lines from standard input; needs no model")
    .argument("[-]", "'-': read lines {task, plan, answer, …} from standard input, write a verdict a line")
    .addOption(option("--dataset <name>", "only these (repeatable)").argParser(listOf(String)))
    .addOption(option("--databases <dir>", "the SQLite databases that SQL examples are about: DIR/<name>/<name>.sqlite; without them such annotations are left as they are"))
    .addOption(option("--workers <n>", "threads").argParser(wholeNumber(1)).default(availableParallelism(), "one a core"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (input: string | undefined, options: VerifyOptions) => {
    if (input !== undefined && input !== "-") throw new LumosError("usage", `lumos verify takes '-' or nothing, not '${input}'.`);
    if (options.databases !== undefined) useDatabases(options.databases);
    const terminal = createTerminal(options);
    // Each thread compiles the verifier for itself. With less inlining that takes half as long, and what is compiled is no slower.
    setFlagsFromString("--max-inlined-bytecode-size-cumulative=100");
    if (input === "-") await verifyInput(options.workers, terminal);
    else finish(await verifyStored(options, terminal));
  });
}

async function verifyStored(options: VerifyOptions, terminal: Terminal): Promise<number> {
  const store = openStore(options.db, { mode: "write", command: "verify" });
  const progress = createProgress(terminal, "verify");
  const interrupt = onInterrupt(() => terminal.warn("Stopping …"));
  try {
    const result = await verifyStore(store, {
      ...(await scopeOf(store, options, terminal)),
      workers: options.workers,
      programVersion: programVersion(),
      now: () => new Date(),
      signal: interrupt.signal,
      onProgress: (done, total) => progress.update(done, total),
    });
    progress.stop();
    if (terminal.json) terminal.print(JSON.stringify(result));
    else print(terminal, result);
    return interrupt.signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    progress.stop();
    interrupt.dispose();
    store.close();
  }
}

/** What is stored of datasets that are known here: how high the others can get nobody says, and a verdict made without that would be too low. */
async function scopeOf(store: Store, { dataset }: VerifyOptions, terminal: Terminal): Promise<{ datasets: string[]; topLevels: Map<string, Level> }> {
  refuseUnstored(store, dataset);
  const known = new Set(datasetNames());
  const wanted = store.storedDatasets().filter((name) => dataset === undefined || dataset.includes(name));
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0) terminal.warn(`Left as it is: what is stored of ${unknown.join(", ")}, since no converter of that name is found from here.`);
  const datasets = wanted.filter((name) => known.has(name));
  const converters = await Promise.all(datasets.map((name) => loadConverter(name)));
  return { datasets, topLevels: new Map(converters.map((converter) => [converter.dataset, converter.top_level])) };
}

function print(terminal: Terminal, result: StoredVerification): void {
  const levels = LEVELS.toReversed().filter((level) => result.levels[level] > 0).map((level) => `${count(result.levels[level])} ${level}`);
  terminal.print(`${count(result.annotations)} annotations verified in ${result.seconds.toFixed(1)} s on ${threads(result.workers)}.`);
  if (levels.length > 0) terminal.print(`Levels: ${levels.join(", ")}.`);
  if (result.untold > 0) terminal.warn(`Left as they are: ${count(result.untold)} whose database is not here (--databases).`);
  terminal.print(result.changed === 0 ? "No verdict changed." : `${count(result.changed)} verdicts changed: ${count(result.raised)} to a higher level, ${count(result.lowered)} to a lower one.`);
  if (result.reparsed > 0) terminal.print(`Kept replies of ${count(result.reparsed)} examples read again: ${result.rescued === 0 ? "none gives more than what is stored" : `${count(result.rescued)} reached a higher level`}.`);
}

function threads(workers: number): string {
  return workers === 1 ? "one thread" : `${workers} threads`;
}

/** Lines answered at most at a time: enough to keep the threads busy, few enough to answer soon. */
const BATCH = 64;

async function verifyInput(workers: number, terminal: Terminal): Promise<void> {
  const pool = createVerifyPool(workers);
  try {
    await verifyLines(pool, terminal);
  } finally {
    await pool.close();
  }
}

/** Answers lines in their order, as soon as they can be: a trainer may write one and wait for its verdict. */
async function verifyLines(pool: VerifyPool, terminal: Terminal): Promise<void> {
  const answers: Promise<string[]>[] = [];
  let batch: string[] = [];
  let printing: Promise<void> = Promise.resolve();
  const printAfter = async (before: Promise<void>, answer: Promise<string[]>): Promise<void> => {
    await before;
    for (const line of await answer) terminal.print(line);
    answers.shift();
  };
  const flush = (): void => {
    if (batch.length === 0) return;
    const answer = pool.run(batch);
    answers.push(answer);
    batch = [];
    printing = printAfter(printing, answer);
    // Whoever waits for a verdict that will not come is to see it at once: reading ends, and so does the command.
    printing.catch(() => lines.close());
  };
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  let scheduled = false;
  for await (const line of lines) {
    if (line.trim() === "") continue;
    batch.push(line);
    if (batch.length >= BATCH) flush();
    else if (!scheduled) {
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        flush();
      });
    }
    // Read no faster than it is answered: memory stays bounded.
    if (answers.length > 4 * pool.workers) await answers[0];
  }
  flush();
  await printing;
}

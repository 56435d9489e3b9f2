import { createInterface } from "node:readline";
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { createVerifyPool, type VerifyPool } from "../../pipelines/verify/pool.ts";
import { type StoredVerification, verifyStore } from "../../pipelines/verify/store.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { LEVELS } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, listOf, option, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { count, createTerminal, type Terminal } from "../cli/terminal.ts";
import { topLevels } from "./export.ts";

interface VerifyOptions extends CommonOptions {
  dataset?: string[];
  workers: number;
}

export function verifyCommand(finish: Finish): Command {
  const command = new Command("verify")
    .description("check and execute stored annotations again, or JSON lines from standard input; needs no model")
    .argument("[-]", "'-': read lines {task, plan, answer, …} from standard input, write a verdict a line")
    .addOption(option("--dataset <name>", "only these (repeatable)").argParser(listOf(String)))
    .addOption(option("--workers <n>", "threads (default: one a core)").argParser(wholeNumber(1)).default(availableParallelism()));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (input: string | undefined, options: VerifyOptions) => {
    if (input !== undefined && input !== "-") throw new LumosError("usage", `lumos verify takes '-' or nothing, not '${input}'.`);
    const terminal = createTerminal(options);
    const pool = await createVerifyPool(options.workers);
    try {
      if (input === "-") await verifyLines(pool, terminal);
      else finish(await verifyStored(pool, options, terminal));
    } finally {
      await pool.close();
    }
  });
}

async function verifyStored(pool: VerifyPool, options: VerifyOptions, terminal: Terminal): Promise<number> {
  const store = openStore(options.db, { mode: "write", command: "verify" });
  const progress = createProgress(terminal, "verify");
  const interrupt = onInterrupt(() => terminal.warn("Stopping …"));
  try {
    const result = await verifyStore(store, pool, {
      topLevels: await topLevels(),
      signal: interrupt.signal,
      onProgress: (done, total) => progress.update(done, total),
      ...(options.dataset ? { datasets: options.dataset } : {}),
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

function print(terminal: Terminal, result: StoredVerification): void {
  const levels = LEVELS.toReversed().filter((level) => result.levels[level] > 0).map((level) => `${count(result.levels[level])} ${level}`);
  terminal.print(`${count(result.annotations)} annotations verified in ${result.seconds.toFixed(1)} s on ${threads(result.workers)}: ${levels.join(", ") || "none"}.`);
  terminal.print(result.changed === 0 ? "No verdict changed." : `${count(result.changed)} verdicts changed: ${count(result.raised)} to a higher level, ${count(result.lowered)} to a lower one.`);
}

function threads(workers: number): string {
  return workers === 1 ? "one thread" : `${workers} threads`;
}

/** Lines answered at most at a time: enough to keep the threads busy, few enough to answer soon. */
const BATCH = 64;

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
    const answer = pool.run(batch.map((line) => ({ kind: "line" as const, line })));
    answers.push(answer);
    batch = [];
    printing = printAfter(printing, answer);
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

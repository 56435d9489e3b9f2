import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { uniform } from "../../pipelines/llm/stand-in-faults.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { wholeNumber } from "../cli/options.ts";
import { print, row, startAnnotate, startServer, summaryOf, workFolder, writeExamples } from "./support.ts";

/** What a kill costs: a run is killed with SIGKILL again and again at moments drawn by a seed, then left to finish. */
const options = new Command("bench/kill")
  .option("--examples <n>", "", wholeNumber(1), 2000)
  .option("--kills <n>", "", wholeNumber(1), 20)
  .option("--concurrency <n>", "", wholeNumber(1), 50)
  .option("--latency <ms>", "", wholeNumber(0), 100)
  .option("--seed <seed>", "", "1")
  .parse()
  .opts<{ examples: number; kills: number; concurrency: number; latency: number; seed: string }>();

const folder = workFolder();
const file = await writeExamples(folder, options.examples);
const db = join(folder, "kill.db");
const server = await startServer("--latency", String(options.latency));
const setup = { file, db, url: server.url, concurrency: options.concurrency };
print(`node dist/scripts/bench/kill.js ${process.argv.slice(2).join(" ")}`.trim());

let kills = 0;
let finished = 0;
const progress: number[] = [];
/** So many requests at most until a kill: a little more than its share, since a kill takes those under way with it. */
const most = (2.4 * options.examples) / options.kills;
while (kills < options.kills && finished === 0) {
  const before = (await server.stats()).requests;
  const run = startAnnotate(setup);
  // Every fourth kill comes at any moment of the start, the others while requests are under way.
  if (kills % 4 === 3) await sleep(600 * uniform(`start|${options.seed}|${kills}`));
  else await Promise.race([requestsCame(before + most * uniform(`kill|${options.seed}|${kills}`)), run.ended]);
  if (run.child.exitCode !== null) finished += 1;
  else {
    run.child.kill("SIGKILL");
    if (run.child.signalCode === null) await once(run.child, "exit");
    kills += 1;
    await sleep(2 * options.latency);
  }
  await run.ended;
  progress.push((await server.stats()).requests);
}

const summary = summaryOf(await startAnnotate(setup).ended);
const again = summaryOf(await startAnnotate(setup).ended);
const stats = await server.stats();
await server.close();
const stored = countStored();
const beyond = stats.requests - options.examples;
print(`${options.examples} examples, ${options.concurrency} in flight, ${options.latency} ms latency, ${kills} kills${finished > 0 ? " (a run finished before its kill)" : ""}, requests after each: ${progress.join(" ")}`);
row("the last run", `${summary.examples} examples`, `${summary.stored_before} stored before`, `${summary.cache_hits} kept replies used`, `${summary.requests} requests`);
row("examples lost", String(options.examples - stored.examples), "wanted: 0");
row("examples stored twice", String(stored.outcomes - stored.examples), "wanted: 0");
row("annotated", `${again.annotated} of ${options.examples}`, `a run after it: ${again.stored_before} stored before, ${again.requests} requests`);
row("requests beyond the examples", String(beyond), `wanted: at most kills × in flight = ${kills * options.concurrency}`);

/** Some milliseconds after the server got so many requests in all: counted, not timed, so that a slow machine is killed as far into its work. */
async function requestsCame(count: number): Promise<void> {
  while ((await server.stats()).requests <= count) await sleep(10);
  await sleep(20 * uniform(`after|${options.seed}|${kills}`));
}

function countStored(): { examples: number; outcomes: number } {
  const store = openStore(db, { mode: "read" });
  try {
    const ids = new Set<string>();
    let outcomes = 0;
    for (const { example } of store.outcomesFor()) {
      outcomes += 1;
      if (example !== null) ids.add(example.id);
    }
    return { examples: ids.size, outcomes };
  } finally {
    store.close();
  }
}

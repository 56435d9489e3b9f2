import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { wholeNumber } from "../cli/options.ts";
import type { Probe } from "./probe.ts";
import { median, megabytes, print, row, seconds, startAnnotate, startServer, summaryOf, workFolder, writeExamples } from "./support.ts";

/** Whether memory grows with the number of examples: what the program takes at the 10,000th and at the last of a long run. */
const options = new Command("bench/memory")
  .option("--examples <n>", "", wholeNumber(1), 100_000)
  .option("--from <n>", "the example from which growth counts", wholeNumber(1), 10_000)
  .option("--concurrency <n>", "", wholeNumber(1), 100)
  .parse()
  .opts<{ examples: number; from: number; concurrency: number }>();

const folder = workFolder();
const file = await writeExamples(folder, options.examples);
const server = await startServer();
print(`node dist/scripts/bench/memory.js ${process.argv.slice(2).join(" ")}`.trim());

/** Probes and the number of requests at the same moment, so that each mark has memory beside it. */
const marks: { done: number; probe: Probe }[] = [];
const run = startAnnotate({ file, db: join(folder, "memory.db"), url: server.url, concurrency: options.concurrency });
const watching = (async () => {
  while (run.child.exitCode === null) {
    const { requests } = await server.stats();
    const probe = run.probes.at(-1);
    if (probe !== undefined) marks.push({ done: requests, probe });
    await sleep(250);
  }
})();
const ran = await run.ended;
await watching;
await server.close();
const summary = summaryOf(ran);

print(`${summary.examples} examples, ${summary.annotated} annotated, in ${seconds(summary.seconds)}, ${options.concurrency} in flight, Node ${process.version}`);
const shares = [options.from, ...[0.25, 0.5, 0.75, 1].map((share) => Math.round(share * options.examples))].filter((mark) => mark <= options.examples);
for (const mark of new Set(shares)) {
  const near = around(mark);
  row(`at example ${mark}`, `resident ${megabytes(rss(near))}`, `heap used ${megabytes(median(near.map(({ probe }) => probe.heapUsed)))}`);
}
row("most", `resident ${megabytes(Math.max(...marks.map(({ probe }) => probe.rss)))}`);
row("growth", megabytes(rss(around(options.examples)) - rss(around(options.from))), "wanted: less than 50 MB");

/** The marks nearest to an example: memory swings with garbage collection, so that the median of several counts. */
function around(mark: number): typeof marks {
  return [...marks].sort((a, b) => Math.abs(a.done - mark) - Math.abs(b.done - mark)).slice(0, 9);
}

function rss(of: typeof marks): number {
  return median(of.map(({ probe }) => probe.rss));
}

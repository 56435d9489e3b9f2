import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { wholeNumber } from "../cli/options.ts";
import { median, print, row, seconds, start, startAnnotate, startServer, summaryOf, times, workFolder, writeExamples } from "./support.ts";

/**
 * How fast the shell is: the same examples through `lumos annotate` and through a bare p-limit loop over the same client, each in a process
 * of its own, in turns; and against the ideal, which is what the latency alone takes.
 */
const options = new Command("bench/engine")
  .option("--examples <n>", "", wholeNumber(1), 2000)
  .option("--concurrency <n>", "", wholeNumber(1), 100)
  .option("--latency <ms>", "of the first part; the second has none", wholeNumber(1), 200)
  .option("--rounds <n>", "of which the median counts", wholeNumber(1), 3)
  .parse()
  .opts<{ examples: number; concurrency: number; latency: number; rounds: number }>();

const BARE = fileURLToPath(new URL("bare.js", import.meta.url));
const folder = workFolder();
const file = await writeExamples(folder, options.examples);
print(`node dist/scripts/bench/engine.js ${process.argv.slice(2).join(" ")}`.trim());
print(`${options.examples} examples, ${options.concurrency} in flight, median of ${options.rounds} rounds, Node ${process.version}`);

for (const latency of [options.latency, 0]) {
  const ideal = (Math.ceil(options.examples / options.concurrency) * latency) / 1000;
  const bare: number[] = [];
  const engine: number[] = [];
  const cpu: { bare: number[]; engine: number[]; server: number[] } = { bare: [], engine: [], server: [] };
  for (let round = 0; round < options.rounds; round++) {
    const server = await startServer("--latency", String(latency));
    const loop = await start<{ seconds: number; requests: number }>([BARE, file, server.url, String(options.concurrency)]).ended;
    if (loop.result?.requests !== options.examples) throw new Error(`The bare loop broke off: ${loop.stderr}`);
    const db = join(folder, `${latency}-${round}.db`);
    const ran = await startAnnotate({ file, db, url: server.url, concurrency: options.concurrency }).ended;
    const summary = summaryOf(ran);
    if (summary.annotated !== options.examples) throw new Error(`Expected ${options.examples} annotated: ${JSON.stringify(summary)}`);
    bare.push(loop.result.seconds);
    engine.push(summary.seconds);
    cpu.bare.push((loop.probes.at(-1)?.cpu ?? Number.NaN) / options.examples);
    cpu.engine.push((ran.probes.at(-1)?.cpu ?? Number.NaN) / options.examples);
    cpu.server.push(server.cpu() / options.examples / 2);
    await server.close();
  }
  print();
  print(`at ${latency} ms latency`);
  row("bare p-limit loop", seconds(median(bare)), `(${bare.map(seconds).join(", ")})`);
  row("lumos annotate, first record to last outcome", seconds(median(engine)), `(${engine.map(seconds).join(", ")})`);
  row("lumos ÷ bare", times(median(engine) / median(bare)), `wanted: at most ${times(latency === 0 ? 1.5 : 1.1)}`);
  if (latency > 0) row("lumos ÷ ideal", times(median(engine) / ideal), `wanted: at most ${times(1.2)} of ${seconds(ideal)}`);
  row("processor ms per example, start included", `bare ${median(cpu.bare).toFixed(2)}`, `lumos ${median(cpu.engine).toFixed(2)}`, `stand-in ${median(cpu.server).toFixed(2)}`);
}

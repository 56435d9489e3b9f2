import { join } from "node:path";
import { Command } from "commander";
import { wholeNumber } from "../cli/options.ts";
import { hasOption, print, row, seconds, startAnnotate, startServer, summaryOf, workFolder, writeExamples } from "./support.ts";

/** How well a rate limit is used: an endpoint that lets so many requests a minute through, told with --rpm, and found out from its headers. */
const options = new Command("bench/rate")
  .option("--rpm <n>", "of the endpoint", wholeNumber(1), 600)
  .option("--burst <n>", "requests that it takes at once", wholeNumber(1), 10)
  .option("--minutes <n>", "how long each part takes at the limit", Number, 1)
  .option("--concurrency <n>", "", wholeNumber(1), 100)
  .option("--latency <ms>", "", wholeNumber(0), 200)
  .parse()
  .opts<{ rpm: number; burst: number; minutes: number; concurrency: number; latency: number }>();

const folder = workFolder();
const examples = Math.round(options.rpm * options.minutes);
const file = await writeExamples(folder, examples);
print(`node dist/scripts/bench/rate.js ${process.argv.slice(2).join(" ")}`.trim());
print(`${examples} examples at an endpoint that lets ${options.rpm} requests a minute through, ${options.burst} of them at once`);
const known = hasOption("--rpm");
if (!known) print("(this program has no --rpm yet)");
const parts = [...(known ? [["told with --rpm", ["--rpm", String(options.rpm)]] as const] : []), ["found out from the headers", []] as const];
for (const [label, more] of parts) {
  const server = await startServer("--latency", String(options.latency), "--rpm", String(options.rpm), "--burst", String(options.burst));
  const summary = summaryOf(await startAnnotate({ file, db: join(folder, `${more.length}.db`), url: server.url, concurrency: options.concurrency, more }).ended);
  const { requests, replies, over_limit: over, span_ms: span } = await server.stats();
  await server.close();
  const used = replies / ((options.rpm * span) / 60_000);
  row(label, `${summary.annotated} annotated, ${summary.failed} failed`, seconds(span / 1000), `limit used ${(100 * used).toFixed(1)} % (wanted: at least 95 %)`, `over it ${over} of ${requests} requests (wanted: at most 1)`);
}

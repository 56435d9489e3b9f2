import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import type { StandInStats } from "../../pipelines/llm/stand-in.ts";
import { numberWithin, wholeNumber } from "../cli/options.ts";
import { hasOption, print, row, seconds, startAnnotate, startServer, summaryOf, workFolder, writeExamples } from "./support.ts";
import type { Ran } from "./support.ts";

/** Everything that goes wrong, at once: what becomes of the examples, and how many requests it takes. Options after `--` go to `lumos annotate`. */
const command = new Command("bench/faults")
  .option("--examples <n>", "", wholeNumber(1), 500)
  .option("--share <share>", "of the requests that go wrong", numberWithin(0, 1), 0.4)
  .option("--wrong <share>", "of the plans with a mistake", numberWithin(0, 1), 0.1)
  .option("--concurrency <n>", "", wholeNumber(1), 50)
  .option("--latency <ms>", "", wholeNumber(0), 20)
  .option("--timeout <seconds>", "for one request: what a hang costs", wholeNumber(1), 2)
  .option("--seed <seed>", "", "1")
  .argument("[annotate...]", "more options of annotate, after --")
  .parse();
const options = command.opts<{ examples: number; share: number; wrong: number; concurrency: number; latency: number; timeout: number; seed: string }>();

const folder = workFolder();
const file = await writeExamples(folder, options.examples);
const db = join(folder, "faults.db");
const server = await startServer("--latency", String(options.latency), "--faults", String(options.share), "--wrong", String(options.wrong), "--seed", options.seed);
print(`node dist/scripts/bench/faults.js ${process.argv.slice(2).join(" ")}`.trim());
print(`${options.examples} examples, ${options.share * 100} % of the requests go wrong, ${options.wrong * 100} % of the plans are wrong, ${options.concurrency} in flight`);

const more = ["--timeout", String(options.timeout), ...command.args];
for (const round of ["first run", "second run"]) {
  const before = (await server.stats()).requests;
  const ran = await startAnnotate({ file, db, url: server.url, concurrency: options.concurrency, more }).ended;
  const { requests } = await server.stats();
  report(round, ran, requests - before, requests);
}
const stats = await server.stats();
row("requests per example, both runs", (stats.requests / options.examples).toFixed(2), "wanted: at most 2.50");
row("faults met", Object.entries(stats.faults).map(([kind, n]) => `${n} ${kind}`).join(", "));
if (hasOption("--max-cost")) await capped();
else row("the cap", "this program has no --max-cost yet");
await server.close();

/** The same with a cap that about half of the examples fit under; what was spent is what the server says of the tokens of its replies. */
async function capped(): Promise<void> {
  const price = { input: 1, output: 4 };
  const dollars = ({ prompt_tokens: input, completion_tokens: output }: StandInStats): number => (input * price.input + output * price.output) / 1e6;
  const cap = Number((dollars(stats) / 2).toFixed(4));
  writeFileSync(join(folder, "lumos.config.json"), JSON.stringify({ models: { "stand-in": { price } } }));
  const capDb = join(folder, "capped.db");
  const ran = await startAnnotate({ file, db: capDb, url: server.url, concurrency: options.concurrency, more: [...more, "--max-cost", String(cap), "--max-tokens", "1000"] }).ended;
  const spent = dollars(await server.stats()) - dollars(stats);
  print();
  row(`under a cap of ${cap} USD`, `exit ${ran.code} (wanted: 3)`, `spent as the server counts ${spent.toFixed(6)} USD`, `as the run says ${ran.result === null ? "nothing" : (ran.result.cost_usd ?? "unknown, since not every reply told its tokens")}`, spent <= cap ? "cap kept" : "CAP PASSED", ran.stderr.trim().split("\n").at(-1) ?? "");
}

function report(round: string, ran: Ran<AnnotateSummary>, sent: number, total: number): void {
  const { examples, annotated, quarantined, skipped, failed, levels, repaired, defects, cost_usd: cost, seconds: took } = summaryOf(ran);
  print();
  row(round, `exit ${ran.code}`, seconds(took), `${sent} requests (${total} in all)`, `cost ${cost ?? "unknown"}`);
  row("every example has an outcome", `${annotated} annotated + ${quarantined} quarantined + ${skipped} skipped + ${failed} failed = ${examples} of ${options.examples}`);
  row("levels, repaired", JSON.stringify(levels), String(repaired));
  row("defects", JSON.stringify(defects));
}

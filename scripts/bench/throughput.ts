import { Command } from "commander";
import pLimit from "p-limit";
import { openClient } from "../../pipelines/llm/client.ts";
import { createLimits } from "../../pipelines/llm/limits.ts";
import { buildRequest } from "../../pipelines/llm/request.ts";
import { wholeNumber } from "../cli/options.ts";
import { median, print, row, seconds, startServer, times } from "./support.ts";

/**
 * What the limits cost: the same requests through the limits and through a bare p-limit loop over the same client, in turns in one
 * process, against the stand-in in another. `engine.js` measures the whole program.
 */
const options = new Command("bench/throughput")
  .option("--requests <n>", "", wholeNumber(1), 2000)
  .option("--concurrency <n>", "", wholeNumber(1), 100)
  .option("--latency <ms>", "of the first part; the second has none", wholeNumber(1), 200)
  .option("--rounds <n>", "of which the median counts", wholeNumber(1), 3)
  .parse()
  .opts<{ requests: number; concurrency: number; latency: number; rounds: number }>();

const { signal } = new AbortController();
const requests = Array.from({ length: options.requests }, (_, index) =>
  buildRequest({ model: "stand-in", messages: [{ role: "user", content: `Task ${index}: ${"how many are there? ".repeat(100)}` }], parameters: {}, reply: "json", ask: 1 }),
);
print(`${options.requests} requests, ${options.concurrency} in flight, median of ${options.rounds} rounds, Node ${process.version}`);

for (const latency of [options.latency, 0]) {
  const server = await startServer("--latency", String(latency));
  const { complete, close } = openClient({ baseUrl: server.url, key: "stand-in" });
  const bare: Measured[] = [];
  const limited: Measured[] = [];
  const loop = async (): Promise<void> => {
    const limit = pLimit(options.concurrency);
    await Promise.all(requests.map((request) => limit(() => complete(request, signal))));
  };
  const limits = async (): Promise<void> => {
    const wrapped = createLimits({ concurrency: options.concurrency }).wrap(complete);
    await Promise.all(requests.map((request) => wrapped(request, signal)));
  };
  // Connections and compiled code are there before the clock starts.
  await loop();
  for (let round = 0; round < options.rounds; round++) {
    bare.push(await measure(loop));
    limited.push(await measure(limits));
  }
  await close();
  await server.close();
  const [theirs, ours] = [median(bare.map(({ wall }) => wall)), median(limited.map(({ wall }) => wall))];
  const ideal = (Math.ceil(options.requests / options.concurrency) * latency) / 1000;
  print(`${latency} ms latency${latency > 0 ? `, ideal ${seconds(ideal)}` : ""}`);
  row("bare p-limit loop", seconds(theirs), cpuOf(bare), ...(latency > 0 ? [`${times(theirs / ideal)} the ideal`] : []));
  row("through the limits", seconds(ours), cpuOf(limited), ...(latency > 0 ? [`${times(ours / ideal)} the ideal`] : []), `${times(ours / theirs)} the loop`);
}

interface Measured {
  /** Seconds. */
  wall: number;
  /** Milliseconds of processor time. */
  cpu: number;
}

async function measure(run: () => Promise<void>): Promise<Measured> {
  const before = process.cpuUsage();
  const started = performance.now();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1000 };
}

function cpuOf(measured: readonly Measured[]): string {
  return `${(median(measured.map(({ cpu }) => cpu)) / options.requests).toFixed(2)} ms CPU a request`;
}

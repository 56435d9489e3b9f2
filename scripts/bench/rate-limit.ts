import { createServer } from "node:http";
import { Command } from "commander";
import { openClient } from "../../pipelines/llm/client.ts";
import { createLimits } from "../../pipelines/llm/limits.ts";
import { buildRequest } from "../../pipelines/llm/request.ts";
import { createRateLimiter } from "../../pipelines/llm/stand-in-limits.ts";
import type { Passage } from "../../pipelines/llm/stand-in-limits.ts";
import { wholeNumber } from "../cli/options.ts";
import { print, row } from "./support.ts";

/**
 * How well a rate limit is used, whatever its kind: buckets, fixed minutes, sliding minutes; told to the program, or found out from the headers.
 * Real minutes, all kinds at once. `rate.js` measures the whole program.
 */
const options = new Command("bench/rate-limit")
  .option("--rpm <n>", "", wholeNumber(1), 600)
  .option("--minutes <n>", "", Number, 2)
  .option("--concurrency <n>", "", wholeNumber(1), 100)
  .option("--latency <ms>", "", wholeNumber(0), 200)
  .parse()
  .opts<{ rpm: number; minutes: number; concurrency: number; latency: number }>();

const MINUTE = 60_000;
const KINDS: [string, (rpm: number) => () => Passage][] = [
  ["bucket of a minute's", (requests) => bucket(requests, requests)],
  ["bucket of ten", (requests) => bucket(requests, 10)],
  ["fixed minutes", fixedMinutes],
  ["sliding minutes", slidingMinutes],
];

print(`${options.rpm} requests a minute, for ${options.minutes} minutes, ${options.concurrency} in flight, ${options.latency} ms latency`);
const runs = KINDS.flatMap(([kind, policy]) => [true, false].map((told) => measure(`${kind}, ${told ? "told" : "found out"}`, policy(options.rpm), told)));
for (const { label, passed, refused } of await Promise.all(runs)) {
  const used = (100 * passed) / (options.rpm * options.minutes);
  row(label, `used ${used.toFixed(1)} % (wanted: at least 95 %)`, `over it ${refused} times (wanted: at most once)`);
}

async function measure(label: string, pass: () => Passage, told: boolean): Promise<{ label: string; passed: number; refused: number }> {
  let passed = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    request.resume();
    const { passed: passes, headers } = pass();
    if (passes) passed += 1;
    else refused += 1;
    const body = passes ? { choices: [{ message: { content: "plan" }, finish_reason: "stop" }] } : { error: { message: "Rate limit reached.", code: "rate_limit_exceeded" } };
    setTimeout(() => response.writeHead(passes ? 200 : 429, headers).end(JSON.stringify(body)), passes ? options.latency : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The endpoint has no port.");
  const client = openClient({ baseUrl: `http://127.0.0.1:${address.port}/v1`, key: null });
  const limits = createLimits({ concurrency: options.concurrency, rpm: told ? options.rpm : null });
  const complete = limits.wrap(client.complete);
  const { signal } = new AbortController();
  const request = buildRequest({ model: "stand-in", messages: [{ role: "user", content: "Task" }], parameters: {}, reply: "text", ask: 1 });
  const end = performance.now() + options.minutes * MINUTE;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) await complete(request, signal).catch(() => undefined);
  };
  setTimeout(() => limits.drain(), options.minutes * MINUTE);
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  await client.close();
  server.close();
  return { label, passed, refused };
}

function bucket(requests: number, burst: number): () => Passage {
  const limiter = createRateLimiter({ requests, burst });
  return () => limiter(0);
}

function fixedMinutes(rpm: number): () => Passage {
  let start = performance.now();
  let count = 0;
  return () => {
    const now = performance.now();
    if (now >= start + MINUTE) [start, count] = [now, 0];
    return passage(rpm, rpm - count, start + MINUTE - now, () => (count += 1));
  };
}

function slidingMinutes(rpm: number): () => Passage {
  const times: number[] = [];
  return () => {
    const now = performance.now();
    while ((times[0] ?? now) <= now - MINUTE) times.shift();
    return passage(rpm, rpm - times.length, MINUTE - (now - (times[0] ?? now)), () => times.push(now));
  };
}

function passage(rpm: number, left: number, resetMs: number, take: () => void): Passage {
  const passed = left > 0;
  if (passed) take();
  const headers = { "x-ratelimit-limit-requests": String(rpm), "x-ratelimit-remaining-requests": String(Math.max(0, left - 1)), "x-ratelimit-reset-requests": `${Math.round(resetMs)}ms` };
  return { passed, headers: passed ? headers : { ...headers, "retry-after": String(Math.ceil(resetMs / 1000)) } };
}

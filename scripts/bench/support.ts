import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import type { StandInStats } from "../../pipelines/llm/stand-in.ts";
import type { Probe } from "./probe.ts";

const LUMOS = compiled("../lumos.js");
const STAND_IN = compiled("../stand-in.js");
const PROBE = new URL("probe.js", import.meta.url).href;

/** A folder of the benchmark's own, gone when it ends. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lumos-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes so many GSM8K-shaped problems, all different, each with two marked steps. */
export async function writeExamples(folder: string, count: number): Promise<string> {
  const file = join(folder, `gsm8k-${count}.jsonl`);
  const stream = createWriteStream(file);
  for (let n = 0; n < count; n++) {
    if (!stream.write(`${JSON.stringify(problem(n))}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
  return file;
}

function problem(n: number): { question: string; answer: string } {
  const [boxes, pens, more] = [2 + (n % 97), 3 + (n % 89), 5 + (n % 83)];
  const [packed, all] = [boxes * pens, boxes * pens + more];
  return {
    question: `Shop number ${n} has ${boxes} boxes with ${pens} pens each, and ${more} more pens lie on the counter. How many pens are there in the shop?`,
    answer: `The boxes hold ${boxes}*${pens}=<<${boxes}*${pens}=${packed}>>${packed} pens.\nIn the shop there are ${packed}+${more}=<<${packed}+${more}=${all}>>${all} pens.\n#### ${all}`,
  };
}

export interface Server {
  url: string;
  stats(): Promise<StandInStats>;
  /** Processor time so far, in milliseconds. */
  cpu(): number;
  close(): Promise<void>;
}

/** Starts the stand-in as a process of its own, on a free port. `args`: see `npm run stand-in -- --help`. */
export async function startServer(...args: string[]): Promise<Server> {
  const child = spawn(process.execPath, ["--import", PROBE, STAND_IN, "--port", "0", ...args], { stdio: ["ignore", "pipe", "ignore", "ipc"] });
  const probes = probesOf(child);
  process.on("exit", () => child.kill());
  const url = await Promise.race([firstLine(piped(child.stdout)), once(child, "exit").then(() => Promise.reject(new Error("The stand-in ended at once.")))]);
  return {
    url,
    async stats() {
      const response = await fetch(url.replace(/v1$/, "stats"));
      return (await response.json()) as StandInStats;
    },
    cpu: () => probes.at(-1)?.cpu ?? 0,
    async close() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

export interface Ran<Result = unknown> {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it printed on stdout, read as JSON; null where it printed none. */
  result: Result | null;
  stderr: string;
  /** From the start of the process to its end. */
  seconds: number;
  probes: readonly Probe[];
}

export interface Running<Result = unknown> {
  child: ChildProcess;
  probes: readonly Probe[];
  ended: Promise<Ran<Result>>;
}

/** Starts the compiled program's `annotate gsm8k` with a summary on stdout. */
export function startAnnotate(options: { file: string; db: string; url: string; concurrency: number; more?: readonly string[] }): Running<AnnotateSummary> {
  const { file, db, url, concurrency, more = [] } = options;
  const args = ["annotate", "gsm8k", "--input", file, "--db", db, "--model", "stand-in", "--base-url", url, "--concurrency", String(concurrency), "--json", "--quiet"];
  // Run where the store is: no configuration of someone's own is found there.
  return start<AnnotateSummary>([LUMOS, ...args, ...more], dirname(db));
}

/** Whether `lumos annotate` knows an option. */
export function hasOption(flag: string): boolean {
  return spawnSync(process.execPath, [LUMOS, "annotate", "--help"], { encoding: "utf8" }).stdout.includes(flag);
}

/** Starts a Node program under the probe. */
export function start<Result>(args: readonly string[], cwd?: string): Running<Result> {
  const started = performance.now();
  const env = { ...process.env, OPENAI_API_KEY: "stand-in" };
  const child = spawn(process.execPath, ["--import", PROBE, ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"], env, cwd });
  const probes = probesOf(child);
  let stdout = "";
  let stderr = "";
  piped(child.stdout).setEncoding("utf8").on("data", (text: string) => (stdout += text));
  piped(child.stderr).setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then((): Ran<Result> => {
    const result = stdout.trim().startsWith("{") ? (JSON.parse(stdout) as Result) : null;
    return { code: child.exitCode, signal: child.signalCode, result, stderr, seconds: (performance.now() - started) / 1000, probes };
  });
  return { child, probes, ended };
}

function piped(stream: Readable | null): Readable {
  if (stream === null) throw new Error("A stream of the child process is not piped.");
  return stream;
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface(stream)) return line;
  throw new Error("The stand-in ended without a word.");
}

function probesOf(child: ChildProcess): readonly Probe[] {
  const probes: Probe[] = [];
  child.on("message", (message) => probes.push(message as Probe));
  return probes;
}

/** The summary of a run that has to have one. */
export function summaryOf(ran: Ran<AnnotateSummary>): AnnotateSummary {
  if (ran.result === null) throw new Error(`The run ended with ${ran.code ?? ran.signal} and no summary: ${ran.stderr.trim()}`);
  return ran.result;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** A line of figures under a label. */
export function row(label: string, ...figures: string[]): void {
  print(`  ${label.padEnd(44)} ${figures.join("  ")}`);
}

export const seconds = (value: number): string => `${value.toFixed(2)} s`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function compiled(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

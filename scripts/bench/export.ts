import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { Command } from "commander";
import { FORMATS } from "../../pipelines/export/formats.ts";
import type { ExportSummary } from "../../pipelines/export/export.ts";
import { LumosError } from "../../schemas/errors.ts";
import { listOf, wholeNumber } from "../cli/options.ts";
import { repeatAnnotations } from "./repeat.ts";
import { megabytes, print, row, seconds, start, startServer, workFolder, writeExamples } from "./support.ts";

interface Options {
  input: string[];
  annotations: number;
  failed: number;
  many: number;
  format?: string[];
}

/** How fast training files are written in each format, and whether memory grows with the store. For `dpo`, last, the stand-in annotates a part of every source, too, half of it wrongly. */
const { input, annotations, failed, many, format } = new Command("bench/export")
  .description("annotates sources by rules, and in part by the stand-in, into a store of its own, repeats the annotations under fresh ids, and exports them in every format")
  .option("--input <dataset=file>", "source files (repeatable; default: 10,000 made-up problems)", listOf(String), [])
  .option("--annotations <n>", "how many to export in each format", wholeNumber(1), 56_000)
  .option("--failed <n>", "how many records of each source the stand-in annotates, half of them wrongly", wholeNumber(1), 5000)
  .option("--many <n>", "how many to export in the lumos format, for its memory; 0: none", wholeNumber(0), 1_000_000)
  .option("--format <name>", "only these (repeatable)", listOf(String))
  .parse()
  .opts<Options>();

const LUMOS = fileURLToPath(new URL("../lumos.js", import.meta.url));
const folder = workFolder();
const db = join(folder, "export.db");

const sources = (input.length > 0 ? input : [`gsm8k=${await writeExamples(folder, 10_000)}`]).map((each) => {
  const [dataset = "", ...file] = each.split("=");
  return ["annotate", dataset, "--input", file.join("=")];
});
for (const source of sources) await lumos(...source);
const base = annotated();
repeatAnnotations(db, annotations);
print(`${annotated()} annotations (${base} different ones), Node ${process.version}; time is that of the whole process, processor time in brackets`);
const names = format ?? [...FORMATS.keys()];
for (const name of names.filter((each) => each !== "dpo")) await measure(name);
if (names.includes("dpo")) {
  const standIn = await startServer("--wrong", "0.5");
  for (const source of sources) await lumos(...source, "--limit", String(failed), "--model", "stand-in", "--base-url", standIn.url, "--attempts", "1", "--concurrency", "50");
  await standIn.close();
  await measure("dpo");
}
if (many > 0) {
  repeatAnnotations(db, many);
  print(`${annotated()} annotations`);
  await measure("lumos");
}

async function measure(name: string): Promise<void> {
  const { summary, took, cpu, rss } = await lumos("export", "--format", name, "--out", join(folder, "out"));
  const rows = summary.files.reduce((n, file) => n + file.rows, 0);
  const rate = (time: number): string => `${Math.round(rows / time).toLocaleString("en")} rows/s`;
  row(name, `${rows} rows`, seconds(took), rate(took), `(${seconds(cpu)}, ${rate(cpu)})`, `peak ${megabytes(rss)}`);
}

async function lumos(...args: string[]): Promise<{ summary: ExportSummary; took: number; cpu: number; rss: number }> {
  const ran = await start<ExportSummary>([LUMOS, ...args, "--db", db, "--json", "--quiet"], folder).ended;
  if (ran.code !== 0 || ran.result === null) throw new LumosError("usage", `lumos ${args.join(" ")} ended with ${ran.code ?? ran.signal}: ${ran.stderr.trim()}`);
  return { summary: ran.result, took: ran.seconds, cpu: (ran.probes.at(-1)?.cpu ?? 0) / 1000, rss: Math.max(...ran.probes.map(({ rss }) => rss)) };
}

function annotated(): number {
  const store = new Database(db, { readonly: true });
  const { n } = store.prepare<[], { n: number }>("SELECT count(*) AS n FROM annotations").get() ?? { n: 0 };
  store.close();
  return n;
}

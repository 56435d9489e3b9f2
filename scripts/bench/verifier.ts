import { Command } from "commander";
import { LumosError } from "../../schemas/errors.ts";
import { listOf, wholeNumber } from "../cli/options.ts";
import { reportText } from "./verifier/report.ts";
import { benchVerifier } from "./verifier/run.ts";

interface Options {
  input: [string, string][];
  plans: string[];
  sample: number;
  sites: number;
  seed: string;
  escapes: number;
  json?: true;
}

/** How good the verifier is: what it makes of sound plans with defects planted in them, of sound plans written otherwise, and of another gold answer. */
const options = new Command("bench/verifier")
  .description("plants defects in sound plans and counts those that the verifier catches (docs/verifier.md)")
  .option("--input <dataset=file>", "source files (repeatable; default: each dataset's bundled sample)", listOf(datasetFile), [])
  .option("--plans <file>", "written plans, JSON lines with dataset, task, response (repeatable)", listOf(String), [])
  .option("--sample <n>", "examples drawn from each dataset", wholeNumber(1), 500)
  .option("--sites <n>", "defects of a kind planted in one plan at most", wholeNumber(1), 2)
  .option("--seed <seed>", "draws the same examples and defects each time", "0")
  .option("--escapes <n>", "plans shown of each kind that were judged wrongly", wholeNumber(0), 0)
  .option("--json", "one object on stdout, escapes with it")
  .parse()
  .opts<Options>();

try {
  const inputs = new Map<string, string[]>();
  for (const [dataset, file] of options.input) inputs.set(dataset, [...(inputs.get(dataset) ?? []), file]);
  const { plans, sample, sites, seed, escapes } = options;
  const result = await benchVerifier({ inputs, plans, sample, sites, seed, keep: options.json ? Math.max(10, escapes) : escapes });
  process.stdout.write(`${options.json ? JSON.stringify(result) : reportText(result, escapes)}\n`);
} catch (error) {
  if (!(error instanceof LumosError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function datasetFile(value: string): [string, string] {
  const [, dataset, file] = /^([a-z][a-z0-9_]*)=(.+)$/s.exec(value) ?? [];
  if (dataset === undefined || file === undefined) throw new LumosError("usage", `--input takes DATASET=FILE, not '${value}'.`);
  return [dataset, file];
}

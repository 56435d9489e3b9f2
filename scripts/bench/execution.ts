import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { z } from "zod";
import { executePlan } from "../../pipelines/execution/execute.ts";
import { verifyPlan } from "../../pipelines/verify/verify.ts";
import { wholeNumber } from "../cli/options.ts";
import { print, row, workFolder, writeExamples } from "./support.ts";
import { collectSound } from "./verifier/sound.ts";

/** How quick execution and verification are: actions and plans a second on one core, and `lumos verify` over a store on one thread and on two. */
const options = new Command("bench/execution")
  .option("--input <file>", "GSM8K records (default: made ones)")
  .option("--examples <n>", "made records of the store", wholeNumber(100), 20_000)
  .option("--seconds <n>", "how long each measurement on one core takes", wholeNumber(1), 3)
  .parse()
  .opts<{ input?: string; examples: number; seconds: number }>();

const LUMOS = fileURLToPath(new URL("../lumos.js", import.meta.url));
const annotated = z.object({ annotated: z.number() });
const verified = z.object({ annotations: z.number(), workers: z.number(), seconds: z.number() });

const folder = workFolder();
const file = options.input ?? (await writeExamples(folder, options.examples));
print(`node dist/scripts/bench/execution.js ${process.argv.slice(2).join(" ")}`.trim());

const { sound } = await collectSound({ inputs: options.input === undefined ? new Map() : new Map([["gsm8k", [file]]]), plans: [], sample: 1000, seed: "0" });
const maths = sound.filter(({ converter }) => converter.domain === "maths");
const actions = maths.reduce((sum, { plan }) => sum + plan.subgoals.reduce((own, subgoal) => own + subgoal.actions.length, 0), 0);
const executions = perSecond(() => {
  for (const { plan } of maths) executePlan(plan, "maths");
});
row("execution, one core", `${whole(executions * actions)} actions a second`, `${maths.length} plans over and over`, "wanted: at least 20,000");
const verifications = perSecond(() => {
  for (const { plan, example } of maths) verifyPlan(plan, { domain: "maths", example, topLevel: "proven" });
});
row("verification, one core", `${whole(verifications * actions)} actions a second`, `${whole(verifications * maths.length)} plans a second`);

const db = join(folder, "bench.db");
const stored = annotated.parse(lumos("annotate", "gsm8k", "--input", file, "--db", db));
const [one, two] = [1, 2].map((workers) => {
  // The first pass warms the files up; of the others the quicker one counts.
  const runs = [0, 1, 2].map(() => {
    const started = performance.now();
    const { seconds } = verified.parse(lumos("verify", "--db", db, "--workers", String(workers)));
    return { seconds, wall: (performance.now() - started) / 1000 };
  });
  const [best = { seconds: 0, wall: 0 }] = runs.slice(1).sort((a, b) => a.seconds - b.seconds);
  row(`lumos verify, ${workers === 1 ? "one thread" : `${workers} threads`}`, `${best.seconds.toFixed(2)} s for ${whole(stored.annotated)} annotations`, `${whole(stored.annotated / best.seconds)} a second`, `${best.wall.toFixed(2)} s with the program's start`);
  return best;
});
if (one !== undefined && two !== undefined) row("two threads over one", `${(one.seconds / two.seconds).toFixed(2)} times as fast`, "wanted: at least 1.7");

/** How often a task can be done in a second, measured over whole runs after one to warm up. */
function perSecond(task: () => void): number {
  task();
  const started = performance.now();
  let runs = 0;
  let elapsed = 0;
  while (elapsed < options.seconds * 1000) {
    task();
    runs += 1;
    elapsed = performance.now() - started;
  }
  return (1000 * runs) / elapsed;
}

function lumos(...args: string[]): unknown {
  const ran = spawnSync(process.execPath, [LUMOS, ...args, "--json"], { encoding: "utf8", maxBuffer: 1e8 });
  if (ran.status !== 0) throw new Error(`lumos ${args[0]} ended with ${ran.status ?? ran.signal}: ${ran.stderr.slice(-500)}`);
  return JSON.parse(ran.stdout);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

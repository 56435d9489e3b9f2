import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { wholeNumber } from "../cli/options.ts";
import { launchChromium } from "../screenshots/chromium.ts";
import { repeatAnnotations } from "./repeat.ts";
import { median, print, row, start, workFolder, writeExamples } from "./support.ts";

interface Options {
  annotations: number;
  decide: number;
}

/** How quick `lumos review` is over a large store: its API, and the page in a browser. */
const { annotations, decide } = new Command("bench/review")
  .description("annotates made-up problems by rules, repeats them, and reviews them in Chromium by keyboard")
  .option("--annotations <n>", "", wholeNumber(1), 10_000)
  .option("--decide <n>", "verdicts to give", wholeNumber(1), 50)
  .parse()
  .opts<Options>();

const LUMOS = fileURLToPath(new URL("../lumos.js", import.meta.url));
const folder = workFolder();
const db = join(folder, "review.db");
const { code, stderr } = await start([LUMOS, "annotate", "gsm8k", "--input", await writeExamples(folder, Math.min(annotations, 1000)), "--db", db, "--json", "--quiet"], folder).ended;
if (code !== 0) throw new Error(`lumos annotate ended with ${code}: ${stderr}`);
repeatAnnotations(db, annotations);

const server = spawn(process.execPath, [LUMOS, "review", "--db", db, "--port", "0", "--json", "--quiet"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => server.kill());
const [line] = (await once(createInterface(server.stdout), "line")) as [string];
const { url } = JSON.parse(line) as { url: string };
print(`node dist/scripts/bench/review.js ${process.argv.slice(2).join(" ")}`.trim());
print(`${annotations.toLocaleString("en")} annotations, Node ${process.version}`);
await measureApi();
await measurePage();
server.kill("SIGINT");
await once(server, "exit");

async function measureApi(): Promise<void> {
  const { origin, hash } = new URL(url);
  const headers = { "x-lumos-token": hash.slice("#token=".length) };
  for (const order of ["random", "stratified", "worst", "disagreements"]) {
    const took: number[] = [];
    for (let n = 0; n < 10; n++) {
      const began = performance.now();
      await (await fetch(`${origin}/api/queue?reviewer=Ada&limit=50&order=${order}`, { headers })).json();
      took.push(performance.now() - began);
    }
    row(`first queue page, ${order}`, `first ${milliseconds(took[0])}`, `median ${milliseconds(median(took))}`, "wanted: under 300 ms");
  }
}

async function measurePage(): Promise<void> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.getByLabel("Your name").fill("Ada");
  let began = performance.now();
  await page.keyboard.press("Enter");
  await page.locator("#queue-list .row").first().waitFor();
  await page.locator(".subgoal").first().waitFor();
  row("from the name to the first annotation, with the queue", milliseconds(performance.now() - began), "wanted: under 300 ms");
  const took: number[] = [];
  for (let n = 1; n <= decide; n++) {
    began = performance.now();
    await page.keyboard.press("a");
    await page.locator("#progress-text", { hasText: new RegExp(`^${n} of`) }).waitFor();
    took.push(performance.now() - began);
  }
  row(`from a key to the next annotation, ${decide} times`, `median ${milliseconds(median(took))}`, `longest ${milliseconds(Math.max(...took))}`);
  await browser.close();
}

function milliseconds(value = Number.NaN): string {
  return `${value.toFixed(0)} ms`;
}

import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_FOLDER } from "../../pipelines/package.ts";

/** An example of a page: `js` or `sh`, and what stands below it as its output (null where nothing does). */
interface Example {
  language: "js" | "sh";
  code: string;
  output: string | null;
  /** The output differs from run to run; only that it runs is checked. */
  varies: boolean;
  /** The lines of the page that `output` takes, first and last exclusive. */
  lines: [number, number];
}

/**
 * Runs the examples of a page, in order and in one folder of their own, and gives the page with what they print. An example is a fence marked
 * `sh run` or `js run`; a fence marked `text` right below it is its output (`text varies`: as an illustration, put there once). As in one terminal, `cd` and
 * `export` hold for what follows. Beside them lies `train.jsonl`, GSM8K's bundled sample; `npm run stand-in -- …` is served as long as the page runs. Times
 * and dates of the output may differ.
 */
export async function refreshPage(page: string): Promise<{ text: string; failures: string[] }> {
  const lines = page.split("\n");
  const found = examples(lines);
  if (found.length === 0) return { text: page, failures: [] };
  const folder = mkdtempSync(join(tmpdir(), "lumos-docs-"));
  const shell = openShell(folder);
  const failures: string[] = [];
  const changes: { from: number; to: number; lines: string[] }[] = [];
  try {
    for (const [index, example] of found.entries()) {
      const { code, printed } = await (example.language === "js" ? shell.js(example.code, index) : shell.sh(example.code));
      if (code !== 0) failures.push(`example ${index + 1} ended with ${code}:\n${example.code}\n${printed}`);
      const [from, to] = example.lines;
      if (example.output === null || (example.varies && example.output !== "") || comparable(printed) === comparable(example.output)) continue;
      changes.push({ from, to, lines: printed.trimEnd().split("\n") });
    }
  } finally {
    await shell.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { from, to, lines: printed } of changes.reverse()) lines.splice(from + 1, to - from - 1, ...printed);
  return { text: lines.join("\n"), failures };
}

/** The code of a page's examples in a language, as it stands. */
export function codeOf(page: string, language: "js" | "sh"): string[] {
  return examples(page.split("\n")).flatMap((example) => (example.language === language ? [example.code] : []));
}

function examples(lines: readonly string[]): Example[] {
  const fences = lines.flatMap((line, index) => (line.startsWith("```") ? [index] : []));
  const found: Example[] = [];
  for (let each = 0; each + 1 < fences.length; each += 2) {
    const [start = 0, end = 0, next = -1, last = -1] = fences.slice(each, each + 4);
    const language = /^```(js|sh) run$/.exec(lines[start] ?? "")?.[1];
    if (language !== "js" && language !== "sh") continue;
    const kind = lines.slice(end + 1, next).every((line) => line === "") ? /^```text( varies)?$/.exec(lines[next] ?? "") : null;
    const output = kind === null ? null : lines.slice(next + 1, last).join("\n");
    found.push({ language, code: lines.slice(start + 1, end).join("\n"), output, varies: kind?.[1] !== undefined, lines: [next, last] });
  }
  return found;
}

/** What does not differ from run to run and from machine to machine. */
function comparable(output: string): string {
  return output
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "DATE")
    .replaceAll(/\b[\d,]+(?:\.\d+)? (?:s|ms)\b/g, "TIME")
    .replaceAll(/\bon (?:one|\d+) threads?\b/g, "on THREADS");
}

interface Ended {
  code: number | null;
  printed: string;
}

interface Shell {
  sh(code: string): Promise<Ended>;
  js(code: string, index: number): Promise<Ended>;
  close(): Promise<void>;
}

/** The address that pages give the stand-in. */
const STAND_IN = "127.0.0.1:8080";
const SCRIPTS = join(PACKAGE_FOLDER, "dist", "scripts");

function openShell(folder: string): Shell {
  const bin = join(folder, ".bin");
  mkdirSync(bin);
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(bin, "lumos"), `#!/bin/sh\nexec "${process.execPath}" "${join(SCRIPTS, "lumos.js")}" "$@"\n`, { mode: 0o755 });
  symlinkSync(PACKAGE_FOLDER, join(folder, "node_modules", "lumos-annotations"), "junction");
  copyFileSync(join(PACKAGE_FOLDER, "converters", "gsm8k", "sample.jsonl"), join(folder, "train.jsonl"));
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const env = { PATH: `${bin}:${PATH}`, HOME, SystemRoot };
  let session = "";
  let served: { address: string; stop(): Promise<void> } | null = null;

  const run = (program: string, args: readonly string[]): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, printed: served === null ? printed : printed.replaceAll(served.address, STAND_IN) }));
    });

  return {
    async sh(code) {
      const standIn = /^npm run stand-in -- --port 8080(.*)$/m.exec(code);
      if (standIn !== null) {
        await served?.stop();
        served = await serveStandIn((standIn[1] ?? "").split(" ").filter(Boolean), env);
        return { code: 0, printed: "" };
      }
      const ended = await run("sh", ["-e", "-c", `${session}${code}`.replaceAll(STAND_IN, served?.address ?? STAND_IN)]);
      session += code.split("\n").filter((line) => /^(?:cd|export) /.test(line)).map((line) => `${line}\n`).join("");
      return ended;
    },
    js(code, index) {
      writeFileSync(join(folder, `example-${index}.mjs`), code);
      return run(process.execPath, [`example-${index}.mjs`]);
    },
    async close() {
      await served?.stop();
    },
  };
}

/** Starts the stand-in on a free port of four digits, so that lines that name it are as long as on the page. */
async function serveStandIn(options: readonly string[], env: Record<string, string>): Promise<{ address: string; stop(): Promise<void> }> {
  for (let port = 8080; port < 9000; port++) {
    const child = spawn(process.execPath, [join(SCRIPTS, "stand-in.js"), "--port", String(port), ...options], { env, stdio: ["ignore", "pipe", "ignore"] });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const isUp = await Promise.race([new Promise<true>((resolve) => child.stdout.once("data", () => resolve(true))), ended.then(() => false)]);
    if (!isUp) continue;
    return {
      address: `127.0.0.1:${port}`,
      stop: () => {
        child.kill();
        return ended;
      },
    };
  }
  throw new Error("No port from 8080 to 8999 is free for the stand-in.");
}

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished, vi } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCRIPTS = join(ROOT, "dist", "scripts");
/** The compiled program, for tests that start it themselves. */
export const PROGRAM = join(SCRIPTS, "lumos.js");

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Surroundings {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs the compiled program in this process, which takes a fraction of the time that a process of its own would. One at a time: it has the folder, the environment and the output of the process. */
export async function lumos(args: readonly string[], { cwd = ROOT, env }: Surroundings = {}): Promise<Ran> {
  if (running) throw new Error("The program runs in this process already: await the run before, or use lumosProcess.");
  running = true;
  const { main } = await program();
  const printed = { stdout: "", stderr: "" };
  const before = { cwd: process.cwd(), env: process.env };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      return true;
    }),
  );
  process.chdir(cwd);
  process.env = environment(env);
  try {
    return { code: await main(args), ...printed };
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
    for (const spy of spies) spy.mockRestore();
    running = false;
  }
}

let running = false;

/** Runs the compiled program as a user would: a process of its own. */
export async function lumosProcess(args: readonly string[], { cwd = ROOT, env, input = "" }: Surroundings & { input?: string } = {}): Promise<Ran> {
  assertBuilt();
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: environment(env), stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, stdout, stderr };
}

/** The summary object of a run with --json; what it printed where there is none. */
export function summaryOf<T = Record<string, unknown>>(ran: Ran): T {
  try {
    return JSON.parse(ran.stdout) as T;
  } catch (error) {
    throw new Error(`no summary on stdout (exit ${ran.code}): ${ran.stdout}${ran.stderr}`, { cause: error });
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lumos-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a person's shell has, and nothing of what a test runner adds. */
function environment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...more };
}

/** What was built, as node itself loads it. */
async function program(): Promise<{ main(argv: readonly string[]): Promise<number> }> {
  assertBuilt();
  return (await import(/* @vite-ignore */ pathToFileURL(join(SCRIPTS, "cli", "program.js")).href)) as { main(argv: readonly string[]): Promise<number> };
}

function assertBuilt(): void {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build first (npm test does).`);
}

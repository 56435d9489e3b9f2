import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("npm run stand-in", () => {
  it("serves plans that the program can prove, says where, and ends on SIGINT with what it met", async () => {
    const { child, url, said } = await standIn("--port", "0", "--model", "small=1", "--model", "large");
    expect(await (await fetch(`${url}/models`)).json()).toMatchObject({ data: [{ id: "small" }, { id: "large" }] });
    const args = ["annotate", "gsm8k", "--input", join(ROOT, "converters/gsm8k/sample.jsonl"), "--limit", "5", "--db", join(temporaryFolder(), "l.db"), "--json", "--quiet"];
    const run = async (model: string) => summaryOf<AnnotateSummary>(await lumos([...args, "--base-url", url, "--model", model, "--attempts", "1"]));
    const large = await run("large");
    expect(large.annotated).toBeGreaterThan(3);
    expect(large.levels.proven).toBe(large.annotated);
    expect((await run("small")).levels.proven).toBe(0);
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    expect(said()).toMatch(/\d+ requests, \d+ of them different, \d+ replies/);
  });

  it.each([
    [["--kinds", "earthquake"], 2, "Expected one of rate_limit"],
    [["--faults", "2"], 2, "Expected a number from 0 to 1"],
    [["--model", "=1"], 2, "Expected NAME or NAME=SHARE"],
  ])("refuses %j", async (args, code, message) => {
    const child = spawnStandIn(args);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [exit] = await once(child, "close");
    expect(exit).toBe(code);
    expect(stderr).toMatch(new RegExp(message));
  });
});

async function standIn(...args: string[]) {
  const child = spawnStandIn(args);
  onTestFinished(() => void child.kill());
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [url] = await once(createInterface(child.stdout), "line");
  return { child, url: String(url), said: () => stderr };
}

function spawnStandIn(args: readonly string[]) {
  return spawn(process.execPath, [join(ROOT, "dist", "scripts", "stand-in.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

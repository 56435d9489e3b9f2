import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { programVersion } from "../../pipelines/package.ts";
import { createProgram } from "../../scripts/cli/program.ts";
import { lumos, lumosProcess, PROGRAM, summaryOf, temporaryFolder } from "../support/lumos.ts";

const RECORD = '{"question":"Ann has 3 pens and buys 4 more. How many pens has she?","answer":"Ann has 3+4=<<3+4=7>>7 pens.\\n#### 7"}\n';

describe("the program as a process of its own", () => {
  it("exits 0 where it is done, 1 where something is missing, 2 where it is used wrongly, 4 below --fail-under", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "train.jsonl"), RECORD);
    const annotate = ["annotate", "gsm8k", "--input", "train.jsonl", "--json"];
    expect(await lumosProcess(["status"], { cwd })).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^lumos: No store at .*\n$/) });
    expect(await lumosProcess(["annotate", "gsm9k"], { cwd })).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^lumos: Unknown dataset 'gsm9k'.*\n$/) });
    const annotated = await lumosProcess(annotate, { cwd });
    expect(annotated.code).toBe(0);
    expect(summaryOf(annotated)).toMatchObject({ examples: 1, levels: { proven: 1 } });
    writeFileSync(join(cwd, "train.jsonl"), RECORD.replace("#### 7", "#### 8"));
    expect((await lumosProcess([...annotate, "--db", "b.db", "--fail-under", "1"], { cwd })).code).toBe(4);
    for (const args of [["status"], ["show"], ["verify"], ["dedupe"], ["export", "--out", "out"]]) expect([args, (await lumosProcess(args, { cwd })).code]).toEqual([args, 0]);
  });

  it("prints in a process what it prints in this one, within 80 columns", async () => {
    for (const args of [["--version"], ["--help"], ["annotate", "--help"], ["datasets"], ["stauts"]]) {
      const ran = await lumosProcess(args);
      expect(ran).toEqual(await lumos(args));
      expect((ran.stdout + ran.stderr).split("\n").filter((line) => line.length > 80 && !line.includes("http"))).toEqual([]);
    }
  });

  // A shell's pipe; the reader goes away before all is written.
  it.skipIf(process.platform === "win32")("ends without a word when the reader of its output has gone", async () => {
    const child = spawn("sh", ["-c", `"$0" "$1" annotate --help | head -1; "$0" "$1" datasets --json | true`, process.execPath, PROGRAM], { stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    await new Promise((resolve) => child.on("close", resolve));
    expect(printed).toMatch(/^Usage: lumos annotate .*\n$/);
  });
});

describe("the commands", () => {
  it("are all in the help, in their groups", async () => {
    const { stdout } = await lumos(["--help"]);
    const groups = stdout.split("\n").filter((line) => /^\w+:$/.test(line));
    expect(groups).toEqual(["Options:", "Make:", "Look:", "Ship:", "Commands:"]);
    for (const command of (await createProgram(() => undefined)).commands) expect(stdout).toMatch(new RegExp(`^  ${command.name()} `, "m"));
  });

  it("are loaded alone where they are named, under the name that they have", async () => {
    const names = async (...argv: string[]): Promise<string[]> => (await createProgram(() => undefined, argv)).commands.map((command) => command.name());
    const all = await names();
    for (const name of all) expect(await names(name)).toEqual(name === "init" ? all : [name]);
    expect(await names("--version")).toEqual([]);
  });

  it("say in the help of each, those within another too, where options come from", async () => {
    for (const args of [["status"], ["batch", "submit"], ["batch", "cancel"], ["prompt", "show"]]) {
      expect((await lumos([...args, "--help"])).stdout).toContain("Each option also comes from the environment");
    }
  });

  it("name a default that is the machine's by what it is", async () => {
    expect((await lumos(["verify", "--help"])).stdout).toContain("threads (default: one a core)\n");
  });

  it.each([["status"], ["status", "--sources"], ["verify"], ["review", "--status"], ["review", "--export", "sheet.csv"], ["review", "--port", "0"]])("refuse a dataset of which the store holds nothing: %s %s", async (...args) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "train.jsonl"), RECORD);
    await lumos(["annotate", "gsm8k", "--input", "train.jsonl"], { cwd });
    expect(await lumos([...args, "--dataset", "gsm9k"], { cwd })).toEqual({ code: 1, stdout: "", stderr: "lumos: Nothing of gsm9k in lumos.db: it holds gsm8k.\n" });
  });

  it("refuse a port that there can't be as a wrong use", async () => {
    expect(await lumos(["review", "--port", "65536"])).toMatchObject({ code: 2, stderr: "lumos: option '--port <n>' argument '65536' is invalid. Expected a whole number from 0 to 65535.\n" });
  });

  it("print a summary within 80 columns", async () => {
    const cwd = temporaryFolder();
    const input = join(cwd, `${"long-".repeat(6)}.jsonl`);
    writeFileSync(input, RECORD);
    for (const _ of [1, 2]) {
      const { stdout } = await lumos(["annotate", "gsm8k", "--input", input, "--db", `${"long-".repeat(6)}.db`], { cwd });
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).toContain("stored");
    }
  });

  it("that nobody has are refused with the nearest name", async () => {
    expect(await lumos(["stauts"])).toMatchObject({ code: 2, stdout: "", stderr: "lumos: unknown command 'stauts'\n(Did you mean status?)\n" });
    expect(await lumos(["--version"])).toEqual({ code: 0, stdout: `${programVersion()}\n`, stderr: "" });
  });

  it("take a configuration that is for others, and refuse one that is for none", async () => {
    const cwd = temporaryFolder();
    await lumos(["init"], { cwd });
    writeFileSync(join(cwd, "lumos.config.json"), JSON.stringify({ concurrency: 4, export: { out: "x" }, prompt: { reply: "text" } }));
    expect(await lumos(["status"], { cwd })).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(join(cwd, "lumos.config.json"), JSON.stringify({ export: { uot: "x" } }));
    expect(await lumos(["status"], { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown key 'export.uot': did you mean 'out'?") });
  });
});

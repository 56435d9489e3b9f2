import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The package as `npm pack` makes it of the built tree, unpacked where npm would install it, in a folder that is otherwise empty. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";
const folder = mkdtempSync(join(tmpdir(), "lumos-package-"));
const installed = join(folder, "node_modules", "lumos-annotations");
let packed: string[] = [];
let made: Ran = { code: null, stdout: "", stderr: "" };

beforeAll(async () => {
  const { stdout } = await run(NPM, ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], ROOT);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"], folder);
  rmSync(join(folder, filename));
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const name of [...Object.keys(dependencies), "@types/node"]) link(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  // As npm does with what package.json names as bin.
  chmodSync(join(installed, "dist", "scripts", "lumos.js"), 0o755);
  link(join(installed, "dist", "scripts", "lumos.js"), join(folder, "node_modules", ".bin", "lumos"));
  made = await run("npx", ["lumos", "init"], folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("holds the program, the bundled samples and prompts, the project that init writes, and nothing else", () => {
    const wanted = /^(?:dist\/(?:schemas|converters|pipelines|scripts)\/.+\.(?:js|d\.ts|json)|converters\/[a-z0-9_]+\/(?:sample|prompt)[^/]*|pipelines\/review\/page\/[a-z]+\.(?:html|css|svg)|data\/project\/.+|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    expect(packed.filter((path) => !wanted.test(path))).toEqual([]);
    expect(packed.filter((path) => /bench|stand-in|demo|screenshots|\.test\./.test(path))).toEqual([]);
    for (const path of ["dist/scripts/lumos.js", "dist/pipelines/index.d.ts", "converters/gsm8k/prompt.yaml", "pipelines/review/page/index.html", "dist/pipelines/review/page/main.js", "data/project/gitignore", "data/project/converters/my_source/index.mjs"]) {
      expect(packed).toContain(path);
    }
  });

  it("names every package that its code imports among its dependencies", () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as { dependencies: Record<string, string> };
    const imported = packed.filter((path) => path.endsWith(".js")).flatMap((path) => {
      const text = readFileSync(join(installed, path), "utf8");
      return [...text.matchAll(/^(?:import|export) [^"'\n]*from "([^".][^"]*)";$/gm)].map(([, name = ""]) => name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/"));
    });
    expect([...new Set(imported)].filter((name) => !name.startsWith("node:") && !Object.hasOwn(dependencies, name))).toEqual([]);
  });
});

describe("an installed package in an empty folder", () => {
  it("makes a project whose printed next commands work as they are printed", async () => {
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(folder).sort()).toEqual([".gitignore", "converters", "lumos.config.json", "lumos.config.schema.json", "lumos.db", "lumos.db.lock", "node_modules", "prompts"]);
    const commands = made.stdout.split("\n").filter((line) => /^ {2}npx lumos /.test(line));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const [program = "", ...args] = command.trim().split(" ");
      expect({ command, ...(await run(program, args, folder)) }).toMatchObject({ command, code: 0, stderr: "" });
    }
    const rows = readFileSync(join(folder, "export", "lumos_maths_ground_onetime.jsonl"), "utf8").trim().split("\n");
    expect(rows).toHaveLength(7);
    expect(rows[0]).toContain("R1 = Calculator(3 * 210); R2 = Calculator(R1 / 14)");
  }, 30_000);

  it("finds a converter of the project in TypeScript, with the project's own prompt", async () => {
    const source = join(folder, "converters", "rhymes");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "index.ts"), TS_CONVERTER);
    writeFileSync(join(source, "sums.ts"), TS_SUMS);
    writeFileSync(join(source, "sample.jsonl"), '{"a":3,"b":4}\n{"a":10,"b":5}\n');
    writeFileSync(join(folder, "prompts", "rhymes.yaml"), 'version: "mine"\ninstruction: Write a plan.\nfew_shots: []\n');
    const annotated = await lumos("annotate", "rhymes", "--input", "converters/rhymes/sample.jsonl", "--json", "--quiet");
    expect(JSON.parse(annotated.stdout)).toMatchObject({ examples: 2, annotated: 2, levels: { proven: 2 } });
    const shown = await lumos("prompt", "show", "rhymes", "rhymes/10+5", "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: "rhymes/10+5", prompt: { file: join("prompts", "rhymes.yaml"), version: "mine" } });
    const { datasets } = JSON.parse((await lumos("datasets", "--json")).stdout) as { datasets: { dataset: string; origin: string }[] };
    expect(datasets.filter(({ origin }) => origin === "project").map(({ dataset }) => dataset)).toEqual(["my_source", "rhymes"]);
  }, 30_000);

  it("is a library in JavaScript, without the command line and the database", async () => {
    writeFileSync(join(folder, "use.mjs"), USE);
    const used = await run(process.execPath, ["use.mjs"], folder);
    expect(used.stderr).toBe("");
    expect(JSON.parse(used.stdout)).toEqual({ text: "Subgoal 1: Add the pens.\nAction 1-1: R1 = Calculator(3 + 4) = 7", defects: 0, computed: ["7"], loaded: [] });
  });

  it("is a library with types, in TypeScript with nodenext", async () => {
    writeFileSync(join(folder, "check.mts"), TYPED);
    writeFileSync(join(folder, "sums.ts"), TS_SUMS);
    writeFileSync(join(folder, "rhymes.mts"), TS_CONVERTER);
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2023", "--module", "nodenext", "--moduleResolution", "nodenext", "--types", "node", "--allowImportingTsExtensions"];
    writeFileSync(join(folder, "package.json"), '{"type":"module"}\n');
    expect(await run(process.execPath, [tsc, ...options, "check.mts", "rhymes.mts"], folder)).toMatchObject({ code: 0, stdout: "" });
  }, 30_000);
});

const TS_SUMS = "export type Sum = { a: number; b: number };\nexport const total = ({ a, b }: Sum): number => a + b;\n";
const TS_CONVERTER = `import { defineConverter, readJsonl, z } from "lumos-annotations";
import { type Sum, total } from "./sums.ts";

export default defineConverter({
  dataset: "rhymes",
  title: "Sums",
  domain: "maths",
  top_level: "proven",
  licence: { name: "own", inherits: "Nothing." },
  gold: "The sum.",
  sample: "sample.jsonl",
  read: readJsonl,
  record: z.object({ a: z.number(), b: z.number() }),
  map(sum: Sum, place) {
    const id = \`rhymes/\${sum.a}+\${sum.b}\`;
    const operations = [{ formula: \`\${sum.a} + \${sum.b}\`, result: String(total(sum)) }];
    return {
      example: {
        id, dataset: "rhymes", domain: "maths", task: \`What is \${sum.a} and \${sum.b}?\`, rationale: \`\${sum.a} + \${sum.b} = \${total(sum)}\`, answer: String(total(sum)),
        gold_steps: [{ id: \`\${id}#1\`, text: "Add them.", operations, result: String(total(sum)) }], environment: null, place,
      },
    };
  },
  rules: {
    version: "1",
    annotate(example) {
      const [step] = example.gold_steps;
      const [operation] = step?.operations ?? [];
      if (!operation) return { skip: "no_sum", detail: "there is no sum" };
      return { plan: { subgoals: [{ text: "Add the numbers.", actions: [{ outputs: ["R1"], tool: "Calculator", args: operation.formula, result: operation.result }] }] }, answer_copied: false };
    },
  },
});
`;

const USE = `import { createRequire } from "node:module";
import { checkPlan, executePlan, parsePlan, printPlan } from "lumos-annotations";
const { plan } = parsePlan("Subgoal 1: Add the pens.\\nAction 1-1: R1 = Calculator(3 + 4) = 7");
const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => /better-sqlite3|commander/.test(path));
console.log(JSON.stringify({ text: printPlan(plan), defects: checkPlan(plan, "maths").length, computed: executePlan(plan, "maths").actions.map((action) => action.computed), loaded }));
`;

const TYPED = `import { annotateExample, checkPlan, type Converter, type Defect, executePlan, type Level, loadConverter, parsePlan, type Plan, planSchema, printPlan, sourceExampleSchema, z } from "lumos-annotations";
const { plan }: { plan: Plan | null } = parsePlan("Subgoal 1: x");
const defects: Defect[] = plan === null ? [] : checkPlan(plan, "maths");
const level: Level = "proven";
const printed: string = plan === null ? "" : printPlan(plan, "json");
const computed: (string | null)[] = plan === null ? [] : executePlan(plan, "maths").actions.map((action) => action.computed);
const converter: Converter = await loadConverter("gsm8k");
export { annotateExample, computed, converter, defects, level, planSchema, printed, sourceExampleSchema, z };
// @ts-expect-error: there is no such level
export const wrong: Level = "best";
`;

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

function lumos(...args: string[]): Promise<Ran> {
  return run(process.execPath, [join(installed, "dist", "scripts", "lumos.js"), ...args], folder);
}

/** Runs a program as a shell would find it, without what a test runner adds to the environment. */
async function run(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const path = PATH.split(":").filter((each) => !each.includes("node_modules")).join(":");
  const child = spawn(program, args, { cwd, env: { PATH: path, HOME, SystemRoot, npm_config_update_notifier: "false", npm_config_loglevel: "error", npm_config_offline: "true" }, shell: process.platform === "win32" });
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

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve, sep } from "node:path";
import { Command } from "commander";
import { PACKAGE_FOLDER } from "../../pipelines/package.ts";
import { AtomicFiles } from "../../pipelines/shared/atomic-file.ts";
import { openStore } from "../../pipelines/store/open.ts";
import type { SourceOption } from "../../schemas/converter.ts";
import { LumosError } from "../../schemas/errors.ts";
import { configJsonSchema } from "../cli/config-schema.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions } from "../cli/options.ts";
import { allSourceOptions } from "../cli/source-options.ts";
import { createTerminal, type Terminal } from "../cli/terminal.ts";

export function initCommand(finish: Finish): Command {
  const command = new Command("init")
    .description("make a project of your own: configuration, prompts/, converters/ with an example, a store")
    .argument("[dir]", "where; made if it is not there", ".");
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (dir: string, options: CommonOptions) => {
    const terminal = createTerminal(options);
    const written = writeNew(dir, projectFiles(command.parent ?? command, await allSourceOptions("package")));
    makeStore(dir, options.db, written);
    const commands = nextCommands();
    if (terminal.json) terminal.print(JSON.stringify({ dir: resolve(dir), ...written, commands }));
    else report(terminal, dir, written, commands);
    finish(written.different.length > 0 ? EXIT.error : EXIT.done);
  });
}

interface Written {
  written: string[];
  /** Stood there already, word for word. */
  same: string[];
  /** Stood there already and stays as it is. */
  different: string[];
}

/** The files of a project, by their paths in it. */
function projectFiles(program: Command, sourceOptions: readonly SourceOption[]): Map<string, string> {
  const template = join(PACKAGE_FOLDER, "data", "project");
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map([
    ["lumos.config.schema.json", `${JSON.stringify(configJsonSchema(program, sourceOptions), null, 2)}\n`],
    // npm would not pack a file named .gitignore.
    ...files.map((file): [string, string] => [relative(template, file).split(sep).join("/").replace(/^gitignore$/, ".gitignore"), readFileSync(file, "utf8")]),
  ]);
}

/** Writes what is not there yet, all of it or nothing. */
function writeNew(dir: string, files: ReadonlyMap<string, string>): Written {
  const result: Written = { written: [], same: [], different: [] };
  const atomic = new AtomicFiles();
  try {
    for (const [name, text] of files) {
      const path = join(dir, name);
      const before = existsSync(path) ? read(path) : null;
      if (before === null) atomic.open(path).write(text);
      result[before === null ? "written" : before === text ? "same" : "different"].push(name);
    }
  } catch (error) {
    atomic.abort();
    throw error;
  }
  atomic.commit();
  return result;
}

/** An empty store, unless one is there. */
function makeStore(dir: string, db: string, result: Written): void {
  const path = resolve(dir, db);
  const isThere = existsSync(path);
  if (!isThere) openStore(path, { mode: "create", command: "init" }).close();
  result[isThere ? "same" : "written"].push(db);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new LumosError("output.unwritable", `${path} is there and can't be read: ${error instanceof Error ? error.message : String(error)}; move it away, or name another folder.`, { cause: error });
  }
}

function report(terminal: Terminal, dir: string, { written, same, different }: Written, commands: readonly string[]): void {
  for (const name of written) terminal.print(`  written  ${name}`);
  for (const name of same) terminal.print(`  as it is ${name}`);
  for (const name of different) terminal.print(`  differs  ${name}`);
  if (different.length > 0) {
    const they = different.length === 1 ? "It stands there already and was" : `${different.length} files stand there already and were`;
    terminal.warn(`lumos: ${they} left as it is: ${different.join(", ")}. Move away what you want written anew, and give the same command.`);
  }
  terminal.print();
  terminal.print(terminal.colours.bold("Next:"));
  if (resolve(dir) !== process.cwd()) terminal.print(`  cd ${quoted(dir)}`);
  for (const command of commands) terminal.print(`  ${command}`);
  terminal.print();
  terminal.print("Then make converters/my_source yours, and see prompts/README.md for prompts of your own.");
}

/** They work as they are printed, in the project. */
function nextCommands(): string[] {
  const lumos = programCall();
  return [`${lumos} annotate my_source --input converters/my_source/sample.jsonl`, `${lumos} show --sample 3`, `${lumos} export --out export`];
}

/** How this program is called from a shell: by its name where that is found, by npx where it is installed in a project, else as node runs it now. */
export function programCall(): string {
  const names = process.platform === "win32" ? ["lumos.cmd", "lumos.exe"] : ["lumos"];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !folder.split(sep).includes("node_modules"));
  if (folders.some((folder) => names.some((name) => existsSync(join(folder, name))))) return "lumos";
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (names.some((name) => existsSync(join(folder, "node_modules", ".bin", name)))) return "npx lumos";
    if (dirname(folder) === folder) return `node ${quoted(process.argv[1] ?? "lumos")}`;
  }
}

function quoted(path: string): string {
  return /^[\w./:\\~-]+$/.test(path) ? path : JSON.stringify(path);
}

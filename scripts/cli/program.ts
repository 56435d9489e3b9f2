import { Command, type Option } from "commander";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { programVersion } from "../../pipelines/package.ts";
import { findProject } from "../../pipelines/project.ts";
import { LumosError } from "../../schemas/errors.ts";
import { reportError } from "./errors.ts";
import { EXIT, type Finish } from "./exit.ts";
import { READING_COMMANDS } from "./reading-commands.ts";

/** All commands, in the groups and the order of `--help`: a new one is a line here. Its module is loaded where it is run, or all of them are asked for. */
const COMMANDS: readonly (readonly [group: string, name: string, load: Load])[] = [
  ["Make:", "init", async (finish) => (await import("../commands/init.ts")).initCommand(finish)],
  ["Make:", "new-dataset", async (finish) => (await import("../commands/new-dataset.ts")).newDatasetCommand(finish)],
  ["Make:", "annotate", async (finish, sources) => (await import("../commands/annotate.ts")).annotateCommand(finish, sources)],
  ["Make:", "try", async (finish, sources) => (await import("../commands/try.ts")).tryCommand(finish, sources)],
  ["Make:", "build", async (finish, sources) => (await import("../commands/build.ts")).buildCommand(finish, sources)],
  ["Make:", "batch", async (finish, sources) => (await import("../commands/batch.ts")).batchCommand(finish, sources)],
  ["Make:", "import", async (finish) => (await import("../commands/import.ts")).importCommand(finish)],
  ["Look:", "datasets", async (finish) => (await import("../commands/datasets.ts")).datasetsCommand(finish)],
  ["Look:", "prompt", async (finish) => (await import("../commands/prompt.ts")).promptCommand(finish)],
  ["Look:", "verify", async (finish) => (await import("../commands/verify.ts")).verifyCommand(finish)],
  ["Look:", "status", async (finish) => (await import("../commands/status.ts")).statusCommand(finish)],
  ["Look:", "show", async (finish) => (await import("../commands/show.ts")).showCommand(finish)],
  ["Look:", "review", async (finish) => (await import("../commands/review.ts")).reviewCommand(finish)],
  ["Look:", "audit", async (finish) => (await import("../commands/audit.ts")).auditCommand(finish)],
  ["Look:", "doctor", async (finish) => (await import("../commands/doctor.ts")).doctorCommand(finish)],
  ["Ship:", "dedupe", async (finish) => (await import("../commands/dedupe.ts")).dedupeCommand(finish)],
  ["Ship:", "decontaminate", async (finish) => (await import("../commands/decontaminate.ts")).decontaminateCommand(finish)],
  ["Ship:", "export", async (finish) => (await import("../commands/export.ts")).exportCommand(finish)],
  ["Ship:", "diff", async (finish) => (await import("../commands/diff.ts")).diffCommand(finish)],
];

/** `sources`: those whose own options a command that reads source files takes, too. */
type Load = (finish: Finish, sources: readonly LoadedConverter[]) => Promise<Command>;

/** Runs the program with its arguments and gives its exit code. Every error ends in one line on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  const finish: Finish = (result) => {
    code = result;
  };
  try {
    const program = await createProgram(finish, argv);
    program.hook("preAction", (_, command) => configure(command, finish));
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return await reportError(error, argv.includes("--debug") || process.env["LUMOS_DEBUG"] === "true");
  }
}

/** The program with the command that its arguments name, and with that command's options; with all commands where they name none, and for `init`, which writes a schema of all. */
export async function createProgram(finish: Finish, argv: readonly string[] = []): Promise<Command> {
  const program = new Command("lumos")
    .description("Turns the ground-truth rationales of existing datasets into proven plan/ground training annotations.")
    .version(programVersion())
    .showSuggestionAfterError()
    .configureOutput(OUTPUT)
    .exitOverride()
    .addHelpText("after", "\nExit codes: 0 done, 1 error, 2 usage, 3 stopped by --max-cost,\n4 below --fail-under, 130 interrupted.");
  const [first = ""] = argv;
  if (first === "--version" || first === "-V") return program;
  const named = COMMANDS.filter(([, name]) => name === first && name !== "init");
  const sources = READING_COMMANDS.has(first) ? await (await import("./source-options.ts")).namedSources(argv) : [];
  for (const [group, , load] of named.length > 0 ? named : COMMANDS) {
    const command = await load(finish, sources);
    for (const each of [command, ...command.commands]) {
      each.exitOverride().showSuggestionAfterError().configureHelp({ optionDescription: describeOption }).configureOutput(OUTPUT)
        .addHelpText("after", "\nEach option also comes from the environment (--db: LUMOS_DB) or\nlumos.config.json (db), found upwards from here.");
    }
    command.helpGroup(group);
    program.addCommand(command);
  }
  return program;
}

/** Fills in what the configuration file holds. It may name what other commands have, or any source: all of them are only loaded where this command does not know it. */
async function configure(command: Command, finish: Finish): Promise<void> {
  if (findProject() === null) return;
  const { applyConfig } = await import("./config.ts");
  const tries = [
    () => applyConfig(command),
    async () => applyConfig(command, { program: await createProgram(finish) }),
    async () => applyConfig(command, { program: await createProgram(finish), sourceOptions: await (await import("./source-options.ts")).allSourceOptions() }),
  ];
  for (const [index, attempt] of tries.entries()) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof LumosError) || error.code !== "usage" || index === tries.length - 1) throw error;
    }
  }
}

/** Every error begins alike. */
const OUTPUT = { outputError: (text: string, write: (text: string) => void): void => write(text.replace(/^error: /, "lumos: ")) };

/** A description with its default; that every option has a variable is said once, below. */
function describeOption({ description, defaultValue, defaultValueDescription }: Option): string {
  return defaultValue === undefined ? description : `${description} (default: ${defaultValueDescription ?? String(defaultValue)})`;
}

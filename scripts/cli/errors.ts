import { CommanderError } from "commander";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT } from "./exit.ts";

/** One line on stderr for what stopped the program, and the exit code; the stack only where it is asked for. */
export async function reportError(error: unknown, debug: boolean): Promise<number> {
  // Commander has already written its line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { visible } = await import("./terminal.ts");
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`lumos: ${visible(message).replaceAll("\n", " ")}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  return error instanceof LumosError && error.code === "usage" ? EXIT.usage : EXIT.error;
}

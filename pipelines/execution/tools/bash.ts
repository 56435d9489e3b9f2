import { isEmpty, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `Bash(command)`: not run here. */
export const bash: Tool = {
  name: "Bash",
  check: (args) => (isEmpty(args) ? "Bash takes a command, found nothing." : null),
  run: () => notRun("Bash"),
};

import { isEmpty, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `Code(pseudo_code)`: not run here. */
export const code: Tool = {
  name: "Code",
  check: (args) => (isEmpty(args) ? "Code takes pseudo-code, found nothing." : null),
  run: ({ args }) => notRun("Code", args),
};

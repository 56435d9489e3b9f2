import { isEmpty, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `SQL(statement)`: not run here. */
export const sql: Tool = {
  name: "SQL",
  check: (args) => (isEmpty(args) ? "SQL takes a statement, found nothing." : null),
  run: () => notRun("SQL"),
};

import { checkMarked, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `QA([R2, R3], Question: q)`: the answer that paragraphs or earlier answers give; not run here. */
export const qa: Tool = {
  name: "QA",
  check: (args) => checkMarked("QA", args, ["Question", "Query"], "[context], Question: q"),
  run: () => notRun("QA"),
};

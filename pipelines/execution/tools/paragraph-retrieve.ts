import { checkMarked, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `ParagraphRetrieve(R1, Query: q)`: the paragraphs of pages that a question needs; not run here. */
export const paragraphRetrieve: Tool = {
  name: "ParagraphRetrieve",
  check: (args) => checkMarked("ParagraphRetrieve", args, ["Query"], "context, Query: q"),
  run: () => notRun("ParagraphRetrieve"),
};

import { checkMarked, notRun } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `VQA(image context, Question: q)`: the answer that an image gives; not run here. */
export const vqa: Tool = {
  name: "VQA",
  check: (args) => checkMarked("VQA", args, ["Question", "Query"], "image context, Question: q"),
  run: () => notRun("VQA"),
};

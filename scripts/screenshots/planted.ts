import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startStandIn } from "../../pipelines/llm/stand-in.ts";

/** A problem of our own, rightly solved. */
const RECORD = {
  question: "A baker fills 6 trays with 12 rolls each. While loading the van she drops 5 rolls, and a café takes 40 of the others. How many rolls are left for the shop?",
  answer: "The trays hold 6*12=<<6*12=72>>72 rolls.\nAfter the fall there are 72-5=<<72-5=67>>67 rolls.\nThe shop gets 67-40=<<67-40=27>>27 rolls.\n#### 27",
};
/** What a model made of it: its first value is wrong, and the others follow from it. */
const PLAN = `Subgoal 1: Find how many rolls there are on the trays.
Action 1-1: R1 = Calculator(6 * 12) = 74
Subgoal 2: Find how many rolls are whole after some were dropped.
Action 2-1: R2 = Calculator(R1 - 5) = 69
Subgoal 3: Find how many rolls are left for the shop.
Action 3-1: R3 = Calculator(R2 - 40) = 29`;

/** Adds a model's plan with a wrong value to a store: `annotate` runs `lumos annotate` with the arguments it is given. */
export async function plantWrongPlan(folder: string, annotate: (args: readonly string[]) => Promise<unknown>): Promise<void> {
  const file = join(folder, "planted.jsonl");
  writeFileSync(file, `${JSON.stringify(RECORD)}\n`);
  const standIn = await startStandIn(() => PLAN);
  try {
    await annotate(["annotate", "gsm8k", "--input", file, "--model", "small-model", "--base-url", standIn.url, "--reply", "text", "--attempts", "1"]);
  } finally {
    await standIn.close();
  }
}

import { executePlan, type ExecutedAction } from "../../../../pipelines/execution/execute.ts";
import { parseArgs } from "../../../../pipelines/plan/args.ts";

/** The run of one action after earlier results, which `Define` gives. */
export function runAction(tool: string, args: string, result: string, outputs: readonly string[] = ["R9"], earlier: Readonly<Record<string, string>> = {}): ExecutedAction {
  const defined = Object.entries(earlier).map(([name, value]) => ({ outputs: [name], tool: "QA", args: [], result: value }));
  const actions = [...defined, { outputs: [...outputs], tool, args: parseArgs(args), result }];
  const executed = executePlan({ subgoals: [{ text: "Work it out.", actions }] }, "maths").actions.at(-1);
  if (executed === undefined) throw new Error("No action.");
  return executed;
}

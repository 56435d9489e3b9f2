import type { Subgoal } from "../../schemas/plan.ts";
import { programVersion } from "../package.ts";
import { detailsOf } from "./details.ts";
import type { ExportItem, LineFormat } from "./format.ts";
import { namedArguments, toolDefinitions } from "./tool-calls.ts";

/**
 * Version 1.8 adds audio, which is not used here, and its readers take 1.7; readers of 1.7 refuse 1.8.
 * (github.com/harbor-framework/harbor, `rfcs/0001-trajectory-format.md`.)
 */
const ATIF_VERSION = "ATIF-v1.7";

/** Trajectories in the Agent Trajectory Interchange Format, one a line. */
export const atifFormat: LineFormat = {
  name: "atif",
  extension: "jsonl",
  about: "Harbor, Phoenix, NeMo Agent Toolkit and what else reads agent trajectories",
  scope: "annotation",
  lines: (item) => ({ lines: [JSON.stringify(trajectory(item))] }),
};

/** A step of the user's with the task, one of the agent's for each subgoal with its calls and their results, one with the answer. */
function trajectory(item: ExportItem): object {
  const { source, example, plan, domain } = item;
  const described = example.environment === null || example.environment === "" ? "" : `\n\n${example.environment}`;
  const steps = [
    { source: "user", message: `${example.task}${described}` },
    ...plan.subgoals.map(agentStep),
    ...(example.answer === "" ? [] : [{ source: "agent", message: example.answer }]),
  ];
  return {
    schema_version: ATIF_VERSION,
    session_id: source.id,
    trajectory_id: source.id,
    agent: { name: "lumos-annotations", version: version(), tool_definitions: toolDefinitions(domain) },
    steps: steps.map((step, i) => ({ step_id: i + 1, ...step })),
    extra: detailsOf(item),
  };
}

function agentStep({ text, actions }: Subgoal, index: number): object {
  const calls = actions.map((action, i) => ({ id: `call_${index + 1}_${i + 1}`, action }));
  const results = calls.flatMap(({ id, action }) => (action.result === "" ? [] : [{ source_call_id: id, content: action.result }]));
  return {
    source: "agent",
    message: text,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(({ id, action }) => ({ tool_call_id: id, function_name: action.tool, arguments: namedArguments(action) })) }),
    ...(results.length === 0 ? {} : { observation: { results } }),
  };
}

let known: string | null = null;

function version(): string {
  known ??= programVersion();
  return known;
}

import type { Domain } from "../../schemas/domain.ts";
import type { Action, Plan, Subgoal } from "../../schemas/plan.ts";
import { withoutFinalDots } from "../plan/builder.ts";
import { LUMOS_INTERFACES } from "./lumos-interfaces.ts";

interface LumosMessage {
  role: "user" | "assistant";
  content: string;
}

/** One line of a training file in the published Lumos format. */
export interface LumosRow {
  dataset: Domain;
  id: string;
  messages: LumosMessage[];
}

/** What a row is made of. `environment`: the initial environment description, null where there is none. */
export interface LumosInput {
  id: string;
  task: string;
  domain: Domain;
  environment: string | null;
  plan: Plan;
}

export type LumosModule = "plan" | "ground";
export type LumosFormulation = "iterative" | "onetime";

/**
 * One annotation as a row of `lumos_<domain>_<module>_<formulation>.jsonl` (Yin et al., ACL 2024; Hugging Face `ai2lumos`), or why it has
 * none there: `no_step_result` where a subgoal's result would have to be told and is not known, `no_action` where a subgoal to be grounded has no action.
 */
export function lumosRow(
  input: LumosInput,
  module: LumosModule,
  formulation: LumosFormulation,
): { row: LumosRow } | { excluded: string } {
  const { plan, domain } = input;
  const excluded = exclusion(plan, domain, module, formulation);
  if (excluded !== null) return { excluded };
  const onetime = formulation === "onetime";
  const print = module === "plan" ? (onetime ? planOnetime : planIterative) : onetime ? groundOnetime : groundIterative;
  return { row: { dataset: domain, id: input.id, messages: print(input) } };
}

/** What the user asks the plan module. */
function planInstruction({ task, environment }: Pick<LumosInput, "task" | "environment">): string {
  const described = environment === null || environment === "" ? "None" : environment;
  return `Please provide a reasonable subgoal-based plan to solve the given task.\nTask: ${task}; Initial Environment Description: ${described}.`;
}

function groundInstruction({ task, domain }: LumosInput): string {
  const { names, interfaces } = LUMOS_INTERFACES[domain];
  return `Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.\n\nThe available action list is ${names}.\n${interfaces}\n\nTask: ${task} \n`;
}

function exclusion(plan: Plan, domain: Domain, module: LumosModule, formulation: LumosFormulation): string | null {
  if (module === "ground" && plan.subgoals.some((subgoal) => subgoal.actions.length === 0)) return "no_action";
  if (formulation === "onetime") return null;
  const told = module === "plan" ? (domain === "web_agent" ? [] : plan.subgoals) : domain === "complex_qa" ? plan.subgoals.slice(0, -1) : [];
  return told.some((subgoal) => stepResult(subgoal) === "") ? "no_step_result" : null;
}

function planIterative({ plan, domain, ...rest }: LumosInput): LumosMessage[] {
  const messages = [user(planInstruction(rest))];
  plan.subgoals.forEach((subgoal, i) => {
    const sentence = prefixed(subgoal, i);
    messages.push(assistant(i === 0 ? sentence : `No, I will keep planning. ${sentence}`));
    const told = domain === "web_agent" ? `We have already ${asDone(subgoal.text)}` : `The executed result for Subgoal ${i + 1} is ${stepResult(subgoal)}`;
    messages.push(user(`${told}. Should we stop planning?`));
  });
  return [...messages, assistant("Yes, I will stop planning.")];
}

function planOnetime(input: LumosInput): LumosMessage[] {
  return [user(planInstruction(input)), assistant(input.plan.subgoals.map(prefixed).join("; "))];
}

function groundIterative(input: LumosInput): LumosMessage[] {
  const { plan, domain } = input;
  const name = renameOutput(plan);
  return plan.subgoals.flatMap((subgoal, i) => {
    const earlier = plan.subgoals.slice(0, i).map((each, k) => ` The execution result for Subgoal ${k + 1} is ${stepResult(each)}`);
    const based = domain === "complex_qa" && i > 0 ? ` The grounding could be based on the following results:${earlier.join("")}` : "";
    const asked = `Subgoal to be grounded: ${prefixed(subgoal, i)}${based}\n`;
    const calls = subgoal.actions.map((action) => printCall(action, name)).join("; ");
    return [user(i === 0 ? groundInstruction(input) + asked : asked), assistant(calls)];
  });
}

function groundOnetime(input: LumosInput): LumosMessage[] {
  const { subgoals } = input.plan;
  const asked = `Subgoals to be grounded: ${subgoals.map(prefixed).join("; ")}\n`;
  const calls = subgoals.flatMap((subgoal) => subgoal.actions.map((action) => printCall(action, (variable) => variable)));
  return [user(groundInstruction(input) + asked), assistant(calls.join("; "))];
}

function user(content: string): LumosMessage {
  return { role: "user", content };
}

function assistant(content: string): LumosMessage {
  return { role: "assistant", content };
}

function prefixed(subgoal: Subgoal, index: number): string {
  return `Subgoal ${index + 1}: ${subgoal.text}`;
}

/** The result of the subgoal's last action, without outer blanks and final dots; "" where it is not known. */
function stepResult(subgoal: Subgoal): string {
  return withoutFinalDots(subgoal.actions.at(-1)?.result ?? "");
}

function asDone(sentence: string): string {
  const text = withoutFinalDots(sentence);
  const [first = ""] = text;
  return first.toLowerCase() + text.slice(first.length);
}

/** An action without its result, as the ground module learns it. */
function printCall(action: Action, name: (variable: string) => string): string {
  const args = action.args.map((part) => (typeof part === "string" ? part : name(part.ref))).join("");
  return `${action.outputs.map(name).join(", ")} = ${action.tool}(${args})`;
}

/** Gives `Output` the number after the highest that stands anywhere in the plan. */
function renameOutput(plan: Plan): (variable: string) => string {
  let highest = 0;
  for (const action of plan.subgoals.flatMap((subgoal) => subgoal.actions)) {
    const refs = action.args.flatMap((part) => (typeof part === "string" ? [] : [part.ref]));
    for (const variable of [...action.outputs, ...refs]) {
      if (variable !== "Output") highest = Math.max(highest, Number(variable.slice(1)));
    }
  }
  return (variable) => (variable === "Output" ? `R${highest + 1}` : variable);
}

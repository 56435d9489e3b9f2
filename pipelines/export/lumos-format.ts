import type { Domain } from "../../schemas/domain.ts";
import type { Action, Plan } from "../../schemas/plan.ts";
import { withoutFinalDots } from "../plan/builder.ts";
import type { Chat, LineFormat, Message } from "./format.ts";
import type { Kind } from "./kind.ts";
import { LUMOS_INTERFACES } from "./lumos-interfaces.ts";

/** What a chat is made of: the plan, and of the source example what the messages hold. */
export interface ChatInput {
  domain: Domain;
  plan: Plan;
  example: {
    task: string;
    /** The initial environment description; null where there is none. */
    environment: string | null;
    rationale: string;
    answer: string;
  };
}

/**
 * The published training format: `{"dataset": <domain>, "id", "messages": [{"role", "content"}, …]}` a line
 * (Yin et al., ACL 2024; Hugging Face `ai2lumos`).
 */
export const lumosFormat: LineFormat = {
  name: "lumos",
  extension: "jsonl",
  about: "the published format; the Lumos training code reads it",
  scope: "module",
  lines(item, kind) {
    if (kind === null) throw new TypeError("The lumos format is made of modules.");
    const chat = item.escapedChat(kind);
    if ("excluded" in chat) return chat;
    return { lines: [`{"dataset":"${item.domain}","id":${JSON.stringify(item.source.id)},"messages":${messagesJson(chat.messages)}}`] };
  },
};

/** Escaped messages as a JSON array. */
export function messagesJson(messages: readonly Message[]): string {
  return `[${messages.map(({ role, content }) => `{"role":"${role}","content":"${content}"}`).join(",")}]`;
}

/**
 * One annotation as the chat that a module learns from, with the published words (`plan` and `ground` to the byte, the paper's baselines in the same
 * shape); or why there is none: `no_step_result` where a subgoal's result would have to be told and is not known, `no_action` where a subgoal to be
 * grounded has no action, `no_rationale` and `no_answer` where the source has none to learn from.
 */
export function lumosChat(input: ChatInput, kind: Kind): Chat {
  return lumosChats(input)(kind);
}

/**
 * The chats of one annotation, whatever the kind. With `escaped`, contents are as they stand within a JSON string: most of what a chat says stands in the others
 * too, and is escaped once.
 */
export function lumosChats(input: ChatInput, spelling: "text" | "escaped" = "text"): (kind: Kind) => Chat {
  const words = wordsOf(input, SPELLINGS[spelling]);
  return (kind) => {
    const excluded = exclusion(words, kind);
    return excluded === null ? { messages: printers[kind.module](words, kind.formulation === "onetime") } : { excluded };
  };
}

const printers: Readonly<Record<Kind["module"], (words: Words, onetime: boolean) => Message[]>> = {
  plan: (words, onetime) => (onetime ? [user(planInstruction(words)), assistant(words.sentences.join("; "))] : planIterative(words, planInstruction(words), words.sentences)),
  ground: (words, onetime) => (onetime ? groundOnetime(words) : groundIterative(words)),
  integrated,
  cot: ({ task, input: { example }, spelling }) => [user(task), assistant(spelling.of(`${withoutMarks(example.rationale)} Answer is ${example.answer}.`))],
  direct: ({ task, input: { example }, spelling }) => [user(task), assistant(spelling.of(example.answer))],
};

function planInstruction({ task, environment, spelling }: Words): string {
  return `${spelling.planBegins}${task}; Initial Environment Description: ${environment}.`;
}

function groundInstruction({ task, input, spelling }: Words): string {
  return `${spelling.groundBegins[input.domain]}${task} ${spelling.newline}`;
}

/** The turns of planning, each subgoal as `said` has it. */
function planIterative(words: Words, instruction: string, said: readonly string[]): Message[] {
  const messages = [user(instruction)];
  for (const [i, sentence] of said.entries()) {
    messages.push(assistant(i === 0 ? sentence : `No, I will keep planning. ${sentence}`), user(`${told(words, i)}. Should we stop planning?`));
  }
  messages.push(assistant("Yes, I will stop planning."));
  return messages;
}

/** What the user says when a subgoal is carried out. */
function told({ input: { domain, plan }, results, spelling }: Words, index: number): string {
  if (domain !== "web_agent") return `The executed result for Subgoal ${index + 1} is ${results[index]}`;
  const done = withoutFinalDots(plan.subgoals[index]?.text ?? "");
  const [first = ""] = done;
  return `We have already ${spelling.of(first.toLowerCase() + done.slice(first.length))}`;
}

/** One model instead of two modules (the paper's integrated training): each turn plans a subgoal and grounds it. */
function integrated(words: Words): Message[] {
  const { sentences, calls, spelling, input } = words;
  const said = sentences.map((sentence, i) => `${sentence}${spelling.newline}${calls[i]}`);
  return planIterative(words, `${planInstruction(words)}${spelling.actionList[input.domain]}`, said);
}

function groundIterative(words: Words): Message[] {
  const { sentences, calls, results, spelling, input } = words;
  let based = "";
  return sentences.flatMap((sentence, i) => {
    if (input.domain === "complex_qa" && i > 0) {
      based += `${based === "" ? " The grounding could be based on the following results:" : ""} The execution result for Subgoal ${i} is ${results[i - 1]}`;
    }
    const asked = `Subgoal to be grounded: ${sentence}${based}${spelling.newline}`;
    return [user(i === 0 ? groundInstruction(words) + asked : asked), assistant(calls[i] ?? "")];
  });
}

function groundOnetime(words: Words): Message[] {
  const asked = `Subgoals to be grounded: ${words.sentences.join("; ")}${words.spelling.newline}`;
  return [user(groundInstruction(words) + asked), assistant(words.callsWithOutput.join("; "))];
}

function user(content: string): Message {
  return { role: "user", content };
}

function assistant(content: string): Message {
  return { role: "assistant", content };
}

function exclusion({ input: { plan, domain, example }, results }: Words, { module, formulation }: Kind): string | null {
  if (module === "cot" && withoutMarks(example.rationale) === "") return "no_rationale";
  if (module === "cot" || module === "direct") return example.answer.trim() === "" ? "no_answer" : null;
  if (module !== "plan" && plan.subgoals.some((subgoal) => subgoal.actions.length === 0)) return "no_action";
  if (formulation === "onetime" || (module === "ground" ? domain !== "complex_qa" : domain === "web_agent")) return null;
  const unknown = results.indexOf("");
  return unknown === -1 || (module === "ground" && unknown === plan.subgoals.length - 1) ? null : "no_step_result";
}

/** What the chats of an annotation are put together from, spelled once for all of them. */
interface Words {
  input: ChatInput;
  spelling: Spelling;
  task: string;
  environment: string;
  /** Each subgoal with its prefix. */
  sentences: readonly string[];
  /** The result of each subgoal's last action, without outer blanks and final dots; "" where it is not known. */
  results: readonly string[];
  /** The actions of each subgoal without their results, as the ground module learns them: `Output` has a number, or keeps its name. */
  calls: readonly string[];
  callsWithOutput: readonly string[];
}

function wordsOf(input: ChatInput, spelling: Spelling): Words {
  const { environment, task } = input.example;
  const { subgoals } = input.plan;
  const callsBy = (name: (variable: string) => string): string[] => subgoals.map(({ actions }) => spelling.of(actions.map((action) => printCall(action, name)).join("; ")));
  const callsWithOutput = callsBy((variable) => variable);
  const output = outputNumber(input.plan);
  return {
    input,
    spelling,
    task: spelling.of(task),
    environment: environment === null || environment === "" ? "None" : spelling.of(environment),
    sentences: subgoals.map(({ text }, i) => `Subgoal ${i + 1}: ${spelling.of(text)}`),
    results: subgoals.map(({ actions }) => spelling.of(withoutFinalDots(actions.at(-1)?.result ?? ""))),
    calls: output === null ? callsWithOutput : callsBy((variable) => (variable === "Output" ? output : variable)),
    callsWithOutput,
  };
}

/** How a foreign text is written into a message, and the fixed texts that are written alike. */
interface Spelling {
  of(text: string): string;
  newline: string;
  planBegins: string;
  groundBegins: Readonly<Record<Domain, string>>;
  /** As the integrated instruction ends. */
  actionList: Readonly<Record<Domain, string>>;
}

const GROUND = "Please ground the given subgoal to corresponding executable actions for solving the given task. The grounded actions must be the one in available action list.";

const SPELLINGS: Readonly<Record<"text" | "escaped", Spelling>> = {
  text: spellingOf((text) => text),
  // Most texts hold nothing to escape, which is found out faster than they are copied.
  escaped: spellingOf((text) => (/["\\\p{Cc}\p{Cs}]/u.test(text) ? JSON.stringify(text).slice(1, -1) : text)),
};

function spellingOf(of: (text: string) => string): Spelling {
  const ofDomains = (text: (domain: Domain) => string): Record<Domain, string> => ({
    maths: of(text("maths")),
    complex_qa: of(text("complex_qa")),
    web_agent: of(text("web_agent")),
    multimodal: of(text("multimodal")),
    interactive_bash: of(text("interactive_bash")),
    interactive_sql: of(text("interactive_sql")),
  });
  const actions = (domain: Domain): string => `\n\nThe available action list is ${LUMOS_INTERFACES[domain].names}.\n${LUMOS_INTERFACES[domain].interfaces}`;
  return {
    of,
    newline: of("\n"),
    planBegins: of("Please provide a reasonable subgoal-based plan to solve the given task.\nTask: "),
    groundBegins: ofDomains((domain) => `${GROUND}${actions(domain)}\n\nTask: `),
    actionList: ofDomains(actions),
  };
}

/** An action without its result, as the ground module learns it. */
function printCall({ outputs, tool, args }: Action, name: (variable: string) => string): string {
  const printed = args.map((part) => (typeof part === "string" ? part : name(part.ref))).join("");
  return `${outputs.map(name).join(", ")} = ${tool}(${printed})`;
}

/** What `Output` is called where it has a number: the one after the highest that stands anywhere in the plan. Null where the plan has no `Output`. */
function outputNumber(plan: Plan): string | null {
  let highest = 0;
  let hasOutput = false;
  const see = (variable: string): void => {
    if (variable === "Output") hasOutput = true;
    else highest = Math.max(highest, Number(variable.slice(1)));
  };
  for (const { actions } of plan.subgoals) {
    for (const { outputs, args } of actions) {
      for (const output of outputs) see(output);
      for (const part of args) if (typeof part !== "string") see(part.ref);
    }
  }
  return hasOutput ? `R${highest + 1}` : null;
}

/** A rationale without the calculator marks of GSM8K (`<<3*4=12>>`). */
function withoutMarks(rationale: string): string {
  return rationale.replace(/<<[^<>]*>>/g, "").trim();
}

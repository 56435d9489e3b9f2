import { z } from "zod";
import { type Domain, domainSchema } from "../../schemas/domain.ts";
import type { Formulation } from "../export/kind.ts";

/** What a row of the published format says of a plan. Subgoals are without their labels. */
export interface ChatRow {
  module: "plan" | "ground";
  formulation: Formulation;
  domain: Domain | null;
  /** As the row has it; the published ones number the survivors of each file. */
  id: string | null;
  task: string;
  /** Null where the row names none. */
  environment: string | null;
  sentences: string[];
  /** The result of each subgoal's last action; null where the row does not tell it. */
  results: (string | null)[];
  /** Of `ground`: the calls of each subgoal, or all of them in one text where the row is of the `onetime` formulation. */
  calls: string[];
}

/** A row that is no plan and no grounding of one: why, in snake_case, and a sentence. */
export interface RowProblem {
  skip: "malformed_record" | "other_module";
  detail: string;
}

/**
 * Reads a row of the published training format (`{"dataset", "id", "messages"}`): module `plan` or `ground`, either formulation. Total: any value gives a row or says
 * why it is none. What stands in it is foreign text; only its size is bounded.
 */
export function readChatRow(value: unknown): ChatRow | RowProblem {
  const read = rowSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return malformed(`${issue?.path.join(".") || "record"}: ${issue?.message ?? "not the published shape"}`);
  }
  const { dataset, id, messages } = read.data;
  const contents = messages.map(({ content }) => content);
  const [asked = ""] = contents;
  if (messages.some(({ role }, index) => role !== (index % 2 === 0 ? "user" : "assistant"))) return malformed("messages: expected user and assistant by turns, the user first");
  const domain = domainSchema.safeParse(dataset);
  const about = { domain: domain.success ? domain.data : null, id: id === undefined ? null : String(id) };
  if (asked.startsWith(PLAN)) return readPlan(asked.slice(PLAN.length), contents, about);
  if (asked.startsWith(GROUND)) return readGround(asked, contents, about);
  return { skip: "other_module", detail: "The first message asks neither for a plan nor for a grounding as the published format words it." };
}

/** The texts of one row, all in all: more than any real one has. */
const MAX_CHARACTERS = 200_000;

const rowSchema = z
  .object({
    dataset: z.string().optional(),
    id: z.union([z.string().max(300), z.number()]).optional(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })).min(2).max(1000),
  })
  .refine(({ messages }) => messages.reduce((n, { content }) => n + content.length, 0) <= MAX_CHARACTERS, `longer than ${MAX_CHARACTERS} characters`);

const PLAN = "Please provide a reasonable subgoal-based plan to solve the given task.\nTask: ";
/** `; Initial Environment Description: None.` behind the task; other writers vary it, or leave it out. */
const ENVIRONMENT = /initial environment description:/gi;
const GROUND = "Please ground the given subgoal";
const TASK = "\n\nTask: ";
const ONE = " \nSubgoal to be grounded: ";
const ALL = " \nSubgoals to be grounded: ";
const LATER = "Subgoal to be grounded: ";
const BASED = " The grounding could be based on the following results:";
const STOP = ". Should we stop planning?";
const GO_ON = "No, I will keep planning. ";
const STOPPED = "Yes, I will stop planning.";

type About = Pick<ChatRow, "domain" | "id">;

function readPlan(asked: string, contents: readonly string[], about: About): ChatRow | RowProblem {
  // The task may say anything: what stands last is the format's.
  const marker = [...asked.matchAll(ENVIRONMENT)].at(-1);
  const described = marker === undefined ? "" : asked.slice(marker.index + marker[0].length).trim().replace(/\.$/, "");
  if (described.includes("\n\nThe available action list is ")) return { skip: "other_module", detail: "It plans and grounds in one: only 'plan' and 'ground' are read." };
  const task = marker === undefined ? asked : asked.slice(0, marker.index).trimEnd().replace(/;$/, "");
  const row = { ...about, module: "plan" as const, task, environment: /^(?:none)?$/i.test(described) ? null : described, calls: [] };
  if (row.task.trim() === "") return malformed("messages.0: the task is empty");
  if (contents.length === 2) {
    const sentences = splitSubgoals(contents[1] ?? "");
    return { ...row, formulation: "onetime", sentences, results: sentences.map(() => null) };
  }
  const sentences: string[] = [];
  const results: (string | null)[] = [];
  for (let turn = 1; turn < contents.length; turn += 2) {
    const said = contents[turn] ?? "";
    if (said.trim() === STOPPED) break;
    sentences.push(unlabelled(said.startsWith(GO_ON) ? said.slice(GO_ON.length) : said));
    results.push(toldResult(contents[turn + 1] ?? "", sentences.length));
  }
  return sentences.length === 0 ? malformed("messages.1: no subgoal") : { ...row, formulation: "iterative", sentences, results };
}

/** What `The executed result for Subgoal 2 is 12. Should we stop planning?` tells; null where a message is worded otherwise, as those of `web_agent`. */
function toldResult(content: string, subgoal: number): string | null {
  const begin = `The executed result for Subgoal ${subgoal} is `;
  const text = content.trimEnd();
  if (!text.startsWith(begin)) return null;
  // An empty result: the converter trims before it adds its question.
  return text.endsWith(STOP) ? text.slice(begin.length, Math.max(begin.length, text.length - STOP.length)) : text.slice(begin.length);
}

function readGround(asked: string, contents: readonly string[], about: About): ChatRow | RowProblem {
  const from = asked.indexOf(TASK);
  const [one, all] = [asked.lastIndexOf(ONE), asked.lastIndexOf(ALL)];
  const end = Math.max(one, all);
  if (from === -1 || end < from + TASK.length) return malformed("messages.0: no task, or no subgoal to be grounded behind it");
  const row = { ...about, module: "ground" as const, task: asked.slice(from + TASK.length, end), environment: null };
  if (row.task.trim() === "") return malformed("messages.0: the task is empty");
  if (all > one) {
    if (contents.length !== 2) return malformed("messages: all subgoals are grounded in one answer, and there are several");
    const sentences = splitSubgoals(withoutNewline(asked.slice(all + ALL.length)));
    return { ...row, formulation: "onetime", sentences, results: sentences.map(() => null), calls: [contents[1] ?? ""] };
  }
  const sentences: string[] = [];
  const results: (string | null)[] = [];
  const calls: string[] = [];
  for (let turn = 0; turn + 1 < contents.length; turn += 2) {
    const content = contents[turn] ?? "";
    const text = turn === 0 ? content.slice(one + ONE.length) : content.startsWith(LATER) ? content.slice(LATER.length) : null;
    if (text === null) return malformed(`messages.${turn}: expected '${LATER.trim()}'`);
    const based = turn === 0 ? -1 : text.indexOf(BASED);
    sentences.push(unlabelled(withoutNewline(based === -1 ? text : text.slice(0, based))));
    if (based !== -1) results[sentences.length - 2] = lastTold(withoutNewline(text.slice(based)), sentences.length - 1);
    results.push(null);
    calls.push(contents[turn + 1] ?? "");
  }
  return { ...row, formulation: "iterative", sentences, results, calls };
}

/** The result of the subgoal before: the last of those that a grounding may be based on. */
function lastTold(text: string, subgoal: number): string | null {
  const marker = ` The execution result for Subgoal ${subgoal} is `;
  const at = text.lastIndexOf(marker);
  return at === -1 ? null : text.slice(at + marker.length);
}

/** `Subgoal 1: …; Subgoal 2: …`: the labels count up, so that a sentence may hold `; `. */
function splitSubgoals(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (let next = 2; ; next += 1) {
    const at = text.indexOf(`; Subgoal ${next}: `, from);
    sentences.push(unlabelled(text.slice(from, at === -1 ? undefined : at)));
    if (at === -1) return sentences;
    from = at + 2;
  }
}

function unlabelled(text: string): string {
  return text.replace(/^\s{0,8}Subgoal [0-9]{1,6}: ?/, "");
}

function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

function malformed(detail: string): RowProblem {
  return { skip: "malformed_record", detail: detail.slice(0, 300) };
}

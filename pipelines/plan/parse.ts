import { defect } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { ParseOptions, ParseResult } from "./builder.ts";
import { beginsItem } from "./label.ts";
import { anyJsonStart, jsonStarts, parseJson } from "./parse-json.ts";
import { parseText, textStart } from "./parse-text.ts";
import { printPlan } from "./print.ts";

export type { ParseOptions, ParseResult } from "./builder.ts";
export { planFromJson } from "./parse-json.ts";

/** Longer replies are no plans: the longest real ones have some 5,000 characters. */
export const MAX_REPLY_LENGTH = 200_000;

/**
 * Reads a reply in either spelling, whichever begins first in it. Total: any string gives a plan or located
 * defects, never an exception, in time linear in its length. Reasoning (`<think>`), code fences and prose around the plan,
 * markdown around its labels, blank lines and line ends do not matter.
 */
export function parsePlan(reply: string, options: ParseOptions = {}): ParseResult {
  if (reply.length > MAX_REPLY_LENGTH) {
    return noPlan(`The reply has ${reply.length} characters; a plan has at most ${MAX_REPLY_LENGTH}.`);
  }
  const answer = withoutThinking(reply);
  const text = textStart(answer);
  const json = jsonStarts(answer).filter((start) => text === -1 || start < text);
  if (json.length > 0) {
    const { end, ...first } = parseJson(answer, json, options);
    return withSecondPlan(first, readAny(answer.slice(end), options));
  }
  const plan = parseText(answer, options);
  if (plan !== null) return withSecondPlan(plan, readJson(withoutItems(answer.slice(text)), options));
  const broken = anyJsonStart(answer);
  if (broken.length > 0) {
    const { end: _, ...none } = parseJson(answer, broken, options);
    return none;
  }
  return noPlan(answer.trim() === "" ? "The reply is blank." : "The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'.");
}

/** The reply without the reasoning that some local models put before it; a draft in there is not the plan. */
function withoutThinking(reply: string): string {
  const end = /^\s*<think>/.test(reply) ? reply.indexOf("</think>") : -1;
  return end === -1 ? reply : reply.slice(end + "</think>".length);
}

/** The first plan of a reply, with a defect where a second one stands behind it: which of both is meant can't be told. The same plan given twice is one plan. */
function withSecondPlan(first: ParseResult, second: Plan | null): ParseResult {
  if (first.plan === null || second === null || printPlan(second) === printPlan(first.plan)) return first;
  const message = "A second plan stands behind the first one, which alone is read: send one plan, without drafts.";
  return { ...first, defects: [...first.defects, defect("parse.subgoal", message)] };
}

function readJson(text: string, options: ParseOptions): Plan | null {
  const starts = jsonStarts(text);
  return starts.length === 0 ? null : parseJson(text, starts, options).plan;
}

/** The plan in a text in either spelling. A text without actions is a remark, no plan. */
function readAny(text: string, options: ParseOptions): Plan | null {
  const json = readJson(text, options);
  const plan = json ?? parseText(text, options)?.plan ?? null;
  return plan?.subgoals.some(({ actions }) => actions.length > 0) === true ? plan : null;
}

/** What stands between the lines of a plan: arguments may quote anything. */
function withoutItems(text: string): string {
  return text.split(/\r\n|\r|\n/).filter((line) => !beginsItem(line.trim())).join("\n");
}

function noPlan(message: string): ParseResult {
  return { plan: null, spelling: null, defects: [defect("parse.no_plan", message)] };
}

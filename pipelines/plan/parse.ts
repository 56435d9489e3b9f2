import { defect } from "../../schemas/defect.ts";
import type { ParseOptions, ParseResult } from "./builder.ts";
import { anyJsonStart, jsonStarts, parseJson } from "./parse-json.ts";
import { parseText, textStart } from "./parse-text.ts";

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
  if (json.length > 0) return parseJson(answer, json, options);
  const plan = parseText(answer, options);
  if (plan !== null) return plan;
  const broken = anyJsonStart(answer);
  if (broken.length > 0) return parseJson(answer, broken, options);
  return noPlan(answer.trim() === "" ? "The reply is blank." : "The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'.");
}

/** The reply without the reasoning that some local models put before it; a draft in there is not the plan. */
function withoutThinking(reply: string): string {
  const end = /^\s*<think>/.test(reply) ? reply.indexOf("</think>") : -1;
  return end === -1 ? reply : reply.slice(end + "</think>".length);
}

function noPlan(message: string): ParseResult {
  return { plan: null, spelling: null, defects: [defect("parse.no_plan", message)] };
}

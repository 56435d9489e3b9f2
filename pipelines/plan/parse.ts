import { defect } from "../../schemas/defect.ts";
import type { ParseOptions, ParseResult } from "./builder.ts";
import { anyJsonStart, jsonStarts, parseJson } from "./parse-json.ts";
import { parseText, textStart } from "./parse-text.ts";

export type { ParseOptions, ParseResult } from "./builder.ts";
export { planFromJson } from "./parse-json.ts";

/** Longer replies are no plans: the longest real ones have some 5,000 characters. */
export const MAX_REPLY_LENGTH = 200_000;

/**
 * Reads a reply in either spelling, whichever begins first in it. Total: any string gives a plan or located defects, never an exception, in time linear in its length.
 * Code fences, prose around the plan, markdown around its labels, blank lines and line ends do not matter.
 */
export function parsePlan(reply: string, options: ParseOptions = {}): ParseResult {
  if (reply.length > MAX_REPLY_LENGTH) {
    return noPlan(`The reply has ${reply.length} characters; a plan has at most ${MAX_REPLY_LENGTH}.`);
  }
  const text = textStart(reply);
  const json = jsonStarts(reply).filter((start) => text === -1 || start < text);
  if (json.length > 0) return parseJson(reply, json, options);
  const plan = parseText(reply, options);
  if (plan !== null) return plan;
  const broken = anyJsonStart(reply);
  if (broken.length > 0) return parseJson(reply, broken, options);
  return noPlan(reply.trim() === "" ? "The reply is blank." : "The reply has no subgoal; expected lines 'Subgoal 1: <sentence>' and 'Action 1-1: R1 = Tool(args) = result'.");
}

function noPlan(message: string): ParseResult {
  return { plan: null, spelling: null, defects: [defect("parse.no_plan", message)] };
}

import { withoutKey } from "../llm/failure.ts";
import { oneLine } from "../llm/line.ts";
import { isFilteredError } from "../llm/reply.ts";

/** What a line of a result file says. */
export type BatchResult =
  | { kind: "reply"; customId: string; status: number; body: string }
  /** `unanswered`: the batch ended before it was this request's turn. */
  | { kind: "failed" | "unanswered"; customId: string; error: string }
  | { kind: "unreadable"; problem: string };

/** Codes of requests that a batch didn't get to: nothing was paid for them. */
const NOT_REACHED: ReadonlySet<string> = new Set(["batch_expired", "batch_cancelled"]);

/**
 * Reads a line of an output or error file (`{"custom_id", "response": {"status_code", "body"}, "error": {"code", "message"}}`). Total.
 * A reply is what a model said, and the one error that concerns the example itself: a content filter's. Any other error leaves the request
 * unanswered, to be sent again.
 */
export function readResult(received: string, key: string | null): BatchResult {
  const text = withoutKey(received, key);
  const line = parse(text);
  if (typeof line !== "object" || line === null || Array.isArray(line)) return { kind: "unreadable", problem: `is no JSON object: ${oneLine(text, 60)}` };
  const customId = member(line, "custom_id");
  if (typeof customId !== "string") return { kind: "unreadable", problem: `has no custom_id: ${oneLine(text, 60)}` };
  const response = member(line, "response");
  const status = member(response, "status_code");
  const body = member(response, "body");
  if (typeof status === "number" && (status === 200 || (status === 400 && isFilteredError(body)))) {
    const told = bodyText(body);
    return told === null ? { kind: "unreadable", problem: "has a body that can't be kept" } : { kind: "reply", customId, status, body: withoutKey(told, key) };
  }
  const error = member(line, "error") ?? member(body, "error");
  const code = member(error, "code") ?? member(error, "type");
  const said = [status, code, member(error, "message")].filter((part) => typeof part === "string" || typeof part === "number");
  const told = oneLine(withoutKey(said.map(String).join(": "), key)) || "no response and no error";
  return { kind: typeof code === "string" && NOT_REACHED.has(code) ? "unanswered" : "failed", customId, error: told };
}

/** Texts stay as they are; what is nested too deep to be written is null. */
function bodyText(body: unknown): string | null {
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body ?? null);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A member of a foreign value, never of its prototype. */
function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

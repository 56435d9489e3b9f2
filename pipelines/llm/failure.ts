import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { oneLine } from "./line.ts";

export type FailureReason =
  | "unreachable"
  | "timeout"
  | "unauthorized"
  | "model_not_found"
  | "quota_exceeded"
  | "rate_limited"
  | "bad_request"
  | "server_error"
  | "interrupted";

/** Why no reply came. `fatal`: the same will happen to every example, so that going on is of no use. One line, no key in it. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  constructor(
    readonly reason: FailureReason,
    message: string,
    readonly fatal: boolean,
  ) {
    super(message);
  }
}

/** What was asked of whom, to be named in the message. */
export interface Endpoint {
  url: string;
  model: string;
  timeoutSeconds: number;
  key: string | null;
}

/** Reads an error of the openai package; one that is none of its own is a mistake in the program and is thrown. */
export function requestFailure(error: unknown, endpoint: Endpoint): RequestFailure {
  if (!(error instanceof APIError)) throw error;
  const fail = (reason: FailureReason, message: string, fatal = false) => new RequestFailure(reason, withoutKey(message, endpoint.key), fatal);
  const { url, model } = endpoint;
  if (error instanceof APIUserAbortError) return fail("interrupted", `The request to ${url} was interrupted.`);
  if (error instanceof APIConnectionTimeoutError) {
    return fail("timeout", `${url} did not answer within ${endpoint.timeoutSeconds} s: raise --timeout, or lower --concurrency.`);
  }
  if (error instanceof APIConnectionError) return fail("unreachable", `${url} can't be reached (${innermost(error)}): is the server running, is --base-url right?`);

  const status: unknown = error.status;
  const said = `${url} answered ${String(status)} for model '${model}': ${serverMessage(error)}`;
  if (status === 401 || status === 403) {
    const todo = endpoint.key === null ? "No key was sent: set OPENAI_API_KEY." : "Check the key (OPENAI_API_KEY) and what it may use.";
    return fail("unauthorized", `${said} ${todo}`, true);
  }
  if (status === 404) return fail("model_not_found", `${said} Check --model and --base-url (it usually ends in /v1).`, true);
  if (status === 402 || error.code === "insufficient_quota") return fail("quota_exceeded", `${said} Check the account's balance and limits.`, true);
  if (status === 429) return fail("rate_limited", `${said} Lower --concurrency or --rpm.`);
  if (typeof status === "number" && status >= 500) return fail("server_error", said);
  return fail("bad_request", said);
}

/** The text with the key, if it is in it, blotted out: servers like to quote what they were sent. */
export function withoutKey(text: string, key: string | null): string {
  return key === null || key.length < 4 ? text : text.replaceAll(key, "[key]");
}

function serverMessage(error: APIError): string {
  const message = oneLine(error.message.replace(/^\d{3} /, ""));
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/** The system's own word for what went wrong stands at the end of the chain of causes. */
function innermost(error: Error): string {
  let last: Error = error;
  for (let depth = 0; depth < 8 && last.cause instanceof Error; depth++) last = last.cause;
  const code: unknown = Reflect.get(last, "code");
  return oneLine(typeof code === "string" && !last.message.includes(code) ? `${code} ${last.message}` : last.message || String(code));
}

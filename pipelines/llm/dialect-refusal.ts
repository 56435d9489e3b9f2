import { FORMAT_NAMES, isCap, nextFormat, refusing } from "./dialect-facts.ts";
import type { CapName, DialectFacts } from "./dialect-facts.ts";
import { canonicalJson } from "./hash.ts";
import { oneLine } from "./line.ts";

/** An endpoint's 4xx, as far as it says what it didn't like. */
export interface Refusal {
  /** OpenAI's `error.code` (`unsupported_parameter`, …); null where there is none. */
  code: string | null;
  /** OpenAI's `error.param`. */
  param: string | null;
  message: string;
}

export interface DialectChange {
  facts: DialectFacts;
  /** One line for the user: what was refused and what is done instead. */
  said: string;
}

/**
 * What to change about a request that was refused as `sent`, or null where the refusal is not about how it was asked: it
 * concerns this one example (too long, filtered), or says nothing that can be understood.
 */
export function changeFor(refusal: Refusal, sent: Readonly<Record<string, unknown>>, facts: DialectFacts): DialectChange | null {
  if (concernsExample(refusal)) return null;
  if (sent["response_format"] !== undefined && isAboutFormat(refusal)) return stepDown(facts, `refuses it (${quote(refusal)})`);
  const [name] = refusedParameters(refusal, sent);
  if (name === undefined) return null;
  if (isCap(name) && facts.cap === null) return renameCap(name, facts);
  const value = sent[name];
  const byValue = isValueRefusal(refusal) && isJson(value);
  const shown = oneLine(canonicalJson(value), 60);
  return {
    facts: refusing(facts, name, ...(byValue ? [value] : [])),
    said: `does not take ${byValue ? `${name} ${shown}` : `the parameter ${name} (you gave ${shown})`}: it is left out of every request (${quote(refusal)}).`,
  };
}

/** One step down in how JSON is asked for; null where there is none left. */
export function stepDown(facts: DialectFacts, because: string): DialectChange | null {
  const format = nextFormat(facts.format);
  if (format === null) return null;
  return { facts: { ...facts, format }, said: `was asked for ${FORMAT_NAMES[facts.format]} and ${because}: from now on ${FORMAT_NAMES[format]}.` };
}

/** Reads what a refusal's body says, in the shapes of OpenAI, FastAPI (vLLM, Mistral), Google and plain texts. Total. */
export function readRefusal(body: unknown, fallback: string): Refusal {
  const first = Array.isArray(body) ? body[0] : body;
  const error = member(first, "error") ?? first;
  const code = member(error, "code") ?? member(error, "type");
  const param = member(error, "param");
  const told = member(error, "message") ?? member(first, "detail") ?? error;
  return {
    code: typeof code === "string" ? code : null,
    param: typeof param === "string" ? param : null,
    message: (typeof told === "string" ? told : told === undefined ? fallback : (JSON.stringify(told) ?? fallback)).slice(0, MAX_MESSAGE),
  };
}

const MAX_MESSAGE = 4000;

const EXAMPLE_CODES: ReadonlySet<string> = new Set([
  "context_length_exceeded", "exceed_context_size_error", "string_above_max_length", "content_filter", "content_policy_violation", "invalid_prompt",
]);
const EXAMPLE_TEXT = /context (?:length|window|size)|maximum (?:context|input)|too (?:long|many (?:input )?tokens)|content (?:filter|management|policy)|safety/i;

/** Whether a refusal is about this one example, whatever the dialect: too long, or filtered. */
export function concernsExample({ code, message }: Refusal): boolean {
  return (code !== null && EXAMPLE_CODES.has(code)) || EXAMPLE_TEXT.test(message);
}

const FORMAT_TEXT = /response[_ ]?format|json[_ ]?(?:schema|mode|object)|structured[_ ]outputs?|guided|grammar|response[_ ]?(?:schema|mime)|additionalProperties/i;

function isAboutFormat({ param, message }: Refusal): boolean {
  return param?.startsWith("response_format") === true || FORMAT_TEXT.test(message);
}

const UNSUPPORTED_CODES: ReadonlySet<string> = new Set(["unsupported_parameter", "unknown_parameter", "unsupported_value", "extra_forbidden"]);
const UNSUPPORTED_TEXT =
  /unsupported|not (?:be )?support|n['o]t support|unrecogni[sz]ed|unknown|unexpected|extra inputs|extra_forbidden|additional propert|not (?:permitted|allowed)|deprecated|both be specified/i;

/** The parameters of `sent` that a refusal names, in the order in which it names them; none where it is about something else. */
function refusedParameters(refusal: Refusal, sent: Readonly<Record<string, unknown>>): string[] {
  const { code, param } = refusal;
  if (!(code !== null && UNSUPPORTED_CODES.has(code)) && !UNSUPPORTED_TEXT.test(refusal.message)) return [];
  const parameters = new Map(Object.keys(sent).filter((name) => !OURS.has(name)).map((name) => [folded(name), name]));
  const exact = param === null ? undefined : parameters.get(folded(param));
  if (exact !== undefined) return [exact];
  // What stands after these words is what to use instead.
  const text = refusal.message.split(/did you mean|instead|supported (?:parameters|values)/i, 1)[0] ?? "";
  const named = (words: RegExp) => [...text.matchAll(words)].flatMap(([word]) => parameters.get(folded(word)) ?? []);
  const quoted = named(/(?<=['"`])[\w.]{1,60}(?=['"`])/g);
  const found = quoted.length > 0 ? quoted : named(/\b[A-Za-z][\w]{1,60}\b/g);
  return /both be specified/i.test(text) ? found.reverse() : found;
}

/** These are the program's own; refusing them says nothing about parameters. */
const OURS: ReadonlySet<string> = new Set(["model", "messages", "response_format"]);

/** `max_tokens` and `maxTokens` are one name. */
function folded(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function isValueRefusal({ code, message }: Refusal): boolean {
  return code === "unsupported_value" || /unsupported value|only the default/i.test(message);
}

function renameCap(name: CapName, facts: DialectFacts): DialectChange {
  const cap: CapName = name === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  return { facts: { ...facts, cap }, said: `wants the output cap as ${cap}, not ${name}.` };
}

/** What an endpoint said, for a message. */
export function quote({ message }: Refusal): string {
  return `it says: ${oneLine(message, 160).replace(/[.\s]+$/, "")}`;
}

function isJson(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A member of a foreign value, never of its prototype. */
function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

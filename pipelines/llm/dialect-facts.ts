import { z } from "zod";
import { canonicalJson } from "./hash.ts";
import type { JsonValue } from "./request.ts";

/** How a reply in JSON is asked for, best first: by a strict schema, as any JSON, or by the prompt alone. */
const REPLY_FORMATS = ["json_schema", "json_object", "text"] as const;
export type ReplyFormat = (typeof REPLY_FORMATS)[number];

const CAP_NAMES = ["max_tokens", "max_completion_tokens"] as const;
export type CapName = (typeof CAP_NAMES)[number];

const factsSchema = z.object({
  /** The name under which the output cap is taken; null: either may be, it goes as it was given. */
  cap: z.enum(CAP_NAMES).nullable(),
  format: z.enum(REPLY_FORMATS),
  /** Parameters that are refused: whatever their value, or (with a `value`, as canonical JSON) with this value alone. */
  refused: z.array(z.object({ parameter: z.string(), value: z.string().optional() })),
  /** A usable reply came in this dialect. */
  settled: z.boolean(),
});

/** What was found out about how an endpoint wants to be asked for one model. Stored as JSON. */
export type DialectFacts = z.infer<typeof factsSchema>;

/** What is taken for granted before anything is known. */
export const UNKNOWN_DIALECT: DialectFacts = { cap: null, format: "json_schema", refused: [], settled: false };

/** Facts as they were stored; null where there are none, or none that this version understands: they are found out again. */
export function readFacts(stored: unknown): DialectFacts | null {
  return factsSchema.safeParse(stored).data ?? null;
}

/** The body in the endpoint's dialect. What was not asked for is not added. */
export function inDialect(body: Readonly<Record<string, unknown>>, facts: DialectFacts): Record<string, unknown> {
  const members = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    const sentName = isCap(name) && facts.cap !== null ? facts.cap : name;
    if (facts.refused.some((refused) => isRefused(refused, sentName, value))) return [];
    if (name !== "response_format" || facts.format === "json_schema") return [[sentName, value]];
    return facts.format === "json_object" ? [[name, { type: "json_object" }]] : [];
  });
  return Object.fromEntries(members);
}

export function isCap(name: string): name is CapName {
  return CAP_NAMES.some((cap) => cap === name);
}

/** The next format to try; null after the last. */
export function nextFormat(format: ReplyFormat): ReplyFormat | null {
  return REPLY_FORMATS[REPLY_FORMATS.indexOf(format) + 1] ?? null;
}

/** How a format is called in messages. */
export const FORMAT_NAMES: Readonly<Record<ReplyFormat, string>> = {
  json_schema: "a strict JSON schema",
  json_object: "JSON mode",
  text: "JSON asked for in the prompt alone",
};

/** Facts for a person: what differs from a plain OpenAI endpoint; "" where nothing does. */
export function describeFacts(facts: DialectFacts): string {
  return [
    ...(facts.cap === null ? [] : [`output cap as ${facts.cap}`]),
    ...facts.refused.map(({ parameter, value }) => `no ${parameter}${value === undefined ? "" : ` ${value}`}`),
    ...(facts.format === "json_schema" ? [] : [FORMAT_NAMES[facts.format]]),
  ].join(", ");
}

function isRefused({ parameter, value }: { parameter: string; value?: string | undefined }, name: string, given: unknown): boolean {
  return parameter === name && (value === undefined || value === canonicalJson(given));
}

/** Parameters as a refusal concerns them. */
export function refusing(facts: DialectFacts, parameter: string, value?: JsonValue): DialectFacts {
  const refused = value === undefined ? { parameter } : { parameter, value: canonicalJson(value) };
  return { ...facts, refused: [...facts.refused, refused] };
}

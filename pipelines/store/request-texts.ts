import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";

/** Shorter messages are kept where they stand. */
const SHORTEST = 200;
/** So many of the latest texts are remembered to notice that one comes again. */
const REMEMBERED = 256;

/**
 * Keeps the messages that stand in request after request (instruction, few-shots) once. A message that comes a second time is stored as
 * `{ role, text: <hash> }`; `restore` gives the request as it was.
 */
export function requestTexts(db: Connection) {
  const save = db.prepare("INSERT INTO request_texts (hash, text) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING");
  const one = db.prepare<[string], { text: string }>("SELECT text FROM request_texts WHERE hash = ?");
  /** Text to its hash; null while it came only once. */
  const seen = new Map<string, string | null>();

  const hashOf = (text: string): string | null => {
    const known = seen.get(text);
    seen.delete(text);
    const hash = known === null ? createHash("sha256").update(text).digest("hex") : (known ?? null);
    // Saved again whenever it is new to this process: a transaction that was rolled back may have taken it along.
    if (known === null && hash !== null) save.run(hash, text);
    seen.set(text, hash);
    const oldest = seen.size > REMEMBERED ? seen.keys().next().value : undefined;
    if (oldest !== undefined) seen.delete(oldest);
    return hash;
  };
  const withMessages = (request: unknown, change: (message: Record<string, unknown>) => unknown): unknown => {
    if (!isRecord(request) || !Array.isArray(request["messages"])) return request;
    return { ...request, messages: request["messages"].map((message: unknown) => (isRecord(message) ? change(message) : message)) };
  };

  return {
    shorten: (request: unknown): unknown =>
      withMessages(request, ({ content, ...rest }) => {
        const hash = typeof content === "string" && content.length >= SHORTEST ? hashOf(content) : null;
        return hash === null ? { ...rest, content } : { ...rest, text: hash };
      }),
    restore: (request: unknown): unknown =>
      withMessages(request, ({ text, ...rest }) => (typeof text === "string" ? { ...rest, content: one.get(text)?.text ?? "" } : rest)),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

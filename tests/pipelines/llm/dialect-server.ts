import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

type Body = Record<string, unknown>;
export interface Answered {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
  delayMs?: number;
}

/** A server on loopback that answers as a test says: `rule` gets the path and the JSON body (of a GET: {}). */
export async function startServer(rule: (body: Body, path: string) => Answered) {
  const bodies: Body[] = [];
  const calls: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body: Body = text === "" ? {} : JSON.parse(text);
      const path = request.url ?? "";
      calls.push(`${request.method} ${path}`);
      headers.push(request.headers);
      if (path.endsWith("/chat/completions")) bodies.push(body);
      const answered = rule(body, path);
      setTimeout(() => {
        response.writeHead(answered.status ?? 200, { "content-type": "application/json", ...answered.headers });
        response.end(typeof answered.body === "string" ? answered.body : JSON.stringify(answered.body));
      }, answered.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    /** Of the chat requests. */
    bodies,
    /** `METHOD /path`, all of them. */
    calls,
    headers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** A chat completion with this content. */
export function completion(content: string, more: { finish_reason?: string; usage?: unknown; message?: Body } = {}): Answered {
  const { finish_reason = "stop", usage = { prompt_tokens: 100, completion_tokens: 10 }, message = {} } = more;
  return { body: { choices: [{ index: 0, message: { role: "assistant", content, ...message }, finish_reason }], ...(usage === null ? {} : { usage }) } };
}

/** An error as OpenAI spells it. */
export function refused(message: string, { code = null, param = null, status = 400 }: { code?: string | null; param?: string | null; status?: number } = {}): Answered {
  return { status, body: { error: { message, type: "invalid_request_error", param, code } } };
}

export const PLAN = '{"subgoals": [{"text": "Add.", "actions": [{"outputs": ["R1"], "tool": "Calculator", "args": "2 + 3", "result": "5"}]}]}';

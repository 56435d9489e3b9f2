import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request as it stands in an uploaded file. */
interface SentRequest {
  custom_id: string;
  method: string;
  url: string;
  body: { model: string; messages: { role: string; content: string }[]; [parameter: string]: unknown };
}

type BatchEnding = "completed" | "expired" | "cancelled" | "failed";

/** One line of the results: the reply's text, an error of this request, or a line as it is written. */
type Result = string | { text: string; usage?: Record<string, unknown> | null } | { status: number; code: string; message: string } | { line: string };

interface StandInBatch {
  id: string;
  status: string;
  input_file_id: string;
  metadata: Record<string, string> | null;
  output_file_id: string | null;
  error_file_id: string | null;
  created_at: number;
  expires_at: number;
  request_counts: { total: number; completed: number; failed: number };
  errors: { object: "list"; data: { code: string; message: string; line: number | null }[] } | null;
  requests: SentRequest[];
}

/** What may go wrong with a call: it is named `METHOD path`, as in `POST /batches`. */
type CallFault =
  | { status: number; code?: string; headers?: Record<string, string> }
  /** The work is done, and the connection breaks before the answer. */
  | "done_then_reset"
  | "reset";

export interface BatchStandIn {
  /** With `/v1`. */
  url: string;
  batches: readonly StandInBatch[];
  files: ReadonlyMap<string, { name: string; bytes: number }>;
  /** Every call so far, as `POST /batches`. */
  calls: readonly string[];
  /** How often each request (by the text of its last message) was put into a batch. */
  timesSubmitted(): ReadonlyMap<string, number>;
  /** The next calls of this name go wrong, one after the other. */
  fault(call: string, ...faults: CallFault[]): void;
  /**
   * Ends a batch: `share` of its requests are done, in an order of the stand-in's own (backwards). `answer`: what each of them gives.
   * Of an expired or cancelled one the rest stands in the error file.
   */
  end(id: string, options?: { ending?: BatchEnding; share?: number; answer?: (request: SentRequest, index: number) => Result; extra?: readonly string[] }): void;
  close(): Promise<void>;
}

/** A stand-in for a provider's batch API: a real HTTP server on loopback that speaks OpenAI's `/v1/files` and `/v1/batches`. */
export async function startBatchStandIn(options: { listed?: boolean; filesListed?: boolean } = {}): Promise<BatchStandIn> {
  const batches: StandInBatch[] = [];
  const files = new Map<string, { name: string; bytes: number; text: string }>();
  const calls: string[] = [];
  const faults = new Map<string, CallFault[]>();
  let fileCount = 0;

  const addFile = (name: string, text: string): string => {
    const id = `file-${++fileCount}`;
    files.set(id, { name, bytes: Buffer.byteLength(text), text });
    return id;
  };
  const shown = ({ requests: _requests, ...batch }: StandInBatch): unknown => ({ object: "batch", endpoint: "/v1/chat/completions", completion_window: "24h", ...batch });

  const answerTo = async (call: string, path: string, url: URL, request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const sent = await readAll(request);
    const [, kind = "", id = "", action = ""] = path.split("/");
    if (call === "POST /files") {
      const form = readForm(sent, request.headers["content-type"] ?? "");
      if (form === null || form.purpose !== "batch") return refused(400, "invalid_request_error", "Expected a file with purpose batch.");
      const file = addFile(form.name, form.text);
      return { status: 200, body: fileObject(file) };
    }
    if (call === "GET /files") {
      if (options.filesListed === false) return refused(404, "not_found", "No such path.");
      return { status: 200, body: page([...files.keys()].reverse().map(fileObject), url) };
    }
    if (kind === "files" && action === "content") {
      const file = files.get(id);
      return file === undefined ? refused(404, "not_found", `No such File object: ${id}`) : { status: 200, body: file.text };
    }
    if (call === "POST /batches") {
      const body: { input_file_id?: string; endpoint?: string; completion_window?: string; metadata?: Record<string, string> } = JSON.parse(sent.toString("utf8"));
      const file = files.get(body.input_file_id ?? "");
      if (file === undefined || body.completion_window !== "24h" || body.endpoint !== "/v1/chat/completions") return refused(400, "invalid_request_error", "Not a batch.");
      const requests = file.text.split("\n").filter(Boolean).map((line): SentRequest => JSON.parse(line));
      const batch: StandInBatch = {
        id: `batch_${batches.length + 1}`,
        status: "validating",
        input_file_id: body.input_file_id ?? "",
        metadata: body.metadata ?? null,
        output_file_id: null,
        error_file_id: null,
        created_at: 1_790_000_000 + batches.length,
        expires_at: 1_790_086_400 + batches.length,
        request_counts: { total: requests.length, completed: 0, failed: 0 },
        errors: null,
        requests,
      };
      batches.push(batch);
      return { status: 200, body: shown(batch) };
    }
    if (call === "GET /batches") {
      return options.listed === false ? refused(404, "not_found", "No such path.") : { status: 200, body: page([...batches].reverse().map((batch) => ({ ...(shown(batch) as { id: string }) })), url) };
    }
    const batch = kind === "batches" ? batches.find((each) => each.id === id) : undefined;
    if (batch === undefined) return refused(404, "not_found", `No such path or batch: ${path}`);
    if (action === "cancel") {
      if (ENDINGS.has(batch.status)) return refused(409, "invalid_request_error", `Cannot cancel a batch with status '${batch.status}'.`);
      batch.status = "cancelling";
    }
    return { status: 200, body: shown(batch) };
  };

  const fileObject = (id: string) => ({ id, object: "file", purpose: "batch", filename: files.get(id)?.name ?? "", bytes: files.get(id)?.bytes ?? 0, created_at: 1_790_000_000, status: "processed" });

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname.replace(/^\/v1/, "");
    const call = `${request.method ?? ""} ${path}`;
    calls.push(call);
    const fault = faults.get(call)?.shift();
    if (fault === "reset") return void request.socket.resetAndDestroy();
    if (typeof fault === "object") {
      request.resume();
      return send(response, fault.status, { error: { message: `Fault ${fault.status}.`, type: fault.code ?? "fault", code: fault.code ?? "fault", param: null } }, fault.headers);
    }
    answerTo(call, path, url, request)
      .then(({ status, body }) => (fault === "done_then_reset" ? void request.socket.resetAndDestroy() : send(response, status, body)))
      .catch((error: unknown) => send(response, 500, { error: { message: `The stand-in itself failed: ${String(error)}` } }));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    batches,
    files,
    calls,
    timesSubmitted() {
      const times = new Map<string, number>();
      for (const { body } of batches.flatMap(({ requests }) => requests)) {
        const asked = JSON.stringify([body.model, body.messages]);
        times.set(asked, (times.get(asked) ?? 0) + 1);
      }
      return times;
    },
    fault(call, ...added) {
      faults.set(call, [...(faults.get(call) ?? []), ...added]);
    },
    end(id, { ending = "completed", share = 1, answer = () => "hm", extra = [] } = {}) {
      const batch = batches.find((each) => each.id === id);
      if (batch === undefined) throw new Error(`The stand-in has no batch ${id}.`);
      batch.status = ending;
      if (ending === "failed") {
        batch.errors = { object: "list", data: [{ code: "token_limit_exceeded", message: "Enqueued token limit reached.", line: null }] };
        return;
      }
      const done = Math.round(batch.requests.length * share);
      const output: string[] = [];
      const errors: string[] = [];
      for (const [index, request] of [...batch.requests.entries()].reverse()) {
        if (index >= done) errors.push(errorLine(request, { code: `batch_${ending}`, message: "This request could not be executed." }));
        else {
          const result = answer(request, index);
          if (typeof result === "object" && "line" in result) output.push(result.line);
          else if (typeof result === "object" && "status" in result) errors.push(responseLine(request, result.status, { error: { message: result.message, type: result.code, code: result.code } }));
          else output.push(responseLine(request, 200, completion(request, result)));
        }
      }
      batch.request_counts = { total: batch.requests.length, completed: output.length, failed: errors.length };
      if (output.length > 0 || extra.length > 0) batch.output_file_id = addFile(`${id}_output.jsonl`, [...output, ...extra, ""].join("\n"));
      if (errors.length > 0) batch.error_file_id = addFile(`${id}_error.jsonl`, [...errors, ""].join("\n"));
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

const ENDINGS: ReadonlySet<string> = new Set(["completed", "expired", "cancelled", "failed"]);

function completion(request: SentRequest, result: Extract<Result, string | { text: string }>): unknown {
  const { text, usage } = typeof result === "string" ? { text: result, usage: undefined } : result;
  const counted = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, prompt_tokens_details: { cached_tokens: 400 } };
  return {
    id: `chatcmpl-${request.custom_id}`,
    object: "chat.completion",
    created: 0,
    model: request.body.model,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    ...(usage === null ? {} : { usage: usage ?? counted }),
  };
}

function responseLine({ custom_id }: SentRequest, status_code: number, body: unknown): string {
  return JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, response: { status_code, request_id: "req", body }, error: null });
}

function errorLine({ custom_id }: SentRequest, error: { code: string; message: string }): string {
  return JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, response: null, error });
}

function refused(status: number, code: string, message: string): { status: number; body: unknown } {
  return { status, body: { error: { message, type: code, code, param: null } } };
}

/** Pages of two, so that whoever lists has to turn them. */
function page(all: readonly { id: string }[], url: URL): unknown {
  const after = url.searchParams.get("after");
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(from, from + 2);
  return { object: "list", data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: from + 2 < all.length };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": typeof body === "string" ? "application/octet-stream" : "application/json", ...headers });
  response.end(text);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The two fields of an upload. */
function readForm(body: Buffer, contentType: string): { purpose: string; name: string; text: string } | null {
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const form = { purpose: "", name: "", text: "" };
  for (const part of body.toString("utf8").split(`--${boundary}`)) {
    const split = part.indexOf("\r\n\r\n");
    if (split === -1) continue;
    const head = part.slice(0, split);
    const value = part.slice(split + 4, -2);
    if (head.includes('name="purpose"')) form.purpose = value;
    if (head.includes('name="file"')) {
      form.name = /filename="([^"]*)"/.exec(head)?.[1] ?? "";
      form.text = value;
    }
  }
  return form;
}

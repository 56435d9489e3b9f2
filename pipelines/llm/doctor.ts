import { planJsonSchema } from "../../schemas/plan.ts";
import { describeFacts, inDialect, isCap, UNKNOWN_DIALECT } from "./dialect-facts.ts";
import type { DialectFacts, ReplyFormat } from "./dialect-facts.ts";
import { changeFor, readRefusal } from "./dialect-refusal.ts";
import { contextLength } from "./doctor-context.ts";
import type { ContextLength } from "./doctor-context.ts";
import { plainFetch } from "./doctor-http.ts";
import type { Answer, Fetch } from "./doctor-http.ts";
import { oneLine } from "./line.ts";
import { readRateHeaders } from "./rate-headers.ts";
import type { RateReading } from "./rate-headers.ts";
import { rawReply, readReply } from "./reply.ts";
import { PLAN_RESPONSE_FORMAT } from "./request.ts";
import type { ModelParameters } from "./request.ts";

/** Of a `ModelConfig` what is tried. Its parameters go with each request, so that their dialect is found out, too. */
export interface DoctorConfig {
  baseUrl: string;
  key: string | null;
  /** Null: the only one that the endpoint lists. */
  model: string | null;
  parameters: ModelParameters;
  timeoutSeconds: number;
}

const CHECKS = [
  "reachable", "models", "chat", "json_schema", "json_mode", "parameters", "reasoning", "usage", "rate_limits", "context_length", "latency",
] as const;
type Check = (typeof CHECKS)[number];

/** `unknown`: it could not be tried, or the endpoint does not say. `detail`: one line for a person. */
interface Finding {
  check: Check;
  result: "yes" | "no" | "unknown";
  detail: string;
}

export interface Diagnosis {
  endpoint: string;
  model: string | null;
  /** Whether annotations can be made with it; null where no model was named to try. */
  usable: boolean | null;
  findings: Finding[];
  /** How the endpoint wants to be asked for this model; null where that was not found out. */
  dialect: DialectFacts | null;
  /** Chat requests that were sent. */
  requests: number;
}

/** Chat requests that a diagnosis sends at most, and the output tokens that each may take. */
export const MOST_REQUESTS = 6;
export const REPLY_CAP = 1000;

/** Tries an endpoint with a few tiny requests and says what works. Whatever the endpoint does, it resolves; a key that no header can carry is thrown (`endpoint`). */
export async function diagnose(config: DoctorConfig): Promise<Diagnosis> {
  const { baseUrl, key, timeoutSeconds } = config;
  const fetch = plainFetch(key, timeoutSeconds);
  const findings = new Map<Check, Finding>();
  const find = (check: Check, result: Finding["result"], detail: string): void => void findings.set(check, { check, result, detail });
  const done = (rest: Omit<Diagnosis, "endpoint" | "findings">): Diagnosis => ({
    endpoint: baseUrl,
    findings: CHECKS.map((check) => findings.get(check) ?? { check, result: "unknown", detail: "not tried" }),
    ...rest,
  });

  const listing = await fetch(`${baseUrl}/models`);
  if ("failure" in listing) {
    find("reachable", "no", `${listing.failure}: is the server running, is --base-url right?`);
    return done({ model: config.model, usable: false, dialect: null, requests: 0 });
  }
  find("reachable", "yes", `answers in ${listing.ms} ms`);
  const models = listedModels(listing);
  const model = config.model ?? (models.length === 1 ? (models[0]?.id ?? null) : null);
  const entry = models.find(({ id }) => isSameModel(id, model))?.entry;
  sayModels(find, listing, models, model, entry !== undefined);
  if (model === null) {
    find("chat", "unknown", "name a model to try with --model");
    return done({ model, usable: null, dialect: null, requests: 0 });
  }

  const patient = await tryChats({ ...config, model }, fetch, find);
  if (patient.usable) {
    const context = await contextLength(entry, { url: baseUrl, model, fetch });
    if (context === null) find("context_length", "unknown", "the endpoint does not say");
    else find("context_length", "yes", describeContext(context));
  }
  return done({ model, ...patient });
}

function describeContext({ served, model, source }: ContextLength): string {
  const said = [served === null ? "" : `${served} tokens`, model === null ? "" : `the model was made for ${model}`];
  return `${said.filter((each) => each !== "").join(", ")} (${source})`;
}

type Find = (check: Check, result: Finding["result"], detail: string) => void;

/** Chats in three forms: plain, JSON mode, strict schema. What is refused about parameters is left out and tried again. */
async function tryChats(config: DoctorConfig & { model: string }, fetch: Fetch, find: Find): Promise<Pick<Diagnosis, "usable" | "dialect" | "requests">> {
  let facts: DialectFacts = UNKNOWN_DIALECT;
  let requests = 0;
  const said: string[] = [];
  const answers: Answer[] = [];

  const tryForm = async (format: ReplyFormat): Promise<Answer | { failure: string }> => {
    const { model, parameters } = config;
    const cap = Object.keys(parameters).some(isCap) ? {} : { max_tokens: REPLY_CAP };
    const whole = { ...parameters, ...cap, model, messages: [{ role: "user", content: question(format) }], ...(format === "text" ? {} : { response_format: PLAN_RESPONSE_FORMAT }) };
    for (;;) {
      if (requests >= MOST_REQUESTS) return { failure: `not tried: ${MOST_REQUESTS} requests are spent` };
      requests += 1;
      const sent = inDialect(whole, { ...facts, format });
      const answer = await fetch(`${config.baseUrl}/chat/completions`, sent);
      if ("failure" in answer) return answer;
      if (answer.status === 200) {
        answers.push(answer);
        return answer;
      }
      const change = answer.status >= 400 && answer.status < 500 ? changeFor(readRefusal(answer.body, answer.text), sent, { ...facts, format }) : null;
      if (change === null || change.facts.format !== format) return { failure: `${answer.status}: ${oneLine(readRefusal(answer.body, answer.text).message, 160)}` };
      facts = { ...change.facts, format: facts.format };
      said.push(change.said);
    }
  };

  const plain = await tryForm("text");
  const read = "failure" in plain ? null : readReply(replyOf(plain));
  if ("failure" in plain || read === null) {
    find("chat", "no", "failure" in plain ? plain.failure : "no reply");
    return { usable: false, dialect: null, requests };
  }
  const [broken] = read.defects;
  // A model that thinks for longer than this small cap works all the same.
  const usable = broken === undefined || broken.code === "llm.truncated";
  if (broken === undefined) find("chat", "yes", `says '${oneLine(read.content, 40)}'`);
  else if (usable) find("chat", "yes", `answers, with no more than thinking within ${REPLY_CAP} tokens: give --max-tokens enough room for both`);
  else find("chat", "no", broken.message);
  find("reasoning", read.reasoning === "" ? "no" : "yes", read.reasoning === "" ? "the reply holds none" : `${read.reasoning.length} characters beside the answer; they are set aside`);

  const mode = judgeForm(await tryForm("json_object"), (value) => typeof value === "object" && value !== null);
  find("json_mode", mode.result, mode.detail);
  const schema = judgeForm(await tryForm("json_schema"), (value) => planJsonSchema.safeParse(value).success);
  find("json_schema", schema.result, schema.detail);
  const format: ReplyFormat = schema.result !== "no" ? "json_schema" : mode.result === "yes" ? "json_object" : "text";
  const dialect = { ...facts, format, settled: true };
  find("parameters", said.length === 0 ? "yes" : "no", said.length === 0 ? "taken as they are sent" : describeFacts({ ...facts, format: "json_schema" }));
  sayMeasured(find, answers);
  return { usable, dialect, requests };
}

/** Small, and without a word about JSON where the form alone is to bring it about. */
function question(format: ReplyFormat): string {
  const task = "Write a plan that adds 2 and 3. It has one subgoal with one action: the tool Calculator with the args 2 + 3, the output R1 and the result 5.";
  return format === "json_object" ? `${task} Answer with a JSON object.` : task;
}

function judgeForm(answer: Answer | { failure: string }, keeps: (value: unknown) => boolean): Pick<Finding, "result" | "detail"> {
  if ("failure" in answer) return answer.failure.startsWith("4") ? { result: "no", detail: `refused (${answer.failure})` } : { result: "unknown", detail: answer.failure };
  const { content, defects } = readReply(replyOf(answer));
  if (defects.length > 0) return { result: "unknown", detail: defects[0]?.message ?? "no reply" };
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { result: "no", detail: `accepted and ignored: the reply was '${oneLine(content, 60)}'` };
  }
  return keeps(value) ? { result: "yes", detail: "the reply keeps to it" } : { result: "no", detail: `the reply is JSON of another shape: '${oneLine(content, 60)}'` };
}

function sayMeasured(find: Find, answers: readonly Answer[]): void {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  find("latency", "yes", `${sorted[Math.floor((sorted.length - 1) / 2)] ?? 0} ms (median of ${sorted.length})`);
  const [first] = answers;
  if (first === undefined) return;
  const { usage } = replyOf(first);
  if (usage === null) find("usage", "no", "not reported: tokens and cost of a run stay unknown");
  else find("usage", "yes", `${usage.prompt_tokens} + ${usage.completion_tokens} tokens${usage.reasoning_tokens > 0 ? `, ${usage.reasoning_tokens} of them reasoning` : ""}`);
  const rate = readRateHeaders(first.headers, Date.now());
  const limits = [limitOf(rate?.requests ?? null, "requests"), limitOf(rate?.tokens ?? null, "tokens")].filter((each) => each !== "");
  find("rate_limits", limits.length === 0 ? "no" : "yes", limits.length === 0 ? "not told: give --rpm or --tpm where there are any" : limits.join(", "));
}

function limitOf(reading: RateReading | null, what: string): string {
  return reading === null ? "" : `${reading.remaining ?? "?"} of ${reading.limit ?? "?"} ${what} left`;
}

function replyOf({ status, text, ms }: Answer) {
  return rawReply({ status, body: text, latency_ms: ms });
}

interface ListedModel {
  id: string;
  entry: unknown;
}

function listedModels({ status, body }: Answer): ListedModel[] {
  const data: unknown = typeof body === "object" && body !== null ? (Reflect.get(body, "data") ?? Reflect.get(body, "models")) : undefined;
  if (status !== 200 || !Array.isArray(data)) return [];
  return data.flatMap((entry: unknown) => {
    const id: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "id") : undefined;
    return typeof id === "string" ? [{ id, entry }] : [];
  });
}

/** Google lists `models/<name>`, Ollama `<name>:latest`. */
function isSameModel(id: string, model: string | null): boolean {
  return model !== null && (id === model || id === `models/${model}` || id === `${model}:latest`);
}

function sayModels(find: Find, listing: Answer, models: readonly ListedModel[], model: string | null, isListed: boolean): void {
  const names = models.slice(0, 8).map(({ id }) => oneLine(id, 60)).join(", ") + (models.length > 8 ? ", …" : "");
  if (models.length === 0) find("models", "unknown", listing.status === 200 ? "the endpoint lists none" : `the endpoint lists none (${listing.status}: ${oneLine(readRefusal(listing.body, listing.text).message, 120)})`);
  else if (model === null) find("models", "yes", `${models.length}: ${names}`);
  else if (isListed) find("models", "yes", `'${model}' is one of ${models.length}`);
  else find("models", "no", `'${model}' is not among ${models.length}: ${names}`);
}

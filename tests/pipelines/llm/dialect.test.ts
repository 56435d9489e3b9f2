import pLimit from "p-limit";
import { afterEach, describe, expect, it } from "vitest";
import { openClient } from "../../../pipelines/llm/client.ts";
import type { Complete } from "../../../pipelines/llm/client.ts";
import { createDialect, withDialect } from "../../../pipelines/llm/dialect.ts";
import type { DialectOptions } from "../../../pipelines/llm/dialect.ts";
import { describeFacts, readFacts } from "../../../pipelines/llm/dialect-facts.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import { rawReply, readReply } from "../../../pipelines/llm/reply.ts";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import type { ModelParameters } from "../../../pipelines/llm/request.ts";
import { processorTime } from "../../support/processor-time.ts";
import { completion, PLAN, refused, startServer } from "./dialect-server.ts";
import type { Answered, Server } from "./dialect-server.ts";

type Body = Record<string, unknown>;
const never = new AbortController().signal;
let server: Server | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

/** What a store would keep from one run to the next. */
interface Memory {
  facts: unknown;
  said: string[];
}

async function open(rule: (body: Body) => Answered, memory: Memory = { facts: null, said: [] }, more: Partial<DialectOptions> = {}) {
  const running = (server ??= await startServer(rule));
  const client: { complete: Complete } = openClient({ baseUrl: running.url, key: null });
  const complete = withDialect(client.complete, {
    endpoint: "ENDPOINT",
    model: "small",
    load: () => memory.facts,
    save: (facts) => {
      const text = JSON.stringify(facts);
      memory.facts = JSON.parse(text);
    },
    say: (line) => memory.said.push(line),
    ...more,
  });
  return { complete, memory, bodies: running.bodies };
}

function ask(parameters: ModelParameters = {}, task = "Task", reply: "json" | "text" = "json") {
  return buildRequest({ model: "small", messages: [{ role: "user", content: `JSON, please.\n${task}` }], parameters, reply, ask: 1 });
}

function formats(bodies: readonly Body[]): unknown[] {
  return bodies.map((body) => (body["response_format"] === undefined ? "text" : Reflect.get(Object(body["response_format"]), "type")));
}

async function failure(asking: Promise<unknown>): Promise<RequestFailure> {
  const error = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestFailure)) throw new Error(`Expected a failure, got ${String(error)}`);
  return error;
}

const wantsNewCap = (body: Body): Answered =>
  "max_tokens" in body
    ? refused("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { code: "unsupported_parameter", param: "max_tokens" })
    : completion(PLAN);

const takesTextOnly = (body: Body): Answered =>
  body["response_format"] === undefined ? completion(PLAN) : refused("'response_format' of this type is not supported with this model.", { param: "response_format" });

describe("the dialect of an endpoint", () => {
  it("costs nothing where the endpoint speaks plain OpenAI", async () => {
    const { complete, memory, bodies } = await open(() => completion(PLAN));
    const request = ask({ temperature: 0, max_tokens: 500 });
    expect(readReply(await complete(request, never)).content).toBe(PLAN);
    expect(bodies).toEqual([JSON.parse(JSON.stringify(request.body))]);
    expect(memory.said).toEqual([]);
    expect(readFacts(memory.facts)).toEqual({ cap: null, format: "json_schema", refused: [], settled: true });
  });

  it.each<[string, ModelParameters, (body: Body) => Answered, Body]>([
    ["OpenAI's reasoning models want max_completion_tokens", { max_tokens: 9 }, wantsNewCap, { max_completion_tokens: 9 }],
    [
      "an older server wants max_tokens (Mistral, FastAPI)",
      { max_completion_tokens: 9 },
      (body) =>
        "max_completion_tokens" in body
          ? { status: 422, body: { detail: [{ type: "extra_forbidden", loc: ["body", "max_completion_tokens"], msg: "Extra inputs are not permitted" }] } }
          : completion(PLAN),
      { max_tokens: 9 },
    ],
    [
      "a value that the model does not take",
      { temperature: 0.2, seed: 1 },
      (body) =>
        body["temperature"] === 0.2
          ? refused("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", { code: "unsupported_value", param: "temperature" })
          : completion(PLAN),
      { seed: 1 },
    ],
    [
      "an unknown argument, without code or param",
      { reasoning_effort: "low", temperature: 1 },
      (body) => ("reasoning_effort" in body ? refused("Unrecognized request argument supplied: reasoning_effort") : completion(PLAN)),
      { temperature: 1 },
    ],
    [
      "an unknown field, as Google says it",
      { top_k: 4 },
      (body) =>
        "top_k" in body
          ? { status: 400, body: [{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "top_k": Cannot find field.', status: "INVALID_ARGUMENT" } }] }
          : completion(PLAN),
      {},
    ],
    [
      "a deprecated parameter, as Anthropic says it",
      { temperature: 0, max_tokens: 9 },
      (body) => ("temperature" in body ? { status: 400, body: { type: "error", error: { type: "invalid_request_error", message: "`temperature` is deprecated for this model." } } } : completion(PLAN)),
      { max_tokens: 9 },
    ],
    [
      "two of three parameters, one after the other",
      { top_k: 4, min_p: 0.1, temperature: 0 },
      (body) => {
        const bad = ["top_k", "min_p"].find((name) => name in body);
        return bad === undefined ? completion(PLAN) : refused(`property '${bad}' is unsupported`);
      },
      { temperature: 0 },
    ],
    [
      "another spelling of the name",
      { presence_penalty: 1 },
      (body) => ("presence_penalty" in body ? { status: 400, body: { error: "Argument not supported on this model: presencePenalty" } } : completion(PLAN)),
      {},
    ],
  ])("is found out: %s", async (_what, parameters, rule, expected) => {
    const { complete, bodies, memory } = await open(rule);
    await complete(ask(parameters), never);
    const { model: _m, messages: _ms, response_format: format, ...sent } = bodies.at(-1) ?? {};
    expect(sent).toEqual(expected);
    expect(format).toBeDefined();
    expect(memory.said.join("\n")).toMatchSnapshot();
    const before = bodies.length;
    await complete(ask(parameters, "another"), never);
    expect(bodies).toHaveLength(before + 1);
  });

  it("is remembered over a restart, and said once", async () => {
    const memory: Memory = { facts: null, said: [] };
    const first = await open((body) => ("temperature" in body ? refused("Unknown parameter: 'temperature'.", { code: "unknown_parameter", param: "temperature" }) : takesTextOnly(body)), memory);
    await first.complete(ask({ temperature: 0 }), never);
    expect(memory.said).toHaveLength(3);
    expect(describeFacts(readFacts(memory.facts) ?? expect.fail())).toBe("no temperature, JSON asked for in the prompt alone");
    const asked = first.bodies.length;
    const second = await open(takesTextOnly, memory);
    await second.complete(ask({ temperature: 0 }), never);
    expect(second.bodies.slice(asked)).toEqual([{ model: "small", messages: ask().body["messages"] }]);
    expect(memory.said).toHaveLength(3);
  });

  it.each([[null], ["x"], [{ cap: "tokens" }], [{ cap: null, format: "xml", refused: [], settled: true }], [[]]])("that is stored as nonsense is found out again: %j", async (facts) => {
    const { complete, memory } = await open(wantsNewCap, { facts, said: [] });
    await complete(ask({ max_tokens: 5 }), never);
    expect(memory.said).toEqual(["ENDPOINT (model 'small') wants the output cap as max_completion_tokens, not max_tokens."]);
  });

  it("leaves out one refused value, and sends another", async () => {
    const { complete, bodies } = await open((body) =>
      body["reasoning_effort"] === "minimal"
        ? refused("Unsupported value: 'minimal' is not supported with this model. Supported values are: 'low', 'high'.", { code: "unsupported_value", param: "reasoning_effort" })
        : completion(PLAN),
    );
    for (const reasoning_effort of ["minimal", "low", "minimal"]) await complete(ask({ reasoning_effort }), never);
    expect(bodies.map((body) => body["reasoning_effort"])).toEqual(["minimal", undefined, "low", undefined]);
  });

  it("is found out by one where a hundred are refused at once: each is refused once at most, the finder as often as it takes", async () => {
    const { complete, bodies, memory } = await open((body) => ({ ...("max_tokens" in body ? wantsNewCap(body) : takesTextOnly(body)), delayMs: 20 }));
    const replies = await Promise.all(Array.from({ length: 100 }, (_, n) => complete(ask({ max_tokens: 5 }, `Task ${n}`), never)));
    expect(replies.every((reply) => readReply(reply).content === PLAN)).toBe(true);
    expect(memory.said).toHaveLength(3);
    // All of them go out at first, then the finder's two further refusals, then everybody's reply.
    expect(bodies).toHaveLength(100 + 2 + 100);
  });

  it("reaches requests that wait in a queue: they go out as was found meanwhile", async () => {
    const running = (server = await startServer((body) => ({ ...("max_tokens" in body ? wantsNewCap(body) : takesTextOnly(body)), delayMs: 5 })));
    const { complete: send } = openClient({ baseUrl: running.url, key: null });
    const dialect = createDialect({ endpoint: "ENDPOINT", model: "small", load: () => null, save: () => undefined, say: () => undefined });
    const line = pLimit(10);
    const queued = dialect.speak(send);
    const complete = dialect.ask((request, signal) => line(() => queued(request, signal)));
    await Promise.all(Array.from({ length: 200 }, (_, n) => complete(ask({ max_tokens: 5 }, `Task ${n}`), never)));
    // Each of the three things found out costs about what is under way, and not what is in the queue.
    expect(running.bodies.length - 200).toBeLessThanOrEqual(60);
  });

  it("does not hold anybody up where the one who finds out fails", async () => {
    let down = 0;
    const { complete } = await open((body) => ("max_tokens" in body ? wantsNewCap(body) : down++ === 0 ? refused("No such model", { status: 404 }) : completion(PLAN)));
    const results = await Promise.allSettled(Array.from({ length: 5 }, (_, n) => complete(ask({ max_tokens: 5 }, `Task ${n}`), never)));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "fulfilled", "fulfilled", "fulfilled", "rejected"]);
  });
});

describe("the form of replies", () => {
  it.each<[string, (body: Body) => Answered, string[]]>([
    ["no schema, but JSON mode", (body) => (formats([body])[0] === "json_schema" ? refused("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.") : completion(PLAN)), ["json_schema", "json_object"]],
    ["neither", takesTextOnly, ["json_schema", "json_object", "text"]],
    [
      "a schema or nothing, as LM Studio says it",
      (body) => (formats([body])[0] === "text" ? completion(PLAN) : { status: 400, body: { error: "'response_format.type' must be 'json_schema' or 'text'" } }),
      ["json_schema", "json_object", "text"],
    ],
    ["no word about why", (body) => (body["response_format"] === undefined ? completion(PLAN) : refused("Bad Request")), ["json_schema", "json_object", "text"]],
    [
      "a member of the schema unknown, as Google says it",
      (body) => (formats([body])[0] === "json_schema" ? refused('Unknown name "additionalProperties" at \'generation_config.response_schema\': Cannot find field.') : completion(PLAN)),
      ["json_schema", "json_object"],
    ],
  ])("steps down at once where it is refused: %s", async (_what, rule, expected) => {
    const { complete, bodies, memory } = await open(rule);
    expect(readReply(await complete(ask(), never)).content).toBe(PLAN);
    expect(formats(bodies)).toEqual(expected);
    expect(memory.said.join("\n")).toMatchSnapshot();
    await complete(ask({}, "another"), never);
    expect(formats(bodies)).toEqual([...expected, expected.at(-1)]);
  });

  it.each([
    ["prose", "First add the two numbers."],
    ["fenced JSON", `\`\`\`json\n${PLAN}\n\`\`\``],
  ])("steps down where it is ignored, after three replies each: %s", async (_what, text) => {
    const { complete, bodies, memory } = await open(() => completion(text));
    for (let n = 0; n < 8; n++) await complete(ask({}, `Task ${n}`), never);
    expect(formats(bodies)).toEqual(["json_schema", "json_schema", "json_schema", "json_object", "json_object", "json_object", "text", "text"]);
    expect(memory.said).toEqual([
      "ENDPOINT (model 'small') was asked for a strict JSON schema and ignores it (3 replies were not JSON): from now on JSON mode.",
      "ENDPOINT (model 'small') was asked for JSON mode and ignores it (3 replies were not JSON): from now on JSON asked for in the prompt alone.",
    ]);
  });

  it("stays where a reply kept to it, whatever comes later; cut, empty and refused replies say nothing about it", async () => {
    const replies = [completion("", {}), completion("Subg", { finish_reason: "length" }), completion("", { message: { refusal: "No." } }), completion("prose"), completion(PLAN)];
    let n = 0;
    const { complete, bodies } = await open(() => replies[n++] ?? completion("prose"));
    for (let task = 0; task < 12; task++) await complete(ask({}, `Task ${task}`), never);
    expect(new Set(formats(bodies))).toEqual(new Set(["json_schema"]));
  });

  it("does not step down for a content filter's 400, which is one example's reply", async () => {
    const { complete, bodies, memory } = await open((body) =>
      JSON.stringify(body).includes("Task 1")
        ? refused("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", { code: "content_filter" })
        : completion(PLAN),
    );
    const filtered = await complete(ask({}, "Task 1"), never);
    expect(readReply(filtered).defects).toMatchObject([{ code: "llm.filtered" }]);
    await complete(ask({}, "Task 2"), never);
    expect(formats(bodies)).toEqual(["json_schema", "json_schema"]);
    expect(memory.said).toEqual([]);
  });

  it.each([
    ["too long a prompt", refused("This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.", { code: "context_length_exceeded", param: "messages" })],
    ["too long a prompt, as llama.cpp says it", { status: 400, body: { error: { code: 400, message: "the request exceeds the available context size, try increasing it", type: "exceed_context_size_error" } } }],
    ["an output cap beyond the model's", refused("max_tokens is too large: 100000. This model supports at most 16384 completion tokens.", { param: "max_tokens" })],
    ["a value out of range", refused("Invalid 'temperature': decimal above maximum value. Expected a value <= 2.", { code: "decimal_above_max_value", param: "temperature" })],
  ])("does not change for what has nothing to do with it: %s", async (_what, answer) => {
    const { complete, bodies, memory } = await open((body) => (JSON.stringify(body).includes("Task 2") ? answer : completion(PLAN)));
    await complete(ask({ max_tokens: 100_000, temperature: 0 }, "Task 1"), never);
    expect(await failure(complete(ask({ max_tokens: 100_000, temperature: 0 }, "Task 2"), never))).toMatchObject({ reason: "bad_request" });
    expect(bodies).toHaveLength(2);
    expect(memory.said).toEqual([]);
  });

  it("is tried plainly once where a refusal says nothing, and the refusal stands where that does not help", async () => {
    const { complete, bodies, memory } = await open(() => refused("Bad Request"));
    for (let n = 0; n < 3; n++) expect(await failure(complete(ask({}, `Task ${n}`), never))).toMatchObject({ reason: "bad_request" });
    expect(formats(bodies)).toEqual(["json_schema", "json_object", "text", "json_schema", "json_schema"]);
    expect(memory.said).toEqual([]);
  });

  it("plays no part where the text spelling is asked for", async () => {
    const { complete, bodies } = await open(() => completion("Subgoal 1: Add."));
    for (let n = 0; n < 5; n++) await complete(ask({}, `Task ${n}`, "text"), never);
    expect(formats(bodies)).toEqual(["text", "text", "text", "text", "text"]);
  });
});

describe("a prompt that the server cut", () => {
  it("makes the reply a truncated one, now and when it is read again from the store; the whole body is kept", async () => {
    const { complete, memory } = await open(() => completion(PLAN, { usage: { prompt_tokens: 2048, completion_tokens: 9 } }), undefined, {
      promptWasCut: (_request, reply) => (reply.usage?.prompt_tokens ?? 0) < 5000,
    });
    const reply = await complete(ask(), never);
    await complete(ask({}, "another"), never);
    const kept = rawReply({ status: reply.status, body: reply.body, latency_ms: 1, finish_reason: reply.finish_reason });
    for (const each of [reply, kept]) {
      const { content, defects } = readReply(each);
      expect(content).toBe("");
      expect(defects.map(({ code, message }) => `${code}: ${message}`)).toEqual([
        "llm.truncated: The server read only 2048 tokens of the prompt: raise its context length (Ollama OLLAMA_CONTEXT_LENGTH, llama.cpp --ctx-size, vLLM --max-model-len, LM Studio the model's context length).",
      ]);
    }
    expect(reply.body).toContain("Calculator");
    expect(memory.said).toEqual(["ENDPOINT (model 'small') read only 2048 tokens of a longer prompt: raise its context length (see docs/servers.md)."]);
  });
});

describe("hostile refusals", () => {
  it.each([["letters", "a".repeat(1_000_000)], ["quotes", "'".repeat(1_000_000)], ["names", "'max_tokens' unsupported ".repeat(50_000)], ["a nest", "[".repeat(200_000)]])("made of a million %s are read at once", async (_what, message) => {
    const { complete } = await open(() => refused(message));
    const spent = processorTime();
    await failure(complete(ask({ temperature: 0 }), never));
    expect(spent()).toBeLessThan(1500);
  });

  it("cannot name the program's own members, nor a prototype's", async () => {
    const { complete, bodies } = await open(() => refused("Unsupported parameter: 'messages'. Unknown '__proto__', 'constructor'.", { code: "unsupported_parameter", param: "model" }));
    await failure(complete(ask({}, "Task", "text"), never));
    expect(bodies).toHaveLength(1);
  });
});

import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { loadConverter } from "../../../pipelines/converters.ts";
import { rawReply, readReply } from "../../../pipelines/llm/reply.ts";
import { buildRequest } from "../../../pipelines/llm/request.ts";
import type { Message, ReplyForm } from "../../../pipelines/llm/request.ts";
import { drawFault, type Fault, PASSING_FAULTS } from "../../../pipelines/llm/stand-in-faults.ts";
import { createRateLimiter } from "../../../pipelines/llm/stand-in-limits.ts";
import { planAnswers } from "../../../pipelines/llm/stand-in-plans.ts";
import { type Answer, type StandIn, type StandInOptions, startStandIn } from "../../../pipelines/llm/stand-in.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { loadPrompt } from "../../../pipelines/prompts/load.ts";
import { renderMessages } from "../../../pipelines/prompts/render.ts";
import { renderRepair } from "../../../pipelines/prompts/repair.ts";
import { checkPlan } from "../../../pipelines/verify/check.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import { type Domain, DOMAINS } from "../../../schemas/domain.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { processorTime } from "../../support/processor-time.ts";
import { mathsExample, SMALL_PROMPT } from "../../support/prompt.ts";

const PLAN = JSON.stringify({ subgoals: [{ text: "Add them.", actions: [{ outputs: ["R1"], tool: "Calculator", args: "3 + 4", result: "7" }] }] });

const running: StandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
});

async function serve(options: StandInOptions, answer: Answer = () => PLAN): Promise<StandIn> {
  const standIn = await startStandIn(answer, options);
  running.push(standIn);
  return standIn;
}

/** What came of a request: status and body, or that nothing came. */
async function ask(url: string, content: string | readonly Message[] = "Task", signal = AbortSignal.timeout(10_000)): Promise<{ status: number; headers: Headers; body: string } | "nothing"> {
  const messages = typeof content === "string" ? [{ role: "user", content }] : content;
  try {
    const response = await fetch(`${url}/chat/completions`, { method: "POST", body: JSON.stringify({ model: "stand-in", messages }), signal });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    if (error instanceof Error) return "nothing";
    throw error;
  }
}

async function outcome(url: string, content?: string, signal?: AbortSignal): Promise<string> {
  const came = await ask(url, content, signal);
  if (came === "nothing") return came;
  if (came.status !== 200) return `${came.status}${came.headers.has("retry-after") ? " retry-after" : ""}`;
  const { content: text, reasoning, defects } = readReply(rawReply({ status: 200, body: came.body, latency_ms: 0 }));
  const [defect] = defects;
  if (defect !== undefined) return defect.code;
  const { plan } = parsePlan(text);
  return `${plan === null ? "no plan" : "plan"}${reasoning === "" ? "" : " and reasoning"}`;
}

describe("the stand-in's faults", () => {
  const come: Record<(typeof PASSING_FAULTS)[number], string> = {
    rate_limit: "429",
    rate_limit_retry_after: "429 retry-after",
    server_error: "500",
    unavailable: "503",
    content_filter_400: "400",
    reset: "nothing",
    half_body: "nothing",
    hang: "nothing",
    hang_in_body: "nothing",
    garbage: "llm.empty",
    empty_body: "llm.empty",
    error_200: "llm.empty",
    truncated: "llm.truncated",
    empty: "llm.empty",
    refusal: "llm.refusal",
    content_filter: "llm.filtered",
    wrong_json: "no plan",
    prose: "no plan",
    fenced: "plan",
    think: "plan and reasoning",
    reasoning_content: "plan and reasoning",
    reasoning: "plan and reasoning",
    only_reasoning: "llm.truncated",
    slow: "plan",
  };

  it.each(PASSING_FAULTS)("come as they do at real endpoints: %s", async (kind) => {
    const { url, stats } = await serve({ faults: { share: 1, kinds: [kind], slowMs: 20 } });
    const patience = new AbortController();
    const came = outcome(url, "Task", patience.signal);
    await vi.waitFor(() => expect(stats().faults).toEqual({ [kind]: 1 }), { timeout: 10_000, interval: 5 });
    if (kind.startsWith("hang")) setTimeout(() => patience.abort(), 100);
    expect(await came).toBe(come[kind]);
  });

  it("hit the same requests for the same seed, and others for another", async () => {
    const faults = (seed: number) => Array.from({ length: 60 }, (_, n) => drawFault({ share: 0.4, seed }, `task ${n}`, 0));
    expect(faults(1)).toEqual(faults(1));
    expect(faults(1)).not.toEqual(faults(2));
    const seen = async () => {
      const { url } = await serve({ faults: { share: 0.5, seed: 7, kinds: ["server_error", "empty", "unavailable"] } });
      return Promise.all(Array.from({ length: 30 }, (_, n) => outcome(url, `task ${n}`)));
    };
    expect(await seen()).toEqual(await seen());
  });

  it("hit the share that is asked for, each kind alike", () => {
    const drawn = Array.from({ length: 5000 }, (_, n) => drawFault({ share: 0.4 }, `task ${n}`, 0)).filter((fault) => fault !== null);
    expect(drawn.length).toBeGreaterThan(1800);
    expect(drawn.length).toBeLessThan(2200);
    const counts = PASSING_FAULTS.map((kind) => drawn.filter((fault) => fault === kind).length);
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });

  it("do not hit the same request for ever", async () => {
    const { url } = await serve({ faults: { share: 0.4, seed: 3, kinds: ["server_error"] } });
    const asks = async (task: string): Promise<number> => {
      for (let n = 1; ; n++) if ((await outcome(url, task)) === "plan") return n;
    };
    const needed = await Promise.all(Array.from({ length: 40 }, (_, n) => asks(`task ${n}`)));
    expect(Math.max(...needed)).toBeGreaterThan(1);
    expect(Math.max(...needed)).toBeLessThan(12);
  });

  it("ask to wait as long as they are told", async () => {
    const { url } = await serve({ faults: { share: 1, kinds: ["rate_limit_retry_after"], retryAfterMs: 1500 } });
    const came = await ask(url);
    expect(came === "nothing" ? null : [came.headers.get("retry-after"), came.headers.get("retry-after-ms")]).toEqual(["2", "1500"]);
  });

  it("can be the answer to one request, and spoil the text given with them", async () => {
    const turns: { fault: Fault; text?: string }[] = [{ fault: "truncated", text: PLAN }, { fault: "unauthorized" }];
    const { url } = await serve({}, (_body, { count }) => turns[count] ?? PLAN);
    expect([await outcome(url), await outcome(url), await outcome(url)]).toEqual(["llm.truncated", "401", "plan"]);
  });
});

describe("the stand-in's server", () => {
  it("lists its models, counts what comes and refuses what is no request", async () => {
    const { url, stats } = await serve({ models: ["small", "large"], keepRequests: false });
    expect(await (await fetch(`${url}/models`)).json()).toMatchObject({ data: [{ id: "small" }, { id: "large" }] });
    await ask(url, "one");
    await ask(url, "one");
    await ask(url, "two");
    expect((await fetch(`${url}/chat/completions`, { method: "POST", body: "{" })).status).toBe(400);
    expect((await fetch(`${url}/embeddings`, { method: "POST", body: "{}" })).status).toBe(404);
    expect(stats()).toMatchObject({ requests: 3, distinct: 2, replies: 3, over_limit: 0, prompt_tokens: 3 });
    expect(await (await fetch(url.replace("/v1", "/stats"))).json()).toMatchObject({ requests: 3, distinct: 2 });
  });

  it("reports cached tokens from the second request with the same beginning on, and no usage where it is told so", async () => {
    const usage = async (url: string, task: string): Promise<unknown> => {
      const came = await ask(url, [{ role: "system", content: "x".repeat(8000) }, { role: "user", content: task }]);
      return came === "nothing" ? null : Reflect.get(JSON.parse(came.body) as object, "usage");
    };
    const { url } = await serve({ cachedTokens: true });
    expect(await usage(url, "one")).toEqual({ prompt_tokens: 2001, completion_tokens: 29, total_tokens: 2030 });
    expect(await usage(url, "two")).toMatchObject({ prompt_tokens: 2001, prompt_tokens_details: { cached_tokens: 1920 } });
    expect(await usage((await serve({ usage: false })).url, "one")).toBeUndefined();
  });

  it("lets through what the rate limit allows, and says how much is left and how long to wait", () => {
    let now = 0;
    const pass = createRateLimiter({ requests: 60, tokens: 1000, burst: 2 }, () => now);
    expect(pass(100)).toMatchInlineSnapshot(`
      {
        "headers": {
          "x-ratelimit-limit-requests": "60",
          "x-ratelimit-limit-tokens": "1000",
          "x-ratelimit-remaining-requests": "1",
          "x-ratelimit-remaining-tokens": "900",
          "x-ratelimit-reset-requests": "1.000s",
          "x-ratelimit-reset-tokens": "6.000s",
        },
        "passed": true,
      }
    `);
    expect(pass(100).passed).toBe(true);
    expect(pass(100)).toMatchObject({ passed: false, headers: { "retry-after": "1", "retry-after-ms": "1000", "x-ratelimit-remaining-requests": "0" } });
    now += 1000;
    expect(pass(900)).toMatchObject({ passed: false, headers: { "retry-after-ms": "5000" } });
    expect(pass(100).passed).toBe(true);
    expect(pass(100).passed).toBe(false);
  });

  it("answers over the limit with 429 and counts it", async () => {
    const { url, stats } = await serve({ rateLimit: { requests: 60, burst: 3 } });
    const came = await Promise.all(Array.from({ length: 5 }, () => outcome(url)));
    expect(came.sort()).toEqual(["429 retry-after", "429 retry-after", "plan", "plan", "plan"]);
    expect(stats()).toMatchObject({ requests: 5, replies: 3, over_limit: 2 });
  });
});

describe("the stand-in's plans", () => {
  it.each([
    ["gsm8k", 1],
    // What ASDiv's kinds of division ask for stands in a field of its own, which the prompt tells in words only.
    ["asdiv", 0.7],
  ])("are right for what the rules of %s can read", async (dataset, share) => {
    const { examples, topLevel, prompt } = await samplesOf(dataset);
    expect(examples.length).toBeGreaterThan(4);
    for (const reply of ["json", "text"] as const) {
      let proven = 0;
      for (const example of examples) {
        const { plan, defects } = parsePlan(await answerTo(planAnswers(), renderMessages(prompt, example, { reply }), reply));
        if (plan === null) throw new Error(`no plan for ${example.id}`);
        if (verifyPlan(plan, { domain: example.domain, example, topLevel, parseDefects: defects }).level === "proven") proven += 1;
      }
      expect(proven / examples.length).toBeGreaterThanOrEqual(share);
    }
  });

  it("reach the top level for decompositions into questions, with results made up", async () => {
    const { examples, topLevel, prompt } = await samplesOf("strategyqa", 4);
    for (const example of examples) {
      const { plan } = parsePlan(await answerTo(planAnswers(), renderMessages(prompt, example, { reply: "text" }), "text"));
      if (plan === null) throw new Error(`no plan for ${example.id}`);
      expect(verifyPlan(plan, { domain: example.domain, example, topLevel }).level).toBe("aligned");
    }
  });

  it.each<Domain>(DOMAINS)("are well-formed where there is no more to make of the task: %s", async (domain) => {
    const example = mathsExample({ domain, task: "Do what (has) to be done.", rationale: "Nobody knows how.", answer: "18 apples", gold_steps: [] });
    const { plan, defects } = parsePlan(await answerTo(planAnswers(), renderMessages({ ...SMALL_PROMPT, few_shots: [] }, example, { reply: "json" }), "json"));
    if (plan === null) throw new Error("no plan");
    expect([...defects, ...checkPlan(plan, domain)].filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("have a mistake in the share that is asked for, of every kind, and another draw the next time", async () => {
    const wrong = planAnswers({ wrong: 0.5, seed: 1 });
    const codes = new Set<string>();
    let proven = 0;
    for (let n = 0; n < 100; n++) {
      const example = mathsExample({ task: `Shelf ${n} holds 4 jars with 5 coins each and 2 loose coins. How many coins?` });
      const verdicts = await Promise.all([0, 1].map(async (repeat) => verdictOn(await answerTo(wrong, messagesFor(example), "json", repeat), example)));
      proven += verdicts.filter(({ level }) => level === "proven").length;
      for (const { defects } of verdicts) for (const { code } of defects) codes.add(code);
    }
    expect(proven).toBeGreaterThan(80);
    expect(proven).toBeLessThan(120);
    expect([...codes].sort()).toEqual(expect.arrayContaining(["answer.copied", "answer.mismatch", "exec.mismatch", "ref.undefined", "tool.unknown", "value.unsourced"]));
  });

  it("differ in their share by model", async () => {
    const answer = planAnswers({ wrong: new Map([["small", 1], ["large", 0]]) });
    const example = mathsExample();
    const level = async (model: string) => verdictOn(await answerTo(answer, messagesFor(example), "json", 0, model), example).level;
    expect(await level("small")).not.toBe("proven");
    expect(await level("large")).toBe("proven");
  });

  it("are right when a repair is asked for, whether in a further message or in one with the task", async () => {
    const answer = planAnswers({ wrong: 1 });
    const example = mathsExample();
    const messages = messagesFor(example);
    const first = await answerTo(answer, messages, "json");
    expect(verdictOn(first, example).level).not.toBe("proven");
    const repair = { plan: first, problems: ["Subgoal 1 action 1: 4 * 5 is 20, not 30."], scope: "plan", tried: null } as const;
    const turns: Message[][] = [
      renderRepair(messages, example, repair, "json"),
      [...messages.slice(0, -1), { role: "user", content: `${messages.at(-1)?.content}\n\nYour plan has exec.mismatch in subgoal 1.` }],
    ];
    for (const turn of turns) expect(verdictOn(await answerTo(answer, turn, "json"), example).level).toBe("proven");
  });

  it("hold only the subgoals that a repair asks for, under their numbers", async () => {
    const example = mathsExample();
    const repair = { plan: "…", problems: ["Subgoal 2 action 1: wrong."], scope: [2], tried: null } as const;
    const asked = (form: ReplyForm) => answerTo(planAnswers(), renderRepair(renderMessages(SMALL_PROMPT, example, { reply: form }), example, repair, form), form);
    expect(await asked("text")).toMatchInlineSnapshot(`
      "Subgoal 2: Find how many coins there are.
      Action 2-1: R2 = Calculator(R1 + 2) = 22"
    `);
    expect(await asked("json")).toMatchInlineSnapshot(`"{"subgoals":[{"text":"Subgoal 2: Find how many coins there are.","actions":[{"outputs":["R2"],"tool":"Calculator","args":"R1 + 2","result":"22"}]}]}"`);
  });

  it("are plans even for requests of other programs, hostile ones too", async () => {
    const hostile = ["hello", "Task:\n\n\nAnswer: ", `Task:\n${"(".repeat(100_000)}\n\nRationale:\n${"1. a #1 [paragraphs: ".repeat(5000)}\n\nAnswer: ${"9".repeat(100_000)}`];
    for (const content of hostile) {
      const spent = processorTime();
      expect(parsePlan(await answerTo(planAnswers(), [{ role: "user", content }], "json")).plan).not.toBeNull();
      expect(spent()).toBeLessThan(1000);
    }
  });
});

function messagesFor(example: SourceExample): Message[] {
  return renderMessages(SMALL_PROMPT, example, { reply: "json" });
}

function verdictOn(text: string, example: SourceExample) {
  const { plan, defects } = parsePlan(text);
  if (plan === null) throw new Error("no plan");
  return verifyPlan(plan, { domain: example.domain, example, topLevel: "proven", parseDefects: defects });
}

async function answerTo(answer: Answer, messages: readonly Message[], reply: ReplyForm, repeat = 0, model = "stand-in"): Promise<string> {
  const { body } = buildRequest({ model, messages, parameters: {}, reply, ask: 1 });
  const turn = await answer({ ...body, model, messages: [...messages] }, { count: 0, repeat });
  if (typeof turn !== "string") throw new Error("expected text");
  return turn;
}

/** Those examples of a bundled sample that its rules bring to the top level. */
async function samplesOf(dataset: string, limit = 50) {
  const converter = await loadConverter(dataset);
  const prompt = loadPrompt(join(converter.folder, converter.prompt), converter.domain);
  const examples: SourceExample[] = [];
  for await (const item of converter.read(join(converter.folder, converter.sample))) {
    if (examples.length === limit || !("value" in item)) continue;
    const record = converter.record.safeParse(item.value);
    if (!record.success) continue;
    const mapped = converter.map(record.data, { file: converter.sample, position: 1 });
    if ("skip" in mapped) continue;
    const made = annotateByRules(mapped.example, converter);
    if (made.state === "annotated" && (made.annotation.verdict.level === converter.top_level || dataset === "strategyqa")) examples.push(mapped.example);
  }
  return { examples, topLevel: converter.top_level, prompt };
}

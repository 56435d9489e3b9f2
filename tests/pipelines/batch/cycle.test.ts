import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cancelBatch } from "../../../pipelines/batch/cancel.ts";
import type { BatchLimits } from "../../../pipelines/batch/submit.ts";
import { batchStatuses } from "../../../pipelines/batch/status.ts";
import { PLAN, startCycle } from "./fixture.ts";

const NOW = { now: () => new Date("2026-11-22T13:00:00Z") };

describe("a batch, from submit to annotate", () => {
  it("brings replies in any order, at half price, and nothing is asked for them afterwards", async () => {
    const cycle = await startCycle(7);
    expect(await cycle.submit()).toMatchObject({ examples: 7, requests: 7, kept: 0, batches: [{ id: "b1", state: "submitted", provider_id: "batch_1", requests: 7 }] });
    const [batch] = cycle.standIn.batches;
    expect(batch?.metadata).toEqual({ lumos_batch: "b1" });
    expect(batch?.requests[0]).toMatchObject({ method: "POST", url: "/v1/chat/completions", body: { model: "small", max_tokens: 500 } });
    expect(batch?.requests[0]?.custom_id).toMatch(/^[A-Za-z0-9-]{1,64}$/);

    expect(await cycle.collect()).toMatchObject({ answered: 0, batches: [{ state: "submitted", waiting: 7 }] });
    cycle.standIn.end("batch_1", { answer: () => PLAN });
    // 600 fresh, 400 cached and 100 written tokens at half of 1, 0.5 and 10 USD a million.
    const costUsd = (600 * 1 + 400 * 0.5 + 100 * 10) / 2e6;
    const first = await cycle.collect();
    expect(first).toMatchObject({ answered: 7, failed: 0, unanswered: 0, unreadable: 0, prompt_tokens: 7000, cached_prompt_tokens: 2800, completion_tokens: 700 });
    expect(first.cost_usd).toBeCloseTo(7 * costUsd, 12);

    const { outcomes, asked } = await cycle.annotate();
    expect(asked).toBe(0);
    expect(outcomes.map((outcome) => outcome.state === "annotated" && outcome.annotation.verdict.level)).toEqual(Array(7).fill("proven"));
    expect(await cycle.submit()).toMatchObject({ requests: 0, kept: 7, batches: [] });
  });

  it("leaves everything as it is when it is collected again", async () => {
    const cycle = await startCycle(3);
    await cycle.submit();
    cycle.standIn.end("batch_1", { answer: () => PLAN });
    await cycle.collect();
    const before = JSON.stringify([cycle.store().batches(), cycle.store().batchCounts("b1"), cycle.store().batchRequests("b1", 0, 9)]);
    const calls = cycle.standIn.calls.length;
    expect(await cycle.collect()).toMatchObject({ answered: 0, cost_usd: 0, batches: [{ state: "collected", answered: 3 }] });
    expect(JSON.stringify([cycle.store().batches(), cycle.store().batchCounts("b1"), cycle.store().batchRequests("b1", 0, 9)])).toBe(before);
    expect(cycle.standIn.calls.length).toBe(calls);
  });

  it.each<[string, Partial<BatchLimits>, number[] | null]>([
    ["requests", { requests: 3 }, [3, 3, 1]],
    ["bytes", { bytes: 40_000 }, null],
  ])("is split where a file would hold too many %s", async (_what, limits, sizes) => {
    const cycle = await startCycle(7);
    const { batches } = await cycle.submit({ limits });
    expect(batches.length).toBeGreaterThan(1);
    if (sizes !== null) expect(batches.map(({ requests }) => requests)).toEqual(sizes);
    const uploads = [...cycle.standIn.files.values()];
    expect(uploads.map(({ bytes }) => bytes)).toEqual(batches.map(({ bytes }) => bytes));
    if (limits.bytes !== undefined) expect(Math.max(...uploads.map(({ bytes }) => bytes))).toBeLessThanOrEqual(limits.bytes);
    expect([...cycle.standIn.timesSubmitted().values()]).toEqual(Array(7).fill(1));
    expect(new Set(cycle.standIn.batches.flatMap(({ requests }) => requests.map(({ custom_id }) => custom_id))).size).toBe(7);
  });

  it("says of a request that fits no file that it is too large, and sends the others", async () => {
    const cycle = await startCycle(2);
    expect(await cycle.submit({ limits: { bytes: 1000 } })).toMatchObject({ examples: 2, requests: 0, too_large: 2, batches: [] });
  });

  it.each(["expired", "cancelled"] as const)("that %s with part done keeps that part, and the next submit sends the rest", async (ending) => {
    const cycle = await startCycle(10);
    await cycle.submit();
    cycle.standIn.end("batch_1", { ending, share: 0.4, answer: () => PLAN });
    expect(await cycle.collect()).toMatchObject({ answered: 4, unanswered: 6, failed: 0, batches: [{ state: "collected", provider_status: ending, answered: 4, unanswered: 6 }] });
    expect(await cycle.submit()).toMatchObject({ requests: 6, kept: 4, batches: [{ id: "b2", requests: 6 }] });
    cycle.standIn.end("batch_2", { answer: () => PLAN });
    expect(await cycle.collect()).toMatchObject({ answered: 6, unanswered: 0 });
    expect((await cycle.annotate()).asked).toBe(0);
    expect([...cycle.standIn.timesSubmitted().values()].sort()).toEqual([...Array(4).fill(1), ...Array(6).fill(2)]);
  });

  it("that fails validation says why and frees all of its requests", async () => {
    const cycle = await startCycle(3);
    await cycle.submit();
    cycle.standIn.end("batch_1", { ending: "failed" });
    expect(await cycle.collect()).toMatchObject({ unanswered: 3, batches: [{ state: "collected", provider_status: "failed", problem: "Enqueued token limit reached." }] });
    expect(await cycle.submit()).toMatchObject({ requests: 3, batches: [{ id: "b2" }] });
  });

  it("records the errors of single requests and sends them again, but keeps a content filter's", async () => {
    const cycle = await startCycle(4);
    await cycle.submit();
    const results = [PLAN, { status: 500, code: "server_error", message: "The server had an error." }, { status: 400, code: "content_filter", message: "Filtered." }, PLAN];
    cycle.standIn.end("batch_1", { answer: (_, index) => results[index] ?? PLAN });
    expect(await cycle.collect()).toMatchObject({ answered: 3, failed: 1, batches: [{ errors: [{ error: "500: server_error: The server had an error.", n: 1 }] }] });
    expect(await cycle.submit()).toMatchObject({ requests: 1, kept: 3 });
    const { outcomes } = await cycle.annotate();
    expect(outcomes.map(({ state }) => state)).toEqual(["annotated", "failed", "quarantined", "annotated"]);
    expect(outcomes[2]).toMatchObject({ defects: [{ code: "llm.filtered" }] });
  });

  it("names lines that can't be read, and takes the others", async () => {
    const cycle = await startCycle(4);
    await cycle.submit();
    cycle.standIn.end("batch_1", {
      answer: (_, index) => (index === 0 ? { line: '{"custom_id": "lumos-' } : index === 1 ? { line: "[1, 2]" } : PLAN),
      extra: ['{"custom_id":"somebody else\'s","response":{"status_code":200,"body":{}},"error":null}', `{"custom_id":7}`, `{"__proto__":{"custom_id":"x"}}`, "null"],
    });
    expect(await cycle.collect()).toMatchObject({ answered: 2, unreadable: 6, unanswered: 2, batches: [{ state: "collected" }] });
    expect(cycle.warnings[0]).toMatchInlineSnapshot(`"Batch b1, file file-2 line 3 is no JSON object: [1, 2]"`);
    expect(cycle.warnings.join("\n")).toContain("answers a request that is not in the batch");
    expect(await cycle.submit()).toMatchObject({ requests: 2, kept: 2 });
  });

  it("keeps the first of two results for one request", async () => {
    const cycle = await startCycle(1);
    await cycle.submit();
    const id = cycle.standIn.batches[0]?.requests[0]?.custom_id ?? "";
    cycle.standIn.end("batch_1", { answer: () => PLAN, extra: [JSON.stringify({ custom_id: id, response: { status_code: 200, body: { choices: [] } }, error: null })] });
    expect(await cycle.collect()).toMatchObject({ answered: 1, unreadable: 0 });
    expect((await cycle.annotate()).outcomes).toMatchObject([{ state: "annotated" }]);
  });

  it("waits where the provider tells of more results than its files hold, until it is given up", async () => {
    const cycle = await startCycle(3);
    await cycle.submit();
    cycle.standIn.end("batch_1", { answer: () => PLAN });
    const [batch] = cycle.standIn.batches;
    if (batch === undefined) throw new Error("no batch");
    const file = batch.output_file_id;
    batch.output_file_id = null;
    expect(await cycle.collect()).toMatchObject({ answered: 0, batches: [{ state: "ended", waiting: 3 }] });
    expect(cycle.warnings[0]).toContain("tells of 3 results, its files hold 0");
    expect(await cycle.submit()).toMatchObject({ requests: 0, under_way: 3 });
    batch.output_file_id = file;
    expect(await cycle.collect()).toMatchObject({ answered: 3, batches: [{ state: "collected", problem: null }] });
  });

  it("keeps a reply that came in the meantime in another way", async () => {
    const cycle = await startCycle(1);
    await cycle.submit();
    const [request] = cycle.store().batchRequests("b1", 0, 1);
    if (request === undefined) throw new Error("no request");
    cycle.store().saveReply({ hash: request.hash, request: null, endpoint: "e", model: "small", status: 200, body: "first", finishReason: null, promptTokens: 1, cachedTokens: 0, completionTokens: 1, costUsd: 1, latencyMs: 1, receivedAt: "2026-11-22T12:00:00Z" });
    cycle.standIn.end("batch_1", { answer: () => PLAN });
    expect(await cycle.collect()).toMatchObject({ answered: 1 });
    expect(cycle.store().replyFor(request.hash)?.body).toBe("first");
    expect(cycle.store().batchCounts("b1").costUsd).toBeGreaterThan(0);
  });

  it("takes repairs, too, where they are asked for", async () => {
    const cycle = await startCycle(2, { attempts: 2 });
    await cycle.submit();
    cycle.standIn.end("batch_1", { answer: (_, index) => (index === 0 ? PLAN : PLAN.replace("= 7", "= 8")) });
    await cycle.collect();
    expect(await cycle.submit()).toMatchObject({ requests: 0, kept: 2 });
    expect(await cycle.submit({ furtherAsks: true })).toMatchObject({ requests: 1, kept: 1 });
    cycle.standIn.end("batch_2", { answer: () => PLAN });
    await cycle.collect();
    const { outcomes, asked } = await cycle.annotate();
    expect(asked).toBe(0);
    expect(outcomes).toMatchObject([{ state: "annotated" }, { state: "annotated", annotation: { verdict: { level: "proven" } } }]);
  });

  it("counts every record once, and sends nothing in a dry run", async () => {
    const cycle = await startCycle(5);
    const dry = await cycle.submit({ api: null, limits: { requests: 2 } });
    expect(dry).toMatchObject({ examples: 5, requests: 5, batches: [{ state: "planned", requests: 2 }, { requests: 2 }, { requests: 1 }], worst_usd: 0.05 });
    expect([cycle.standIn.calls, cycle.store().batches()]).toEqual([[], []]);
  });

  it("leaves neither the key nor a file behind", async () => {
    const cycle = await startCycle(3);
    await cycle.submit();
    cycle.standIn.end("batch_1", { answer: () => `${PLAN} sk-secret-0123456789` });
    await cycle.collect();
    const names = readdirSync(cycle.folder);
    expect(names.filter((name) => name.endsWith(".jsonl"))).toEqual(["train.jsonl"]);
    for (const name of names) expect(readFileSync(join(cycle.folder, name)).includes("sk-secret-0123456789")).toBe(false);
  });
});

describe("a cost cap on batches", () => {
  it("holds back what could pass it, batches that are still out included", async () => {
    const cycle = await startCycle(10);
    const capped = { worstCost: () => 0.01, maxCost: 0.045 };
    expect(await cycle.submit(capped)).toMatchObject({ requests: 4, over_budget: 6, worst_usd: 0.04 });
    expect(await cycle.submit(capped)).toMatchObject({ requests: 0, under_way: 4, over_budget: 6, batches: [] });
    cycle.standIn.end("batch_1", { answer: () => PLAN });
    await cycle.collect();
    expect(await cycle.submit(capped)).toMatchObject({ requests: 4, kept: 4, over_budget: 2 });
  });

  it("is refused where no price is known", async () => {
    const cycle = await startCycle(1);
    await expect(cycle.submit({ worstCost: () => null, maxCost: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[LumosError: No price is known for small: --max-cost needs one. Give its price in lumos.config.json, or leave --max-cost out.]`,
    );
    expect(cycle.standIn.calls).toEqual([]);
  });
});

describe("lumos batch status and cancel", () => {
  it("tell how far each batch is, from the provider where it works on it", async () => {
    const cycle = await startCycle(4);
    await cycle.submit({ limits: { requests: 2 } });
    const [first] = cycle.standIn.batches;
    if (first === undefined) throw new Error("no batch");
    Object.assign(first, { status: "in_progress", request_counts: { total: 2, completed: 1, failed: 0 } });
    const ask = (api = cycle.api()) => batchStatuses(cycle.store(), ["b1", "b2"], { api: () => api, ...NOW });
    expect(await ask()).toMatchObject([
      { id: "b1", state: "submitted", provider_status: "in_progress", done: 1, failed: 0, total: 2, age_seconds: 3600, expires_at: "2026-09-22T14:13:20.000Z" },
      { id: "b2", provider_status: "validating", done: 0, total: 2 },
    ]);
    cycle.standIn.fault("GET /batches/batch_1", { status: 401 });
    expect((await ask())[0]?.problem).toContain("OPENAI_API_KEY");
  });

  it("stop a batch at the provider, and what it did by then is collected", async () => {
    const cycle = await startCycle(4);
    await cycle.submit();
    const batch = cycle.store().batchOf("b1");
    if (batch === null) throw new Error("no batch");
    expect(await cancelBatch(cycle.store(), batch, cycle.api(), { forget: false, ...NOW })).toMatchObject({ became: "asked", provider_status: "cancelling", released: 0 });
    expect(await cycle.submit()).toMatchObject({ requests: 0, under_way: 4 });
    cycle.standIn.end("batch_1", { ending: "cancelled", share: 0.5, answer: () => PLAN });
    expect(await cancelBatch(cycle.store(), batch, cycle.api(), { forget: false, ...NOW })).toMatchObject({ became: "over" });
    expect(await cycle.collect()).toMatchObject({ answered: 2, unanswered: 2 });
  });

  it("drop what was never submitted, and forget what the provider lost", async () => {
    const cycle = await startCycle(4);
    cycle.standIn.fault("POST /files", { status: 400 });
    await expect(cycle.submit({ limits: { requests: 2 } })).rejects.toThrow("is not submitted");
    const [first, second] = cycle.store().batches();
    if (first === undefined || second === undefined) throw new Error("no batch");
    expect([first.state, second.state]).toEqual(["prepared", "filling"]);
    const calls = cycle.standIn.calls.length;
    expect(await cancelBatch(cycle.store(), first, cycle.api(), { forget: false, ...NOW })).toMatchObject({ became: "dropped", released: 2 });
    expect(await cancelBatch(cycle.store(), second, cycle.api(), { forget: true, ...NOW })).toMatchObject({ became: "forgotten", released: 2 });
    expect(cycle.standIn.calls.length).toBe(calls);
    expect(await cycle.submit()).toMatchObject({ requests: 4, under_way: 0 });
  });
});

import { rawReply, type Usage } from "../llm/reply.ts";
import type { Batch, BatchCounts } from "../store/batches.ts";
import type { Store } from "../store/open.ts";
import { type BatchApi, BatchApiError, type RemoteBatch } from "./api.ts";
import { streamLines } from "./lines.ts";
import { type BatchResult, readResult } from "./result.ts";
import { recordSubmitted } from "./send.ts";

/** What collecting is lent of the world. */
export interface CollectPorts {
  /** The provider that has a batch, and the key that it was opened with. */
  provider(batch: Batch): { api: BatchApi; key: string | null };
  /** What an answer cost (USD) at the price that is stored with its batch, half of it for being one of a batch. */
  cost(usage: Usage, price: unknown): number | null;
  now(): Date;
  signal: AbortSignal;
  /** What a person should know: lines that can't be read, batches that can't be reached. */
  warn(line: string): void;
  onProgress(lines: number, total: number): void;
}

interface CollectedBatch {
  id: string;
  state: string;
  provider_status: string | null;
  requests: number;
  /** All that came of the batch so far. */
  answered: number;
  failed: number;
  /** The batch ended without them: the next submit sends them again. */
  unanswered: number;
  waiting: number;
  /** Lines that could not be read, this time. */
  unreadable: number;
  errors: { error: string; n: number }[];
  cost_usd: number | null;
  problem: string | null;
}

/** Sums are of what this call brought. */
export interface CollectSummary {
  batches: CollectedBatch[];
  answered: number;
  failed: number;
  unanswered: number;
  unreadable: number;
  /** Batches that could not be collected for an error: again next time. */
  unreachable: number;
  prompt_tokens: number;
  cached_prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number | null;
  interrupted: boolean;
}

const ENDED: ReadonlySet<string> = new Set(["completed", "expired", "cancelled", "failed"]);

/**
 * Takes what ended batches brought: each reply is kept under the hash of its request before anything is made of it, whatever order they come
 * in. What an expired, cancelled or failed batch did finish is taken, the rest is free to be sent again. A second call changes nothing.
 */
export async function collectBatches(store: Store, ids: readonly string[], ports: CollectPorts): Promise<CollectSummary> {
  const sum: Sum = { answered: 0, failed: 0, unanswered: 0, unreadable: 0, unreachable: 0, prompt_tokens: 0, cached_prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
  const batches: CollectedBatch[] = [];
  for (const id of ids) {
    const batch = store.batchOf(id);
    if (batch === null) continue;
    let unreadable = 0;
    if (!ports.signal.aborted && (batch.state === "submitting" || batch.state === "submitted" || batch.state === "ended")) {
      try {
        unreadable = await collectBatch(store, batch, ports, sum);
      } catch (error) {
        if (!(error instanceof BatchApiError)) throw error;
        ports.warn(`Batch ${id} can't be collected: ${error.message}`);
        sum.unreachable += 1;
      }
    }
    sum.unreadable += unreadable;
    batches.push(describe(store.batchOf(id) ?? batch, store.batchCounts(id), unreadable, store.batchErrors(id)));
  }
  return { batches, ...sum, interrupted: ports.signal.aborted };
}

type Sum = Omit<CollectSummary, "batches" | "interrupted">;

/** Gives the number of lines that could not be read. */
async function collectBatch(store: Store, batch: Batch, ports: CollectPorts, sum: Sum): Promise<number> {
  const { api, key } = ports.provider(batch);
  const remote = await remoteOf(store, batch, api, ports);
  if (remote === null) return 0;
  const state = ENDED.has(remote.status) ? "ended" : "submitted";
  store.changeBatch(batch.id, { state, at: ports.now().toISOString(), providerStatus: remote.status, expiresAt: remote.expiresAt, problem: remote.problem });
  if (state !== "ended") return 0;

  let lines = 0;
  let unreadable = 0;
  for (const fileId of [remote.outputFileId, remote.errorFileId]) {
    if (fileId === null) continue;
    const take = createTaker(store, batch, key, ports, sum, (number, problem) => {
      unreadable += 1;
      if (unreadable <= MOST_NAMED) ports.warn(`Batch ${batch.id}, file ${fileId} line ${number} ${problem}`);
    });
    for await (const { number, text } of streamLines(api.download(fileId))) {
      lines += 1;
      take.line(number, text);
      ports.onProgress(lines, batch.requests);
      if (ports.signal.aborted) break;
    }
    take.end();
    if (ports.signal.aborted) return unreadable;
  }
  if (unreadable > MOST_NAMED) ports.warn(`Batch ${batch.id}: ${unreadable} lines can't be read in all.`);

  const promised = (remote.counts?.completed ?? 0) + (remote.counts?.failed ?? 0);
  if (lines < promised) {
    const problem = `the provider tells of ${promised} results, its files hold ${lines}: collect again later, or give the rest up with 'lumos batch cancel ${batch.id} --forget'`;
    store.changeBatch(batch.id, { state: "ended", at: ports.now().toISOString(), problem });
    ports.warn(`Batch ${batch.id}: ${problem}.`);
    return unreadable;
  }
  store.transaction(() => {
    sum.unanswered += store.releaseBatchRequests(batch.id, remote.status === "completed" ? "no result" : `batch ${remote.status}`);
    store.changeBatch(batch.id, { state: "collected", at: ports.now().toISOString() });
  });
  return unreadable;
}

const MOST_NAMED = 5;

/** The provider's batch; null where it turns out that there is none, so that it is for `submit` to make it. */
async function remoteOf(store: Store, batch: Batch, api: BatchApi, ports: CollectPorts): Promise<RemoteBatch | null> {
  if (batch.providerId !== null) return api.retrieve(batch.providerId);
  const found = batch.fileId === null ? null : await api.find(batch.id, batch.fileId);
  if (found !== null) recordSubmitted(store, batch.id, found, ports.now().toISOString());
  return found;
}

/** So many results are written in one transaction. */
const CHUNK = 100;

/** Keeps the results of one file as they come. */
function createTaker(store: Store, batch: Batch, key: string | null, ports: CollectPorts, sum: Sum, unreadable: (line: number, problem: string) => void) {
  let waiting: Exclude<BatchResult, { kind: "unreadable" }>[] = [];

  const settle = (result: (typeof waiting)[number], at: string): void => {
    const { customId } = result;
    const request = store.batchRequest(batch.id, customId);
    if (request?.state !== "waiting") return;
    if (result.kind !== "reply") {
      store.settleBatchRequest(batch.id, customId, { state: result.kind, error: result.error, costUsd: null });
      sum[result.kind] += 1;
      return;
    }
    const reply = rawReply({ status: result.status, body: result.body, latency_ms: 0 });
    const { usage } = reply;
    const costUsd = usage === null ? null : ports.cost(usage, batch.price);
    store.saveReply({
      hash: request.hash,
      request: request.body === null ? null : JSON.parse(request.body),
      endpoint: batch.endpoint,
      model: batch.model,
      status: reply.status,
      body: reply.body,
      finishReason: reply.finish_reason,
      promptTokens: usage?.prompt_tokens ?? null,
      cachedTokens: usage?.cached_prompt_tokens ?? null,
      completionTokens: usage?.completion_tokens ?? null,
      costUsd,
      latencyMs: reply.latency_ms,
      receivedAt: at,
    });
    store.settleBatchRequest(batch.id, customId, { state: "answered", error: null, costUsd });
    sum.answered += 1;
    sum.prompt_tokens += usage?.prompt_tokens ?? 0;
    sum.cached_prompt_tokens += usage?.cached_prompt_tokens ?? 0;
    sum.completion_tokens += usage?.completion_tokens ?? 0;
    sum.cost_usd = sum.cost_usd === null || costUsd === null ? null : sum.cost_usd + costUsd;
  };

  const end = (): void => {
    const chunk = waiting;
    waiting = [];
    if (chunk.length === 0) return;
    const at = ports.now().toISOString();
    store.transaction(() => {
      for (const result of chunk) settle(result, at);
    });
  };

  return {
    line(number: number, text: string | null): void {
      const result: BatchResult = text === null ? { kind: "unreadable", problem: "is longer than any reply" } : readResult(text, key);
      if (result.kind === "unreadable") return unreadable(number, result.problem);
      if (store.batchRequest(batch.id, result.customId) === null) return unreadable(number, "answers a request that is not in the batch");
      waiting.push(result);
      if (waiting.length >= CHUNK) end();
    },
    end,
  };
}

function describe(batch: Batch, counts: BatchCounts, unreadable: number, errors: CollectedBatch["errors"]): CollectedBatch {
  const { id, state, providerStatus, requests, problem } = batch;
  const { answered, failed, unanswered, waiting, costUsd } = counts;
  return { id, state, provider_status: providerStatus, requests, answered, failed, unanswered, waiting, unreadable, errors, cost_usd: costUsd, problem };
}

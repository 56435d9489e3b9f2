import { LumosError } from "../../schemas/errors.ts";
import { canonicalJson } from "../llm/hash.ts";
import type { Batch, NewBatchRequest } from "../store/batches.ts";
import type { Store } from "../store/open.ts";
import type { BatchApi } from "./api.ts";
import type { Pending } from "./pending.ts";
import { requestLine, sendBatch, type SendPorts } from "./send.ts";

/** What is submitted, to whom, and within which bounds. */
export interface SubmitJob {
  endpoint: string;
  keyVariable: string;
  model: string;
  dataset: string;
  variant: string;
  /** Kept with each batch, so that its answers are priced as they were bought; null where it is not known. */
  price: unknown;
  /** The selected records, one by one, with the request of each that is not done. */
  records: AsyncIterable<Pending>;
  /** The most that a request can cost in a batch (USD); null where no price is known. */
  worstCost(body: Readonly<Record<string, unknown>>): number | null;
  /** About how many tokens its prompt holds. */
  promptTokens(body: Readonly<Record<string, unknown>>): number;
  /** The cap over all batches at the endpoint that are not collected yet, those to be submitted now included (USD). */
  maxCost: number | null;
  limits?: Partial<BatchLimits>;
}

/** What fits into one file. */
export interface BatchLimits {
  requests: number;
  /** Of UTF-8 text. */
  bytes: number;
}

/** OpenAI's limits of a batch (platform.openai.com/docs/guides/batch). */
export const BATCH_LIMITS: BatchLimits = { requests: 50_000, bytes: 200_000_000 };

export interface SubmitPorts extends SendPorts {
  /** Null for a dry run: nothing is stored, nothing sent. */
  api: BatchApi | null;
  /** A new id, never given before. */
  newId(): string;
  onProgress(records: number): void;
  /** Everything is in its batches, and nothing sent yet. */
  onPlanned(plan: Pick<SubmitSummary, "requests" | "prompt_tokens" | "batches" | "worst_usd">): void;
}

/** Every selected record is one of `skipped`, `done`, `kept`, `under_way`, `requests`, `too_large`, `over_budget`, `held_back`. */
export interface SubmitSummary {
  /** The batches that were sent now, those that an earlier call had begun among them. */
  batches: { id: string; state: string; provider_id: string | null; requests: number; bytes: number; worst_usd: number | null }[];
  examples: number;
  /** Put into batches now. */
  requests: number;
  skipped: number;
  /** Has an outcome already, or an earlier annotator of the cascade proved it. */
  done: number;
  /** Its reply is kept already. */
  kept: number;
  /** On its way in a batch already. */
  under_way: number;
  /** Has to be annotated by an earlier model of the cascade first. */
  held_back: number;
  too_large: number;
  over_budget: number;
  /** Of `requests`, estimated. */
  prompt_tokens: number;
  /** The most that all of `batches` can cost. */
  worst_usd: number | null;
  interrupted: boolean;
}

/**
 * Puts the requests of all selected examples that are not done into batches and submits them. First what an earlier call began is known: a
 * request that waits in any batch is never put into another. Whatever stops it, the same call goes on, and nothing is submitted twice.
 */
export async function submitBatches(store: Store, job: SubmitJob, ports: SubmitPorts): Promise<SubmitSummary> {
  const filler = createFiller(store, job, ports);
  for await (const pending of job.records) {
    if (ports.signal.aborted) break;
    filler.add(pending);
    ports.onProgress(filler.counts.examples);
  }
  filler.end();
  const toSend = ports.api === null ? [] : store.batchesOfVariant(job.variant, job.endpoint).filter(isUnsent);
  const planned = ports.api === null ? filler.planned() : toSend.map(describe);
  const worst_usd = planned.every(({ worst_usd: usd }) => usd !== null) ? planned.reduce((sum, { worst_usd: usd }) => sum + (usd ?? 0), 0) : null;
  ports.onPlanned({ requests: filler.counts.requests, prompt_tokens: filler.counts.prompt_tokens, batches: planned, worst_usd });
  for (const batch of toSend) if (ports.api !== null && !ports.signal.aborted) await sendBatch(store, batch, ports.api, ports);
  const batches = ports.api === null ? planned : toSend.map((batch) => describe(store.batchOf(batch.id) ?? batch));
  return { batches, ...filler.counts, worst_usd, interrupted: ports.signal.aborted };
}

/** Whether the provider may not have a batch yet. */
function isUnsent({ state }: Batch): boolean {
  return state !== "submitted" && state !== "ended" && state !== "collected";
}

function describe({ id, state, providerId, requests, bytes, worstUsd }: Batch): SubmitSummary["batches"][number] {
  return { id, state, provider_id: providerId, requests, bytes, worst_usd: worstUsd };
}

/** The name of a request in a batch: `[A-Za-z0-9-]`, at most 64 characters, as the strictest provider takes them. */
function customIdOf(hash: string): string {
  const hex = /[0-9a-f]{48}/.exec(hash)?.[0];
  if (hex === undefined) throw new Error(`Request hash ${hash} holds no 48 hex digits.`);
  return `lumos-${hex}`;
}

type Counts = Omit<SubmitSummary, "batches" | "worst_usd" | "interrupted">;

interface Filler {
  readonly counts: Counts;
  add(pending: Pending): void;
  /** Writes what is left; the last batch is complete. */
  end(): void;
  /** The batches as they would be, of a dry run. */
  planned(): SubmitSummary["batches"];
}

/** So many requests are written in one transaction. */
const CHUNK = 100;

type Room = { id: string; requests: number; bytes: number; worstUsd: number | null; isNew: boolean };

function createFiller(store: Store, job: SubmitJob, ports: SubmitPorts): Filler {
  const limits = { ...BATCH_LIMITS, ...job.limits };
  const isDry = ports.api === null;
  const counts: Counts = { examples: 0, requests: 0, skipped: 0, done: 0, kept: 0, under_way: 0, held_back: 0, too_large: 0, over_budget: 0, prompt_tokens: 0 };
  const planned: Room[] = [];
  const full: string[] = [];
  let waiting: { room: Room; request: NewBatchRequest }[] = [];
  let inChunk = new Set<string>();
  let room: Room | null = unfinished(store, job);
  let reserved = store.reservedByBatches(job.endpoint);
  let isCapped = false;

  const write = (): void => {
    const chunk = waiting;
    const complete = full.splice(0);
    waiting = [];
    inChunk = new Set();
    if (isDry || (chunk.length === 0 && complete.length === 0)) return;
    const now = ports.now().toISOString();
    store.transaction(() => {
      for (const { room: { id, isNew }, request } of chunk) {
        if (isNew && store.batchOf(id) === null) store.createBatch(newBatch(job, id, now));
        store.addBatchRequest(id, request);
      }
      for (const id of complete) store.changeBatch(id, { state: "prepared", at: now });
    });
  };

  const place = (request: NewBatchRequest): void => {
    if (room !== null && (room.requests >= limits.requests || room.bytes + request.bytes > limits.bytes)) {
      full.push(room.id);
      room = null;
    }
    if (room === null) {
      room = { id: ports.newId(), requests: 0, bytes: 0, worstUsd: 0, isNew: true };
      planned.push(room);
    }
    room.requests += 1;
    room.bytes += request.bytes;
    room.worstUsd = request.worstUsd === null || room.worstUsd === null ? null : room.worstUsd + request.worstUsd;
    waiting.push({ room, request });
    inChunk.add(request.hash);
    if (waiting.length >= CHUNK) write();
  };

  const addRequest = ({ key, request: { hash, body } }: Extract<Pending, { kind: "request" }>): void => {
    if (store.hasReply(hash)) return void (counts.kept += 1);
    if (inChunk.has(hash) || store.batchWithRequest(hash) !== null) return void (counts.under_way += 1);
    const text = JSON.stringify(body);
    const customId = customIdOf(hash);
    const bytes = Buffer.byteLength(requestLine(customId, text));
    if (bytes > limits.bytes) return void (counts.too_large += 1);
    const worstUsd = job.worstCost(body);
    if (job.maxCost !== null) {
      if (worstUsd === null) throw new LumosError("usage", `No price is known for ${job.model}: --max-cost needs one. Give its price in lumos.config.json, or leave --max-cost out.`);
      isCapped ||= reserved + worstUsd > job.maxCost;
      if (isCapped) return void (counts.over_budget += 1);
      reserved += worstUsd;
    }
    counts.requests += 1;
    counts.prompt_tokens += job.promptTokens(body);
    place({ customId, hash, key, body: text, bytes, worstUsd });
  };

  return {
    counts,
    add(pending) {
      counts.examples += 1;
      if (pending.kind === "request") addRequest(pending);
      else counts[pending.kind] += 1;
    },
    end: write,
    planned: () => planned.map(({ id, requests, bytes, worstUsd }) => ({ id, state: "planned", provider_id: null, requests, bytes, worst_usd: worstUsd })),
  };
}

/** A batch that an earlier call began to fill at the same price: it is filled on. */
function unfinished(store: Store, job: SubmitJob): Room | null {
  const price = canonicalJson(job.price);
  const batch = store.batchesOfVariant(job.variant, job.endpoint).find((each) => each.state === "filling" && canonicalJson(each.price) === price);
  return batch === undefined ? null : { id: batch.id, requests: batch.requests, bytes: batch.bytes, worstUsd: batch.worstUsd, isNew: false };
}

function newBatch(job: SubmitJob, id: string, createdAt: string) {
  const { endpoint, keyVariable, model, dataset, variant, price } = job;
  return { id, endpoint, keyVariable, model, dataset, variant, price, createdAt };
}

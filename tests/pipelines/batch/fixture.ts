import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Annotator, annotatorVariant } from "../../../pipelines/annotate/example.ts";
import { type ModelPorts, type ModelSettings, annotateByModel } from "../../../pipelines/annotate/llm.ts";
import type { Outcome } from "../../../pipelines/annotate/outcome.ts";
import { type BatchApi, openBatchApi } from "../../../pipelines/batch/api.ts";
import { type CollectSummary, collectBatches } from "../../../pipelines/batch/collect.ts";
import { batchCost } from "../../../pipelines/batch/money.ts";
import { pendingRequests } from "../../../pipelines/batch/pending.ts";
import { type SubmitJob, type SubmitSummary, submitBatches } from "../../../pipelines/batch/submit.ts";
import { loadConverter } from "../../../pipelines/converters.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import type { Price } from "../../../pipelines/llm/prices.ts";
import { rawReply } from "../../../pipelines/llm/reply.ts";
import { loadPrompt } from "../../../pipelines/prompts/load.ts";
import { selectRecords, planSelection } from "../../../pipelines/sources/select.ts";
import { openStore, type Store } from "../../../pipelines/store/open.ts";
import { type BatchStandIn, startBatchStandIn } from "../../support/batch-stand-in.ts";
import { temporaryFolder } from "../../support/lumos.ts";

export const PLAN = "Subgoal 1: Add the pens.\nAction 1-1: R1 = Calculator(3 + 4) = 7";
const PRICE: Price = { input: 1, cachedInput: 0.5, output: 10 };

export interface Cycle {
  standIn: BatchStandIn;
  folder: string;
  store(): Store;
  /** Closes the store and opens it again, as a new process would. */
  reopen(): Store;
  submit(options?: { store?: Store; api?: BatchApi | null; signal?: AbortSignal } & Partial<Pick<SubmitJob, "limits" | "maxCost" | "worstCost" | "price">> & { furtherAsks?: boolean; limit?: number; retry?: string }): Promise<SubmitSummary>;
  collect(options?: { store?: Store; api?: BatchApi; signal?: AbortSignal }): Promise<CollectSummary>;
  api(): BatchApi;
  settings: ModelSettings;
  variant: string;
  warnings: string[];
  slept: number[];
  /** Annotates every example from the kept replies alone: the outcomes, and how often a model would have been asked. */
  annotate(): Promise<{ outcomes: Outcome[]; asked: number }>;
}

let loaded: ReturnType<typeof loadGsm8k> | null = null;

/** Read once: the tests of kills start some sixty cycles. */
function gsm8k(): ReturnType<typeof loadGsm8k> {
  loaded ??= loadGsm8k();
  return loaded;
}

async function loadGsm8k() {
  const converter = await loadConverter("gsm8k");
  return { converter, prompt: loadPrompt(join(converter.folder, converter.prompt), converter.domain) };
}

/** A store, a source file of `records` GSM8K records, and a stand-in for the batch API. */
export async function startCycle(records: number, options: Parameters<typeof startBatchStandIn>[0] & { attempts?: number } = {}): Promise<Cycle> {
  const standIn = await startBatchStandIn(options);
  const folder = temporaryFolder();
  const file = join(folder, "train.jsonl");
  writeFileSync(file, `${Array.from({ length: records }, (_, i) => JSON.stringify({ question: `Shelf ${i} has 3 pens, then 4 more are put there. How many pens are there?`, answer: "There are 3+4=<<3+4=7>>7 pens.\n#### 7" })).join("\n")}\n`);
  const { converter, prompt } = await gsm8k();
  const settings: ModelSettings = {
    model: "small",
    parameters: { max_tokens: 500 },
    prompt,
    reply: "text",
    attempts: options.attempts ?? 1,
    topLevel: converter.top_level,
  };
  const annotator: Annotator = { kind: "llm", ...settings };
  const variant = annotatorVariant(annotator).hash;
  let store = openStore(join(folder, "batch.db"), { mode: "create" });
  onTestFinished(async () => {
    store.close();
    await standIn.close();
  });
  const now = (): Date => new Date("2026-11-22T12:00:00Z");
  let ids = 0;
  const warnings: string[] = [];
  const slept: number[] = [];
  const api = (): BatchApi => openBatchApi({ baseUrl: standIn.url, key: "sk-secret-0123456789", keyVariable: "OPENAI_API_KEY", timeoutSeconds: 5 });
  const ports = { now, sleep: async (ms: number) => void slept.push(ms), newId: () => `b${++ids}`, onProgress: () => undefined, onPlanned: () => undefined };

  const cycle: Cycle = {
    standIn,
    folder,
    settings,
    variant,
    warnings,
    slept,
    api,
    store: () => store,
    reopen() {
      store.close();
      store = openStore(join(folder, "batch.db"), { mode: "write" });
      return store;
    },
    submit: ({ store: own = store, api: ownApi = api(), signal = new AbortController().signal, furtherAsks = false, limit, retry, ...job } = {}) =>
      submitBatches(
        own,
        {
          endpoint: standIn.url,
          keyVariable: "OPENAI_API_KEY",
          model: "small",
          dataset: "gsm8k",
          variant,
          price: PRICE,
          worstCost: () => 0.01,
          promptTokens: () => 1000,
          maxCost: null,
          ...job,
          records: pendingRequests(own, { converter, files: [file], selection: limit === undefined ? {} : { limit }, variant, settings, furtherAsks, shape: (body) => body, ...(retry === undefined ? {} : { retry }) }),
        },
        { ...ports, api: ownApi, signal },
      ),
    collect: ({ store: own = store, api: ownApi = api(), signal = new AbortController().signal } = {}) =>
      collectBatches(own, own.batches().map(({ id }) => id), {
        provider: () => ({ api: ownApi, key: "sk-secret-0123456789" }),
        cost: batchCost,
        now,
        signal,
        warn: (line) => warnings.push(line),
        onProgress: () => undefined,
      }),
    async annotate() {
      const outcomes: Outcome[] = [];
      let asked = 0;
      const modelPorts: ModelPorts = {
        complete() {
          asked += 1;
          return Promise.reject(new RequestFailure("unreachable", "Nobody is asked here.", false));
        },
        kept(hash) {
          const reply = store.replyFor(hash);
          return reply && rawReply({ status: reply.status, body: reply.body, latency_ms: reply.latencyMs });
        },
        keep: () => undefined,
        signal: new AbortController().signal,
      };
      const plan = await planSelection(converter, [file], {});
      for await (const record of selectRecords(converter, [file], {}, plan, () => null)) {
        if (record.kind === "example") outcomes.push(await annotateByModel(record.example, modelPorts, settings));
      }
      return { outcomes, asked };
    },
  };
  return cycle;
}

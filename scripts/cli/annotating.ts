import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import Papa from "papaparse";
import { annotateExample, type Annotator, annotatorVariant } from "../../pipelines/annotate/example.ts";
import { runAnnotate } from "../../pipelines/annotate/run.ts";
import type { AnnotateSummary, ReplyCounts, Tally } from "../../pipelines/annotate/tally.ts";
import { type LoadedConverter, programVersion } from "../../pipelines/converters.ts";
import { openClient } from "../../pipelines/llm/client.ts";
import { rawReply } from "../../pipelines/llm/reply.ts";
import { checkParameters, type JsonValue, type ModelParameters } from "../../pipelines/llm/request.ts";
import { type LoadedPrompt, loadPrompt } from "../../pipelines/prompts/load.ts";
import type { Selection } from "../../pipelines/sources/select.ts";
import type { Store } from "../../pipelines/store/open.ts";
import { DEFECT_CODES } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { type CommonOptions, numberWithin, oneOf, option, repeated, wholeNumber } from "./options.ts";
import { createProgress } from "./progress.ts";
import { count, type Terminal } from "./terminal.ts";

/** The options that `annotate` and `build` share. */
export interface AnnotatingOptions extends CommonOptions {
  input?: string[];
  limit?: number;
  offset?: number;
  ids?: string;
  sample?: number;
  seed: string;
  retry?: string;
  annotator?: "rules" | "llm";
  model?: string;
  baseUrl?: string;
  reply: "json" | "text";
  prompt?: string;
  temperature?: number;
  maxTokens?: number;
  reasoningEffort?: string;
  param?: Record<string, JsonValue>;
  concurrency: number;
  timeout: number;
  attempts: number;
  failUnder?: number;
  run?: string;
}

export function addAnnotatingOptions(command: Command): Command {
  const options = [
    option("--input <file>", "a source file as its authors publish it (repeatable; with several datasets DATASET=FILE)").argParser(repeated),
    option("--limit <n>", "the first n records: the same ones each time").argParser(wholeNumber(1)),
    option("--offset <n>", "leave out the first n records").argParser(wholeNumber(0)),
    option("--ids <file>", "only these examples: ids, one a line, or a CSV file with an 'id' column"),
    option("--sample <n>", "n examples drawn at random").argParser(wholeNumber(1)),
    option("--seed <seed>", "draws the same sample each time").default("0"),
    option("--retry <what>", "annotate again what is 'quarantined', 'failed' or has this defect code").argParser(retryValue),
    option("--annotator <kind>", "rules (no model, costs nothing) or llm; default rules, or llm where a model is named").argParser(oneOf(["rules", "llm"] as const)),
    option("--model <name>", "the model to ask"),
    option("--base-url <url>", "an OpenAI-compatible endpoint (else OPENAI_BASE_URL; the key from OPENAI_API_KEY, not needed for local servers)"),
    option("--reply <form>", "json (strict schema) or text").argParser(oneOf(["json", "text"] as const)).default("json"),
    option("--prompt <file>", "a prompt file in place of the source's own"),
    option("--temperature <t>", "sampling temperature").argParser(numberWithin(0, 2)),
    option("--max-tokens <n>", "output cap of a reply").argParser(wholeNumber(1)),
    option("--reasoning-effort <level>", "as the endpoint knows it: low, medium, high, …"),
    option("--param <key=value>", "any other request parameter (repeatable; the value is JSON or text)").argParser(parameter),
    option("--concurrency <n>", "requests at the same time").argParser(wholeNumber(1)).default(8),
    option("--timeout <seconds>", "for one request").argParser(wholeNumber(1)).default(600),
    option("--attempts <n>", "asks per example and model").argParser(wholeNumber(1)).default(3),
    option("--fail-under <pct>", "exit 4 where fewer percent of the selected examples reach the top level").argParser(numberWithin(0, 100)),
    option("--run <name>", "a name for this run (default: the dataset and a number)"),
  ];
  for (const each of options) command.addOption(each);
  return command;
}

/** Annotates one dataset into an open store, with progress on stderr; gives the summary of the run. */
export async function annotateDataset(
  store: Store,
  converter: LoadedConverter,
  files: readonly string[],
  options: AnnotatingOptions,
  terminal: Terminal,
  signal: AbortSignal,
  command: string,
): Promise<AnnotateSummary> {
  const replies: ReplyCounts = { requests: 0, cacheHits: 0, promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0, costUsd: 0 };
  const { annotator, prompt } = createAnnotator(converter, options);
  const ports = annotator.kind === "llm" ? modelPorts(store, options, replies) : NO_MODEL;
  const variant = annotatorVariant(annotator);
  const model = annotator.kind === "llm" ? annotator.model : null;
  const run = options.run ?? nextRunName(store, converter.dataset);
  store.saveVariant({
    hash: variant.hash,
    annotator: variant.description.annotator,
    version: variant.description.version,
    model,
    parameters: variant.description.parameters,
    promptHash: variant.description.prompt_hash,
    promptVersion: prompt?.version ?? null,
    prompt: prompt?.instruction ?? null,
    replyForm: variant.description.reply,
  });
  store.startRun({
    id: run,
    command,
    dataset: converter.dataset,
    annotator: annotator.kind,
    model,
    variant: variant.hash,
    config: { ...options, input: files },
    programVersion: programVersion(),
    startedAt: new Date().toISOString(),
  });
  const progress = createProgress(terminal, converter.dataset);
  const end = (status: "done" | "interrupted" | "failed", summary: unknown): void =>
    store.endRun(run, { status, endedAt: new Date().toISOString(), summary });
  try {
    const summary = await runAnnotate(
      store,
      {
        converter,
        files,
        selection: selectionOf(options),
        ...(options.retry === undefined ? {} : { retry: options.retry }),
        variant: variant.hash,
        annotator: annotator.kind,
        run,
        concurrency: annotator.kind === "rules" ? 1 : options.concurrency,
        annotate: (example, firstAsk) => annotateExample(example, annotator, ports, firstAsk),
        replies: () => replies,
      },
      { now: () => new Date(), signal, onProgress: (tally, total) => progress.update(tally.examples, total, states(tally)) },
    );
    end(signal.aborted ? "interrupted" : "done", summary);
    return summary;
  } catch (error) {
    end("failed", { error: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    progress.stop();
  }
}

function states({ states: counts, storedBefore }: Tally): string {
  const parts = Object.entries(counts).filter(([, n]) => n > 0).map(([state, n]) => `${count(n)} ${state}`);
  return [...parts, ...(storedBefore > 0 ? [`${count(storedBefore)} stored before`] : [])].join(", ");
}

function createAnnotator(converter: LoadedConverter, options: AnnotatingOptions): { annotator: Annotator; prompt: LoadedPrompt | null } {
  const kind = options.annotator ?? (options.model === undefined || options.model === "rules" ? "rules" : "llm");
  if (kind === "rules") return { annotator: { kind: "rules", converter }, prompt: null };
  if (options.model === undefined || options.model === "rules") {
    throw new LumosError("usage", "--annotator llm needs a model: give --model NAME.");
  }
  if (options.model.includes(",")) {
    throw new LumosError("usage", `--model '${options.model}' names several models: expected one.`);
  }
  const prompt = loadPrompt(options.prompt ?? join(converter.folder, converter.prompt), converter.domain);
  const parameters: ModelParameters = {
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    ...(options.maxTokens === undefined ? {} : { max_tokens: options.maxTokens }),
    ...(options.reasoningEffort === undefined ? {} : { reasoning_effort: options.reasoningEffort }),
    ...options.param,
  };
  checkParameters(parameters);
  const annotator: Annotator = {
    kind: "llm",
    model: options.model,
    parameters,
    prompt,
    reply: options.reply,
    attempts: options.attempts,
    topLevel: converter.top_level,
  };
  return { annotator, prompt };
}

type ModelPorts = Parameters<typeof annotateExample>[2];

/** Rules ask nobody. */
const NO_MODEL: ModelPorts = {
  complete: () => Promise.reject(new Error("rules asked a model")),
  kept: () => null,
  keep: () => undefined,
  signal: new AbortController().signal,
};

/** Where `OPENAI_BASE_URL` and `--base-url` are silent. */
const OPENAI = "https://api.openai.com/v1";

function modelPorts(store: Store, options: AnnotatingOptions, replies: ReplyCounts): ModelPorts {
  const baseUrl = options.baseUrl ?? process.env["OPENAI_BASE_URL"] ?? OPENAI;
  const key = process.env["OPENAI_API_KEY"] ?? null;
  if (baseUrl === OPENAI && !key) {
    throw new LumosError("usage", "No OPENAI_API_KEY is set: export it, or name another endpoint with --base-url URL.");
  }
  const client = openClient({ baseUrl, key, timeoutSeconds: options.timeout });
  // No price list yet: what a model's replies cost is not known.
  replies.costUsd = null;
  return {
    // Ctrl-C lets the requests under way finish: they are paid for.
    signal: new AbortController().signal,
    async complete(request, requestSignal) {
      replies.requests += 1;
      return client.complete(request, requestSignal);
    },
    kept(hash) {
      const reply = store.replyFor(hash);
      if (!reply) return null;
      replies.cacheHits += 1;
      return rawReply({ status: reply.status, body: reply.body, latency_ms: reply.latencyMs });
    },
    keep(request, reply) {
      replies.promptTokens += reply.usage?.prompt_tokens ?? 0;
      replies.cachedPromptTokens += reply.usage?.cached_prompt_tokens ?? 0;
      replies.completionTokens += reply.usage?.completion_tokens ?? 0;
      store.saveReply({
        hash: request.hash,
        request: request.body,
        endpoint: baseUrl,
        model: request.model,
        status: reply.status,
        body: reply.body,
        finishReason: reply.finish_reason,
        promptTokens: reply.usage?.prompt_tokens ?? null,
        cachedTokens: reply.usage?.cached_prompt_tokens ?? null,
        completionTokens: reply.usage?.completion_tokens ?? null,
        costUsd: null,
        latencyMs: reply.latency_ms,
        receivedAt: new Date().toISOString(),
      });
    },
  };
}

function selectionOf(options: AnnotatingOptions): Selection {
  return {
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.offset === undefined ? {} : { offset: options.offset }),
    ...(options.ids === undefined ? {} : { ids: readIds(options.ids) }),
    ...(options.sample === undefined ? {} : { sample: { size: options.sample, seed: options.seed } }),
  };
}

/** Ids one a line, or the `id` column of a CSV or TSV file. */
function readIds(file: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new LumosError("input.unreadable", `--ids ${file} can't be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  const rows = Papa.parse<string[]>(text.trim(), { skipEmptyLines: "greedy" }).data;
  const column = rows[0]?.indexOf("id") ?? -1;
  const ids = new Set(rows.slice(column === -1 ? 0 : 1).map((row) => (row[Math.max(0, column)] ?? "").trim()));
  ids.delete("");
  if (ids.size === 0) throw new LumosError("input.empty", `--ids ${file} holds no id: expected one a line, or a CSV file with an 'id' column.`);
  return ids;
}

function nextRunName(store: Store, dataset: string): string {
  const names = new Set(store.runs().map((run) => run.id));
  for (let n = 1; ; n++) if (!names.has(`${dataset}-${n}`)) return `${dataset}-${n}`;
}

function retryValue(text: string): string {
  if (text === "quarantined" || text === "failed" || DEFECT_CODES.some((code) => code === text)) return text;
  throw new InvalidArgumentError(`Expected quarantined, failed, or a defect code (${DEFECT_CODES.join(", ")}).`);
}

function parameter(text: string, previous: Record<string, JsonValue> | undefined): Record<string, JsonValue> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected key=value.");
  const raw = text.slice(at + 1);
  let value: JsonValue = raw;
  try {
    value = JSON.parse(raw) as JsonValue;
  } catch (error) {
    // What is no JSON is meant as text: `--param user=ann`.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { ...previous, [text.slice(0, at)]: value };
}

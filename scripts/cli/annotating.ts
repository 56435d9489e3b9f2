import { type AnnotateRun, runAnnotate, type RunResult } from "../../pipelines/annotate/run.ts";
import { estimateStage } from "../../pipelines/annotate/estimate.ts";
import { isSelectedAgain } from "../../pipelines/annotate/retry.ts";
import { isRetried } from "../../pipelines/annotate/stored.ts";
import type { ReplyCounts, Tally } from "../../pipelines/annotate/tally.ts";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { assertPriced, type Budget, createBudget, outputAssumption } from "../../pipelines/llm/budget.ts";
import type { Engine } from "../../pipelines/llm/engine.ts";
import { estimateLine } from "../../pipelines/llm/estimate.ts";
import { formatUsd } from "../../pipelines/llm/prices.ts";
import { programVersion } from "../../pipelines/package.ts";
import { planSelection, type SelectionPlan, selectRecords } from "../../pipelines/sources/select.ts";
import type { Store } from "../../pipelines/store/open.ts";
import { type AnnotatingOptions, selectionOf } from "./annotate-options.ts";
import { type PlannedStage, plannedStages, saveVariant } from "./annotators.ts";
import { configuredModels } from "./config.ts";
import { effectiveConfig } from "./effective-config.ts";
import { createEngines, type OpenStages, openStages } from "./engines.ts";
import { createProgress } from "./progress.ts";
import { count, type Terminal } from "./terminal.ts";

type Stages = readonly [PlannedStage, ...PlannedStage[]];

/** One dataset to annotate. */
export interface DatasetJob {
  converter: LoadedConverter;
  files: readonly string[];
  /** The command that asks for it, for the record of the run. */
  command: string;
}

/** Annotates one dataset into an open store, with progress on stderr. With --dry-run it only says what would be asked: null. */
export async function annotateDataset(
  store: Store,
  job: DatasetJob,
  options: AnnotatingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunResult | null> {
  const planned = plannedStages(job.converter, options, configuredModels());
  const models = planned.flatMap((stage) => (stage.kind === "llm" ? [stage.model] : []));
  assertPriced(options.maxCost ?? null, models);
  for (const stage of planned) saveVariant(store, stage);
  const plan = models.length === 0 && !options.dryRun ? null : await planSelection(job.converter, job.files, selectionOf(options), signal);
  if (plan !== null) await sayEstimates(store, planned, plan, job, options, terminal);
  if (options.dryRun) return null;
  const budget = createBudget(options.maxCost ?? null);
  const engines = createEngines(store, budget, signal, (line) => terminal.say(line));
  try {
    const open = await openStages(store, planned, engines, signal);
    const asking = () => askingLine(engines.opened(), [open.replies], budget);
    return await runStages(store, planned, plan, open, asking, job, options, terminal, signal);
  } finally {
    await engines.close();
  }
}

async function runStages(
  store: Store,
  planned: Stages,
  plan: SelectionPlan | null,
  open: OpenStages,
  asking: () => string,
  { converter, files, command }: DatasetJob,
  options: AnnotatingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunResult> {
  const [first, ...others] = planned;
  const models = planned.flatMap((stage) => (stage.kind === "llm" ? [stage.model] : []));
  const run = options.run ?? nextRunName(store, converter.dataset);
  store.startRun({
    id: run,
    command,
    dataset: converter.dataset,
    annotator: planned.map(({ kind }) => kind).join(","),
    model: models.map(({ model }) => model).join(",") || null,
    variant: others.length === 0 ? first.variant : null,
    config: effectiveConfig(options, files, planned),
    programVersion: programVersion(),
    startedAt: new Date().toISOString(),
  });
  const progress = createProgress(terminal, converter.dataset);
  const end = (status: "done" | "stopped" | "interrupted" | "failed", summary: unknown): void =>
    store.endRun(run, { status, endedAt: new Date().toISOString(), summary });
  const job: AnnotateRun = {
    converter,
    files,
    selection: selectionOf(options),
    // With --retry another selection holds, which only the store knows.
    ...(options.retry === undefined ? (plan === null ? {} : { plan }) : { retry: options.retry }),
    stages: open.stages,
    annotator: others.length > 0 ? "cascade" : first.kind,
    run,
    concurrency: Math.max(1, ...models.map(({ concurrency }) => concurrency)),
    replies: () => open.replies,
  };
  try {
    const result = await runAnnotate(store, job, {
      now: () => new Date(),
      signal,
      onProgress: (tally, total) => progress.update(tally.examples, total, () => [...tallyLines(tally), asking()]),
    });
    end(result.stopped === null ? "done" : result.stopped === "cost" ? "stopped" : "interrupted", result.summary);
    return result;
  } catch (error) {
    end("failed", { error: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    progress.stop();
  }
}

/** What is shown beside the count: outcomes, levels, the commonest defects. */
function tallyLines(tally: Tally): string[] {
  const counted = (counts: readonly (readonly [string, number])[], most = 9): string =>
    counts.filter(([, n]) => n > 0).slice(0, most).map(([name, n]) => `${count(n)} ${name}`).join(", ");
  const before = tally.storedBefore > 0 ? `, ${count(tally.storedBefore)} stored before` : "";
  const lines = [`${counted(Object.entries(tally.states))}${before}`, counted(Object.entries(tally.levels).reverse())];
  const defects = counted([...tally.defects].sort(([, a], [, b]) => b - a), 4);
  if (defects) lines.push(`defects: ${defects}`);
  return lines;
}

/** What is asked and spent; empty where nobody is. */
export function askingLine(engines: readonly Engine[], replies: readonly ReplyCounts[], budget: Budget): string {
  if (engines.length === 0) return "";
  const states = engines.map((engine) => engine.state());
  const sum = (of: (state: (typeof states)[number]) => number): number => states.reduce((total, state) => total + of(state), 0);
  const cap = budget.maxUsd === null ? "" : ` of ${formatUsd(budget.maxUsd)}`;
  const cost = replies.reduce<number | null>((total, { costUsd }) => (total === null || costUsd === null ? null : total + costUsd), 0);
  const spent = cost === null ? "price unknown" : `${formatUsd(cost)}${cap} spent`;
  const wait = states.find(({ lastWait, waiting }) => waiting > 0 && lastWait !== null && lastWait !== "concurrency")?.lastWait;
  return `${sum((state) => state.inFlight)} of ${sum((state) => state.allowed)} in flight, ${count(sum((state) => state.retries))} sent again, ${spent}${wait ? `, waiting: ${wait.replaceAll("_", " ")}` : ""}`;
}

/** The first lines of a run that asks models: endpoint, model, requests, tokens, dollars. */
async function sayEstimates(store: Store, planned: Stages, plan: SelectionPlan, { converter, files }: DatasetJob, options: AnnotatingOptions, terminal: Terminal): Promise<void> {
  const say = (line: string): void => (options.dryRun ? terminal.print(line) : terminal.say(line));
  const { retry } = options;
  const variants = planned.map(({ variant }) => variant);
  const accept = (id: string): boolean => retry !== undefined && isSelectedAgain(store, variants, id, retry, converter.top_level);
  const selection = retry === undefined ? selectionOf(options) : { ...selectionOf(options), accept };
  const estimates = [];
  for (const [index, stage] of planned.entries()) {
    if (stage.kind === "rules") continue;
    const records = selectRecords(converter, files, selection, plan, (id) => store.knownExample(id));
    const estimate = await estimateStage(store, records, stage, (id) => retry !== undefined && isRetried(store, stage.variant, id, retry));
    // A later stage is asked only where the earlier ones could not prove: this is its most.
    const most = index === 0 ? "" : "at most ";
    if (terminal.json && options.dryRun) estimates.push({ model: stage.model.name, endpoint: stage.model.baseUrl, ...estimate });
    else say(`${most}${estimateLine(estimate, stage.model)}`);
    warnOfStage(store, stage, options.maxCost, terminal);
  }
  if (!options.dryRun) return;
  if (terminal.json) terminal.print(JSON.stringify({ dry_run: true, dataset: converter.dataset, estimates }));
  else terminal.print(planned.every(({ kind }) => kind === "rules") ? "Rules ask no model and cost nothing." : "Nothing was sent.");
}

/** What a person should know before a model is asked: an unknown price, requests that wait in batches, what the cap takes for granted. */
export function warnOfStage(store: Store, stage: Extract<PlannedStage, { kind: "llm" }>, maxCost: number | undefined, terminal: Terminal): void {
  const { model, variant } = stage;
  if (model.price === null) terminal.warn(`No price is known for ${model.name} at ${model.baseUrl}: costs are not counted. Give one under "models" in lumos.config.json.`);
  const waiting = store.waitingInBatches(variant);
  if (waiting > 0) terminal.warn(`${count(waiting)} requests of ${model.name} wait in batches: 'lumos batch collect' first, or they are asked and paid for again.`);
  const assumption = maxCost === undefined ? null : outputAssumption(model);
  if (assumption !== null) terminal.say(assumption);
}

export function nextRunName(store: Store, dataset: string): string {
  const names = new Set(store.runs().map((run) => run.id));
  for (let n = 1; ; n++) if (!names.has(`${dataset}-${n}`)) return `${dataset}-${n}`;
}

import { estimateStage } from "../../pipelines/annotate/estimate.ts";
import type { ExampleRecord } from "../../pipelines/annotate/stored.ts";
import type { ReplyCounts, Tally } from "../../pipelines/annotate/tally.ts";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { assertPriced, createBudget } from "../../pipelines/llm/budget.ts";
import { estimateLine } from "../../pipelines/llm/estimate.ts";
import { formatUsd } from "../../pipelines/llm/prices.ts";
import { programVersion } from "../../pipelines/package.ts";
import { planSelection, type Selection, selectRecords } from "../../pipelines/sources/select.ts";
import type { Store } from "../../pipelines/store/open.ts";
import { runTry, type TriedVariant, type TryResult } from "../../pipelines/try/run.ts";
import { LumosError } from "../../schemas/errors.ts";
import { selectionOf, type TryOptions } from "./annotate-options.ts";
import { askingLine, nextRunName, warnOfStage } from "./annotating.ts";
import { saveVariant } from "./annotators.ts";
import { configuredModels } from "./config.ts";
import { effectiveConfig } from "./effective-config.ts";
import { createEngines, openStages } from "./engines.ts";
import { createProgress } from "./progress.ts";
import { count, type Terminal, wrap } from "./terminal.ts";
import { describeChoices, type PlannedVariant, plannedVariants } from "./try-variants.ts";

/** What was tried and what came of it. */
export interface Tried extends TryResult {
  run: string;
  variants: readonly PlannedVariant[];
  /** By variant: what was asked now. */
  replies: readonly ReplyCounts[];
  sample: { size: number; seed: string } | null;
  seconds: number;
}

/** How many examples are drawn where nothing says which. */
const SAMPLE = 50;

/** Sends a sample through several variants into an open store, with progress on stderr. With --dry-run it only says what would be asked: null. */
export async function tryVariants(
  store: Store,
  converter: LoadedConverter,
  files: readonly string[],
  options: TryOptions,
  terminal: Terminal,
  interrupted: AbortSignal,
): Promise<Tried | null> {
  const variants = plannedVariants(converter, options, configuredModels());
  const models = variants.flatMap(({ stage }) => (stage.kind === "llm" ? [stage.model] : []));
  assertPriced(options.maxCost ?? null, models);
  for (const { stage } of variants) saveVariant(store, stage);
  const started = Date.now();
  const { records, sample } = await drawn(store, converter, files, options, interrupted);
  await sayEstimates(store, variants, records, converter, options, terminal);
  if (options.dryRun) return null;
  const budget = createBudget(options.maxCost ?? null);
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupted, stop.signal]);
  const engines = createEngines(store, budget, signal, (line) => terminal.say(line));
  const progress = createProgress(terminal, converter.dataset);
  try {
    const tried: TriedVariant[] = [];
    const replies: ReplyCounts[] = [];
    for (const { name, stage } of variants) {
      const open = await openStages(store, [stage], engines, signal);
      replies.push(open.replies);
      tried.push({ name, stage: open.stages[0], concurrency: stage.kind === "llm" ? stage.model.concurrency : 1, replies: () => open.replies });
    }
    const run = options.run ?? nextRunName(store, converter.dataset);
    store.startRun({
      id: run,
      command: "try",
      dataset: converter.dataset,
      annotator: variants.map(({ stage }) => stage.kind).join(","),
      model: models.map(({ model }) => model).join(",") || null,
      variant: null,
      config: effectiveConfig(options, files, variants.map(({ stage }) => stage)),
      programVersion: programVersion(),
      startedAt: new Date(started).toISOString(),
    });
    const tallies = new Map<number, Tally>();
    const lines = (): string[] => [...variants.map(({ name }, index) => `${name}  ${tallyLine(tallies.get(index), records.length)}`), askingLine(engines.opened(), replies, budget)];
    const end = (status: "done" | "stopped" | "interrupted" | "failed", summary: unknown): void => store.endRun(run, { status, endedAt: new Date().toISOString(), summary });
    try {
      const result = await runTry(
        store,
        { converter, records, variants: tried, run, ...(options.retry === undefined ? {} : { retry: options.retry }) },
        {
          now: () => new Date(),
          signal,
          stop: () => stop.abort(),
          onProgress(variant, tally) {
            tallies.set(variant, tally);
            const done = [...tallies.values()].reduce((sum, { examples }) => sum + examples, 0);
            progress.update(done, variants.length * records.length, lines);
          },
        },
      );
      end(result.stopped === null ? "done" : result.stopped === "cost" ? "stopped" : "interrupted", { examples: records.length, variants: variants.map(({ stage }) => stage.variant) });
      return { ...result, run, variants, replies, sample, seconds: (Date.now() - started) / 1000 };
    } catch (error) {
      end("failed", { error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  } finally {
    progress.stop();
    await engines.close();
  }
}

/** The examples to try, read once: a seeded sample, unless --limit or --ids says which. */
async function drawn(store: Store, converter: LoadedConverter, files: readonly string[], options: TryOptions, signal: AbortSignal) {
  const given = selectionOf(options);
  const selection: Selection = given.sample !== undefined || given.limit !== undefined || given.ids !== undefined ? given : { ...given, sample: { size: SAMPLE, seed: options.seed } };
  const plan = await planSelection(converter, files, selection, signal);
  const records: ExampleRecord[] = [];
  for await (const record of selectRecords(converter, files, selection, plan, (id) => store.knownExample(id))) {
    if (record.kind === "example") records.push(record);
    // All that was drawn is there: the rest of the files has no other.
    if (plan.sampled !== null && records.length === plan.sampled.size) break;
  }
  if (records.length === 0 && !signal.aborted) {
    throw new LumosError("input.empty", `Nothing to try: no example of ${files.join(", ")} is selected. Leave out --ids, --offset or --limit, or give other values.`);
  }
  return { records, sample: selection.sample ?? null };
}

/** `12/50  10 proven, 2 quarantined, 3 stored before`. */
function tallyLine(tally: Tally | undefined, total: number): string {
  if (tally === undefined) return `0/${total}`;
  const { proven, aligned } = tally.levels;
  const counts = { proven, aligned, quarantined: tally.states.quarantined, failed: tally.states.failed, "stored before": tally.storedBefore };
  return [`${tally.examples}/${total}`, Object.entries(counts).filter(([, n]) => n > 0).map(([name, n]) => `${count(n)} ${name}`).join(", ")].join("  ");
}

/** The first lines: what each variant is, what it will ask, and what all of them will cost. */
async function sayEstimates(store: Store, variants: readonly PlannedVariant[], records: readonly ExampleRecord[], converter: LoadedConverter, options: TryOptions, terminal: Terminal): Promise<void> {
  const asObject = terminal.json && options.dryRun === true;
  const say = (line: string): void => (asObject ? undefined : options.dryRun ? terminal.print(line) : terminal.say(line));
  const { each } = describeChoices(variants.map(({ choice }) => choice));
  const estimates = [];
  let cost: number | null = 0;
  let requests = 0;
  for (const [index, { name, stage }] of variants.entries()) {
    if (stage.kind === "rules") {
      say(`${name}  ${each[index]}`);
      continue;
    }
    const estimate = await estimateStage(store, records, stage);
    estimates.push({ name, description: each[index], model: stage.model.name, endpoint: stage.model.baseUrl, variant: stage.variant, ...estimate });
    say(`${name}  ${each[index]}`);
    say(wrap(`   ${estimateLine(estimate, stage.model)}`, terminal.columns, "   "));
    warnOfStage(store, stage, options.maxCost, terminal);
    requests += estimate.requests;
    cost = cost === null || estimate.costUsd === null ? null : cost + estimate.costUsd;
  }
  const total = `${count(requests)} requests for ${count(records.length)} examples, ${cost === null ? "price unknown" : cost === 0 ? "costs nothing" : `about ${formatUsd(cost)}`}; repairs and further samples come on top.`;
  say(wrap(`All together: ${total}${options.dryRun ? " Nothing was sent." : ""}`, terminal.columns));
  if (asObject) terminal.print(JSON.stringify({ dry_run: true, dataset: converter.dataset, examples: records.length, requests, cost_usd: cost, estimates }));
}

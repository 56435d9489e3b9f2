import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { annotateByRules } from "../../pipelines/annotate/rules.ts";
import { type BatchApi, openBatchApi } from "../../pipelines/batch/api.ts";
import { cancelBatch } from "../../pipelines/batch/cancel.ts";
import { collectBatches } from "../../pipelines/batch/collect.ts";
import { batchCost, batchWorstCost } from "../../pipelines/batch/money.ts";
import { pendingRequests } from "../../pipelines/batch/pending.ts";
import { batchStatuses } from "../../pipelines/batch/status.ts";
import { BATCH_LIMITS, submitBatches } from "../../pipelines/batch/submit.ts";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { assertPriced, outputAssumption } from "../../pipelines/llm/budget.ts";
import { inDialect, readFacts, UNKNOWN_DIALECT } from "../../pipelines/llm/dialect-facts.ts";
import { keyOf } from "../../pipelines/llm/models.ts";
import { estimateRequestTokens, loadTokenizer } from "../../pipelines/llm/tokens.ts";
import { presentDownloads } from "../../pipelines/sources/downloads.ts";
import type { Batch } from "../../pipelines/store/batches.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { type Level, levelRank } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { addModelOptions, addSelectionOptions, type ModelOptions, selectionOf, type SelectionOptions } from "../cli/annotate-options.ts";
import { type PlannedStage, plannedStages } from "../cli/annotators.ts";
import { planLine, printCollected, printStatuses, printSubmitted } from "../cli/batch-output.ts";
import { configuredModels } from "../cli/config.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, option, wholeNumber } from "../cli/options.ts";
import { createProgress } from "../cli/progress.ts";
import { addSourceOptions, openSource } from "../cli/source-options.ts";
import { count, createTerminal } from "../cli/terminal.ts";
import { inputsOf } from "./annotate.ts";

export function batchCommand(finish: Finish, sources: readonly LoadedConverter[] = []): Command {
  const command = new Command("batch").description("the provider's batch API: half the price, replies within a day");
  for (const each of [submitCommand(finish, sources), statusCommand(finish), collectCommand(finish), cancelCommand(finish)]) {
    command.addCommand(each.exitOverride().showSuggestionAfterError());
  }
  return command;
}

function submitCommand(finish: Finish, sources: readonly LoadedConverter[]): Command {
  const command = new Command("submit")
    .description("send the requests of all examples that are not done as batches; the same command goes on after a kill")
    .argument("<dataset>", "a source: see 'lumos datasets'");
  for (const each of commonOptions()) command.addOption(each);
  addSourceOptions(addModelOptions(addSelectionOptions(command)), sources)
    .addOption(option("--dry-run", "say what would be sent, and send nothing"))
    .addOption(option("--further-asks", "also repairs and whatever else comes after a first reply"))
    .addOption(option("--batch-size <n>", "requests in one batch, at most 50,000").argParser(wholeNumber(1)).default(BATCH_LIMITS.requests));
  return command.action(async (dataset: string, options: SubmitOptions) => {
    const terminal = createTerminal(options);
    const converter = await openSource(dataset, options);
    const files = inputsOf(converter, options.input) ?? presentDownloads(converter);
    const stages = plannedStages(converter, options, configuredModels());
    const target = stages.at(-1);
    if (target?.kind !== "llm") throw new LumosError("usage", "A batch is for a model: give --model NAME (of several, the last is asked in the batch).");
    const { model: config, annotator: settings, variant } = target;
    const maxCost = options.maxCost ?? null;
    assertPriced(maxCost, [config]);
    const dryRun = options.dryRun ?? false;
    const key = dryRun ? null : keyOf(config, process.env);
    const tokenizer = await loadTokenizer(config.model);
    const store = openStore(options.db, { mode: dryRun ? "read" : "write", command: `batch submit ${dataset}` });
    const interrupt = onInterrupt(() => terminal.warn("Stopping after the step under way (again: stop at once) …"));
    const progress = createProgress(terminal, "requests");
    try {
      const known = readFacts(store.dialectOf(config.baseUrl, config.model));
      if (known === null) terminal.say(`How ${config.model} takes its parameters is not known yet: 'lumos annotate ${dataset} --limit 1' with the same options finds out, lest a batch be refused for it.`);
      const assumption = maxCost === null ? null : outputAssumption(config);
      if (assumption !== null) terminal.say(assumption);
      const facts = known ?? UNKNOWN_DIALECT;
      const job = {
        converter,
        files,
        selection: selectionOf(options),
        ...(options.retry === undefined ? {} : { retry: options.retry }),
        variant,
        settings,
        furtherAsks: options.furtherAsks ?? false,
        shape: (body: Readonly<Record<string, unknown>>) => inDialect(body, facts),
        before: (example: SourceExample) => turnAfter(stages.slice(0, -1), example, store, converter),
      };
      const summary = await submitBatches(
        store,
        {
          endpoint: config.baseUrl,
          keyVariable: config.keyVariable,
          model: config.model,
          dataset,
          variant,
          price: config.price,
          records: pendingRequests(store, job),
          worstCost: (body) => batchWorstCost(body, config),
          promptTokens: (body) => estimateRequestTokens(body, tokenizer).prompt,
          maxCost,
          limits: { requests: Math.min(options.batchSize, BATCH_LIMITS.requests) },
        },
        {
          api: dryRun ? null : openBatchApi({ baseUrl: config.baseUrl, key, keyVariable: config.keyVariable, timeoutSeconds: config.timeoutSeconds }),
          newId: () => `b${randomUUID().replaceAll("-", "").slice(0, 12)}`,
          now: () => new Date(),
          sleep: (milliseconds) => sleep(milliseconds, interrupt.signal),
          signal: interrupt.signal,
          onProgress: (records) => progress.update(records, null),
          onPlanned(plan) {
            progress.stop();
            terminal.say(planLine(plan, config.model, config.baseUrl));
          },
        },
      );
      if (terminal.json) terminal.print(JSON.stringify({ dataset, model: config.model, endpoint: config.baseUrl, dry_run: dryRun, ...summary }));
      else printSubmitted(terminal, summary, dryRun);
      finish(summary.interrupted ? EXIT.interrupted : summary.over_budget > 0 ? EXIT.costCap : EXIT.done);
    } finally {
      progress.stop();
      interrupt.dispose();
      store.close();
    }
  });
}

interface SubmitOptions extends CommonOptions, SelectionOptions, ModelOptions {
  dryRun?: boolean;
  furtherAsks?: boolean;
  batchSize: number;
}

/** Whether the earlier stages of a cascade leave an example to the last one. Rules are worked out here; a model has to have annotated it. */
async function turnAfter(earlier: readonly PlannedStage[], example: SourceExample, store: Store, converter: LoadedConverter): Promise<"ask" | "done" | "held_back"> {
  const isTop = (level: Level | null): boolean => levelRank(level) >= levelRank(converter.top_level);
  for (const stage of earlier) {
    const known = store.outcomeOf(stage.variant, example.id);
    if (known === null || known.state === "failed") {
      if (stage.kind === "llm") return "held_back";
      const outcome = annotateByRules(example, converter);
      if (outcome.state === "annotated" && isTop(outcome.annotation.verdict.level)) return "done";
    } else if (isTop(known.level)) return "done";
  }
  return "ask";
}

function statusCommand(finish: Finish): Command {
  const command = new Command("status").description("how far each batch is, a line each").argument("[id...]", "only these batches");
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (ids: string[], options: CommonOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    try {
      const batches = await batchStatuses(store, selected(store, ids), { api: (batch) => providerOf(batch).api, now: () => new Date() });
      if (terminal.json) terminal.print(JSON.stringify({ batches }));
      else printStatuses(terminal, batches, options.db);
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

function collectCommand(finish: Finish): Command {
  const command = new Command("collect")
    .description("take what ended batches brought; 'annotate' with the options of 'batch submit' then uses it")
    .argument("[id...]", "only these batches");
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (ids: string[], options: CommonOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "write", command: "batch collect" });
    const interrupt = onInterrupt(() => terminal.warn("Stopping: what was read is kept (again: stop at once) …"));
    const progress = createProgress(terminal, "results");
    try {
      const summary = await collectBatches(store, selected(store, ids), {
        provider: providerOf,
        cost: batchCost,
        now: () => new Date(),
        signal: interrupt.signal,
        warn: terminal.warn,
        onProgress: (lines, total) => progress.update(lines, total),
      });
      progress.stop();
      if (terminal.json) terminal.print(JSON.stringify(summary));
      else printCollected(terminal, summary, options.db);
      const isUseless = summary.unreachable > 0 && summary.answered + summary.failed + summary.unanswered === 0;
      finish(summary.interrupted ? EXIT.interrupted : isUseless ? EXIT.error : EXIT.done);
    } finally {
      progress.stop();
      interrupt.dispose();
      store.close();
    }
  });
}

function cancelCommand(finish: Finish): Command {
  const command = new Command("cancel")
    .description("stop batches; what they did by then can still be collected")
    .argument("[id...]", "the batches")
    .addOption(option("--all", "all that have not ended"))
    .addOption(option("--forget", "give them up without asking the provider: their requests may be sent again, what they bring is lost"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (ids: string[], options: CommonOptions & { all?: boolean; forget?: boolean }) => {
    if ((ids.length === 0) === (options.all !== true)) throw new LumosError("usage", "Name the batches to cancel (see 'lumos batch status'), or give --all.");
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "write", command: "batch cancel" });
    try {
      const batches = selected(store, ids).flatMap((id) => store.batchOf(id) ?? []).filter((batch) => ids.length > 0 || batch.state !== "collected");
      const cancelled = [];
      for (const batch of batches) {
        const done = await cancelBatch(store, batch, providerOf(batch).api, { forget: options.forget ?? false, now: () => new Date() });
        cancelled.push(done);
        if (!terminal.json) terminal.print(`${done.id}  ${BECAME[done.became]}${done.released > 0 ? `; ${count(done.released)} requests are free to be sent again` : ""}`);
      }
      if (terminal.json) terminal.print(JSON.stringify({ batches: cancelled }));
      else if (cancelled.length === 0) terminal.print("No batch to cancel.");
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

const BECAME = {
  dropped: "dropped: it was never submitted",
  asked: "the provider stops it: 'lumos batch collect' takes what it did",
  forgotten: "given up",
  over: "has ended already: 'lumos batch collect' takes what it brought",
} as const;

/** The batches of these ids, each given by a unique prefix; all of them where none is given. */
function selected(store: Store, ids: readonly string[]): string[] {
  const all = store.batches().map(({ id }) => id);
  if (ids.length === 0) return all;
  return ids.map((given) => {
    const found = all.includes(given) ? [given] : all.filter((id) => id.startsWith(given));
    if (found.length === 1 && found[0] !== undefined) return found[0];
    throw new LumosError("not_found", `${found.length === 0 ? "No batch" : `${found.length} batches`} '${given}' in ${store.file}: expected an id of 'lumos batch status', or the start of one.`);
  });
}

function providerOf({ endpoint, keyVariable }: Batch): { api: BatchApi; key: string | null } {
  const key = process.env[keyVariable]?.trim() || null;
  return { api: openBatchApi({ baseUrl: endpoint, key, keyVariable, timeoutSeconds: 120 }), key };
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

import type { CollectSummary } from "../../pipelines/batch/collect.ts";
import type { BatchStatus } from "../../pipelines/batch/status.ts";
import type { SubmitSummary } from "../../pipelines/batch/submit.ts";
import { formatUsd } from "../../pipelines/llm/prices.ts";
import { table } from "./table.ts";
import { count, type Terminal } from "./terminal.ts";

/** What is about to be sent, in one line. */
export function planLine({ requests, prompt_tokens: tokens, batches, worst_usd: worst }: Pick<SubmitSummary, "requests" | "prompt_tokens" | "batches" | "worst_usd">, model: string, endpoint: string): string {
  const begun = batches.reduce((sum, batch) => sum + batch.requests, 0) - requests;
  const more = begun > 0 ? ` and ${count(begun)} of an earlier call` : "";
  const cost = worst === null ? "price unknown" : `at most ${formatUsd(worst)}`;
  return `${endpoint}, model ${model}: ${count(requests)} requests${more} in ${count(batches.length)} ${batches.length === 1 ? "batch" : "batches"}, about ${count(tokens)} prompt tokens, ${cost} (half price).`;
}

export function printSubmitted(terminal: Terminal, summary: SubmitSummary, dryRun: boolean): void {
  const { batches } = summary;
  if (batches.length > 0) {
    const rows = batches.map((batch) => [batch.id, batch.state, count(batch.requests), count(batch.bytes), batch.worst_usd === null ? "unknown" : formatUsd(batch.worst_usd)]);
    for (const line of table(["batch", "state", "requests", "bytes", "at most"], rows)) terminal.print(line);
  }
  const left: [number, string][] = [
    [summary.done, "done before"],
    [summary.kept, "with a reply that 'annotate' takes from here"],
    [summary.under_way, "under way in batches"],
    [summary.skipped, "skipped"],
    [summary.held_back, "to be annotated by an earlier model first"],
    [summary.too_large, "too large for a batch"],
    [summary.over_budget, "left out by --max-cost"],
  ];
  const others = left.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  terminal.print(`${count(summary.examples)} examples: ${[`${count(summary.requests)} ${dryRun ? "to be sent" : "put into batches"}`, ...others].join(", ")}.`);
  if (!dryRun && batches.length > 0) terminal.print("Within a day: lumos batch status, then lumos batch collect, then lumos annotate with the same options.");
}

/** A line a batch. */
export function printStatuses(terminal: Terminal, batches: readonly BatchStatus[], db: string): void {
  if (batches.length === 0) return terminal.print(`${db} holds no batches.`);
  const rows = batches.map((batch) => {
    const word = batch.state === "submitted" || batch.state === "ended" ? (batch.provider_status ?? batch.state) : batch.state;
    const expires = batch.expires_at === null || batch.state === "collected" ? "" : batch.expires_at.slice(0, 16).replace("T", " ");
    return [batch.id, batch.dataset, batch.model, word, `${count(batch.done)}/${count(batch.failed)}/${count(batch.total)}`, age(batch.age_seconds), expires];
  });
  for (const line of table(["batch", "dataset", "model", "state", "done/failed/total", "age", "expires (UTC)"], rows)) terminal.print(line);
  for (const { id, problem } of batches) if (problem !== null) terminal.warn(`${id}: ${problem}`);
}

function age(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min` : `${Math.floor(seconds / 86_400)} d`;
}

export function printCollected(terminal: Terminal, summary: CollectSummary, db: string): void {
  if (summary.batches.length === 0) return terminal.print(`${db} holds no batches.`);
  const rows = summary.batches.map((batch) => [batch.id, batch.provider_status ?? batch.state, count(batch.answered), count(batch.failed), count(batch.unanswered), count(batch.waiting)]);
  for (const line of table(["batch", "state", "answered", "failed", "unanswered", "waiting"], rows)) terminal.print(line);
  for (const { id, errors } of summary.batches) {
    for (const { error, n } of errors.slice(0, 3)) terminal.print(`${id}: ${count(n)} ${error}`);
  }
  const cost = summary.cost_usd === null ? "price unknown" : formatUsd(summary.cost_usd);
  terminal.print(`${count(summary.answered)} replies now: ${count(summary.prompt_tokens)} + ${count(summary.completion_tokens)} tokens, ${cost} (half price).`);
  if (summary.failed + summary.unanswered > 0) terminal.print(`${count(summary.failed + summary.unanswered)} requests brought no reply: lumos batch submit sends them again.`);
}

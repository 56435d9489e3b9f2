import type { RunResult } from "../../pipelines/annotate/run.ts";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import { auditStore } from "../../pipelines/audit/audit.ts";
import { writeAudit } from "../../pipelines/audit/write.ts";
import type { LoadedConverter } from "../../pipelines/converters.ts";
import { dedupe } from "../../pipelines/dedupe/dedupe.ts";
import { type ExportSummary, exportAnnotations } from "../../pipelines/export/export.ts";
import { openStore } from "../../pipelines/store/open.ts";
import type { Level } from "../../schemas/defect.ts";
import type { AnnotatingOptions } from "./annotate-options.ts";
import { annotateDataset } from "./annotating.ts";
import type { Terminal } from "./terminal.ts";

export interface BuildOptions extends AnnotatingOptions {
  out: string;
  minLevel: Level | "top";
}

export interface BuildSummary {
  annotate: AnnotateSummary[];
  dedupe: ReturnType<typeof dedupe>;
  export: ExportSummary;
  /** The paths of the audit: the page, and its figures. */
  report: string;
  audit: string;
}

/** Annotates every source, deduplicates, exports and audits, in one go. An interrupt or the cost cap ends it after the source under way. */
export async function build(
  sources: readonly { converter: LoadedConverter; files: readonly string[] }[],
  topLevels: ReadonlyMap<string, Level>,
  options: BuildOptions,
  terminal: Terminal,
  signal: AbortSignal,
  onAnnotated: (result: RunResult, converter: LoadedConverter) => void = () => undefined,
): Promise<BuildSummary | { stopped: "interrupted" | "cost" | "dry_run" }> {
  const store = openStore(options.db, { mode: "create", command: `build ${sources.map(({ converter }) => converter.dataset).join(" ")}` });
  try {
    const annotate: AnnotateSummary[] = [];
    for (const { converter, files } of sources) {
      const named = options.run === undefined ? options : { ...options, run: sources.length > 1 ? `${options.run}-${converter.dataset}` : options.run };
      const result = await annotateDataset(store, { converter, files, command: "build" }, named, terminal, signal);
      if (result === null) continue;
      annotate.push(result.summary);
      onAnnotated(result, converter);
      if (result.stopped !== null) return { stopped: result.stopped };
    }
    if (options.dryRun) return { stopped: "dry_run" };
    const deduped = dedupe(store, { now: new Date().toISOString() });
    const datasets = sources.map(({ converter }) => converter.dataset);
    const { summary: exported } = await exportAnnotations(store, {
      out: options.out,
      datasets,
      evaluation: options.allowEvaluationSet ?? false,
      minLevel: options.minLevel,
      topLevels,
      signal,
    });
    const files = { written: exported.files.map(({ path, rows }) => ({ path, rows })), excluded: exported.excluded };
    const { report, json } = await writeAudit(options.out, await auditStore(store, { filters: { datasets }, topLevels, files, signal }));
    return { annotate, dedupe: deduped, export: exported, report, audit: json };
  } finally {
    store.close();
  }
}

import { setImmediate } from "node:timers/promises";
import { taskId } from "../../converters/shared/ids.ts";
import { LumosError } from "../../schemas/errors.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { LoadedConverter } from "../converters.ts";
import { IdTable } from "../sources/id-table.ts";
import { taskHash } from "../store/hashes.ts";
import { NO_RECORD } from "../store/imports.ts";
import type { Store } from "../store/open.ts";
import { placeKey } from "../store/outcomes.ts";
import type { Draft, Skipped } from "./draft.ts";
import { type ImportFormat, readSet } from "./read-set.ts";
import { type JoinedSource, type Source, SourceIndex } from "./source-index.ts";
import { createImportTally, type ImportSummary, type ImportTally } from "./summary.ts";
import { importVariant } from "./variant.ts";
import { domainOf, unjoinedExample, verifyDraft } from "./verify-draft.ts";
import { writeWrong } from "./wrong.ts";

export interface ImportJob {
  files: readonly string[];
  format: ImportFormat;
  /** Who or what made the set; null where nobody says. */
  name: string | null;
  sources: readonly JoinedSource[];
  /** The converters of the datasets that the store holds examples of. */
  known: readonly LoadedConverter[];
  /** Names of all datasets: ids of ours begin with one. */
  datasets: ReadonlySet<string>;
  /** Only so many records of each file; infinite where all are wanted. */
  limit: number;
  run: string;
  /** Where to write the list of wrong plans; null where it is not wanted. */
  wrong: string | null;
}

export interface ImportPorts {
  now(): Date;
  /** Aborted: what was verified is stored, nothing new is begun. */
  signal: AbortSignal;
  /** `plans`: how many of them are stored; null while the files are still being read. */
  onProgress(records: number, plans: number | null): void;
}

export interface ImportResult {
  summary: ImportSummary;
  interrupted: boolean;
  /** The first records that were skipped, one a reason. */
  firstSkipped: readonly Skipped[];
}

/** So many outcomes are written in one transaction. */
const BATCH = 100;

/**
 * Brings in the plans of a set: joins them to their source examples, verifies and stores them under the variant of the set. A plan that is stored already from the same content
 * and with as much of a source is not done again. A file that breaks off is an error after what stands before the break is stored.
 * @throws LumosError `input.*`, `not_found`, `output.unwritable`.
 */
export async function importPlans(store: Store, job: ImportJob, ports: ImportPorts): Promise<ImportResult> {
  const started = ports.now();
  const variant = importVariant(job.format, job.name);
  store.saveVariant(variant);
  const index = new SourceIndex(store, job.known);
  const tally = createImportTally();
  const firstSkipped = new Map<string, Skipped>();
  let records = 0;
  const set = readSet(job.files, {
    format: job.format,
    limit: job.limit,
    datasets: job.datasets,
    signal: ports.signal,
    onRecord: () => ports.onProgress((records += 1), null),
  });
  try {
    for (const source of job.sources) await index.read(source, ports.signal);
    const importer = new Importer(store, job, variant.hash, index, tally, () => ports.now().toISOString());
    let done = 0;
    for await (const read of set.plans) {
      if (ports.signal.aborted) break;
      const skipped = "skipped" in read ? importer.skip(read.skipped, 1) : importer.take(read.draft);
      if (skipped !== null && !firstSkipped.has(skipped.reason)) firstSkipped.set(skipped.reason, skipped);
      done += 1;
      ports.onProgress(records, tally.imported);
      // Lets Ctrl-C in.
      if (done % BATCH === 0) await setImmediate();
    }
    importer.flush();
    const broken = set.broken();
    if (broken !== null) throw new LumosError(broken.code, `${broken.message} (the ${tally.imported.toLocaleString("en-US")} plans before the break are stored)`, { cause: broken });
    const wrong = job.wrong === null || ports.signal.aborted ? null : writeWrong(store, variant.hash, job.format, job.wrong);
    const seconds = (ports.now().getTime() - started.getTime()) / 1000;
    const { run, name, format } = job;
    return { summary: tally.summary({ run, name, format, variant: variant.hash, wrong, seconds }), interrupted: ports.signal.aborted, firstSkipped: [...firstSkipped.values()] };
  } finally {
    await set.plans.return(undefined);
    index.close();
  }
}

/** Joins, verifies and stores, one plan after the other. */
class Importer {
  private readonly seen = new IdTable();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly job: ImportJob,
    private readonly variant: string,
    private readonly index: SourceIndex,
    private readonly tally: ImportTally,
    private readonly now: () => string,
  ) {}

  /** Gives why it was skipped all the same; null where it was not. */
  take(draft: Draft): Skipped | null {
    const found = this.index.find(draft);
    const source = typeof found === "string" ? this.sourceBefore(draft) : found;
    const domain = source?.example.domain ?? draft.domain ?? domainOf(draft.parsed.plan);
    const example = source?.example ?? this.unjoined(draft, domain);
    const unjoined = source !== null ? null : this.job.sources.length === 0 ? "no_sources_given" : typeof found === "string" ? found : "no_source";
    if (this.seen.has(example.id)) {
      return this.skip({ place: draft.place, contentHash: draft.contentHash, reason: "second_plan", detail: `An earlier plan of this set stands for ${example.id}.` }, draft.records);
    }
    this.seen.set(example.id, 1);
    const known = this.store.outcomeOf(this.variant, example.id);
    if (known !== null && known.contentHash === contentKey(draft, source)) {
      this.tally.add({ draft, dataset: source === null ? null : example.dataset, unjoined, outcome: known, before: true, computedResults: 0 });
      return null;
    }
    const verified = verifyDraft(draft, domain, source);
    const level = verified?.verdict.level ?? null;
    const defects = verified?.verdict.defects ?? draft.parsed.defects;
    const state = level === null || level === "parsed" ? ("quarantined" as const) : ("annotated" as const);
    const repaired = draft.provenance?.repaired ?? [];
    this.write(() => {
      // What the store has read of a source stays.
      if (this.store.knownExample(example.id) === null) this.store.saveExample(example, { contentHash: source?.contentHash ?? (example.dataset === UNJOINED ? draft.contentHash : NO_RECORD), licence: source?.licence ?? draft.provenance?.source.licence ?? null });
      this.store.removeUnjoined(this.variant, { ...draft.place, id: unjoinedId(draft) }, example.id);
      this.store.recordOutcome({
        variant: this.variant,
        key: example.id,
        exampleId: example.id,
        dataset: example.dataset,
        ...draft.place,
        contentHash: contentKey(draft, source),
        run: this.job.run,
        at: this.now(),
        state,
        reason: null,
        detail: null,
        defects,
        repaired,
        annotation: verified && {
          plan: verified.plan,
          verdict: verified.verdict,
          byConstruction: draft.provenance?.by_construction ?? false,
          answerCopied: verified.answerCopied,
          repairs: Math.min(1, repaired.length),
        },
      });
    });
    const outcome = { state, level, codes: defects.map(({ code }) => code), repaired };
    this.tally.add({ draft, dataset: source === null ? null : example.dataset, unjoined, outcome, before: false, computedResults: verified?.computedResults ?? 0 });
    return null;
  }

  skip(skipped: Skipped, records: number): Skipped {
    const { place, contentHash, reason, detail } = skipped;
    const key = placeKey({ dataset: UNJOINED, ...place }, contentHash);
    this.tally.skip(skipped, records);
    if (this.store.outcomeOf(this.variant, key)?.reason === reason) return skipped;
    this.write(() => {
      this.store.removeUnjoined(this.variant, { ...place, id: null }, key);
      this.store.recordOutcome({
        variant: this.variant, key, exampleId: null, dataset: UNJOINED, ...place, contentHash, run: this.job.run, at: this.now(),
        state: "skipped", reason, detail, defects: [], repaired: [], annotation: null,
      });
    });
    return skipped;
  }

  flush(): void {
    const batch = this.waiting.splice(0);
    if (batch.length === 0) return;
    this.store.transaction(() => {
      for (const write of batch) write();
    });
  }

  private write(work: () => void): void {
    this.waiting.push(work);
    if (this.waiting.length >= BATCH) this.flush();
  }

  /** A plan that an earlier import joined stays joined. */
  private sourceBefore(draft: Draft): Source | null {
    const id = this.store.joinedBefore(this.variant, taskHash(draft.task, draft.environment));
    return id === null ? null : this.index.stored(id);
  }

  /** An example that says no more than the set does: under the id that one of our exports gave it, else under its own. */
  private unjoined(draft: Draft, domain: SourceExample["domain"]): SourceExample {
    const { provenance } = draft;
    const about = provenance === null ? { id: unjoinedId(draft), dataset: UNJOINED } : { id: provenance.id, dataset: provenance.source.dataset };
    return unjoinedExample(draft, { ...about, domain });
  }
}

/** The dataset of plans whose source nobody knows. */
const UNJOINED = "imported";

function unjoinedId({ task, environment }: Draft): string {
  return `${UNJOINED}/${taskId(environment === null ? task : `${task}\n${environment}`)}`;
}

/** What a plan was verified with: another text, or a source where there was none or another one, makes it be verified again. */
function contentKey(draft: Draft, source: Source | null): string {
  return source === null ? draft.contentHash : `${draft.contentHash}+${source.contentHash.slice(0, 16)}`;
}

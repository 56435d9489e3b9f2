import { setImmediate } from "node:timers/promises";
import { contentHash, taskId } from "../../converters/shared/ids.ts";
import { LumosError } from "../../schemas/errors.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { LoadedConverter } from "../converters.ts";
import { IdTable } from "../sources/id-table.ts";
import { taskHash } from "../store/hashes.ts";
import { NO_RECORD } from "../store/imports.ts";
import type { Store } from "../store/open.ts";
import { placeKey } from "../store/outcomes.ts";
import type { Variant } from "../store/runs.ts";
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
/** So many plans of one example are kept. */
const MOST_PLANS = 16;

/** The variants of a set: of the first plans of its examples, of the second ones, and so on. */
function variantsOf({ format, name }: Pick<ImportJob, "format" | "name">): Variant[] {
  return Array.from({ length: MOST_PLANS }, (_, at) => importVariant(format, name, at + 1));
}

/**
 * Brings in the plans of a set: joins them to their source examples, verifies and stores them under the variant of the set. A plan that is stored already from the same content
 * and with as much of a source is not done again. A file that breaks off is an error after what stands before the break is stored.
 * @throws LumosError `input.*`, `not_found`, `output.unwritable`.
 */
export async function importPlans(store: Store, job: ImportJob, ports: ImportPorts): Promise<ImportResult> {
  const started = ports.now();
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
    const importer = new Importer(store, job, index, tally, () => ports.now().toISOString());
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
    const wrong = job.wrong === null || ports.signal.aborted ? null : writeWrong(store, variantsOf(job).map(({ hash }) => hash), job.format, job.wrong);
    const seconds = (ports.now().getTime() - started.getTime()) / 1000;
    const { run, name, format } = job;
    return { summary: tally.summary({ run, name, format, variant: importVariant(format, name).hash, wrong, seconds, withoutLine: set.withoutLine() }), interrupted: ports.signal.aborted, firstSkipped: [...firstSkipped.values()] };
  } finally {
    await set.plans.return(undefined);
    index.close();
  }
}

/** Joins, verifies and stores, one plan after the other. */
class Importer {
  /** How many plans there were of each example, and which. */
  private readonly plans = new IdTable();
  private readonly texts = new IdTable();
  private readonly variants: readonly Variant[];
  private readonly hashes: readonly string[];
  private readonly saved = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly job: ImportJob,
    private readonly index: SourceIndex,
    private readonly tally: ImportTally,
    private readonly now: () => string,
  ) {
    this.variants = variantsOf(job);
    this.hashes = this.variants.map(({ hash }) => hash);
    this.variantOf(1);
  }

  /** Gives why it was skipped all the same; null where it was not. */
  take(draft: Draft): Skipped | null {
    const found = this.index.find(draft);
    const source = typeof found === "string" ? this.sourceBefore(draft) : found;
    const domain = source?.example.domain ?? draft.domain ?? domainOf(draft.parsed.plan);
    const example = source?.example ?? this.unjoined(draft, domain);
    const unjoined = source !== null ? null : this.job.sources.length === 0 ? "no_sources_given" : typeof found === "string" ? found : "no_source";
    const skip = (reason: string, detail: string): Skipped => this.skip({ place: draft.place, contentHash: draft.contentHash, reason, detail }, draft.records);
    const text = `${example.id}\n${draft.parsed.plan === null ? draft.contentHash : contentHash(draft.parsed.plan)}`;
    if (this.texts.has(text)) return skip("duplicate_plan", `An earlier plan of this set for ${example.id} is the same.`);
    const earlier = [...new Set([unjoinedId(draft), ...(draft.provenance === null ? [] : [draft.provenance.id])])];
    const numbers = new Map([...new Set([example.id, ...earlier])].map((id) => [id, (this.plans.get(id) ?? 0) + 1]));
    const plan = numbers.get(example.id) ?? 1;
    if (plan > MOST_PLANS) return skip("too_many_plans", `${MOST_PLANS} plans of this set stand for ${example.id} already.`);
    this.texts.set(text, 1);
    for (const [id, n] of numbers) this.plans.set(id, n);
    const variant = this.variantOf(plan);
    const known = this.store.outcomeOf(variant, example.id);
    if (known !== null && known.contentHash === contentKey(draft, source)) {
      this.tally.add({ draft, dataset: source === null ? null : example.dataset, unjoined, outcome: known, before: true, computedResults: 0, isFurther: plan > 1 });
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
      const formerly = earlier.map((key) => ({ variant: this.hashes[(numbers.get(key) ?? 1) - 1] ?? variant, key }));
      this.store.removeUnjoined(this.hashes, draft.place, formerly, { variant, key: example.id });
      this.store.recordOutcome({
        variant,
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
    this.tally.add({ draft, dataset: source === null ? null : example.dataset, unjoined, outcome, before: false, computedResults: verified?.computedResults ?? 0, isFurther: plan > 1 });
    return null;
  }

  skip(skipped: Skipped, records: number): Skipped {
    const { place, contentHash: hash, reason, detail } = skipped;
    const key = placeKey({ dataset: UNJOINED, ...place }, hash);
    this.tally.skip(skipped, records);
    const variant = this.variantOf(1);
    if (this.store.outcomeOf(variant, key)?.reason === reason) return skipped;
    this.write(() => {
      this.store.removeUnjoined(this.hashes, place, [], { variant, key });
      this.store.recordOutcome({
        variant, key, exampleId: null, dataset: UNJOINED, ...place, contentHash: hash, run: this.job.run, at: this.now(),
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
    const { task, environment, contentHash: hash, place } = draft;
    const id = this.store.joinedBefore({ ...place, variants: this.hashes, datasets: this.job.known.map(({ dataset }) => dataset), contentHash: hash, taskHash: taskHash(task, environment) });
    return id === null ? null : this.index.stored(id);
  }

  /** The variant of the first, second … plans of examples. */
  private variantOf(plan: number): string {
    const variant = this.variants[plan - 1];
    if (variant === undefined) throw new RangeError(`a set has no variant of plans ${plan}`);
    if (!this.saved.has(variant.hash)) this.store.saveVariant(variant);
    this.saved.add(variant.hash);
    return variant.hash;
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

import pLimit from "p-limit";
import { LumosError } from "../../schemas/errors.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { LoadedConverter } from "../converters.ts";
import { planSelection, type SelectedRecord, type Selection, selectRecords } from "../sources/select.ts";
import { placeKey, type Outcome as StoredOutcome } from "../store/outcomes.ts";
import type { Store } from "../store/open.ts";
import type { Outcome } from "./outcome.ts";
import { type AnnotateSummary, createTally, type ReplyCounts, type Tally } from "./tally.ts";

/** One run of an annotator over source files. */
export interface AnnotateRun {
  converter: LoadedConverter;
  files: readonly string[];
  selection: Selection;
  /** Annotate these again, though they are done: a defect code, `quarantined` or `failed`. */
  retry?: string;
  /** The hash of the variant; it must be in the store. */
  variant: string;
  annotator: "rules" | "llm";
  run: string;
  /** Examples worked on at the same time. */
  concurrency: number;
  /** `firstAsk`: the number of the first ask, above those of earlier runs where the example is tried again. */
  annotate(example: SourceExample, firstAsk: number): Promise<Outcome>;
  /** What was asked so far, for the summary. */
  replies(): ReplyCounts;
}

/** What the shell needs of the world. */
export interface RunPorts {
  now(): Date;
  /** Aborted: nothing new is begun, what is under way is finished and stored. */
  signal: AbortSignal;
  onProgress(tally: Tally, total: number): void;
}

/** Outcomes of rules come by the thousand: so many are written in one transaction. */
const BATCH = 500;

/**
 * Reads, annotates and stores every selected record that is not done yet for the variant; one outcome each.
 * Throws what stops the whole run (a broken file, a refused key), after everything under way is stored.
 */
export async function runAnnotate(store: Store, job: AnnotateRun, ports: RunPorts): Promise<AnnotateSummary> {
  const started = ports.now();
  const selection = job.retry === undefined ? job.selection : { ...job.selection, accept: retried(store, job.variant, job.retry) };
  const plan = await planSelection(job.converter, job.files, selection);
  const tally = createTally();
  const writer = createWriter(store, job, ports, job.annotator === "rules" ? BATCH : 1);
  const limit = pLimit(job.concurrency);
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  let fatal: LumosError | null = null;

  const annotateOne = async (selected: ExampleRecord): Promise<void> => {
    if (stop.signal.aborted || ports.signal.aborted) return;
    const asked = job.retry === undefined ? 0 : (store.attemptsOf(job.variant, selected.example.id).at(-1)?.ask ?? 0);
    const outcome = await job.annotate(selected.example, asked + 1);
    if (outcome.state === "failed" && outcome.fatal) {
      fatal ??= new LumosError("endpoint", outcome.detail);
      stop.abort();
    }
    writer.write(selected, outcome);
    tally.add(viewOf(outcome), false);
    ports.onProgress(tally, plan.total);
  };

  try {
    for await (const selected of selectRecords(job.converter, job.files, selection, plan, (id) => store.knownExample(id))) {
      if (stop.signal.aborted || ports.signal.aborted) break;
      const record = selected.kind === "example" ? preferStored(store, job.converter, selected) : selected;
      const before = store.outcomeOf(job.variant, keyOf(job.converter, record));
      if (before && before.state !== "failed" && job.retry === undefined) {
        tally.add(before, true);
      } else if (record.kind === "skip") {
        writer.write(record, { state: "skipped", reason: record.reason, detail: record.detail });
        tally.add({ state: "skipped", reason: record.reason }, false);
      } else if (job.concurrency === 1) {
        await annotateOne(record);
      } else {
        const task = limit(() => annotateOne(record)).finally(() => underWay.delete(task));
        underWay.add(task);
        // A bounded queue: the file is read no faster than its examples are done.
        if (underWay.size >= 2 * job.concurrency) await Promise.race(underWay);
      }
      ports.onProgress(tally, plan.total);
    }
  } finally {
    await Promise.allSettled(underWay);
    writer.flush();
  }
  if (fatal) throw fatal;
  const seconds = (ports.now().getTime() - started.getTime()) / 1000;
  return tally.summary({ run: job.run, dataset: job.converter.dataset, annotator: job.annotator, replies: job.replies(), seconds });
}

type ExampleRecord = Extract<SelectedRecord, { kind: "example" }>;

function keyOf(converter: LoadedConverter, record: SelectedRecord): string {
  return record.kind === "example" ? record.example.id : placeKey({ dataset: converter.dataset, ...record.place }, record.contentHash);
}

/** A plain GSM8K record whose socratic form is stored already gives way to it. */
function preferStored(store: Store, converter: LoadedConverter, record: ExampleRecord): ExampleRecord {
  const known = store.knownExample(record.example.id);
  if (!known || known.contentHash === record.contentHash) return record;
  const forms = converter.forms ?? [];
  if (forms.indexOf(known.form ?? "") <= forms.indexOf(record.example.form ?? "")) return record;
  const example = store.exampleOf(record.example.id);
  return example ? { kind: "example", example, contentHash: known.contentHash } : record;
}

function retried(store: Store, variant: string, what: string): (id: string) => boolean {
  return (id) => {
    const outcome = store.outcomeOf(variant, id);
    if (!outcome) return false;
    return what === outcome.state || outcome.codes.some((code) => code === what);
  };
}

interface Writer {
  write(record: SelectedRecord, outcome: Outcome): void;
  flush(): void;
}

function createWriter(store: Store, job: AnnotateRun, ports: RunPorts, size: number): Writer {
  const waiting: (() => void)[] = [];
  const flush = (): void => {
    const batch = waiting.splice(0);
    if (batch.length > 0) {
      store.transaction(() => {
        for (const write of batch) write();
      });
    }
  };
  return {
    flush,
    write(record, outcome) {
      waiting.push(() => {
        if (record.kind === "example") {
          store.saveExample(record.example, { contentHash: record.contentHash, licence: job.converter.licence.name });
        }
        store.recordOutcome(stored(job, record, outcome, ports.now().toISOString()));
      });
      if (waiting.length >= size) flush();
    },
  };
}

function stored(job: AnnotateRun, record: SelectedRecord, outcome: Outcome, at: string): StoredOutcome {
  const place = record.kind === "example" ? record.example.place : record.place;
  const common = {
    variant: job.variant,
    key: keyOf(job.converter, record),
    exampleId: record.kind === "example" ? record.example.id : null,
    dataset: job.converter.dataset,
    file: place.file,
    position: place.position,
    contentHash: record.contentHash,
    run: job.run,
    at,
    state: outcome.state,
    reason: null,
    detail: null,
    defects: [],
    repaired: [],
    annotation: null,
  };
  const attempts = "attempts" in outcome ? { attempts: outcome.attempts } : {};
  switch (outcome.state) {
    case "annotated":
      return {
        ...common,
        ...attempts,
        defects: outcome.annotation.verdict.defects,
        annotation: {
          plan: outcome.annotation.plan,
          verdict: outcome.annotation.verdict,
          byConstruction: outcome.annotation.by_construction,
          answerCopied: outcome.answer_copied,
          repairs: 0,
        },
      };
    case "quarantined":
      return {
        ...common,
        ...attempts,
        defects: outcome.defects,
        annotation:
          outcome.plan && outcome.verdict
            ? { plan: outcome.plan, verdict: outcome.verdict, byConstruction: job.annotator === "rules", answerCopied: false, repairs: 0 }
            : null,
      };
    case "skipped":
    case "failed":
      return { ...common, ...attempts, reason: outcome.reason, detail: outcome.detail };
  }
}

function viewOf(outcome: Outcome): Parameters<Tally["add"]>[0] {
  switch (outcome.state) {
    case "annotated": {
      const { level, defects } = outcome.annotation.verdict;
      return { state: "annotated", level, codes: defects.map((each) => each.code) };
    }
    case "quarantined":
      return { state: "quarantined", level: outcome.verdict?.level ?? null, codes: outcome.defects.map((each) => each.code) };
    case "skipped":
    case "failed":
      return { state: outcome.state, reason: outcome.reason };
  }
}

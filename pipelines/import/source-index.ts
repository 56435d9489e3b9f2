import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import { LumosError } from "../../schemas/errors.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import type { LoadedConverter } from "../converters.ts";
import { planSelection, selectRecords } from "../sources/select.ts";
import { parseExample } from "../store/examples.ts";
import { foldTask } from "../store/hashes.ts";
import type { Store } from "../store/open.ts";
import type { Draft } from "./draft.ts";

/** A source to join plans to: its files, or, without any, what the store holds of it. */
export interface JoinedSource {
  converter: LoadedConverter;
  files: readonly string[];
}

/** A source example that a plan was joined to. `converter`: that of its dataset, null where there is none of that name. */
export interface Source {
  example: SourceExample;
  contentHash: string;
  licence: string | null;
  converter: LoadedConverter | null;
}

/** Why a plan was not joined: no source has its task, or several have it and say different things. */
export type Unjoined = "no_source" | "ambiguous_source";

/**
 * Source examples by their tasks, in a temporary database: memory does not grow with the sources. A task is found with white space, case and punctuation folded, or by
 * its question alone where the source's own task says more (choices).
 */
export class SourceIndex {
  private readonly db = new Database("");
  private readonly add;
  private readonly byId;
  private readonly byTask;
  private readonly byQuestion;
  private readonly converters: Map<string, LoadedConverter>;
  private readonly counts = new Map<string, number>();

  /** `known`: the converters of what the store holds. */
  constructor(
    private readonly store: Store,
    known: readonly LoadedConverter[],
  ) {
    this.converters = new Map(known.map((converter) => [converter.dataset, converter]));
    this.db.pragma("journal_mode = OFF");
    this.db.pragma("cache_size = -32000");
    this.db.exec(`
      CREATE TABLE sources (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, task BLOB NOT NULL, question BLOB, dataset TEXT NOT NULL, payload TEXT NOT NULL, content_hash TEXT NOT NULL, licence TEXT);
      CREATE INDEX sources_by_task ON sources (task);
      CREATE INDEX sources_by_question ON sources (question) WHERE question IS NOT NULL`);
    this.add = this.db.prepare(
      "INSERT OR IGNORE INTO sources (id, task, question, dataset, payload, content_hash, licence) VALUES (@id, @task, @question, @dataset, @payload, @contentHash, @licence)",
    );
    const columns = "dataset, payload, content_hash AS contentHash, licence";
    this.byId = this.db.prepare<[string], Row>(`SELECT ${columns} FROM sources WHERE id = ?`);
    this.byTask = this.db.prepare<[Buffer], Row>(`SELECT ${columns} FROM sources WHERE task = ? ORDER BY seq LIMIT ${MOST_ALIKE}`);
    this.byQuestion = this.db.prepare<[Buffer], Row>(`SELECT ${columns} FROM sources WHERE question = ? ORDER BY seq LIMIT ${MOST_ALIKE}`);
  }

  /** How many examples there are to join to, by dataset. */
  get sizes(): ReadonlyMap<string, number> {
    return this.counts;
  }

  /** Reads a source. Throws what its reader throws, and `not_found` where the store was meant and holds nothing of it. */
  async read({ converter, files }: JoinedSource, signal: AbortSignal): Promise<void> {
    const { dataset } = converter;
    this.converters.set(dataset, converter);
    let waiting: Parameters<SourceIndex["insert"]>[] = [];
    const flush = async (): Promise<void> => {
      const rows = waiting;
      waiting = [];
      this.db.transaction(() => {
        for (const row of rows) this.insert(...row);
      })();
      this.counts.set(dataset, (this.counts.get(dataset) ?? 0) + rows.length);
      await setImmediate();
    };
    for await (const row of files.length === 0 ? this.storedOf(dataset) : this.recordsOf(converter, files, signal)) {
      if (signal.aborted) return;
      waiting.push(row);
      if (waiting.length >= BATCH) await flush();
    }
    await flush();
    if (files.length === 0 && (this.counts.get(dataset) ?? 0) === 0) {
      throw new LumosError("not_found", `${this.store.file} holds no example of ${dataset} to join to: name its file, --source ${dataset}=FILE.`);
    }
  }

  /** The source example of a plan: by the id that one of our exports gave it, else by its task. */
  find(draft: Draft): Source | Unjoined {
    const task = foldTask(draft.task);
    if (draft.id !== null) {
      const own = this.byId.get(draft.id);
      const source = own === undefined ? this.stored(draft.id) : this.toSource(own);
      if (source !== null && foldTask(source.example.task) === task) return source;
    }
    for (const alike of [this.byTask.all(hashOf(task)), this.byQuestion.all(hashOf(task))]) {
      if (alike.length > 0) return this.choose(alike, draft);
    }
    return "no_source";
  }

  /** An example of the store by its id. */
  stored(id: string): Source | null {
    const found = this.store.storedSource(id);
    return found === null ? null : this.toSource({ ...found, dataset: id.slice(0, id.indexOf("/")) });
  }

  close(): void {
    this.db.close();
  }

  /** Of several sources with one task the one with the plan's environment; the first where all of them ask for the same. */
  private choose(rows: readonly Row[], { environment, domain }: Draft): Source | Unjoined {
    const all = rows.map((row) => this.toSource(row)).filter(({ example }) => domain === null || example.domain === domain);
    const folded = environment === null ? null : foldTask(environment);
    const there = folded === null ? [] : all.filter(({ example }) => example.environment !== null && foldTask(example.environment) === folded);
    const [first, ...others] = there.length > 0 ? there : all;
    if (first === undefined) return "no_source";
    return others.every((other) => asksTheSame(first.example, other.example)) ? first : "ambiguous_source";
  }

  private async *storedOf(dataset: string): AsyncGenerator<[SourceExample, string, string | null]> {
    for (const { payload, contentHash, licence } of this.store.storedSources(dataset)) yield [parseExample(payload), contentHash, licence];
  }

  private async *recordsOf(converter: LoadedConverter, files: readonly string[], signal: AbortSignal): AsyncGenerator<[SourceExample, string, string | null]> {
    const plan = await planSelection(converter, files, {}, signal);
    for await (const record of selectRecords(converter, files, {}, plan, (id) => this.store.knownExample(id))) {
      if (record.kind === "example") yield [record.example, record.contentHash, converter.licence.name];
    }
  }

  private insert(example: SourceExample, contentHash: string, licence: string | null): void {
    const question = example.extra?.["question"];
    this.add.run({
      id: example.id,
      task: hashOf(foldTask(example.task)),
      question: typeof question === "string" && question !== example.task ? hashOf(foldTask(question)) : null,
      dataset: example.dataset,
      payload: JSON.stringify(example),
      contentHash,
      licence,
    });
  }

  private toSource({ dataset, payload, contentHash, licence }: Row): Source {
    return { example: parseExample(payload), contentHash, licence, converter: this.converters.get(dataset) ?? null };
  }
}

interface Row {
  dataset: string;
  payload: string;
  contentHash: string;
  licence: string | null;
}

/** So many sources of one task are compared at most. */
const MOST_ALIKE = 50;
const BATCH = 500;

function asksTheSame(one: SourceExample, other: SourceExample): boolean {
  const isSameTask = foldTask(one.task) === foldTask(other.task) && (one.environment ?? "") === (other.environment ?? "");
  return isSameTask && one.answer !== "" && sameAnswer(one.answer, other.answer);
}

function hashOf(folded: string): Buffer {
  return createHash("sha256").update(folded).digest().subarray(0, 16);
}

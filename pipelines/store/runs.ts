import type { Connection } from "./connection.ts";

/** `imported`: a plan that was made elsewhere. `person`: one that a reviewer wrote. */
export const ANNOTATORS = ["rules", "llm", "imported", "person"] as const;

/** What makes an annotation: the hash of annotator and its version, model, parameters, prompt, reply form. */
export interface Variant {
  hash: string;
  annotator: (typeof ANNOTATORS)[number];
  version: string;
  model: string | null;
  parameters: Record<string, unknown>;
  promptHash: string | null;
  promptVersion: string | null;
  /** The constant text of the prompt with its few-shots: kept once here, not with each request. */
  prompt: string | null;
  replyForm: "json" | "text" | null;
}

export interface NewRun {
  id: string;
  command: string;
  dataset: string | null;
  annotator: string;
  model: string | null;
  /** Null where a run has several. */
  variant: string | null;
  /** The effective configuration, without keys. */
  config: unknown;
  programVersion: string;
  /** ISO 8601. */
  startedAt: string;
}

export interface Run extends NewRun {
  endedAt: string | null;
  status: "running" | RunEnd;
  summary: unknown;
}

export type RunEnd = "done" | "stopped" | "interrupted" | "failed";

/** Statements on runs and variants. */
export function runStatements(db: Connection) {
  const saveVariant = db.prepare(`
    INSERT INTO variants (hash, annotator, version, model, parameters, prompt_hash, prompt_version, prompt, reply_form)
    VALUES (@hash, @annotator, @version, @model, @parameters, @promptHash, @promptVersion, @prompt, @replyForm)
    ON CONFLICT (hash) DO NOTHING`);
  const variant = db.prepare<[string], Omit<Variant, "parameters"> & { parameters: string }>(`
    SELECT hash, annotator, version, model, parameters, prompt_hash AS promptHash, prompt_version AS promptVersion, prompt, reply_form AS replyForm
    FROM variants WHERE hash = ?`);
  const start = db.prepare(`
    INSERT INTO runs (id, command, dataset, annotator, model, variant, config, program_version, started_at, status)
    VALUES (@id, @command, @dataset, @annotator, @model, @variant, @config, @programVersion, @startedAt, 'running')
    ON CONFLICT (id) DO UPDATE SET command = excluded.command, dataset = excluded.dataset, annotator = excluded.annotator, model = excluded.model,
      variant = excluded.variant, config = excluded.config, program_version = excluded.program_version, ended_at = NULL, status = 'running', summary = NULL`);
  const end = db.prepare("UPDATE runs SET status = @status, ended_at = @endedAt, summary = @summary WHERE id = @id");
  const columns = `id, command, dataset, annotator, model, variant, config, program_version AS programVersion,
    started_at AS startedAt, ended_at AS endedAt, status, summary`;
  const one = db.prepare<[string], RunRow>(`SELECT ${columns} FROM runs WHERE id = ?`);
  const all = db.prepare<[], RunRow>(`SELECT ${columns} FROM runs ORDER BY started_at DESC, id DESC`);

  return {
    saveVariant(values: Variant): void {
      saveVariant.run({ ...values, parameters: JSON.stringify(values.parameters) });
    },

    variantOf(hash: string): Variant | null {
      const row = variant.get(hash);
      if (row === undefined) return null;
      const parameters: Record<string, unknown> = JSON.parse(row.parameters);
      return { ...row, parameters };
    },

    /** Begins a run. One of the same name goes on: its first start stays. */
    startRun(run: NewRun): void {
      start.run({ ...run, config: JSON.stringify(run.config ?? null) });
    },

    endRun(id: string, how: { status: RunEnd; endedAt: string; summary: unknown }): void {
      end.run({ id, status: how.status, endedAt: how.endedAt, summary: JSON.stringify(how.summary ?? null) });
    },

    runOf(id: string): Run | null {
      const row = one.get(id);
      return row === undefined ? null : toRun(row);
    },

    /** All runs, newest first. */
    runs(): Run[] {
      return all.all().map(toRun);
    },
  };
}

type RunRow = Omit<Run, "config" | "summary"> & { config: string; summary: string | null };

function toRun(row: RunRow): Run {
  const config: unknown = JSON.parse(row.config);
  const summary: unknown = row.summary === null ? null : JSON.parse(row.summary);
  return { ...row, config, summary };
}

import type { Defect, Level } from "../../schemas/defect.ts";
import type { Connection } from "./connection.ts";
import { requestTexts } from "./request-texts.ts";

/** What an endpoint answered, whatever it was, under the hash of what was asked. */
export interface Reply {
  hash: string;
  request: unknown;
  endpoint: string;
  model: string;
  /** HTTP status. */
  status: number;
  body: string;
  finishReason: string | null;
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  /** Null where no price is known. */
  costUsd: number | null;
  latencyMs: number;
  /** ISO 8601. */
  receivedAt: string;
}

/** One ask about an example: the reply it brought and what was wrong with it. */
export interface Attempt {
  /** From 1. */
  ask: number;
  /** Counts the candidates of one ask, from 0. */
  sample: number;
  /** A repair shows the model its earlier plan with the defects. */
  kind: "ask" | "repair";
  /** The level that its plan reached, alone; null where it reached none. */
  level: Level | null;
  /** Hash of a stored reply; null where none came. */
  reply: string | null;
  defects: readonly Defect[];
  outcome: string;
}

/** Statements on replies and attempts. */
export function replyStatements(db: Connection) {
  const texts = requestTexts(db);
  const save = db.prepare(`
    INSERT INTO replies (hash, request, endpoint, model, status, body, finish_reason, prompt_tokens, cached_tokens, completion_tokens, cost_usd, latency_ms, received_at)
    VALUES (@hash, @request, @endpoint, @model, @status, @body, @finishReason, @promptTokens, @cachedTokens, @completionTokens, @costUsd, @latencyMs, @receivedAt)
    ON CONFLICT (hash) DO NOTHING`);
  const one = db.prepare<[string], Omit<Reply, "request"> & { request: string }>(`
    SELECT hash, request, endpoint, model, status, body, finish_reason AS finishReason, prompt_tokens AS promptTokens,
      cached_tokens AS cachedTokens, completion_tokens AS completionTokens, cost_usd AS costUsd, latency_ms AS latencyMs, received_at AS receivedAt
    FROM replies WHERE hash = ?`);
  const exists = db.prepare<[string], { n: number }>("SELECT 1 AS n FROM replies WHERE hash = ?");
  const completions = db.prepare<[string, number], { tokens: number }>(
    "SELECT completion_tokens AS tokens FROM replies WHERE model = ? AND completion_tokens IS NOT NULL ORDER BY rowid DESC LIMIT ?",
  );
  const attempts = db.prepare<[string, string], Omit<Attempt, "defects"> & { defects: string }>(
    "SELECT ask, sample, kind, level, reply, defects, outcome FROM attempts WHERE variant = ? AND key = ? ORDER BY ask, sample",
  );

  return {
    /** Keeps a reply. The first under a hash stays: what was paid for is never overwritten. */
    saveReply(reply: Reply): void {
      save.run({ ...reply, request: JSON.stringify(texts.shorten(reply.request) ?? null) });
    },

    replyFor(hash: string): Reply | null {
      const row = one.get(hash);
      if (row === undefined) return null;
      const request: unknown = JSON.parse(row.request);
      return { ...row, request: texts.restore(request) };
    },

    hasReply: (hash: string): boolean => exists.get(hash) !== undefined,

    /** Completion tokens of the latest replies of a model, at most `most`. */
    completionTokens: (model: string, most: number): number[] => completions.all(model, most).map(({ tokens }) => tokens),

    attemptsOf(variant: string, key: string): Attempt[] {
      return attempts.all(variant, key).map((row) => {
        const defects: Defect[] = JSON.parse(row.defects);
        return { ...row, defects };
      });
    },
  };
}

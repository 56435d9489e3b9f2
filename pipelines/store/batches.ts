import type { Connection } from "./connection.ts";

/**
 * How far a batch is. `filling`: requests are still added. `prepared`: complete, nothing sent. `uploading` and `submitting` are recorded before
 * the call that they name, so that after a kill it is known that the call may have been made. `submitted`: the provider has it. `ended`: the
 * provider is done with it. `collected`: nothing more will come of it.
 */
type BatchState = "filling" | "prepared" | "uploading" | "uploaded" | "submitting" | "submitted" | "ended" | "collected";

/** What became of a request. `failed`: the provider answered with an error. `unanswered`: the batch ended without it. Both may be sent again. */
export type BatchRequestState = "waiting" | "answered" | "failed" | "unanswered";

/** Some requests that go to the provider in one file. */
export interface Batch {
  /** Ours; the provider has it in the batch's metadata. */
  id: string;
  state: BatchState;
  endpoint: string;
  /** The environment variable that holds the key. */
  keyVariable: string;
  model: string;
  dataset: string;
  variant: string;
  /** As it was when the batch was made; null where it was not known. */
  price: unknown;
  requests: number;
  /** Of the file that is uploaded. */
  bytes: number;
  /** The most that it can cost; null where no price is known. */
  worstUsd: number | null;
  fileId: string | null;
  /** The provider's name for the batch. */
  providerId: string | null;
  /** The provider's own word for how far it is. */
  providerStatus: string | null;
  /** What went wrong with the batch as a whole. */
  problem: string | null;
  /** ISO 8601, as the others. */
  createdAt: string;
  changedAt: string;
  submittedAt: string | null;
  expiresAt: string | null;
}

export type NewBatch = Pick<Batch, "id" | "endpoint" | "keyVariable" | "model" | "dataset" | "variant" | "price" | "createdAt">;

/** What a step changes. `problem` stays where it is not given, and goes where it is null. */
export interface BatchChange {
  state: BatchState;
  at: string;
  fileId?: string;
  providerId?: string;
  providerStatus?: string;
  submittedAt?: string;
  expiresAt?: string | null;
  problem?: string | null;
}

export interface NewBatchRequest {
  customId: string;
  /** The hash that its reply is kept under. */
  hash: string;
  /** The id of the example that it asks about. */
  key: string;
  /** The JSON text that is sent. */
  body: string;
  /** Of its line in the file. */
  bytes: number;
  worstUsd: number | null;
}

export interface BatchRequest {
  seq: number;
  customId: string;
  hash: string;
  key: string;
  /** Null where it is no longer needed. */
  body: string | null;
  state: BatchRequestState;
}

/** What became of a request: an answer (its reply is kept), or an error. */
export interface Settled {
  state: Exclude<BatchRequestState, "waiting">;
  error: string | null;
  costUsd: number | null;
}

export interface BatchCounts {
  waiting: number;
  answered: number;
  failed: number;
  unanswered: number;
  /** Null where an answer's cost is not known. */
  costUsd: number | null;
}

/** Statements on batches. Several of them belong into one transaction where they are one step. */
export function batchStatements(db: Connection) {
  const create = db.prepare(`
    INSERT INTO batches (id, state, endpoint, key_variable, model, dataset, variant, price, created_at, changed_at)
    VALUES (@id, 'filling', @endpoint, @keyVariable, @model, @dataset, @variant, @price, @createdAt, @createdAt)`);
  const columns = `id, state, endpoint, key_variable AS keyVariable, model, dataset, variant, price, requests, bytes, worst_usd AS worstUsd, file_id AS fileId,
    provider_id AS providerId, provider_status AS providerStatus, problem, created_at AS createdAt, changed_at AS changedAt,
    submitted_at AS submittedAt, expires_at AS expiresAt`;
  const all = db.prepare<[], BatchRow>(`SELECT ${columns} FROM batches ORDER BY created_at, rowid`);
  const one = db.prepare<[string], BatchRow>(`SELECT ${columns} FROM batches WHERE id = ?`);
  const ofVariant = db.prepare<[string, string], BatchRow>(`SELECT ${columns} FROM batches WHERE variant = ? AND endpoint = ? ORDER BY created_at, rowid`);
  const change = db.prepare(`
    UPDATE batches SET state = @state, changed_at = @at, file_id = coalesce(@fileId, file_id), provider_id = coalesce(@providerId, provider_id),
      provider_status = coalesce(@providerStatus, provider_status), submitted_at = coalesce(@submittedAt, submitted_at),
      expires_at = coalesce(@expiresAt, expires_at), problem = CASE WHEN @keepProblem THEN problem ELSE @problem END
    WHERE id = @id`);
  const grow = db.prepare("UPDATE batches SET requests = requests + 1, bytes = bytes + @bytes, worst_usd = CASE WHEN @worstUsd IS NULL THEN NULL ELSE coalesce(worst_usd, 0) + @worstUsd END WHERE id = @batch");
  const add = db.prepare(`
    INSERT INTO batch_requests (batch, seq, custom_id, hash, key, body, state)
    VALUES (@batch, (SELECT requests FROM batches WHERE id = @batch), @customId, @hash, @key, @body, 'waiting')`);
  const requestColumns = "seq, custom_id AS customId, hash, key, body, state";
  const page = db.prepare<[string, number, number], BatchRequest>(`SELECT ${requestColumns} FROM batch_requests WHERE batch = ? AND seq >= ? ORDER BY seq LIMIT ?`);
  const request = db.prepare<[string, string], BatchRequest>(`SELECT ${requestColumns} FROM batch_requests WHERE batch = ? AND custom_id = ?`);
  const settle = db.prepare(`
    UPDATE batch_requests SET state = @state, error = @error, cost_usd = @costUsd, body = NULL
    WHERE batch = @batch AND custom_id = @customId AND state = 'waiting'`);
  const release = db.prepare("UPDATE batch_requests SET state = 'unanswered', error = @error, body = NULL WHERE batch = @batch AND state = 'waiting'");
  const counts = db.prepare<[string], { state: BatchRequestState; n: number; costUsd: number | null; unpriced: number }>(`
    SELECT state, count(*) AS n, sum(cost_usd) AS costUsd, count(*) - count(cost_usd) AS unpriced FROM batch_requests WHERE batch = ? GROUP BY state`);
  const errors = db.prepare<[string], { error: string; n: number }>(
    "SELECT error, count(*) AS n FROM batch_requests WHERE batch = ? AND error IS NOT NULL GROUP BY error ORDER BY n DESC, error LIMIT 100",
  );
  const underWay = db.prepare<[string], { batch: string }>("SELECT batch FROM batch_requests WHERE hash = ? AND state = 'waiting'");
  const kept = db.prepare<[string], { one: 1 }>("SELECT 1 AS one FROM replies WHERE hash = ?");
  const reserved = db.prepare<[string], { usd: number }>("SELECT total(worst_usd) AS usd FROM batches WHERE state <> 'collected' AND endpoint = ?");
  const waitingOfVariant = db.prepare<[string], { n: number }>(
    "SELECT count(*) AS n FROM batch_requests r JOIN batches b ON b.id = r.batch WHERE b.variant = ? AND r.state = 'waiting'",
  );

  return {
    /** Begins a batch, in state `filling`. */
    createBatch(batch: NewBatch): void {
      create.run({ ...batch, price: batch.price === null ? null : JSON.stringify(batch.price) });
    },

    /** All batches, oldest first. */
    batches: (): Batch[] => all.all().map(toBatch),

    batchOf(id: string): Batch | null {
      const row = one.get(id);
      return row === undefined ? null : toBatch(row);
    },

    /** The batches of a variant at an endpoint, oldest first. */
    batchesOfVariant: (variant: string, endpoint: string): Batch[] => ofVariant.all(variant, endpoint).map(toBatch),

    /** Takes a batch a step on. */
    changeBatch(id: string, { fileId, providerId, providerStatus, submittedAt, expiresAt, problem, ...step }: BatchChange): void {
      change.run({
        id,
        ...step,
        fileId: fileId ?? null,
        providerId: providerId ?? null,
        providerStatus: providerStatus ?? null,
        submittedAt: submittedAt ?? null,
        expiresAt: expiresAt ?? null,
        keepProblem: Number(problem === undefined),
        problem: problem ?? null,
      });
    },

    /** Adds a request to a batch that is being filled. Throws where the same request is on its way already. */
    addBatchRequest(batch: string, { bytes, worstUsd, ...values }: NewBatchRequest): void {
      add.run({ batch, ...values });
      grow.run({ batch, bytes, worstUsd });
    },

    /** At most `limit` requests of a batch in the order of its file, from number `from` (0 is the first) on. */
    batchRequests: (batch: string, from: number, limit: number): BatchRequest[] => page.all(batch, from, limit),

    batchRequest: (batch: string, customId: string): BatchRequest | null => request.get(batch, customId) ?? null,

    /** Records what became of a request. One that has been settled before stays as it is: false. */
    settleBatchRequest: (batch: string, customId: string, settled: Settled): boolean => settle.run({ batch, customId, ...settled }).changes > 0,

    /** Gives up what is still waiting in a batch, so that it may be sent again; how many there were. */
    releaseBatchRequests: (batch: string, error: string): number => release.run({ batch, error }).changes,

    batchCounts(batch: string): BatchCounts {
      const result: BatchCounts = { waiting: 0, answered: 0, failed: 0, unanswered: 0, costUsd: 0 };
      for (const { state, n, costUsd, unpriced } of counts.all(batch)) {
        result[state] = n;
        if (state === "answered") result.costUsd = unpriced > 0 ? null : costUsd;
      }
      return result;
    },

    /** How many requests of a batch have each error, commonest first, at most a hundred of them. */
    batchErrors: (batch: string): { error: string; n: number }[] => errors.all(batch),

    /** The batch in which a request is on its way (from the moment it is prepared until it is settled), or null. */
    batchWithRequest: (hash: string): string | null => underWay.get(hash)?.batch ?? null,

    /** Whether a reply is kept under a hash. */
    hasReply: (hash: string): boolean => kept.get(hash) !== undefined,

    /** The most that all batches at an endpoint which are not collected yet can still cost. */
    reservedByBatches: (endpoint: string): number => reserved.get(endpoint)?.usd ?? 0,

    /** How many requests of a variant are on their way in batches. */
    waitingInBatches: (variant: string): number => waitingOfVariant.get(variant)?.n ?? 0,
  };
}

type BatchRow = Omit<Batch, "price"> & { price: string | null };

function toBatch(row: BatchRow): Batch {
  const price: unknown = row.price === null ? null : JSON.parse(row.price);
  return { ...row, price };
}

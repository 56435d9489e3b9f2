import type { Batch } from "../store/batches.ts";
import type { Store } from "../store/open.ts";
import { type BatchApi, BatchApiError } from "./api.ts";

/** How far a batch is. */
export interface BatchStatus {
  id: string;
  state: string;
  provider_id: string | null;
  /** The provider's own word, now where it could be asked. */
  provider_status: string | null;
  dataset: string;
  model: string;
  endpoint: string;
  done: number;
  failed: number;
  total: number;
  /** Since it was submitted, else since it was made. */
  age_seconds: number;
  /** ISO 8601. */
  expires_at: string | null;
  /** The most that it can cost. */
  worst_usd: number | null;
  /** What the answers that were collected cost. */
  cost_usd: number | null;
  problem: string | null;
}

export interface StatusPorts {
  /** Null: the provider is not asked. */
  api(batch: Batch): BatchApi | null;
  now(): Date;
}

/** Says how far each batch is, oldest first; the provider is asked about those that it works on. Nothing is written. */
export async function batchStatuses(store: Store, ids: readonly string[], ports: StatusPorts): Promise<BatchStatus[]> {
  const statuses: BatchStatus[] = [];
  for (const id of ids) {
    const batch = store.batchOf(id);
    if (batch !== null) statuses.push(await statusOf(store, batch, ports));
  }
  return statuses;
}

async function statusOf(store: Store, batch: Batch, ports: StatusPorts): Promise<BatchStatus> {
  const counts = store.batchCounts(batch.id);
  const since = Date.parse(batch.submittedAt ?? batch.createdAt);
  const status: BatchStatus = {
    id: batch.id,
    state: batch.state,
    provider_id: batch.providerId,
    provider_status: batch.providerStatus,
    dataset: batch.dataset,
    model: batch.model,
    endpoint: batch.endpoint,
    done: counts.answered,
    failed: counts.failed,
    total: batch.requests,
    age_seconds: Math.max(0, Math.round((ports.now().getTime() - since) / 1000)),
    expires_at: batch.expiresAt,
    worst_usd: batch.worstUsd,
    cost_usd: counts.costUsd,
    problem: batch.problem,
  };
  const isThere = batch.providerId !== null && (batch.state === "submitted" || batch.state === "ended");
  const api = isThere ? ports.api(batch) : null;
  if (api === null || batch.providerId === null) return status;
  try {
    const remote = await api.retrieve(batch.providerId);
    const counted = remote.counts === null ? {} : { done: remote.counts.completed, failed: remote.counts.failed };
    return { ...status, ...counted, provider_status: remote.status, expires_at: remote.expiresAt ?? status.expires_at, problem: remote.problem ?? status.problem };
  } catch (error) {
    if (!(error instanceof BatchApiError)) throw error;
    return { ...status, problem: error.message };
  }
}

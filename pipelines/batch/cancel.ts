import { rmSync } from "node:fs";
import { LumosError } from "../../schemas/errors.ts";
import type { Batch } from "../store/batches.ts";
import type { Store } from "../store/open.ts";
import { type BatchApi, BatchApiError } from "./api.ts";
import { recordSubmitted, uploadPath } from "./send.ts";

/** What became of a batch that was to be cancelled. */
export interface CancelledBatch {
  id: string;
  state: string;
  provider_status: string | null;
  /** `dropped`: it was never submitted. `asked`: the provider stops it; collect what it did. `forgotten`: given up here. `over`: it had ended. */
  became: "dropped" | "asked" | "forgotten" | "over";
  /** Requests that are free to be sent again now. */
  released: number;
}

/**
 * Stops a batch. What the provider has begun is stopped there, and what it did by then can still be collected; what it never got is dropped.
 * `forget` gives a batch up without asking the provider: for one that is gone there, or whose account is.
 * @throws LumosError `endpoint`, where the provider refuses or can't be reached.
 */
export async function cancelBatch(store: Store, batch: Batch, api: BatchApi, options: { forget: boolean; now: () => Date }): Promise<CancelledBatch> {
  const { id } = batch;
  const at = (): string => options.now().toISOString();
  const result = (became: CancelledBatch["became"], released = 0): CancelledBatch => {
    const { state, providerStatus } = store.batchOf(id) ?? batch;
    return { id, state, provider_status: providerStatus, became, released };
  };
  const giveUp = (became: "dropped" | "forgotten", problem: string): CancelledBatch => {
    const released = store.transaction(() => {
      store.changeBatch(id, { state: "collected", at: at(), problem });
      return store.releaseBatchRequests(id, problem);
    });
    rmSync(uploadPath(store, id), { force: true });
    return result(became, released);
  };

  if (batch.state === "collected") return result("over");
  if (options.forget) return giveUp("forgotten", "given up by hand");
  if (batch.state === "ended") return result("over");
  try {
    if (batch.state !== "submitting" && batch.state !== "submitted") return giveUp("dropped", "cancelled before it was submitted");
    let { providerId } = batch;
    if (providerId === null) {
      const found = batch.fileId === null ? null : await api.find(id, batch.fileId);
      if (found === null) return giveUp("dropped", "cancelled before it was submitted");
      recordSubmitted(store, id, found, at());
      providerId = found.id;
    }
    const remote = await cancelRemote(api, providerId);
    store.changeBatch(id, { state: "submitted", at: at(), providerStatus: remote.status });
    return result(remote.isOver ? "over" : "asked");
  } catch (error) {
    if (!(error instanceof BatchApiError)) throw error;
    throw new LumosError("endpoint", `Batch ${id} is not cancelled: ${error.message} To give it up all the same: lumos batch cancel ${id} --forget.`, { cause: error });
  }
}

/** Providers refuse to cancel what has ended. */
async function cancelRemote(api: BatchApi, providerId: string): Promise<{ status: string; isOver: boolean }> {
  try {
    const { status } = await api.cancel(providerId);
    return { status, isOver: false };
  } catch (error) {
    if (!(error instanceof BatchApiError) || (error.status !== 400 && error.status !== 409)) throw error;
    const { status } = await api.retrieve(providerId);
    if (status === "in_progress" || status === "validating") throw error;
    return { status, isOver: status !== "cancelling" };
  }
}

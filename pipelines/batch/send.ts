import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LumosError } from "../../schemas/errors.ts";
import type { Batch, BatchChange } from "../store/batches.ts";
import type { Store } from "../store/open.ts";
import { type BatchApi, BatchApiError, type RemoteBatch } from "./api.ts";

/** What sending batches is lent of the world. */
export interface SendPorts {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** Aborted: the step under way is finished, no other begun. */
  signal: AbortSignal;
}

/** How often a batch is tried to be made before this is left to the next time. */
const TRIES = 5;
/** A batch that was made a moment ago may be missing in the provider's list. */
const LIST_LAG_MS = 3000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Takes a batch from wherever it is to `submitted`, each step recorded before it is made and after. Where an earlier process may have made a
 * step without recording that it did, the provider is asked first. Whatever it throws, the same call goes on from there.
 * @throws LumosError `endpoint`, where the provider refuses or can't be reached.
 */
export async function sendBatch(store: Store, batch: Batch, api: BatchApi, ports: SendPorts): Promise<void> {
  const { id, bytes, state: before } = batch;
  let { state, fileId } = batch;
  const step = (change: Pick<BatchChange, "state" | "fileId" | "problem">): void => {
    store.changeBatch(id, { ...change, at: ports.now().toISOString() });
    state = change.state;
  };
  try {
    if (state === "filling") step({ state: "prepared" });
    if (state === "prepared" && !ports.signal.aborted) step({ state: "uploading" });
    if (state === "uploading" && !ports.signal.aborted) {
      const found = before === "uploading" ? await api.findUpload(uploadName(id), bytes) : null;
      const uploaded = found ?? (await upload(store, batch, api));
      if (typeof uploaded !== "string") {
        step({ state: "prepared", problem: uploaded.refused.message });
        throw uploaded.refused;
      }
      fileId = uploaded;
      step({ state: "uploaded", fileId });
    }
    if (state === "uploaded" && !ports.signal.aborted) step({ state: "submitting" });
    if (state === "submitting" && fileId !== null && !ports.signal.aborted) {
      const found = before === "submitting" ? await findPatiently(id, fileId, api, ports) : null;
      const made = found ?? (await createOnce(id, fileId, api, ports));
      if ("refused" in made) {
        // It was not made. One that only has to wait keeps its file; else that may be what is wrong, and it is uploaded anew.
        step({ state: made.refused.passing ? "uploaded" : "prepared", problem: made.refused.message });
        throw made.refused;
      }
      recordSubmitted(store, id, made, ports.now().toISOString());
    }
  } catch (error) {
    if (!(error instanceof BatchApiError)) throw error;
    throw new LumosError("endpoint", `Batch ${id} is not submitted: ${error.message} 'lumos batch submit' goes on from here.`, { cause: error });
  }
}

/** Records that the provider has a batch. */
export function recordSubmitted(store: Store, id: string, remote: RemoteBatch, at: string): void {
  store.changeBatch(id, {
    state: "submitted",
    at,
    providerId: remote.id,
    providerStatus: remote.status,
    submittedAt: at,
    expiresAt: remote.expiresAt,
    problem: null,
  });
}

/** Where the file of a batch lies while it is uploaded. */
export function uploadPath(store: Store, id: string): string {
  return `${store.file}.${uploadName(id)}`;
}

/** One request as a line of the file. */
export function requestLine(customId: string, body: string): string {
  return `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":"/v1/chat/completions","body":${body}}\n`;
}

function uploadName(id: string): string {
  return `lumos-${id}.jsonl`;
}

/** The file is written from the store as a stream, sent as one, and removed. */
async function upload(store: Store, batch: Batch, api: BatchApi): Promise<string | { refused: BatchApiError }> {
  const path = uploadPath(store, batch.id);
  try {
    await pipeline(Readable.from(lines(store, batch.id)), createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw new LumosError("output.unwritable", `Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}; check the free space and the folder's permissions.`, { cause: error });
  }
  try {
    return await api.upload(path, uploadName(batch.id));
  } catch (error) {
    if (error instanceof BatchApiError && error.refused) return { refused: error };
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}

const PAGE = 200;

function* lines(store: Store, id: string): Generator<string> {
  for (let from = 0; ; from += PAGE) {
    const page = store.batchRequests(id, from, PAGE);
    yield page.map(({ customId, body }) => (body === null ? "" : requestLine(customId, body))).join("");
    if (page.length < PAGE) return;
  }
}

/** Makes the provider's batch exactly once: after a call that may have been heard the provider's list is searched before another is made. */
async function createOnce(id: string, fileId: string, api: BatchApi, ports: SendPorts): Promise<RemoteBatch | { refused: BatchApiError }> {
  for (let tries = 1; ; tries++) {
    let failed: BatchApiError;
    try {
      return await api.create(fileId, id);
    } catch (error) {
      if (!(error instanceof BatchApiError)) throw error;
      failed = error;
    }
    const found = failed.refused ? null : await findPatiently(id, fileId, api, ports);
    if (found !== null) return found;
    if (!failed.passing || tries >= TRIES || ports.signal.aborted) {
      if (failed.refused) return { refused: failed };
      throw failed;
    }
    await ports.sleep(Math.min(failed.waitMs ?? 1000 * 2 ** tries, LONGEST_WAIT_MS));
  }
}

async function findPatiently(id: string, fileId: string, api: BatchApi, ports: SendPorts): Promise<RemoteBatch | null> {
  const found = await api.find(id, fileId);
  if (found !== null) return found;
  await ports.sleep(LIST_LAG_MS);
  return api.find(id, fileId);
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { LumosError } from "../../../schemas/errors.ts";
import type { RawRecord } from "../../../schemas/converter.ts";

let current: string | null = null;
let files = 0;

/** The folder of the test that runs; gone after it. */
export function folder(): string {
  if (current !== null) return current;
  const made = mkdtempSync(join(tmpdir(), "lumos-streams-"));
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true });
    current = null;
  });
  current = made;
  return made;
}

/** Writes a file of its own for a test and gives its path. */
export function file(content: string | Uint8Array, name = "source"): string {
  files += 1;
  const path = join(folder(), `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}

/** Everything a reader gives, and how it ended: null, or the error's code and message with the path taken out. */
export async function readAll(records: AsyncIterable<RawRecord>): Promise<{ records: RawRecord[]; error: string | null }> {
  const read: RawRecord[] = [];
  try {
    for await (const record of records) read.push(record);
  } catch (error) {
    if (!(error instanceof LumosError)) throw error;
    return { records: read, error: `${error.code}: ${error.message.replace(/\S*lumos-streams-\S*?(?=[\s:,])/, "FILE")}` };
  }
  return { records: read, error: null };
}

export function values(records: readonly RawRecord[]): unknown[] {
  return records.map((record) => ("value" in record ? record.value : record.problem));
}

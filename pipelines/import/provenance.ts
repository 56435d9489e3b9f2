import { existsSync, statSync } from "node:fs";
import { z } from "zod";
import { readBytes } from "../../converters/shared/bytes.ts";
import { readJsonArray } from "../../converters/shared/json-array.ts";
import { readJsonl } from "../../converters/shared/jsonl.ts";
import type { RawRecord } from "../../schemas/converter.ts";
import { defectCodeSchema, levelSchema } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";

/** What a provenance file of ours says beside a row, as far as an import takes it. */
const provenanceSchema = z.object({
  id: z.string().min(3).max(300).regex(/^[a-z][a-z0-9_]{0,60}\/\S/, "expected <dataset>/<source id>"),
  source: z.object({ dataset: z.string().regex(/^[a-z][a-z0-9_]{0,60}$/), file: z.string().max(1000), position: z.int().nonnegative(), licence: z.string().max(200).nullable() }),
  steps: z.array(z.object({ subgoal: z.int().positive(), gold: z.array(z.string().max(300)).max(1000) })).max(1000),
  level: levelSchema.nullable(),
  answer: z.string().max(20),
  by_construction: z.boolean(),
  repaired: z.array(defectCodeSchema).max(100),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** A record of a file with the provenance that stands in the line of the same number of the file beside it. `lacksLine`: there is such a file, and no line of this row in it. */
export type RowRecord = RawRecord & { provenance: Provenance | null; lacksLine?: boolean };

/** The provenance file beside an exported one; null where there is none. */
export function provenanceFile(path: string): string | null {
  const plain = path.replace(/\.(?:gz|zst)$/i, "");
  return [`${path}.provenance.jsonl`, `${plain}.provenance.jsonl`, `${plain}.provenance.jsonl.gz`].find((each) => existsSync(each)) ?? null;
}

/** Longer lines are no rows. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** The records of a file of JSON lines or of one JSON array, each with its provenance. A line of provenance that can't be read or is of another row is as none. */
export async function* readRows(path: string, beside: string | null): AsyncGenerator<RowRecord> {
  if (beside === null) {
    for await (const record of (await isArray(path)) ? readJsonArray(path) : readJsonl(path, { maxLineBytes: MAX_LINE_BYTES })) yield { ...record, provenance: null };
    return;
  }
  const lines = readJsonl(beside, { maxLineBytes: MAX_LINE_BYTES });
  let line = await lines.next();
  try {
    for await (const record of readJsonl(path, { maxLineBytes: MAX_LINE_BYTES })) {
      while (line.done !== true && line.value.position < record.position) line = await lines.next();
      const provenance = line.done !== true && line.value.position === record.position ? provenanceOf(line.value, record) : null;
      yield { ...record, provenance, lacksLine: provenance === null && "value" in record && idOf(record.value) !== undefined };
    }
  } finally {
    await lines.return(undefined);
  }
}

/** Whether a file's first character is that of an array. What can be read only once (a pipe) is taken for lines. */
async function isArray(path: string): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    for await (const chunk of readBytes(path)) {
      const first = chunk.find((byte) => byte > 32);
      if (first !== undefined) return first === 0x5b;
    }
  } catch (error) {
    // Who reads it in earnest gets it again, after what stands before the break.
    if (!(error instanceof LumosError)) throw error;
  }
  return false;
}

function provenanceOf(line: RawRecord, record: RawRecord): Provenance | null {
  if (!("value" in line) || !("value" in record)) return null;
  const { data } = provenanceSchema.safeParse(line.value);
  return data !== undefined && data.id === idOf(record.value) ? data : null;
}

function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "id") ? Reflect.get(value, "id") : undefined;
}

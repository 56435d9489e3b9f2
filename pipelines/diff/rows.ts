import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { z } from "zod";
import { LumosError } from "../../schemas/errors.ts";
import { linesOf } from "./lines.ts";

/** A row of a training file, by its hash and place, with what its provenance line says. */
export interface RowMark {
  /** Which of the rows of its example it is, from 1, and the example's id. */
  key: string;
  id: string;
  offset: number;
  length: number;
  hash: string;
  level: string;
  /** Hash of the provenance line less what changes with every run. */
  provenance: string;
}

const provenanceSchema = z.looseObject({ id: z.string(), level: z.string().nullable() });

/** Streams the rows of a training file together with the lines of its provenance file. Throws `input.broken` where they do not fit together. */
export function* rowsOf(file: string): IterableIterator<RowMark> {
  const beside = `${file}.provenance.jsonl`;
  if (!existsSync(beside)) throw new LumosError("input.missing", `${beside} is missing: it says which example a row is of; export again.`);
  const lines = linesOf(beside);
  let before = "";
  let n = 0;
  let number = 0;
  try {
    for (const row of linesOf(file)) {
      number += 1;
      const line = lines.next();
      if (line.done === true) throw misfit(file, beside, `it ends before line ${number}`);
      const { id, level, run: _run, ...rest } = readProvenance(beside, number, line.value.bytes.toString("utf8"));
      // Rows of one example stand together.
      n = id === before ? n + 1 : 1;
      before = id;
      const marks = { offset: row.offset, length: row.bytes.length, hash: hashOf(row.bytes), level: level ?? "none", provenance: hashOf(JSON.stringify(rest)) };
      yield { key: `${n} ${id}`, id, ...marks };
    }
    if (lines.next().done !== true) throw misfit(file, beside, `it goes on behind line ${number}`);
  } finally {
    lines.return?.();
  }
}

function misfit(file: string, beside: string, why: string): LumosError {
  return new LumosError("input.broken", `${beside} does not fit ${file}: ${why}; expected a line a row; export again.`);
}

function readProvenance(file: string, number: number, text: string): z.infer<typeof provenanceSchema> {
  try {
    return provenanceSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new LumosError("input.broken", `${file}, line ${number} is no provenance line: expected an object with id and level; export again.`, { cause: error });
  }
}

function hashOf(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("base64").slice(0, 16);
}

import { closeSync, openSync, readSync } from "node:fs";
import { LumosError } from "../../schemas/errors.ts";

/** A line without its end, and where it begins in the file (bytes). The bytes are valid until the next line is asked for. */
export interface Line {
  bytes: Buffer;
  offset: number;
}

const CHUNK = 1 << 18;
/** A longer line is no row. */
const MOST_BYTES = 1 << 26;

/** Streams the lines of a file. Throws `input.unreadable`, and `input.broken` for a line without end. */
export function* linesOf(file: string): IterableIterator<Line> {
  const descriptor = openToRead(file);
  try {
    // The beginning of a line whose end was not read yet: put together once, since a long one comes in hundreds of chunks.
    let pending: Buffer[] = [];
    let [length, offset] = [0, 0];
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      const data = chunk.subarray(0, read);
      let start = 0;
      for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
        const rest = data.subarray(start, end);
        const bytes = length === 0 ? rest : Buffer.concat([...pending, rest]);
        yield { bytes, offset };
        offset += bytes.length + 1;
        [pending, length, start] = [[], 0, end + 1];
      }
      pending.push(Buffer.from(data.subarray(start)));
      length += read - start;
      if (length > MOST_BYTES) throw new LumosError("input.broken", `${file} has a line of more than ${MOST_BYTES} bytes: it is no training file of lines.`);
    }
    if (length > 0) yield { bytes: Buffer.concat(pending), offset };
  } finally {
    closeSync(descriptor);
  }
}

/** Reads pieces of a file at known places. */
export class PieceReader {
  private readonly descriptor: number;

  constructor(file: string) {
    this.descriptor = openToRead(file);
  }

  read(offset: number, length: number): string {
    const bytes = Buffer.alloc(length);
    readSync(this.descriptor, bytes, 0, length, offset);
    return bytes.toString("utf8");
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function openToRead(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw new LumosError("input.unreadable", `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

/** A line of a file that is streamed: its number from 1, and its text without the line end; null where it is longer than allowed. */
export interface StreamedLine {
  number: number;
  text: string | null;
}

/** Far above any reply. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 10;

/** Splits a stream of bytes (UTF-8) into lines, holding one of them at a time. Empty lines are passed over, and counted. */
export async function* streamLines(chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<StreamedLine> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const take = (part: Uint8Array): void => {
    bytes += part.byteLength;
    // Of a line that is too long only its length is kept.
    if (bytes > maxBytes) parts = [];
    else parts.push(part);
  };
  const line = (): StreamedLine | null => {
    const text = bytes > maxBytes ? null : Buffer.concat(parts).toString("utf8").trim();
    parts = [];
    bytes = 0;
    number += 1;
    return text === "" ? null : { number, text };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const complete = line();
      if (complete !== null) yield complete;
    }
    if (start < chunk.byteLength) take(chunk.subarray(start));
  }
  const last = bytes > 0 ? line() : null;
  if (last !== null) yield last;
}

import { isUtf8 } from "node:buffer";
import type { RawRecord } from "../../schemas/converter.ts";
import { readBytes, validPrefix, type ReadOptions } from "./bytes.ts";
import { findJsonBreak, TOO_DEEP, tooDeep } from "./json-parser.ts";

const NEWLINE = 10;
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Streams the records of a file of JSON lines; positions are line numbers from 1, blank lines are no records. A line that
 * can't be read is a record with a problem. Throws LumosError as `readBytes` does.
 */
export async function* readJsonl(path: string, options: ReadOptions & { maxLineBytes?: number } = {}): AsyncGenerator<RawRecord> {
  const limit = options.maxLineBytes ?? MAX_LINE_BYTES;
  let position = 1;
  let held: Buffer[] = [];
  let size = 0;
  const add = (bytes: Buffer): void => {
    size += bytes.length;
    if (size > limit) held = [];
    else if (bytes.length > 0) held.push(bytes);
  };
  const record = (last: boolean): RawRecord | null => {
    const line = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    const result = size > limit ? { position, problem: tooLong(limit) } : parseLine(line, position, last);
    held = [];
    size = 0;
    return result;
  };
  for await (const chunk of readBytes(path, options)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      const found = record(false);
      if (found !== null) yield found;
      position += 1;
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  const found = record(true);
  if (found !== null) yield found;
}

/** `last`: no newline follows the line. */
function parseLine(line: Buffer, position: number, last: boolean): RawRecord | null {
  const text = line.toString("utf8");
  if (text.trim() === "") return null;
  if (text.includes("\uFFFD") && !isUtf8(line)) {
    return { position, problem: `the line is not UTF-8 at its byte ${validPrefix(line) + 1}` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { position, problem: jsonProblem(line, last) };
  }
  return tooDeep(value) ? { position, problem: TOO_DEEP } : { position, value };
}

function jsonProblem(line: Buffer, last: boolean): string {
  const found = findJsonBreak(line);
  if (found === null) return "the line is not valid JSON";
  const column = line.subarray(0, found.offset).toString("utf8").length + 1;
  if (found.offset >= line.length && last) return `the last line breaks off at column ${column}: the file looks truncated`;
  const text = line.subarray(0, 2).toString("utf8").trim();
  const several = text === "[" || text === "{" ? " (expected one whole JSON value a line)" : "";
  return `the line is not valid JSON at column ${column}: ${found.reason}${several}`;
}

function tooLong(limit: number): string {
  return `the line is longer than ${limit >= 1024 * 1024 ? `${Math.floor(limit / 1024 / 1024)} MB` : `${limit} bytes`}`;
}

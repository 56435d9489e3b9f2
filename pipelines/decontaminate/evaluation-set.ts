import { existsSync } from "node:fs";
import { basename } from "node:path";
import { readCsv } from "../../converters/shared/csv.ts";
import { readJson } from "../../converters/shared/json-array.ts";
import { readJsonl } from "../../converters/shared/jsonl.ts";
import type { RawRecord } from "../../schemas/converter.ts";
import { LumosError } from "../../schemas/errors.ts";

/** The problems of one evaluation set, or a part of them. */
export interface EvaluationSet {
  /** The file's base name, with the column where one was named: what the set is called in the store and in reports. */
  name: string;
  file: string;
  /** Several columns are joined by a blank (`Body+Question`). */
  column: string;
  problems: EvaluationProblem[];
  /** Records that can't be read, or have no text in the column. */
  unreadable: number;
}

interface EvaluationProblem {
  text: string;
  /** The record's line or index in the file, from 1. */
  position: number;
}

/** Columns that hold the problem in published sets, the likeliest first. */
const USUAL = ["Body+Question", "question", "problem", "task", "text", "prompt", "query", "input", "instruction", "Question", "Problem"];
/** A longer text is no problem; of one so long only the start is compared. */
const MOST_CHARACTERS = 100_000;

/** So many characters of problems are in memory at a time: the process takes some 500 MB with their index, which takes 5 bytes a character. */
const PART_CHARACTERS = 20_000_000;

/**
 * Streams `FILE` or `FILE:column` in parts of some twenty million characters: JSON lines, a JSON array or object of records, or of arrays of them, CSV or TSV, by its name; plain, gzip or
 * zstd. The column is a key, a path of keys (`question.problem`), or several joined by `+`; without one it is guessed from the first records. `unreadable` counts those of the part.
 * @throws LumosError `input.missing`, `input.no_record`, `usage` and what the readers throw.
 */
export async function* evaluationParts(named: string): AsyncGenerator<EvaluationSet> {
  const { file, column: wanted, name } = parseName(named);
  let column = wanted;
  let problems: EvaluationProblem[] = [];
  let [characters, unreadable, found] = [0, 0, 0];
  let keys: string[] = [];
  for await (const { value, position } of valuesOf(file)) {
    if (!isRecord(value)) {
      unreadable += 1;
      continue;
    }
    if (keys.length === 0) keys = Object.keys(value);
    column ??= USUAL.find((each) => textOf(value, each) !== null) ?? null;
    const text = column === null ? null : textOf(value, column);
    if (text === null) unreadable += 1;
    else {
      problems.push({ text: text.slice(0, MOST_CHARACTERS), position });
      characters += Math.min(text.length, MOST_CHARACTERS);
    }
    if (column === null || characters < PART_CHARACTERS) continue;
    yield { name, file, column, problems, unreadable };
    found += problems.length;
    problems = [];
    [characters, unreadable] = [0, 0];
  }
  if (column === null || found + problems.length === 0) {
    const has = keys.length === 0 ? "no record that can be read" : `records with ${keys.slice(0, 8).map((key) => key.slice(0, 40)).join(", ")}`;
    throw new LumosError("input.no_record", `${file} holds ${has}: expected a text in ${column ?? `one of ${USUAL.slice(0, 5).join(", ")}`}; name the column with --against ${file}:COLUMN.`);
  }
  if (problems.length + unreadable > 0) yield { name, file, column, problems, unreadable };
}

/** What the set of `FILE` or `FILE:column` is called. Throws `input.missing` where there is no such file. */
export function evaluationName(named: string): string {
  return parseName(named).name;
}

/** A whole set, in memory. */
export async function readEvaluationSet(named: string): Promise<EvaluationSet> {
  let whole: EvaluationSet | null = null;
  for await (const part of evaluationParts(named)) {
    if (whole === null) whole = part;
    else {
      for (const problem of part.problems) whole.problems.push(problem);
      whole.unreadable += part.unreadable;
    }
  }
  if (whole === null) throw new LumosError("input.no_record", `${named} holds no problem.`);
  return whole;
}

/** The values of a file's records; those of an array within an object of a JSON file each for itself. */
async function* valuesOf(file: string): AsyncGenerator<{ value: unknown; position: number }> {
  const nested = /\.json(?:\.gz|\.zst)?$/i.test(file);
  let position = 0;
  for await (const record of recordsOf(file)) {
    const value = "value" in record ? record.value : null;
    const values: unknown[] = nested && Array.isArray(value) ? value : [value];
    for (const each of values) {
      position += 1;
      yield { value: each, position: nested ? position : record.position };
    }
  }
}

/** A colon may be part of the file's name (a drive's letter, too). */
function parseName(named: string): { file: string; column: string | null; name: string } {
  if (existsSync(named)) return { file: named, column: null, name: basename(named) };
  const colon = named.lastIndexOf(":");
  const [file, column] = [named.slice(0, colon), named.slice(colon + 1)];
  if (colon > 0 && column !== "" && existsSync(file)) return { file, column, name: `${basename(file)}:${column}` };
  throw new LumosError("input.missing", `${named} does not exist: expected the file of an evaluation set, or FILE:COLUMN.`);
}

function recordsOf(file: string): AsyncIterable<RawRecord> {
  const name = basename(file).toLowerCase().replace(/\.(?:gz|zst)$/, "");
  if (/\.(?:jsonl|ndjson)$/.test(name)) return readJsonl(file);
  if (name.endsWith(".json")) return readJson(file);
  if (name.endsWith(".csv")) return readCsv(file);
  if (name.endsWith(".tsv")) return readCsv(file, { delimiter: "\t" });
  throw new LumosError("usage", `${file} has no name that tells its format: expected .jsonl, .json, .csv or .tsv, also with .gz or .zst.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(record: Record<string, unknown>, column: string): string | null {
  const parts: string[] = [];
  for (const path of column.split("+")) {
    let value: unknown = record;
    for (const key of Object.hasOwn(record, path) ? [path] : path.split(".")) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : null;
    if (typeof value !== "string" || value.trim() === "") return null;
    parts.push(value.trim());
  }
  return parts.join(" ");
}

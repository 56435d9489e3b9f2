import { basename } from "node:path";
import { contentHash } from "../../converters/shared/ids.ts";
import { LumosError } from "../../schemas/errors.ts";
import { readChatRow } from "./chat-row.ts";
import { readConverted } from "./converted.ts";
import type { Imported } from "./draft.ts";
import { type Provenance, provenanceFile, readRows, type RowRecord } from "./provenance.ts";
import { RowTable } from "./row-table.ts";

/** `converted`: a task and a plan's text a line. `lumos`: the published chat files, any of the four of a domain. */
export const IMPORT_FORMATS = ["converted", "lumos"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ReadSetOptions {
  format: ImportFormat;
  /** The first records of each file. */
  limit: number;
  /** Names of datasets: an id that begins with one is ours, and joins rows. */
  datasets: ReadonlySet<string>;
  signal: AbortSignal;
  onRecord(): void;
}

/**
 * A set of plans, as it is read. `broken`: why a file could not be read to its end; what stands before that is read. `withoutLine`: how many rows have no line of their own in
 * the provenance file that stands beside theirs.
 */
export interface ReadSet {
  plans: AsyncGenerator<Imported>;
  broken(): LumosError | null;
  withoutLine(): number;
}

/** Tells the format by the first records of the first file that has any. Throws `input.no_record` where they are of neither. */
export async function guessFormat(files: readonly string[]): Promise<ImportFormat> {
  let seen = 0;
  for (const path of files) {
    try {
      for await (const record of readRows(path, null)) {
        if ("value" in record && typeof record.value === "object" && record.value !== null) {
          if (Object.hasOwn(record.value, "messages")) return "lumos";
          if (Object.hasOwn(record.value, "subgoal_plan")) return "converted";
        }
        if (++seen >= MOST_GUESSED) break;
      }
    } catch (error) {
      if (!isEmptyExport(error, path)) throw error;
    }
    if (seen > 0) break;
  }
  throw new LumosError("input.no_record", `${files[0] ?? ""} is no set of plans: expected JSON lines with 'messages' (--format lumos) or with 'task' and 'subgoal_plan' (--format converted).`);
}

const MOST_GUESSED = 100;

/** An export may have no row of a module; its provenance file is as empty. */
function isEmptyExport(error: unknown, path: string): boolean {
  return error instanceof LumosError && error.code === "input.empty" && provenanceFile(path) !== null;
}

/** Reads the files of a set; the plans come when what belongs together is. Throws as the readers do, and `input.no_record` for a file without one readable record. */
export function readSet(files: readonly string[], options: ReadSetOptions): ReadSet {
  let broken: LumosError | null = null;
  let withoutLine = 0;
  const labels = labelsOf(files);
  async function* records(): AsyncGenerator<{ record: RowRecord; file: string; path: string }> {
    for (const path of files) {
      const beside = provenanceFile(path);
      let left = options.limit;
      try {
        for await (const record of readRows(path, beside)) {
          if (options.signal.aborted) return;
          if (left-- <= 0) break;
          options.onRecord();
          if (record.lacksLine === true) withoutLine += 1;
          yield { record, path, file: labels.get(path) ?? path };
        }
      } catch (error) {
        if (isEmptyExport(error, path)) continue;
        if (!(error instanceof LumosError) || error.code !== "input.broken") throw error;
        broken ??= error;
      }
    }
  }
  return { plans: options.format === "converted" ? converted(records()) : chats(records(), options), broken: () => broken, withoutLine: () => withoutLine };
}

type Records = AsyncGenerator<{ record: RowRecord; file: string; path: string }>;

/**
 * Holds the skips of a file back until its first record of such a set: a file without one is something else. Chats of other modules are of such a set, but where there is
 * nothing else in any file, so is the whole.
 */
async function* withReadable(records: Records, read: (record: RowRecord, file: string) => Imported | null): AsyncGenerator<Imported> {
  let path: string | null = null;
  let held: Imported[] | null = [];
  let seen = 0;
  let others: Imported[] | null = [];
  let firstOther: { path: string; made: Imported } | null = null;
  const check = (): void => {
    const [first] = held ?? [];
    if (first !== undefined) throw noRecord(path ?? "", first);
  };
  for await (const { record, file, path: from } of records) {
    if (from !== path) {
      check();
      [path, held, seen] = [from, [], 0];
    }
    const made = read(record, file);
    if (made !== null && "skipped" in made && UNREADABLE.has(made.skipped.reason)) {
      if (held === null) yield made;
      else if (held.push(made) && ++seen >= MOST_BROKEN) check();
      continue;
    }
    yield* held ?? [];
    held = null;
    if (others !== null && made !== null && "skipped" in made && made.skipped.reason === "other_module") {
      firstOther ??= { path: from, made };
      others.push(made);
      if (others.length >= MOST_BROKEN) yield* others.splice(0);
      continue;
    }
    yield* others ?? [];
    others = null;
    if (made !== null) yield made;
  }
  check();
  if (others !== null && firstOther !== null) throw noRecord(firstOther.path, firstOther.made);
}

function noRecord(path: string, first: Imported): LumosError {
  const why = "skipped" in first ? ` (line ${first.skipped.place.position}: ${first.skipped.detail})` : "";
  return new LumosError("input.no_record", `${path} holds no record of such a set${why}. Is it of another --format?`);
}

const UNREADABLE: ReadonlySet<string> = new Set(["unreadable_record", "malformed_record"]);
/** So many before the first good one mean that the file is something else. */
const MOST_BROKEN = 10_000;

function converted(records: Records): AsyncGenerator<Imported> {
  return withReadable(records, (record, file) => readConverted(record, { file, position: record.position }));
}

async function* chats(records: Records, { datasets, signal }: ReadSetOptions): AsyncGenerator<Imported> {
  const table = new RowTable();
  try {
    yield* withReadable(records, (record, file): Imported | null => {
      const place = { file, position: record.position };
      const skip = (reason: string, detail: string, of: unknown): Imported => ({ skipped: { place, contentHash: contentHash(of), reason, detail } });
      if ("problem" in record) return skip("unreadable_record", record.problem, record.problem);
      const row = readChatRow(record.value);
      if ("skip" in row) return skip(row.skip, row.detail, record.value);
      table.keep({ row, place, id: ownId(row.id, record.provenance, datasets), provenance: record.provenance });
      return null;
    });
    if (!signal.aborted) yield* table.examples();
  } finally {
    table.close();
  }
}

/** An id that one of our exports gave a row: the same in all files. */
function ownId(id: string | null, provenance: Provenance | null, datasets: ReadonlySet<string>): string | null {
  if (provenance !== null) return provenance.id;
  const at = id?.indexOf("/") ?? -1;
  return id !== null && at > 0 && datasets.has(id.slice(0, at)) && /^\S+$/.test(id) ? id : null;
}

/** Files by their base names; those that share one by their paths. */
function labelsOf(files: readonly string[]): Map<string, string> {
  const names = files.map((file) => basename(file));
  return new Map(files.map((file, index) => [file, names.filter((name) => name === names[index]).length > 1 ? file.replaceAll("\\", "/") : (names[index] ?? file)]));
}

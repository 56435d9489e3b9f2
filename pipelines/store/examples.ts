import type { SourceExample } from "../../schemas/example.ts";
import type { Connection } from "./connection.ts";
import { taskHash } from "./hashes.ts";
import { NO_RECORD } from "./imports.ts";

/** Statements on the examples. */
export function exampleStatements(db: Connection) {
  const known = db.prepare<[string], { contentHash: string; form: string | null }>(
    "SELECT content_hash AS contentHash, form FROM examples WHERE id = ?",
  );
  const save = db.prepare(`
    INSERT INTO examples (id, dataset, domain, payload, task_hash, content_hash, form, file, position, licence)
    VALUES (@id, @dataset, @domain, @payload, @taskHash, @contentHash, @form, @file, @position, @licence)
    ON CONFLICT (id) DO UPDATE SET dataset = excluded.dataset, domain = excluded.domain, payload = excluded.payload,
      task_hash = excluded.task_hash, content_hash = excluded.content_hash, form = excluded.form,
      file = excluded.file, position = excluded.position, licence = excluded.licence`);
  const payload = db.prepare<[string], { payload: string }>("SELECT payload FROM examples WHERE id = ?");
  const withPrefix = db.prepare<[string, string, number], { id: string }>("SELECT id FROM examples WHERE id >= ? AND id < ? ORDER BY id LIMIT ?");

  return {
    /** What is stored of an example, enough to tell whether another record is the same one; null where it came with an import, and no record of its source was read. */
    knownExample(id: string): { contentHash: string; form: string | null } | null {
      const row = known.get(id);
      return row === undefined || row.contentHash === NO_RECORD ? null : row;
    },

    /** Stores an example, or replaces the one of that id. Annotations of it stay. */
    saveExample(example: SourceExample, about: { contentHash: string; licence: string | null }): void {
      save.run({
        id: example.id,
        dataset: example.dataset,
        domain: example.domain,
        payload: JSON.stringify(example),
        taskHash: taskHash(example.task, example.environment),
        contentHash: about.contentHash,
        form: example.form ?? null,
        file: example.place.file,
        position: example.place.position,
        licence: about.licence,
      });
    },

    exampleOf(id: string): SourceExample | null {
      const row = payload.get(id);
      return row === undefined ? null : parseExample(row.payload);
    },

    /** The ids that start with `prefix`, in order, at most `limit`; the exact id alone where it is one. */
    findByPrefix(prefix: string, limit = 10): string[] {
      if (known.get(prefix) !== undefined) return [prefix];
      return withPrefix.all(prefix, `${prefix}\u{10ffff}`, limit).map((row) => row.id);
    },
  };
}

/** Reads an example back. It was typed when it was stored, and the store's version says that its shape is this program's. */
export function parseExample(payload: string): SourceExample {
  const example: SourceExample = JSON.parse(payload);
  return example;
}

import type { Connection } from "./connection.ts";

/** A stored example that plans of others may be joined to. */
export interface StoredSource {
  payload: string;
  contentHash: string;
  licence: string | null;
}

/** Where a record stands in its set, and the id that its plan has, or would have, without a source. */
export interface Unjoined {
  file: string;
  position: number;
  id: string | null;
}

/** The content hash of an example of which only a plan is known: no record of its source was read yet, and one that is takes its place. */
export const NO_RECORD = "";

/** Statements on plans that were made elsewhere. */
export function importStatements(db: Connection) {
  const sources = db.prepare<[string], StoredSource & { id: string }>(
    `SELECT id, payload, content_hash AS contentHash, licence FROM examples WHERE dataset = ? AND content_hash <> '${NO_RECORD}' ORDER BY dataset, file, position, id`,
  );
  const source = db.prepare<[string], StoredSource>(`SELECT payload, content_hash AS contentHash, licence FROM examples WHERE id = ? AND content_hash <> '${NO_RECORD}'`);
  const joined = db.prepare<[string, string], { id: string }>(
    "SELECT e.id FROM examples e JOIN outcomes o ON o.variant = ? AND o.key = e.id WHERE e.task_hash = ? AND e.dataset <> 'imported' ORDER BY e.id LIMIT 1",
  );
  const stale = db.prepare<[Unjoined & { variant: string; stays: string }], { key: string; exampleId: string | null }>(`
    SELECT key, example_id AS exampleId FROM outcomes WHERE dataset = 'imported' AND variant = @variant AND file = @file AND position = @position AND key <> @stays
    UNION SELECT key, example_id FROM outcomes WHERE variant = @variant AND key = @id AND key <> @stays`);
  const removeOutcome = db.prepare("DELETE FROM outcomes WHERE variant = ? AND key = ?");
  const removeAnnotation = db.prepare("DELETE FROM annotations WHERE example_id = ? AND variant = ?");
  // What people said of it, and what it was compared with, stays, and so does the example.
  const removeExample = db.prepare(`
    DELETE FROM examples WHERE id = @id AND NOT EXISTS (SELECT 1 FROM outcomes WHERE example_id = @id) AND NOT EXISTS (SELECT 1 FROM annotations WHERE example_id = @id)
      AND NOT EXISTS (SELECT 1 FROM reviews WHERE example_id = @id) AND NOT EXISTS (SELECT 1 FROM contaminations WHERE example_id = @id)
      AND NOT EXISTS (SELECT 1 FROM drops WHERE example_id = @id OR kept_example_id = @id)`);

  return {
    /** The examples of a dataset whose source records were read, in the order of the store. */
    storedSources: (dataset: string): IterableIterator<StoredSource & { id: string }> => sources.iterate(dataset),

    /** An example whose source record was read. */
    storedSource: (id: string): StoredSource | null => source.get(id) ?? null,

    /** The example that a plan of this task was joined to before, under the same variant. */
    joinedBefore: (variant: string, taskHash: string): string | null => joined.get(variant, taskHash)?.id ?? null,

    /** Removes what an import said of a record while it had no source, or gave no plan; `stays`: the key of what it says now. */
    removeUnjoined(variant: string, { file, position, id }: Unjoined, stays: string): void {
      for (const { key, exampleId } of stale.all({ variant, file, position, id, stays })) {
        if (exampleId !== null) removeAnnotation.run(exampleId, variant);
        removeOutcome.run(variant, key);
        if (exampleId !== null) removeExample.run({ id: exampleId });
      }
    },
  };
}

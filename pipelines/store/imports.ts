import type { SourcePlace } from "../../schemas/example.ts";
import type { Connection } from "./connection.ts";

/** A stored example that plans of others may be joined to. */
export interface StoredSource {
  payload: string;
  contentHash: string;
  licence: string | null;
}

/** What is stored under a variant and a key. */
export interface OutcomeKey {
  variant: string;
  key: string;
}

/** A plan of a set, and what it might have been stored as before. `variants`: all that the set has; `datasets`: those that it may have been joined to. */
export interface JoinedPlan extends SourcePlace {
  variants: readonly string[];
  datasets: readonly string[];
  contentHash: string;
  taskHash: string;
}

/** The content hash of an example of which only a plan is known: no record of its source was read yet, and one that is takes its place. */
export const NO_RECORD = "";

/** Statements on plans that were made elsewhere. */
export function importStatements(db: Connection) {
  const sources = db.prepare<[string], StoredSource & { id: string }>(
    `SELECT id, payload, content_hash AS contentHash, licence FROM examples WHERE dataset = ? AND content_hash <> '${NO_RECORD}' ORDER BY dataset, file, position, id`,
  );
  const source = db.prepare<[string], StoredSource>(`SELECT payload, content_hash AS contentHash, licence FROM examples WHERE id = ? AND content_hash <> '${NO_RECORD}'`);
  const OF_SET = "variant IN (SELECT value FROM json_each(@variants))";
  // Joined plans have the source's hash behind their own.
  const SAME = "substr(content_hash, 1, length(@contentHash) + 1) = @contentHash || '+'";
  const atPlace = db.prepare<[JoinedKeys], { key: string }>(
    `SELECT key FROM outcomes WHERE dataset IN (SELECT value FROM json_each(@datasets)) AND file = @file AND position = @position AND ${OF_SET} AND ${SAME} LIMIT 1`,
  );
  const withTask = db.prepare<[JoinedKeys], { key: string; isSame: number; isPictured: number }>(`
    SELECT o.key, max(substr(o.content_hash, 1, length(@contentHash) + 1) = @contentHash || '+') AS isSame, e.payload ->> '$.image' IS NOT NULL AS isPictured
    FROM examples e JOIN outcomes o ON o.key = e.id AND o.${OF_SET} WHERE e.task_hash = @taskHash AND e.dataset <> 'imported' GROUP BY o.key ORDER BY isSame DESC, o.key LIMIT 2`);
  const stale = db.prepare<[SourcePlace & OutcomeKey & { variants: string }], OutcomeKey & { exampleId: string | null }>(`
    SELECT variant, key, example_id AS exampleId FROM outcomes
    WHERE dataset = 'imported' AND ${OF_SET} AND file = @file AND position = @position AND NOT (key = @key AND variant = @variant)`);
  const former = db.prepare<[string, string], OutcomeKey & { exampleId: string | null }>(
    "SELECT variant, key, example_id AS exampleId FROM outcomes WHERE variant = ? AND key = ? AND content_hash NOT LIKE '%+%'",
  );
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

    /**
     * The example that a plan was joined to before: by its place and text, else by its task and text, else the only one with its task. One task may be asked of several
     * pictures, so that there the task alone does not do.
     */
    joinedBefore({ variants, datasets, ...plan }: JoinedPlan): string | null {
      const keys = { ...plan, variants: JSON.stringify(variants), datasets: JSON.stringify(datasets) };
      const placed = atPlace.get(keys);
      if (placed !== undefined) return placed.key;
      const [first, second] = withTask.all(keys);
      if (first === undefined) return null;
      return first.isSame === 1 || (second === undefined && first.isPictured === 0) ? first.key : null;
    },

    /**
     * Removes what an import said of a record while it had no source, or gave no plan. `earlier`: under which keys its plan would be stored without a source, whatever its
     * file was called; `stays`: what is said of it now.
     */
    removeUnjoined(variants: readonly string[], { file, position }: SourcePlace, earlier: readonly OutcomeKey[], stays: OutcomeKey): void {
      const found = [...stale.all({ variants: JSON.stringify(variants), file, position, ...stays }), ...earlier.filter(({ key }) => key !== stays.key).flatMap(({ variant, key }) => former.all(variant, key))];
      for (const { variant, key, exampleId } of found) {
        if (exampleId !== null) removeAnnotation.run(exampleId, variant);
        removeOutcome.run(variant, key);
        if (exampleId !== null) removeExample.run({ id: exampleId });
      }
    },
  };
}

type JoinedKeys = Omit<JoinedPlan, "variants" | "datasets"> & { variants: string; datasets: string };

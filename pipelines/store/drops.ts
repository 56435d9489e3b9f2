import type { Connection } from "./connection.ts";

/** Best first: the highest level, then the fewest repairs. Ties are broken by source order. */
const SCORE = "a.level_rank * 1000000 - min(a.repairs, 999999)";

/** What decontamination leaves out is kept in place of nothing. */
const CLEAN = "NOT EXISTS (SELECT 1 FROM drops d WHERE d.kind = 'contaminated' AND d.annotation_id IS NULL AND d.example_id = a.example_id)";

/** An example of an evaluation set, which no export has beside the others: it is compared with its like alone. */
const EVALUATION = "coalesce(e.payload ->> '$.evaluation', 0)";
/** Two tasks of the same words about two pictures are two: their environments may say the same. */
const IMAGE = "coalesce(e.payload ->> '$.image.file', '')";
const WHICH = "(@datasets IS NULL OR e.dataset IN (SELECT value FROM json_each(@datasets)))";

/** A mark of an example, or of one annotation, that exports leave out. */
export interface DuplicateMark {
  kind: "duplicate_task" | "near_duplicate" | "duplicate_plan";
  exampleId: string;
  annotationId: number | null;
  keptExampleId: string;
  reason: string;
  /** Of near-duplicates, 0 to 1. */
  similarity: number | null;
  task: string;
  keptTask: string;
}

/** An example that is compared by its text: `row` is SQLite's, good until the transaction ends. */
export interface NearMark {
  dropped: number;
  kept: number;
  similarity: number;
  /** ISO 8601. */
  now: string;
}

/** Statements on the marks of deduplication. */
export function dropStatements(db: Connection) {
  const clear = db.prepare("DELETE FROM drops WHERE kind IN ('duplicate_task', 'near_duplicate', 'duplicate_plan')");
  const clearClusters = db.prepare("DELETE FROM near_clusters");
  const compared = db.prepare<[Which], { examples: number; annotations: number }>(
    `SELECT count(DISTINCT a.example_id) AS examples, count(*) AS annotations FROM annotations a JOIN examples e ON e.id = a.example_id WHERE ${WHICH}`,
  );
  const marks = db.prepare<[], DuplicateMark>(`
    SELECT d.kind, d.example_id AS exampleId, d.annotation_id AS annotationId, d.kept_example_id AS keptExampleId, d.reason, d.detail ->> '$.similarity' AS similarity,
      e.task, k.task AS keptTask
    FROM drops d JOIN examples e ON e.id = d.example_id JOIN examples k ON k.id = d.kept_example_id
    WHERE d.kind IN ('duplicate_task', 'near_duplicate', 'duplicate_plan') ORDER BY d.id`);
  // Only examples with an annotation take part: one without could be kept in place of one that is worth training on.
  const markTasks = db.prepare(`
    WITH scored AS (
      SELECT e.id, e.task_hash, e.dataset, e.file, e.position, ${EVALUATION} AS evaluation, ${IMAGE} AS image, max(${SCORE}) AS score
      FROM examples e JOIN annotations a ON a.example_id = e.id WHERE ${WHICH} AND ${CLEAN} GROUP BY e.id),
    ranked AS (
      SELECT id, dataset, file, position,
        first_value(id) OVER (PARTITION BY task_hash, image, evaluation ORDER BY score DESC, dataset, file, position, id) AS kept
      FROM scored)
    INSERT INTO drops (kind, example_id, kept_example_id, reason, created_at)
    SELECT 'duplicate_task', id, kept, 'same task as ' || kept || ', which is kept', @now
    FROM ranked WHERE kept <> id ORDER BY dataset, file, position, id`);
  const undropped = db.prepare<[Which], number>(`
    SELECT e.rowid FROM examples e JOIN annotations a ON a.example_id = e.id
    WHERE ${WHICH} AND ${CLEAN} AND NOT EXISTS (SELECT 1 FROM drops d WHERE d.kind = 'duplicate_task' AND d.example_id = e.id)
    GROUP BY e.id ORDER BY max(${SCORE}) DESC, e.dataset, e.file, e.position, e.id`).pluck();
  const taskOfRow = db.prepare<[number], { task: string; environment: string; evaluation: number }>(
    `SELECT task, json_array(payload ->> '$.environment', ${IMAGE}) AS environment, ${EVALUATION} AS evaluation FROM examples e WHERE rowid = ?`,
  );
  const markNear = db.prepare(`
    INSERT INTO drops (kind, example_id, kept_example_id, reason, detail, created_at)
    SELECT 'near_duplicate', e.id, k.id, 'nearly the task of ' || k.id || ' (similarity ' || printf('%.2f', @similarity) || '), which is kept',
      json_object('similarity', round(@similarity, 4)), @now
    FROM examples e, examples k WHERE e.rowid = @dropped AND k.rowid = @kept`);
  const saveCluster = db.prepare(`
    INSERT OR IGNORE INTO near_clusters (task_hash, cluster)
    SELECT e.task_hash, min(e.task_hash) OVER () FROM json_each(?) j JOIN examples e ON e.rowid = j.value`);
  // Annotations of an example that is dropped already neither count nor keep others out; those of one example are no duplicates of each other.
  const markPlans = db.prepare(`
    WITH candidates AS (
      SELECT a.id, a.example_id, a.canonical_hash, e.dataset, e.file, e.position, ${EVALUATION} AS evaluation, ${IMAGE} AS image, ${SCORE} AS score
      FROM annotations a JOIN examples e ON e.id = a.example_id
      WHERE ${WHICH} AND ${CLEAN} AND NOT EXISTS (SELECT 1 FROM drops d WHERE d.kind IN ('duplicate_task', 'near_duplicate') AND d.example_id = a.example_id)
        AND NOT EXISTS (SELECT 1 FROM drops d WHERE d.kind = 'contaminated' AND d.annotation_id = a.id)),
    ranked AS (
      SELECT id, example_id, dataset, file, position, first_value(id) OVER best AS kept, first_value(example_id) OVER best AS kept_example
      FROM candidates
      WINDOW best AS (PARTITION BY canonical_hash, image, evaluation ORDER BY score DESC, dataset, file, position, example_id, id))
    INSERT INTO drops (kind, example_id, annotation_id, kept_example_id, kept_annotation_id, reason, created_at)
    SELECT 'duplicate_plan', example_id, id, kept_example, kept, 'same plan as ' || kept_example || ', which is kept', @now
    FROM ranked WHERE kept_example <> example_id ORDER BY dataset, file, position, id`);

  return {
    /** Removes all marks of duplicates, and the clusters of near ones. Says how many marks there were. */
    clearDuplicates(): number {
      clearClusters.run();
      return clear.run().changes;
    },

    /** How many annotations there are to compare, and of how many examples. `datasets`: here and below, only these; null for all. */
    countCompared: (datasets: readonly string[] | null) => compared.get(which(datasets)) ?? { examples: 0, annotations: 0 },

    /** Of examples with the same task, marks all but the best. Says how many. */
    markDuplicateTasks: (datasets: readonly string[] | null, now: string): number => markTasks.run({ ...which(datasets), now }).changes,

    /** The rows of annotated examples that are no duplicate tasks, best first. */
    undroppedExamples(datasets: readonly string[] | null): Float64Array {
      const rows = new Float64Array(compared.get(which(datasets))?.examples ?? 0);
      let count = 0;
      for (const row of undropped.iterate(which(datasets))) rows[count++] = row;
      return rows.subarray(0, count);
    },

    /** `environment`: with the picture, if any. */
    taskOfRow(row: number): { task: string; environment: string; evaluation: boolean } {
      const found = taskOfRow.get(row);
      if (found === undefined) throw new RangeError(`No example has row ${row}.`);
      return { ...found, evaluation: found.evaluation === 1 };
    },

    /** Leaves an example out, since its task is nearly that of another one, which is kept. */
    markNearDuplicate: (mark: NearMark): void => void markNear.run(mark),

    /** Stores that the tasks of these rows belong together. The cluster is named after the first of their hashes. */
    saveCluster: (rows: readonly number[]): void => void saveCluster.run(JSON.stringify(rows)),

    /** Of annotations with the same canonical plan, marks those of all examples but the best one's. Says how many. */
    markDuplicatePlans: (datasets: readonly string[] | null, now: string): number => markPlans.run({ ...which(datasets), now }).changes,

    /** Streams the marks of duplicates in the order in which they were made. */
    duplicateMarks: (): IterableIterator<DuplicateMark> => marks.iterate(),
  };
}

interface Which {
  datasets: string | null;
}

function which(datasets: readonly string[] | null): Which {
  return { datasets: datasets === null ? null : JSON.stringify(datasets) };
}

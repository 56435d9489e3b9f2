import type { Connection } from "./connection.ts";

/** Best first: the highest level, then the fewest repairs. Ties are broken by source order. */
const SCORE = "a.level_rank * 1000000 - min(a.repairs, 999999)";

/** Statements on the marks of deduplication. */
export function dropStatements(db: Connection) {
  const clear = db.prepare("DELETE FROM drops WHERE kind IN ('duplicate_task', 'duplicate_plan')");
  const compared = db.prepare<[], { examples: number; annotations: number }>(
    "SELECT count(DISTINCT example_id) AS examples, count(*) AS annotations FROM annotations",
  );
  // Only examples with an annotation take part: one without could be kept in place of one that is worth training on.
  const markTasks = db.prepare(`
    WITH scored AS (
      SELECT e.id, e.task_hash, e.dataset, e.file, e.position, max(${SCORE}) AS score
      FROM examples e JOIN annotations a ON a.example_id = e.id GROUP BY e.id),
    ranked AS (
      SELECT id, dataset, file, position,
        first_value(id) OVER (PARTITION BY task_hash ORDER BY score DESC, dataset, file, position, id) AS kept
      FROM scored)
    INSERT INTO drops (kind, example_id, kept_example_id, reason, created_at)
    SELECT 'duplicate_task', id, kept, 'same task as ' || kept || ', which is kept', @now
    FROM ranked WHERE kept <> id ORDER BY dataset, file, position, id`);
  // Annotations of an example that is dropped already neither count nor keep others out; those of one example are no duplicates of each other.
  const markPlans = db.prepare(`
    WITH candidates AS (
      SELECT a.id, a.example_id, a.canonical_hash, e.dataset, e.file, e.position, ${SCORE} AS score
      FROM annotations a JOIN examples e ON e.id = a.example_id
      WHERE NOT EXISTS (SELECT 1 FROM drops d WHERE d.kind = 'duplicate_task' AND d.example_id = a.example_id)),
    ranked AS (
      SELECT id, example_id, dataset, file, position, first_value(id) OVER best AS kept, first_value(example_id) OVER best AS kept_example
      FROM candidates
      WINDOW best AS (PARTITION BY canonical_hash ORDER BY score DESC, dataset, file, position, example_id, id))
    INSERT INTO drops (kind, example_id, annotation_id, kept_example_id, kept_annotation_id, reason, created_at)
    SELECT 'duplicate_plan', example_id, id, kept_example, kept, 'same plan as ' || kept_example || ', which is kept', @now
    FROM ranked WHERE kept_example <> example_id ORDER BY dataset, file, position, id`);

  return {
    /** Removes all marks of duplicate tasks and plans. */
    clearDuplicates: (): void => void clear.run(),

    /** How many annotations there are to compare, and of how many examples. */
    countCompared: () => compared.get() ?? { examples: 0, annotations: 0 },

    /** Of examples with the same task, marks all but the best. Says how many. */
    markDuplicateTasks: (now: string): number => markTasks.run({ now }).changes,

    /** Of annotations with the same canonical plan, marks those of all examples but the best one's. Says how many. */
    markDuplicatePlans: (now: string): number => markPlans.run({ now }).changes,
  };
}

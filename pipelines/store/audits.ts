import type { Connection } from "./connection.ts";

/** An example that is left out of exports, with the one that is kept in its place. */
export interface DroppedExample {
  dataset: string;
  kind: string;
  id: string;
  kept: string;
  reason: string;
  task: string;
  keptTask: string;
}

export interface ContaminationCount {
  dataset: string;
  evaluation: string;
  field: string;
  rule: string;
  examples: number;
}

export interface ContaminatedExample extends Omit<ContaminationCount, "examples"> {
  id: string;
  position: number;
  coverage: number;
  shared: string;
}

/** Statements on what was marked in the store, as a report shows it. */
export function auditStatements(db: Connection) {
  const drops = db.prepare<[], { dataset: string; kind: string; n: number }>(`
    SELECT e.dataset, d.kind, count(DISTINCT d.example_id) AS n FROM drops d JOIN examples e ON e.id = d.example_id GROUP BY 1, 2 ORDER BY 1, 2`);
  const dropped = db.prepare<[number], DroppedExample>(`
    SELECT dataset, kind, id, kept, reason, task, keptTask FROM (
      SELECT e.dataset, d.kind, e.id, k.id AS kept, d.reason, substr(e.task, 1, 600) AS task, substr(k.task, 1, 600) AS keptTask,
        row_number() OVER (PARTITION BY e.dataset, d.kind ORDER BY d.id) AS place
      FROM drops d JOIN examples e ON e.id = d.example_id JOIN examples k ON k.id = d.kept_example_id)
    WHERE place <= ? ORDER BY dataset, kind, place`);
  const clusters = db.prepare<[], { size: number; n: number }>(
    "SELECT size, count(*) AS n FROM (SELECT count(*) AS size FROM near_clusters GROUP BY cluster) GROUP BY size ORDER BY size",
  );
  const contaminations = db.prepare<[], ContaminationCount>(`
    SELECT e.dataset, c.evaluation, c.field, c.rule, count(DISTINCT c.example_id) AS examples
    FROM contaminations c JOIN examples e ON e.id = c.example_id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`);
  const contaminated = db.prepare<[number], ContaminatedExample>(`
    SELECT dataset, evaluation, field, rule, id, position, coverage, shared FROM (
      SELECT e.dataset, c.evaluation, c.field, c.rule, e.id, c.position, c.coverage, substr(c.shared, 1, 400) AS shared,
        row_number() OVER (PARTITION BY e.dataset ORDER BY c.rule = 'exact' DESC, c.coverage DESC, c.id) AS place
      FROM contaminations c JOIN examples e ON e.id = c.example_id)
    WHERE place <= ? ORDER BY dataset, place`);
  const changed = db.prepare<[], { at: string | null }>("SELECT max(updated_at) AS at FROM outcomes");

  return {
    /** Examples that are left out of exports, by dataset and kind. */
    countDropsByDataset: () => drops.all(),

    /** The first `most` of each dataset and kind that something is kept in place of. */
    droppedExamples: (most: number): DroppedExample[] => dropped.all(most),

    /** How many groups of near-duplicate tasks there are, by their size. */
    countClusters: () => clusters.all(),

    /** Examples that overlap with an evaluation set, by dataset, set, field and rule. */
    countContaminations: (): ContaminationCount[] => contaminations.all(),

    /** Of each dataset the `most` that overlap most. */
    contaminatedExamples: (most: number): ContaminatedExample[] => contaminated.all(most),

    /** When the latest outcome was stored (ISO 8601); null of none. */
    lastChange: (): string | null => changed.get()?.at ?? null,
  };
}

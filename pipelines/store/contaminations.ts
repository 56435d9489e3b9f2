import type { PlanJson } from "../../schemas/plan.ts";
import type { Connection } from "./connection.ts";

/** An overlap of a stored example, or of one of its annotations, with a problem of an evaluation set. */
export interface Contamination {
  exampleId: string;
  /** Null where the task or the rationale overlaps: the example as a whole. */
  annotationId: number | null;
  field: "task" | "rationale" | "plan";
  evaluation: string;
  position: number;
  rule: "exact" | "ngram" | "coverage";
  coverage: number;
  shared: string;
}

/** The texts of an annotated example that are compared. */
export interface ComparedExample {
  id: string;
  task: string;
  rationale: string;
  plans: { id: number; plan: PlanJson }[];
}

/** Statements on overlaps with evaluation sets. What they leave out of exports are drops like others. */
export function contaminationStatements(db: Connection) {
  const rows = db.prepare<[string], { id: string; task: string; rationale: string; annotation: number; plan: string }>(`
    SELECT e.id, e.task, e.payload ->> '$.rationale' AS rationale, a.id AS annotation, a.plan FROM
      (SELECT id, task, payload FROM examples WHERE id > ? ORDER BY id LIMIT 500) e
    JOIN annotations a ON a.example_id = e.id ORDER BY e.id, a.id`);
  const nextPage = db.prepare<[string], string>("SELECT id FROM examples WHERE id > ? ORDER BY id LIMIT 1 OFFSET 499").pluck();
  const clear = db.prepare("DELETE FROM contaminations WHERE evaluation = ?");
  const clearDrops = db.prepare("DELETE FROM drops WHERE kind = 'contaminated' AND detail ->> '$.evaluation' = ?");
  const save = db.prepare(`
    INSERT INTO contaminations (example_id, annotation_id, field, evaluation, position, rule, coverage, shared, created_at)
    VALUES (@exampleId, @annotationId, @field, @evaluation, @position, @rule, @coverage, @shared, @now)`);
  const exclude = db.prepare(`
    INSERT INTO drops (kind, example_id, annotation_id, reason, detail, created_at)
    VALUES ('contaminated', @exampleId, @annotationId, @field || ' overlaps with record ' || cast(@position AS INTEGER) || ' of ' || @evaluation || ' (' || @rule || ')',
      json_object('evaluation', @evaluation, 'position', cast(@position AS INTEGER)), @now)`);
  const evaluations = db.prepare<[], string>("SELECT DISTINCT evaluation FROM contaminations ORDER BY evaluation").pluck();
  const lost = db.prepare<[], number>(`
    SELECT count(*) FROM drops d WHERE d.kind IN ('duplicate_task', 'near_duplicate', 'duplicate_plan') AND EXISTS (
      SELECT 1 FROM drops c WHERE c.kind = 'contaminated' AND c.example_id = d.kept_example_id
        AND (c.annotation_id IS NULL OR c.annotation_id = d.kept_annotation_id))`).pluck();
  const ofExample = db.prepare<[string], Contamination>(`
    SELECT example_id AS exampleId, annotation_id AS annotationId, field, evaluation, position, rule, coverage, shared
    FROM contaminations WHERE example_id = ? ORDER BY id`);

  return {
    /** Streams the annotated examples in the order of their ids. The store may be written while this goes on. */
    *comparedExamples(): IterableIterator<ComparedExample> {
      for (let after: string | undefined = ""; after !== undefined; after = nextPage.get(after)) {
        const page = new Map<string, ComparedExample>();
        for (const { id, task, rationale, annotation, plan } of rows.all(after)) {
          const example = page.get(id) ?? { id, task, rationale, plans: [] };
          const parsed: PlanJson = JSON.parse(plan);
          example.plans.push({ id: annotation, plan: parsed });
          page.set(id, example);
        }
        yield* page.values();
      }
    },

    /** Forgets what was found against an evaluation set, and what is left out for it. Says how many overlaps there were. */
    clearContaminations(evaluation: string): number {
      clearDrops.run(evaluation);
      return clear.run(evaluation).changes;
    },

    /** The evaluation sets that overlaps are stored of. */
    contaminatingSets: (): string[] => evaluations.all(),

    /** Marks of duplicates for which something is kept that is left out as contaminated. */
    countDuplicatesOfContaminated: (): number => lost.get() ?? 0,

    saveContamination: (found: Contamination, now: string): void => void save.run({ ...found, now }),

    /** Leaves an example, or the annotation, out of exports as `contaminated`. */
    excludeContaminated({ exampleId, annotationId, field, evaluation, position, rule }: Contamination, now: string): void {
      exclude.run({ exampleId, annotationId, field, evaluation, position, rule, now });
    },

    contaminationsOfExample: (id: string): Contamination[] => ofExample.all(id),
  };
}

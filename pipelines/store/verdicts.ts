import type { Verdict } from "../../schemas/annotation.ts";
import type { Defect, Level } from "../../schemas/defect.ts";
import type { Connection } from "./connection.ts";
import { NO_RECORD } from "./imports.ts";

/** An annotation with what it takes to verify it again; plan, example and verdict as JSON text. */
export interface StoredPlan extends AnnotationKey {
  dataset: string;
  plan: string;
  example: string;
  verdict: string;
  defects: Defect[];
  byConstruction: boolean;
  answerCopied: boolean;
}

/** Which annotation it is, and the level it is stored with. */
export interface AnnotationKey {
  id: number;
  exampleId: string;
  variant: string;
  level: Level | null;
}

/** Rows of ids above `after` and up to `upTo`. */
export interface IdRange {
  after: number;
  upTo: number;
}

/** Plans that came without their source are left as they are: nothing new can be said of them. */
const WITH_RECORD = `e.content_hash <> '${NO_RECORD}'`;

/** Statements on verdicts that are made anew. */
export function verdictStatements(db: Connection) {
  const stored = db.prepare<[], { dataset: string }>("SELECT DISTINCT dataset FROM examples ORDER BY dataset");
  const ranges = db.prepare<[{ size: number; datasets: string }], IdRange>(rangesOf(`
    SELECT a.id FROM annotations a JOIN examples e ON e.id = a.example_id
    WHERE e.dataset IN (SELECT value FROM json_each(@datasets)) AND ${WITH_RECORD}`));
  // CROSS JOIN keeps SQLite to this order: it would begin with all examples of the datasets, for each range anew.
  const inRange = db.prepare<[IdRange & { datasets: string }], PlanRow>(`
    SELECT a.id, a.example_id AS exampleId, a.variant, e.dataset, a.plan, e.payload AS example, a.verdict, a.level, o.defects,
      a.by_construction AS byConstruction, a.answer_copied AS answerCopied
    FROM annotations a CROSS JOIN examples e ON e.id = a.example_id CROSS JOIN outcomes o ON o.example_id = a.example_id AND o.variant = a.variant
    WHERE a.id > @after AND a.id <= @upTo AND e.dataset IN (SELECT value FROM json_each(@datasets)) AND ${WITH_RECORD} ORDER BY a.id`);
  const saveAnnotation = db.prepare("UPDATE annotations SET level = @level, verdict = @verdict WHERE id = @id");
  const saveOutcome = db.prepare("UPDATE outcomes SET state = @state, defects = @defects WHERE variant = @variant AND key = @key");
  const removeDefects = db.prepare("DELETE FROM defects WHERE variant = ? AND key = ? AND repaired = 0");
  const saveDefect = db.prepare("INSERT INTO defects (variant, key, code, repaired) VALUES (?, ?, ?, 0)");

  return {
    /** The datasets of the examples that are stored, in alphabetical order. */
    storedDatasets: (): string[] => stored.all().map(({ dataset }) => dataset),

    /** Ranges that hold `size` annotations each, the last one fewer, in the order they were made. */
    planRanges: (size: number, datasets: readonly string[]): IdRange[] => ranges.all({ size, datasets: JSON.stringify(datasets) }),

    plansIn({ after, upTo }: IdRange, datasets: readonly string[]): StoredPlan[] {
      return inRange.all({ after, upTo, datasets: JSON.stringify(datasets) }).map((row) => {
        const defects: Defect[] = JSON.parse(row.defects);
        return { ...row, defects, byConstruction: row.byConstruction === 1, answerCopied: row.answerCopied === 1 };
      });
    },

    /** Puts a new verdict in the place of the old one; what is no longer well-formed is quarantined, and the other way round. */
    replaceVerdict({ id, exampleId, variant }: AnnotationKey, verdict: Verdict): void {
      saveAnnotation.run({ id, level: verdict.level, verdict: JSON.stringify(verdict) });
      const state = verdict.level === null || verdict.level === "parsed" ? "quarantined" : "annotated";
      saveOutcome.run({ state, defects: JSON.stringify(verdict.defects), variant, key: exampleId });
      removeDefects.run(variant, exampleId);
      for (const code of new Set(verdict.defects.map((each) => each.code))) saveDefect.run(variant, exampleId, code);
    },
  };
}

/** SQL that divides the ids a query selects, in order, into ranges of @size. */
export function rangesOf(ids: string): string {
  return `SELECT lag(id, 1, 0) OVER (ORDER BY id) AS after, id AS upTo FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS total FROM (${ids}))
    WHERE n % @size = 0 OR n = total ORDER BY id`;
}

type PlanRow = Omit<StoredPlan, "defects" | "byConstruction" | "answerCopied"> & { defects: string; byConstruction: number; answerCopied: number };

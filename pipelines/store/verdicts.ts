import type { Verdict } from "../../schemas/annotation.ts";
import type { Defect, Level } from "../../schemas/defect.ts";
import type { Connection } from "./connection.ts";

/** An annotation with what it takes to verify it again; plan, example and verdict as JSON text. */
export interface StoredPlan {
  id: number;
  exampleId: string;
  variant: string;
  dataset: string;
  plan: string;
  example: string;
  verdict: string;
  level: Level | null;
  defects: Defect[];
  byConstruction: boolean;
  answerCopied: boolean;
}

const PAGE = 500;

/** Statements on verdicts that are made anew. */
export function verdictStatements(db: Connection) {
  const count = db.prepare<[{ datasets: string | null }], { n: number }>(`
    SELECT count(*) AS n FROM annotations a JOIN examples e ON e.id = a.example_id
    WHERE @datasets IS NULL OR e.dataset IN (SELECT value FROM json_each(@datasets))`);
  const page = db.prepare<[{ after: number; datasets: string | null }], PlanRow>(`
    SELECT a.id, a.example_id AS exampleId, a.variant, e.dataset, a.plan, e.payload AS example, a.verdict, a.level, o.defects,
      a.by_construction AS byConstruction, a.answer_copied AS answerCopied
    FROM annotations a JOIN examples e ON e.id = a.example_id JOIN outcomes o ON o.example_id = a.example_id AND o.variant = a.variant
    WHERE a.id > @after AND (@datasets IS NULL OR e.dataset IN (SELECT value FROM json_each(@datasets))) ORDER BY a.id LIMIT ${PAGE}`);
  const saveAnnotation = db.prepare("UPDATE annotations SET level = @level, verdict = @verdict WHERE id = @id");
  const saveOutcome = db.prepare("UPDATE outcomes SET state = @state, defects = @defects WHERE variant = @variant AND key = @key");
  const removeDefects = db.prepare("DELETE FROM defects WHERE variant = ? AND key = ? AND repaired = 0");
  const saveDefect = db.prepare("INSERT INTO defects (variant, key, code, repaired) VALUES (?, ?, ?, 0)");

  return {
    /** How many annotations `storedPlans` gives. */
    countStoredPlans: (datasets?: readonly string[]): number => count.get({ datasets: list(datasets) })?.n ?? 0,

    /** Streams annotations in the order they were made. The store may be written while this goes on. */
    *storedPlans(datasets?: readonly string[]): IterableIterator<StoredPlan> {
      for (let after = 0; ; ) {
        const rows = page.all({ after, datasets: list(datasets) });
        for (const row of rows) {
          const defects: Defect[] = JSON.parse(row.defects);
          yield { ...row, defects, byConstruction: row.byConstruction === 1, answerCopied: row.answerCopied === 1 };
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = last.id;
      }
    },

    /** Puts a new verdict in the place of the old one; what is no longer well-formed is quarantined, and the other way round. */
    replaceVerdict({ id, exampleId, variant }: StoredPlan, verdict: Verdict): void {
      saveAnnotation.run({ id, level: verdict.level, verdict: JSON.stringify(verdict) });
      const state = verdict.level === null || verdict.level === "parsed" ? "quarantined" : "annotated";
      saveOutcome.run({ state, defects: JSON.stringify(verdict.defects), variant, key: exampleId });
      removeDefects.run(variant, exampleId);
      for (const code of new Set(verdict.defects.map((each) => each.code))) saveDefect.run(variant, exampleId, code);
    },
  };
}

type PlanRow = Omit<StoredPlan, "defects" | "byConstruction" | "answerCopied"> & { defects: string; byConstruction: number; answerCopied: number };

function list(datasets: readonly string[] | undefined): string | null {
  return datasets === undefined ? null : JSON.stringify(datasets);
}

import type { State, Verdict } from "../../schemas/annotation.ts";
import type { Defect, DefectCode, Level } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import { planToJson } from "../plan/print.ts";
import type { Connection } from "./connection.ts";
import { planHash } from "./hashes.ts";
import type { Attempt } from "./replies.ts";

/** What became of one record under one variant, as it is recorded. */
export interface Outcome {
  variant: string;
  /** The example's id, or `placeKey` of a record that gave no example. */
  key: string;
  exampleId: string | null;
  dataset: string;
  file: string;
  position: number;
  contentHash: string;
  run: string;
  /** ISO 8601. */
  at: string;
  state: State;
  reason: string | null;
  detail: string | null;
  defects: readonly Defect[];
  /** Codes that an earlier attempt had and this outcome has not. */
  repaired: readonly DefectCode[];
  /** The plan, of quarantined ones too where they parsed. */
  annotation: AnnotationRecord | null;
  /** Asks of this run; those recorded earlier stay. */
  attempts?: readonly Attempt[];
}

interface AnnotationRecord {
  plan: Plan;
  verdict: Verdict;
  byConstruction: boolean;
  answerCopied: boolean;
  /** How many repairs it took. */
  repairs: number;
}

/** What a second run needs to know of a record that is done. */
export interface KnownOutcome {
  state: State;
  reason: string | null;
  detail: string | null;
  contentHash: string;
  run: string;
  /** Null where no plan is stored, or the one that is does not even count as parsed. */
  level: Level | null;
  codes: DefectCode[];
  repaired: DefectCode[];
}

/** The key of a record that gave no example: where it stands, and the first 8 hex digits of its content's hash. */
export function placeKey(place: { dataset: string; file: string; position: number }, contentHash: string): string {
  const hex = /[0-9a-f]{8}/.exec(contentHash)?.[0] ?? contentHash.slice(0, 8);
  return `${place.dataset}@${place.file}#${place.position}:${hex}`;
}

/** Statements on outcomes and what belongs to them. */
export function outcomeStatements(db: Connection) {
  const known = db.prepare<[string, string], KnownRow>(`
    SELECT o.state, o.reason, o.detail, o.content_hash AS contentHash, o.run, a.level,
      (SELECT json_group_array(code ORDER BY code) FROM defects d WHERE d.variant = o.variant AND d.key = o.key AND d.repaired = 0) AS codes,
      (SELECT json_group_array(code ORDER BY code) FROM defects d WHERE d.variant = o.variant AND d.key = o.key AND d.repaired = 1) AS repaired
    FROM outcomes o LEFT JOIN annotations a ON a.example_id = o.example_id AND a.variant = o.variant
    WHERE o.variant = ? AND o.key = ?`);
  const removeStaleSkips = db.prepare(`
    DELETE FROM outcomes
    WHERE dataset = @dataset AND file = @file AND position = @position AND variant = @variant AND example_id IS NULL AND key <> @key`);
  const saveOutcome = db.prepare(`
    INSERT INTO outcomes (variant, key, example_id, dataset, file, position, state, reason, detail, content_hash, defects, run, updated_at)
    VALUES (@variant, @key, @exampleId, @dataset, @file, @position, @state, @reason, @detail, @contentHash, @defects, @run, @at)
    ON CONFLICT (variant, key) DO UPDATE SET example_id = excluded.example_id, dataset = excluded.dataset, file = excluded.file,
      position = excluded.position, state = excluded.state, reason = excluded.reason, detail = excluded.detail,
      content_hash = excluded.content_hash, defects = excluded.defects, run = excluded.run, updated_at = excluded.updated_at`);
  const removeAnnotation = db.prepare("DELETE FROM annotations WHERE example_id = ? AND variant = ?");
  const saveAnnotation = db.prepare(`
    INSERT INTO annotations (example_id, variant, plan, level, verdict, canonical_hash, by_construction, answer_copied, repairs, run, created_at)
    VALUES (@exampleId, @variant, @plan, @level, @verdict, @canonicalHash, @byConstruction, @answerCopied, @repairs, @run, @at)
    ON CONFLICT (example_id, variant) DO UPDATE SET plan = excluded.plan, level = excluded.level, verdict = excluded.verdict,
      canonical_hash = excluded.canonical_hash, by_construction = excluded.by_construction, answer_copied = excluded.answer_copied,
      repairs = excluded.repairs, run = excluded.run, created_at = excluded.created_at`);
  const removeDefects = db.prepare("DELETE FROM defects WHERE variant = ? AND key = ?");
  const saveDefect = db.prepare("INSERT INTO defects (variant, key, code, repaired) VALUES (?, ?, ?, ?)");
  const saveAttempt = db.prepare(`
    INSERT OR REPLACE INTO attempts (variant, key, ask, sample, kind, reply, level, defects, outcome)
    VALUES (@variant, @key, @ask, @sample, @kind, @reply, @level, @defects, @outcome)`);

  const recordAttempts = db.transaction((variant: string, key: string, attempts: readonly Attempt[]): void => {
    for (const { ask, sample, kind, reply, level, defects, outcome } of attempts) {
      saveAttempt.run({ variant, key, ask, sample, kind, reply, level, defects: JSON.stringify(defects), outcome });
    }
  });

  const record = db.transaction((outcome: Outcome): void => {
    const { variant, key, exampleId, dataset, file, position, run, at, annotation } = outcome;
    removeStaleSkips.run({ dataset, file, position, variant, key });
    saveOutcome.run({
      variant,
      key,
      exampleId,
      dataset,
      file,
      position,
      state: outcome.state,
      reason: outcome.reason,
      detail: outcome.detail,
      contentHash: outcome.contentHash,
      defects: JSON.stringify(outcome.defects),
      run,
      at,
    });
    if (exampleId !== null && annotation === null) removeAnnotation.run(exampleId, variant);
    if (exampleId !== null && annotation !== null) {
      saveAnnotation.run({
        exampleId,
        variant,
        plan: JSON.stringify(planToJson(annotation.plan)),
        level: annotation.verdict.level,
        verdict: JSON.stringify(annotation.verdict),
        canonicalHash: planHash(annotation.plan),
        byConstruction: Number(annotation.byConstruction),
        answerCopied: Number(annotation.answerCopied),
        repairs: annotation.repairs,
        run,
        at,
      });
    }
    removeDefects.run(variant, key);
    for (const code of new Set(outcome.defects.map((each) => each.code))) saveDefect.run(variant, key, code, 0);
    for (const code of new Set(outcome.repaired)) saveDefect.run(variant, key, code, 1);
    recordAttempts(variant, key, outcome.attempts ?? []);
  });

  return {
    outcomeOf(variant: string, key: string): KnownOutcome | null {
      const row = known.get(variant, key);
      if (row === undefined) return null;
      const codes: DefectCode[] = JSON.parse(row.codes);
      const repaired: DefectCode[] = JSON.parse(row.repaired);
      return { ...row, codes, repaired };
    },

    /**
     * Records what became of a record, its annotation, defects and attempts, all or nothing. The variant, and the example and replies
     * that it names, are stored before. A skip without an example that stood at the same place under the same variant is gone with it.
     */
    recordOutcome(outcome: Outcome): void {
      record(outcome);
    },

    /** Adds asks to an outcome that stays as it is: they were no better. */
    recordAttempts(variant: string, key: string, attempts: readonly Attempt[]): void {
      recordAttempts(variant, key, attempts);
    },
  };
}

type KnownRow = Omit<KnownOutcome, "codes" | "repaired"> & { codes: string; repaired: string };

import { createHash } from "node:crypto";
import type { State, Verdict } from "../../schemas/annotation.ts";
import type { Defect, DefectCode, Level } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { PlanJson } from "../../schemas/plan.ts";
import type { Connection } from "./connection.ts";
import { parseExample } from "./examples.ts";

/** Which outcomes: every list that is given must hold the outcome's value. */
export interface Selection {
  datasets?: readonly string[];
  domains?: readonly string[];
  runs?: readonly string[];
  /** `rules` are the model of rules. */
  models?: readonly string[];
  annotators?: readonly string[];
  variants?: readonly string[];
  states?: readonly State[];
  levels?: readonly Level[];
  /** Has this defect now. */
  defect?: DefectCode;
  reason?: string;
}

/** An outcome with all that is stored of it. */
export interface StoredOutcome {
  variant: string;
  key: string;
  state: State;
  reason: string | null;
  detail: string | null;
  dataset: string;
  file: string;
  position: number;
  run: string;
  /** ISO 8601. */
  at: string;
  annotator: string;
  model: string | null;
  defects: Defect[];
  repaired: DefectCode[];
  example: SourceExample | null;
  annotation: StoredAnnotation | null;
}

export interface StoredAnnotation {
  id: number;
  plan: PlanJson;
  verdict: Verdict;
  level: Level | null;
  byConstruction: boolean;
  answerCopied: boolean;
  repairs: number;
  /** ISO 8601. */
  createdAt: string;
}

/** Where the annotation of an example is left out of exports, and why. `contaminated` ones overlap with an evaluation set, the others are duplicates. */
export interface StoredDrop {
  kind: string;
  /** Null where the example as a whole is dropped. */
  annotationId: number | null;
  /** Null where nothing is kept in its place. */
  keptExampleId: string | null;
  /** A sentence's worth, with the example that is kept or the evaluation problem. */
  reason: string;
}

/** An example's place in the order of the store. */
export interface ExamplePlace {
  dataset: string;
  file: string;
  position: number;
  id: string;
}

export interface ExampleRow extends ExamplePlace {
  domain: string;
  licence: string | null;
}

const PAGE = 200;

const COLUMNS = `o.variant, o.key, o.state, o.reason, o.detail, o.dataset, o.file, o.position, o.run, o.updated_at AS at, v.annotator, v.model, o.defects,
  (SELECT json_group_array(d.code ORDER BY d.code) FROM defects d WHERE d.variant = o.variant AND d.key = o.key AND d.repaired = 1) AS repaired,
  e.payload, a.id, a.plan, a.verdict, a.level, a.by_construction AS byConstruction, a.answer_copied AS answerCopied, a.repairs, a.created_at AS createdAt`;
const WITH_REST = `JOIN variants v ON v.hash = o.variant
  LEFT JOIN examples e ON e.id = o.example_id
  LEFT JOIN annotations a ON a.example_id = o.example_id AND a.variant = o.variant`;
const JOINED = `outcomes o ${WITH_REST}`;
/** Who annotated what. */
const BY = `(@datasets IS NULL OR o.dataset IN (SELECT value FROM json_each(@datasets)))
  AND (@domains IS NULL OR e.domain IN (SELECT value FROM json_each(@domains)))
  AND (@runs IS NULL OR o.run IN (SELECT value FROM json_each(@runs)))
  AND (@models IS NULL OR coalesce(v.model, v.annotator) IN (SELECT value FROM json_each(@models)))
  AND (@annotators IS NULL OR v.annotator IN (SELECT value FROM json_each(@annotators)))
  AND (@variants IS NULL OR o.variant IN (SELECT value FROM json_each(@variants)))`;
/** What came of it. */
const CAME = `(@states IS NULL OR o.state IN (SELECT value FROM json_each(@states)))
  AND (@levels IS NULL OR coalesce(a.level IN (SELECT value FROM json_each(@levels)), 0))
  AND (@defect IS NULL OR EXISTS (SELECT 1 FROM defects d WHERE d.variant = o.variant AND d.key = o.key AND d.code = @defect AND d.repaired = 0))
  AND (@reason IS NULL OR coalesce(o.reason = @reason, 0))`;
const SELECTED = `${BY} AND ${CAME}`;
/** The final result: as it was computed where the claim holds, so that two spellings of one value are one answer. */
export const ANSWER = `lower(trim(coalesce(CASE a.verdict ->> '$.trace[#-1].evidence' WHEN 'computed' THEN a.verdict ->> '$.trace[#-1].computed' END,
  a.verdict ->> '$.trace[#-1].claimed')))`;

/** Statements that read outcomes together with their examples and annotations. */
export function annotationStatements(db: Connection) {
  db.function("sample_rank", { deterministic: true }, (seed: unknown, key: unknown) =>
    createHash("sha256").update(`${String(seed)}\n${String(key)}`).digest("hex"),
  );
  const page = db.prepare<[BoundSelection & After], Row>(`
    SELECT ${COLUMNS} FROM ${JOINED}
    WHERE (o.dataset, o.file, o.position, o.key, o.variant) > (@dataset, @file, @position, @key, @variant) AND ${SELECTED}
    ORDER BY o.dataset, o.file, o.position, o.key, o.variant LIMIT ${PAGE}`);
  const sampled = db.prepare<[BoundSelection & { seed: string; n: number }], Row>(`
    WITH picked AS MATERIALIZED (
      SELECT o.variant, o.key, sample_rank(@seed, o.key) AS rank FROM ${JOINED} WHERE ${SELECTED} ORDER BY rank, o.variant LIMIT @n)
    SELECT ${COLUMNS} FROM picked p JOIN outcomes o ON o.variant = p.variant AND o.key = p.key ${WITH_REST} ORDER BY p.rank, o.variant`);
  const counted = db.prepare<[BoundSelection], { n: number }>(`SELECT count(*) AS n FROM ${JOINED} WHERE ${SELECTED}`);
  const disagreed = db.prepare<[BoundSelection & { seed: string; n: number }], { id: string; total: number }>(`
    WITH compared AS MATERIALIZED (
        SELECT o.example_id AS id, coalesce(a.level, '') AS level, ${ANSWER} AS answer, (${CAME}) AS came
        FROM ${JOINED} WHERE o.example_id IS NOT NULL AND o.state IN ('annotated', 'quarantined') AND ${BY}),
      differing AS (SELECT id FROM compared GROUP BY id HAVING (count(DISTINCT level) > 1 OR count(DISTINCT answer) > 1) AND max(came) = 1)
    SELECT id, count(*) OVER () AS total FROM differing ORDER BY sample_rank(@seed, id) LIMIT @n`);
  const keys = db.prepare<[string, string, number], { key: string }>("SELECT DISTINCT key FROM outcomes WHERE key >= ? AND key < ? AND example_id IS NULL ORDER BY key LIMIT ?");
  const ofKey = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE o.key = ? ORDER BY o.variant`);
  const ofExample = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE o.example_id = ? ORDER BY o.variant`);
  const selectedOfExample = db.prepare<[BoundSelection & { example: string }], Row>(
    `SELECT ${COLUMNS} FROM ${JOINED} WHERE o.example_id = @example AND ${SELECTED} ORDER BY o.variant`,
  );
  const dropsOfExample = db.prepare<[string], StoredDrop>(
    "SELECT kind, annotation_id AS annotationId, kept_example_id AS keptExampleId, reason FROM drops WHERE example_id = ? ORDER BY id",
  );
  const examplePage = db.prepare<[ExamplePlace], ExampleRow>(`
    SELECT dataset, file, position, id, domain, licence FROM examples
    WHERE (dataset, file, position, id) > (@dataset, @file, @position, @id) ORDER BY dataset, file, position, id LIMIT ${PAGE}`);

  return {
    /** Streams outcomes in the order dataset, file, position, key, variant. The store may be written while this goes on. */
    *outcomesFor(selection: Selection = {}): IterableIterator<StoredOutcome> {
      const bound = bindSelection(selection);
      let after: After = { dataset: "", file: "", position: -1, key: "", variant: "" };
      for (;;) {
        const rows = page.all({ ...bound, ...after });
        for (const row of rows) yield toOutcome(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = { dataset: last.dataset, file: last.file, position: last.position, key: last.key, variant: last.variant };
      }
    },

    /** At most `n` outcomes, drawn by the hash of `seed` and key: the same ones for the same store, selection and seed. */
    sample(selection: Selection, n: number, seed: string): StoredOutcome[] {
      return sampled.all({ ...bindSelection(selection), seed, n }).map(toOutcome);
    },

    /** How many outcomes are selected. */
    countSelected: (selection: Selection): number => counted.get(bindSelection(selection))?.n ?? 0,

    /**
     * Examples whose annotations by different variants differ in level or final result: how many there are, and at most `n` of them drawn as `sample` does,
     * each with its outcomes. Datasets, domains, runs, models, annotators and variants say which annotations are compared; of the rest of the selection it is
     * enough that one of them has it.
     */
    disagreements(selection: Selection, n: number, seed: string): { examples: number; outcomes: StoredOutcome[][] } {
      const { states: _states, levels: _levels, defect: _defect, reason: _reason, ...by } = selection;
      const rows = disagreed.all({ ...bindSelection(selection), seed, n });
      const compared = bindSelection({ ...by, states: ["annotated", "quarantined"] });
      return { examples: rows[0]?.total ?? 0, outcomes: rows.map(({ id }) => selectedOfExample.all({ ...compared, example: id }).map(toOutcome)) };
    },

    /** The keys of records without an example that start with `prefix`, in order, at most `limit`. */
    recordsByPrefix: (prefix: string, limit: number): string[] => keys.all(prefix, `${prefix}\u{10ffff}`, limit).map(({ key }) => key),

    /** Every variant's outcome of a key: an example's id, or that of a record without an example. */
    outcomesOfKey: (key: string): StoredOutcome[] => ofKey.all(key).map(toOutcome),

    /** Every variant's outcome of an example, or those of them that are selected. */
    outcomesOfExample(id: string, selection?: Selection): StoredOutcome[] {
      const rows = selection === undefined ? ofExample.all(id) : selectedOfExample.all({ ...bindSelection(selection), example: id });
      return rows.map(toOutcome);
    },

    /** Why an example, or annotations of it, are left out of exports; empty where they are not. */
    dropsOfExample(id: string): StoredDrop[] {
      return dropsOfExample.all(id);
    },

    /** Streams examples in the order dataset, file, position, id, without their payload. */
    *examplesInOrder(): IterableIterator<ExampleRow> {
      let after: ExamplePlace = { dataset: "", file: "", position: -1, id: "" };
      for (;;) {
        const rows = examplePage.all(after);
        yield* rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = { dataset: last.dataset, file: last.file, position: last.position, id: last.id };
      }
    },
  };
}

interface After {
  dataset: string;
  file: string;
  position: number;
  key: string;
  variant: string;
}

type BoundSelection = Record<
  "datasets" | "domains" | "runs" | "models" | "annotators" | "variants" | "states" | "levels" | "defect" | "reason",
  string | null
>;

function bindSelection(selection: Selection): BoundSelection {
  return {
    datasets: list(selection.datasets),
    domains: list(selection.domains),
    runs: list(selection.runs),
    models: list(selection.models),
    annotators: list(selection.annotators),
    variants: list(selection.variants),
    states: list(selection.states),
    levels: list(selection.levels),
    defect: selection.defect ?? null,
    reason: selection.reason ?? null,
  };
}

function list(values: readonly string[] | undefined): string | null {
  return values === undefined ? null : JSON.stringify(values);
}

interface Row extends Omit<StoredOutcome, "defects" | "repaired" | "example" | "annotation"> {
  defects: string;
  repaired: string;
  payload: string | null;
  id: number | null;
  plan: string | null;
  verdict: string | null;
  level: Level | null;
  byConstruction: number | null;
  answerCopied: number | null;
  repairs: number | null;
  createdAt: string | null;
}

function toOutcome(row: Row): StoredOutcome {
  const { variant, key, state, reason, detail, dataset, file, position, run, at, annotator, model } = row;
  const defects: Defect[] = JSON.parse(row.defects);
  const repaired: DefectCode[] = JSON.parse(row.repaired);
  const example = row.payload === null ? null : parseExample(row.payload);
  const about = { variant, key, state, reason, detail, dataset, file, position, run, at, annotator, model };
  return { ...about, defects, repaired, example, annotation: toAnnotation(row) };
}

function toAnnotation(row: Row): StoredAnnotation | null {
  if (row.id === null || row.plan === null || row.verdict === null || row.createdAt === null) return null;
  const plan: PlanJson = JSON.parse(row.plan);
  const verdict: Verdict = JSON.parse(row.verdict);
  return {
    id: row.id,
    plan,
    verdict,
    level: row.level,
    byConstruction: row.byConstruction === 1,
    answerCopied: row.answerCopied === 1,
    repairs: row.repairs ?? 0,
    createdAt: row.createdAt,
  };
}

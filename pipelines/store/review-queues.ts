import type { Statement } from "better-sqlite3";
import { DEFECT_CODES, barredLevels, type DefectCode, type Level } from "../../schemas/defect.ts";
import type { ReviewVerdict } from "../../schemas/review.ts";
import { ANSWER } from "./annotations.ts";
import type { Connection } from "./connection.ts";
import { REVIEW_COLUMNS, type ReviewRow, type StandingReview, toReview } from "./reviews.ts";

/** The orders in which a queue can stand. `worst` and `disagreements` show what is most worth a look first; see docs/review.md. */
export const ORDERS = ["random", "stratified", "worst", "disagreements"] as const;
export type Order = (typeof ORDERS)[number];

/** Which annotations: every list that is given must hold the annotation's value. What people wrote is left out unless `annotators` names `person`. */
export interface ReviewSelection {
  datasets?: readonly string[] | undefined;
  /** Names of models, or `rules`, `llm`, `imported`, `person`. */
  annotators?: readonly string[] | undefined;
  models?: readonly string[] | undefined;
  runs?: readonly string[] | undefined;
  levels?: readonly Level[] | undefined;
  defect?: DefectCode | undefined;
}

export interface QueueRequest {
  selection: ReviewSelection;
  order: Order;
  seed: string;
  /** Null: nobody's queue, in which everything stays whoever decided it. */
  reviewer: string | null;
  /** The share of annotations, from 0 to 1, that two people review; drawn by the hash of seed and id. */
  twice: number;
  /** Only so many, the first of the order; null for all. */
  sample: number | null;
  /** The highest level that each dataset can reach. */
  topLevels: ReadonlyMap<string, Level>;
}

/** An annotation in a queue. `own`: the reviewer's word on it, null where there is none. */
export interface QueuedAnnotation {
  rowId: number;
  second: boolean;
  own: ReviewVerdict | null;
}

/** What a list shows of an annotation. */
export interface QueueRow {
  rowId: number;
  id: string;
  variant: string;
  dataset: string;
  /** At most 300 characters. */
  task: string;
  level: Level | null;
  codes: DefectCode[];
}

/** How many annotations there are to review, and of what kinds; most first. */
export interface ReviewCounts {
  annotations: number;
  datasets: { dataset: string; annotations: number }[];
  annotators: { annotator: string; annotations: number }[];
  levels: { level: Level; annotations: number }[];
  defects: { code: DefectCode; annotations: number }[];
}

/** A kind of annotation: one dataset, annotator (a model by its name) and level, with how many there are. */
export interface Stratum {
  dataset: string;
  annotator: string;
  level: Level | null;
  annotations: number;
}

/** What people decided of one annotation, its present plan, skips aside. */
export interface DecidedAnnotation {
  id: string;
  variant: string;
  dataset: string;
  annotator: string;
  level: Level | null;
  byConstruction: boolean;
  codes: DefectCode[];
  accepted: number;
  /** Rejected or edited. */
  rejected: number;
  /** Whether somebody met it in a `random` or `stratified` queue. */
  drawn: boolean;
}

/** The name under which people know who annotated. */
const BY = "coalesce(v.model, v.annotator)";
/** Materialized names keep SQLite from looking into payloads: the planner begins with the annotations. */
const ANNOTATIONS = "annotations a CROSS JOIN variants v ON v.hash = a.variant CROSS JOIN examples e ON e.id = a.example_id";
const SELECTED = `(@datasets IS NULL OR e.dataset IN (SELECT value FROM json_each(@datasets)))
  AND CASE WHEN @annotators IS NULL THEN v.annotator <> 'person'
    ELSE ${BY} IN (SELECT value FROM json_each(@annotators)) OR v.annotator IN (SELECT value FROM json_each(@annotators)) END
  AND (@models IS NULL OR ${BY} IN (SELECT value FROM json_each(@models)))
  AND (@runs IS NULL OR a.run IN (SELECT value FROM json_each(@runs)))
  AND (@levels IS NULL OR coalesce(a.level, '') IN (SELECT value FROM json_each(@levels)))
  AND (@defect IS NULL OR EXISTS (SELECT 1 FROM defects d WHERE d.variant = a.variant AND d.key = a.example_id AND d.code = @defect AND d.repaired = 0))`;
/** A rank of its own for each annotation, drawn by the hash of seed, id and variant; its last digits draw who is reviewed twice. */
const RANK = "sample_rank(@seed, a.example_id || char(10) || a.variant)";
/** Whether a review, or one of that person on the same plan that was not taken back, was made of an annotation drawn at random. */
const DRAWN = `EXISTS (SELECT 1 FROM reviews o
  WHERE o.example_id = s.example_id AND o.variant = s.variant AND o.reviewer = s.reviewer AND o.plan_hash = s.plan_hash
    AND o.queue IN ('random', 'stratified') AND o.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = o.id))`;

/** As in `annotations.level_rank`. */
const LEVEL_RANK: Record<Level, number> = { parsed: 1, well_formed: 2, aligned: 3, proven: 4 };

/** What each order needs to know of an annotation beside its rank, and how it sorts by that. */
const SORTED: Record<Order, { columns: string; by: string; only?: string }> = {
  random: { columns: "NULL", by: "rank" },
  stratified: { columns: "NULL", by: "turn, dataset, annotator, level_rank" },
  worst: {
    columns: `coalesce((SELECT value FROM json_each(@tops) WHERE key = e.dataset), ${LEVEL_RANK.well_formed}) - a.level_rank`,
    by: "first DESC, barring DESC, repairs DESC, rank",
  },
  disagreements: {
    columns: `EXISTS (SELECT 1 FROM contested c WHERE c.example_id = a.example_id AND c.variant = a.variant)`,
    by: "first DESC, sample_rank(@seed, example_id), example_id, rank",
    only: "(a.example_id IN (SELECT example_id FROM differing) OR (a.example_id, a.variant) IN (SELECT example_id, variant FROM contested))",
  },
};

/** Statements that put annotations in the order in which people review them, and count what they said. All of it is done in SQL: no plan is read. */
export function reviewQueueStatements(db: Connection) {
  // Compiled where one is asked for: every command opens the store, few show a queue.
  const queues = new Map<Order, QueueStatement>();
  const queueOf = (order: Order): QueueStatement => {
    const known = queues.get(order) ?? db.prepare<[BoundQueue], QueueCells>(queueSql(order)).raw();
    queues.set(order, known);
    return known;
  };
  const rows = db.prepare<[string], Omit<QueueRow, "codes"> & { codes: string }>(`
    SELECT a.id AS rowId, a.example_id AS id, a.variant, e.dataset, substr(e.task, 1, 300) AS task, a.level, ${codesOf("a.variant", "a.example_id")} AS codes
    FROM json_each(?) j JOIN annotations a ON a.id = j.value JOIN examples e ON e.id = a.example_id ORDER BY j.key`);
  const strata = db.prepare<[Bound], Stratum>(`
    SELECT e.dataset, ${BY} AS annotator, a.level, count(*) AS annotations FROM ${ANNOTATIONS} WHERE ${SELECTED} GROUP BY 1, 2, 3 ORDER BY 1, 2, a.level_rank DESC`);
  const defects = db.prepare<[Bound], { code: DefectCode; annotations: number }>(`
    SELECT f.code, count(*) AS annotations FROM ${ANNOTATIONS} JOIN defects f ON f.variant = a.variant AND f.key = a.example_id AND f.repaired = 0
    WHERE ${SELECTED} GROUP BY 1 ORDER BY 2 DESC, 1`);
  const decided = db.prepare<[Bound], DecidedRow>(`
    SELECT a.example_id AS id, a.variant, e.dataset, ${BY} AS annotator, a.level, a.by_construction AS byConstruction,
      ${codesOf("a.variant", "a.example_id")} AS codes, sum(s.verdict = 'accept') AS accepted, sum(s.verdict IN ('reject', 'edit')) AS rejected, max(${DRAWN}) AS drawn
    FROM standing_reviews s CROSS JOIN ${ANNOTATIONS}
    WHERE a.example_id = s.example_id AND a.variant = s.variant AND a.canonical_hash = s.plan_hash AND s.verdict <> 'skip' AND ${SELECTED}
    GROUP BY a.id ORDER BY a.id`);
  const reviews = db.prepare<[Bound], ReviewRow>(`
    SELECT ${REVIEW_COLUMNS} FROM standing_reviews r CROSS JOIN ${ANNOTATIONS}
    WHERE a.example_id = r.example_id AND a.variant = r.variant AND ${SELECTED} ORDER BY r.id`);

  return {
    /** The annotations that `reviewer` is to review, in order: those decided by as many others as it takes are not among them, unless the reviewer decided them too. */
    *reviewQueue(request: QueueRequest): IterableIterator<QueuedAnnotation> {
      for (const [rowId, second, own] of queueOf(request.order).iterate(bindQueue(request))) yield { rowId, second: second === 1, own };
    },

    /** What a list shows of annotations, in the order given. */
    queueRows: (rowIds: readonly number[]): QueueRow[] => rows.all(JSON.stringify(rowIds)).map((row) => ({ ...row, codes: parseCodes(row.codes) })),

    /** The kinds of annotations that there are. */
    reviewStrata: (selection: ReviewSelection = {}): Stratum[] => strata.all(bind(selection)),

    countToReview(selection: ReviewSelection = {}): ReviewCounts {
      const all = strata.all(bind(selection));
      return {
        annotations: all.reduce((sum, each) => sum + each.annotations, 0),
        datasets: summed(all, ({ dataset }) => dataset).map(([dataset, annotations]) => ({ dataset, annotations })),
        annotators: summed(all, ({ annotator }) => annotator).map(([annotator, annotations]) => ({ annotator, annotations })),
        levels: summed(all, ({ level }) => level).flatMap(([level, annotations]) => (level === null ? [] : [{ level, annotations }])),
        defects: defects.all(bind(selection)),
      };
    },

    /** Every standing review of annotations, in the order they were made. */
    standingReviews: (selection: ReviewSelection = {}): StandingReview[] => reviews.all(bind(selection)).map(toReview),

    /** Every annotation that somebody decided, with what people said of its present plan. */
    decidedAnnotations: (selection: ReviewSelection = {}): DecidedAnnotation[] =>
      decided.all(bind(selection)).map((row) => ({ ...row, codes: parseCodes(row.codes), byConstruction: row.byConstruction === 1, drawn: row.drawn === 1 })),
  };
}

function queueSql(order: Order): string {
  const { columns, by, only = "1" } = SORTED[order];
  return `
    WITH
      said AS MATERIALIZED (
        SELECT s.example_id, s.variant, max(CASE WHEN s.reviewer = @reviewer THEN s.verdict END) AS own,
          sum(s.reviewer IS NOT @reviewer AND s.verdict <> 'skip') AS others,
          count(DISTINCT CASE WHEN s.verdict <> 'skip' THEN s.verdict = 'accept' END) AS opinions
        FROM standing_reviews s JOIN annotations a ON a.example_id = s.example_id AND a.variant = s.variant AND a.canonical_hash = s.plan_hash
        WHERE NOT @drawn OR ${DRAWN} GROUP BY 1, 2),
      contested AS MATERIALIZED (SELECT example_id, variant FROM said WHERE opinions > 1),
      several AS MATERIALIZED (
        SELECT a.example_id FROM annotations a JOIN variants v ON v.hash = a.variant WHERE v.annotator <> 'person' GROUP BY a.example_id HAVING count(*) > 1),
      differing AS MATERIALIZED (
        SELECT a.example_id FROM several m JOIN annotations a ON a.example_id = m.example_id JOIN variants v ON v.hash = a.variant AND v.annotator <> 'person'
        GROUP BY a.example_id HAVING count(DISTINCT coalesce(a.level, '')) > 1 OR count(DISTINCT ${ANSWER}) > 1),
      found AS MATERIALIZED (
        SELECT a.id, a.example_id, a.variant, e.dataset, ${BY} AS annotator, a.level_rank, a.repairs, ${RANK} AS rank, ${columns} AS first,
          ${order === "worst" ? BARRING : "0"} AS barring
        FROM ${ANNOTATIONS} WHERE ${SELECTED} AND ${only}),
      sampled AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY ${by}) AS place FROM ${order === "stratified" ? TURNS : "found"} ORDER BY place LIMIT @sample)
    SELECT f.id, substr(f.rank, -8) < @second AS second, s.own
    FROM sampled f LEFT JOIN said s ON s.example_id = f.example_id AND s.variant = f.variant
    WHERE @reviewer IS NULL OR s.own IS NOT NULL OR coalesce(s.others, 0) < CASE WHEN substr(f.rank, -8) < @second THEN 2 ELSE 1 END${order === "disagreements" ? " OR s.opinions > 1" : ""}
    ORDER BY f.place`;
}

/** The place of each annotation in its stratum. */
const TURNS = "(SELECT *, row_number() OVER (PARTITION BY dataset, annotator, level_rank ORDER BY rank) AS turn FROM found)";
const BARRING_CODES = JSON.stringify(DEFECT_CODES.filter((code) => barredLevels(code).length > 0));
const BARRING = `(SELECT count(*) FROM defects d WHERE d.variant = a.variant AND d.key = a.example_id AND d.repaired = 0
  AND d.code IN (SELECT value FROM json_each('${BARRING_CODES}')))`;

function codesOf(variant: string, key: string): string {
  return `(SELECT json_group_array(d.code ORDER BY d.code) FROM defects d WHERE d.variant = ${variant} AND d.key = ${key} AND d.repaired = 0)`;
}

function parseCodes(text: string): DefectCode[] {
  const codes: DefectCode[] = JSON.parse(text);
  return codes;
}

type QueueCells = [rowId: number, second: number, own: ReviewVerdict | null];
type QueueStatement = Statement<[BoundQueue], QueueCells>;

type Bound = Record<"datasets" | "annotators" | "models" | "runs" | "levels" | "defect", string | null>;

function bind({ datasets, annotators, models, runs, levels, defect }: ReviewSelection): Bound {
  const list = (values: readonly string[] | undefined): string | null => (values === undefined ? null : JSON.stringify(values));
  return { datasets: list(datasets), annotators: list(annotators), models: list(models), runs: list(runs), levels: list(levels), defect: defect ?? null };
}

interface BoundQueue extends Bound {
  seed: string;
  reviewer: string | null;
  /** Reviews count only where the annotation was drawn. */
  drawn: 0 | 1;
  /** Ranks whose last eight digits are below it are reviewed twice. */
  second: string;
  sample: number;
  tops: string;
}

function bindQueue({ selection, order, seed, reviewer, twice, sample, topLevels }: QueueRequest): BoundQueue {
  return {
    ...bind(selection),
    seed,
    reviewer,
    // What somebody picked says nothing of the others, so that it comes up again when it is drawn.
    drawn: (order === "random" || order === "stratified") && selection.defect === undefined ? 1 : 0,
    // `g` is above every digit.
    second: twice >= 1 ? "g" : Math.floor(twice * 2 ** 32).toString(16).padStart(8, "0"),
    sample: sample ?? -1,
    tops: JSON.stringify(Object.fromEntries([...topLevels].map(([dataset, level]) => [dataset, LEVEL_RANK[level]]))),
  };
}

type DecidedRow = Omit<DecidedAnnotation, "codes" | "byConstruction" | "drawn"> & { codes: string; byConstruction: number; drawn: number };

function summed<K>(strata: readonly Stratum[], key: (stratum: Stratum) => K): [K, number][] {
  const sums = new Map<K, number>();
  for (const each of strata) sums.set(key(each), (sums.get(key(each)) ?? 0) + each.annotations);
  return [...sums].sort(([, a], [, b]) => b - a);
}

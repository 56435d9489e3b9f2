import type { State, Verdict } from "../../schemas/annotation.ts";
import type { DefectCode, Level } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { PlanJson } from "../../schemas/plan.ts";
import type { ExamplePlace, ExampleRow, Selection, StoredAnnotation, StoredDrop } from "./annotations.ts";
import type { Connection } from "./connection.ts";
import { parseExample } from "./examples.ts";
import type { Variant } from "./runs.ts";

/** One example with the outcomes that are selected of it, at least one. */
export interface ExportExample extends ExampleRow {
  /** Examples of the same group have the same or nearly the same task: they belong on one side of a split. */
  group: string;
  example: SourceExample;
  /** By variant. */
  outcomes: ExportOutcome[];
  drops: StoredDrop[];
}

/** An outcome with what an export asks of it. */
export interface ExportOutcome {
  variant: string;
  state: State;
  run: string;
  annotator: Variant["annotator"];
  model: string | null;
  repaired: DefectCode[];
  annotation: ExportAnnotation | null;
}

export interface ExportAnnotation extends Omit<StoredAnnotation, "answerCopied"> {
  /** What people say of its present plan, the majority of them: a tie is a rejection, an edit rejects what it edits. Null where nobody has decided. */
  review: "accepted" | "rejected" | null;
}

/** Which outcomes, as in `Selection`. */
export type ExportSelection = Pick<Selection, "datasets" | "domains" | "runs" | "models" | "annotators">;

const PAGE = 200;

/** In the order of `ExampleCells`. */
const EXAMPLE = "e.id, e.dataset, e.file, e.position, e.domain, e.licence, e.task_hash, e.payload";
const WHICH = `(@datasets IS NULL OR e.dataset IN (SELECT value FROM json_each(@datasets)))
  AND (@domains IS NULL OR e.domain IN (SELECT value FROM json_each(@domains)))`;
const WHOSE = `(@runs IS NULL OR o.run IN (SELECT value FROM json_each(@runs)))
  AND (@variants IS NULL OR o.variant IN (SELECT value FROM json_each(@variants)))`;
/** In the order of `OutcomeCells`. What few stores have is only looked for where there is some of it. */
const OUTCOME = `o.example_id, o.variant, o.state, o.run, a.id, a.plan, a.verdict, a.level, a.by_construction, a.repairs, a.created_at,
  CASE WHEN @hasRepaired THEN (SELECT json_group_array(d.code ORDER BY d.code) FROM defects d WHERE d.variant = o.variant AND d.key = o.key AND d.repaired = 1) END,
  CASE WHEN @hasReviews THEN (SELECT sum(CASE r.verdict WHEN 'accept' THEN 1 ELSE -1 END) FROM standing_reviews r
    WHERE r.example_id = o.example_id AND r.variant = o.variant AND r.plan_hash = a.canonical_hash AND r.verdict <> 'skip') END`;

/** Statements that read whole examples for export, a page of them at a time: an export is mostly reading. */
export function exportStatements(db: Connection) {
  const page = db.prepare<[Bound & ExamplePlace], ExampleCells>(`
    SELECT ${EXAMPLE} FROM examples e WHERE (dataset, file, position, id) > (@dataset, @file, @position, @id) AND ${WHICH}
    ORDER BY dataset, file, position, id LIMIT ${PAGE}`).raw();
  const shuffled = db.prepare<[Bound & { seed: string }], { id: string }>(`SELECT id FROM examples e WHERE ${WHICH} ORDER BY sample_rank(@seed, id), id`);
  const byIds = db.prepare<[string], ExampleCells>(`SELECT ${EXAMPLE} FROM json_each(?) j CROSS JOIN examples e ON e.id = j.value ORDER BY j.key`).raw();
  // CROSS JOIN keeps SQLite to this order. Outcomes are put in theirs here: SQLite would sort them with all their texts.
  const outcomes = db.prepare<[Bound & { ids: string }], OutcomeCells>(`
    SELECT ${OUTCOME} FROM json_each(@ids) j CROSS JOIN outcomes o ON o.example_id = j.value
    LEFT JOIN annotations a ON a.example_id = o.example_id AND a.variant = o.variant WHERE ${WHOSE}`).raw();
  const domains = db.prepare<[Bound], { domain: string }>(`
    SELECT d.domain FROM (SELECT DISTINCT e.domain FROM examples e WHERE ${WHICH}) d
    WHERE EXISTS (SELECT 1 FROM examples e CROSS JOIN outcomes o ON o.example_id = e.id WHERE e.domain = d.domain AND ${WHICH} AND ${WHOSE}) ORDER BY d.domain`);
  const clusters = db.prepare<[string], { hash: string; cluster: string }>(
    "SELECT task_hash AS hash, cluster FROM near_clusters WHERE task_hash IN (SELECT value FROM json_each(?))",
  );
  const drops = db.prepare<[string], StoredDrop & { example: string }>(`
    SELECT example_id AS example, kind, annotation_id AS annotationId, kept_example_id AS keptExampleId, reason
    FROM drops WHERE example_id IN (SELECT value FROM json_each(?)) ORDER BY id`);
  const variants = db.prepare<[], Annotator & { hash: string }>("SELECT hash, annotator, model FROM variants");
  const holds = db.prepare<[], Holds>(`SELECT EXISTS (SELECT 1 FROM defects WHERE repaired = 1) AS hasRepaired, EXISTS (SELECT 1 FROM reviews) AS hasReviews,
    EXISTS (SELECT 1 FROM drops) AS hasDrops, EXISTS (SELECT 1 FROM near_clusters) AS hasClusters`);

  function bind({ datasets, domains: wanted, runs, models, annotators }: ExportSelection): Bound {
    const list = (values: readonly string[] | undefined): string | null => (values === undefined ? null : JSON.stringify(values));
    const isWanted = ({ annotator, model }: Annotator): boolean => models?.includes(model ?? annotator) !== false && annotators?.includes(annotator) !== false;
    const hashes = models === undefined && annotators === undefined ? undefined : variants.all().filter(isWanted).map(({ hash }) => hash);
    const { hasRepaired = 0, hasReviews = 0 } = holds.get() ?? {};
    return { datasets: list(datasets), domains: list(wanted), runs: list(runs), variants: list(hashes), hasRepaired, hasReviews };
  }

  /** Makes the examples of a page whole; those without a selected outcome are left out. */
  function completer(bound: Bound): (cells: readonly ExampleCells[]) => ExportExample[] {
    const by = new Map(variants.all().map(({ hash, ...annotator }): [string, Annotator] => [hash, annotator]));
    const { hasDrops, hasClusters } = holds.get() ?? {};
    return (cells) => {
      const ids = JSON.stringify(cells.map(([id]) => id));
      const found = new Map<string, ExportOutcome[]>();
      for (const each of outcomes.all({ ...bound, ids })) {
        const outcome = outcomeOf(each, by.get(each[1]));
        const others = found.get(each[0]);
        if (others === undefined) found.set(each[0], [outcome]);
        else others.push(outcome);
      }
      const groups = hasClusters === 1 ? new Map(clusters.all(JSON.stringify(cells.map((each) => each[6]))).map(({ hash, cluster }) => [hash, cluster])) : NONE;
      const examples = cells.flatMap(([id, dataset, file, position, domain, licence, task, payload]): ExportExample[] => {
        const own = found.get(id)?.sort((a, b) => (a.variant < b.variant ? -1 : 1));
        const group = groups.get(task) ?? task;
        return own === undefined ? [] : [{ id, dataset, file, position, domain, licence, group, example: parseExample(payload), outcomes: own, drops: [] }];
      });
      if (hasDrops === 1) {
        const dropped = new Map(examples.map(({ id, drops: list }) => [id, list]));
        for (const { example, ...drop } of drops.iterate(ids)) dropped.get(example)?.push(drop);
      }
      return examples;
    };
  }

  return {
    /** Streams examples with their selected outcomes, some hundreds at a time, in the order dataset, file, position, id. */
    *exportPages(selection: ExportSelection): IterableIterator<ExportExample[]> {
      const bound = bind(selection);
      const complete = completer(bound);
      let after: ExamplePlace = { dataset: "", file: "", position: -1, id: "" };
      for (;;) {
        const cells = page.all({ ...bound, ...after });
        const [id, dataset, file, position] = cells.at(-1) ?? [];
        if (id === undefined || dataset === undefined || file === undefined || position === undefined) return;
        yield complete(cells);
        after = { dataset, file, position, id };
      }
    },

    /** The same in an order drawn by the hash of `seed` and id. SQLite sorts it, in a temporary file where it is long. */
    *shuffledExportPages(selection: ExportSelection, seed: string): IterableIterator<ExportExample[]> {
      const bound = bind(selection);
      const complete = completer(bound);
      let ids: string[] = [];
      for (const { id } of shuffled.iterate({ ...bound, seed })) {
        ids.push(id);
        if (ids.length < PAGE) continue;
        yield complete(byIds.all(JSON.stringify(ids)));
        ids = [];
      }
      yield complete(byIds.all(JSON.stringify(ids)));
    },

    /** The domains of examples that have a selected outcome. */
    exportDomains: (selection: ExportSelection): string[] => domains.all(bind(selection)).map(({ domain }) => domain),
  };
}

type Annotator = Pick<Variant, "annotator" | "model">;

/** 1 where the store has some of it. */
type Holds = Record<"hasRepaired" | "hasReviews" | "hasDrops" | "hasClusters", number>;

type Bound = Record<"datasets" | "domains" | "runs" | "variants", string | null> & Pick<Holds, "hasRepaired" | "hasReviews">;

const NONE: ReadonlyMap<string, string> = new Map();

/** A row as a list, which is quicker to make than an object; there may be millions. */
type ExampleCells = readonly [
  id: string, dataset: string, file: string, position: number, domain: string, licence: string | null, taskHash: string, payload: string,
];

type OutcomeCells = readonly [
  ...outcome: [exampleId: string, variant: string, state: State, run: string],
  ...annotation: [id: number | null, plan: string | null, verdict: string | null, level: Level | null],
  ...about: [byConstruction: number | null, repairs: number | null, createdAt: string | null],
  ...rest: [repaired: string | null, votes: number | null],
];

function outcomeOf(cells: OutcomeCells, by: Annotator | undefined): ExportOutcome {
  const [, variant, state, run, , , , , , , , repairedJson] = cells;
  if (by === undefined) throw new RangeError(`An outcome has the variant ${variant}, which is not stored.`);
  const repaired: DefectCode[] = repairedJson === null || repairedJson === "[]" ? [] : JSON.parse(repairedJson);
  return { variant, state, run, annotator: by.annotator, model: by.model, repaired, annotation: annotationOf(cells) };
}

function annotationOf([, , , , id, planJson, verdictJson, level, byConstruction, repairs, createdAt, , votes]: OutcomeCells): ExportAnnotation | null {
  if (id === null || planJson === null || verdictJson === null || createdAt === null) return null;
  const plan: PlanJson = JSON.parse(planJson);
  const verdict: Verdict = JSON.parse(verdictJson);
  const review = votes === null ? null : votes > 0 ? "accepted" : "rejected";
  return { id, plan, verdict, level, byConstruction: byConstruction === 1, repairs: repairs ?? 0, createdAt, review };
}

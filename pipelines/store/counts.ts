import type { State } from "../../schemas/annotation.ts";
import type { DefectCode, Level } from "../../schemas/defect.ts";
import type { Connection } from "./connection.ts";

/** One of them, or any of several. */
type OneOrMore = string | readonly string[];

export interface CountFilter {
  dataset?: OneOrMore;
  run?: OneOrMore;
  variant?: OneOrMore;
  annotator?: OneOrMore;
  /** `rules` are the model of rules. */
  model?: OneOrMore;
}

export interface PerVariant {
  dataset: string;
  variant: string;
  annotator: string;
  model: string | null;
  n: number;
}

export interface TokenCount {
  dataset: string;
  variant: string;
  model: string;
  replies: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  /** What they cost; null where the price of one of them is not known. */
  costUsd: number | null;
}

export interface AskCount {
  dataset: string;
  variant: string;
  ask: number;
  kind: "ask" | "repair";
  level: Level | null;
  n: number;
}

const FILTER = `(@dataset IS NULL OR o.dataset IN (SELECT value FROM json_each(@dataset)))
  AND (@run IS NULL OR o.run IN (SELECT value FROM json_each(@run)))
  AND (@variant IS NULL OR o.variant IN (SELECT value FROM json_each(@variant)))
  AND (@annotator IS NULL OR o.variant IN (SELECT hash FROM variants WHERE annotator IN (SELECT value FROM json_each(@annotator))))
  AND (@model IS NULL OR o.variant IN (SELECT hash FROM variants WHERE coalesce(model, annotator) IN (SELECT value FROM json_each(@model))))`;
const WITH_ANNOTATION = `outcomes o JOIN variants v ON v.hash = o.variant
  JOIN annotations a ON a.example_id = o.example_id AND a.variant = o.variant`;

/** What the store holds, counted in SQL. */
export function countStatements(db: Connection) {
  const states = db.prepare<[Bound], PerVariant & { state: State }>(`
    SELECT o.dataset, o.variant, v.annotator, v.model, o.state, count(*) AS n
    FROM outcomes o JOIN variants v ON v.hash = o.variant WHERE ${FILTER} GROUP BY 1, 2, 5 ORDER BY 1, 2, 5`);
  const levels = db.prepare<[Bound], PerVariant & { level: Level }>(`
    SELECT o.dataset, o.variant, v.annotator, v.model, a.level, count(*) AS n
    FROM ${WITH_ANNOTATION} WHERE a.level IS NOT NULL AND ${FILTER} GROUP BY o.dataset, o.variant, a.level ORDER BY o.dataset, o.variant, a.level_rank`);
  const bestLevels = db.prepare<[Bound], { dataset: string; level: Level; n: number }>(`
    SELECT dataset, level, count(*) AS n FROM (
      SELECT o.dataset, a.level, max(a.level_rank) AS rank
      FROM ${WITH_ANNOTATION} WHERE a.level IS NOT NULL AND ${FILTER} GROUP BY o.example_id)
    GROUP BY dataset, level ORDER BY dataset, rank`);
  const reasons = db.prepare<[Bound], { dataset: string; variant: string; state: State; reason: string; n: number }>(`
    SELECT o.dataset, o.variant, o.state, o.reason, count(*) AS n
    FROM outcomes o WHERE o.reason IS NOT NULL AND ${FILTER} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, n DESC, 4`);
  const defects = db.prepare<[Bound], { dataset: string; variant: string; code: DefectCode; repaired: 0 | 1; n: number }>(`
    SELECT o.dataset, o.variant, d.code, d.repaired, count(*) AS n
    FROM outcomes o JOIN defects d ON d.variant = o.variant AND d.key = o.key
    WHERE ${FILTER} GROUP BY 1, 2, 3, 4 ORDER BY n DESC, 1, 2, 3, 4`);
  const asks = db.prepare<[Bound], AskCount>(`
    SELECT o.dataset, o.variant, t.ask, t.kind, t.level, count(*) AS n
    FROM outcomes o JOIN attempts t ON t.variant = o.variant AND t.key = o.key WHERE t.reply IS NOT NULL AND ${FILTER} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`);
  const tokens = db.prepare<[Bound], TokenCount>(`
    WITH asked AS (
      SELECT DISTINCT o.dataset, o.variant, t.reply
      FROM outcomes o JOIN attempts t ON t.variant = o.variant AND t.key = o.key WHERE t.reply IS NOT NULL AND ${FILTER})
    SELECT asked.dataset, asked.variant, r.model, count(*) AS replies, total(r.prompt_tokens) AS promptTokens,
      total(r.cached_tokens) AS cachedTokens, total(r.completion_tokens) AS completionTokens,
      CASE WHEN count(r.cost_usd) = count(*) THEN total(r.cost_usd) END AS costUsd
    FROM asked JOIN replies r ON r.hash = asked.reply GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);
  const repaired = db.prepare<[Bound], { dataset: string; variant: string; n: number }>(`
    SELECT o.dataset, o.variant, count(DISTINCT o.key) AS n
    FROM outcomes o JOIN defects d ON d.variant = o.variant AND d.key = o.key AND d.repaired = 1 WHERE ${FILTER} GROUP BY 1, 2 ORDER BY 1, 2`);
  const mostly = db.prepare<[string, string, State], { run: string }>(
    "SELECT run FROM outcomes WHERE dataset = ? AND variant = ? AND state = ? GROUP BY run ORDER BY count(*) DESC, run LIMIT 1",
  );
  const examples = db.prepare<[Bound], { dataset: string; n: number }>(`
    SELECT o.dataset, count(DISTINCT o.example_id) AS n FROM outcomes o WHERE o.example_id IS NOT NULL AND ${FILTER} GROUP BY 1 ORDER BY 1`);
  const drops = db.prepare<[], { kind: string; n: number }>("SELECT kind, count(*) AS n FROM drops GROUP BY kind ORDER BY kind");

  return {
    countStates: (filter: CountFilter = {}) => states.all(bind(filter)),

    /** Annotations by level, per variant; those of quarantined records that parsed are among them. */
    countLevels: (filter: CountFilter = {}) => levels.all(bind(filter)),

    /** Examples by the highest level that any variant reached: each example once. */
    countBestLevels: (filter: CountFilter = {}) => bestLevels.all(bind(filter)),

    countReasons: (filter: CountFilter = {}) => reasons.all(bind(filter)),

    /** Records that have a code, or had it and lost it in a repair; commonest first. */
    countDefects: (filter: CountFilter = {}) => defects.all(bind(filter)).map((row) => ({ ...row, repaired: row.repaired === 1 })),

    /** Records that had a code and lost it in a repair. */
    countRepaired: (filter: CountFilter = {}) => repaired.all(bind(filter)),

    /** Replies by the ask that they answered and the level that their plan reached alone. */
    countAsks: (filter: CountFilter = {}) => asks.all(bind(filter)),

    /** Tokens that the recorded replies took, each reply once a dataset and variant. */
    countTokens: (filter: CountFilter = {}) => tokens.all(bind(filter)),

    /** The run that left most of a variant's records in a state; null where there is none. */
    runMostly: (dataset: string, variant: string, state: State): string | null => mostly.get(dataset, variant, state)?.run ?? null,

    /** Examples that have an outcome, by dataset. */
    countExamples: (filter: CountFilter = {}) => examples.all(bind(filter)),

    countDrops: () => drops.all(),
  };
}

type Bound = Record<"dataset" | "run" | "variant" | "annotator" | "model", string | null>;

function bind({ dataset, run, variant, annotator, model }: CountFilter): Bound {
  const list = (values: OneOrMore | undefined): string | null => (values === undefined ? null : JSON.stringify([values].flat()));
  return { dataset: list(dataset), run: list(run), variant: list(variant), annotator: list(annotator), model: list(model) };
}

import type { DefectCode, Level } from "../../schemas/defect.ts";
import type { State } from "../../schemas/annotation.ts";
import type { CountFilter } from "../store/counts.ts";
import type { Store } from "../store/open.ts";

/** What the store holds of one dataset by one variant. */
export interface VariantOverview {
  dataset: string;
  variant: string;
  annotator: string;
  model: string | null;
  states: Record<State, number>;
  levels: Record<Level, number>;
  skipped_reasons: Record<string, number>;
  failed_reasons: Record<string, number>;
  /** Examples that have the code now, commonest first. */
  defects: { code: DefectCode; examples: number }[];
  /** Examples that had the code and lost it in a repair. */
  repaired_codes: { code: DefectCode; examples: number }[];
  /** Examples that had a defect and lost it in a repair. */
  repaired: number;
  replies: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** Null where the price of a reply is not known. */
  cost_usd: number | null;
  /** Annotations at the level `proven` for a dollar; null where nothing was paid or the price is not known. */
  proven_per_dollar: number | null;
}

export interface Overview {
  variants: VariantOverview[];
  drops: Record<string, number>;
}

/** The store in numbers, by dataset and variant, counted in SQL. */
export function overviewOf(store: Store, filter: CountFilter = {}): Overview {
  const variants = new Map<string, VariantOverview>();
  const key = (row: { dataset: string; variant: string }): string => `${row.dataset}\0${row.variant}`;
  for (const row of store.countStates(filter)) {
    const found = variants.get(key(row)) ?? emptyOverview(row);
    found.states[row.state] = row.n;
    variants.set(key(row), found);
  }
  for (const row of store.countLevels(filter)) {
    const found = variants.get(key(row));
    if (found) found.levels[row.level] = row.n;
  }
  for (const row of store.countReasons(filter)) {
    const found = variants.get(key(row));
    if (found && row.state === "skipped") found.skipped_reasons[row.reason] = row.n;
    if (found && row.state === "failed") found.failed_reasons[row.reason] = row.n;
  }
  for (const row of store.countDefects(filter)) {
    const found = variants.get(key(row));
    (row.repaired ? found?.repaired_codes : found?.defects)?.push({ code: row.code, examples: row.n });
  }
  for (const row of store.countRepaired(filter)) {
    const found = variants.get(key(row));
    if (found) found.repaired = row.n;
  }
  for (const row of store.countTokens(filter)) {
    const found = variants.get(key(row));
    if (!found) continue;
    found.replies += row.replies;
    found.prompt_tokens += row.promptTokens;
    found.completion_tokens += row.completionTokens;
    found.cost_usd = found.cost_usd === null || row.costUsd === null ? null : found.cost_usd + row.costUsd;
    found.proven_per_dollar = found.cost_usd ? found.levels.proven / found.cost_usd : null;
  }
  return { variants: [...variants.values()], drops: Object.fromEntries(store.countDrops().map((row) => [row.kind, row.n])) };
}

function emptyOverview(row: { dataset: string; variant: string; annotator: string; model: string | null }): VariantOverview {
  return {
    dataset: row.dataset,
    variant: row.variant,
    annotator: row.annotator,
    model: row.model,
    states: { annotated: 0, quarantined: 0, skipped: 0, failed: 0 },
    levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 0 },
    skipped_reasons: {},
    failed_reasons: {},
    defects: [],
    repaired_codes: [],
    repaired: 0,
    replies: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cost_usd: 0,
    proven_per_dollar: null,
  };
}

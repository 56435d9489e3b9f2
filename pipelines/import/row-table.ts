import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import { contentHash } from "../../converters/shared/ids.ts";
import { foldSpace } from "../../converters/shared/text.ts";
import type { SourcePlace } from "../../schemas/example.ts";
import { planFromJson } from "../plan/parse.ts";
import { foldTask } from "../store/hashes.ts";
import { assemble, type RowsOfExample } from "./assemble.ts";
import type { ChatRow } from "./chat-row.ts";
import type { Imported, Skipped } from "./draft.ts";
import type { Provenance } from "./provenance.ts";

/** A row with where it stands, and whose it is where one of our exports says it. */
export interface PlacedRow {
  row: ChatRow;
  place: SourcePlace;
  /** The source example's id; null for rows whose ids say nothing. */
  id: string | null;
  provenance: Provenance | null;
}

/**
 * The rows of a set of published chat files until those of one example are together. Their ids do not join, so their tasks do, and where a task has several plans its
 * subgoals. They are kept in a temporary database that SQLite puts on disk where it grows, so that memory does not grow with the set.
 */
export class RowTable {
  private readonly db = new Database("");
  private readonly insert;

  constructor() {
    this.db.pragma("journal_mode = OFF");
    this.db.pragma("cache_size = -32000");
    this.db.exec("CREATE TABLE rows (seq INTEGER PRIMARY KEY, example BLOB NOT NULL, row TEXT NOT NULL); BEGIN");
    this.insert = this.db.prepare<[Buffer, string]>("INSERT INTO rows (example, row) VALUES (?, ?)");
  }

  keep(placed: PlacedRow): void {
    this.insert.run(exampleKey(placed), JSON.stringify(placed));
  }

  /** What came together, in the order of the first rows. */
  *examples(): Generator<Imported> {
    this.db.exec("COMMIT; CREATE INDEX rows_by_example ON rows (example, seq)");
    const groups = this.db.prepare<[], { example: Buffer }>("SELECT example, min(seq) AS first FROM rows GROUP BY example ORDER BY first");
    const rows = this.db.prepare<[Buffer], { row: string }>("SELECT row FROM rows WHERE example = ? ORDER BY seq");
    for (const { example } of groups.iterate()) {
      // They were typed when they were kept.
      yield* together(rows.all(example).map(({ row }): PlacedRow => JSON.parse(row)));
    }
  }

  close(): void {
    this.db.close();
  }
}

function exampleKey({ row, id }: PlacedRow): Buffer {
  return createHash("sha256").update(`${id ?? ""}\n${foldTask(row.task)}`).digest().subarray(0, 16);
}

const KINDS = ["plan_iterative", "plan_onetime", "ground_iterative", "ground_onetime"] as const;
type Kind = (typeof KINDS)[number];

/** The plans of one task: rows of one domain with the same subgoals are of one. */
function* together(rows: readonly PlacedRow[]): Generator<Imported> {
  const plans = new Map<string, Map<Kind, PlacedRow>>();
  for (const placed of rows) {
    const subgoals = JSON.stringify([placed.row.domain, ...placed.row.sentences.map(foldSpace)]);
    const plan = plans.get(subgoals) ?? new Map<Kind, PlacedRow>();
    plans.set(subgoals, plan);
    const kind = `${placed.row.module}_${placed.row.formulation}` as const;
    const before = plan.get(kind);
    if (before === undefined) {
      plan.set(kind, placed);
      continue;
    }
    const isSame = hashOf(before) === hashOf(placed);
    const where = `${before.place.file}, line ${before.place.position}`;
    yield isSame
      ? { skipped: skipped(placed, "duplicate_row", `The same as ${where}.`) }
      : { skipped: skipped(placed, "ambiguous_task", `Task and subgoals are those of ${where}, the rest is not: which of the two its other rows belong to can't be told.`) };
  }
  for (const plan of plans.values()) yield* onePlan(plan);
}

function* onePlan(plan: ReadonlyMap<Kind, PlacedRow>): Generator<Imported> {
  const rows: RowsOfExample = {};
  for (const [kind, { row }] of plan) rows[kind] = row;
  const all = [...plan.values()];
  const [first] = all;
  if (first === undefined) return;
  const assembled = assemble(rows);
  if (assembled === null) {
    for (const placed of all) yield { skipped: skipped(placed, "no_ground_row", "No row grounds its subgoals: without actions there is nothing to check.") };
    return;
  }
  const planned = rows.plan_iterative ?? rows.plan_onetime;
  const provenance = all.find((each) => each.provenance !== null)?.provenance ?? null;
  yield {
    draft: {
      task: (planned ?? first.row).task,
      environment: planned?.environment ?? null,
      domain: first.row.domain,
      parsed: planFromJson(assembled.plan, { results: "optional" }),
      isPartial: true,
      lacks: assembled.lacks,
      rationale: "",
      place: first.place,
      id: first.id,
      provenance,
      contentHash: contentHash([first.id, planned ?? null, assembled.plan]),
      records: all.length,
    },
  };
}

function skipped(placed: PlacedRow, reason: string, detail: string): Skipped {
  return { place: placed.place, contentHash: hashOf(placed), reason, detail };
}

/** Ids and places aside. */
function hashOf({ row }: PlacedRow): string {
  return contentHash({ ...row, id: null });
}

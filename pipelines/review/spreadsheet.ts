import Papa from "papaparse";
import { readCsv } from "../../converters/shared/csv.ts";
import { LumosError } from "../../schemas/errors.ts";
import { parsePlan } from "../plan/parse.ts";
import { printPlan } from "../plan/print.ts";
import { AtomicFiles, type UnfinishedFile } from "../shared/atomic-file.ts";
import { planHash } from "../store/hashes.ts";
import type { Store } from "../store/open.ts";
import type { QueueRequest } from "../store/review-queues.ts";
import { type Queue, QUEUES, VERDICTS } from "../../schemas/review.ts";
import type { StandingReview } from "../store/reviews.ts";
import { readCell, safeCell } from "./cells.ts";
import type { Decision, ReviewBook } from "./decide.ts";
import { LONGEST_PLAN } from "./edit.ts";
import { ReviewProblem } from "./problem.ts";
import { type FoundAnnotation, storedAnnotation } from "./view.ts";
import { nameSchema, noteSchema, reasonSchema } from "./words.ts";

/** The columns of the file. `plan` of an edit is the corrected one. `queue`: how the annotation was come by; `random` and `stratified` ones speak for the others. */
export const COLUMNS = ["id", "variant", "dataset", "level", "task", "plan", "answer", "gold", "defects", "reviewer", "verdict", "reason", "note", "queue"] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

export interface Exported {
  file: string;
  rows: number;
  /** Of them with a verdict. */
  reviews: number;
}

/**
 * Writes a queue as CSV, a row for each annotation and review; what nobody reviewed has a row with an empty verdict to fill in. Of the queue of one reviewer it has that
 * person's reviews alone. The file appears when it is complete. Throws LumosError `output.unwritable`.
 */
export function exportReviews(store: Store, request: QueueRequest, path: string): Exported {
  const files = new AtomicFiles();
  const summary: Exported = { file: path, rows: 0, reviews: 0 };
  try {
    const file = files.open(path);
    // Spreadsheets take a file without the mark for one of their own code page.
    file.write(`\ufeff${line(COLUMNS)}`);
    const rowIds = [...store.reviewQueue(request)].map(({ rowId }) => rowId);
    for (let at = 0; at < rowIds.length; at += PAGE) {
      for (const { id, variant } of store.queueRows(rowIds.slice(at, at + PAGE))) writeRows(store, request, storedAnnotation(store, id, variant), file, summary);
    }
  } catch (error) {
    files.abort();
    throw error;
  }
  files.commit();
  return summary;
}

const PAGE = 200;
/** Characters of a cell; spreadsheets take 32,767. A plan is never cut: it is read back. */
const LONGEST_CELL = 30_000;

function writeRows(store: Store, request: QueueRequest, found: FoundAnnotation, file: UnfinishedFile, summary: Exported): void {
  const reviews = store
    .reviewsOf(found.example.id, found.outcome.variant)
    .filter(({ reviewer, isCurrent }) => isCurrent && (request.reviewer === null || reviewer === request.reviewer));
  for (const review of reviews.length === 0 ? [null] : reviews) {
    const row = rowOf(found, review, request);
    file.write(line(COLUMNS.map((name) => row[name])));
  }
  summary.rows += Math.max(1, reviews.length);
  summary.reviews += reviews.length;
}

function rowOf({ example, outcome, annotation, plan }: FoundAnnotation, review: StandingReview | null, request: QueueRequest): Row {
  return {
    id: example.id,
    variant: outcome.variant,
    dataset: example.dataset,
    level: annotation.level ?? "",
    task: example.task.slice(0, LONGEST_CELL),
    plan: review?.editedPlan ?? printPlan(plan),
    answer: (annotation.verdict.trace.at(-1)?.claimed ?? "").slice(0, LONGEST_CELL),
    gold: example.answer.slice(0, LONGEST_CELL),
    defects: outcome.defects.map(({ code, message }) => `${code}: ${message}`).join("\n").slice(0, LONGEST_CELL),
    reviewer: review?.reviewer ?? request.reviewer ?? "",
    verdict: review?.verdict ?? "",
    reason: review?.reason ?? "",
    note: review?.note ?? "",
    queue: review?.queue ?? (request.selection.defect === undefined ? request.order : "defect"),
  };
}

function line(cells: readonly string[]): string {
  return `${Papa.unparse([cells.map(safeCell)])}\r\n`;
}

export interface Imported {
  file: string;
  rows: number;
  /** Reviews that were added; those that stand already; rows without a verdict. */
  added: number;
  known: number;
  open: number;
  /** Rows that were kept out, by the line that each begins on. */
  problems: { line: number; problem: string }[];
}

/** More rows are no sheet that people fill in. */
const MOST_ROWS = 500_000;
const NEEDED = ["id", "variant", "verdict"] as const;

/**
 * Takes the verdicts of such a file in, all that can be read or, where something goes wrong in between, none. The same file twice adds nothing.
 * @param reviewer whose a verdict is where the row names nobody
 * Throws LumosError as `readCsv` does, and `input.no_record` for a file without the columns that are needed.
 */
export async function importReviews(store: Store, book: ReviewBook, path: string, reviewer: string | null): Promise<Imported> {
  const rows: { line: number; cells: ReadonlyMap<string, string> | string }[] = [];
  for await (const record of readCsv(path)) {
    if (rows.length >= MOST_ROWS) throw new LumosError("input.unreadable", `${path} has more than ${MOST_ROWS} rows: import it in parts.`);
    rows.push({ line: record.position, cells: "problem" in record ? record.problem : cellsOf(record.value) });
  }
  const first = rows.find(({ cells }) => typeof cells !== "string")?.cells;
  const missing = typeof first === "object" ? NEEDED.filter((name) => !first.has(name)) : [];
  if (missing.length > 0) {
    throw new LumosError("input.no_record", `${path} has no column ${missing.join(", ")}: expected the columns that lumos review --export writes.`);
  }
  const summary: Imported = { file: path, rows: rows.length, added: 0, known: 0, open: 0, problems: [] };
  store.transaction(() => {
    for (const row of rows) {
      try {
        if (typeof row.cells === "string") throw new ReviewProblem("review.invalid", row.cells);
        const decision = decisionOf(store, row.cells, reviewer);
        if (decision === null) summary.open += 1;
        else summary[book.decide(decision).added ? "added" : "known"] += 1;
      } catch (error) {
        if (!(error instanceof ReviewProblem)) throw error;
        summary.problems.push({ line: row.line, problem: error.message });
      }
    }
  });
  return summary;
}

function cellsOf(value: unknown): Map<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return new Map(entries.map(([name, cell]) => [name.toLowerCase(), readCell(String(cell))]));
}

/** What a row says; null where its verdict is left open. */
function decisionOf(store: Store, cells: ReadonlyMap<string, string>, reviewer: string | null): Decision | null {
  const cell = (name: keyof Row): string => cells.get(name) ?? "";
  const said = cell("verdict").trim().toLowerCase();
  if (said === "") return null;
  const verdict = VERDICTS.find((each) => each === said);
  if (verdict === undefined) throw invalid("verdict", cell("verdict"), `expected ${VERDICTS.join(", ")}, or nothing`);
  const name = nameSchema.safeParse(cell("reviewer").trim() === "" ? (reviewer ?? "") : cell("reviewer"));
  if (!name.success) throw invalid("reviewer", cell("reviewer"), "expected a name of at most 80 characters, or --reviewer NAME");
  const [reason, note] = [reasonSchema.safeParse(cell("reason")), noteSchema.safeParse(cell("note"))];
  if (!reason.success) throw invalid("reason", cell("reason"), "expected one line of at most 200 characters");
  if (!note.success) throw invalid("note", cell("note"), "expected at most 4,000 characters");
  const found = storedAnnotation(store, cell("id").trim(), cell("variant").trim());
  const plan = cell("plan");
  if (plan.length > LONGEST_PLAN) throw invalid("plan", plan, `expected at most ${LONGEST_PLAN} characters`);
  if (verdict !== "edit" && plan.trim() !== "" && hashOf(plan) !== found.planHash) {
    throw new ReviewProblem("review.changed", `${found.example.id} has another plan than the row: it was made anew since, or changed in the file (verdict 'edit' saves a change).`);
  }
  return {
    id: found.example.id,
    variant: found.outcome.variant,
    planHash: null,
    reviewer: name.data,
    queue: queueOf(cell("queue")),
    verdict,
    reason: reason.data,
    note: note.data,
    plan: verdict === "edit" ? plan : null,
  };
}

function queueOf(cell: string): Queue {
  const said = cell.trim().toLowerCase();
  if (said === "") return "chosen";
  const queue = QUEUES.find((each) => each === said);
  if (queue === undefined) throw invalid("queue", cell, `expected ${QUEUES.join(", ")}`);
  return queue;
}

function hashOf(text: string): string | null {
  const { plan } = parsePlan(text, { results: "optional" });
  return plan === null ? null : planHash(plan);
}

function invalid(column: keyof Row, cell: string, expected: string): ReviewProblem {
  return new ReviewProblem("review.invalid", `${column} '${cell.slice(0, 40)}' can't be used: ${expected}.`);
}

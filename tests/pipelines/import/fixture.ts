import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConverter } from "../../../pipelines/converters.ts";
import { type Formulation, FORMULATIONS } from "../../../pipelines/export/kind.ts";
import { lumosChat } from "../../../pipelines/export/lumos-format.ts";
import { type ImportJob, importPlans, type ImportResult } from "../../../pipelines/import/import.ts";
import { guessFormat } from "../../../pipelines/import/read-set.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import type { Store } from "../../../pipelines/store/open.ts";

/** Problems in the shape of GSM8K, by hand. */
export const PROBLEMS = [
  { question: "Mira bakes 12 rolls in May and twice as many in June. How many rolls does she bake in all?", answer: "In June she bakes 12*2=<<12*2=24>>24 rolls.\nIn all she bakes 12+24=<<12+24=36>>36 rolls.\n#### 36" },
  { question: "A shelf holds 5 rows of 8 jars. 6 jars are empty. How many are full?", answer: "The shelf holds 5*8=<<5*8=40>>40 jars.\nOf them 40-6=<<40-6=34>>34 are full.\n#### 34" },
  { question: "Ono walks 3 miles each day for 4 days. How far does he walk?", answer: "He walks 3*4=<<3*4=12>>12 miles.\n#### 12" },
];

/** Sound plans of them. */
export const PLANS = [
  "Subgoal 1: Find how many rolls Mira bakes in June.\nAction 1-1: R1 = Calculator(12 * 2) = 24\n\nSubgoal 2: Find how many she bakes in all.\nAction 2-1: R2 = Calculator(12 + R1) = 36",
  "Subgoal 1: Find how many jars are full; the others are empty.\nAction 1-1: R1 = Calculator(5 * 8) = 40\nAction 1-2: Output = Calculator(R1 - 6) = 34",
  "Subgoal 1: Find how far Ono walks.\nAction 1-1: R1 = Calculator(3 * 4) = 12",
];

export interface Row {
  dataset: string;
  id: string;
  messages: readonly { role: string; content: string }[];
}

export function chatRow(task: string, plan: string, module: "plan" | "ground", formulation: Formulation, id = "maths_0"): Row {
  const parsed = parsePlan(plan).plan;
  if (parsed === null) throw new Error("no plan");
  const chat = lumosChat({ domain: "maths", plan: parsed, example: { task, environment: null, rationale: "", answer: "" } }, { module, formulation });
  if ("excluded" in chat) throw new Error(chat.excluded);
  return { dataset: "maths", id, messages: chat.messages };
}

/** The published files of a set, whose ids do not join: they count the rows of each file, the ground files in another order. */
export function chatFiles(folder: string, pairs: readonly { task: string; plan: string }[]): string[] {
  return (["plan", "ground"] as const).flatMap((module) =>
    FORMULATIONS.map((formulation) => {
      const inOrder = module === "plan" ? pairs : pairs.toReversed();
      return writeLines(join(folder, `lumos_maths_${module}_${formulation}.jsonl`), inOrder.map(({ task, plan }, i) => chatRow(task, plan, module, formulation, `maths_${i}`)));
    }),
  );
}

/** The problems with their plans. */
export const PAIRS = PROBLEMS.map(({ question }, i) => ({ task: question, plan: PLANS[i] ?? "" }));

export function writeLines(file: string, records: readonly unknown[]): string {
  writeFileSync(file, `${records.map((record) => (typeof record === "string" ? record : JSON.stringify(record))).join("\n")}\n`);
  return file;
}

export function sourceFile(folder: string, problems: readonly unknown[] = PROBLEMS): string {
  return writeLines(join(folder, "train.jsonl"), problems);
}

/** An import into an open store. `source`: a GSM8K file, or `stored` for what the store holds of it. */
export async function importInto(store: Store, files: readonly string[], options: { source?: string; stored?: boolean; name?: string; wrong?: string; limit?: number; signal?: AbortSignal } = {}): Promise<ImportResult> {
  const gsm8k = await loadConverter("gsm8k", null);
  const job: ImportJob = {
    files,
    format: await guessFormat(files),
    name: options.name ?? null,
    sources: options.source !== undefined ? [{ converter: gsm8k, files: [options.source] }] : options.stored === true ? [{ converter: gsm8k, files: [] }] : [],
    known: store.storedDatasets().includes("gsm8k") ? [gsm8k] : [],
    datasets: new Set(["gsm8k", "asdiv"]),
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    run: "import-1",
    wrong: options.wrong ?? null,
  };
  const result = await importPlans(store, job, { now: () => new Date(0), signal: options.signal ?? new AbortController().signal, onProgress: () => undefined });
  const { records, imported, merged, skipped, annotated, quarantined, joined, unjoined } = result.summary;
  const all = Object.values(joined).reduce((sum, n) => sum + n, 0);
  if (records !== imported + merged + skipped) throw new Error(`${records} records are not ${imported} + ${merged} + ${skipped}`);
  if (imported !== annotated + quarantined || imported !== all + unjoined) throw new Error(`${imported} plans are not ${annotated} + ${quarantined} or ${all} + ${unjoined}`);
  return result;
}

/** What the store holds of imported plans: `id level codes`. */
export function stored(store: Store, variant?: string): string[] {
  return [...store.outcomesFor({ annotators: ["imported"], ...(variant === undefined ? {} : { variants: [variant] }) })].map(({ key, state, reason, annotation, defects }) =>
    [key.replace(/:[0-9a-f]{8}$/, ""), state === "skipped" ? `skipped ${reason}` : (annotation?.level ?? state), ...defects.map(({ code }) => code)].join(" "),
  );
}

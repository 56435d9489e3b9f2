import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Verdict } from "../../../schemas/annotation.ts";
import { defect, type DefectCode, type Level } from "../../../schemas/defect.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { openStore, type Store } from "../../../pipelines/store/open.ts";
import type { Outcome } from "../../../pipelines/store/outcomes.ts";
import type { Variant } from "../../../pipelines/store/runs.ts";

export const AT = "2025-01-02T03:04:05.000Z";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lumos-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new store, closed after the test. */
export function newStore(folder = temporaryFolder()): Store {
  const store = openStore(join(folder, "lumos.db"), { mode: "create", command: "lumos annotate gsm8k", now: AT });
  onTestFinished(() => store.close());
  return store;
}

export const RULES: Variant = {
  hash: "v1-rules",
  annotator: "rules",
  version: "1",
  model: null,
  parameters: {},
  promptHash: null,
  promptVersion: null,
  prompt: null,
  replyForm: null,
};

export const MODEL: Variant = {
  hash: "v1-model",
  annotator: "llm",
  version: "1",
  model: "small",
  parameters: { temperature: 0 },
  promptHash: "m1:abc",
  promptVersion: "2",
  prompt: "Write a plan.",
  replyForm: "json",
};

export function sourceExample(id: string, about: Partial<SourceExample> = {}): SourceExample {
  const dataset = id.split("/")[0] ?? "gsm8k";
  return {
    id,
    dataset,
    domain: "maths",
    task: `How many apples are in basket ${id}?`,
    rationale: "2 + 3 = 5",
    answer: "5",
    gold_steps: [],
    environment: null,
    place: { file: `${dataset}.jsonl`, position: 1 },
    ...about,
  };
}

/** A plan of one addition. */
export function addition(a: number, b: number, variable = "R1", subgoal = "Add the apples."): Plan {
  return { subgoals: [{ text: subgoal, actions: [{ outputs: [variable], tool: "Calculator", args: [`${a} + ${b}`], result: String(a + b) }] }] };
}

export function verdict(level: Level | null, codes: readonly DefectCode[] = []): Verdict {
  return {
    level,
    defects: codes.map((code) => defect(code, `There is ${code}.`)),
    trace: [],
    evidence: { computed: 1, contradicted: 0, matched: 0, claimed: 0 },
    answer: "computed",
    alignment: [{ subgoal: 1, gold: ["gold#1"] }],
  };
}

export interface Saved {
  variant?: Variant;
  level?: Level | null;
  repairs?: number;
  plan?: Plan;
  codes?: readonly DefectCode[];
  run?: string;
  at?: string;
}

/** An outcome with a plan, as the annotate shell would record it. */
export function annotated(example: SourceExample, about: Saved = {}): Outcome {
  const { variant = RULES, level = "proven", repairs = 0, plan = addition(2, 3), codes = [], run = "run-1", at = AT } = about;
  const judged = verdict(level, codes);
  return {
    variant: variant.hash,
    key: example.id,
    exampleId: example.id,
    dataset: example.dataset,
    file: example.place.file,
    position: example.place.position,
    contentHash: `c1:${example.id}`,
    run,
    at,
    state: level === null || level === "parsed" ? "quarantined" : "annotated",
    reason: null,
    detail: null,
    defects: judged.defects,
    repaired: [],
    annotation: { plan, verdict: judged, byConstruction: false, answerCopied: false, repairs },
  };
}

/** Saves an example with an annotation. */
export function save(store: Store, example: SourceExample, about: Saved = {}): void {
  store.transaction(() => {
    store.saveVariant(about.variant ?? RULES);
    store.saveExample(example, { contentHash: `c1:${example.id}`, licence: "MIT" });
    store.recordOutcome(annotated(example, about));
  });
}

const ROOT = resolve(import.meta.dirname, "../../..");

/** Writes a script for a process of its own, which imports the compiled program as `./pipelines/…`; gone after the test. */
export function scriptFile(name: string, source: string): string {
  if (!existsSync(join(ROOT, "dist"))) throw new Error("dist/ is missing: npm run build first (npm test does).");
  const folder = temporaryFolder();
  for (const part of ["schemas", "converters", "pipelines", "scripts"]) symlinkSync(join(ROOT, "dist", part), join(folder, part), "junction");
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

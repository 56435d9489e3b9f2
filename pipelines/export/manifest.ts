import type { Domain } from "../../schemas/domain.ts";
import type { ExampleRow } from "../store/annotations.ts";
import type { ExportAnnotation, ExportOutcome } from "../store/exports.ts";
import type { Variant } from "../store/runs.ts";
import type { Formulation, Module } from "./kind.ts";

/** A file of an export, as the summary lists it. */
export interface ExportedFile {
  path: string;
  format: string;
  /** Null where a row holds the whole annotation. */
  module: Module | null;
  formulation: Formulation | null;
  /** `unified` where it joins them. */
  domain: Domain | "unified";
  /** `train`, `validation`, … where `--split` is given. */
  split: string | null;
  rows: number;
  /** Null where rows were not measured. */
  tokens: TokenFigures | null;
}

/** How many tokens the rows of a file have. */
export interface TokenFigures {
  p50: number;
  p99: number;
  max: number;
  /** Of all rows together: what an epoch takes. */
  total: number;
}

/** `manifest.json` beside the files. Paths are relative to its folder, with `/`; nothing in it depends on the clock or the machine. */
export interface Manifest {
  program: string;
  version: string;
  /** The options that the files follow from, with their defaults. */
  options: Record<string, unknown>;
  /** What made the annotations. `version`: of the rules or the prompt form; `prompt`: hash of the prompt with its few-shots, null for rules. */
  annotators: { annotator: string; version: string; model: string | null; prompt: string | null; variant: string; annotations: number }[];
  /** Exported annotations, each counted once. */
  annotations: number;
  levels: Record<string, number>;
  licences: Record<string, number>;
  datasets: Record<string, number>;
  /** How many of the exported annotations people decided on: `accepted`, `rejected` (with `--review any`), or `edited`: a person wrote them. */
  reviewed: Record<string, number>;
  /** How many of them overlap with an evaluation set, by set: those that `lumos decontaminate` marked and did not leave out. */
  overlaps: Record<string, number>;
  excluded: Record<string, number>;
  /** What tokens were counted with, null where they were not: the tokenizer's file, or `o200k_base (estimate)`. */
  tokenizer: string | null;
  files: ManifestFile[];
}

export interface ManifestFile extends ExportedFile {
  sha256: string;
  bytes: number;
  /** Of `<path>.provenance.jsonl`. */
  provenance_sha256: string;
  remark: string | null;
}

export const MANIFEST = "manifest.json";

/** What the manifest counts of an annotation that has rows. */
interface Tallied {
  source: ExampleRow;
  annotation: ExportAnnotation;
  outcome: ExportOutcome;
  variant: Variant | null;
}

/** Counts what the manifest says of the annotations that have rows. */
export class ManifestTally {
  private readonly annotators = new Map<string, Manifest["annotators"][number]>();
  private readonly levels = new Map<string, number>();
  private readonly licences = new Map<string, number>();
  private readonly datasets = new Map<string, number>();
  private readonly reviewed = new Map<string, number>();
  private readonly overlaps = new Map<string, number>();
  private annotations = 0;

  /** `overlapping`: the evaluation sets that the annotation, or its example, overlaps with. */
  add({ source, annotation, outcome, variant }: Tallied, overlapping: Iterable<string>): void {
    this.annotations += 1;
    count(this.levels, annotation.level ?? "none");
    count(this.licences, source.licence ?? "unknown");
    count(this.datasets, source.dataset);
    const review = outcome.annotator === "person" ? "edited" : annotation.review;
    if (review !== null) count(this.reviewed, review);
    for (const evaluation of overlapping) count(this.overlaps, evaluation);
    const known = this.annotators.get(outcome.variant);
    if (known !== undefined) known.annotations += 1;
    else {
      const { annotator, model } = outcome;
      const about = { annotator, version: variant?.version ?? "", model, prompt: variant?.promptHash ?? null, variant: outcome.variant };
      this.annotators.set(outcome.variant, { ...about, annotations: 1 });
    }
  }

  result(): Pick<Manifest, "annotators" | "annotations" | "levels" | "licences" | "datasets" | "reviewed" | "overlaps"> {
    return {
      annotators: [...this.annotators.values()].sort((a, b) => (a.variant < b.variant ? -1 : 1)),
      annotations: this.annotations,
      levels: sorted(this.levels),
      licences: sorted(this.licences),
      datasets: sorted(this.datasets),
      reviewed: sorted(this.reviewed),
      overlaps: sorted(this.overlaps),
    };
  }
}

/** Counts as an object, its keys in order. */
export function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

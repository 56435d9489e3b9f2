import { setImmediate } from "node:timers/promises";
import type { Level } from "../../schemas/defect.ts";
import { type Domain, domainSchema } from "../../schemas/domain.ts";
import { LumosError } from "../../schemas/errors.ts";
import { planFromJson } from "../plan/parse.ts";
import type { ExampleRow, Selection } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import type { Variant } from "../store/runs.ts";
import { ExportFiles, type ExportedFile } from "./files.ts";
import { lumosRow, type LumosFormulation, type LumosModule } from "./lumos-format.ts";
import { provenanceLine } from "./provenance.ts";
import { chooseAnnotation, type Preference } from "./selection.ts";

export interface ExportOptions {
  /** Folder of the files; made where it is missing. Files of other domains, modules and formulations in it are left alone. */
  out: string;
  datasets?: readonly string[];
  domains?: readonly Domain[];
  runs?: readonly string[];
  models?: readonly string[];
  /** Default `best`. */
  prefer?: Preference;
  /** Default: `plan` and `ground`. */
  modules?: readonly LumosModule[];
  /** Default: both. */
  formulations?: readonly LumosFormulation[];
  /** Default `top`: what `topLevels` says of the dataset. */
  minLevel?: Level | "top";
  /** The highest level that a dataset can reach; `proven` for one that is not in it. */
  topLevels: ReadonlyMap<string, Level>;
  /** Aborted: the export ends with LumosError `interrupted`, and leaves nothing behind. */
  signal?: AbortSignal;
  /** Told from time to time how many examples were looked at. */
  onProgress?: (examples: number) => void;
}

export interface ExportSummary {
  files: ExportedFile[];
  /**
   * Selected examples that lack rows, by reason, each example once a reason. Without any row: `duplicate_task`, `duplicate_plan`, `below_level`,
   * `quarantined`, `failed`, `skipped`, or a `parse.*` code. Without some: `no_step_result` and what else the format has no row for.
   */
  excluded: Record<string, number>;
}

const MODULES = ["plan", "ground"] as const;
const FORMULATIONS = ["iterative", "onetime"] as const;

/** After so many examples others get their turn (a signal, a progress display). */
const TURN = 200;

/**
 * Writes the training files of the store's annotations in the `lumos` format, one annotation an example, in the order dataset, file, position, id:
 * the same store and options give the same bytes. Nothing is visible before all of it is written; memory does not grow with the store.
 * @throws LumosError `not_found` where nothing is selected, `output.unwritable`, `interrupted`.
 */
export async function exportLumos(store: Store, options: ExportOptions): Promise<ExportSummary> {
  const files = new ExportFiles(options.out, options.modules ?? MODULES, options.formulations ?? FORMULATIONS);
  try {
    const excluded = await store.snapshot(() => writeRows(store, options, files));
    return { files: files.commit(), excluded };
  } catch (error) {
    files.abort();
    throw error;
  }
}

async function writeRows(store: Store, options: ExportOptions, files: ExportFiles): Promise<Record<string, number>> {
  const rowsOf = rowWriter(store, options, files);
  const excluded = new Map<string, number>();
  let selected = 0;
  let seen = 0;
  for (const example of store.examplesInOrder()) {
    seen += 1;
    if (seen % TURN === 0) await takeTurn(options, seen);
    if (!isAmong(options.datasets, example.dataset) || !isAmong(options.domains, example.domain)) continue;
    const reasons = rowsOf(example);
    if (reasons === null) continue;
    selected += 1;
    for (const reason of reasons) excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
  }
  if (selected === 0) throw nothingSelected(store, options);
  return Object.fromEntries([...excluded].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes the rows of one example and gives the reasons for those that it lacks; null where it has no outcome that is selected. */
function rowWriter(store: Store, options: ExportOptions, files: ExportFiles): (example: ExampleRow) => ReadonlySet<string> | null {
  const variants = new Map<string, Variant | null>();
  const variantOf = (hash: string): Variant | null => {
    const known = variants.get(hash);
    if (known !== undefined) return known;
    const found = store.variantOf(hash);
    variants.set(hash, found);
    return found;
  };
  const selection: Selection = {
    ...(options.runs === undefined ? {} : { runs: options.runs }),
    ...(options.models === undefined ? {} : { models: options.models }),
  };
  const { prefer = "best", minLevel = "top" } = options;

  return (source) => {
    const outcomes = store.outcomesOfExample(source.id, selection);
    if (outcomes.length === 0) return null;
    const domain = domainSchema.parse(source.domain);
    files.begin(domain);
    const level = minLevel === "top" ? (options.topLevels.get(source.dataset) ?? "proven") : minLevel;
    const choice = chooseAnnotation(outcomes, store.dropsOfExample(source.id), { minLevel: level, prefer });
    if ("excluded" in choice) return new Set([choice.excluded]);
    const { outcome, annotation } = choice;
    const { plan } = planFromJson(annotation.plan, { results: "optional" });
    if (plan === null || outcome.example === null) return new Set(["parse.no_plan"]);
    const { id, task, environment } = outcome.example;
    const provenance = provenanceLine(source, outcome, annotation, variantOf(outcome.variant));
    const reasons = new Set<string>();
    for (const { module, formulation } of files.kinds) {
      const made = lumosRow({ id, task, domain, environment, plan }, module, formulation);
      if ("excluded" in made) reasons.add(made.excluded);
      else files.write(domain, module, formulation, made.row, provenance);
    }
    return reasons;
  };
}

async function takeTurn({ signal, onProgress, out }: ExportOptions, seen: number): Promise<void> {
  onProgress?.(seen);
  await setImmediate();
  if (signal?.aborted) throw new LumosError("interrupted", `Export stopped: nothing was written to ${out}; run the same command again.`);
}

function isAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.includes(value);
}

function nothingSelected(store: Store, options: ExportOptions): LumosError {
  const flags = (["dataset", "domain", "run", "model"] as const).flatMap((flag) => {
    const values = options[`${flag}s`] ?? [];
    return values.map((value) => `--${flag} ${value}`);
  });
  const datasets = [...new Set(store.countStates().map((row) => row.dataset))];
  const holds = datasets.length === 0 ? "it holds no outcome yet; run lumos annotate first" : `it holds ${datasets.join(", ")}; lumos status shows its runs and models`;
  return new LumosError("not_found", `Nothing in ${store.file} to export${flags.length === 0 ? "" : ` for ${flags.join(" ")}`}: ${holds}.`);
}

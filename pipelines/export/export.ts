import { setImmediate } from "node:timers/promises";
import type { Level } from "../../schemas/defect.ts";
import type { Domain } from "../../schemas/domain.ts";
import { LumosError } from "../../schemas/errors.ts";
import { programVersion } from "../package.ts";
import type { ExportExample, ExportSelection } from "../store/exports.ts";
import type { Store } from "../store/open.ts";
import type { Variant } from "../store/runs.ts";
import { ExportFiles, inOrder } from "./files.ts";
import type { ExportFormat } from "./format.ts";
import { lumosFormat } from "./lumos-format.ts";
import type { Granularity } from "./granularity.ts";
import { type FullItem, itemOf } from "./item.ts";
import { type Formulation, FORMULATIONS, kindsOf, type Module } from "./kind.ts";
import { count, type ExportedFile, type Manifest, ManifestTally, sorted } from "./manifest.ts";
import { type Mix, MixDraw } from "./mix.ts";
import { chooseAnnotation, type Preference, type Range, type ReviewWanted } from "./selection.ts";
import { type SplitShare, splitOf } from "./split.ts";
import type { TokenCounter } from "./tokens.ts";

export interface ExportOptions {
  /** Folder of the files; made where it is missing. Files of other domains, modules and formulations in it are left alone. */
  out: string;
  /** Default: `lumos`. */
  formats?: readonly ExportFormat[];
  datasets?: readonly string[];
  domains?: readonly Domain[];
  runs?: readonly string[];
  models?: readonly string[];
  annotators?: readonly string[];
  /** Default `best`. */
  prefer?: Preference;
  /** What people must say of an annotation. Default `not-rejected`. */
  review?: ReviewWanted;
  /** Default: `plan` and `ground`. */
  modules?: readonly Module[];
  /** Default: both. */
  formulations?: readonly Formulation[];
  /** Default `subgoal`: as annotated. */
  granularity?: Granularity;
  /** Default `top`: what `topLevels` says of the dataset. */
  minLevel?: Level | "top";
  /** The highest level that a dataset can reach; `proven` for one that is not in it. */
  topLevels: ReadonlyMap<string, Level>;
  subgoals?: Range;
  actions?: Range;
  /** Licences whose examples are left out, whatever their case; `CC-BY-NC*` is every licence that begins so, `unknown` where the source has none. */
  excludeLicences?: readonly string[];
  /** Examples of evaluation sets and splits, too. */
  evaluation?: boolean;
  /** Measures the rows of modules, and leaves out those of more than `most` tokens. */
  tokens?: { counter: TokenCounter; most: number | null };
  split?: readonly SplitShare[];
  mix?: Mix;
  /** In an order drawn by `seed`. Default: dataset, file, position, id. */
  shuffle?: boolean;
  /** Of split, mixture and shuffle. Default `0`. */
  seed?: string;
  /** Files that are made of the manifest and appear with the others; names are relative to `out`. */
  beside?: (manifest: Manifest) => readonly { name: string; text: string }[];
  /** Aborted: the export ends with LumosError `interrupted`, and leaves nothing behind. */
  signal?: AbortSignal;
  /** Told from time to time how many examples were looked at. */
  onProgress?: (examples: number) => void;
}

export interface ExportSummary {
  files: ExportedFile[];
  /**
   * Selected examples that lack rows, by reason, each example once a reason. Without any row: `duplicate_task`, `duplicate_plan` and the other kinds of drops,
   * `evaluation_set`, `licence`, `rejected_in_review`, `not_reviewed`, `below_level`, `subgoal_count`, `action_count`, `mix`, `quarantined`, `failed`, `skipped`, or a `parse.*` code. Without some: `no_step_result` and
   * what else a format has no row for, `too_long`.
   */
  excluded: Record<string, number>;
  /** What tokens were counted with; null where they were not. */
  tokenizer: string | null;
  /** What a person should know about these files, a sentence each. */
  remarks: string[];
}

/**
 * Writes training files of the store's annotations, one annotation an example, in the order dataset, file, position, id or shuffled: the same store and
 * options give the same bytes. Nothing is visible before all of it is written. Memory does not grow with the store (by 8 bytes an example with `mix`).
 * @throws LumosError `not_found` where nothing is selected, `output.unwritable`, `interrupted`.
 */
export async function exportAnnotations(store: Store, options: ExportOptions): Promise<{ summary: ExportSummary; manifest: Manifest }> {
  return store.snapshot(async () => {
    const domains = inOrder(store.exportDomains(selectionOf(options)));
    if (domains.length === 0) throw nothingSelected(store, options);
    const { formats = [lumosFormat], modules = ["plan", "ground"], formulations = FORMULATIONS, split = [], tokens = null } = options;
    const files = new ExportFiles({ out: options.out, formats, kinds: kindsOf(modules, formulations), domains, splits: split.map(({ name }) => name), tokens });
    try {
      return await writeFiles(store, options, files);
    } catch (error) {
      files.abort();
      throw error;
    }
  });
}

async function writeFiles(store: Store, options: ExportOptions, files: ExportFiles): Promise<{ summary: ExportSummary; manifest: Manifest }> {
  const { split = [], mix, seed = "0", beside = () => [] } = options;
  const choose = chooser(store, options);
  const mixture = mix === undefined ? null : await drawMixture(store, options, new MixDraw(mix, seed), choose);
  const excluded = new Map<string, number>();
  const tally = new ManifestTally();
  const isSplit = split.length > 0;
  const overlapping = overlapsIn(store);
  for await (const page of pagesOf(store, options)) {
    for (const example of page) {
      const item = choose(example);
      if (typeof item === "string") {
        count(excluded, item);
        continue;
      }
      if (mixture?.picks(example.dataset, example.id) === false) {
        count(excluded, "mix");
        continue;
      }
      const { written, reasons } = files.add(item, isSplit ? splitOf(split, seed, example.group) : null);
      for (const each of reasons) count(excluded, each);
      if (written > 0) tally.add(item, overlapping(item));
    }
  }
  const facts = { program: "lumos-annotations", version: programVersion(), options: effective(options), ...tally.result(), excluded: sorted(excluded) };
  const manifest = files.commit(facts, beside);
  const remarks = [...(mixture?.remarks ?? []), ...files.remarks(manifest)];
  return { summary: { files: files.listed(manifest), excluded: facts.excluded, tokenizer: manifest.tokenizer, remarks }, manifest };
}

/** Gives the evaluation sets that an annotation, or its example, overlaps with. */
function overlapsIn(store: Store): (item: FullItem) => ReadonlySet<string> {
  const none: ReadonlySet<string> = new Set();
  if (store.contaminatingSets().length === 0) return () => none;
  return ({ source, annotation }) => {
    const found = store.contaminationsOfExample(source.id).filter(({ annotationId }) => annotationId === null || annotationId === annotation.id);
    return new Set(found.map(({ evaluation }) => evaluation));
  };
}

/** Gives the item of an example, or the reason why it has none. */
function chooser(store: Store, options: ExportOptions): (example: ExportExample) => FullItem | string {
  const variants = new Map<string, Variant | null>();
  const variantOf = (hash: string): Variant | null => {
    const known = variants.get(hash);
    if (known !== undefined) return known;
    const found = store.variantOf(hash);
    variants.set(hash, found);
    return found;
  };
  const { prefer = "best", review = "not-rejected", minLevel = "top", granularity = "subgoal", excludeLicences = [] } = options;
  const size = { ...(options.subgoals ? { subgoals: options.subgoals } : {}), ...(options.actions ? { actions: options.actions } : {}) };
  const refuses = licenceFilter(excludeLicences);

  return (source) => {
    if (source.example.evaluation === true && options.evaluation !== true) return "evaluation_set";
    if (refuses(source.licence)) return "licence";
    const level = minLevel === "top" ? (options.topLevels.get(source.dataset) ?? "proven") : minLevel;
    const choice = chooseAnnotation(source.outcomes, source.drops, { minLevel: level, prefer, review, ...size });
    if ("excluded" in choice) return choice.excluded;
    return itemOf(source, choice, { variant: variantOf(choice.outcome.variant), granularity, past: store }) ?? "parse.no_plan";
  };
}

function licenceFilter(licences: readonly string[]): (licence: string | null) => boolean {
  const wanted = licences.map((licence) => licence.toLowerCase());
  if (wanted.length === 0) return () => false;
  return (licence) => {
    const name = (licence ?? "unknown").toLowerCase();
    return wanted.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
  };
}

/** A first pass over the store: which examples there are to draw from. */
async function drawMixture(store: Store, options: ExportOptions, mixture: MixDraw, choose: (example: ExportExample) => FullItem | string) {
  for await (const page of pagesOf(store, { ...options, shuffle: false })) {
    for (const example of page) if (typeof choose(example) !== "string") mixture.offer(example.dataset, example.id);
  }
  const { picks, sizes } = mixture.draw();
  const remarks = sizes
    .filter(({ wanted, taken }) => taken < wanted)
    .map(({ dataset, wanted, offered }) => `The mixture wants ${number(wanted)} examples of ${dataset} and the store has ${number(offered)} that are fit: all of them are taken.`);
  const empty = sizes.find(({ offered }) => offered === 0) ?? sizes.find(({ taken }) => taken === 0);
  if (empty !== undefined) {
    const { dataset, offered } = empty;
    const why = offered === 0 ? "the store has no example of it that is fit; lumos status shows what it holds" : `its weight comes to less than half of one example, of ${number(offered)} that are fit; give it more`;
    throw new LumosError("not_found", `The mixture takes nothing of ${dataset}: ${why}.`);
  }
  return { picks, remarks };
}

/** Examples in the order of the export, a page at a time. Others get their turn now and then (a signal, a progress display). */
async function* pagesOf(store: Store, options: ExportOptions): AsyncGenerator<ExportExample[]> {
  const { shuffle = false, seed = "0", signal, onProgress, out } = options;
  let seen = 0;
  const selection = selectionOf(options);
  for (const page of shuffle ? store.shuffledExportPages(selection, seed) : store.exportPages(selection)) {
    yield page;
    seen += page.length;
    onProgress?.(seen);
    await setImmediate();
    if (signal?.aborted) throw new LumosError("interrupted", `Export stopped: nothing was written to ${out}; run the same command again.`);
  }
}

function number(n: number): string {
  return n.toLocaleString("en");
}

function selectionOf({ datasets, domains, runs, models, annotators }: ExportOptions): ExportSelection {
  return {
    ...(datasets === undefined ? {} : { datasets }),
    ...(domains === undefined ? {} : { domains }),
    ...(runs === undefined ? {} : { runs }),
    ...(models === undefined ? {} : { models }),
    ...(annotators === undefined ? {} : { annotators }),
  };
}

/** What the files follow from, as the manifest has it: no paths, no clock. */
function effective(options: ExportOptions): Record<string, unknown> {
  const { formats = [lumosFormat], modules = ["plan", "ground"], formulations = FORMULATIONS, prefer = "best", review = "not-rejected", granularity = "subgoal", minLevel = "top" } = options;
  const { subgoals = null, actions = null, excludeLicences = [], tokens, split = [], mix, shuffle = false, seed = "0" } = options;
  return {
    ...selectionOf(options),
    formats: formats.map(({ name }) => name),
    modules,
    formulations,
    prefer,
    review,
    granularity,
    min_level: minLevel,
    subgoals,
    actions,
    exclude_licences: excludeLicences,
    evaluation: options.evaluation ?? false,
    max_tokens: tokens?.most ?? null,
    split: split.map(({ name, share }) => `${name}=${share}`),
    mix: mix === undefined ? null : { by: mix.by, parts: Object.fromEntries(mix.parts) },
    shuffle,
    seed,
  };
}

function nothingSelected(store: Store, options: ExportOptions): LumosError {
  const flags = (["dataset", "domain", "run", "model", "annotator"] as const).flatMap((flag) => {
    const values = options[`${flag}s`] ?? [];
    return values.map((value) => `--${flag} ${value}`);
  });
  const datasets = [...new Set(store.countStates().map((row) => row.dataset))];
  const holds = datasets.length === 0 ? "it holds no outcome yet; run lumos annotate first" : `it holds ${datasets.join(", ")}; lumos status shows its runs and models`;
  return new LumosError("not_found", `Nothing in ${store.file} to export${flags.length === 0 ? "" : ` for ${flags.join(" ")}`}: ${holds}.`);
}

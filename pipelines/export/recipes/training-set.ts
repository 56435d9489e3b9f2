import { kindName } from "../kind.ts";
import type { Manifest, ManifestFile, TokenFigures } from "../manifest.ts";

/** A file that stands beside the rows. */
export interface RecipeFile {
  name: string;
  text: string;
}

/** What one model is trained on: the files of one format, module and formulation. */
export interface TrainingSet {
  /** As file names have it: `lumos_plan_iterative`. */
  name: string;
  format: string;
  train: readonly ManifestFile[];
  /** Empty where the export has no split for it. */
  validation: readonly ManifestFile[];
  /** How long rows may get before a trainer cuts them or leaves them out. */
  length: number;
  /** What is known of the length of rows, in a sentence. */
  measured: string;
}

/** How parts of a split are called that a trainer evaluates on while it trains. Others (`test`) it must not see. */
const VALIDATION: ReadonlySet<string> = new Set(["validation", "valid", "val", "dev", "eval"]);

/** Where rows were not measured; the published training code cuts at 1,024. */
const UNMEASURED_LENGTH = 4096;

/**
 * The training sets of an export, one a module and formulation: in the first of `formats` that has it, since all hold the same chats. The files of all
 * domains, or the one that joins them.
 */
export function trainingSets({ files, tokenizer }: Manifest, formats: readonly string[]): TrainingSet[] {
  const sets = new Map<string, { format: string; files: ManifestFile[] }>();
  for (const format of formats) {
    for (const file of files) {
      if (file.module === null || file.format !== format) continue;
      const name = kindName({ module: file.module, formulation: file.formulation });
      const set = sets.get(name) ?? { format, files: [] };
      if (set.format === format) set.files.push(file);
      sets.set(name, set);
    }
  }
  return [...sets].flatMap(([kind, { format, files: all }]) => {
    const name = `${format}_${kind}`;
    const joined = all.filter(({ domain }) => domain === "unified");
    const chosen = joined.length > 0 ? joined : all;
    const validation = chosen.filter(({ split }) => split !== null && VALIDATION.has(split.toLowerCase()));
    const named = chosen.filter(({ split }) => split === null || split.toLowerCase() === "train");
    const first = chosen.find((file) => !validation.includes(file))?.split;
    const train = named.length > 0 ? named : chosen.filter(({ split }) => split === first && first !== undefined);
    if (train.length === 0) return [];
    const longest = Math.max(...[...train, ...validation].map(({ tokens }) => tokens?.max ?? 0));
    return [{ name, format, train, validation, length: lengthFor(longest), measured: measuredBy(train.flatMap(({ tokens }) => tokens ?? []), longest, tokenizer) }];
  });
}

/** The name of a file without its extension. */
export function stem(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

/** Room for the longest row and for what a chat template adds, in steps of 256. */
function lengthFor(longest: number): number {
  return longest === 0 ? UNMEASURED_LENGTH : Math.ceil((longest * 1.15 + 64) / 256) * 256;
}

function measuredBy(figures: readonly TokenFigures[], longest: number, tokenizer: string | null): string {
  if (longest === 0 || tokenizer === null) return "Rows were not measured: export with --tokenizer to know which are longer than this.";
  const most = Math.max(...figures.map(({ p99 }) => p99));
  return `The longest row has ${longest} tokens by ${tokenizer}, 99 of 100 have at most ${most}: with a tokenizer like that no row is longer.`;
}

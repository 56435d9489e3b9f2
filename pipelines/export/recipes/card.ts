import { stringify } from "yaml";
import { LEVELS } from "../../../schemas/defect.ts";
import type { Manifest, ManifestFile } from "../manifest.ts";
import { codeBlock, inCode, inText, linkTo, tableOf } from "./markdown.ts";
import { type RecipeFile, stem } from "./training-set.ts";

/** What the card says of a source beside its counts. */
interface CardSource {
  dataset: string;
  title: string;
  licence: { name: string; url: string; inherits: string };
}

export interface CardAbout {
  /** The command that made the export, as a person would type it; null where there was none (the library). */
  command: string | null;
  sources: readonly CardSource[];
}

/**
 * The dataset card of an export: front matter as the Hugging Face hub reads it (huggingface.co/docs/hub/datasets-cards) and what a reader should know. It
 * follows from the manifest alone, so that the same export has the same card. Names from the store are data, never markup.
 */
export function datasetCard(manifest: Manifest, { command, sources }: CardAbout): RecipeFile {
  const sections = [about(manifest), files(manifest), levels(manifest), origins(manifest, sources), makers(manifest), leftOut(manifest), rebuilding(manifest, command)];
  return { name: "README.md", text: `---\n${stringify(frontMatter(manifest), { lineWidth: 0 })}---\n\n# Plan and ground annotations\n\n${sections.join("\n\n")}\n` };
}

function frontMatter(manifest: Manifest): object {
  const domains = new Set(manifest.files.map(({ domain }) => domain));
  const licences = [...new Set(Object.keys(manifest.licences).map((name) => (HUB_LICENCES.has(name.toLowerCase()) ? name.toLowerCase() : "other")))].sort();
  return {
    license: licences.length === 1 ? licences[0] : licences,
    language: ["en"],
    task_categories: ["text-generation", ...(domains.has("complex_qa") ? ["question-answering"] : []), ...(domains.has("multimodal") ? ["visual-question-answering"] : [])],
    annotations_creators: ["machine-generated"],
    size_categories: [sizeCategory(Math.max(0, ...manifest.files.map(({ rows }) => rows)))],
    tags: ["agents", "planning", "tool-use", "lumos"],
    configs: configs(manifest.files),
  };
}

/** A configuration for each file, its splits together. The hub takes no hyphen in a split's name. */
function configs(all: readonly ManifestFile[]): object[] {
  const splits = new Map<string, { split: string; path: string }[]>();
  for (const { path, split } of all) {
    const name = split === null ? stem(path) : stem(path).slice(0, -split.length - 1);
    splits.set(name, [...(splits.get(name) ?? []), { split: (split ?? "train").replaceAll("-", "_"), path }]);
  }
  return [...splits].map(([config_name, data_files]) => ({ config_name, data_files }));
}

/** Of those that sources have, the ones that the hub knows by name (huggingface.co/docs/hub/repositories-licenses). */
const HUB_LICENCES: ReadonlySet<string> = new Set(
  ["mit", "apache-2.0", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "odc-by", "odbl", "pddl", "gpl-3.0", "afl-3.0"].concat(
    ["", "nc-", "nd-", "nc-nd-", "nc-sa-", "sa-"].flatMap((terms) => ["3.0", "4.0"].map((version) => `cc-by-${terms}${version}`)),
  ),
);

function sizeCategory(rows: number): string {
  if (rows < 1_000) return "n<1K";
  const [least = "1M", most = "10M"] = rows < 10_000 ? ["1K", "10K"] : rows < 100_000 ? ["10K", "100K"] : rows < 1_000_000 ? ["100K", "1M"] : [];
  return `${least}<n<${most}`;
}

function about({ program, version, annotations }: Manifest): string {
  return `${number(annotations)} annotations in the style of [Agent Lumos](https://arxiv.org/abs/2311.05657): each task as high-level subgoals, each subgoal grounded in actions with tools, made from
the rationales of the datasets below by ${program} ${version}. Beside each file stands \`<file>.provenance.jsonl\`, a line a row: source record, gold steps, annotator, level and evidence.`;
}

function files({ files: all, tokenizer }: Manifest): string {
  const measured = tokenizer === null ? [] : ["tokens: half of the rows, 99 of 100, longest", "all rows"];
  const rows = all.map(({ path, rows: n, tokens }) => {
    const lengths = tokens === null ? ["", ""] : [`${number(tokens.p50)}, ${number(tokens.p99)}, ${number(tokens.max)}`, number(tokens.total)];
    return [inCode(path), number(n), ...(tokenizer === null ? [] : lengths)];
  });
  const by = tokenizer === null ? "" : `\n\nTokens as ${inText(tokenizer)} counts them. Trainers cut longer rows than they are told to take, mostly without a word.`;
  return `## Files\n\n${tableOf(["file", "rows", ...measured], rows)}${by}`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  proven: "every result the answer rests on is computed or matched, and the answer follows and equals gold",
  aligned: "nothing is contradicted, its steps serve the source's, its result equals gold; some results are only claimed",
  well_formed: "schema, tools and dataflow hold; its values may be wrong",
  parsed: "it is a plan; its actions may not be well-formed",
};

function levels({ levels: found }: Manifest): string {
  const rows = [...LEVELS].reverse().flatMap((level) => (found[level] === undefined ? [] : [[level, number(found[level]), MEANINGS[level] ?? ""]]));
  return `## Evidence\n\n${tableOf(["level", "annotations", "means"], rows)}\n\nAnnotations by \`rules\` copy the source's steps: their agreement with it is by construction.`;
}

function origins({ datasets, licences }: Manifest, sources: readonly CardSource[]): string {
  const known = new Map(sources.map((source) => [source.dataset, source]));
  const rows = Object.entries(datasets).map(([dataset, n]) => {
    const { title = "", licence } = known.get(dataset) ?? {};
    return [inCode(dataset), inText(title), number(n), licence === undefined ? "not known" : linkTo(licence.name, licence.url), inText(licence?.inherits ?? "")];
  });
  const total = Object.entries(licences).map(([name, n]) => `${inText(name)} ${number(n)}`);
  return `## Sources and licences\n\nAnnotations inherit what their source's licence asks; the strictest applies to the whole. By licence: ${total.join(", ")}.\n\n${tableOf(["dataset", "", "annotations", "licence", "what annotations inherit"], rows)}`;
}

function makers({ annotators }: Manifest): string {
  const rows = annotators.map(({ annotator, version, model, prompt, variant, annotations }) => [inText(annotator), inText(version), inText(model ?? ""), inCode(prompt ?? ""), inCode(variant.slice(0, 16)), number(annotations)]);
  return `## Annotators\n\n${tableOf(["annotator", "version", "model", "prompt", "variant", "annotations"], rows)}`;
}

function leftOut({ excluded, overlaps, reviewed }: Manifest): string {
  const reasons = Object.entries(excluded);
  const reasonTable = reasons.length === 0 ? "Nothing." : tableOf(["reason", "examples"], reasons.map(([reason, n]) => [inCode(reason), number(n)]));
  return `## Left out\n\n${reasonTable}\n\n${decontamination(reasons, Object.entries(overlaps))}\n\n${reviews(Object.entries(reviewed))}`;
}

function decontamination(reasons: readonly [string, number][], kept: readonly [string, number][]): string {
  const left = (beginning: RegExp): number => reasons.reduce((sum, [reason, n]) => sum + (beginning.test(reason) ? n : 0), 0);
  const [overlapping, evaluation] = [left(/^(?:contaminat|overlap)/), left(/^evaluation/)];
  const told = [
    ...(overlapping === 0 ? [] : [`${number(overlapping)} examples were left out that overlap with an evaluation set.`]),
    ...(evaluation === 0 ? [] : [`${number(evaluation)} examples were left out that are of an evaluation set themselves.`]),
    ...kept.map(([name, n]) => `${number(n)} annotations overlap with ${inText(name)} and are in the files all the same.`),
  ];
  const none = "no example was left out for an overlap with an evaluation set. Where `lumos decontaminate` was not run on the store, nothing was looked for.";
  return `Decontamination: ${told.length === 0 ? none : told.join(" ")}`;
}

const SAID: ReadonlyMap<string, string> = new Map([
  ["accepted", "were accepted by the majority of their reviewers"],
  ["edited", "were written by a person in place of one that was wrong"],
  ["rejected", "were rejected and are in the files all the same"],
]);

function reviews(reviewed: readonly [string, number][]): string {
  return `Review by people: ${reviewed.length === 0 ? "nobody decided on any of these annotations." : `${reviewed.map(([what, n]) => `${number(n)} ${SAID.get(what) ?? inText(what)}`).join("; ")}.`}`;
}

function rebuilding({ program, version, options }: Manifest, command: string | null): string {
  return `## Rebuild\n\nWith ${program} ${version}, the same store and these options, the same bytes come out; \`manifest.json\` has the SHA-256 of every file.\n\n${
    command === null ? "" : `${codeBlock("sh", command)}\n\n`
  }${codeBlock("json", JSON.stringify(options, null, 2))}`;
}

function number(n: number): string {
  return n.toLocaleString("en");
}

import { type Html, html } from "../html.ts";
import type { Audit } from "../schema.ts";
import { count, percent } from "../summary.ts";
import { foreign, paragraph, section, table } from "./parts.ts";
import { plural } from "./words.ts";

/** Duplicates and overlaps with evaluation sets, as they are marked in the store. */
export function duplicatesSection({ datasets, near_clusters }: Audit): Html {
  const about = paragraph("What exports leave out because something else stands in its place, and what overlaps with evaluation sets. Both are as they were last marked: ", html`<code>lumos dedupe</code> and <code>lumos decontaminate</code> mark them.`);
  const kinds = [...new Set(datasets.flatMap(({ drops }) => Object.keys(drops)))].sort();
  const drops = kinds.length === 0 ? paragraph("No duplicate is marked.") : table("Examples that exports leave out, by reason", [
    { title: "Source", cell: ({ dataset }: (typeof datasets)[number]) => dataset },
    { title: "Examples", figures: true, cell: ({ examples }) => count(examples) },
    ...kinds.map((kind) => ({ title: kind.replaceAll("_", " "), figures: true, cell: ({ drops: own }: (typeof datasets)[number]) => count(own[kind] ?? 0) })),
  ], datasets);
  const clusters = near_clusters.length > 0 && paragraph(`Near-duplicate tasks form ${plural(near_clusters.reduce((sum, [, n]) => sum + n, 0), "cluster")} in the whole store (${near_clusters.slice(0, 8).map(([size, n]) => `${count(n)} of ${size} tasks`).join(", ")}): a split keeps each on one side.`);
  const examples = datasets.flatMap(({ duplicates }) => duplicates).map(({ id, kept, kind, reason, task, kept_task }) => html`<details class="trace"><summary><span class="badge skipped">${kind.replaceAll("_", " ")}</span> <code>${id}</code> <span class="why">${reason}</span></summary>
<div class="sides"><div class="side"><p class="head">Left out</p>${foreign(task)}</div><div class="side"><p class="head">Kept: <code>${kept}</code></p>${foreign(kept_task)}</div></div></details>\n`);
  return section("duplicates", "Duplicates and contamination", about, html`<h3>Duplicates</h3>`, drops, clusters, examples, html`<h3>Evaluation sets</h3>`, ...contamination(datasets));
}

function contamination(datasets: Audit["datasets"]): Html[] {
  const found = datasets.flatMap(({ dataset, contamination: own }) => own.map((each) => ({ dataset, ...each })));
  const ownSplits = datasets.filter(({ evaluation }) => evaluation > 0);
  const splits = ownSplits.length === 0 ? [] : [paragraph(`Of the sources' own evaluation splits: ${ownSplits.map(({ dataset, evaluation }) => `${count(evaluation)} examples of ${dataset}`).join(", ")}. Exports leave them out.`)];
  if (found.length === 0) return [...splits, paragraph("No overlap with an evaluation set is recorded. That is so, too, where none was ever compared.")];
  const places = datasets.flatMap(({ contaminated }) => contaminated);
  return [
    ...splits,
    table("Examples that overlap with an evaluation set", [
      { title: "Source", cell: ({ dataset }: (typeof found)[number]) => dataset },
      { title: "Evaluation set", cell: ({ evaluation }) => evaluation },
      { title: "Where", cell: ({ field }) => field },
      { title: "How it was found", cell: ({ rule }) => RULES[rule] ?? rule },
      { title: "Examples", figures: true, cell: ({ examples }) => count(examples) },
    ], found),
    html`<details><summary>Those that overlap most, ${count(places.length)} of them</summary>${table("Examples that overlap most with an evaluation set", [
      { title: "Example", cell: ({ id }: (typeof places)[number]) => html`<code>${id}</code>` },
      { title: "Evaluation set, record", cell: ({ evaluation, position }) => `${evaluation}, ${count(position)}` },
      { title: "Where", cell: ({ field }) => field },
      { title: "Coverage", figures: true, cell: ({ coverage }) => percent(coverage) },
      { title: "In common", cell: ({ shared }) => foreign(shared) },
    ], places)}</details>\n`,
  ];
}

const RULES: Readonly<Record<string, string>> = { exact: "the same text", ngram: "a long run of words", coverage: "many short runs of words" };

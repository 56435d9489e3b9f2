import { type Content, type Html, html } from "../html.ts";
import type { Comparison } from "../schema.ts";
import { count } from "../summary.ts";
import { badge, paragraph, section, table } from "./parts.ts";
import type { Traces } from "./traces.ts";
import { OUTCOME_WORDS } from "./words.ts";

type Compared = Comparison["datasets"][number];

/** What got better or worse, example by example. */
export function comparisonSection(comparison: Comparison, traces: Traces): Html {
  const { before, after, datasets, changes, shown } = comparison;
  const about = paragraph(html`Before: <strong>${before}</strong>. After: <strong>${after}</strong>. The same examples on both sides; where one side has several annotations of an example its best counts. Better and worse go by the highest level reached.`);
  const tests = (measure: "top" | "proven", caption: string): Html => table(caption, [
    { title: "Source", cell: ({ dataset }: Compared) => dataset },
    { title: "Examples", figures: true, cell: ({ pairs }) => count(pairs) },
    { title: "Before", figures: true, cell: ({ [measure]: m }) => count(m.both + m.only_before) },
    { title: "After", figures: true, cell: ({ [measure]: m }) => count(m.both + m.only_after) },
    { title: "Only before", figures: true, cell: ({ [measure]: m }) => count(m.only_before) },
    { title: "Only after", figures: true, cell: ({ [measure]: m }) => count(m.only_after) },
    { title: "Difference", figures: true, cell: ({ [measure]: m }) => (m.difference === null ? "–" : points(m.difference)) },
    { title: "95 % interval", figures: true, cell: ({ [measure]: m }) => (m.interval === null ? "–" : `${points(m.interval[0])} to ${points(m.interval[1])}`) },
    { title: "p", figures: true, cell: ({ [measure]: m }) => probability(m.p_value) },
    { title: "p (Holm)", figures: true, cell: ({ [measure]: m }) => probability(m.p_holm) },
  ], datasets);
  const left = datasets.filter(({ only_before, only_after, failed }) => only_before + only_after + failed > 0).map(({ dataset, only_before, only_after, failed }) => `${dataset}: ${count(only_before)} only before, ${count(only_after)} only after, ${count(failed)} failed on a side`);
  const list = changes.slice(0, LISTED);
  return section("comparison", "Compared", about,
    table("What got better and worse", [
      { title: "Source", cell: ({ dataset }: Compared) => dataset },
      { title: "Examples", figures: true, cell: ({ pairs }) => count(pairs) },
      { title: "Better", figures: true, cell: ({ better }) => count(better) },
      { title: "Worse", figures: true, cell: ({ worse }) => count(worse) },
      { title: "As before", figures: true, cell: ({ pairs, better, worse }) => count(pairs - better - worse) },
    ], datasets),
    left.length > 0 && paragraph(`Not compared: ${left.join("; ")}.`),
    tests("top", "At the top level of their source"),
    tests("proven", "Proven"),
    paragraph("p is McNemar's exact test, two-sided, on the examples on which the two differ: how often chance alone would split them at least as unevenly. Holm corrects it for the number of sources. Differences are in percentage points, with Newcombe's paired interval."),
    datasets.map(movesOf),
    datasets.map(defectsOf),
    html`<h3>Examples, worse first</h3>`,
    changes.length === 0 ? paragraph("No example reached another level.") : shown.map(({ change, why, before: was, after: is }) => traces.pair(was, is, html`<strong>${change}</strong>: ${why}`, "→")),
    list.length > 0 && html`<details><summary>The list of ${count(list.length)}${changes.length > list.length && ` of ${count(changes.length)} (audit.json has all)`}</summary>${table("Examples that got worse or better", [
      { title: "Example", cell: ({ id }: (typeof list)[number]) => html`<code>${id}</code>` },
      { title: "Before", cell: (each) => badge(each.before) },
      { title: "After", cell: (each) => badge(each.after) },
      { title: "Why", wide: true, cell: ({ why }) => why },
    ], list)}</details>\n`);
}

const LISTED = 300;

function movesOf({ dataset, moves }: Compared): Content {
  const names = (of: (move: (typeof moves)[number]) => (typeof moves)[number]["before"]) => [...new Set(moves.map(of))];
  const [rows, columns] = [names(({ before }) => before), names(({ after }) => after)];
  return moves.length > 0 && table(`${dataset}: what examples were (rows) and became (columns)`, [
    { title: "Before", cell: (row: (typeof rows)[number]) => OUTCOME_WORDS[row] },
    ...columns.map((column) => ({ title: `→ ${OUTCOME_WORDS[column]}`, figures: true, cell: (row: (typeof rows)[number]) => count(moves.find(({ before, after }) => before === row && after === column)?.examples ?? 0) })),
  ], rows);
}

function defectsOf({ dataset, defects }: Compared): Content {
  return defects.length > 0 && table(`${dataset}: examples with a defect on one side alone`, [
    { title: "Code", cell: ({ code }: (typeof defects)[number]) => html`<code>${code}</code>` },
    { title: "Gone", figures: true, cell: ({ only_before }) => count(only_before) },
    { title: "New", figures: true, cell: ({ only_after }) => count(only_after) },
    { title: "On both sides", figures: true, cell: ({ both }) => count(both) },
  ], defects);
}

/** A share as percentage points with its sign. */
export function points(share: number): string {
  const value = (100 * share).toFixed(1);
  return share > 0 ? `+${value}` : value.replace("-", "−");
}

export function probability(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}


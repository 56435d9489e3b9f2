import { type Content, type Html, html, svgMarkup } from "../html.ts";
import { type Histogram, OUTCOMES, type OutcomeName } from "../schema.ts";
import { count, percent } from "../summary.ts";
import { cut } from "../trace.ts";
import { type Column, table } from "./parts.ts";
import { OUTCOME_WORDS } from "./words.ts";

/** A row of bars that stand for the parts of a whole. */
export interface Stack {
  label: string;
  outcomes: Readonly<Partial<Record<string, number>>>;
}

/** One annotator's histogram, with how many it is of. */
interface Series {
  name: string;
  histogram: Histogram;
}

/** Draws figures: SVG that takes its colours from the page, with a title, a description and its data as a table. */
export interface Figures {
  /** Parts of each row, as shares of the row. */
  stacks(title: string, caption: string, rowTitle: string, rows: readonly Stack[]): Html;
  /** How many of a series have each value, as shares of the series, a panel each. `step`: how many values each bar is of (default 1); null where quantiles say nothing. */
  columns(title: string, caption: string, unit: string, series: readonly Series[], options?: { step: number | null }): Html;
  /** Named shares of each series. */
  bars(title: string, caption: string, rowTitle: string, series: readonly { name: string; shares: readonly { label: string; k: number; n: number }[] }[]): Html;
}

/** Loads the plotting library (some 0.3 s). */
export async function loadFigures(): Promise<Figures> {
  const [{ parseHTML }, Plot] = await Promise.all([import("linkedom"), import("@observablehq/plot")]);
  const { document } = parseHTML("<html><body></body></html>");
  let made = 0;

  function figure(title: string, caption: Content, description: string, plot: () => { outerHTML: string }, data: Html): Html {
    made += 1;
    const id = `figure-${made}`;
    const head = html`<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>`.text;
    // The library's own style sheet is for a white page.
    const svg = plot().outerHTML.replace(/<style>[^]*?<\/style>/, "").replace(/ aria-label="[^"]*"| aria-hidden="true"/g, "").replace(/^<svg([^>]*)>/, (_, attributes: string) => `<svg${attributes} role="img" aria-labelledby="${id}-title ${id}-desc">${head}`);
    return html`<figure>${svgMarkup(svg)}<figcaption><strong>${title}.</strong> ${caption}<details class="data"><summary>The figure as a table</summary>${data}</details></figcaption></figure>\n`;
  }

  function labelled(labels: readonly string[]): { marginLeft: number; width: number } {
    const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
    return { marginLeft: Math.min(MOST_LABEL, longest) * 6.2 + 14, width: WIDTH };
  }

  const base = { document, style: { fontSize: "11px" } };

  return {
    stacks(title, caption, rowTitle, rows) {
      const names = OUTCOMES.filter((name) => rows.some(({ outcomes }) => (outcomes[name] ?? 0) > 0));
      const totals = rows.map(({ outcomes }) => names.reduce((sum, name) => sum + (outcomes[name] ?? 0), 0));
      const labels = rows.map(({ label }, at) => unique(shortLabel(label), at, rows));
      const data = rows.flatMap(({ outcomes }, at) => names.map((name) => ({ row: labels[at] ?? "", name, share: totals[at] === 0 ? 0 : (100 * (outcomes[name] ?? 0)) / (totals[at] ?? 1) })));
      const plot = () => Plot.plot({
        ...base, ...labelled(labels), height: 48 + 22 * rows.length, marginTop: 4, marginBottom: 40,
        x: { label: "share (%)", domain: [0, 100], ticks: 5, labelOffset: 36 }, y: { label: null, domain: labels },
        marks: [Plot.barX(data.filter(({ share }) => share > 0), { x: "share", y: "row", fill: ({ name }: { name: OutcomeName }) => `var(--${name})`, order: (each: { name: OutcomeName }) => OUTCOMES.indexOf(each.name), insetTop: 1, insetBottom: 1 })],
      });
      const columns: Column<number>[] = [
        { title: rowTitle, cell: (at) => rows[at]?.label },
        ...names.map((name) => ({ title: OUTCOME_WORDS[name], figures: true, cell: (at: number) => count(rows[at]?.outcomes[name] ?? 0) })),
      ];
      const legend = html`<span class="legend">${names.map((name) => html`<span><i class="${name}" aria-hidden="true"></i>${OUTCOME_WORDS[name]}</span>`)}</span>`;
      const described = rows.map(({ label, outcomes }, at) => `${label}: ${names.map((name) => `${OUTCOME_WORDS[name]} ${percentOf(outcomes[name] ?? 0, totals[at] ?? 0)}`).join(", ")}`).slice(0, MOST_DESCRIBED).join("; ");
      return html`<div class="figure">${legend}${figure(title, caption, `${described}.`, plot, table(title, columns, rows.map((_, at) => at)))}</div>`;
    },

    columns(title, caption, unit, all, { step: binned } = { step: 1 }) {
      const series = all.slice(0, MOST_SERIES);
      const totals = series.map(({ histogram }) => total(histogram));
      const names = series.map(({ name }, at) => unique(shortLabel(name), at, series));
      const data = series.flatMap(({ histogram }, at) => histogram.map(([value, n]) => ({ series: names[at] ?? "", value, share: (100 * n) / (totals[at] || 1) })));
      // Values that nothing has keep their place, or the bars on either side would look like neighbours.
      const values = range(data.map(({ value }) => value), binned ?? 10);
      const step = values.length > 12 ? Math.ceil(values.length / 10) : 1;
      const plot = () => Plot.plot({
        ...base, width: WIDTH, height: 64 + 96 * series.length, marginLeft: 34, marginTop: 24, marginBottom: 40,
        x: { type: "band", label: `${unit} →`, labelAnchor: "right", labelOffset: 36, domain: values, ticks: values.filter((_, at) => at % step === 0) }, y: { label: "share (%)", grid: true, ticks: 4 },
        ...(series.length > 1 ? { fy: { domain: names, axis: null, padding: 0.3 } } : {}),
        marks: [
          Plot.barY(data, { x: "value", y: "share", ...(series.length > 1 ? { fy: "series" } : {}), fill: "var(--bar)" }),
          Plot.ruleY([0]),
          ...(series.length > 1 ? [Plot.text(names, { fy: (name: string) => name, text: (name: string) => name, frameAnchor: "top-right", dy: -15, fontWeight: 600 })] : []),
        ],
      });
      const columns: Column<number>[] = [
        { title: unit, cell: (value) => count(value) },
        ...series.map(({ name, histogram }) => ({ title: name, figures: true, cell: (value: number) => count(histogram.find(([each]) => each === value)?.[1] ?? 0) })),
      ];
      const said = binned === null ? [] : series.map(({ name, histogram }) => `${name}: ${figuresOf(histogram, binned)}.`);
      const described = binned === null ? series.map(({ name, histogram }) => `${name}: ${histogram.filter(([, n]) => n > 0).map(([value, n]) => `${value}: ${percentOf(n, total(histogram))}`).join(", ")}.`) : said;
      return html`<div class="figure">${figure(title, html`${caption} ${said.join(" ")} ${left(all.length - series.length)}`, described.join(" "), plot, table(title, columns, values))}</div>`;
    },

    bars(title, caption, rowTitle, all) {
      const series = all.slice(0, MOST_SERIES);
      const labels = [...new Set(series.flatMap(({ shares }) => shares.map(({ label }) => label)))];
      const names = series.map(({ name }, at) => unique(shortLabel(name), at, series));
      const data = series.flatMap(({ shares }, at) => shares.map(({ label, k, n }) => ({ series: names[at] ?? "", label: shortLabel(label), share: n === 0 ? 0 : (100 * k) / n })));
      const plot = () => Plot.plot({
        ...base, ...labelled(labels), height: 44 + series.length * (24 + 18 * labels.length), marginTop: series.length > 1 ? 22 : 4, marginBottom: 40,
        x: { label: "share (%)", domain: [0, 100], ticks: 5, labelOffset: 36 }, y: { label: null, domain: labels.map(shortLabel) },
        ...(series.length > 1 ? { fy: { domain: names, axis: null, padding: 0.25 } } : {}),
        marks: [
          Plot.barX(data, { x: "share", y: "label", ...(series.length > 1 ? { fy: "series" } : {}), fill: "var(--bar)", insetTop: 1, insetBottom: 1 }),
          ...(series.length > 1 ? [Plot.text(names, { fy: (name: string) => name, text: (name: string) => name, frameAnchor: "top-right", dy: -15, fontWeight: 600 })] : []),
        ],
      });
      const columns: Column<string>[] = [
        { title: rowTitle, cell: (label) => label },
        ...series.map(({ name, shares }) => ({ title: name, figures: true, cell: (label: string) => {
          const found = shares.find((each) => each.label === label);
          return found === undefined ? "0" : `${count(found.k)} of ${count(found.n)}`;
        } })),
      ];
      const described = series.map(({ name, shares }) => `${name}: ${shares.slice(0, MOST_DESCRIBED).map(({ label, k, n }) => `${label} ${percentOf(k, n)}`).join(", ")}`).join("; ");
      return html`<div class="figure">${figure(title, html`${caption}${left(all.length - series.length)}`, `${described}.`, plot, table(title, columns, labels))}</div>`;
    },
  };
}

/** CSS pixels: as wide as a telephone shows them unscaled. */
const WIDTH = 360;
const MOST_SERIES = 5;
const MOST_LABEL = 24;
const MOST_DESCRIBED = 12;

function range(values: readonly number[], step: number): number[] {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  return Array.from({ length: values.length === 0 ? 0 : Math.floor((most - least) / step) + 1 }, (_, at) => least + at * step);
}

function left(n: number): Content {
  return n > 0 && `${count(n)} more are in audit.json.`;
}

function shortLabel(label: string): string {
  return cut(label, MOST_LABEL);
}

/** Rows whose shortened names are alike are still rows of their own. */
function unique(label: string, at: number, all: readonly ({ label: string } | { name: string })[]): string {
  const full = (each: { label: string } | { name: string }): string => shortLabel("label" in each ? each.label : each.name);
  const before = all.slice(0, at).filter((each) => full(each) === label).length;
  return before === 0 ? label : `${label} (${before + 1})`;
}

function total(histogram: Histogram): number {
  return histogram.reduce((sum, [, n]) => sum + n, 0);
}

function percentOf(k: number, n: number): string {
  return n === 0 ? "–" : percent(k / n);
}

/** `half have 3 or fewer, nine in ten 5 or fewer, the most 8`. */
function figuresOf(histogram: Histogram, step: number): string {
  const all = total(histogram);
  if (all === 0) return "none";
  const at = (share: number): number => {
    let seen = 0;
    return (histogram.find(([, n]) => (seen += n) >= share * all)?.[0] ?? 0) + step - 1;
  };
  return `half have up to ${count(at(0.5))}, nine in ten up to ${count(at(0.9))}, the most ${count((histogram.at(-1)?.[0] ?? 0) + step - 1)}`;
}

import { createHash } from "node:crypto";
import { type Content, type Html, html, svgMarkup } from "../html.ts";
import type { Audit, SummaryLine } from "../schema.ts";
import { count } from "../summary.ts";
import { comparisonSection } from "./comparison.ts";
import { loadFigures } from "./figures.ts";
import { duplicatesSection } from "./leaks.ts";
import { agreementSection, outliersSection, reviewsSection, yieldSection } from "./models.ts";
import { paragraph, section, table } from "./parts.ts";
import { plansSection } from "./plans.ts";
import { coverageSection, defectsSection, evidenceSection, levelsSection, methodSection, sourcesSection } from "./quality.ts";
import { STYLE } from "./style.ts";
import { Traces } from "./traces.ts";
import { plural } from "./words.ts";

/** The report as one HTML file: it loads nothing, runs nothing, and holds nothing that is not in the audit. */
export async function renderReport(audit: Audit): Promise<string> {
  const figures = await loadFigures();
  const traces = new Traces(MOST_TRACES);
  const sections: [id: string, title: string, content: Html][] = [
    ...(audit.comparison === null ? [] : [["comparison", "Compared", comparisonSection(audit.comparison, traces)] as [string, string, Html]]),
    ["levels", "Levels", levelsSection(audit, figures)],
    ["defects", "Defects", defectsSection(audit, traces)],
    ["evidence", "Evidence", evidenceSection(audit)],
    ["coverage", "Gold steps", coverageSection(audit, figures)],
    ["sources", "The sources themselves", sourcesSection(audit)],
    ["yield", "Models, repair, cost", yieldSection(audit)],
    ["agreement", "Agreement", agreementSection(audit, traces)],
    ["plans", "The plans", plansSection(audit, figures)],
    ["duplicates", "Duplicates, contamination", duplicatesSection(audit)],
    ["outliers", "Worth a look first", outliersSection(audit, traces)],
    ["reviews", "Reviews by people", reviewsSection(audit)],
    ...(audit.files === null ? [] : [["files", "Training files", filesSection(audit.files)] as [string, string, Html]]),
    ["method", "How this was made", methodSection(audit)],
  ];
  const style = `sha256-${createHash("sha256").update(STYLE).digest("base64")}`;
  const title = `Annotation audit: ${audit.store}`;
  return html`${svgMarkup("<!doctype html>")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${style}'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="lumos-annotations ${audit.program}">
<title>${title}</title>
<style>${svgMarkup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="layout">
<header class="top">
<h1>${title}</h1>
${headline(audit)}</header>
<nav class="contents" aria-labelledby="contents-title"><h2 id="contents-title">Contents</h2><ul><li><a href="#summary">In short</a></li>${sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main id="main">
<section id="summary" class="summary" aria-labelledby="summary-title">
<h2 id="summary-title">How far can it be trusted?</h2>
<dl>${audit.summary.map(lineOf)}</dl>
</section>
${sections.map(([, , content]) => content)}${traces.remark()}</main>
</div>
</body>
</html>
`.text;
}

/** Characters of traces: with figures and tables the page stays below 5 MB. */
const MOST_TRACES = 3_200_000;

const MARKS: Readonly<Record<SummaryLine["mark"], string>> = { good: "as it should be", look: "worth a look", note: "to know" };

function lineOf({ topic, mark, text, section: id }: SummaryLine): Html {
  return html`<dt><a href="#${id}">${topic}</a><span class="mark ${mark}">${MARKS[mark]}</span></dt><dd>${text}</dd>\n`;
}

function headline({ datasets, last_change, filters, program }: Audit): Content {
  const examples = datasets.reduce((sum, each) => sum + each.examples, 0);
  const given = Object.entries(filters).map(([name, values]) => `${values.length === 1 ? name.replace(/s$/, "") : name} ${values.join(", ")}`);
  return [
    html`<p>${plural(examples, "example")} of ${datasets.map(({ dataset }) => dataset).join(", ") || "no source"}${last_change !== null && `; the store last changed on ${last_change.slice(0, 10)}`}. lumos-annotations ${program}.</p>\n`,
    given.length > 0 && html`<p>Only ${given.join("; ")}.</p>\n`,
  ];
}

function filesSection({ written, excluded }: NonNullable<Audit["files"]>): Html {
  const left = Object.entries(excluded);
  return section("files", "Training files", paragraph("What was written with this audit: annotations at the level that was asked for, each row with a line in the provenance file beside it."),
    written.length === 0 ? paragraph("No file was written: nothing in the store is fit for it.") : table("Files and their rows", [
      { title: "File", cell: ({ path }: (typeof written)[number]) => html`<code>${path}</code>` },
      { title: "Rows", figures: true, cell: ({ rows }) => count(rows) },
    ], written),
    left.length > 0 && table("Examples that lack rows, by reason", [
      { title: "Reason", cell: ([reason]: (typeof left)[number]) => reason.replaceAll("_", " ") },
      { title: "Examples", figures: true, cell: ([, n]) => count(n) },
    ], left));
}

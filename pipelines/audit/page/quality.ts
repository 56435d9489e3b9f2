import type { DefectCode, Level } from "../../../schemas/defect.ts";
import { type Content, type Html, html } from "../html.ts";
import type { Audit, Group } from "../schema.ts";
import { count } from "../summary.ts";
import { shareOf } from "../group.ts";
import type { Figures } from "./figures.ts";
import { intervalText, kOfN, paragraph, section, shareOrDash, table } from "./parts.ts";
import type { Traces } from "./traces.ts";
import { DEFECT_WORDS, LEVEL_WORDS, OUTCOME_WORDS, plural } from "./words.ts";

/** `gsm8k, small`: how a group is called where its dataset is not said before. */
export function groupName({ dataset, name }: Pick<Group, "dataset" | "name">): string {
  return `${dataset}, ${name}`;
}

export function levelsSection({ groups }: Audit, figures: Figures): Html {
  const about = paragraph("How far each annotation is supported. An example is counted once for each annotator, at the highest level it reached. ",
    "What level a source can reach depends on what can be run here, so sources with different top levels are never added up.");
  const answered = groups.filter(({ top }) => top.n > 0);
  const reachedTable = table("Highest level reached, of all that were answered (annotated and quarantined)", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name, by_construction }) => html`${name}${by_construction > 0 && html`<br><span class="note">by construction</span>`}` },
    ...(["proven", "aligned", "well_formed", "parsed"] as const).map((level) => ({ title: OUTCOME_WORDS[level], figures: true, cell: ({ levels }: Group) => count(levels[level]) })),
    { title: "no plan", figures: true, cell: (group) => count(noPlan(group)) },
    { title: "Reached its top level", wide: true, cell: ({ top, top_level }) => html`${kOfN(top)} ${OUTCOME_WORDS[top_level]}<br><strong>${shareOrDash(top.k, top.n)}</strong> <span class="note">(${intervalText(top)})</span>` },
  ], answered);
  const figure = answered.length > 0 && figures.stacks("Highest level reached", "Each row is all that was answered of a source by one annotator; the parts are the highest levels reached.", "Source and annotator",
    answered.map((group) => ({ label: groupName(group), outcomes: { ...group.levels, no_plan: noPlan(group) } })));
  const rest = table("What became of every record", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name }) => name },
    { title: "All", figures: true, cell: ({ states: s }) => count(s.annotated + s.quarantined + s.skipped + s.failed) },
    { title: "Annotated", figures: true, cell: ({ states: s }) => count(s.annotated) },
    { title: "Quarantined", figures: true, cell: ({ states: s }) => count(s.quarantined) },
    { title: "Skipped", figures: true, cell: ({ states: s }) => count(s.skipped) },
    { title: "Failed", figures: true, cell: ({ states: s }) => count(s.failed) },
    { title: "Why", wide: true, cell: ({ skipped_reasons, failed_reasons }) => [...Object.entries(skipped_reasons), ...Object.entries(failed_reasons)].map(([reason, n]) => `${count(n)} ${reason}`).join(", ") || "–" },
  ], groups);
  return section("levels", "Levels", about,
    reachedTable,
    paragraph("In brackets the 95 % interval, Wilson's: where the share of more examples like these would lie, if these were drawn from them. It says nothing of other sources. ",
      "“By construction”: rules copied the source's steps, so that reaching the level shows that the source is consistent, not that an annotator is good."),
    figure,
    rest,
    paragraph("Quarantined: a reply came, but no well-formed plan; it is kept and never exported. Skipped: the source gives nothing to annotate from. Failed: the model could not be reached. ",
      "Annotated, quarantined, skipped and failed are all records that were selected."));
}

export function defectsSection({ groups }: Audit, traces: Traces): Html {
  const about = paragraph("What the verifier found, by code. A code with “bars” keeps an annotation from these levels; the others only warn. The examples are drawn at random by their ids; each opens to its whole trace.");
  const withDefects = groups.filter(({ defects }) => defects.length > 0);
  if (withDefects.length === 0) return section("defects", "Defects", about, paragraph("No annotation has a defect, or had one."));
  const bySource = withDefects.map((group) => {
    const answered = group.states.annotated + group.states.quarantined;
    const codes = group.defects.map((each) => html`<div class="defect"><h4><code>${each.code}</code> <span>${DEFECT_WORDS[each.code]}</span></h4>
<p>${defectFigures(each, answered)}</p>
${each.shown.map((trace) => traces.details(trace, messageOf(trace.defects.find(({ code }) => code === each.code)?.message)))}</div>\n`);
    return html`<h3>${groupName(group)}</h3>\n${heldBack(group)}${codes}`;
  });
  return section("defects", "Defects", about, bySource);
}

function heldBack({ held_back, top_level, top }: Group): Content {
  if (held_back.examples === 0) return paragraph(`All of them are ${OUTCOME_WORDS[top_level]}: what follows only warns, or was repaired.`);
  const codes = held_back.codes.map(({ code, examples, alone }) => html`<li><code>${code}</code>: ${count(examples)}, ${alone === 0 ? "never" : `${count(alone)} of them`} by it alone</li>`);
  return html`<p>${count(held_back.examples)} of ${count(top.n)} that were answered ${held_back.examples === 1 ? "stays" : "stay"} below ${OUTCOME_WORDS[top_level]}. What bars them (one may have several codes):</p>\n<ul class="plain">${codes}</ul>\n`;
}

function defectFigures({ examples, repaired, bars }: { examples: number; repaired: number; bars: readonly Level[] }, answered: number): string {
  const barred = bars.length === 0 ? "only warns" : `bars ${bars.map((level) => OUTCOME_WORDS[level]).join(", ")}`;
  const share = shareOf(examples, answered);
  const has = examples === 0 ? `No annotation has it now` : `${kOfN(share)} ${examples === 1 ? "has" : "have"} it (${shareOrDash(examples, answered)}; 95 % interval ${intervalText(share)})`;
  return `${has}; ${barred}.${repaired > 0 ? ` ${plural(repaired, "example")} lost it in a repair.` : ""}`;
}

function messageOf(message: string | undefined): Content {
  return message;
}

export function evidenceSection({ groups }: Audit): Html {
  const annotated = groups.filter(({ plans }) => plans.n > 0);
  const about = paragraph("What supports the results of single actions, and the final answer. Computed: run here, and the claim holds. Matched: can't be run here, and equals what the source's authors wrote. ",
    "Claimed: only the annotator says so. Contradicted: run here, and the claim does not hold. Copied: the answer equals gold but follows from nothing computed or matched.");
  const results = table("Results of actions, by what supports them", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name }) => name },
    { title: "Results", figures: true, cell: ({ evidence }) => count(all(evidence)) },
    ...(["computed", "matched", "claimed", "contradicted"] as const).map((kind) => ({ title: kind, figures: true, cell: ({ evidence }: Group) => `${count(evidence[kind])} (${shareOrDash(evidence[kind], all(evidence))})` })),
  ], annotated);
  const answers = table("Final answers, by what supports them", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name }) => name },
    { title: "Annotated", figures: true, cell: ({ plans }) => count(plans.n) },
    ...(["computed", "matched", "copied", "none"] as const).map((kind) => ({ title: kind, figures: true, cell: ({ answers: found }: Group) => count(found[kind]) })),
  ], annotated);
  const leaks = table("Subgoals that name what only running the plan gives (value leaks)", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name }) => name },
    { title: "With a leak", figures: true, cell: ({ value_leaks }) => kOfN(value_leaks) },
    { title: "95 % interval", figures: true, cell: ({ value_leaks }) => intervalText(value_leaks) },
  ], annotated);
  return section("evidence", "Evidence", about, results, answers, leaks, paragraph("A planner that is trained on leaks learns to name results before anything ran. The count is of annotations with at least one."));
}

export function coverageSection({ groups }: Audit, figures: Figures): Html {
  const covered = groups.filter(({ coverage }) => coverage.examples > 0);
  const about = paragraph("How much of the source's own rationale the plans carry. A gold step counts as served where a subgoal computes its result from the same numbers, asks its question, or does its operation. ",
    "Steps that only say something in prose can't be served, so that 100 % is not always possible.");
  if (covered.length === 0) return section("coverage", "Gold steps", about, paragraph("No annotated example has gold steps."));
  const drawn = [...new Set(covered.map(({ dataset }) => dataset))].map((dataset) => figures.columns(`Gold steps served, ${dataset}`, "Share of an example's gold steps that some subgoal serves, in tenths; each bar is a share of the annotated examples that have gold steps.", "gold steps served (%)",
    covered.filter((group) => group.dataset === dataset).map(({ name, coverage }) => ({ name, histogram: coverage.tenths.map((n, tenth): [number, number] => [10 * tenth, n]) })), { step: null }));
  return section("coverage", "Gold steps", about, table("Gold steps that a subgoal serves", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "By", cell: ({ name }) => name },
    { title: "Gold steps", figures: true, cell: ({ coverage }) => count(coverage.steps) },
    { title: "Served", figures: true, cell: ({ coverage }) => `${count(coverage.served)} (${shareOrDash(coverage.served, coverage.steps)})` },
    { title: "Examples with all served", figures: true, cell: ({ coverage }) => `${count(coverage.full)} of ${count(coverage.examples)}` },
    { title: "95 % interval", figures: true, cell: ({ coverage }) => intervalText(shareOf(coverage.full, coverage.examples)) },
  ], covered), html`<div class="figures">${drawn}</div>`);
}

export function sourcesSection({ datasets }: Audit): Html {
  const about = paragraph("Sources have mistakes. Here is where a maths source contradicts arithmetic or itself by its own words, and why rules proved no more of it. Other domains publish nothing that could be checked so.");
  const checked = datasets.flatMap(({ contradictions, ...rest }) => (contradictions === null ? [] : [{ ...rest, contradictions }]));
  if (checked.length === 0) return section("sources", "The sources themselves", about, paragraph("No maths source is among these."));
  const counts = table("Examples in which a source contradicts itself", [
    { title: "Source", cell: ({ dataset }: (typeof checked)[number]) => dataset },
    { title: "Examples", figures: true, cell: ({ contradictions, examples }) => kOfN({ k: contradictions.examples, n: examples }) },
    ...PLACE_KINDS.map(([kind, title]) => ({ title, figures: true, cell: ({ contradictions }: (typeof checked)[number]) => count(contradictions.kinds[kind] ?? 0) })),
  ], checked);
  const lists = checked.filter(({ contradictions }) => contradictions.places.length > 0).map(({ dataset, contradictions }) => {
    const shown = contradictions.places.slice(0, SHOWN_PLACES);
    return html`<details><summary>${dataset}: the places${contradictions.places.length > shown.length && ` (the first ${shown.length}; audit.json has more)`}</summary>${table(`Places where ${dataset} contradicts itself`, [
      { title: "Gold step", cell: ({ step }: (typeof shown)[number]) => html`<code>${step}</code>` },
      { title: "File and record", cell: ({ file, position }) => `${file}, ${count(position)}` },
      { title: "Kind", cell: ({ kind }) => kind },
      { title: "The source says", cell: ({ says }) => says },
      { title: "It gives", cell: ({ gives }) => gives },
    ], shown)}</details>\n`;
  });
  const unproven = checked.filter(({ unproven_by_rules }) => unproven_by_rules.length > 0).map(({ dataset, unproven_by_rules }) => table(`${dataset}: why rules did not prove an example`, [
    { title: "Reason", cell: ({ reason }: (typeof unproven_by_rules)[number]) => reason },
    { title: "Examples", figures: true, cell: ({ examples }) => count(examples) },
    { title: "For example", cell: ({ shown }) => shown.map((id, at) => html`${at > 0 && ", "}<code>${id}</code>`) },
  ], unproven_by_rules));
  return section("sources", "The sources themselves", about, counts, paragraph("Counted by kind are places: an example may have several. “Unit” and “rounding” differ only by a unit (cents for dollars) or by a rounding that is not said."), lists, unproven);
}

export function methodSection({ groups, program }: Audit): Html {
  const terms = (["proven", "aligned", "well_formed", "parsed"] as const).map((level) => html`<dt>${OUTCOME_WORDS[level]}</dt><dd>${LEVEL_WORDS[level]}</dd>`);
  const codes = [...new Set(groups.flatMap(({ defects }) => defects.map(({ code }) => code)))].sort().map((code: DefectCode) => html`<dt><code>${code}</code></dt><dd>${DEFECT_WORDS[code]}</dd>`);
  return section("method", "How this was made", paragraph(`Every figure was counted by lumos-annotations ${program} from the store alone; audit.json beside this page has all of them. The same store gives the same page.`),
    html`<h3>What the levels mean</h3><dl class="terms">${terms}</dl>`,
    codes.length > 0 && html`<h3>What the defect codes mean</h3><dl class="terms">${codes}</dl>`,
    html`<h3>Who annotated</h3>`,
    table("Annotators and their variants", [
      { title: "Source", cell: ({ dataset }: Group) => dataset },
      { title: "By", cell: ({ name }) => name },
      { title: "Annotator", cell: ({ annotator, version }) => `${annotator} ${version}` },
      { title: "Variant", cell: ({ variant }) => html`<code>${variant}</code>` },
      { title: "Prompt", cell: ({ prompt }) => (prompt === null ? "–" : html`<code>${prompt.slice(0, 20)}</code>`) },
      { title: "By construction", figures: true, cell: ({ by_construction, plans }) => kOfN({ k: by_construction, n: plans.n }) },
      { title: "Runs", cell: ({ runs }) => runs.join(", ") },
    ], groups),
    paragraph("A variant is annotator and version, model, parameters, prompt and reply form. Intervals are 95 % and Wilson's unless something else is said."));
}

const PLACE_KINDS = [["calculation", "Calculations"], ["answer", "Answers"], ["unit", "Units"], ["rounding", "Roundings"]] as const;
const SHOWN_PLACES = 60;

function noPlan({ states, levels }: Group): number {
  return Math.max(0, states.annotated + states.quarantined - levels.proven - levels.aligned - levels.well_formed - levels.parsed);
}

function all({ computed, matched, claimed, contradicted }: Group["evidence"]): number {
  return computed + matched + claimed + contradicted;
}


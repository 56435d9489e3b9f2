import { type Content, type Html, html } from "../html.ts";
import type { Agreement, Audit, Group } from "../schema.ts";
import { count, percent, usd } from "../summary.ts";
import { intervalText, kOfN, paragraph, section, shareOrDash, table } from "./parts.ts";
import { groupName } from "./quality.ts";
import type { Traces } from "./traces.ts";
import { plural } from "./words.ts";

/** What asking brought and what it cost: ask by ask, repair by repair, stage by stage. */
export function yieldSection({ groups, datasets }: Audit): Html {
  const asked = groups.filter(({ replies }) => replies > 0);
  const about = paragraph("What was asked of models, what came of it, and what it cost. Costs are those of all kept replies, whenever they were paid for; none is counted twice.");
  if (asked.length === 0) return section("yield", "Models, repair and cost", about, paragraph("No model was asked: everything here was made by rules, brought in from elsewhere, or written by people."));
  const costs = table("Cost by annotator", [
    { title: "Source", cell: ({ dataset }: Group) => dataset },
    { title: "Model", cell: ({ name }) => name },
    { title: "Replies", figures: true, cell: ({ replies }) => count(replies) },
    { title: "Prompt tokens", figures: true, cell: ({ prompt_tokens }) => count(prompt_tokens) },
    { title: "Completion tokens", figures: true, cell: ({ completion_tokens }) => count(completion_tokens) },
    { title: "Cost", figures: true, cell: ({ cost_usd }) => (cost_usd === null ? "unknown" : usd(cost_usd)) },
    { title: "At top level", figures: true, cell: ({ top }) => count(top.k) },
    { title: "Cost of each", figures: true, cell: ({ usd_per_top, cost_usd }) => (usd_per_top === null ? (cost_usd === 0 ? "nothing" : "–") : usd(usd_per_top)) },
  ], asked);
  const asks = table("What each ask brought", [
    { title: "Source and model", cell: ({ group }: Asked) => groupName(group) },
    { title: "Ask", cell: ({ ask, kind }) => `${kind === "ask" ? "ask" : "repair"} ${ask}` },
    { title: "Replies", figures: true, cell: ({ replies }) => count(replies) },
    { title: "Reached the top level", figures: true, cell: ({ top, replies }) => `${count(top)} (${shareOrDash(top, replies)})` },
    { title: "No plan in it", figures: true, cell: ({ no_plan }) => count(no_plan) },
  ], asked.flatMap((group) => group.asks.map((each) => ({ ...each, group }))));
  const repairs = table("Annotations by the repairs they took", [
    { title: "Source and model", cell: ({ group }: Repaired) => groupName(group) },
    { title: "Repairs", figures: true, cell: ({ repairs: n }) => count(n) },
    { title: "Annotations", figures: true, cell: ({ examples }) => count(examples) },
    { title: "At top level", figures: true, cell: ({ top, examples }) => `${count(top)} (${shareOrDash(top, examples)})` },
  ], asked.flatMap((group) => group.repairs.map((each) => ({ ...each, group }))));
  const cascades = datasets.flatMap(({ dataset, cascade }) => (cascade === null ? [] : [html`<h3>${dataset}: the cascade of run ${cascade.run}</h3>\n${table(`${dataset}: what each stage of the cascade brought`, [
    { title: "Stage", cell: ({ group }: (typeof cascade.stages)[number]) => groups[group]?.name ?? "" },
    { title: "Examples it was given", figures: true, cell: ({ asked: n }) => count(n) },
    { title: "At top level", figures: true, cell: ({ top, asked: n }) => `${count(top)} (${shareOrDash(top, n)})` },
    { title: "That no stage before had", figures: true, cell: ({ added }) => count(added) },
    { title: "Cost of the stage", figures: true, cell: ({ cost_usd }) => (cost_usd === null ? "unknown" : usd(cost_usd)) },
    { title: "Cost of each it added", figures: true, cell: ({ cost_usd, added }) => (cost_usd === null || added === 0 ? "–" : cost_usd === 0 ? "nothing" : usd(cost_usd / added)) },
  ], cascade.stages)}`]));
  return section("yield", "Models, repair and cost", about, costs, asks,
    paragraph("An ask shows the model the task; a repair shows it its plan with the defects. Several candidates of one ask are counted each. The level is the one that the reply's plan reached by itself."),
    repairs, paragraph("The repairs are those of the plan that was kept: where a repair did no better, the plan before it stands, with the repairs that it took."), cascades,
    cascades.length > 0 && paragraph("A stage is given what no stage before it brought to the top level. Its cost is that of all its replies on the source, in whichever run."));
}

type Asked = Group["asks"][number] & { group: Group };
type Repaired = Group["repairs"][number] & { group: Group };

/** Annotations of the same examples by different annotators, those by rules first. */
export function agreementSection({ agreements, groups }: Audit, traces: Traces): Html {
  const about = paragraph("Two annotators on the same examples, both of which have a well-formed plan for them. Where one is by rules it copies the source: that a model differs is then a difference from the source, and may still be right.");
  if (agreements.length === 0) return section("agreement", "Agreement", about, paragraph("No example has plans by two annotators."));
  const name = (index: number): string => groups[index]?.name ?? "";
  const counts = table("How often two annotators agree", [
    { title: "Source", cell: ({ dataset }: Agreement) => dataset },
    { title: "Annotators", cell: ({ first, second }) => `${name(first)} and ${name(second)}` },
    { title: "Examples", figures: true, cell: ({ examples }) => count(examples) },
    { title: "Same result", figures: true, cell: ({ same_answer }) => html`${kOfN(same_answer)}<br><span class="note">${intervalText(same_answer)}</span>` },
    { title: "Same level", figures: true, cell: ({ same_level }) => kOfN(same_level) },
    { title: "Same actions", figures: true, cell: ({ same_actions }) => kOfN(same_actions) },
    { title: "Steps grouped alike", figures: true, cell: ({ same_alignment }) => kOfN(same_alignment) },
    { title: "Calls in common", figures: true, cell: ({ tools }) => (tools === null ? "–" : percent(tools)) },
  ], agreements);
  const steps = table("Gold steps by who serves them", [
    { title: "Source", cell: ({ dataset }: Agreement) => dataset },
    { title: "First and second", cell: ({ first, second }) => `${name(first)} and ${name(second)}` },
    { title: "Both", figures: true, cell: ({ steps: s }) => count(s.both) },
    { title: "Only the first", figures: true, cell: ({ steps: s }) => count(s.only_first) },
    { title: "Only the second", figures: true, cell: ({ steps: s }) => count(s.only_second) },
    { title: "Neither", figures: true, cell: ({ steps: s }) => count(s.neither) },
  ], agreements);
  const examples = agreements.map(({ dataset, first, second, shown }): Content => shown.length > 0 && html`<h3>${dataset}: where ${name(first)} and ${name(second)} differ most</h3>\n${shown.map((each) => traces.pair(each.first, each.second, each.why, "/"))}`);
  return section("agreement", "Agreement", about, counts,
    paragraph("Same result: the plans end with the same value. Same actions: the same calls with the same arguments in the same order, whatever the sentences say. Steps grouped alike: their subgoals serve the same steps of the source; of examples that have some. ",
      "Calls in common: twice the calls that both have, over all calls of both (Dice), the mean over the examples."), steps, examples);
}

/** What stands at the edges, with the reason why. */
export function outliersSection({ datasets }: Audit, traces: Traces): Html {
  const about = paragraph("Annotations at the edges of their source: longest, deepest, with unusual tools, least covered. They are not wrong for that, but mistakes gather there: look at them first.");
  const bySource = datasets.filter(({ outliers }) => outliers.length > 0).map(({ dataset, outliers }) => {
    const kinds = [...new Set(outliers.map(({ kind }) => kind))];
    return html`<h3>${dataset}</h3>\n${kinds.map((kind) => html`<h4 class="kind">${kind}</h4>${outliers.filter((each) => each.kind === kind).map(({ why, trace }) => traces.details(trace, why))}`)}`;
  });
  return section("outliers", "Worth a look first", about, bySource.length > 0 ? bySource : paragraph("Nothing stands out."));
}

/** What people said, where somebody did. */
export function reviewsSection({ reviews }: Audit): Html {
  const about = paragraph("What people said of annotations. Levels say what was proven; whether a sentence is good only a person can say.");
  if (reviews === null) return section("reviews", "Reviews by people", about, paragraph(html`Nobody has reviewed these annotations. <code>lumos review</code> opens a page for it.`));
  const { estimate, verifier, agreement } = reviews;
  const share = estimate.accuracy === null || estimate.interval === null
    ? paragraph("No annotation that was drawn at random has been decided: nothing follows for the rest.")
    : paragraph(html`<strong>People would accept ${percent(estimate.accuracy)}</strong> (95 % interval ${percent(estimate.interval[0])} to ${percent(estimate.interval[1])}) of the ${count(estimate.covered)} annotations of the kinds that were sampled, by ${plural(estimate.reviewed, "annotation")} drawn at random${estimate.covered < estimate.annotations && `; of ${count(estimate.annotations - estimate.covered)} others nobody has seen any`}.${estimate.halving !== null && estimate.halving.reviews > 0 && ` ${plural(estimate.halving.reviews, "more review")} would make the interval half as wide.`}`);
  const bySource = estimate.datasets.filter(({ reviewed }) => reviewed > 0);
  const decided = paragraph(`${plural(reviews.reviewed, "annotation was", "annotations were")} decided, ${count(reviews.reviewed_twice)} by two people or more, ${count(reviews.contested)} differently by them; ${count(reviews.accepted)} were accepted by most.`, reviews.outdated > 0 && ` ${plural(reviews.outdated, "review is", "reviews are")} of plans that were replaced since, and count for nothing.`);
  const cells = [["at the top level", verifier.top_accepted, verifier.top_rejected], ["below", verifier.below_accepted, verifier.below_rejected]] as const;
  return section("reviews", "Reviews by people", about, share, decided,
    bySource.length > 1 && table("Estimate by source", [
      { title: "Source", cell: ({ dataset }: (typeof bySource)[number]) => dataset },
      { title: "Reviewed", figures: true, cell: ({ reviewed }) => count(reviewed) },
      { title: "Accepted", figures: true, cell: ({ accepted }) => count(accepted) },
      { title: "Of the source", figures: true, cell: ({ accuracy }) => (accuracy === null ? "–" : percent(accuracy)) },
      { title: "95 % interval", figures: true, cell: ({ interval }) => intervalText({ interval }) },
    ], bySource),
    table("The verifier beside people (annotations by construction are left out)", [
      { title: "The verifier says", cell: ([name]: (typeof cells)[number]) => name },
      { title: "People accept", figures: true, cell: ([, accepted]) => count(accepted) },
      { title: "People reject", figures: true, cell: ([, , rejected]) => count(rejected) },
    ], cells),
    agreement.length > 0 && table("Two reviewers on the same annotations", [
      { title: "Reviewers", cell: ({ reviewers }: (typeof agreement)[number]) => reviewers.join(" and ") },
      { title: "Annotations", figures: true, cell: ({ annotations }) => count(annotations) },
      { title: "Agreed", figures: true, cell: ({ agreed }) => count(agreed) },
      { title: "Cohen's kappa", figures: true, cell: ({ kappa }) => (kappa === null ? "–" : kappa.toFixed(2)) },
      { title: "95 % interval", figures: true, cell: ({ interval }) => (interval === null ? "–" : `${interval[0].toFixed(2)} – ${interval[1].toFixed(2)}`) },
    ], agreement),
    reviews.reasons.length > 0 && table("Why people rejected or edited", [
      { title: "Reason", cell: ({ reason }: (typeof reviews.reasons)[number]) => reason.replaceAll("_", " ") },
      { title: "Reviews", figures: true, cell: ({ reviews: n }) => count(n) },
    ], reviews.reasons));
}


import type { AccuracyEstimate } from "../../pipelines/review/estimate.ts";
import type { ReviewReport } from "../../pipelines/review/report.ts";
import type { Interval } from "../../pipelines/shared/statistics.ts";
import { table } from "./table.ts";
import { count, fit, oneLine, type Terminal, wrap } from "./terminal.ts";

/** What people said of a store, as lines for a terminal. Every share stands beside what it is of. */
export function reviewLines(report: ReviewReport, db: string, terminal: Terminal): string[] {
  const room = terminal.columns - 2;
  const lines: string[] = [];
  const section = (title: string, body: readonly string[]): void => {
    if (body.length === 0) return;
    lines.push(...(lines.length === 0 ? [] : [""]), terminal.colours.bold(title), ...body.map((line) => `  ${line}`.trimEnd()));
  };
  const text = (sentence: string): string[] => wrap(sentence, room).split("\n");
  section(`Reviews of ${oneLine(db)}`, text(summaryOf(report)));
  section("Reviewers", report.reviewers.length === 0 ? [] : table(["name", "accepted", "rejected", "edited", "skipped"],
    report.reviewers.map((each) => [each.reviewer, ...[each.accepted, each.rejected, each.edited, each.skipped].map(count)]), room));
  section("Estimated accuracy: the share that people would accept", report.reviewed === 0 ? [] : estimateLines(report.estimate, room));
  section("Agreement of reviewers on what both decided", report.agreement.length === 0 ? [] : table(["reviewers", "both", "agreed", "Cohen's kappa", "95 %"],
    report.agreement.map(({ reviewers, annotations, agreed, kappa, interval }) => [
      reviewers.map((name) => fit(name, 24)).join(" and "), count(annotations), count(agreed), kappa === null ? "–" : kappa.toFixed(2), interval === null ? "–" : interval.map((each) => each.toFixed(2)).join(" to "),
    ]), room));
  section("The verifier beside people", report.reviewed === 0 ? [] : verifierLines(report, room));
  section("Defects: how many of those that have one people reject", report.defects.length === 0 ? [] : table(["code", "reviewed", "rejected", "share", "95 %"],
    report.defects.map(({ code, annotations, rejected, share, interval }) => [code, count(annotations), count(rejected), percent(share), percents(interval)]), room));
  section("Reasons", report.reasons.length === 0 ? [] : table(["reason", "reviews"], report.reasons.map(({ reason, reviews }) => [reason, count(reviews)]), room));
  return lines;
}

function summaryOf({ annotations, reviewed, reviewed_twice, contested, accepted, outdated }: ReviewReport): string {
  if (reviewed === 0) return `None of ${count(annotations)} annotations is reviewed yet.`;
  const twice = reviewed_twice === 0 ? "" : `, ${count(reviewed_twice)} by two or more (${count(contested)} of these differently)`;
  const old = outdated === 0 ? "" : ` Reviews of plans that were replaced since, which count for nothing: ${count(outdated)}.`;
  return `${count(reviewed)} of ${count(annotations)} annotations reviewed${twice}; ${count(accepted)} accepted, ${count(reviewed - accepted)} rejected. A tie counts as rejected, and an edit rejects what it corrects.${old}`;
}

/** Strata that are named one by one. */
const MOST_STRATA = 4;

function estimateLines(estimate: ReviewReport["estimate"], room: number): string[] {
  const { accuracy, interval, reviewed, covered, annotations, uncovered, halving, datasets } = estimate;
  const text = (sentence: string): string[] => wrap(sentence, room).split("\n");
  if (accuracy === null || interval === null) return text("Not known: nothing that was drawn at random is reviewed. Review with --order random or stratified.");
  const rows = datasets.filter((each) => each.reviewed > 0).map((each) => [each.dataset, ...rowOf(each)]);
  const missing = annotations - covered;
  return [
    ...text(`${percent(accuracy)} (95 %: ${percents(interval)}) of ${count(covered)} annotations, from ${count(reviewed)} that were drawn at random and reviewed, each kind (dataset, annotator, level) counted by its size.`),
    ...(rows.length < 2 ? [] : ["", ...table(["dataset", "of", "reviewed", "accepted", "estimate", "95 %"], rows, room)]),
    ...(missing === 0 ? [] : text(`Not known for ${count(missing)} others, of kinds without such a review: ${named(uncovered.map((each) => ({ ...each, n: each.annotations })))}.`)),
    ...(halving === null || halving.reviews === 0 ? [] : text(`An interval half as wide takes ${count(halving.reviews)} more ${halving.reviews === 1 ? "review" : "reviews"}, best of ${named(halving.strata.map((each) => ({ ...each, n: each.reviews })))}.`)),
  ];
}

function rowOf({ covered, reviewed, accepted, accuracy, interval }: Pick<AccuracyEstimate, "covered" | "reviewed" | "accepted" | "accuracy" | "interval">): string[] {
  return [count(covered), count(reviewed), count(accepted), accuracy === null ? "–" : percent(accuracy), interval === null ? "–" : percents(interval)];
}

function named(strata: readonly { dataset: string; annotator: string; level: string | null; n: number }[]): string {
  const first = strata.slice(0, MOST_STRATA).map(({ dataset, annotator, level, n }) => `${count(n)} ${dataset} ${annotator} ${level ?? "below parsed"}`);
  const left = strata.slice(MOST_STRATA);
  return [...first, ...(left.length === 0 ? [] : [`${count(left.reduce((sum, { n }) => sum + n, 0))} in ${count(left.length)} more kinds`])].join(", ");
}

function verifierLines({ verifier }: ReviewReport, room: number): string[] {
  const { annotations, left_out_by_construction: leftOut, top, below } = verifier;
  const out = leftOut === 0 ? [] : wrap(`${count(leftOut)} by construction left out: that rules agree with the source they copy says nothing of the verifier.`, room).split("\n");
  if (annotations === 0) return out;
  return [
    ...table(["verifier", "accepted", "rejected", "people agree", "95 %"], [
      ["at the top level", count(verifier.top_accepted), count(verifier.top_rejected), top === null ? "–" : percent(top.share), top === null ? "–" : percents(top.interval)],
      ["below it", count(verifier.below_accepted), count(verifier.below_rejected), below === null ? "–" : percent(below.share), below === null ? "–" : percents(below.interval)],
    ], room),
    ...wrap("All that was reviewed, in whatever order: not a sample of the store.", room).split("\n"),
    ...out,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function percents([low, high]: Interval): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
}

import { shareOf } from "./group.ts";
import { plural } from "./page/words.ts";
import type { Audit, Group, Share, SummaryLine } from "./schema.ts";

/** The first page: how far what is in the store can be trusted, in about ten sentences. Each stands on figures of the section that it names. */
export function summaryOf(audit: Omit<Audit, "summary">): SummaryLine[] {
  if (audit.groups.length === 0) return [line("What there is", "look", "Nothing was selected: there is no outcome in this store that fits the filters.", "levels")];
  return [
    accounted(audit),
    ...reached(audit, "proven"),
    ...reached(audit, "aligned"),
    ...reached(audit, "well_formed"),
    byConstruction(audit),
    evidence(audit),
    heldBack(audit),
    coverage(audit),
    ...contradictions(audit),
    ...models(audit),
    ...agreement(audit),
    duplicates(audit),
    reviewed(audit),
    ...compared(audit),
  ];
}

/** A whole number with thousands separators. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** A share as a percentage; never 0 or 100 where it is not exactly that. */
export function percent(share: number): string {
  const value = 100 * share;
  if (share > 0 && value < 0.1) return "<0.1\u00a0%";
  if (share < 1 && value > 99.9) return ">99.9\u00a0%";
  return `${value.toFixed(value === Math.round(value) ? 0 : 1)}\u00a0%`;
}

/** `7 of 10 (70 %; 95 % interval 39.7 % to 89.2 %)`; without the interval where there is none. */
function shareText({ k, n, interval }: Share): string {
  if (n === 0) return `${count(k)} of ${count(n)}`;
  if (interval === null) return `${count(k)} of ${count(n)} (${percent(k / n)})`;
  return `${count(k)} of ${count(n)} (${percent(k / n)}; 95\u00a0% interval ${percent(interval[0])} to ${percent(interval[1])})`;
}

export function usd(dollars: number): string {
  return dollars === 0 ? "$0" : dollars < 0.01 ? `$${dollars.toPrecision(2)}` : `$${dollars.toFixed(2)}`;
}

function line(topic: string, mark: SummaryLine["mark"], text: string, section: string): SummaryLine {
  return { topic, mark, text, section };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** Shares of several groups as one. An example that counts in two of them is no second draw: there is no interval then. */
function pooled(shares: readonly { dataset: string; share: Share }[]): Share {
  const whole = shareOf(sum(shares, ({ share }) => share.k), sum(shares, ({ share }) => share.n));
  return new Set(shares.map(({ dataset }) => dataset)).size < shares.length ? { ...whole, interval: null } : whole;
}

function accounted({ groups, datasets }: Omit<Audit, "summary">): SummaryLine {
  const { annotated, quarantined, skipped, failed } = states(groups);
  const all = annotated + quarantined + skipped + failed;
  const many = new Set(groups.map(({ dataset }) => dataset)).size;
  const who = [...new Set(groups.map(({ model, annotator }) => model ?? annotator))];
  const by = who.length <= 3 ? who.join(", ") : `${count(who.length)} annotators`;
  const times = all > sum(datasets, ({ examples }) => examples) + skipped ? " (an example counts once for each annotator, and for each of its variants)" : "";
  const text = `${plural(all, "outcome")} from ${many === 1 ? "one source" : `${many} sources`} by ${by}${times}: ${count(annotated)} annotated, ${count(quarantined)} quarantined, ${count(skipped)} skipped, ${count(failed)} failed. Nothing else happened to any record.`;
  return line("What there is", failed > 0 ? "look" : "note", text, "levels");
}

function states(groups: readonly Group[]): Group["states"] {
  return {
    annotated: sum(groups, ({ states: s }) => s.annotated),
    quarantined: sum(groups, ({ states: s }) => s.quarantined),
    skipped: sum(groups, ({ states: s }) => s.skipped),
    failed: sum(groups, ({ states: s }) => s.failed),
  };
}

function reached({ groups }: Omit<Audit, "summary">, level: keyof typeof TOPICS): SummaryLine[] {
  const own = groups.filter(({ top_level, top }) => top_level === level && top.n > 0);
  if (own.length === 0) return [];
  const share = (some: readonly Group[]): Share => pooled(some.map(({ dataset, top }) => ({ dataset, share: top })));
  const [rules, others] = [own.filter(isByRules), own.filter((group) => !isByRules(group))];
  const names = [...new Set(own.map(({ dataset }) => dataset))];
  const of = names.length <= 4 ? names.join(", ") : `${names.length} sources`;
  const who = [others.length === 0 ? "" : `${shareText(share(others))}${rules.length === 0 ? "" : " by others than rules"}`, rules.length === 0 ? "" : `${shareText(share(rules))} by rules`];
  const figures = who.filter((each) => each !== "").join(" and ");
  const what = level === "well_formed"
    ? `Of what is joined to no source (${of}), ${figures} are well formed. Without gold answers and steps nothing else can be told: join it with 'lumos import --source'.`
    : level === "proven"
    ? `Where steps can be run or matched (${of}), ${figures} are proven: every result the answer rests on was run or matched, and the answer equals gold.`
    : `Where steps can't be run here (${of}), ${figures} are aligned, the most they can reach: the steps serve the source's and the answer equals gold, but results in between may only be claimed.`;
  const least = Math.min(...[rules, others].map(share).filter(({ n }) => n > 0).map(({ k, n }) => k / n));
  return [line(TOPICS[level], level === "well_formed" || least < GOOD ? "look" : "good", what, "levels")];
}

const TOPICS = { proven: "Proven", aligned: "Aligned", well_formed: "Well formed" } as const;
/** A smaller share than this is worth a look. */
const GOOD = 0.8;

/** Whether what it reached says something of the source and nothing of an annotator. */
function isByRules({ annotator }: Group): boolean {
  return annotator === "rules";
}

function byConstruction({ groups }: Omit<Audit, "summary">): SummaryLine {
  const share = { k: sum(groups, ({ by_construction }) => by_construction), n: sum(groups, ({ states: s }) => s.annotated) };
  if (share.k === 0) return line("By construction", "note", "No annotation copies its source by construction: every agreement with a source was reached by an annotator that could have been wrong.", "method");
  const all = share.n === 1 ? "The one annotation was" : `${share.k === share.n ? "All" : `${count(share.k)} of`} ${count(share.n)} annotations were`;
  return line("By construction", "note", `${all} made by rules that copy the source's steps. That they agree with the source says nothing about a model or the verifier; they are left out of its accuracy.`, "method");
}

function evidence({ groups }: Omit<Audit, "summary">): SummaryLine {
  const of = (kind: keyof Group["evidence"]): number => sum(groups, (group) => group.evidence[kind]);
  const [computed, matched, claimed, contradicted] = [of("computed"), of("matched"), of("claimed"), of("contradicted")];
  const all = computed + matched + claimed + contradicted;
  if (all === 0) return line("Evidence", "note", "No action has a result that could be compared.", "evidence");
  const text = `Of ${plural(all, "result")} of actions ${percent(computed / all)} were run here and hold, ${percent(matched / all)} equal what the source's authors wrote, ${percent(claimed / all)} only the annotator claims, ${contradicted === 0 ? "none is" : `${count(contradicted)} (${percent(contradicted / all)}) ${contradicted === 1 ? "is" : "are"}`} contradicted.`;
  return line("Evidence", contradicted / all > 0.01 ? "look" : "good", text, "evidence");
}

function heldBack({ groups }: Omit<Audit, "summary">): SummaryLine {
  const below = sum(groups, ({ held_back }) => held_back.examples);
  if (below === 0) return line("Held back", "good", "Nothing that was annotated stays below the highest level of its source.", "defects");
  const answered = sum(groups, ({ top }) => top.n);
  const codes = new Map<string, number>();
  for (const { code, examples } of groups.flatMap(({ held_back }) => held_back.codes)) codes.set(code, (codes.get(code) ?? 0) + examples);
  const worst = [...codes].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3).map(([code, n]) => `${code} (${count(n)})`).join(", ");
  return line("Held back", "note", `Of ${count(answered)} that ${answered === 1 ? "was" : "were"} answered ${below === 1 ? "1 stays below the highest level of its source" : `${count(below)} stay below the highest level of their source`}. What bars them most often: ${worst === "" ? "no single defect" : worst}. Exports leave them out unless asked for them.`, "defects");
}

function coverage({ groups }: Omit<Audit, "summary">): SummaryLine {
  const [steps, served] = [sum(groups, (group) => group.coverage.steps), sum(groups, (group) => group.coverage.served)];
  const [full, examples] = [sum(groups, (group) => group.coverage.full), sum(groups, (group) => group.coverage.examples)];
  if (steps === 0) return line("Coverage", "note", "No annotated example has gold steps: what a plan leaves out can't be told.", "coverage");
  return line("Coverage", served / steps < GOOD ? "look" : "good", `${percent(served / steps)} of ${plural(steps, "gold step")} ${steps === 1 ? "is" : "are"} served by a subgoal; ${count(full)} of ${plural(examples, "annotation")} ${full === 1 ? "serves" : "serve"} all of theirs. Steps of mere prose can't be served: they count here, too.`, "coverage");
}

function contradictions({ datasets }: Omit<Audit, "summary">): SummaryLine[] {
  const checked = datasets.filter(({ contradictions: found }) => found !== null);
  if (checked.length === 0) return [];
  const wrong = sum(checked, ({ contradictions: found }) => found?.examples ?? 0);
  const all = sum(checked, ({ examples }) => examples);
  const text = wrong === 0
    ? `In none of ${plural(all, "maths example")} does the source contradict itself. That a gold answer is right can't be told from that.`
    : `In ${count(wrong)} of ${plural(all, "maths example")} the source contradicts itself (a calculation that does not hold, an answer that its last step does not give): each is listed with its place.`;
  return [line("The sources", wrong > 0 ? "look" : "good", text, "sources")];
}

function models({ groups }: Omit<Audit, "summary">): SummaryLine[] {
  const asked = groups.filter(({ replies }) => replies > 0);
  if (asked.length === 0) return [];
  const cost = asked.some(({ cost_usd }) => cost_usd === null) ? null : sum(asked, ({ cost_usd }) => cost_usd ?? 0);
  const top = sum(asked, (group) => group.top.k);
  const repaired = sum(asked, (group) => sum(group.repairs.filter(({ repairs }) => repairs > 0), (each) => each.top));
  const paid = cost === null ? "at a price that is not known" : cost === 0 ? "at no cost" : `for ${usd(cost)}${top > 0 ? `, ${usd(cost / top)} for each at its top level` : ""}`;
  return [line("Models", "note", `${plural(sum(asked, ({ replies }) => replies), "reply", "replies")} ${paid}; ${count(repaired)} of ${count(top)} at their top level got there by repair.`, "yield")];
}

function agreement({ agreements, groups }: Omit<Audit, "summary">): SummaryLine[] {
  const withRules = agreements.filter(({ first, second }) => groups[first]?.annotator === "rules" && groups[second]?.annotator !== "rules");
  if (withRules.length === 0) return [];
  const [same, aligned] = [pooled(withRules.map((each) => ({ ...each, share: each.same_answer }))), pooled(withRules.map((each) => ({ ...each, share: each.same_alignment })))];
  return [line("Against rules", same.n > 0 && same.k / same.n < GOOD ? "look" : "good", `On examples that rules annotated, too, the others end with the same result in ${shareText(same)} and group the gold steps alike in ${count(aligned.k)} of ${count(aligned.n)}.`, "agreement")];
}

function duplicates({ datasets, groups }: Omit<Audit, "summary">): SummaryLine {
  const dropped = sum(datasets, ({ drops }) => sum(Object.entries(drops), ([kind, n]) => (kind === "contaminated" ? 0 : n)));
  const contaminated = sum(datasets, ({ contamination }) => sum(contamination, ({ examples }) => examples));
  const leaks = shareOf(sum(groups, (group) => group.value_leaks.k), sum(groups, (group) => group.value_leaks.n));
  const marks = dropped === 0 ? "No duplicate is marked" : dropped === 1 ? "1 example is marked as a duplicate" : `${count(dropped)} examples are marked as duplicates`;
  const overlap = contaminated === 0 ? "no overlap with an evaluation set is recorded" : contaminated === 1 ? "1 overlap with an evaluation set is recorded" : `${count(contaminated)} overlaps with evaluation sets are recorded`;
  return line("Leaks", contaminated > 0 || leaks.k > 0 ? "look" : "note", `${marks}, ${overlap} (both only as far as 'lumos dedupe' and 'lumos decontaminate' were run); ${leaks.k === 0 ? "no subgoal names" : `in ${count(leaks.k)} of ${plural(leaks.n, "annotation")} a subgoal names`} a value that only running the plan gives.`, "duplicates");
}

function reviewed({ reviews }: Omit<Audit, "summary">): SummaryLine {
  if (reviews === null) return line("People", "look", "Nobody has reviewed these annotations: levels say what was proven, not that a sentence is good. 'lumos review' draws a sample.", "reviews");
  const { accuracy, interval, reviewed: n, covered } = reviews.estimate;
  if (accuracy === null || interval === null) return line("People", "look", `People decided ${plural(reviews.reviewed, "annotation")}, none drawn at random: nothing follows for the rest.`, "reviews");
  return line("People", accuracy < GOOD ? "look" : "good", `People would accept ${percent(accuracy)} (95\u00a0% interval ${percent(interval[0])} to ${percent(interval[1])}) of ${plural(covered, "annotation")}, by ${count(n)} that ${n === 1 ? "was" : "were"} drawn at random and reviewed.`, "reviews");
}

function compared({ comparison }: Omit<Audit, "summary">): SummaryLine[] {
  if (comparison === null) return [];
  const [better, worse, pairs] = [sum(comparison.datasets, (each) => each.better), sum(comparison.datasets, (each) => each.worse), sum(comparison.datasets, (each) => each.pairs)];
  const sure = comparison.datasets.filter(({ top }) => top.p_holm < 0.05).map(({ dataset, top }) => `${dataset} (${(top.difference ?? 0) > 0 ? "better" : "worse"})`);
  return [line("Compared", worse > better ? "look" : "note", `Against ${comparison.before}, on ${plural(pairs, "example")}: ${count(better)} better, ${count(worse)} worse. ${sure.length === 0 ? "In no source is the difference at the top level more than chance explains." : `More than chance explains it: ${sure.join(", ")}.`}`, "comparison")];
}

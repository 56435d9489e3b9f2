import type { DefectCode, Level } from "../../schemas/defect.ts";
import { type Interval, wilsonInterval } from "../shared/statistics.ts";
import type { Store } from "../store/open.ts";
import type { DecidedAnnotation, ReviewSelection, Stratum } from "../store/review-queues.ts";
import type { StandingReview } from "../store/reviews.ts";
import { type Agreement, type AgreementTable, cohenKappa } from "./agreement.ts";
import { type AccuracyEstimate, estimateAccuracy, type ReviewedStratum } from "./estimate.ts";

/** What people said, and what it says of the set: the object that `lumos review --status --json` prints. Names are those of scripts. */
export interface ReviewReport {
  /** To review: those by people are none of them. */
  annotations: number;
  /** Decided by somebody, by two or more, and differently by them. */
  reviewed: number;
  reviewed_twice: number;
  contested: number;
  /** Accepted by most of those who decided; where as many reject it, it counts as rejected. */
  accepted: number;
  /** Reviews of plans that were replaced since: they count for nothing. */
  outdated: number;
  reviewers: { reviewer: string; accepted: number; rejected: number; edited: number; skipped: number }[];
  /** Of rejections and edits, commonest first. */
  reasons: { reason: string; reviews: number }[];
  /** From annotations drawn at random alone. */
  estimate: AccuracyEstimate & { datasets: (Omit<AccuracyEstimate, "strata" | "uncovered" | "halving"> & { dataset: string })[] };
  agreement: PairAgreement[];
  verifier: VerifierConfusion;
  defects: DefectPrecision[];
}

/** Two reviewers on what both decided; an edit rejects what it corrects. */
interface PairAgreement extends AgreementTable, Agreement {
  reviewers: [string, string];
  annotations: number;
  agreed: number;
}

/** The verifier beside people, on annotations that somebody decided. Those by construction are left out: that rules agree with their source says nothing of the verifier. */
interface VerifierConfusion {
  annotations: number;
  left_out_by_construction: number;
  /** At their dataset's top level. */
  top_accepted: number;
  top_rejected: number;
  below_accepted: number;
  below_rejected: number;
  /** Of those at top level, the share that people accept; of those below, the share that they reject. */
  top: Share | null;
  below: Share | null;
}

/** Of the decided annotations that have a defect, by construction aside, those that people reject. */
interface DefectPrecision extends Share {
  code: DefectCode;
  annotations: number;
  rejected: number;
}

interface Share {
  share: number;
  /** Wilson's, 95 %. */
  interval: Interval;
}

export interface ReportOptions {
  /** The highest level that each stored dataset can reach. */
  topLevels: ReadonlyMap<string, Level>;
  selection?: ReviewSelection;
}

/** What people said of a selection of annotations. Reads what was reviewed, and counts the rest. */
export function reviewReport(store: Store, { topLevels, selection = {} }: ReportOptions): ReviewReport {
  const reviews = store.standingReviews(selection);
  const decided = store.decidedAnnotations(selection);
  const strata = store.reviewStrata(selection);
  return {
    annotations: strata.reduce((sum, each) => sum + each.annotations, 0),
    reviewed: decided.length,
    reviewed_twice: decided.filter(({ accepted, rejected }) => accepted + rejected > 1).length,
    contested: decided.filter(({ accepted, rejected }) => accepted > 0 && rejected > 0).length,
    accepted: decided.filter(isAccepted).length,
    outdated: reviews.filter(({ isCurrent }) => !isCurrent).length,
    reviewers: reviewersOf(reviews),
    reasons: reasonsOf(reviews),
    estimate: estimatesOf(strata, decided),
    agreement: agreementOf(reviews),
    verifier: confusionOf(decided, topLevels),
    defects: precisionOf(decided),
  };
}

/** Whether people accept an annotation: more accept it than not. */
function isAccepted({ accepted, rejected }: Pick<DecidedAnnotation, "accepted" | "rejected">): boolean {
  return accepted > rejected;
}

function reviewersOf(reviews: readonly StandingReview[]): ReviewReport["reviewers"] {
  const all = new Map<string, ReviewReport["reviewers"][number]>();
  const field = { accept: "accepted", reject: "rejected", edit: "edited", skip: "skipped" } as const;
  for (const { reviewer, verdict } of reviews.filter(({ isCurrent }) => isCurrent)) {
    const counts = all.get(reviewer) ?? { reviewer, accepted: 0, rejected: 0, edited: 0, skipped: 0 };
    counts[field[verdict]] += 1;
    all.set(reviewer, counts);
  }
  return [...all.values()].sort((a, b) => (a.reviewer < b.reviewer ? -1 : 1));
}

function reasonsOf(reviews: readonly StandingReview[]): ReviewReport["reasons"] {
  const counts = new Map<string, number>();
  for (const { reason, verdict, isCurrent } of reviews) if (isCurrent && reason !== null && (verdict === "reject" || verdict === "edit")) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, n]) => ({ reason, reviews: n })).sort((a, b) => b.reviews - a.reviews || (a.reason < b.reason ? -1 : 1));
}

function estimatesOf(strata: readonly Stratum[], decided: readonly DecidedAnnotation[]): ReviewReport["estimate"] {
  const key = ({ dataset, annotator, level }: Omit<Stratum, "annotations">): string => JSON.stringify([dataset, annotator, level]);
  const all = new Map(strata.map((each): [string, ReviewedStratum] => [key(each), { ...each, reviewed: 0, accepted: 0 }]));
  for (const each of decided.filter(({ drawn }) => drawn)) {
    const stratum = all.get(key(each));
    if (stratum === undefined) continue;
    stratum.reviewed += 1;
    if (isAccepted(each)) stratum.accepted += 1;
  }
  const reviewed = [...all.values()];
  const datasets = [...new Set(reviewed.map(({ dataset }) => dataset))].map((dataset) => {
    const { strata: _strata, uncovered: _uncovered, halving: _halving, ...estimate } = estimateAccuracy(reviewed.filter((each) => each.dataset === dataset));
    return { dataset, ...estimate };
  });
  return { ...estimateAccuracy(reviewed), datasets };
}

function agreementOf(reviews: readonly StandingReview[]): PairAgreement[] {
  const byAnnotation = new Map<string, StandingReview[]>();
  for (const each of reviews.filter(({ isCurrent, verdict }) => isCurrent && verdict !== "skip")) {
    const key = JSON.stringify([each.exampleId, each.variant]);
    const others = byAnnotation.get(key) ?? [];
    others.push(each);
    byAnnotation.set(key, others);
  }
  const pairs = new Map<string, { reviewers: [string, string] } & AgreementTable>();
  for (const group of byAnnotation.values()) {
    const sorted = group.toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1));
    for (const [index, a] of sorted.entries()) {
      for (const b of sorted.slice(index + 1)) {
        const key = JSON.stringify([a.reviewer, b.reviewer]);
        const table = pairs.get(key) ?? { reviewers: [a.reviewer, b.reviewer], both_accept: 0, only_first: 0, only_second: 0, both_reject: 0 };
        table[cellOf(a.verdict === "accept", b.verdict === "accept")] += 1;
        pairs.set(key, table);
      }
    }
  }
  return [...pairs.values()]
    .map((pair) => {
      const agreed = pair.both_accept + pair.both_reject;
      return { ...pair, annotations: agreed + pair.only_first + pair.only_second, agreed, ...cohenKappa(pair) };
    })
    .sort((a, b) => b.annotations - a.annotations);
}

function cellOf(first: boolean, second: boolean): keyof AgreementTable {
  if (first === second) return first ? "both_accept" : "both_reject";
  return first ? "only_first" : "only_second";
}

function confusionOf(decided: readonly DecidedAnnotation[], topLevels: ReadonlyMap<string, Level>): VerifierConfusion {
  const judged = decided.filter(({ byConstruction }) => !byConstruction);
  const isTop = ({ dataset, level }: DecidedAnnotation): boolean => level !== null && level === topLevels.get(dataset);
  const count = (top: boolean, accepted: boolean): number => judged.filter((each) => isTop(each) === top && isAccepted(each) === accepted).length;
  const [topAccepted, topRejected, belowAccepted, belowRejected] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  return {
    annotations: judged.length,
    left_out_by_construction: decided.length - judged.length,
    top_accepted: topAccepted,
    top_rejected: topRejected,
    below_accepted: belowAccepted,
    below_rejected: belowRejected,
    top: shareOf(topAccepted, topAccepted + topRejected),
    below: shareOf(belowRejected, belowAccepted + belowRejected),
  };
}

function precisionOf(decided: readonly DecidedAnnotation[]): DefectPrecision[] {
  const counts = new Map<DefectCode, { annotations: number; rejected: number }>();
  for (const each of decided.filter(({ byConstruction }) => !byConstruction)) {
    for (const code of each.codes) {
      const { annotations, rejected } = counts.get(code) ?? { annotations: 0, rejected: 0 };
      counts.set(code, { annotations: annotations + 1, rejected: rejected + (isAccepted(each) ? 0 : 1) });
    }
  }
  return [...counts]
    .flatMap(([code, { annotations, rejected }]) => {
      const share = shareOf(rejected, annotations);
      return share === null ? [] : [{ code, annotations, rejected, ...share }];
    })
    .sort((a, b) => b.annotations - a.annotations || (a.code < b.code ? -1 : 1));
}

function shareOf(part: number, whole: number): Share | null {
  const interval = wilsonInterval(part, whole);
  return interval === null ? null : { share: part / whole, interval };
}

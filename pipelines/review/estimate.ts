import type { Level } from "../../schemas/defect.ts";
import { type Interval, wilsonInterval } from "../shared/statistics.ts";

/** A kind of annotation with what people said of those that were drawn at random from it. */
export interface ReviewedStratum {
  dataset: string;
  annotator: string;
  level: Level | null;
  /** In the whole set. */
  annotations: number;
  /** Drawn at random and decided; of them accepted. */
  reviewed: number;
  accepted: number;
}

/** How much of a set people would accept. Shares are from 0 to 1. */
export interface AccuracyEstimate {
  /** Annotations in the whole set; of them in strata of which some were reviewed, and of these the estimate speaks. */
  annotations: number;
  covered: number;
  reviewed: number;
  accepted: number;
  /** Null where nothing was reviewed. */
  accuracy: number | null;
  /** 95 %. */
  interval: Interval | null;
  strata: ReviewedStratum[];
  /** Strata without a review, most annotations first. */
  uncovered: Omit<ReviewedStratum, "reviewed" | "accepted">[];
  /** How many more reviews, and of what, would make the interval half as wide if people go on as they began. Null where there is no interval. */
  halving: { reviews: number; strata: { dataset: string; annotator: string; level: Level | null; reviews: number }[] } | null;
}

/**
 * The accuracy of a whole set from a sample of reviews, post-stratified: the share accepted in each stratum, weighted by how many annotations the stratum has, so that
 * a sample in which some kinds are seen more often than others does not lean towards them (Cochran 1977, Sampling Techniques, sections 5.3 and 5A.9). The interval is
 * Wilson's with the effective number of reviews, those of a simple sample as exact as this one (Korn and Graubard 1998, Surv. Methodol. 24:193; Dean and Pagano 2015,
 * J. Surv. Stat. Methodol. 3:484): of one stratum it is Wilson's own. A stratum of few reviews borrows from the others (see PRIOR), so that one of which all or none were
 * accepted still widens it. Finite population: a stratum's n counts as n (N - 1) / (N - n), and what was reviewed bounds the whole. What is added to halve the interval
 * goes to the stratum that narrows it most, one review after the other.
 */
export function estimateAccuracy(strata: readonly ReviewedStratum[]): AccuracyEstimate {
  const seen = strata.filter(({ reviewed }) => reviewed > 0);
  const covered = sum(seen, ({ annotations }) => annotations);
  const parts = seen.map((stratum): Part => ({ stratum, weight: stratum.annotations / covered, share: stratum.accepted / stratum.reviewed, n: stratum.reviewed }));
  return {
    annotations: sum(strata, ({ annotations }) => annotations),
    covered,
    reviewed: sum(seen, ({ reviewed }) => reviewed),
    accepted: sum(seen, ({ accepted }) => accepted),
    accuracy: parts.length === 0 ? null : accuracyOf(parts),
    interval: parts.length === 0 ? null : intervalOf(parts),
    strata: seen,
    uncovered: strata
      .filter(({ reviewed }) => reviewed === 0)
      .map(({ dataset, annotator, level, annotations }) => ({ dataset, annotator, level, annotations }))
      .sort((a, b) => b.annotations - a.annotations),
    halving: parts.length === 0 ? null : halve(parts),
  };
}

/** Reviews, accepted as often as all are, that each stratum is thought to have beside its own where its variance is estimated. */
const PRIOR = 2;
/** By how many reviews, half of them accepted, the share of all is drawn to the middle for that: the square of the normal quantile, as in Wilson's interval. */
const CENTRE = 1.959963984540054 ** 2;

/** A stratum with `n` reviews, of which as great a share is accepted as of those that there are. */
interface Part {
  stratum: ReviewedStratum;
  /** Of all annotations that the estimate speaks of. */
  weight: number;
  share: number;
  n: number;
}

function accuracyOf(parts: readonly Part[]): number {
  return Math.min(1, sum(parts, ({ weight, share }) => weight * share));
}

function intervalOf(parts: readonly Part[]): Interval {
  const accuracy = accuracyOf(parts);
  const pooled = pooledOf(parts);
  const variance = sum(parts, (part) => varianceOf(part, part.n, pooled));
  if (variance === 0) return [accuracy, accuracy];
  const smooth = sum(parts, ({ weight, share, n }) => weight * smoothed(share, n, pooled));
  const effective = (smooth * (1 - smooth)) / variance;
  const [low, high] = wilsonInterval(accuracy * effective, effective) ?? [0, 1];
  const covered = sum(parts, ({ stratum }) => stratum.annotations);
  const [accepted, rejected] = [sum(parts, ({ share, n }) => share * n), sum(parts, ({ share, n }) => (1 - share) * n)];
  return [Math.min(accuracy, Math.max(low, accepted / covered)), Math.max(accuracy, Math.min(high, 1 - rejected / covered))];
}

function pooledOf(parts: readonly Part[]): number {
  const n = sum(parts, (part) => part.n);
  return (accuracyOf(parts) * n + CENTRE / 2) / (n + CENTRE);
}

function smoothed(share: number, n: number, pooled: number): number {
  return (share * n + PRIOR * pooled) / (n + PRIOR);
}

/** What a stratum with `n` reviews adds to the variance of the whole. */
function varianceOf({ stratum: { annotations }, weight, share }: Part, n: number, pooled: number): number {
  if (n >= annotations) return 0;
  const smooth = smoothed(share, n, pooled);
  return (weight ** 2 * smooth * (1 - smooth) * (annotations - n)) / (n * (annotations - 1));
}

function halve(parts: readonly Part[]): NonNullable<AccuracyEstimate["halving"]> {
  const planned = parts.map((part) => ({ ...part }));
  const width = (): number => {
    const [low, high] = intervalOf(planned);
    return high - low;
  };
  const target = width() / 2;
  while (width() > target) {
    const pooled = pooledOf(planned);
    const gain = (part: Part): number => varianceOf(part, part.n, pooled) - varianceOf(part, part.n + 1, pooled);
    let best: { part: Part; gain: number } | null = null;
    for (const part of planned) {
      const gained = part.n < part.stratum.annotations ? gain(part) : 0;
      if (gained > (best?.gain ?? 0)) best = { part, gain: gained };
    }
    if (best === null) break;
    best.part.n += 1;
  }
  const strata = planned
    .map(({ stratum: { dataset, annotator, level, reviewed }, n }) => ({ dataset, annotator, level, reviews: n - reviewed }))
    .filter(({ reviews }) => reviews > 0)
    .sort((a, b) => b.reviews - a.reviews);
  return { reviews: sum(strata, ({ reviews }) => reviews), strata };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, each) => total + of(each), 0);
}

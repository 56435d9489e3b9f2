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
 * a sample in which some kinds are seen more often than others does not lean towards them (Cochran 1977, Sampling Techniques, sections 5.3 and 5A.9). The interval
 * combines Wilson's interval of each stratum by the recovery of variance estimates (Zou, Huang and Zhang 2009, Comput. Stat. Data Anal. 53:1080): of one stratum it is
 * Wilson's own, and a stratum of which all or none were accepted still widens it. Finite population: a stratum's n counts as n (N - 1) / (N - n), so that one that was
 * reviewed as a whole is known. What is added to halve the interval goes to the stratum that narrows it most, one review after the other.
 */
export function estimateAccuracy(strata: readonly ReviewedStratum[]): AccuracyEstimate {
  const seen = strata.filter(({ reviewed }) => reviewed > 0);
  const covered = sum(seen, ({ annotations }) => annotations);
  const parts = seen.map((stratum): Part => ({ ...stratum, weight: stratum.annotations / covered, share: stratum.accepted / stratum.reviewed }));
  const accuracy = sum(parts, ({ weight, share }) => weight * share);
  return {
    annotations: sum(strata, ({ annotations }) => annotations),
    covered,
    reviewed: sum(seen, ({ reviewed }) => reviewed),
    accepted: sum(seen, ({ accepted }) => accepted),
    accuracy: parts.length === 0 ? null : accuracy,
    interval: parts.length === 0 ? null : combined(accuracy, parts.map((part) => deviations(part, part.reviewed))),
    strata: seen,
    uncovered: strata
      .filter(({ reviewed }) => reviewed === 0)
      .map(({ dataset, annotator, level, annotations }) => ({ dataset, annotator, level, annotations }))
      .sort((a, b) => b.annotations - a.annotations),
    halving: parts.length === 0 ? null : halve(parts),
  };
}

interface Part extends ReviewedStratum {
  /** Of all annotations that the estimate speaks of. */
  weight: number;
  /** Accepted of those reviewed. */
  share: number;
}

/** How far the whole may lie below and above for the stratum's sake, squared. */
interface Deviations {
  below: number;
  above: number;
}

/** With `n` reviews of which the same share is accepted. */
function deviations({ annotations, share, weight }: Part, n: number): Deviations {
  if (n >= annotations) return { below: 0, above: 0 };
  const worth = (n * (annotations - 1)) / (annotations - n);
  const [low, high] = wilsonInterval(share * worth, worth) ?? [0, 1];
  return { below: (weight * (share - low)) ** 2, above: (weight * (high - share)) ** 2 };
}

function combined(accuracy: number, all: readonly Deviations[]): Interval {
  return [Math.max(0, accuracy - Math.sqrt(sum(all, ({ below }) => below))), Math.min(1, accuracy + Math.sqrt(sum(all, ({ above }) => above)))];
}

function halve(parts: readonly Part[]): NonNullable<AccuracyEstimate["halving"]> {
  const planned = parts.map((part) => step(part, part.reviewed));
  let below = sum(planned, ({ now }) => now.below);
  let above = sum(planned, ({ now }) => now.above);
  const target = (Math.sqrt(below) + Math.sqrt(above)) / 2;
  while (Math.sqrt(Math.max(0, below)) + Math.sqrt(Math.max(0, above)) > target) {
    const best = planned.reduce((most, each) => (each.gain > most.gain ? each : most));
    if (best.gain <= 0) break;
    below += best.next.below - best.now.below;
    above += best.next.above - best.now.above;
    Object.assign(best, step(best.part, best.n + 1));
  }
  const strata = planned
    .map(({ part: { dataset, annotator, level, reviewed }, n }) => ({ dataset, annotator, level, reviews: n - reviewed }))
    .filter(({ reviews }) => reviews > 0)
    .sort((a, b) => b.reviews - a.reviews);
  return { reviews: sum(strata, ({ reviews }) => reviews), strata };
}

/** A stratum at `n` reviews, and what one more would do. */
function step(part: Part, n: number): { part: Part; n: number; now: Deviations; next: Deviations; gain: number } {
  const [now, next] = [deviations(part, n), deviations(part, n + 1)];
  return { part, n, now, next, gain: n >= part.annotations ? 0 : now.below + now.above - next.below - next.above };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, each) => total + of(each), 0);
}

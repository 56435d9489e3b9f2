import type { Interval } from "../shared/statistics.ts";

/** Two people on the same annotations: whether each accepted. */
export interface AgreementTable {
  both_accept: number;
  only_first: number;
  only_second: number;
  both_reject: number;
}

/** `kappa` is null where there is nothing to compare, or chance alone would make them agree on everything (both always said the same one thing). */
export interface Agreement {
  kappa: number | null;
  /** 95 %, within -1 and 1; null where the counts give it no width (they always agree, or one of them always says the same). */
  interval: Interval | null;
}

/**
 * Cohen's kappa of two reviewers: how much more often they agree than their own habits would make them by chance (Cohen 1960, Educ. Psychol. Meas. 20:37), with the
 * large-sample interval (Fleiss, Cohen and Everitt 1969, Psychol. Bull. 72:323), which is rough below some thirty annotations.
 */
export function cohenKappa({ both_accept, only_first, only_second, both_reject }: AgreementTable): Agreement {
  const n = both_accept + only_first + only_second + both_reject;
  if (n === 0) return { kappa: null, interval: null };
  const cells = [[both_accept / n, only_first / n], [only_second / n, both_reject / n]] as const;
  const first = [cells[0][0] + cells[0][1], cells[1][0] + cells[1][1]] as const;
  const second = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]] as const;
  const observed = cells[0][0] + cells[1][1];
  const chance = first[0] * second[0] + first[1] * second[1];
  if (chance === 1) return { kappa: null, interval: null };
  const kappa = (observed - chance) / (1 - chance);
  const agreeing =
    cells[0][0] * (1 - (first[0] + second[0]) * (1 - kappa)) ** 2 + cells[1][1] * (1 - (first[1] + second[1]) * (1 - kappa)) ** 2;
  const differing = (1 - kappa) ** 2 * (cells[0][1] * (second[0] + first[1]) ** 2 + cells[1][0] * (second[1] + first[0]) ** 2);
  const variance = (agreeing + differing - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2);
  if (variance < 1e-12) return { kappa, interval: null };
  const half = Z_95 * Math.sqrt(variance);
  return { kappa, interval: [Math.max(-1, kappa - half), Math.min(1, kappa + half)] };
}

/** The 97.5 % quantile of the normal distribution. */
const Z_95 = 1.959963984540054;

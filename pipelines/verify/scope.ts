import { type Level, LEVELS } from "../../schemas/defect.ts";

/** What is verified, and how high it can get. */
export interface VerifyScope {
  topLevels: ReadonlyMap<string, Level>;
  datasets: readonly string[];
}

/** Of a dataset that this program does not know nothing above `well_formed` can be told. */
export function topLevelOf({ topLevels }: VerifyScope, dataset: string): Level {
  return topLevels.get(dataset) ?? "well_formed";
}

/** -1 where a plan has no level. */
export function levelRank(level: Level | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}

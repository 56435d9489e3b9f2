import type { Level } from "../../schemas/defect.ts";

/** What is verified, and how high it can get. */
export interface VerifyScope {
  topLevels: ReadonlyMap<string, Level>;
  datasets: readonly string[];
}

/** Of a dataset that this program does not know nothing above `well_formed` can be told. */
export function topLevelOf({ topLevels }: VerifyScope, dataset: string): Level {
  return topLevels.get(dataset) ?? "well_formed";
}

import type { Level } from "../../schemas/defect.ts";
import { datasetNames, loadConverter } from "../converters.ts";
import type { Store } from "../store/open.ts";

/** The highest level that each stored dataset can reach; of one that this program does not know nothing above `well_formed` can be told. */
export async function storedTopLevels(store: Store): Promise<Map<string, Level>> {
  const known = new Set(datasetNames());
  return new Map(
    await Promise.all(store.storedDatasets().map(async (dataset): Promise<[string, Level]> => [dataset, known.has(dataset) ? (await loadConverter(dataset)).top_level : "well_formed"])),
  );
}

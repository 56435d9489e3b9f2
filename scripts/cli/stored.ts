import type { Store } from "../../pipelines/store/open.ts";
import { LumosError } from "../../schemas/errors.ts";

/**
 * Refuses datasets of which the store holds nothing: a mistyped name is not an empty answer.
 * @throws LumosError `not_found`.
 */
export function refuseUnstored(store: Store, datasets: readonly string[] | undefined): void {
  const stored = [...new Set(store.countStates().map(({ dataset }) => dataset))].sort();
  const unknown = datasets?.filter((name) => !stored.includes(name)) ?? [];
  if (unknown.length === 0) return;
  throw new LumosError("not_found", `Nothing of ${unknown.join(", ")} in ${store.file}: it holds ${stored.length === 0 ? "no examples yet" : stored.join(", ")}.`);
}

import type { SourceExample } from "../../schemas/example.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import type { Audit } from "./schema.ts";

export type AuditFilters = Audit["filters"];

/** An example with the outcomes that are selected of it, at least one. */
export interface AuditedExample {
  id: string;
  dataset: string;
  domain: string;
  example: SourceExample;
  outcomes: StoredOutcome[];
}

/** Streams the examples of a store in its order, each with all of its selected outcomes, whatever file each of them came from. */
export function* auditedExamples(store: Store, filters: AuditFilters): Generator<AuditedExample> {
  const { datasets } = filters;
  for (const { id, dataset, domain } of store.examplesInOrder()) {
    if (datasets !== undefined && !datasets.includes(dataset)) continue;
    const outcomes = store.outcomesOfExample(id, filters);
    const example = outcomes[0]?.example;
    if (example !== null && example !== undefined) yield { id, dataset, domain, example, outcomes };
  }
}

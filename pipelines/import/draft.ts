import type { Domain } from "../../schemas/domain.ts";
import type { SourcePlace } from "../../schemas/example.ts";
import type { ParseResult } from "../plan/parse.ts";
import type { Lack } from "./assemble.ts";
import type { Provenance } from "./provenance.ts";

/** A plan as it was read from a set, before anything is known of its source. */
export interface Draft {
  task: string;
  environment: string | null;
  /** What the set says of it; null where it says nothing. */
  domain: Domain | null;
  parsed: ParseResult;
  /** Results that the format has no place for are computed where they can be. */
  isPartial: boolean;
  lacks: readonly Lack[];
  /** The natural-language plan that came with it, or "". */
  rationale: string;
  /** Where it stands in the set: of several rows the first. */
  place: SourcePlace;
  /** The id of its source example where one of our exports says it. */
  id: string | null;
  provenance: Provenance | null;
  /** Of what it was read from. */
  contentHash: string;
  /** How many records it was put together from. */
  records: number;
}

/** A record that gives no plan. `reason` in snake_case. */
export interface Skipped {
  place: SourcePlace;
  contentHash: string;
  reason: string;
  detail: string;
}

/** What a set is read as, one after the other. Each draft counts `records` records, each skip one. */
export type Imported = { draft: Draft } | { skipped: Skipped };

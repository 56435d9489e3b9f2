import { canonicalJson, sha256 } from "../llm/hash.ts";
import type { Variant } from "../store/runs.ts";
import type { ImportFormat } from "./read-set.ts";

/** Raised whenever the same file would give other plans: part of the variant. */
const IMPORTER_VERSION = "1";

/**
 * The variant of an imported set: sets of different names stand beside each other. `name`: who or what made it. `plan`: a set may have several plans of one example, and
 * an example has one annotation of a variant: the second ones are a variant of their own, and so on.
 */
export function importVariant(format: ImportFormat, name: string | null, plan = 1): Variant {
  const described = { annotator: "imported" as const, version: IMPORTER_VERSION, model: name, parameters: plan === 1 ? { format } : { format, plan } };
  return { hash: `v1-${sha256(canonicalJson(described)).slice(0, 12)}`, ...described, promptHash: null, promptVersion: null, prompt: null, replyForm: null };
}

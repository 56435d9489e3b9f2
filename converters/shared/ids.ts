import { createHash } from "node:crypto";
import { foldSpace } from "./text.ts";

/** The id of a task whose source has none: the first 16 hex digits of the SHA-256 of its text, trimmed, white space folded. */
export function taskId(task: string): string {
  return sha256(foldSpace(task)).slice(0, 16);
}

/** SHA-256 (hex) of a JSON value written canonically: keys sorted, no white space. Two records are the same where it is equal. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** The id of a second record with the same source id and other content. */
export function disambiguatedId(id: string, hash: string): string {
  return `${id}~${hash.slice(0, 4)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Recursive: the readers refuse records that are nested too deep for it. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

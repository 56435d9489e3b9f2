import { createHash } from "node:crypto";

/**
 * JSON with the keys of every object in code-unit order and no white space, so that equal values have equal text.
 * Members that are undefined are left out, as in `JSON.stringify`. Numbers are spelled as JavaScript prints them.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The SHA-256 of a text's UTF-8 bytes, in lower-case hex (64 characters). */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

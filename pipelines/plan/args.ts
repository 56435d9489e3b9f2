import type { ArgPart } from "../../schemas/plan.ts";

/** `R<n>` as a whole word, not joined to letters, digits, hyphens or underscores: `R2-D2` is a name. */
const REFERENCE = /(?<![\p{L}\p{N}_-])R[1-9][0-9]{0,5}(?![\p{L}\p{N}_-])/gu;

/** The pieces of an action's arguments: text as written and references, in order. `argsText(parseArgs(text))` is `text`. */
export function parseArgs(text: string): ArgPart[] {
  const parts: ArgPart[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ ref: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The arguments as one string. */
export function argsText(args: readonly ArgPart[]): string {
  return args.map((part) => (typeof part === "string" ? part : part.ref)).join("");
}

/** The variables that the arguments refer to, in order, as often as they stand there. */
export function argRefs(args: readonly ArgPart[]): string[] {
  return args.flatMap((part) => (typeof part === "string" ? [] : [part.ref]));
}

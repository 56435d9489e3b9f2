import { listItems } from "./parse-value.ts";

/** Whether two choices name the same letter: `B`, `(b)`, `B.`, `Option B`; `B) 12` names it too. Null where not both do. */
export function sameChoice(claimed: string, gold: string): boolean | null {
  const [a, b] = [choiceOf(claimed), choiceOf(gold)];
  if (a === null || b === null) return null;
  // Two that go on in words must go on in the same ones.
  if (a.rest !== "" && b.rest !== "") return null;
  return a.letter === b.letter;
}

/**
 * Whether two lists hold the same: one by one in order, or in any order where either stands in braces, or is joined by `or` or `±`. Brackets of both
 * must be of one kind. Null where not both are lists.
 */
export function sameLists(claimed: string, gold: string, same: (claimed: string, gold: string) => boolean): boolean | null {
  const [x, y] = [several(claimed), several(gold)];
  if (x === null || y === null || (x.items.length < 2 && y.items.length < 2 && x.kind === "" && y.kind === "")) return null;
  if (x.kind !== "" && y.kind !== "" && x.kind !== y.kind) return false;
  if (x.items.length !== y.items.length) return false;
  if (x.loose || y.loose) return matched(x.items, y.items, same);
  return x.items.every((each, index) => same(each, y.items[index] ?? ""));
}

interface Several {
  items: string[];
  /** The bracket around it, or "". */
  kind: string;
  /** The order does not matter. */
  loose: boolean;
}

const CHOICE = /^(?:(?:the )?(?:answer|option|choice)(?: is)?:? ?)?(?:\(([A-J])\)|([A-J])(?=$|[).:]))[).:]?(?:\s+(\S.*))?$/is;
const ALTERNATIVES = /\s+or\s+/;

function choiceOf(text: string): { letter: string; rest: string } | null {
  if (text.length > 400) return null;
  const match = CHOICE.exec(text);
  if (match === null) return null;
  const rest = match[3] ?? "";
  // `A. Lincoln` is a name.
  if (rest !== "" && !/^\(?[A-Ja-j][):]/.test(text.replace(/^(?:the )?(?:answer|option|choice)(?: is)?:? ?/i, ""))) return null;
  return { letter: (match[1] ?? match[2] ?? "").toUpperCase(), rest };
}

function several(text: string): Several | null {
  const named = text.replace(/^\p{L}\s*[=∈]\s*(?=[[({±])/u, "");
  const alternatives = named.split(ALTERNATIVES);
  if (alternatives.length > 1) return { items: alternatives.flatMap(alike), kind: "", loose: true };
  if (named.includes("±")) return { items: alike(named), kind: "", loose: true };
  const first = named.charAt(0);
  const items = listItems(named) ?? listItems(named.replace(/\s+and\s+/g, ", "));
  if (items === null) return null;
  const kind = isBracketed(named) ? first : "";
  return { items: kind === "{" ? distinct(items) : items, kind, loose: kind === "{" };
}

/** `x = 1 ± 2` as both of its values. */
function alike(text: string): string[] {
  const own = text.replace(/^\s*\p{L}\s*=\s*/u, "");
  const at = own.indexOf("±");
  if (at < 0) return [own.trim()];
  const [before, after] = [own.slice(0, at).trim(), own.slice(at + 1).trim()];
  return before === "" ? [after, `-${after}`] : [`${before} + ${after}`, `${before} - ${after}`];
}

function isBracketed(text: string): boolean {
  return /^[[({]/.test(text) && closes(text);
}

/** Whether the first bracket closes at the end. */
function closes(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if ("[({".includes(char)) depth += 1;
    else if ("])}".includes(char)) depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

function matched(claimed: readonly string[], gold: readonly string[], same: (claimed: string, gold: string) => boolean): boolean {
  if (gold.length > MOST_LOOSE) return false;
  const free = [...gold];
  return claimed.every((each) => {
    const at = free.findIndex((other) => same(each, other));
    if (at >= 0) free.splice(at, 1);
    return at >= 0;
  });
}

/** Longer sets are not compared in any order: that takes the square of their length. */
const MOST_LOOSE = 60;

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}

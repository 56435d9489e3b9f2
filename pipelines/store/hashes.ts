import { createHash } from "node:crypto";
import type { Plan } from "../../schemas/plan.ts";
import { canonicalPlan } from "../plan/canonical.ts";

/**
 * The hash of a task with white space, case and punctuation folded, under which two examples count as the same task.
 * The environment counts. A picture does not, since a published row does not tell which it is about: two tasks of one hash about two pictures stay on one
 * side of a split, and what looks for duplicates holds them apart (drops.ts).
 */
export function taskHash(task: string, environment: string | null): string {
  const parts = environment === null ? [foldTask(task)] : [foldTask(task), foldTask(environment)];
  return tagged("t1", parts.join("\n"));
}

/** The hash of a plan's canonical spelling, under which two annotations count as the same plan. */
export function planHash(plan: Plan): string {
  return tagged("p1", canonicalPlan(plan));
}

/**
 * Folds what two copies of one task differ in. Punctuation that carries a value stays: `3.5` is not `35`, `5 - 3` not `5 3`,
 * `2 * (3 + 4)` not `2 * 3 + 4`. Canonical composition only (NFC): the compatibility form would make `5²` into `52`.
 */
export function foldTask(task: string): string {
  return task
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("\u2212", "-")
    .replaceAll("×", "*")
    .replaceAll("÷", "/")
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/gu, "")
    .replaceAll(/(?<=\p{L})['’](?=\p{L})/gu, "")
    .replaceAll(/(?<=\p{L})\p{Pd}+(?=\p{L})/gu, " ")
    .replaceAll(/\p{P}/gu, (mark, at: number, whole: string) => (carriesValue(mark, whole[at - 1], whole[at + 1]) ? mark : " "))
    .replaceAll(/\s+/gu, " ")
    .trim();
}

const OPERATORS = new Set(["-", "*", "/", "\\", "%", "&", "#", "@"]);
const BRACKETS = new Set(["(", ")", "[", "]", "{", "}"]);
const POINTS = new Set([".", ",", ":"]);
const MATHS = /[\p{N}+*/^=\\_-]/u;

function carriesValue(mark: string, before = " ", after = " "): boolean {
  if (OPERATORS.has(mark)) return true;
  if (POINTS.has(mark)) return /\d/.test(after) && /[\d\s]/.test(before);
  if (mark === "!") return /\d/.test(before);
  return BRACKETS.has(mark) && (MATHS.test(before) || MATHS.test(after));
}

function tagged(scheme: string, text: string): string {
  return `${scheme}:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

import type { Fraction } from "fraction.js";
import type { Value } from "../execution/value.ts";

/** The numbers of a value: its own, or those of its items; none for text, booleans and what is unknown. */
export function valueNumbers(value: Value | null): Fraction[] {
  if (value === null) return [];
  if (value.kind === "number") return [value.value];
  return value.kind === "list" ? value.items.flatMap(valueNumbers) : [];
}

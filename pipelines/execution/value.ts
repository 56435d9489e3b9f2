import type { Fraction } from "fraction.js";
import { printSurd, type Surd } from "./surd.ts";

/**
 * The result of an action. Numbers are exact rationals; `inexact` marks an approximation (an irrational operation was involved), and
 * `surd` says which number it approximates where roots and π make that up (`2√3`, `9π`). What is no number, boolean or list is text.
 */
export type Value =
  | { kind: "number"; value: Fraction; inexact?: true; surd?: Surd }
  | { kind: "boolean"; value: boolean }
  | { kind: "text"; value: string }
  | { kind: "list"; items: Value[] };

/** Prints a value exactly where that is short: `0.25`, `1/3`, `True`, `[1, 2]`; approximations with twelve digits. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case "number":
      if (value.surd !== undefined) return printSurd(value.surd);
      return value.inexact === true ? printApproximation(value.value) : printNumber(value.value);
    case "boolean":
      return value.value ? "True" : "False";
    case "text":
      return value.value;
    case "list":
      return `[${value.items.map(printValue).join(", ")}]`;
  }
}

/** A number as an exact decimal where it has at most twelve decimals, else as a fraction. */
export function printNumber(value: Fraction): string {
  const sign = value.s < 0n && value.n !== 0n ? "-" : "";
  if (value.d === 1n) return `${sign}${value.n}`;
  let places = 0;
  let scaled = value.n;
  while (scaled % value.d !== 0n && places < DECIMALS) {
    scaled *= 10n;
    places += 1;
  }
  if (scaled % value.d !== 0n) return `${sign}${value.n}/${value.d}`;
  return sign + withPoint(scaled / value.d, places);
}

const DECIMALS = 12;

function printApproximation(value: Fraction): string {
  const number = value.valueOf();
  return Number.isFinite(number) ? String(Number(number.toPrecision(DECIMALS))) : printNumber(value);
}

function withPoint(scaled: bigint, places: number): string {
  const digits = scaled.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

import { Fraction } from "fraction.js";
import type { Num } from "./numbers.ts";
import { bounded } from "./numbers.ts";
import type { Polynomial } from "./polynomial.ts";

/**
 * The one solution of linear equations, each a polynomial that equals zero; null where one is not linear, or there is not exactly one solution.
 * Gauss-Jordan elimination over exact rationals.
 */
export function eliminate(equations: readonly Polynomial[], unknowns: readonly string[]): Map<string, Num> | null {
  const known = new Set(["", ...unknowns]);
  if (equations.some((each) => [...each.keys()].some((monomial) => !known.has(monomial)))) return null;
  let matrix = equations.map((each) => [...unknowns.map((name) => each.get(name) ?? ZERO), (each.get("") ?? ZERO).neg()]);
  for (let column = 0; column < unknowns.length; column += 1) {
    const pivotAt = matrix.findIndex((row, index) => index >= column && (row[column] ?? ZERO).n !== 0n);
    const pivotRow = matrix[pivotAt];
    const pivot = pivotRow?.[column];
    if (pivotRow === undefined || pivot === undefined) return null;
    const scaled = pivotRow.map((each) => each.div(pivot));
    const others = matrix.filter((_, index) => index !== pivotAt);
    const reduced = others.map((row) => row.map((each, index) => bounded(each.sub((row[column] ?? ZERO).mul(scaled[index] ?? ZERO)))));
    matrix = [...reduced.slice(0, column), scaled, ...reduced.slice(column)];
  }
  if (!matrix.slice(unknowns.length).every((row) => row.every((each) => each.n === 0n))) return null;
  return new Map(unknowns.map((name, index) => [name, { value: matrix[index]?.[unknowns.length] ?? ZERO, exact: true }]));
}

const ZERO = new Fraction(0);

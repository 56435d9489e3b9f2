import { approximateValue, tokenizeFormula } from "../shared/formula.ts";
import type { Equation } from "./equation.ts";
import type { Token } from "./tokens.ts";

/** How many of the smallest unit of its kind a unit has. */
const UNITS: ReadonlyMap<string, readonly [string, number]> = new Map(
  Object.entries({
    "second seconds": ["time", 1],
    "minute minutes min mins": ["time", 60],
    "hour hours hrs": ["time", 3600],
    "day days": ["time", 86_400],
    "week weeks": ["time", 604_800],
    "month months": ["years", 1],
    "year years": ["years", 12],
    "inch inches": ["length", 1],
    "foot feet": ["length", 12],
    "yard yards": ["length", 36],
    "mile miles": ["length", 63_360],
    "cup cups": ["volume", 1],
    "pint pints": ["volume", 2],
    "quart quarts": ["volume", 4],
    "gallon gallons": ["volume", 16],
    "ounce ounces oz": ["weight", 1],
    "pound pounds lbs": ["weight", 16],
    "gram grams": ["mass", 1],
    "kilogram kilograms kg": ["mass", 1000],
    "centimeter centimeters cm": ["metric", 1],
    "meter meters m": ["metric", 100],
    "kilometer kilometers km": ["metric", 100_000],
    "milliliter milliliters ml": ["liquid", 1],
    "liter liters": ["liquid", 1000],
  } satisfies Record<string, readonly [string, number]>).flatMap(([names, unit]) => names.split(" ").map((name) => [name, unit] as const)),
);

/** `3.5 yards = 10.5 feet` as `3.5*3 = 10.5`: a quantity told in another unit, where it holds. One of a unit is a fact, no step. */
export function findConversions(tokens: readonly Token[]): Equation[] {
  return tokens.flatMap((sign, at) => {
    const [from, fromUnit, to, toUnit] = [tokens[at - 2], tokens[at - 1], tokens[at + 1], tokens[at + 2]];
    const before = tokens[at - 3];
    if (sign.kind !== "equals" || from?.kind !== "number" || to?.kind !== "number" || fromUnit === undefined || toUnit === undefined) return [];
    if (before !== undefined && (before.kind === "number" || before.kind === "operator" || before.kind === "close")) return [];
    const [one, other] = [UNITS.get(fromUnit.text.toLowerCase()), UNITS.get(toUnit.text.toLowerCase())];
    if (one === undefined || other === undefined || one[0] !== other[0] || one[1] === other[1] || Number(from.text) === 1 || Number(to.text) === 1) return [];
    const formula = one[1] > other[1] ? `${from.text.replaceAll(",", "")}*${one[1] / other[1]}` : `${from.text.replaceAll(",", "")}/${other[1] / one[1]}`;
    const result = to.text.replaceAll(",", "");
    const value = approximateValue(tokenizeFormula(formula) ?? []);
    if (!/^[\d.]+[*/]\d+$/.test(formula) || Math.abs(value - Number(result)) > 1e-9) return [];
    return [{ formula, result, start: from.start, resultStart: to.start, end: to.end, money: false, percent: false }];
  });
}

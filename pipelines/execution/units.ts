/** A unit of measure: its own name, and what it measures. Units of one dimension can't be added or compared without converting. */
export interface Unit {
  name: string;
  dimension: "length" | "mass" | "volume" | "time" | "money" | "share";
}

/** The unit of measure that a word names (`feet`, `km`, `$`), or null: `apples` counts, it does not measure. */
export function unitOf(word: string): Unit | null {
  return UNITS.get(word.toLowerCase().replace(/\.$/, "")) ?? null;
}

const SPELLINGS: readonly (readonly [Unit["dimension"], string])[] = [
  ["length", "millimeter millimeters millimetre millimetres mm"],
  ["length", "centimeter centimeters centimetre centimetres cm cms"],
  ["length", "meter meters metre metres m"],
  ["length", "kilometer kilometers kilometre kilometres km kms"],
  ["length", "inch inches"],
  ["length", "foot feet ft"],
  ["length", "yard yards yd yds"],
  ["length", "mile miles mi"],
  ["mass", "milligram milligrams mg"],
  ["mass", "gram grams g"],
  ["mass", "kilogram kilograms kg kgs"],
  ["mass", "ounce ounces oz"],
  ["mass", "pound pounds lb lbs"],
  ["mass", "ton tons tonne tonnes"],
  ["volume", "milliliter milliliters millilitre millilitres ml"],
  ["volume", "liter liters litre litres l"],
  ["volume", "gallon gallons gal"],
  ["volume", "quart quarts"],
  ["volume", "pint pints"],
  ["time", "second seconds sec secs"],
  ["time", "minute minutes min mins"],
  ["time", "hour hours hr hrs"],
  ["time", "day days"],
  ["time", "week weeks"],
  ["time", "month months"],
  ["time", "year years yr yrs"],
  ["money", "cent cents ¢"],
  ["money", "dollar dollars $ usd"],
  ["money", "euro euros €"],
  ["share", "% percent"],
];

const UNITS: ReadonlyMap<string, Unit> = new Map(
  SPELLINGS.flatMap(([dimension, words]) => {
    const spellings = words.split(" ");
    const unit: Unit = { name: spellings[0] ?? "", dimension };
    return spellings.map((word) => [word, unit] as const);
  }),
);

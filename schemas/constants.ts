/** A number that needs no source in a formula, in exact decimal or fraction spelling, and why. */
export interface UsualConstant {
  value: string;
  reason: string;
}

/**
 * The numbers that a formula may use though neither the task nor the rationale states them.
 *
 * Every entry weakens the proof: with enough of them any answer can be put together from nothing. Two things keep the
 * list honest. Of the small integers only 0 to 4 and 10 are in it: none (`1 - …`), doubling, halving, thirds and quarters; 5, 6, 8 and 9 have
 * no meaning of their own in word problems, so they must stand in the task or the rationale (coins, shapes and weekdays
 * named there count: see pipelines/verify/number-words.ts). And an answer that rests on usual constants alone is unsourced,
 * whatever it equals.
 */
export const USUAL_CONSTANTS: readonly UsualConstant[] = [
  { value: "0", reason: "nothing, none" },
  { value: "1", reason: "the whole, one more" },
  { value: "2", reason: "double, half, a pair, both; a square's power" },
  { value: "3", reason: "three times, thirds; feet in a yard; a cube's power" },
  { value: "4", reason: "quarters; weeks in a month as word problems count them; sides of a square" },
  { value: "10", reason: "the base of our numerals; millimetres in a centimetre; years in a decade" },
  { value: "1/2", reason: "half" },
  { value: "100", reason: "percent; cents in a dollar; centimetres in a metre; years in a century" },
  { value: "1/100", reason: "one percent; a cent in dollars" },
  { value: "1000", reason: "the prefix kilo; millilitres in a litre; millimetres in a metre" },
  { value: "7", reason: "days in a week" },
  { value: "12", reason: "months in a year; a dozen; inches in a foot; hours on a clock's face" },
  { value: "24", reason: "hours in a day" },
  { value: "28", reason: "days in February" },
  { value: "29", reason: "days in a leap year's February" },
  { value: "30", reason: "days in a month; minutes in half an hour" },
  { value: "31", reason: "days in a long month" },
  { value: "52", reason: "weeks in a year" },
  { value: "60", reason: "seconds in a minute, minutes in an hour" },
  { value: "365", reason: "days in a year" },
  { value: "366", reason: "days in a leap year" },
  { value: "3600", reason: "seconds in an hour" },
  { value: "16", reason: "ounces in a pound" },
  { value: "36", reason: "inches in a yard" },
  { value: "128", reason: "fluid ounces in a gallon" },
  { value: "1760", reason: "yards in a mile" },
  { value: "2000", reason: "pounds in a ton" },
  { value: "5280", reason: "feet in a mile" },
  { value: "2.54", reason: "centimetres in an inch" },
  { value: "90", reason: "degrees in a right angle" },
  { value: "180", reason: "degrees in a half turn; the angles of a triangle" },
  { value: "360", reason: "degrees in a full turn" },
  { value: "3.14", reason: "π as school books round it" },
  { value: "3.1416", reason: "π to four decimals" },
  { value: "3.14159", reason: "π to five decimals" },
  { value: "22/7", reason: "π as a fraction" },
];

/** The words that name numbers; see number-words.ts for how they join. All in lower case. */

export const SMALL = numbered(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
);
export const TENS = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, index) => [word, (index + 2) * 10]),
);
export const SCALES = new Map([
  ["thousand", 1_000],
  ["million", 1_000_000],
  ["billion", 1_000_000_000],
  ["trillion", 1_000_000_000_000],
]);
export const ORDINALS = numbered(
  "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
);
for (const [word, value] of [...TENS, ["hundred", 100], ["thousand", 1000]] as const) {
  ORDINALS.set(word.endsWith("y") ? `${word.slice(0, -1)}ieth` : `${word}th`, value);
}
/** Denominators that are not ordinals. */
export const PARTS = new Map([
  ["half", 2],
  ["halves", 2],
  ["quarter", 4],
  ["quarters", 4],
]);

/** Words that name a number by what they mean. Values as `Fraction` reads them. */
export const MEANINGS = new Map<string, readonly string[]>(
  Object.entries({
    "once single singles": ["1"],
    "half halve halves halved halving halfway": ["1/2", "2"],
    "quarter quarters quarterly": ["1/4", "4", "25", "0.25"],
    "twice double doubles doubled doubling both pair pairs couple couples twofold twin twins duo biweekly": ["2"],
    "thrice triple triples tripled tripling treble threefold trio triplets triangle triangular": ["3"],
    "quadruple quadruples quadrupled fourfold quartet quadruplets square rectangle rectangular": ["4"],
    "quintuple quintupled quintuplets pentagon weekday weekdays workday workdays workweek": ["5"],
    "weekend weekends": ["2"],
    "hexagon hexagonal": ["6"],
    octagon: ["8"],
    "dozen dozens": ["12"],
    "decade decades": ["10"],
    "century centuries": ["100"],
    fortnight: ["14"],
    hundreds: ["100"],
    thousands: ["1000"],
    "penny pennies": ["1", "0.01"],
    "nickel nickels": ["5", "0.05"],
    "dime dimes": ["10", "0.10"],
  }).flatMap(([words, values]) => words.split(" ").map((word): [string, readonly string[]] => [word, values])),
);

function numbered(words: string): Map<string, number> {
  return new Map(words.split(" ").map((word, index) => [word, index]));
}

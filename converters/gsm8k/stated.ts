/** Number words a task states a number with. Fractions stand for what they divide or multiply by. */
const WORDS: ReadonlyMap<string, readonly number[]> = new Map([
  ...["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"].map(
    (word, value): [string, number[]] => [word, [value]],
  ),
  ["thirty", [30]],
  ["forty", [40]],
  ["fifty", [50]],
  ["sixty", [60]],
  ["seventy", [70]],
  ["eighty", [80]],
  ["ninety", [90]],
  ["hundred", [100]],
  ["thousand", [1000]],
  ["million", [1_000_000]],
  ["dozen", [12]],
  ["half", [2, 0.5]],
  ["halves", [2, 0.5]],
  ["twice", [2]],
  ["double", [2]],
  ["doubles", [2]],
  ["doubled", [2]],
  ["both", [2]],
  ["pair", [2]],
  ["couple", [2]],
  ["thrice", [3]],
  ["triple", [3]],
  ["triples", [3]],
  ["tripled", [3]],
  ["third", [3]],
  ["thirds", [3]],
  ["quarter", [4, 0.25]],
  ["quarters", [4, 0.25]],
  ["fourth", [4]],
  ["fourths", [4]],
  ["fifth", [5]],
  ["fifths", [5]],
  ["week", [7]],
  ["weeks", [7]],
  ["year", [12]],
  ["years", [12]],
]);

const MAX_TASK = 20_000;
const NUMBER = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(%)?|\.\d+(%)?/g;

/** The numbers that a task states, in figures or words; a percentage both in points and as a fraction. */
export function statedNumbers(task: string): ReadonlySet<number> {
  const stated = new Set<number>();
  const text = task.slice(0, MAX_TASK);
  for (const found of text.matchAll(NUMBER)) {
    const value = Number(found[0].replace(/[,%]/g, ""));
    stated.add(value);
    if (found[0].endsWith("%")) stated.add(value / 100);
  }
  for (const found of text.toLowerCase().matchAll(/[a-z]+/g)) for (const value of WORDS.get(found[0]) ?? []) stated.add(value);
  return stated;
}

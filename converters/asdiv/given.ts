const SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(" ");
const WORDS: ReadonlyMap<string, readonly number[]> = new Map([
  ...SMALL.map((word, value): [string, readonly number[]] => [word, [value]]),
  ["once", [1]],
  ["single", [1]],
  ["a", [1]],
  ["an", [1]],
  ["half", [2, 0.5]],
  ["twice", [2]],
  ["double", [2]],
  ["both", [2]],
  ["pair", [2]],
  ["triple", [3]],
  ["thirty", [30]],
  ["forty", [40]],
  ["fifty", [50]],
  ["sixty", [60]],
  ["seventy", [70]],
  ["eighty", [80]],
  ["ninety", [90]],
  ["hundred", [100]],
  ["dozen", [12]],
]);

/** The numbers that a task gives in figures or simple words. */
export function givenNumbers(task: string): ReadonlySet<number> {
  const given = new Set<number>();
  for (const match of task.matchAll(/(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+/g)) given.add(Number(match[0].replaceAll(",", "")));
  for (const match of task.toLowerCase().matchAll(/[a-z]+/g)) for (const value of WORDS.get(match[0]) ?? []) given.add(value);
  return given;
}

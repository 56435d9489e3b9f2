import { isFiller, isLight, type Point, type TaskWords } from "./task-words.ts";

/**
 * Whether two tasks of nearly the same words may be one task told twice: they turn on the same, name persons and things consistently, and ask for the same.
 * In doubt they are two.
 */
export function maySameTask(a: TaskWords, b: TaskWords): boolean {
  if (a.isProblem !== b.isProblem || !inSameOrder(a.points, b.points)) return false;
  if (!a.isProblem) return asksForOne(a.words, b.words);
  return (areRenamed(a.names, b.names) || inSameOrder(a.names, b.names)) && asksForSame(a, b) && asksForSame(b, a) && !tellOfOther(a.words, b.words);
}

/** Tokens that two tasks must have in common, whatever their order: those with others are not compared. */
export function pointsKey(task: TaskWords): string {
  return task.points.map(({ token }) => token).sort().join(" ");
}

/**
 * Whether both have the same tokens in the same order; or in another one, where the words beside each tell which is which: `sells 40 tickets on 3 days` and
 * `on 3 days … sells 40 tickets`, but not `Ann has 5 pens, Bea has 3` and `Ann has 3 pens, Bea has 5`.
 */
function inSameOrder(a: readonly Point[], b: readonly Point[]): boolean {
  if (a.length !== b.length) return false;
  if (a.every(({ token }, at) => token === b[at]?.token)) return true;
  if (a.length > MOST_MOVED) return false;
  const free = new Set(b.keys());
  const placed: { at: number; told: boolean }[] = [];
  for (const point of a) {
    const candidates = [...free].filter((at) => b[at]?.token === point.token);
    const told = candidates.find((at) => isBesideSame(point, b[at] ?? point));
    const at = told ?? candidates[0];
    if (at === undefined) return false;
    free.delete(at);
    placed.push({ at, told: told !== undefined });
  }
  return placed.every((one, first) =>
    placed.every((other, second) => second <= first || one.at < other.at || (one.told && other.told && !isBesideSame(a[first] ?? NOWHERE, a[second] ?? NOWHERE))),
  );
}

const NOWHERE: Point = { token: "", before: "", after: "" };

/** Among so many tokens each is compared with each. */
const MOST_MOVED = 64;

function isBesideSame(a: Point, b: Point): boolean {
  return (a.before !== "" && a.before === b.before) || (a.after !== "" && a.after === b.after);
}

/** Whether the names of one task stand for those of the other, each always for the same one. */
function areRenamed(a: readonly Point[], b: readonly Point[]): boolean {
  if (a.length !== b.length) return false;
  const forth = new Map<string, string>();
  const back = new Map<string, string>();
  return a.every(({ token }, at) => {
    const other = b[at]?.token ?? "";
    if (!forth.has(token)) forth.set(token, other);
    if (!back.has(other)) back.set(other, token);
    return forth.get(token) === other && back.get(other) === token;
  });
}

/**
 * Whether the one task asks for nothing that the other tells of and does not ask for (`how many large boxes`, `how many small boxes`). Where the other has a word of its
 * own in its place, that may be another word for the same; of what is counted only one that its story has, too (`3 roses … how many roses`, `3 roses … how many flowers`).
 */
function asksForSame(a: TaskWords, b: TaskWords): boolean {
  const [own, others] = [new Set(a.words), new Set(b.words)];
  const [counted = "", other = ""] = [a.asked[0], b.asked[0]];
  if (counted !== other && others.has(counted) && (own.has(other) || b.words.indexOf(other) === b.words.lastIndexOf(other))) return false;
  const toldOnly = a.asked.filter((word) => !b.asked.includes(word) && others.has(word)).length;
  const inPlace = b.asked.filter((word) => !a.asked.includes(word) && !own.has(word)).length;
  return toldOnly <= inPlace;
}

/**
 * Whether a word of one task stands less often in the other, and a word that both tell of more often: `2 dogs and 3 cats … 4 dogs`, `2 dogs and 3 cats … 4 cats`. A word that
 * is new in its place may be another word for the same.
 */
function tellOfOther(a: readonly string[], b: readonly string[]): boolean {
  const [own, others] = [countsOf(a), countsOf(b)];
  let [less, more] = [false, false];
  for (const [word, n] of own) {
    const there = others.get(word) ?? 0;
    if (there === 0 || there === n || isFiller(word)) continue;
    if (there < n) less = true;
    else more = true;
  }
  return less && more;
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * Whether two questions have the same words in the same order, but for light ones and for one that only the longer one has: there any other word is
 * another question (`… born in Norway?`, `… born in Sweden?`).
 */
function asksForOne(a: readonly string[], b: readonly string[]): boolean {
  const [one, other] = [a.filter((word) => !isLight(word)), b.filter((word) => !isLight(word))];
  if (one.length === other.length) return one.every((word, at) => word === other[at]);
  const [long, short] = one.length > other.length ? [one, other] : [other, one];
  // Not longer as a whole: the word stands in place of another.
  if (long.length > short.length + 1 || (long === one ? a.length <= b.length : b.length <= a.length)) return false;
  const more = long.findIndex((word, at) => word !== short[at]);
  return short.every((word, at) => word === long[at < more ? at : at + 1]);
}

/** The words of a question that carry its meaning: folded, without function words, references (`#1`, `R2`) and endings. */
export function contentWords(question: string): Set<string> {
  const words = question
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/#[0-9]{1,3}/g, " ")
    .match(/[\p{L}\p{N}]+/gu);
  return new Set((words ?? []).slice(0, MOST_WORDS).filter((word) => !FUNCTION_WORDS.has(word) && !/^r[0-9]+$/.test(word)).map(stem));
}

/**
 * How alike two questions are (0.5 to 1), or 0 where they are not the same question: at least two words of the first, three in
 * five of its words, and a third of the other's are common to both. A question of one such word (`Is #1 in Scotland?`) is
 * half like any that has the word.
 */
export function sameQuestion(gold: ReadonlySet<string>, asked: ReadonlySet<string>): number {
  let common = 0;
  for (const word of gold) if (asked.has(word)) common += 1;
  if (gold.size === 0 || asked.size === 0) return 0;
  if (common === gold.size && common === asked.size) return 1;
  if (gold.size === 1) return common / 2;
  const share = common / gold.size;
  return common >= 2 && share >= 0.6 && common / asked.size >= 1 / 3 ? share : 0;
}

const MOST_WORDS = 200;

const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    "a an and any are as at be been being but by can could did do does for from had has have he her him his how i if in into is it its many may " +
    "more most much must of on one or she should so some such than that the their them then there these they this those to was were what when where " +
    "which who whom whose why will with would you your not no s t"
  ).split(" "),
);

/** Takes off the commonest endings, so that `killed` and `kills` meet. */
function stem(word: string): string {
  for (const ending of ["ing", "ed", "es", "s"]) {
    if (word.length >= ending.length + 4 && word.endsWith(ending)) return word.slice(0, -ending.length);
  }
  return word;
}

/** The name that a mistyped one is most like; null where none is like it: more than two letters, and half of them, are others. Of a long word only the start counts. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const wanted = word.slice(0, LONGEST).toLowerCase();
  const ranked = [...names].map((name) => ({ name, distance: distance(name.toLowerCase(), wanted) })).sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best === undefined || best.distance > Math.max(2, wanted.length / 2, best.name.length / 2) ? null : best.name;
}

const LONGEST = 100;

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

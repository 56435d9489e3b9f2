/** Draws that depend on nothing but their seed: the same on every machine and in whatever order the kinds are planted. */
export interface Draw {
  /** A whole number from 0 to below `below`. */
  int(below: number): number;
  /** At most `count` of the items, in drawn order. */
  some<Item>(items: readonly Item[], count: number): Item[];
}

export function createDraw(seed: string): Draw {
  let state = fnv1a(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    some(items, count) {
      const left = [...items];
      const drawn = [];
      while (left.length > 0 && drawn.length < count) drawn.push(...left.splice(int(left.length), 1));
      return drawn;
    },
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

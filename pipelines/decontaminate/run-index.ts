/** A problem by its place, and the share of its runs that a text has, 0 to 1. */
export interface Covered {
  problem: number;
  coverage: number;
}

/**
 * Which of so many problems have a run, by the run's hash (53 bits): one sorted list of numbers, each the lower bits of a hash followed by the problem's place, which takes a
 * sixth of what a map does. All problems are added before the first is looked for. Two runs may share what is kept of their hashes.
 */
export class RunIndex {
  /** A power of two above every place, and how many hashes can be told apart beside it. */
  private readonly places: number;
  private readonly hashes: number;
  /** How many different runs each problem has. */
  private readonly sizes: Uint32Array;
  private readonly added: number[] = [];
  private sorted: Float64Array | null = null;

  constructor(problems: number) {
    this.places = 2 ** Math.ceil(Math.log2(problems + 1));
    this.hashes = 2 ** 53 / this.places;
    this.sizes = new Uint32Array(problems);
  }

  add(problem: number, runs: readonly number[]): void {
    const distinct = new Set(runs);
    this.sizes[problem] = distinct.size;
    for (const run of distinct) this.added.push((run % this.hashes) * this.places + problem);
  }

  /** The first problem that has a run. */
  first(run: number): number | undefined {
    const { keys, at, from } = this.find(run);
    const key = keys[at] ?? Number.POSITIVE_INFINITY;
    return key < from + this.places ? key - from : undefined;
  }

  /** The problems of which a text has a run, with the share of their runs that it has. */
  cover(runs: readonly number[]): Covered[] {
    const hits = new Map<number, number>();
    for (const run of new Set(runs)) for (const problem of this.holders(run)) hits.set(problem, (hits.get(problem) ?? 0) + 1);
    return Array.from(hits, ([problem, n]) => ({ problem, coverage: Math.min(1, n / (this.sizes[problem] || 1)) }));
  }

  /** The problems that have a run, in order. */
  private holders(run: number): number[] {
    const { keys, at, from } = this.find(run);
    const found: number[] = [];
    for (let next = at, key = keys[next]; key !== undefined && key < from + this.places; key = keys[++next]) found.push(key - from);
    return found;
  }

  /** Where the keys of a run stand, if there are any, and the least that there may be. */
  private find(run: number): { keys: Float64Array; at: number; from: number } {
    const keys = this.keys();
    const from = (run % this.hashes) * this.places;
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return { keys, at: low, from };
  }

  private keys(): Float64Array {
    if (this.sorted === null) {
      this.sorted = Float64Array.from(this.added).sort();
      this.added.length = 0;
    }
    return this.sorted;
  }
}

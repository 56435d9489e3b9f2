import { bandingFor, MinHasher } from "./min-hash.ts";
import { maySameTask, pointsKey } from "./same-task.ts";
import { hashOf, jaccard, shinglesOf } from "./shingles.ts";
import { type TaskWords, taskWords } from "./task-words.ts";

export interface NearOptions {
  /** The least similarity of near-duplicates: Jaccard of their sets of shingles, over 0 to 1. */
  threshold: number;
  /** Words a shingle. */
  shingle: number;
  /** Minima a signature: more of them find pairs at the threshold with fewer comparisons, and take longer to make. */
  permutations: number;
  /** Tasks that differ in numbers, in the words that say how they hang together, or in what they ask for may be near-duplicates too. */
  anyNumbers: boolean;
}

export const NEAR_DEFAULTS: NearOptions = { threshold: 0.5, shingle: 2, permutations: 128, anyNumbers: false };

/** What is compared. Tasks in different environments (pictures, databases) are never near-duplicates, nor is one of an evaluation set of one that is not. */
export interface NearTask {
  task: string;
  environment: string | null;
  evaluation?: boolean;
}

/** Two tasks by their places in the order, `first` before `second`, and how similar they are. */
export interface NearPair {
  first: number;
  second: number;
  similarity: number;
}

/** In a larger bucket a task is compared with its first and its nearest members alone, half of this each, until one is a near-duplicate. */
const WIDEST = 64;
/** So many near-duplicates before it are known of a task, no more: what is kept is among the first of them. */
const MOST_PAIRS = 8;
/** Tasks of a bucket that are held at a time. */
const MOST_HELD = 256;

/**
 * The pairs of near-duplicates among `count` tasks, each once, in order. `taskAt(n)` gives one and is asked again for what has to be compared: of a task only 4
 * bytes a band are kept, and 8 more while a band is sorted. A pair at the threshold is proposed with a probability of 0.99, one above it with a higher one; what is found has the
 * similarity that it says, computed from all shingles. Among very many copies (more than 64 in a bucket) a task is paired with some of them, not with each.
 */
export function findNearPairs(count: number, taskAt: (at: number) => NearTask, options: NearOptions): NearPair[] {
  const hasher = new MinHasher(bandingFor(options.threshold, options.permutations));
  const { bands } = hasher.banding;
  const hashes = new Uint32Array(bands * count);
  const prepare = (at: number): Prepared => prepared(taskAt(at), options);
  for (let at = 0; at < count; at++) {
    const { shingles, apart } = prepare(at);
    hasher.bands(shingles, hashOf(apart), hashes, at, count);
  }
  const pairs: NearPair[] = [];
  const paired = new Uint8Array(count);
  const seenBefore = (band: number, a: number, b: number): boolean => {
    for (let earlier = 0; earlier < band; earlier++) if (hashes[earlier * count + a] === hashes[earlier * count + b]) return true;
    return false;
  };
  for (let band = 0; band < bands; band++) {
    for (const bucket of bucketsOf(hashes.subarray(band * count, (band + 1) * count))) {
      const textOf = held(prepare);
      for (let later = 1; later < bucket.length; later++) {
        const second = bucket[later] ?? 0;
        for (const earlier of partners(later, bucket.length)) {
          if ((paired[second] ?? 0) >= MOST_PAIRS) break;
          const first = bucket[earlier] ?? 0;
          if (seenBefore(band, first, second)) continue;
          const similarity = similarityOf(textOf(first), textOf(second), options);
          if (similarity < options.threshold) continue;
          pairs.push({ first, second, similarity });
          paired[second] = (paired[second] ?? 0) + 1;
          if (bucket.length > WIDEST) break;
        }
      }
    }
  }
  return pairs.sort((a, b) => a.second - b.second || a.first - b.first);
}

/** Those that are left out in the order of tasks, each with the most similar one of those before it that are kept. */
export function chooseKept(pairs: readonly NearPair[]): NearPair[] {
  const dropped = new Map<number, NearPair>();
  for (const pair of pairs) {
    const known = dropped.get(pair.second);
    // Pairs come in the order of their second, so that what became of the first is known.
    if (!dropped.has(pair.first) && (known === undefined || pair.similarity > known.similarity)) dropped.set(pair.second, pair);
  }
  return [...dropped.values()];
}

/** Tasks that near-duplicates join, directly or over others; each cluster in order, of two tasks or more. */
export function clustersOf(pairs: readonly NearPair[]): number[][] {
  const parents = new Map<number, number>();
  const rootOf = (at: number): number => {
    let root = at;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    for (let each = at; each !== root; ) {
      const next = parents.get(each) ?? root;
      parents.set(each, root);
      each = next;
    }
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parents.set(Math.max(a, b), Math.min(a, b));
    if (!parents.has(Math.min(a, b))) parents.set(Math.min(a, b), Math.min(a, b));
  }
  const clusters = new Map<number, number[]>();
  for (const at of [...parents.keys()].sort((a, b) => a - b)) {
    const root = rootOf(at);
    const members = clusters.get(root);
    if (members === undefined) clusters.set(root, [at]);
    else members.push(at);
  }
  return [...clusters.values()];
}

interface Prepared {
  told: TaskWords;
  shingles: Uint32Array;
  /** Tasks that differ in this are not compared. */
  apart: string;
}

function prepared({ task, environment, evaluation = false }: NearTask, { shingle, anyNumbers }: NearOptions): Prepared {
  const told = taskWords(task);
  return { told, shingles: shinglesOf(told.words, shingle), apart: `${anyNumbers ? "" : pointsKey(told)}\n${evaluation}\n${environment ?? ""}` };
}

/** Prepares each task once, as long as it is asked for again soon. */
function held(prepare: (at: number) => Prepared): (at: number) => Prepared {
  const known = new Map<number, Prepared>();
  return (at) => {
    const found = known.get(at) ?? prepare(at);
    known.delete(at);
    known.set(at, found);
    const [oldest] = known.keys();
    if (known.size > MOST_HELD && oldest !== undefined) known.delete(oldest);
    return found;
  };
}

function similarityOf(a: Prepared, b: Prepared, { anyNumbers }: NearOptions): number {
  return a.apart === b.apart && (anyNumbers || maySameTask(a.told, b.told)) ? jaccard(a.shingles, b.shingles) : 0;
}

/** Places of the members that one of a bucket is compared with, all of them before it. */
function* partners(later: number, size: number): Iterable<number> {
  const half = size <= WIDEST ? later : WIDEST / 2;
  for (let earlier = 0; earlier < Math.min(half, later); earlier++) yield earlier;
  for (let earlier = later - 1; earlier >= Math.max(half, later - half); earlier--) yield earlier;
}

/** The places of equal hashes, in order, where there are two or more of one. Sorted together with their places as one list of numbers. */
function* bucketsOf(hashes: Uint32Array): Iterable<number[]> {
  const places = 2 ** Math.ceil(Math.log2(hashes.length + 1));
  const values = Math.min(2 ** 32, 2 ** 53 / places);
  const keys = new Float64Array(hashes.length);
  for (let at = 0; at < hashes.length; at++) keys[at] = ((hashes[at] ?? 0) % values) * places + at;
  keys.sort();
  let start = 0;
  for (let end = 1; end <= keys.length; end++) {
    const value = Math.floor((keys[start] ?? 0) / places);
    if (end < keys.length && Math.floor((keys[end] ?? 0) / places) === value) continue;
    if (end - start > 1) yield Array.from(keys.subarray(start, end), (key) => key % places);
    start = end;
  }
}

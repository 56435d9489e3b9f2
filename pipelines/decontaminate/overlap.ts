import { hashOf, mix } from "../dedupe/shingles.ts";
import { type TaskWords, taskWords } from "../dedupe/task-words.ts";
import { wordsOf } from "../dedupe/words.ts";
import { type Covered, RunIndex } from "./run-index.ts";

export interface OverlapOptions {
  /** Words of a run that is too long to be shared by chance. */
  ngram: number;
  /** Words of the short runs that coverage counts. */
  gram: number;
  /** The least share of a problem's short runs that have to stand in a text. */
  coverage: number;
}

/** Thirteen words are what GPT-3 (Brown et al. 2020, appendix C) and most after it look for; the others: docs/dedupe.md. */
export const OVERLAP_DEFAULTS: OverlapOptions = { ngram: 13, gram: 3, coverage: 0.4 };

/** How a text overlaps with the problem that it overlaps most with. */
export interface Overlap {
  /** Which of the problems, by its place in the list. */
  problem: number;
  /** `exact`: the same words; `ngram`: a long run in common; `coverage`: many short ones. */
  rule: "exact" | "ngram" | "coverage";
  /** The share of the problem's short runs that stand in the text, 0 to 1; where names are others, without regard to them. */
  coverage: number;
  /** The longest run of words that both have in common (of an exact match its first words). */
  shared: string;
}

/** Problems indexed by their runs of words: what a text is compared with costs as much as it has words, however many problems there are. */
export class OverlapIndex {
  /** All words of a problem as one run. */
  private readonly exact: RunIndex;
  private readonly long: RunIndex;
  private readonly plain: RunIndex;
  /** Word problems without names and endings: told of others, with the same numbers, they are the same. */
  private readonly told: RunIndex;

  constructor(
    private readonly problems: readonly string[],
    private readonly options: OverlapOptions,
  ) {
    this.exact = new RunIndex(problems.length);
    this.long = new RunIndex(problems.length);
    this.plain = new RunIndex(problems.length);
    this.told = new RunIndex(problems.length);
    for (const [problem, text] of problems.entries()) {
      const words = wordsOf(text);
      const [whole] = runsOf(words, words.length);
      if (whole === undefined) continue;
      this.exact.add(problem, [whole]);
      this.long.add(problem, runsOf(words, options.ngram));
      this.plain.add(problem, runsOf(words, options.gram));
      const told = taskWords(text);
      if (told.isProblem) this.told.add(problem, runsOf(told.words, options.gram));
    }
  }

  /** The overlap that tells most: exact before a long run before coverage; null where there is none. */
  find(text: string): Overlap | null {
    const words = wordsOf(text);
    const [whole] = runsOf(words, words.length);
    if (whole === undefined) return null;
    const same = this.exact.first(whole);
    if (same !== undefined && wordsOf(this.problems[same] ?? "").join(" ") === words.join(" ")) {
      return { problem: same, rule: "exact", coverage: 1, shared: words.slice(0, this.options.ngram).join(" ") };
    }
    const covered = this.plain.cover(runsOf(words, this.options.gram));
    for (const [at, run] of runsOf(words, this.options.ngram).entries()) {
      const problem = this.long.first(run);
      if (problem === undefined) continue;
      const shared = runAround(wordsOf(this.problems[problem] ?? ""), words, at, this.options.ngram);
      if (shared !== null) return { problem, rule: "ngram", coverage: covered.find((each) => each.problem === problem)?.coverage ?? 0, shared: shared.join(" ") };
    }
    const best = mostCovered(covered) ?? null;
    const found = best !== null && best.coverage >= this.options.coverage ? best : this.sameNumbers(text);
    return found === null ? null : { ...found, rule: "coverage", shared: longestShared(wordsOf(this.problems[found.problem] ?? ""), words).join(" ") };
  }

  /** The word problem that is covered most, names and endings aside, among those all of whose numbers the text has. */
  private sameNumbers(text: string): Covered | null {
    const told = taskWords(text);
    const covered = this.told.cover(runsOf(told.words, this.options.gram)).filter(({ coverage }) => coverage >= this.options.coverage);
    return mostCovered(covered.filter(({ problem }) => hasNumbers(told, taskWords(this.problems[problem] ?? "")))) ?? null;
  }
}

/** The first of those that are covered most. */
function mostCovered(covered: readonly Covered[]): Covered | undefined {
  return covered.reduce<Covered | undefined>((best, each) => (best === undefined || each.coverage > best.coverage || (each.coverage === best.coverage && each.problem < best.problem) ? each : best), undefined);
}

function hasNumbers(text: TaskWords, problem: TaskWords): boolean {
  const counts = new Map<string, number>();
  for (const word of text.words) if (/\d/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return problem.words.every((word) => {
    if (!/\d/.test(word)) return true;
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left > 0;
  });
}

/** The hashes (53 bits) of all runs of `size` words; none where there are fewer words. */
function runsOf(words: readonly string[], size: number): number[] {
  if (size === 0) return [];
  const hashes = words.map(hashOf);
  const runs: number[] = [];
  for (let start = 0; start + size <= hashes.length; start++) {
    let high = 1;
    let low = 2;
    for (let at = start; at < start + size; at++) {
      const hash = hashes[at] ?? 0;
      high = mix(Math.imul(high, 31) + hash);
      low = mix(Math.imul(low, 37) ^ hash);
    }
    runs.push((high >>> 11) * 2 ** 32 + low);
  }
  return runs;
}

/** The run of `size` words of the text at `at`, and what both have in common before and after it; null where the problem has it not (two runs of one hash are not the same run). */
function runAround(problem: readonly string[], text: readonly string[], at: number, size: number): string[] | null {
  const place = problem.findIndex((_, from) => from + size <= problem.length && text.slice(at, at + size).every((word, each) => word === problem[from + each]));
  if (place === -1) return null;
  let before = 0;
  while (at - before > 0 && place - before > 0 && text[at - before - 1] === problem[place - before - 1]) before += 1;
  let end = size;
  while (at + end < text.length && place + end < problem.length && text[at + end] === problem[place + end]) end += 1;
  return text.slice(at - before, at + end);
}

/** The first longest run of words that stands in the first words of both. */
function longestShared(problem: readonly string[], text: readonly string[]): string[] {
  const [ours, theirs] = [problem.slice(0, MOST_COMPARED), text.slice(0, MOST_COMPARED)];
  let [length, end] = [0, 0];
  let before = new Uint32Array(theirs.length + 1);
  for (const [at, word] of ours.entries()) {
    const row = new Uint32Array(theirs.length + 1);
    for (const [other, their] of theirs.entries()) {
      if (their !== word) continue;
      const run = (before[other] ?? 0) + 1;
      row[other + 1] = run;
      if (run > length) [length, end] = [run, at + 1];
    }
    before = row;
  }
  return ours.slice(end - length, end);
}

/** The table of a comparison grows with both texts. */
const MOST_COMPARED = 2000;

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LumosError } from "../../schemas/errors.ts";
import { loadTokenizer } from "../llm/tokens.ts";
import type { Message } from "./format.ts";
import type { TokenFigures } from "./manifest.ts";

/** What rows are measured with. */
export interface TokenCounter {
  /** The tokenizer's file with the beginning of its hash, or that it is an estimate. */
  name: string;
  count(text: string): number;
}

/** The published training code cuts rows at this length without a word (its `max_seq_length`). */
export const PUBLISHED_LIMIT = 1024;

/** A `tokenizer.json` larger than this is none; those of large vocabularies have some 30 MB. */
const MOST_BYTES = 200_000_000;

/**
 * The counter of a `tokenizer.json` as Hugging Face models have it.
 * @throws LumosError `input.unreadable`, `input.broken` where the file is none.
 */
export async function tokenizerOf(file: string): Promise<TokenCounter> {
  const bytes = readBytes(file);
  const { Tokenizer } = await import("@huggingface/tokenizers");
  try {
    const config: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof config !== "object" || config === null || !("model" in config)) throw new TypeError("it has no field 'model'");
    const tokenizer = new Tokenizer(config, {});
    const name = `${basename(file)} (sha256 ${createHash("sha256").update(bytes).digest("hex").slice(0, 12)})`;
    return { name, count: byLines((text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0]?.slice(0, 200) : String(error);
    throw new LumosError("input.broken", `${file} is no tokenizer: ${why}. Expected the tokenizer.json of a Hugging Face model.`, { cause: error });
  }
}

/** Where no tokenizer is given: that of recent OpenAI models, as an estimate. Others make up to a third more tokens of the same text. */
export async function estimatingTokenizer(): Promise<TokenCounter> {
  const { encoding, count } = await loadTokenizer("");
  return { name: `${encoding} (estimate)`, count: byLines(count) };
}

/** So many lines are remembered, none of them longer. */
const MOST_LINES = 5_000;
const LONGEST_LINE = 2_000;

/** Where a tokenizer might take the end of a line together with what follows. */
const PROBES = ["A.\nB c\n\nD's 12\n<|user|>\nE; \nF: {g}?\n", "<|assistant|>\nR1 = QA([R2], Question: é?)\n漢\nR3 = SQL(a\n  b)\n\n\n7"];

/**
 * Counts line by line, and those that were counted before not again: most of a ground row is the same in all of them. A tokenizer that takes the end of a
 * line together with what follows gets whole texts.
 */
export function byLines(count: (text: string) => number): (text: string) => number {
  const known = new Map<string, number>();
  // Within a text, a line stands behind the end of another one and, but for the last, before something else.
  const [before, around] = [count("\n"), count("\n|")];
  const ofLine = (line: string): number => {
    const counted = known.get(line);
    if (counted !== undefined) return counted;
    const tokens = line.endsWith("\n") ? count(`\n${line}|`) - around : count(`\n${line}`) - before;
    if (known.size === MOST_LINES) known.clear();
    if (line.length <= LONGEST_LINE) known.set(line, tokens);
    return tokens;
  };
  const inLines = (text: string): number => text.split(/(?<=\n)(?=\S)/).reduce((sum, line, i) => sum + (i === 0 ? count(line) : ofLine(line)), 0);
  return PROBES.every((text) => inLines(text) === count(text)) ? inLines : count;
}

/**
 * How many tokens a chat has as the published training code lays it out: a line `<|user|>` or `<|assistant|>` before each message, an end token behind each
 * of the assistant's, one token to begin with.
 */
export function chatTokens(messages: readonly Message[], { count }: TokenCounter): number {
  const text = messages.map(({ role, content }) => `<|${role}|>\n${content.trim()}\n`).join("");
  return 1 + messages.filter(({ role }) => role === "assistant").length + count(text);
}

/** Lengths of rows as a histogram: its size is the number of different lengths. */
export class Lengths {
  private readonly rows = new Map<number, number>();
  private total = 0;
  private sum = 0;

  add(length: number): void {
    this.rows.set(length, (this.rows.get(length) ?? 0) + 1);
    this.total += 1;
    this.sum += length;
  }

  /** How many are longer. */
  over(limit: number): number {
    let n = 0;
    for (const [length, rows] of this.rows) if (length > limit) n += rows;
    return n;
  }

  /** Percentiles by nearest rank, and the sum; null of nothing. */
  figures(): TokenFigures | null {
    if (this.total === 0) return null;
    const lengths = [...this.rows.keys()].sort((a, b) => a - b);
    const at = (share: number): number => {
      let seen = 0;
      return lengths.find((length) => (seen += this.rows.get(length) ?? 0) >= Math.ceil(share * this.total)) ?? 0;
    };
    return { p50: at(0.5), p99: at(0.99), max: lengths.at(-1) ?? 0, total: this.sum };
  }
}

function readBytes(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length <= MOST_BYTES) return bytes;
  } catch (error) {
    throw new LumosError("input.unreadable", `Cannot read the tokenizer ${file}: ${error instanceof Error ? error.message : String(error)}; give the path of a tokenizer.json.`, { cause: error });
  }
  throw new LumosError("input.broken", `${file} is larger than ${MOST_BYTES} bytes: no tokenizer.json is.`);
}

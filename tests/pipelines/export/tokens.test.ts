import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byLines, chatTokens, type TokenCounter, tokenizerOf } from "../../../pipelines/export/tokens.ts";
import { loadTokenizer } from "../../../pipelines/llm/tokens.ts";
import { temporaryFolder } from "../store/fixture.ts";

const AROUND = { version: "1.0", truncation: null, padding: null, added_tokens: [], normalizer: null, post_processor: null, decoder: null };

const WORD_LEVEL = {
  ...AROUND,
  pre_tokenizer: { type: "Whitespace" },
  model: { type: "WordLevel", vocab: { "[UNK]": 0, one: 1, two: 2, user: 3, assistant: 4 }, unk_token: "[UNK]" },
};

/** As GPT-2, Llama 3 and Qwen have it: bytes as letters (`Ġ` is a blank, `Ċ` the end of a line), merged pair by pair within words. */
const BYTE_LEVEL = {
  ...AROUND,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false,
    vocab: Object.fromEntries(["Ġ", "Ċ", "a", "b", "c", "Ã", "©", "Ġa", "ab", "Ġab", "Ã©"].map((token, i) => [token, i])),
    merges: [["Ġ", "a"], ["a", "b"], ["Ġa", "b"], ["Ã", "©"]],
  },
};

/** As Llama 2 and Mistral have it: no words, `▁` for a blank, bytes for what the vocabulary lacks. */
const BYTE_FALLBACK = {
  ...AROUND,
  normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, { type: "Replace", pattern: { String: " " }, content: "▁" }] },
  pre_tokenizer: null,
  model: {
    type: "BPE", dropout: null, unk_token: "<unk>", continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true,
    vocab: Object.fromEntries(["<unk>", "<0x0A>", "<0xC3>", "<0xA9>", "▁", "a", "b", "|", "▁a", "ab", "▁ab"].map((token, i) => [token, i])),
    merges: [["▁", "a"], ["a", "b"], ["▁a", "b"]],
  },
};

/** As T5, XLM-R and ALBERT have it (SentencePiece Unigram): the division of the highest probability. */
const UNIGRAM = {
  ...AROUND,
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
  model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0], ["▁", -3], ["a", -4], ["b", -4], ["ab", -5], ["▁ab", -6], ["▁a", -9], ["\n", -4], ["|", -4]], byte_fallback: false },
};

/** As BERT has it: the longest piece first, `##` before what goes on. */
const WORD_PIECE = {
  ...AROUND,
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab: { "[UNK]": 0, a: 1, ab: 2, "##b": 3, "##c": 4, ".": 5, "|": 6 } },
};

async function counterOf(tokenizer: unknown): Promise<TokenCounter> {
  const file = join(temporaryFolder(), "tokenizer.json");
  writeFileSync(file, typeof tokenizer === "string" ? tokenizer : JSON.stringify(tokenizer));
  return tokenizerOf(file);
}

describe("a tokenizer", () => {
  it("is read from a file of its own, named with its hash, and counts as it says", async () => {
    const counter = await counterOf(WORD_LEVEL);
    expect(counter.name).toMatch(/^tokenizer\.json \(sha256 [0-9a-f]{12}\)$/);
    expect(counter.count("one two three")).toBe(3);
    // `<|`, `user` and `|>` before each message, one token to begin with, and an end token behind the assistant's.
    expect(chatTokens([{ role: "user", content: " one two " }, { role: "assistant", content: "one" }], counter)).toBe(1 + 3 + 2 + 3 + 1 + 1);
  });

  it.each<[kind: string, tokenizer: object, text: string, pieces: string]>([
    ["byte-level BPE", BYTE_LEVEL, "ab ab", "ab Ġab"],
    ["byte-level BPE", BYTE_LEVEL, "abc é\nab", "ab c Ġ Ã© Ċ ab"],
    ["BPE of SentencePiece", BYTE_FALLBACK, "ab ab", "▁ab ▁ab"],
    ["BPE of SentencePiece", BYTE_FALLBACK, "é\nab", "▁ <0xC3> <0xA9> <0x0A> ab"],
    ["Unigram", UNIGRAM, "ab ab", "▁ab ▁ab"],
    ["Unigram", UNIGRAM, "a b", "▁ a ▁ b"],
    ["WordPiece", WORD_PIECE, "ABC ab. abx", "ab ##c ab . [UNK]"],
  ])("of another algorithm counts its pieces: %s", async (_kind, tokenizer, text, pieces) => {
    expect((await counterOf(tokenizer)).count(text)).toBe(pieces.split(" ").length);
  });

  it.each([
    ["{", "input.broken"],
    ["[]", "input.broken"],
    ['{"model":{"type":"Nonsense"}}', "input.broken"],
  ])("that is none is refused: %s", async (text, code) => {
    await expect(counterOf(text)).rejects.toMatchObject({ code });
  });

  it("that is missing is named", async () => {
    await expect(tokenizerOf("none.json")).rejects.toMatchObject({ code: "input.unreadable" });
  });
});

describe("counting line by line", () => {
  it("gives what counting at once gives", async () => {
    const { count } = await loadTokenizer("");
    const raw = [BYTE_LEVEL, BYTE_FALLBACK, UNIGRAM, WORD_PIECE].map((config) => {
      const tokenizer = new Tokenizer(config, {});
      return (text: string): number => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
    });
    const words = fc.constantFrom("ab", "a", "b", "c", " ", "  ", "\n", "\n\n", "é", ".", "|", "12", "<|user|>\n", "R1 = QA([R2], Question: a?)");
    fc.assert(
      fc.property(fc.constantFrom(count, ...raw), fc.array(words, { maxLength: 12 }), (whole, parts) => {
        expect(byLines(whole)(parts.join(""))).toBe(whole(parts.join("")));
      }),
      { numRuns: 500 },
    );
  });

  it("asks about a line once, and is not done where tokens go over the ends of lines", () => {
    const asked: string[] = [];
    const count = byLines((text) => {
      asked.push(text);
      return text.length;
    });
    asked.length = 0;
    expect(count("a\nsame\nb\nsame\n")).toBe(14);
    expect(count("c\nsame\n")).toBe(7);
    expect(asked.filter((text) => text.includes("same"))).toHaveLength(1);
    const pairs = (text: string): number => text.replaceAll(/\.\n[A-Z]/g, "x").length;
    expect(byLines(pairs)).toBe(pairs);
  });
});

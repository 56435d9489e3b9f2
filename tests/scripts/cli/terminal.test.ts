import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../../scripts/cli/table.ts";
import { fit, oneLine, visible, width, wrap } from "../../../scripts/cli/terminal.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("visible", () => {
  it.each([
    ["a colour", "\u001b[31mred\u001b[0m", "␛[31mred␛[0m"],
    ["a window title", "\u001b]0;mine\u0007", "␛]0;mine␇"],
    ["a C1 introducer", "\u009b31m", "<U+009B>31m"],
    ["a lone carriage return, which would write over the line", "safe\rtrap", "safe␍trap"],
    ["backspaces", "ab\b\bcd", "ab␈␈cd"],
    ["DEL and NUL", "a\u007fb\u0000", "a␡b␀"],
    ["an override of the writing direction", "gold \u202e72", "gold <U+202E>72"],
    ["an isolate", "\u2066x\u2069", "<U+2066>x<U+2069>"],
    ["an invisible blank", "a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"],
    ["a line separator", "a\u2028b", "a<U+2028>b"],
    ["tags, in which text can hide", "a\u{e0041}", "a<U+E0041>"],
    ["half a character", "a\ud800b", "a\ufffdb"],
    ["a heap of accents", `z${"\u0301".repeat(50)}`, `z${"\u0301".repeat(8)}…`],
    ["a Windows line end and a tab", "a\r\n\tb", "a\n  b"],
    ["what belongs to a script or an emoji", "é 日本語 👩‍👩‍👧 नि क्‍ष ✈️", "é 日本語 👩‍👩‍👧 नि क्‍ष ✈️"],
  ])("shows %s", (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("leaves nothing that a terminal obeys in any text", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10_ffff }), { maxLength: 60 }), (points) => {
        expect(oneLine(String.fromCodePoint(...points))).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
      }),
    );
  });
});

describe("wrap", () => {
  it("counts two columns for an ideograph or an emoji, none for an accent", () => {
    expect(["abc", "日本", "👩‍👩‍👧‍👦", "🇫🇷", "e\u0301", ""].map(width)).toEqual([3, 4, 2, 2, 1, 0]);
    expect(wrap("日本語の長い文章", 8)).toBe("日本語の\n長い文章");
  });

  it("fills a line before it breaks a word that is wider than a line", () => {
    expect(wrap(`see ${"x".repeat(20)} end`, 12, "  ")).toBe("see xxxxxxxx\n  xxxxxxxxxx\n  xx end");
  });

  it("keeps blanks at the beginning of lines and between words", () => {
    expect(wrap("  if a:\n    b  =  1", 40)).toBe("  if a:\n    b  =  1");
  });

  it("makes no line wider than asked for, and loses nothing but blanks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 10, max: 100 }), (text, columns) => {
        const wrapped = wrap(text, columns, "  ");
        for (const line of wrapped.split("\n")) expect(width(line)).toBeLessThanOrEqual(columns);
        expect(wrapped.replaceAll(/\s/g, "")).toBe(visible(text).replaceAll(/\s/g, ""));
      }),
    );
  });

  it.each(["a", "日", "\u001b", "\u0301", " ", "👩\u200d", "e\u0301 ", "\n", "\u202e"])("stays fast on 100,000 times %j", (unit) => {
    const spent = processorTime();
    wrap(unit.repeat(100_000 / unit.length), 80);
    expect(spent()).toBeLessThan(4000);
  });
});

describe("table", () => {
  it("aligns by width, numbers on the right, and cuts long names in the middle to fit", () => {
    const rows = [
      ["gsm8k", "some-lab/a-model-with-a-long-name-8b", "1,234"],
      ["数学", "evil\n\u001b[2J", "7"],
    ];
    const lines = table(["dataset", "model", "n"], rows, 36);
    expect(lines).toMatchInlineSnapshot(`
      [
        "dataset  model                     n",
        "gsm8k    some-lab/a…g-name-8b  1,234",
        "数学     evil␊␛[2J                 7",
      ]
    `);
    expect(lines.every((line) => width(line) <= 36)).toBe(true);
  });

  it("cuts a text to any width, between characters", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 3, max: 40 }), (text, columns) => width(fit(text, columns)) <= columns));
  });
});

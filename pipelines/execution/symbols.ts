/** Signs as people and models type them, and the one spelling that formulas are read in. */
export const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ...["+", "＋"].map((each) => [each, "+"] as const),
  ...["-", "−", "–", "—", "‐", "‑"].map((each) => [each, "-"] as const),
  ...["*", "×", "·", "⋅", "∙", "•", "∗", "✕", "✖"].map((each) => [each, "*"] as const),
  ...["/", "÷", "∕", "⁄"].map((each) => [each, "/"] as const),
  ...["(", ")", "[", "]", "{", "}", ",", ";", "^", "%", "!", ":", "=", "<", ">", "√", "|"].map((each) => [each, each] as const),
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
]);

/** Signs of two characters. */
export const PAIRS: ReadonlyMap<string, string> = new Map([
  ["**", "^"],
  ["//", "//"],
  ["==", "="],
  ["!=", "!="],
  ["<>", "!="],
  ["<=", "<="],
  [">=", ">="],
  ["=<", "<="],
  ["=>", ">="],
  ["&&", "and"],
  ["||", "or"],
]);

/** Operators in words. */
export const WORD_OPERATORS: ReadonlyMap<string, string> = new Map([
  ["times", "*"],
  ["plus", "+"],
  ["minus", "-"],
  ["mod", "mod"],
  ["modulo", "mod"],
  ["rem", "mod"],
  ["div", "//"],
  ["and", "and"],
  ["or", "or"],
  ["not", "not"],
  ["percent", "%"],
]);

/** Fractions that are one character: numerator and denominator. */
export const VULGAR_FRACTIONS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["½", [1, 2]],
  ["⅓", [1, 3]],
  ["⅔", [2, 3]],
  ["¼", [1, 4]],
  ["¾", [3, 4]],
  ["⅕", [1, 5]],
  ["⅖", [2, 5]],
  ["⅗", [3, 5]],
  ["⅘", [4, 5]],
  ["⅙", [1, 6]],
  ["⅚", [5, 6]],
  ["⅛", [1, 8]],
  ["⅜", [3, 8]],
  ["⅝", [5, 8]],
  ["⅞", [7, 8]],
]);

/** A word, number or sign of a rationale line. `start` and `end` are places in the line without its `<<…>>` marks. */
export interface Token {
  kind: "number" | "operator" | "equals" | "open" | "close" | "word" | "other";
  text: string;
  start: number;
  end: number;
  /** Of a number: `$` before it, `%` after it. */
  money: boolean;
  percent: boolean;
  /** No blank between this token and the one before. */
  glued: boolean;
  /** Of `divided by`, `multiplied by`: two words. */
  joined?: boolean;
}

const NUMBER = /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_'’]+(?:-[\p{L}\p{N}]+)*|\p{L}-\p{L}{2,}|[\p{L}_]/uy;
/** `-mile` of `1200-mile trip`. */
const COMPOUND = /-\p{L}{2,}(?:-\p{L}+)*/uy;
const BLANK = /\s+/y;
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["+", "+"],
  ["-", "-"],
  ["−", "-"],
  ["–", "-"],
  ["*", "*"],
  ["×", "*"],
  ["/", "/"],
  ["÷", "/"],
  ["^", "^"],
]);
const FRACTIONS: ReadonlyMap<string, string> = new Map([
  ["½", "1/2"],
  ["⅓", "1/3"],
  ["⅔", "2/3"],
  ["¼", "1/4"],
  ["¾", "3/4"],
  ["⅕", "1/5"],
  ["⅛", "1/8"],
]);
const OPERATOR_WORDS: ReadonlyMap<string, string> = new Map([
  ["x", "*"],
  ["X", "*"],
  ["times", "*"],
  ["plus", "+"],
  ["minus", "-"],
  ["divided", "/"],
  ["multiplied", "*"],
]);
const SMALL_NUMBERS: ReadonlyMap<string, string> = new Map(
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(" ").map((word, index) => [word, String(index + 1)]),
);
const EQUALS_WORDS: ReadonlySet<string> = new Set(["equals", "equal"]);

/** Splits a line into tokens. `x` between operands is an operator, a letter at a number (`2x`) a word of its own, glued. */
export function tokenizeLine(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let money = -1;
  while (at < line.length) {
    const blank = match(BLANK, line, at);
    if (blank !== null) {
      at += blank.length;
      continue;
    }
    const char = line.charAt(at);
    if (char === "$") {
      if (money !== -1) tokens.push(token("other", "$", money, money + 1, tokens));
      money = at;
      at += 1;
      continue;
    }
    const start = money === -1 ? at : money;
    const number = match(NUMBER, line, at);
    if (number !== null) {
      let end = at + number.length;
      const percent = line.charAt(end) === "%" || (line.charAt(end) === " " && line.charAt(end + 1) === "%");
      if (percent) end = line.indexOf("%", end) + 1;
      tokens.push({ ...token("number", number, start, end, tokens), money: money !== -1, percent });
      at = end;
      // `$24k`: thousands, all along the line, are a unit.
      if (money !== -1 && /^k(?![\p{L}\d])/u.test(line.slice(at, at + 2))) {
        tokens.push(token("word", "thousand", at, at + 1, tokens));
        at += 1;
      }
      money = -1;
      continue;
    }
    // `$-5`: the sign comes before the number in a formula too.
    if (money !== -1 && char !== "-" && char !== "(") tokens.push(token("other", "$", money, money + 1, tokens));
    money = -1;
    const compound = tokens.at(-1)?.end === at && tokens.at(-1)?.kind === "number" ? match(COMPOUND, line, at) : null;
    const word = compound ?? match(WORD, line, at);
    if (word !== null) {
      const split = /^[xX]\d/.exec(word);
      const length = split === null ? word.length : 1;
      tokens.push(token("word", word.slice(0, length), at, at + length, tokens));
      at += length;
      continue;
    }
    const fraction = FRACTIONS.get(char);
    if (fraction !== undefined) {
      const [over = "", below = ""] = fraction.split("/");
      tokens.push(token("number", over, start, at + 1, tokens), token("operator", "/", at + 1, at + 1, tokens), token("number", below, at + 1, at + 1, tokens));
      for (const each of tokens.slice(-2)) each.glued = true;
      at += 1;
      continue;
    }
    const operator = OPERATORS.get(char);
    const kind = operator !== undefined ? "operator" : char === "=" || char === "≈" ? "equals" : char === "(" ? "open" : char === ")" ? "close" : "other";
    tokens.push(token(kind, operator ?? char, at, at + 1, tokens));
    at += 1;
  }
  const spelt = spellOut(tokens);
  return spelt.map((each, index) => operatorWord(each, index, spelt));
}

function token(kind: Token["kind"], text: string, start: number, end: number, before: readonly Token[]): Token {
  const last = before.at(-1);
  return { kind, text, start, end, money: false, percent: false, glued: last !== undefined && last.end === start };
}

function match(pattern: RegExp, line: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? null;
}

/** `divided by` as one word, and a number word beside an operation: `ten times 15 equals`, `2 plus 2 equals four`. */
function spellOut(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const each of tokens) {
    const last = joined.at(-1);
    if (last?.kind === "word" && /^(?:divided|multiplied)$/.test(last.text) && /^(?:by|into|among|between)$/.test(each.text)) joined[joined.length - 1] = { ...last, text: last.text, end: each.end, joined: true };
    else joined.push(each);
  }
  const equals = joined.some((each) => EQUALS_WORDS.has(each.text));
  return joined.map((each, index) => {
    const value = each.kind === "word" ? SMALL_NUMBERS.get(each.text.toLowerCase()) : undefined;
    if (value === undefined) return each;
    const before = joined[index - 1]?.text ?? "";
    const operation = equals && joined.slice(index + 1, index + 4).some((after) => after.kind === "word" && (/^(?:times|plus|minus)$/.test(after.text) || after.joined === true));
    return operation || /^(?:times|plus|minus|equals|divided|multiplied)$/.test(before) ? { ...each, kind: "number", text: value } : each;
  });
}

/** `14 boys plus`: up to three words since a number. */
function followsUnit(tokens: readonly Token[], index: number): boolean {
  if (/^(?:is|are|was|were|be|been|then|and)$/.test(tokens[index - 1]?.text ?? "")) return false;
  const number = tokens.slice(Math.max(0, index - 4), index).findLast((each) => each.kind !== "word");
  return number?.kind === "number" && tokens.some((each) => each.kind === "equals" || EQUALS_WORDS.has(each.text));
}

function operatorWord(each: Token, index: number, tokens: readonly Token[]): Token {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  if (each.kind === "word" && EQUALS_WORDS.has(each.text) && after?.kind === "number" && before !== undefined) return { ...each, kind: "equals" };
  const operator = each.kind === "word" && (each.joined === true || !each.text.endsWith("ed")) ? OPERATOR_WORDS.get(each.text) : undefined;
  if (operator === undefined || before === undefined || after === undefined) return each;
  const operand = after.kind === "number" || after.kind === "open";
  // `12 floors x 2`: a unit may stand before the sign, not before a word that only reads like one.
  const follows = before.kind === "number" || before.kind === "close" || (before.kind === "word" && (each.text.toLowerCase() === "x" || followsUnit(tokens, index)));
  return operand && follows ? { ...each, kind: "operator", text: operator } : each;
}

import { Fraction } from "fraction.js";
import type { ArgPart } from "../../../schemas/plan.ts";
import { FormulaProblem, LIMITS } from "../limits.ts";
import { SYMBOLS } from "../symbols.ts";

/** A piece of pseudo-code. `line` tokens part lines; `indent` counts the spaces that the next line starts with. */
export interface CodeToken {
  type: "number" | "string" | "name" | "reference" | "sign" | "line" | "end";
  text: string;
  value: Fraction | null;
  indent: number;
}

/** Cuts pseudo-code into tokens. Throws FormulaProblem (`unknown`) for what it does not know: code of a larger language is not run. */
export function readTokens(args: readonly ArgPart[]): CodeToken[] {
  const tokens: CodeToken[] = [];
  for (const part of args) {
    if (typeof part !== "string") tokens.push(token("reference", part.ref));
    else readText(part, tokens);
    if (tokens.length > LIMITS.tokens) throw new FormulaProblem("limit", `The code has more than ${LIMITS.tokens} words and signs.`);
  }
  tokens.push(token("end", "the end"));
  return tokens;
}

const SPACE = /[ \t\r\u00a0]+/y;
const COMMENT = /#[^\n]*|\/\/ [^\n]*/y;
const NUMBER = /(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?|\.\d+/y;
const STRING = /"([^"\n]*)"|'([^'\n]*)'|[“”]([^“”\n]*)[“”]|[‘]([^‘’\n]*)[’]/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SIGN = /\*\*|\/\/|==|!=|<=|>=|<>|\+=|-=|\*=|\/=|&&|\|\||=>|->|[-+*/%^=<>()[\]{},;:?!.≤≥≠×÷−–]/y;
const SAME: ReadonlyMap<string, string> = new Map([["^", "**"], ["<>", "!="], ["≤", "<="], ["≥", ">="], ["≠", "!="], ["&&", "and"], ["||", "or"]]);

function readText(text: string, tokens: CodeToken[]): void {
  let at = 0;
  let brackets = 0;
  const matched = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  while (at < text.length) {
    if (tokens.length > LIMITS.tokens) return;
    if (matched(SPACE) !== null || matched(COMMENT) !== null) continue;
    if (text.charAt(at) === "\n") {
      at += 1;
      const indent = matched(SPACE)?.[0].length ?? 0;
      tokens.push({ ...token("line", "the end of the line"), indent });
      continue;
    }
    // A comma between digits parts the items of a list; elsewhere it groups them.
    const number = matched(NUMBER);
    if (number !== null) {
      pushNumber(number[0], brackets > 0, tokens);
      continue;
    }
    const string = matched(STRING);
    if (string !== null) {
      tokens.push(token("string", string[1] ?? string[2] ?? string[3] ?? string[4] ?? ""));
      continue;
    }
    const name = matched(NAME);
    if (name !== null) {
      tokens.push(token("name", name[0]));
      continue;
    }
    const sign = matched(SIGN)?.[0];
    if (sign === undefined) throw new FormulaProblem("unknown", `The code holds '${text.charAt(at)}', which is not run here.`);
    if (sign === "(" || sign === "[") brackets += 1;
    if (sign === ")" || sign === "]") brackets -= 1;
    tokens.push(token("sign", SAME.get(sign) ?? (sign.length === 1 && sign !== "=" ? (SYMBOLS.get(sign) ?? sign) : sign)));
  }
}

function pushNumber(text: string, listed: boolean, tokens: CodeToken[]): void {
  const pieces = listed ? text.split(",") : [text.replaceAll(",", "")];
  for (const [index, piece] of pieces.entries()) {
    if (piece.length > LIMITS.digits) throw new FormulaProblem("limit", `A number has more than ${LIMITS.digits} digits.`);
    if (index > 0) tokens.push(token("sign", ","));
    tokens.push({ ...token("number", piece), value: new Fraction(piece.startsWith(".") ? `0${piece}` : piece) });
  }
}

function token(type: CodeToken["type"], text: string): CodeToken {
  return { type, text, value: null, indent: 0 };
}

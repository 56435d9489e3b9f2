import type { FormulaToken } from "../shared/formula.ts";
import type { Token } from "./tokens.ts";

/** An expression of numbers, unknowns (single letters), signs and brackets: a side of an equation. */
export interface Side {
  /** Implicit products written out, an unknown as a reference of its letter. */
  formula: readonly FormulaToken[];
  /** What it is worth, `coefficient * unknown + constant`, where it is linear. */
  value: Linear | null;
  letters: readonly string[];
  /** The place behind its last token. */
  next: number;
}

interface Linear {
  coefficient: number;
  constant: number;
}

/** Longer sides, or deeper brackets, are not read. */
const MAX_TOKENS = 60;
const MAX_DEPTH = 6;

/** The longest expression from a token on, or null where none starts there. */
export function readSide(tokens: readonly Token[], from: number): Side | null {
  return readSum(tokens.slice(0, from + MAX_TOKENS), from, 0);
}

/** The longest expression that ends right before the token at `end`, and where it starts. */
export function readSideBefore(tokens: readonly Token[], end: number): { side: Side; from: number } | null {
  let found: { side: Side; from: number } | null = null;
  for (let from = end - 1; from >= 0 && end - from <= MAX_TOKENS; from -= 1) {
    const each = tokens[from];
    if (each === undefined || each.kind === "equals" || each.kind === "other" || (each.kind === "word" && !isUnknown(each))) break;
    const side = readSide(tokens, from);
    if (side?.next === end) found = { side, from };
  }
  const before = found === null ? undefined : tokens[found.from - 1];
  const inside = before?.kind === "operator" || before?.kind === "number" || before?.kind === "close" || before?.kind === "open" || isUnknown(before);
  return inside ? null : found;
}

/** Whether a token may name an unknown. */
export function isUnknown(token: Token | undefined): boolean {
  return token?.kind === "word" && /^[A-Za-z]$/.test(token.text);
}

function readSum(tokens: readonly Token[], from: number, depth: number): Side | null {
  let left = readProduct(tokens, from, depth);
  while (left !== null) {
    const sign = tokens[left.next];
    if (sign?.kind !== "operator" || (sign.text !== "+" && sign.text !== "-")) break;
    const right = readProduct(tokens, left.next + 1, depth);
    if (right === null) break;
    left = joined(left, sign.text, right, left.value === null || right.value === null ? null : added(left.value, right.value, sign.text === "+" ? 1 : -1));
  }
  return left;
}

function readProduct(tokens: readonly Token[], from: number, depth: number): Side | null {
  let left = readFactor(tokens, from, depth);
  while (left !== null) {
    const sign = tokens[left.next];
    const written = sign?.kind === "operator" && (sign.text === "*" || sign.text === "/");
    if (!written && !multiplies(tokens, left.next)) break;
    const right = readFactor(tokens, left.next + (written ? 1 : 0), depth);
    if (right === null) break;
    const text = written && sign.text === "/" ? "/" : "*";
    const value = left.value === null || right.value === null ? null : text === "/" ? divided(left.value, right.value) : multiplied(left.value, right.value);
    left = joined(left, text, right, value);
  }
  return left;
}

/** `2x`, `3(x + 1)`, `(1/3)x`: two factors side by side. */
function multiplies(tokens: readonly Token[], at: number): boolean {
  const [before, each] = [tokens[at - 1], tokens[at]];
  if (before === undefined || each === undefined) return false;
  if (each.kind === "open") return each.glued && (before.kind === "number" || before.kind === "close" || isUnknown(before));
  return isUnknown(each) && (before.kind === "close" || (before.kind === "number" && each.glued));
}

function readFactor(tokens: readonly Token[], from: number, depth: number): Side | null {
  const each = tokens[from];
  if (each === undefined || depth > MAX_DEPTH) return null;
  if (each.kind === "operator" && each.text === "-" && tokens[from + 1]?.kind !== "operator") {
    const side = readFactor(tokens, from + 1, depth);
    return side === null ? null : { ...side, formula: [{ kind: "minus" }, ...side.formula], value: side.value === null ? null : multiplied({ coefficient: 0, constant: -1 }, side.value) };
  }
  if (each.kind === "number") {
    const text = each.text.replaceAll(",", "");
    return { formula: [{ kind: "number", text, percent: each.percent }], value: { coefficient: 0, constant: Number(text) / (each.percent ? 100 : 1) }, letters: [], next: from + 1 };
  }
  if (isUnknown(each)) return { formula: [{ kind: "ref", text: each.text }], value: { coefficient: 1, constant: 0 }, letters: [each.text], next: from + 1 };
  if (each.kind !== "open") return null;
  const inner = readSum(tokens, from + 1, depth + 1);
  if (inner === null || tokens[inner.next]?.kind !== "close") return null;
  const formula: FormulaToken[] = inner.formula.length === 1 ? [...inner.formula] : [{ kind: "open" }, ...inner.formula, { kind: "close" }];
  return { ...inner, formula, next: inner.next + 1 };
}

function joined(left: Side, text: "+" | "-" | "*" | "/", right: Side, value: Linear | null): Side {
  return { formula: [...left.formula, { kind: "operator", text }, ...right.formula], value, letters: [...left.letters, ...right.letters], next: right.next };
}

function added(a: Linear, b: Linear, sign: 1 | -1): Linear {
  return { coefficient: a.coefficient + sign * b.coefficient, constant: a.constant + sign * b.constant };
}

function multiplied(a: Linear, b: Linear): Linear | null {
  if (a.coefficient !== 0 && b.coefficient !== 0) return null;
  return { coefficient: a.coefficient * b.constant + b.coefficient * a.constant, constant: a.constant * b.constant };
}

function divided(a: Linear, b: Linear): Linear | null {
  if (b.coefficient !== 0 || b.constant === 0) return null;
  return { coefficient: a.coefficient / b.constant, constant: a.constant / b.constant };
}

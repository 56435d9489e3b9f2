import type { FormulaToken } from "../shared/formula.ts";

/** Longer sides are left as they are. */
const MAX_TOKENS = 200;

/**
 * Takes back what a rationale simplified (`4(2x) = 8x`) where that put a number into the equation that nothing else gives: the 8 of
 * `x + 2x + 8x` becomes `4 * (2 * x)` again.
 */
export function unsimplified(side: readonly FormulaToken[], { identities }: { identities: readonly { left: readonly FormulaToken[]; right: readonly FormulaToken[] }[] }, known: ReadonlySet<number>): readonly FormulaToken[] {
  let tokens = side;
  for (const { left, right } of identities) {
    const at = placeOf(tokens, right);
    if (at === null || !right.some((token) => isNew(token, known)) || tokens.length + left.length > MAX_TOKENS) continue;
    // A sum for a sum stands where a sum may; a sum for a product needs brackets.
    const whole = right.length === tokens.length || !isSum(left) || isSum(right);
    const put: FormulaToken[] = whole ? [...left] : [{ kind: "open" }, ...left, { kind: "close" }];
    tokens = [...tokens.slice(0, at), ...put, ...tokens.slice(at + right.length)];
  }
  return tokens;
}

function isNew(token: FormulaToken, known: ReadonlySet<number>): boolean {
  return token.kind === "number" && !known.has(Number(token.text));
}

/** Where a sum or product stands in a formula as a part of its own. */
function placeOf(tokens: readonly FormulaToken[], part: readonly FormulaToken[]): number | null {
  for (let at = 0; at + part.length <= tokens.length; at += 1) {
    const [before, after] = [tokens[at - 1], tokens[at + part.length]];
    if (!part.every((each, index) => isSame(each, tokens[at + index]))) continue;
    const starts = before === undefined || before.kind === "open" || (before.kind === "operator" && (before.text === "+" || (before.text === "-" && !isSum(part))));
    const ends = after === undefined || after.kind === "close" || (after.kind === "operator" && (after.text === "+" || after.text === "-" || (!isSum(part) && after.text !== "^")));
    if (starts && ends) return at;
  }
  return null;
}

function isSame(a: FormulaToken, b: FormulaToken | undefined): boolean {
  return a.kind === b?.kind && ("text" in a ? "text" in b && a.text === b.text : true);
}

/** Whether a formula is a sum outside of brackets. */
function isSum(tokens: readonly FormulaToken[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "open") depth += 1;
    else if (token.kind === "close") depth -= 1;
    else if (depth === 0 && token.kind === "operator" && (token.text === "+" || token.text === "-")) return true;
  }
  return false;
}

import type { Token } from "./tokens.ts";

export interface Expression {
  formula: string;
  operators: number;
  next: number;
  end: number;
}

/**
 * Reads numbers, signs, brackets and the units between them. On the left of `=` it must reach the sign; on the right it ends
 * where no further operand follows.
 */
export function readExpression(tokens: readonly Token[], from: number, left: boolean): Expression | null {
  let formula = "";
  let operators = 0;
  let depth = 0;
  let operand = true;
  let at = from;
  let best: Expression | null = null;
  for (let each = tokens[at]; each !== undefined && formula.length < 500; each = tokens[at]) {
    if (operand) {
      if (each.kind === "open") depth += 1;
      else if (each.kind === "number") operand = false;
      else if (!(each.kind === "operator" && each.text === "-" && !formula.endsWith("-"))) break;
      formula += spelt(each);
      at += 1;
      // `2x`, `3rd`, `10:00`: no number of a calculation.
      const after = tokens[at];
      if (each.kind === "number" && after?.glued === true && (after.kind === "word" ? after.text.length === 1 : after.text === ":" && tokens[at + 1]?.kind === "number")) break;
      if (!operand) {
        const mixed = each.kind === "number" ? readMixed(tokens, at) : null;
        if (mixed !== null) {
          const before = formula.slice(0, formula.length - spelt(each).length);
          formula = /[*/]$/.test(before) ? `${before}(${mixed})` : `${before}${mixed}`;
          operators += 1;
          at += 3;
        }
        if (depth === 0) best = { formula, operators, next: at, end: tokens[at - 1]?.end ?? each.end };
      }
      continue;
    }
    if (each.text === "/" && !(each.glued && tokens[at + 1]?.glued === true) && isGluedFraction(tokens, at + 1)) {
      // `28 / 1/5`: the fraction is what it is divided by.
      formula += `/(${spelledOut(tokens.slice(at + 1, at + 4))})`;
      operators += 2;
      at += 4;
      if (depth === 0) best = { formula, operators, next: at, end: tokens[at - 1]?.end ?? each.end };
    } else if (each.kind === "operator" && !isUnitSlash(tokens, at)) {
      formula += each.text;
      operators += 1;
      operand = true;
      at += 1;
    } else if (each.kind === "close" && depth > 0) {
      depth -= 1;
      formula += ")";
      at += 1;
      if (depth === 0) best = { formula, operators, next: at, end: each.end };
    } else if (each.kind === "open" && each.glued) {
      formula += "*";
      operators += 1;
      operand = true;
    } else if (each.kind === "number" && tokens[at - 1]?.kind === "close" && (each.glued || tokens[at - 3]?.text === "/")) {
      formula += "*";
      operators += 1;
      operand = true;
    } else if (each.kind === "equals" && depth === 0) {
      return { formula, operators, next: at, end: best?.end ?? each.start };
    } else {
      const after = skipUnit(tokens, at);
      const share = after !== null && isShare(tokens, at);
      if (share) {
        formula += "*";
        operators += 1;
        operand = true;
      }
      if (after === null) break;
      at = after;
    }
  }
  return left ? null : best;
}

/** `1/5` written without blanks. */
export function isGluedFraction(tokens: readonly Token[], at: number): boolean {
  const [over, slash, below] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  return over?.kind === "number" && slash?.text === "/" && slash.glued && below?.kind === "number" && below.glued;
}

/** The place after the unit words at `at` (none of them `of`: a share of something unnamed) if a sign or bracket follows them, or after an `of` between a share and a number. */
export function skipUnit(tokens: readonly Token[], at: number): number | null {
  if (isShare(tokens, at)) return at + 1;
  if (tokens[at]?.text === "of") return null;
  let next = at;
  while (next - at < MAX_UNIT * 2) {
    const each = tokens[next];
    if (each === undefined) return null;
    if (each.kind === "word") {
      // A letter beside a number or sign is an unknown, not a unit.
      if (each.text.length === 1 && each.text !== "a") return null;
      next += 1;
    } else if (isUnitSlash(tokens, next)) next += 1;
    else break;
  }
  const each = tokens[next];
  return next > at && each !== undefined && (each.kind === "operator" || each.kind === "equals" || each.kind === "close") ? next : null;
}

/** Words of a unit between a number and the next sign: `$80 Lisa's cost for coats / 4`. */
const MAX_UNIT = 7;

function spelledOut(tokens: readonly Token[]): string {
  return tokens.map(spelt).join("");
}

function spelt(token: Token): string {
  if (token.kind !== "number") return token.text;
  return `${token.text.replaceAll(",", "")}${token.percent ? "%" : ""}`;
}

/** The mixed number whose fraction starts here (`2 1/2`) as one fraction: `5/2`. */
function readMixed(tokens: readonly Token[], at: number): string | null {
  const [whole, over, below] = [tokens[at - 1], tokens[at], tokens[at + 2]];
  if (whole === undefined || over === undefined || below === undefined || !isGluedFraction(tokens, at)) return null;
  const proper = !over.money && Number(over.text) < Number(below.text);
  const integers = [whole, over, below].every((each) => /^\d{1,6}$/.test(each.text));
  return proper && integers ? `${Number(whole.text) * Number(below.text) + Number(over.text)}/${below.text}` : null;
}

/** The slash of a unit: `7 stickers/page`, `$5/ice cream`. */
function isUnitSlash(tokens: readonly Token[], at: number): boolean {
  const after = tokens[at + 1];
  return tokens[at]?.text === "/" && after?.kind === "word";
}

/** `1/2 of 40`, `25% of 200`. */
function isShare(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]?.text !== "of" || tokens[at + 1]?.kind !== "number" || before?.kind !== "number") return false;
  return before.percent || tokens[at - 2]?.text === "/";
}

/** An arithmetic expression as ASDiv writes them. Numbers keep their spelling. */
export type Expression =
  | { kind: "number"; text: string }
  | { kind: "sum"; terms: { operator: "+" | "-"; of: Expression }[] }
  | { kind: "product"; factors: { operator: "*" | "/"; of: Expression }[] }
  | { kind: "power"; base: Expression; exponent: Expression }
  | { kind: "call"; name: "gcd" | "lcm"; args: Expression[] }
  | { kind: "group"; of: Expression };

const MAX_LENGTH = 1_000;
const MAX_DEPTH = 50;
const TOKEN = /\s*(?:(\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%?|\.\d+%?)|(GCD|LCM)|([-+*/^()[\],]))/iy;

/** Reads `(10-5)*3`, `GCD(8,12)`, `2(3+4)`, `100^(1/2)`; units must be out already. Null where it is none. Inside `GCD(…)` a comma always separates. */
export function parseExpression(text: string): Expression | null {
  if (text.length > MAX_LENGTH) return null;
  const tokens = tokenize(text);
  if (tokens === null || tokens.length === 0) return null;
  const parser = new ExpressionParser(tokens);
  const expression = parser.sum(0);
  return expression !== null && parser.done() ? expression : null;
}

/** Prints with blanks around operators: `(10 - 5) * 3`. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "group":
      return `(${printExpression(expression.of)})`;
    case "call":
      return `${expression.name}(${expression.args.map(printExpression).join(", ")})`;
    case "power":
      return `${printExpression(expression.base)}^${printExpression(expression.exponent)}`;
    case "sum":
      return chain(expression.terms);
    case "product":
      return chain(expression.factors);
  }
}

/** The numbers that an expression writes, in order. */
export function numbersOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
      return [expression.text];
    case "group":
      return numbersOf(expression.of);
    case "call":
      return expression.args.flatMap(numbersOf);
    case "power":
      return [...numbersOf(expression.base), ...numbersOf(expression.exponent)];
    case "sum":
      return expression.terms.flatMap(({ of }) => numbersOf(of));
    case "product":
      return expression.factors.flatMap(({ of }) => numbersOf(of));
  }
}

function chain(parts: readonly { operator: string; of: Expression }[]): string {
  return parts.map(({ operator, of }, index) => (index === 0 ? printExpression(of) : ` ${operator} ${printExpression(of)}`)).join("");
}

function tokenize(text: string): string[] | null {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  let listDepth = 0;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(trimmed);
    if (match === null) return null;
    const token = (match[1] ?? match[2] ?? match[3] ?? "").toLowerCase();
    const before = tokens.at(-1);
    if (listDepth > 0 && token.includes(",") && token.length > 1) tokens.push(...token.split(",").flatMap((each, index) => (index === 0 ? [each] : [",", each])));
    else tokens.push(token);
    if (token === "(" || token === "[") listDepth += listDepth > 0 || before === "gcd" || before === "lcm" ? 1 : 0;
    else if ((token === ")" || token === "]") && listDepth > 0) listDepth--;
  }
  return tokens;
}

/** Recursive descent: sum > product > power > operand. Two numbers side by side are no product; a bracket beside a number is. */
class ExpressionParser {
  private index = 0;

  constructor(private readonly tokens: readonly string[]) {}

  done(): boolean {
    return this.index === this.tokens.length;
  }

  sum(depth: number): Expression | null {
    if (depth > MAX_DEPTH) return null;
    const first = this.product(depth);
    if (first === null) return null;
    const terms: { operator: "+" | "-"; of: Expression }[] = [{ operator: "+", of: first }];
    for (let operator = this.peek(); operator === "+" || operator === "-"; operator = this.peek()) {
      this.index++;
      const of = this.product(depth);
      if (of === null) return null;
      terms.push({ operator, of });
    }
    return terms.length === 1 ? first : { kind: "sum", terms };
  }

  private product(depth: number): Expression | null {
    const first = this.power(depth);
    if (first === null) return null;
    const factors: { operator: "*" | "/"; of: Expression }[] = [{ operator: "*", of: first }];
    for (;;) {
      const next = this.peek();
      if (next === "*" || next === "/") this.index++;
      else if (next !== "(" && next !== "[") break;
      const of = this.power(depth);
      if (of === null) return null;
      factors.push({ operator: next === "/" ? "/" : "*", of });
    }
    return factors.length === 1 ? first : { kind: "product", factors };
  }

  private power(depth: number): Expression | null {
    const base = this.operand(depth);
    if (base === null || this.peek() !== "^") return base;
    this.index++;
    const exponent = this.operand(depth);
    return exponent === null ? null : { kind: "power", base, exponent };
  }

  private operand(depth: number): Expression | null {
    const token = this.peek();
    this.index++;
    if (token === undefined) return null;
    if (/^[\d.]/.test(token)) return { kind: "number", text: token.replaceAll(",", "") };
    if (token === "gcd" || token === "lcm") {
      const args = this.brackets(depth);
      return args === null ? null : { kind: "call", name: token, args };
    }
    if (token !== "(" && token !== "[") return null;
    this.index--;
    const inner = this.brackets(depth);
    const only = inner?.[0];
    if (only === undefined || inner?.length !== 1) return null;
    return only.kind === "number" || only.kind === "group" || only.kind === "call" ? only : { kind: "group", of: only };
  }

  private brackets(depth: number): Expression[] | null {
    const open = this.peek();
    if (open !== "(" && open !== "[") return null;
    this.index++;
    const items: Expression[] = [];
    for (;;) {
      const item = this.sum(depth + 1);
      if (item === null) return null;
      items.push(item);
      const next = this.peek();
      this.index++;
      if (next === (open === "(" ? ")" : "]")) return items;
      if (next !== ",") return null;
    }
  }

  private peek(): string | undefined {
    return this.tokens[this.index];
  }
}

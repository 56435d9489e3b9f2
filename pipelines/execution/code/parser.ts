import type { Fraction } from "fraction.js";
import { FormulaProblem, LIMITS } from "../limits.ts";
import type { CodeToken } from "./lexer.ts";

export type Expression =
  | { op: "number"; value: Fraction }
  | { op: "string"; value: string }
  | { op: "boolean"; value: boolean }
  | { op: "name" | "reference"; name: string }
  | { op: "list"; items: Expression[] }
  | { op: "comprehension"; item: Expression; name: string; over: Expression; when: Expression | null }
  | { op: "call"; name: string; args: Expression[] }
  | { op: "index"; of: Expression; at: Expression }
  | { op: "not" | "negative"; of: Expression }
  | { op: "and" | "or"; left: Expression; right: Expression }
  | { op: "arithmetic"; operator: "+" | "-" | "*" | "/" | "//" | "mod" | "^"; left: Expression; right: Expression }
  | { op: "compare"; first: Expression; rest: { relation: string; right: Expression }[] }
  | { op: "choice"; when: Expression; yes: Expression; no: Expression };

export type CodeStatement =
  | { op: "assign"; name: string; operator: "+" | "-" | "*" | "/" | null; value: Expression }
  | { op: "give"; value: Expression; ends: boolean }
  | { op: "if"; when: Expression; yes: CodeStatement[]; no: CodeStatement[] }
  | { op: "for"; name: string; over: Expression; body: CodeStatement[] }
  | { op: "while"; when: Expression; body: CodeStatement[] };

/**
 * Reads pseudo-code as plans write it, in the manner of Python or JavaScript: assignments, `if … else …` (with `:`, `then` or braces; in one
 * line or by indentation), `a if c else b`, `c ? a : b`, `for x in …`, `while`, `return`, `print`, lists and comprehensions, calls.
 * Throws FormulaProblem (`unknown`) for the rest of those languages.
 */
export function parseCode(tokens: readonly CodeToken[]): CodeStatement[] {
  return new CodeParser(tokens).program();
}

const WORDS: ReadonlySet<string> = new Set(["if", "elif", "else", "for", "while", "return", "then", "in", "and", "or", "not"]);
const RELATIONS: ReadonlySet<string> = new Set(["<", ">", "<=", ">=", "==", "=", "!="]);
const ASSIGNMENTS: ReadonlyMap<string, "+" | "-" | "*" | "/" | null> = new Map([["=", null], ["+=", "+"], ["-=", "-"], ["*=", "*"], ["/=", "/"]]);
const SUMS: ReadonlyMap<string, "+" | "-"> = new Map([["+", "+"], ["-", "-"]]);
const PRODUCTS: ReadonlyMap<string, "*" | "/" | "//" | "mod"> = new Map([["*", "*"], ["/", "/"], ["//", "//"], ["%", "mod"], ["mod", "mod"]]);

class CodeParser {
  private at = 0;
  private depth = 0;
  private indent = 0;

  constructor(private readonly tokens: readonly CodeToken[]) {}

  program(): CodeStatement[] {
    const statements: CodeStatement[] = [];
    this.separators();
    while (this.peek().type !== "end") {
      statements.push(this.statement());
      this.separators();
    }
    return statements;
  }

  private statement(): CodeStatement {
    return this.nested(() => {
      if (this.takes("if")) return this.conditional();
      if (this.takes("for")) return this.loop();
      if (this.takes("while")) return { op: "while", when: this.expression(), body: this.block() };
      if (this.takes("return")) return { op: "give", value: this.listOrExpression(), ends: true };
      if (this.is("print") || this.is("output")) return this.printed();
      for (const word of ["let", "const", "var"]) if (this.is(word) && this.peek(1).type === "name") this.at += 1;
      const [name, sign] = [this.peek(), this.peek(1)];
      const operator = ASSIGNMENTS.get(sign.text);
      if (name.type === "name" && sign.type === "sign" && operator !== undefined) {
        this.at += 2;
        return { op: "assign", name: name.text, operator, value: this.listOrExpression() };
      }
      return { op: "give", value: this.listOrExpression(), ends: false };
    });
  }

  private conditional(): CodeStatement {
    const when = this.expression();
    const yes = this.block();
    const start = this.at;
    this.separators();
    if (this.takes("elif")) return { op: "if", when, yes, no: [this.conditional()] };
    if (this.takes("else")) {
      if (this.takes("if")) return { op: "if", when, yes, no: [this.conditional()] };
      return { op: "if", when, yes, no: this.block() };
    }
    this.at = start;
    return { op: "if", when, yes, no: [] };
  }

  private loop(): CodeStatement {
    const name = this.name();
    this.expect("in");
    return { op: "for", name, over: this.expression(), body: this.block() };
  }

  private printed(): CodeStatement {
    this.at += 1;
    this.expect("(");
    const value = this.expression();
    this.expect(")");
    return { op: "give", value, ends: false };
  }

  /** What depends on a condition: in braces, in the same line after `:` or `then`, or by indentation. */
  private block(): CodeStatement[] {
    if (this.takes("{")) {
      const body: CodeStatement[] = [];
      for (this.separators(); !this.takes("}"); this.separators()) body.push(this.statement());
      return body;
    }
    if (!this.takes(":") && !this.takes("then")) this.takes(",");
    if (this.peek().type !== "line") {
      const body = [this.statement()];
      while (this.takes(";") && !["end", "line"].includes(this.peek().type) && !this.is("else") && !this.is("elif")) body.push(this.statement());
      return body;
    }
    const outer = this.indent;
    const own = this.peek().indent;
    if (own <= outer) throw this.unknown("an indented line");
    const body: CodeStatement[] = [];
    while (this.peek().type === "line" && this.peek().indent === own) {
      this.indent = own;
      this.at += 1;
      if (this.peek().type === "line" || this.peek().type === "end") continue;
      body.push(this.statement());
      this.takes(";");
    }
    this.indent = outer;
    return body;
  }

  /** `a, b` without brackets is a list. */
  private listOrExpression(): Expression {
    const first = this.expression();
    if (!this.is(",")) return first;
    const items = [first];
    while (this.takes(",")) items.push(this.expression());
    return { op: "list", items };
  }

  private expression(): Expression {
    return this.nested(() => {
      const value = this.either();
      if (this.takes("?")) {
        const yes = this.expression();
        this.expect(":");
        return { op: "choice", when: value, yes, no: this.expression() };
      }
      if (this.is("if") && !this.isStatementEnd()) {
        this.at += 1;
        const when = this.either();
        this.expect("else");
        return { op: "choice", when, yes: value, no: this.expression() };
      }
      return value;
    });
  }

  private either(): Expression {
    let left = this.both();
    while (this.takes("or")) left = { op: "or", left, right: this.both() };
    return left;
  }

  private both(): Expression {
    let left = this.negated();
    while (this.takes("and")) left = { op: "and", left, right: this.negated() };
    return left;
  }

  private negated(): Expression {
    if (this.takes("not") || this.takes("!")) return this.nested(() => ({ op: "not", of: this.negated() }));
    const first = this.sum();
    const rest: { relation: string; right: Expression }[] = [];
    for (;;) {
      const text = this.peek().text;
      if (this.peek().type === "sign" && RELATIONS.has(text)) {
        this.at += 1;
        rest.push({ relation: text === "==" ? "=" : text, right: this.sum() });
      } else if (this.takes("in")) rest.push({ relation: "in", right: this.sum() });
      else if (this.is("not") && this.peek(1).text === "in") {
        this.at += 2;
        rest.push({ relation: "not in", right: this.sum() });
      } else return rest.length === 0 ? first : { op: "compare", first, rest };
    }
  }

  private sum(): Expression {
    let left = this.product();
    for (;;) {
      const operator = this.peek().type === "sign" ? SUMS.get(this.peek().text) : undefined;
      if (operator === undefined) return left;
      this.at += 1;
      left = { op: "arithmetic", operator, left, right: this.product() };
    }
  }

  private product(): Expression {
    let left = this.signed();
    for (;;) {
      const operator = PRODUCTS.get(this.peek().text);
      if (operator === undefined || this.peek().type === "string") return left;
      this.at += 1;
      left = { op: "arithmetic", operator, left, right: this.signed() };
    }
  }

  private signed(): Expression {
    if (this.takes("-")) return this.nested(() => ({ op: "negative", of: this.signed() }));
    const base = this.indexed();
    return this.takes("**") ? this.nested(() => ({ op: "arithmetic", operator: "^", left: base, right: this.signed() })) : base;
  }

  private indexed(): Expression {
    let value = this.primary();
    while (this.takes("[")) {
      value = { op: "index", of: value, at: this.expression() };
      this.expect("]");
    }
    return value;
  }

  private primary(): Expression {
    const token = this.peek();
    this.at += 1;
    if (token.type === "number" && token.value !== null) return { op: "number", value: token.value };
    if (token.type === "string") return { op: "string", value: token.text };
    if (token.type === "reference") return { op: "reference", name: token.text };
    if (token.text === "(" || token.text === "[") return this.bracketed(token.text);
    if (token.type !== "name" || WORDS.has(token.text)) throw this.unknown("a value");
    const lower = token.text.toLowerCase();
    if (lower === "true" || lower === "false") return { op: "boolean", value: lower === "true" };
    if (lower === "math" && this.takes(".")) return this.primary();
    if (!this.takes("(")) return { op: "name", name: token.text };
    return { op: "call", name: lower, args: this.items(")") };
  }

  private bracketed(open: string): Expression {
    const closing = open === "(" ? ")" : "]";
    const items = this.items(closing);
    const only = items[0];
    return open === "(" && items.length === 1 && only !== undefined ? only : only?.op === "comprehension" && items.length === 1 ? only : { op: "list", items };
  }

  private items(closing: string): Expression[] {
    const items: Expression[] = [];
    while (!this.takes(closing)) {
      const item = this.expression();
      items.push(this.takes("for") ? this.comprehension(item) : item);
      if (!this.is(closing)) this.expect(",");
    }
    return items;
  }

  private comprehension(item: Expression): Expression {
    const name = this.name();
    this.expect("in");
    const over = this.either();
    return { op: "comprehension", item, name, over, when: this.takes("if") ? this.either() : null };
  }

  private name(): string {
    const token = this.peek();
    if (token.type !== "name") throw this.unknown("a name");
    this.at += 1;
    return token.text;
  }

  private isStatementEnd(): boolean {
    return this.peek(-1).text === ";" || this.peek(-1).type === "line";
  }

  private separators(): void {
    while (this.peek().type === "line" || this.is(";")) this.at += 1;
  }

  private is(text: string): boolean {
    const token = this.peek();
    return (token.type === "name" || token.type === "sign") && (token.text === text || token.text.toLowerCase() === text);
  }

  private takes(text: string): boolean {
    const found = this.is(text);
    if (found) this.at += 1;
    return found;
  }

  private expect(text: string): void {
    if (!this.takes(text)) throw this.unknown(`'${text}'`);
  }

  private peek(offset = 0): CodeToken {
    return this.tokens[this.at + offset] ?? END;
  }

  private nested<Result>(run: () => Result): Result {
    this.depth += 1;
    if (this.depth > LIMITS.depth) throw new FormulaProblem("limit", `The code nests more than ${LIMITS.depth} deep.`);
    const result = run();
    this.depth -= 1;
    return result;
  }

  private unknown(expected: string): FormulaProblem {
    return new FormulaProblem("unknown", `The code is not run here: expected ${expected}, found '${this.peek().text.slice(0, 40)}'.`);
  }
}

const END: CodeToken = { type: "end", text: "the end", value: null, indent: 0 };

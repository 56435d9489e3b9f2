import type { Fraction } from "fraction.js";
import type { ArgPart } from "../../schemas/plan.ts";
import { argRefs, parseArgs } from "../plan/args.ts";
import { plainMath } from "./latex.ts";
import { FormulaProblem, LIMITS } from "./limits.ts";
import { tokenize, type ReferencePlace, type Token } from "./tokenize.ts";

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "mod" | "^" | ":";
export type Relation = "=" | "!=" | "<" | ">" | "<=" | ">=";

/** A formula as a tree; `at` counts characters from 0. */
export type Formula =
  | { op: "number"; value: Fraction; at: number }
  | { op: "constant"; name: string; at: number }
  | { op: "reference" | "variable"; name: string; at: number }
  | { op: "binary"; operator: BinaryOperator; left: Formula; right: Formula; at: number }
  | { op: "negative" | "factorial" | "percent" | "not"; of: Formula; at: number }
  | { op: "compare"; first: Formula; rest: { relation: Relation; right: Formula }[]; at: number }
  | { op: "and" | "or"; left: Formula; right: Formula; at: number }
  | { op: "call"; name: string; args: Formula[]; at: number }
  | { op: "apply"; name: string; args: Formula[]; at: number }
  | { op: "list"; items: Formula[]; at: number }
  | { op: "remainder"; quotient: Formula; rest: Formula; at: number };

/** A number that a formula writes itself: as written (`20%`, `1,300`, `2 1/2`) and its exact value (1/5, 1300, 5/2). */
export interface Literal {
  text: string;
  value: Fraction;
}

export interface ParsedFormula {
  formula: Formula;
  literals: Literal[];
}

/** `isFunction`: whether a reference before a bracket is a function of unknowns, so that `R4(3)` applies it. `names`: whole words are unknowns. */
export interface FormulaOptions {
  isFunction?: (reference: string) => boolean;
  names?: boolean;
}

/**
 * Reads a formula as people and models write it, LaTeX included (a Pratt parser):
 *
 *     or < and < not < = != < > <= >= < : < + - < * / // % mod, side by side < -a < ^ (to the right) < % ! (after)
 *
 * `%` is percent where nothing to compute with follows it (`20% * 5`), and the remainder of a division elsewhere (`7 % 3`).
 * Side by side multiplies: `2(3 + 4)`, `(1 / 2)R1`, `6x`. `|x|` is the absolute value. Throws FormulaProblem with the place and what was expected.
 */
export function parseFormula(parts: string | readonly ArgPart[], options: FormulaOptions = {}): ParsedFormula {
  const { text, references } = joined(parts);
  return new FormulaParser(tokenize(text, references, options.names === true), options).parse();
}

/** The text of a formula with its references by name, and where they stand. */
function joined(parts: string | readonly ArgPart[]): { text: string; references: ReferencePlace[] } {
  if (typeof parts === "string") return { text: plainMath(parts), references: [] };
  const references: ReferencePlace[] = [];
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
    } else {
      references.push({ name: part.ref, start: text.length });
      text += part.ref;
    }
  }
  const plain = plainMath(text);
  return plain === text ? { text, references } : { text: plain, references: placesAgain(plain, new Set(argRefs(parts))) };
}

/** Where references stand after LaTeX has been rewritten. */
function placesAgain(text: string, names: ReadonlySet<string>): ReferencePlace[] {
  const references: ReferencePlace[] = [];
  let start = 0;
  for (const part of parseArgs(text)) {
    if (typeof part !== "string" && names.has(part.ref)) references.push({ name: part.ref, start });
    start += typeof part === "string" ? part.length : part.ref.length;
  }
  return references;
}

const POWER = { or: 1, and: 2, not: 3, compare: 4, ratio: 5, sum: 6, product: 7, negative: 8, exponent: 9, after: 10 } as const;

const BINARY: ReadonlyMap<string, { operator: BinaryOperator; power: number }> = new Map([
  ["+", { operator: "+", power: POWER.sum }],
  ["-", { operator: "-", power: POWER.sum }],
  ["*", { operator: "*", power: POWER.product }],
  ["/", { operator: "/", power: POWER.product }],
  ["//", { operator: "//", power: POWER.product }],
  ["mod", { operator: "mod", power: POWER.product }],
  [":", { operator: ":", power: POWER.ratio }],
  ["^", { operator: "^", power: POWER.exponent }],
]);

const RELATIONS: ReadonlyMap<string, Relation> = new Map(
  (["=", "!=", "<", ">", "<=", ">="] as const).map((each) => [each, each]),
);

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

class FormulaParser {
  private readonly literals: Literal[] = [];
  private index = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly options: FormulaOptions,
  ) {}

  parse(): ParsedFormula {
    const formula = this.expression(0);
    const rest = this.peek();
    if (rest.type !== "end") throw this.unexpected(rest, "an operator or the end");
    return { formula, literals: this.literals };
  }

  private expression(least: number): Formula {
    this.depth += 1;
    if (this.depth > LIMITS.depth) {
      throw new FormulaProblem("limit", `The formula nests more than ${LIMITS.depth} deep at ${this.peek().at + 1}.`, this.peek().at);
    }
    let left = this.operand();
    for (;;) {
      const next = this.continued(left, least);
      if (next === null) break;
      left = next;
    }
    this.depth -= 1;
    return left;
  }

  /** What stands where a value is expected. */
  private operand(): Formula {
    const token = this.next();
    const { at } = token;
    switch (token.type) {
      case "number":
        return this.number(token);
      case "reference":
        if (this.peek().text === "(" && this.options.isFunction?.(token.text) === true) return { op: "apply", name: token.text, args: this.items(this.next()), at };
        return { op: "reference", name: token.text, at };
      case "variable":
        return { op: "variable", name: token.text, at };
      case "constant":
        return { op: "constant", name: token.text, at };
      case "function":
        return this.call(token);
      case "end":
        throw this.unexpected(token, "a number, an earlier result or a bracket");
      case "operator":
    }
    if (token.text === "-") return { op: "negative", of: this.expression(POWER.negative), at };
    if (token.text === "+") return this.expression(POWER.negative);
    if (token.text === "not") return { op: "not", of: this.expression(POWER.not), at };
    if (token.text === "|") return { op: "call", name: "abs", args: [this.closedBy("|")], at };
    if (token.text === "√") return { op: "call", name: "sqrt", args: [this.expression(POWER.exponent)], at };
    if (CLOSING.has(token.text)) {
      const items = this.items(token);
      const only = items[0];
      return items.length === 1 && only !== undefined ? only : { op: "list", items, at };
    }
    throw this.unexpected(token, "a number, an earlier result or a bracket");
  }

  /** What goes on after a value, binding at least as tightly as `least`; null where the value ends. */
  private continued(left: Formula, least: number): Formula | null {
    const token = this.peek();
    const { at } = token;
    if (token.type === "end") return null;
    if (token.text === "|") return null;
    if (token.type !== "operator" || token.text === "(" || token.text === "[" || token.text === "√") return this.sideBySide(left, token, least);
    if (token.text === "%") return this.percent(left, token, least);
    const binary = BINARY.get(token.text);
    if (binary !== undefined) {
      if (binary.power <= least) return null;
      this.next();
      const right = binary.operator === "^" ? this.expression(POWER.negative) : this.expression(binary.power);
      return { op: "binary", operator: binary.operator, left, right, at };
    }
    if (RELATIONS.has(token.text)) return POWER.compare <= least ? null : this.comparison(left, at);
    if (token.text === "and" || token.text === "or") {
      if (POWER[token.text] <= least) return null;
      this.next();
      return { op: token.text, left, right: this.expression(POWER[token.text]), at };
    }
    if (token.text === "!") {
      this.next();
      return { op: "factorial", of: left, at };
    }
    if (token.text === "r") {
      this.next();
      return { op: "remainder", quotient: left, rest: this.number(this.next()), at };
    }
    return null;
  }

  private comparison(first: Formula, at: number): Formula {
    const rest: { relation: Relation; right: Formula }[] = [];
    for (;;) {
      const relation = RELATIONS.get(this.peek().text);
      if (relation === undefined) return { op: "compare", first, rest, at };
      this.next();
      rest.push({ relation, right: this.expression(POWER.compare) });
    }
  }

  private sideBySide(left: Formula, token: Token, least: number): Formula | null {
    const previous = this.tokens[this.index - 1];
    const afterBracket = previous?.text === ")" || previous?.text === "]";
    const joins =
      token.type === "number" ? afterBracket : token.type === "reference" ? previous?.type !== "reference" : true;
    if (!joins) throw this.unexpected(token, "an operator");
    if (POWER.product <= least) return null;
    const right = this.expression(POWER.product);
    if (right.op === "list") throw new FormulaProblem("unknown", `A function of unknowns at ${token.at + 1} can't be run here.`, token.at);
    return { op: "binary", operator: "*", left, right, at: token.at };
  }

  private percent(left: Formula, token: Token, least: number): Formula | null {
    const following = this.tokens[this.index + 1];
    if (following === undefined || !startsValue(following)) return this.percentOf(left, token);
    const loose = token.spaced;
    if (left.op === "number" && !loose && following.text === "(") {
      if (following.spaced) return this.percentOf(left, token);
      throw new FormulaProblem("error", `'%(' at ${token.at + 1} may be percent or remainder: write '% * (' or 'mod ('.`, token.at);
    }
    if (POWER.product <= least) return null;
    this.next();
    return { op: "binary", operator: "mod", left, right: this.expression(POWER.product), at: token.at };
  }

  private percentOf(left: Formula, token: Token): Formula {
    this.next();
    const literal = this.literals.at(-1);
    if (left.op === "number" && literal !== undefined) {
      const value = left.value.div(100);
      this.literals[this.literals.length - 1] = { text: `${literal.text}%`, value };
      return { op: "number", value, at: left.at };
    }
    return { op: "percent", of: left, at: token.at };
  }

  private number(token: Token): Formula {
    if (token.value === null) throw this.unexpected(token, "a number");
    this.literals.push({ text: token.text, value: token.value });
    return { op: "number", value: token.value, at: token.at };
  }

  private call(name: Token): Formula {
    return { op: "call", name: name.text, args: this.items(this.next()), at: name.at };
  }

  /** The items of a bracket that has been opened, up to and with the one that closes it. */
  private items(open: Token): Formula[] {
    const closing = CLOSING.get(open.text) ?? ")";
    const items: Formula[] = [];
    if (this.peek().text === closing && open.text !== "(") {
      this.next();
      return items;
    }
    for (;;) {
      items.push(this.expression(0));
      const token = this.next();
      if (token.type === "operator" && token.text === closing) return items;
      if (token.text !== "," && token.text !== ";") throw this.unexpected(token, `'${closing}'`);
    }
  }

  private closedBy(closing: string): Formula {
    const inner = this.expression(0);
    const token = this.next();
    if (token.text !== closing) throw this.unexpected(token, `'${closing}'`);
    return inner;
  }

  private peek(): Token {
    return this.tokens[this.index] ?? END;
  }

  private next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  private unexpected(token: Token, expected: string): FormulaProblem {
    const shown = token.type === "end" ? "the end" : `'${token.text}'`;
    return new FormulaProblem("error", `Unexpected ${shown} at ${token.at + 1}: expected ${expected}.`, token.at);
  }
}

const END: Token = { type: "end", text: "the end", at: 0, spaced: false, value: null };

function startsValue(token: Token): boolean {
  if (token.type === "operator") return token.text === "(" || token.text === "[" || token.text === "√";
  return token.type !== "end";
}

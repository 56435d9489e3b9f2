import { Fraction } from "fraction.js";
import { isFunction } from "./functions.ts";
import { FormulaProblem, LIMITS } from "./limits.ts";
import { PAIRS, SYMBOLS, VULGAR_FRACTIONS, WORD_OPERATORS } from "./symbols.ts";
import { unitOf, type Unit } from "./units.ts";

/** Where a reference to an earlier result stands in a formula: from `start`, as long as its name. */
export interface ReferencePlace {
  name: string;
  start: number;
}

/** `at` counts characters from 0; `spaced` says whether white space stands before it. `value` is set for numbers alone. */
export interface Token {
  type: "number" | "reference" | "function" | "variable" | "constant" | "operator" | "end";
  text: string;
  at: number;
  spaced: boolean;
  value: Fraction | null;
}

/**
 * Cuts a formula into tokens: numbers (thousands separators, mixed numbers, `1e6`), references, functions, variables,
 * operators in one spelling each. Money signs and unit words after a number or bracket are dropped; with `names`, other words are unknowns.
 *
 * Throws FormulaProblem for what no formula holds, what is too large, and units that would have to be converted (`2 feet + 6 inches`).
 */
export function tokenize(text: string, references: readonly ReferencePlace[], names = false): Token[] {
  return new Tokenizer(text, references, names).run();
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const CONSTANTS: ReadonlySet<string> = new Set(["pi", "π", "true", "false"]);
/** Not units: `44 BC` is no number to compute with. */
const ERAS: ReadonlySet<string> = new Set(["BC", "BCE"]);
const ANGLE_FUNCTIONS: ReadonlySet<string> = new Set(["sin", "cos", "tan"]);
/** Single letters that stand for a unit where they are all that a bracket after a number holds: `79 (m)`. */
const UNIT_LETTERS: ReadonlySet<string> = new Set(["m", "g", "l", "L", "s", "h"]);

const GROUPED = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d*)?/y;
const DECIMAL = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+(?![\p{L}\d.]))?/uy;
const MIXED = /[ \t]+(\d{1,9})[/⁄](\d{1,9})(?![\d.])/y;
const WORD = /\p{L}+/uy;
const UNIT_GROUP = /\(\s*\p{L}[\p{L}\s.'’/-]*\)/uy;

class Tokenizer {
  private readonly tokens: Token[] = [];
  private readonly units: Unit[] = [];
  /** For each bracket that is open: whether a comma in it parts items even between digits, as in `gcd(100,200)`. */
  private readonly parting: boolean[] = [];
  /** For each bracket that is open: whether degrees in it are angles, as in `sin(30°)`. */
  private readonly angles: boolean[] = [];
  private at = 0;
  private spaced = false;
  private nextReference = 0;

  constructor(
    private readonly text: string,
    private readonly references: readonly ReferencePlace[],
    private readonly names: boolean,
  ) {}

  run(): Token[] {
    if (this.text.length > LIMITS.formulaChars) {
      throw new FormulaProblem("limit", `The formula has ${this.text.length} characters; at most ${LIMITS.formulaChars} are run.`);
    }
    while (this.at < this.text.length) this.step();
    this.push("end", "the end", this.text.length);
    this.refuseMixedUnits();
    return this.tokens;
  }

  private step(): void {
    const reference = this.references[this.nextReference];
    if (reference !== undefined && reference.start === this.at) {
      this.nextReference += 1;
      this.push("reference", reference.name, this.at + reference.name.length);
      return;
    }
    const char = this.text.charAt(this.at);
    if (char === " " || char === "\t" || char === "\n" || char === "\r" || char === "\u00a0") {
      this.at += 1;
      this.spaced = true;
    } else if ((char >= "0" && char <= "9") || (char === "." && isDigit(this.text.charAt(this.at + 1)))) {
      this.number();
    } else if (this.symbol(char) || this.word()) {
      return;
    } else if (VULGAR_FRACTIONS.has(char)) {
      this.vulgar(char);
    } else if (char === "$" || char === "€" || char === "£" || char === "¢" || char === "°") {
      this.money(char);
    } else if (SUPERSCRIPTS.includes(char)) {
      this.superscript();
    } else {
      const shown = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
      throw new FormulaProblem("error", `Unexpected '${shown}' at ${this.at + 1}: expected a number, an operator or a bracket.`, this.at);
    }
  }

  private symbol(char: string): boolean {
    const pair = PAIRS.get(this.text.slice(this.at, this.at + 2));
    if (pair !== undefined) {
      this.push("operator", pair, this.at + 2);
      return true;
    }
    const symbol = SYMBOLS.get(char);
    if (symbol === undefined) return false;
    if (symbol === "(" && this.afterOperand() && this.unitGroup()) return true;
    if (symbol === "(" || symbol === "[" || symbol === "{") {
      if (this.parting.length >= LIMITS.depth) {
        throw new FormulaProblem("limit", `The formula nests more than ${LIMITS.depth} deep at ${this.at + 1}.`, this.at);
      }
      const listLike = symbol !== "(" || this.tokens.at(-1)?.type === "function";
      this.parting.push(listLike && !this.spacedComma());
      this.angles.push(this.angles.at(-1) === true || ANGLE_FUNCTIONS.has(this.tokens.at(-1)?.text ?? ""));
    } else if (symbol === ")" || symbol === "]" || symbol === "}") {
      this.parting.pop();
      this.angles.pop();
    }
    this.push("operator", symbol, this.at + 1);
    return true;
  }

  /** Whether a comma of the bracket that opens here is followed by white space: then one without may stand in a number, `max(1,300, 2,500)`. */
  private spacedComma(): boolean {
    let depth = 0;
    for (let at = this.at; at < this.text.length; at += 1) {
      const char = this.text.charAt(at);
      if (char === "(" || char === "[" || char === "{") depth += 1;
      else if (char === ")" || char === "]" || char === "}") depth -= 1;
      else if (char === "," && depth === 1 && this.text.charAt(at + 1) === " ") return true;
      if (depth === 0) return false;
    }
    return false;
  }

  private number(): void {
    const grouped = this.parting.at(-1) === true ? null : matchAt(GROUPED, this.text, this.at);
    const text = grouped?.[0] ?? matchAt(DECIMAL, this.text, this.at)?.[0] ?? "";
    const end = this.at + text.length;
    const value = decimal(text, this.at);
    const mixed = value.d === 1n ? matchAt(MIXED, this.text, end) : null;
    if (mixed !== null && BigInt(mixed[1] ?? "0") < BigInt(mixed[2] ?? "0")) {
      const whole = this.text.slice(this.at, end + mixed[0].length);
      this.push("number", whole, this.at + whole.length, value.add(new Fraction(BigInt(mixed[1] ?? "0"), BigInt(mixed[2] ?? "1"))));
      return;
    }
    this.push("number", text, end, value);
  }

  private vulgar(char: string): void {
    const [numerator, denominator] = VULGAR_FRACTIONS.get(char) ?? [0, 1];
    const part = new Fraction(numerator, denominator);
    const before = this.tokens.at(-1);
    if (before?.type === "number" && !this.spaced && before.value !== null) {
      this.tokens.pop();
      this.at = before.at;
      this.spaced = before.spaced;
      this.push("number", before.text + char, before.at + before.text.length + 1, before.value.add(part));
      return;
    }
    this.push("number", char, this.at + 1, part);
  }

  private superscript(): void {
    const start = this.at;
    let digits = "";
    while (this.at < this.text.length && SUPERSCRIPTS.includes(this.text.charAt(this.at))) {
      digits += String(SUPERSCRIPTS.indexOf(this.text.charAt(this.at)));
      this.at += 1;
    }
    const end = this.at;
    this.at = start;
    this.push("operator", "^", start);
    this.push("number", digits, end, decimal(digits, start));
  }

  private money(char: string): void {
    if (char === "°" && this.angles.at(-1) === true) {
      this.push("operator", "*", this.at);
      this.push("constant", "degree", this.at + 1);
      return;
    }
    const unit = unitOf(char);
    if (unit !== null) this.units.push(unit);
    this.at += 1;
  }

  private word(): boolean {
    const word = matchAt(WORD, this.text, this.at)?.[0];
    if (word === undefined) return false;
    const lower = word.toLowerCase();
    const end = this.at + word.length;
    // `11 R 42` has a remainder; a glued `2R1` is no sum anyone means by it.
    const operator = word === "R" && !this.spaced ? null : this.wordOperator(lower, end);
    if (operator !== null) this.push("operator", operator, end);
    else if (isFunction(lower) && this.opensBracket(end)) this.push("function", lower, end);
    else if (CONSTANTS.has(lower)) this.push("constant", lower, end);
    else if (this.afterOperand() && this.dropsAsUnit(word)) this.dropUnit(word, end);
    else if (word.length === 1 || (this.names && !this.afterOperand())) this.push("variable", word, end);
    else if (this.afterOperand() || word.length === 2) {
      throw new FormulaProblem("unknown", `'${word}' at ${this.at + 1} may be a product of unknowns or a unit.`, this.at);
    } else {
      const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
      throw new FormulaProblem("error", `'${shown}' at ${this.at + 1} is no number, no earlier result and no function.`, this.at);
    }
    return true;
  }

  private wordOperator(lower: string, end: number): string | null {
    if (lower === "x") return this.afterOperand() && this.startsOperand(end) ? "*" : null;
    if (lower === "of") return this.afterOperand() ? "*" : null;
    if (lower === "r") return this.tokens.at(-1)?.type === "number" && isDigit(this.text.charAt(this.skipSpace(end))) ? "r" : null;
    if ((lower === "mod" || lower === "not") && this.opensBracket(end) && !this.afterOperand()) return lower === "not" ? "not" : null;
    return WORD_OPERATORS.get(lower) ?? null;
  }

  /** `3 dollars` and `5km` drop the word; `2ab`, glued to the number and no measure, may be a product of unknowns. */
  private dropsAsUnit(word: string): boolean {
    if (ERAS.has(word)) return false;
    return word.length > 1 && (this.spaced || this.tokens.at(-1)?.type !== "number" || unitOf(word) !== null);
  }

  private dropUnit(word: string, end: number): void {
    const unit = unitOf(word);
    if (unit !== null) this.units.push(unit);
    this.at = this.text.charAt(end) === "." && !isDigit(this.text.charAt(end + 1)) ? end + 1 : end;
    this.spaced = true;
  }

  /** Drops a bracket of words after a number: `60 (min/hour)`. */
  private unitGroup(): boolean {
    const group = matchAt(UNIT_GROUP, this.text, this.at)?.[0];
    if (group === undefined || this.references.some((each) => each.start > this.at && each.start < this.at + group.length)) return false;
    const words = group.match(/\p{L}+/gu) ?? [];
    const isUnit = (word: string): boolean =>
      word.length > 1 ? !CONSTANTS.has(word.toLowerCase()) : UNIT_LETTERS.has(word) || (word === "a" && words.length > 1);
    if (!words.every(isUnit)) return false;
    const only = words.length === 1 ? unitOf(words[0] ?? "") : null;
    if (only !== null) this.units.push(only);
    this.at += group.length;
    this.spaced = true;
    return true;
  }

  private afterOperand(): boolean {
    const last = this.tokens.at(-1);
    if (last === undefined) return false;
    return last.type === "operator" ? last.text === ")" || last.text === "]" || last.text === "%" || last.text === "!" : last.type !== "function";
  }

  private startsOperand(from: number): boolean {
    const at = this.skipSpace(from);
    const char = this.text.charAt(at);
    if (isDigit(char) || (char !== "" && ".([$€£√π".includes(char)) || VULGAR_FRACTIONS.has(char)) return true;
    if (this.references.some((each) => each.start === at)) return true;
    const word = matchAt(WORD, this.text, at)?.[0];
    return word !== undefined && isFunction(word.toLowerCase()) && this.opensBracket(at + word.length);
  }

  private opensBracket(from: number): boolean {
    const char = this.text.charAt(this.skipSpace(from));
    return char === "(" || char === "[";
  }

  private skipSpace(from: number): number {
    let at = from;
    while (this.text.charAt(at) === " ") at += 1;
    return at;
  }

  private push(type: Token["type"], text: string, end: number, value: Fraction | null = null): void {
    if (this.tokens.length >= LIMITS.tokens) {
      throw new FormulaProblem("limit", `The formula has more than ${LIMITS.tokens} numbers, operators and brackets.`, this.at);
    }
    this.tokens.push({ type, text, at: this.at, spaced: this.spaced, value });
    this.at = end;
    this.spaced = false;
  }

  /** Sums over two units of one dimension need a conversion that is not done here; in products the writer converts: `3 hours * 60 minutes`. */
  private refuseMixedUnits(): void {
    if (this.units.length < 2 || this.tokens.some((each) => each.text === "*" || each.text === "/")) return;
    for (const unit of this.units) {
      const other = this.units.find((each) => each.dimension === unit.dimension && each.name !== unit.name);
      if (other !== undefined) {
        throw new FormulaProblem("unknown", `The formula mixes ${unit.name} and ${other.name}; units are not converted here.`);
      }
    }
  }
}

/** The exact value of a number as a formula writes it: digits with thousands separators, a decimal part, an exponent. */
function decimal(text: string, at: number): Fraction {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", part = ""] = mantissa.replaceAll(",", "").split(".");
  const power = Number(exponent);
  if (whole.length + part.length > LIMITS.digits || Math.abs(power) > LIMITS.digits) {
    throw new FormulaProblem("limit", `A number at ${at + 1} has more than ${LIMITS.digits} digits.`, at);
  }
  const shift = power - part.length;
  if (shift === 0) return new Fraction(BigInt(whole));
  const digits = BigInt(whole + part);
  return shift > 0 ? new Fraction(digits * 10n ** BigInt(shift)) : new Fraction(digits, 10n ** BigInt(-shift));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

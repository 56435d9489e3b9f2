import { Fraction } from "fraction.js";
import { operate, type Lookup, type Subvalue } from "../evaluate.ts";
import { numberOf, numberValue } from "../number-value.ts";
import { callFunction, isFunction } from "../functions.ts";
import { compareValues, sameWords } from "../compare.ts";
import { FormulaProblem } from "../limits.ts";
import type { Num } from "../numbers.ts";
import { floor } from "../numbers.ts";
import { parseValue } from "../parse-value.ts";
import { printValue, type Value } from "../value.ts";
import type { CodeStatement, Expression } from "./parser.ts";

/** What a run of pseudo-code gave. `words`: it hangs on two texts that differ, which may name the same thing all the same. */
export interface CodeResult {
  value: Value;
  words: boolean;
  subvalues: Subvalue[];
}

/** Runs pseudo-code: what it returns, else what it printed or wrote last, else what it assigned last. Steps and lists are bounded. Throws FormulaProblem. */
export function runCode(program: readonly CodeStatement[], lookup: Lookup): CodeResult {
  const machine = new Machine(lookup);
  machine.block(program);
  if (machine.given === null) throw new FormulaProblem("unknown", "The code gives no value.");
  return { value: machine.given, words: machine.words, subvalues: machine.subvalues.slice(0, MOST_SUBVALUES) };
}

const MOST_STEPS = 50_000;
const MOST_ITEMS = 10_000;
const MOST_CHARS = 4000;
const MOST_SUBVALUES = 100;

class Machine {
  given: Value | null = null;
  words = false;
  readonly subvalues: Subvalue[] = [];
  private readonly names = new Map<string, Value>();
  private steps = 0;
  private written = false;

  constructor(private readonly lookup: Lookup) {}

  /** Whether a `return` ended it. */
  block(statements: readonly CodeStatement[]): boolean {
    return statements.some((each) => this.statement(each));
  }

  private statement(statement: CodeStatement): boolean {
    this.step(1);
    switch (statement.op) {
      case "assign": {
        const before = statement.operator === null ? null : this.name(statement.name);
        const value = this.evaluate(statement.value);
        const result = before === null || statement.operator === null ? value : this.arithmetic(statement.operator, before, value);
        this.names.set(statement.name, result);
        if (!this.written) this.given = result;
        return false;
      }
      case "give":
        this.given = this.evaluate(statement.value);
        this.written = true;
        return statement.ends;
      case "if":
        return this.block(this.truth(statement.when) ? statement.yes : statement.no);
      case "for":
        for (const item of this.items(statement.over)) {
          this.names.set(statement.name, item);
          if (this.block(statement.body)) return true;
        }
        return false;
      case "while":
        while (this.truth(statement.when)) if (this.block(statement.body)) return true;
        return false;
    }
  }

  private evaluate(expression: Expression): Value {
    this.step(1);
    switch (expression.op) {
      case "number":
        return { kind: "number", value: expression.value };
      case "string":
        return { kind: "text", value: expression.value };
      case "boolean":
        return { kind: "boolean", value: expression.value };
      case "name":
        return this.name(expression.name);
      case "reference": {
        const value = this.lookup(expression.name);
        if (value === null) throw new FormulaProblem("unknown", `${expression.name} is not known.`);
        return value;
      }
      case "list":
        return { kind: "list", items: expression.items.flatMap((each) => (each.op === "comprehension" ? this.items(each) : [this.evaluate(each)])) };
      case "comprehension":
        return { kind: "list", items: this.comprehension(expression) };
      case "call":
        return this.call(expression.name, expression.args);
      case "index":
        return this.index(expression.of, expression.at);
      case "not":
        return { kind: "boolean", value: !this.truth(expression.of) };
      case "and":
        return { kind: "boolean", value: this.truth(expression.left) && this.truth(expression.right) };
      case "or":
        return { kind: "boolean", value: this.truth(expression.left) || this.truth(expression.right) };
      case "negative":
        return this.arithmetic("-", ZERO, this.evaluate(expression.of));
      case "arithmetic":
        return this.arithmetic(expression.operator, this.evaluate(expression.left), this.evaluate(expression.right));
      case "compare":
        return { kind: "boolean", value: this.compare(expression) };
      case "choice":
        return this.evaluate(this.truth(expression.when) ? expression.yes : expression.no);
    }
  }

  private arithmetic(operator: Extract<Expression, { op: "arithmetic" }>["operator"], a: Value, b: Value): Value {
    if (operator === "+" && a.kind === "list" && b.kind === "list") return this.list([...a.items, ...b.items]);
    if (operator === "+" && a.kind === "text" && b.kind === "text" && numberOrNull(a) === null) return this.text(a.value + b.value);
    const [x, y] = [numberOf(a, "a value"), numberOf(b, "a value")];
    const result = operate(operator, x, y);
    if (this.subvalues.length < MOST_SUBVALUES) this.subvalues.push({ value: result.value, operands: [x.value, y.value] });
    return numberValue(result);
  }

  private compare({ first, rest }: Extract<Expression, { op: "compare" }>): boolean {
    let left = this.evaluate(first);
    for (const { relation, right: expression } of rest) {
      const right = this.evaluate(expression);
      if (!this.related(relation, left, right)) return false;
      left = right;
    }
    return true;
  }

  private related(relation: string, left: Value, right: Value): boolean {
    if (relation === "in" || relation === "not in") {
      const found = right.kind === "list" ? right.items.some((each) => this.equal(left, each)) : this.contains(left, right);
      return found === (relation === "in");
    }
    if (relation === "=" || relation === "!=") return this.equal(left, right) === (relation === "=");
    const order = compareValues(left, right);
    if (order === null) throw new FormulaProblem("unknown", "Two values can't be compared.");
    if (order === 0) return relation === "<=" || relation === ">=";
    return order < 0 === relation.startsWith("<");
  }

  private equal(a: Value, b: Value): boolean {
    const order = compareValues(a, b);
    if (order !== null) return order === 0;
    const [x, y] = [plain(a), plain(b)];
    if (x.kind === "boolean" && y.kind === "boolean") return x.value === y.value;
    const same = sameWords(printValue(x), printValue(y));
    if (!same) this.words = true;
    return same;
  }

  private contains(left: Value, right: Value): boolean {
    const found = printValue(right).toLowerCase().includes(printValue(left).toLowerCase());
    this.words = true;
    return found;
  }

  private call(name: string, args: readonly Expression[]): Value {
    if (name === "range") return this.range(args.map((each) => this.whole(each)));
    const values = args.flatMap((each) => (each.op === "comprehension" ? [this.list(this.comprehension(each))] : [this.evaluate(each)]));
    const [only] = values;
    if (only !== undefined && values.length === 1) {
      if (name === "str") return this.text(printValue(only));
      if (name === "bool") return { kind: "boolean", value: this.isTrue(only) };
      if (name === "float" || name === "number") return numberValue(numberOf(only, "a value"));
      if (name === "len" && only.kind === "text") return { kind: "number", value: new Fraction([...only.value].length) };
      if (only.kind === "list") {
        if (name === "list" || name === "tuple") return only;
        if (name === "set") return this.list(only.items.filter((each, index) => only.items.findIndex((other) => this.equal(each, other)) === index));
        if (name === "sorted") return this.list(only.items.toSorted((a, b) => compareValues(a, b) ?? unordered()));
        if (name === "reversed") return this.list(only.items.toReversed());
        if (name === "any" || name === "all") return { kind: "boolean", value: name === "any" ? only.items.some((each) => this.isTrue(each)) : only.items.every((each) => this.isTrue(each)) };
        if ((name === "len" || name === "count") && only.items.length === 0) return ZERO;
        if (name === "sum" && only.items.length === 0) return ZERO;
        if (name === "len" || name === "count") return { kind: "number", value: new Fraction(only.items.length) };
      }
    }
    if (!isFunction(name)) throw new FormulaProblem("unknown", `'${name.slice(0, 40)}' is no function that is run here.`);
    const numbers = values.flatMap((each) => (each.kind === "list" ? each.items : [each])).map((each) => numberOf(each, "a value"));
    this.step(numbers.length);
    const result = callFunction(name, numbers, 0);
    if (this.subvalues.length < MOST_SUBVALUES && numbers.length <= 32) this.subvalues.push({ value: result.value, operands: numbers.map((each) => each.value) });
    return numberValue(result);
  }

  private range(ends: readonly number[]): Value {
    const [from, to, by] = ends.length === 1 ? [0, ends[0] ?? 0, 1] : [ends[0] ?? 0, ends[1] ?? 0, ends[2] ?? 1];
    if (by === 0 || ends.length === 0 || ends.length > 3) throw new FormulaProblem("unknown", "'range' takes one to three whole numbers, the last not 0.");
    const count = Math.max(0, Math.ceil((to - from) / by));
    this.bounded(count);
    return { kind: "list", items: Array.from({ length: count }, (_, index): Value => ({ kind: "number", value: new Fraction(from + index * by) })) };
  }

  private comprehension({ item, name, over, when }: Extract<Expression, { op: "comprehension" }>): Value[] {
    const before = this.names.get(name);
    const items: Value[] = [];
    for (const each of this.items(over)) {
      this.names.set(name, each);
      if (when === null || this.truth(when)) items.push(this.evaluate(item));
    }
    if (before === undefined) this.names.delete(name);
    else this.names.set(name, before);
    return items;
  }

  private index(of: Expression, at: Expression): Value {
    const [list, place] = [this.evaluate(of), this.whole(at)];
    const item = list.kind === "list" ? list.items.at(place) : undefined;
    if (item === undefined) throw new FormulaProblem("unknown", `A list has no item ${place}.`);
    return item;
  }

  private items(expression: Expression): Value[] {
    const value = this.evaluate(expression);
    if (value.kind !== "list") throw new FormulaProblem("unknown", "Only lists and ranges are gone through.");
    return value.items;
  }

  private whole(expression: Expression): number {
    const { value } = numberOf(this.evaluate(expression), "a value");
    if (value.n > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormulaProblem("limit", "A range is too long.");
    return Number(value.s * (value.d === 1n ? value.n : floor(value.abs())));
  }

  private truth(expression: Expression): boolean {
    return this.isTrue(this.evaluate(expression));
  }

  private isTrue(given: Value): boolean {
    const value = plain(given);
    if (value.kind === "boolean") return value.value;
    if (value.kind === "number") return value.value.n !== 0n;
    throw new FormulaProblem("unknown", "A condition is neither true nor false.");
  }

  private name(name: string): Value {
    const value = this.names.get(name);
    if (value !== undefined) return value;
    throw new FormulaProblem("unknown", `'${name.slice(0, 40)}' has no value.`);
  }

  private list(items: Value[]): Value {
    this.bounded(items.length);
    return { kind: "list", items };
  }

  private text(value: string): Value {
    if (value.length > MOST_CHARS) throw new FormulaProblem("limit", `A text has more than ${MOST_CHARS} characters.`);
    return { kind: "text", value };
  }

  private bounded(items: number): void {
    if (items > MOST_ITEMS) throw new FormulaProblem("limit", `A list has more than ${MOST_ITEMS} items.`);
    this.step(items);
  }

  private step(count: number): void {
    this.steps += count;
    if (this.steps > MOST_STEPS) throw new FormulaProblem("limit", `The code takes more than ${MOST_STEPS} steps.`);
  }
}

const ZERO: Value = { kind: "number", value: new Fraction(0) };

function numberOrNull(value: Value): Num | null {
  const read = plain(value);
  return read.kind === "number" ? numberOf(read, "a value") : null;
}

/** A text as the number or boolean that it writes. */
function plain(value: Value): Value {
  return value.kind === "text" ? parseValue(value.value) : value;
}

function unordered(): never {
  throw new FormulaProblem("unknown", "Two values can't be compared.");
}

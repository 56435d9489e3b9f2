import type { Fraction } from "fraction.js";
import { callFunction, floorQuotient, modulo } from "./functions.ts";
import type { BinaryOperator, Formula, Relation } from "./formula.ts";
import { FormulaProblem } from "./limits.ts";
import { bounded, equalNumbers, factorial, PI, power, type Num } from "./numbers.ts";
import type { Value } from "./value.ts";
import { numberInWords } from "./written.ts";

/** The value of an earlier result by its variable, or null where it is not known. */
export type Lookup = (name: string) => Value | null;

/**
 * An operation inside a formula: what comes out, and of what. An operation over operations is listed twice where that differs:
 * over its own operands (`2 * 7` of `2 * (3 + 4)`) and over the numbers and references below it (2, 3, 4).
 */
export interface Subvalue {
  value: Fraction;
  operands: Fraction[];
}

/** Evaluates formulas over exact rationals. Throws FormulaProblem. */
export class Evaluator {
  readonly subvalues: Subvalue[] = [];
  private readonly leaves: Fraction[] = [];

  constructor(private readonly lookup: Lookup) {}

  evaluate(formula: Formula): Value {
    switch (formula.op) {
      case "compare":
        return { kind: "boolean", value: this.compare(formula) };
      case "and":
        return { kind: "boolean", value: this.truth(formula.left) && this.truth(formula.right) };
      case "or":
        return { kind: "boolean", value: this.truth(formula.left) || this.truth(formula.right) };
      case "not":
        return { kind: "boolean", value: !this.truth(formula.of) };
      case "list":
        return { kind: "list", items: formula.items.map((each) => this.evaluate(each)) };
      case "reference":
        return this.reference(formula.name, formula.at);
      case "constant":
        if (formula.name === "true" || formula.name === "false") return { kind: "boolean", value: formula.name === "true" };
        return numberValue(this.number(formula));
      default:
        return numberValue(this.number(formula));
    }
  }

  private number(formula: Formula): Num {
    switch (formula.op) {
      case "number":
        this.leaves.push(formula.value);
        return { value: formula.value, exact: true };
      case "reference": {
        const number = numeric(this.reference(formula.name, formula.at), formula.name, formula.at);
        this.leaves.push(number.value);
        return number;
      }
      case "binary":
        return this.operation(() => [this.number(formula.left), this.number(formula.right)], ([a, b]) => binary(formula.operator, needed(a), needed(b)));
      case "negative": {
        const { value, exact } = this.number(formula.of);
        return { value: value.neg(), exact };
      }
      case "percent": {
        const { value, exact } = this.number(formula.of);
        return { value: value.div(100), exact };
      }
      case "factorial":
        return this.operation(() => [this.number(formula.of)], ([a]) => ({ value: factorial(needed(a).value), exact: needed(a).exact }));
      case "call":
        return this.operation(() => formula.args.flatMap((each) => this.spread(each)), (args) => callFunction(formula.name, args, formula.at));
      case "constant":
        if (formula.name === "pi" || formula.name === "π") return PI;
        throw notNumber(`'${formula.name}'`, formula.at);
      case "variable":
        throw new FormulaProblem("unknown", `'${formula.name}' at ${formula.at + 1} has no value.`, formula.at);
      case "remainder":
        throw new FormulaProblem("error", `A remainder at ${formula.at + 1} can only be compared with a division: 7 / 3 = 2 r 1.`, formula.at);
      case "list":
        throw notNumber("a list", formula.at);
      case "compare":
      case "and":
      case "or":
      case "not":
        throw notNumber("a comparison", formula.at);
    }
  }

  private operation(operands: () => Num[], run: (operands: readonly Num[]) => Num): Num {
    const start = this.leaves.length;
    const numbers = operands();
    const result = run(numbers);
    const own = numbers.map((each) => each.value);
    this.subvalues.push({ value: result.value, operands: own });
    const below = this.leaves.slice(start);
    if (below.length > own.length && below.length <= LARGEST_LISTED) this.subvalues.push({ value: result.value, operands: below });
    return result;
  }

  /** The arguments of a function: lists, written out or referred to, stand for their items. */
  private spread(formula: Formula): Num[] {
    if (formula.op === "list") return formula.items.flatMap((each) => this.spread(each));
    if (formula.op !== "reference") return [this.number(formula)];
    const value = this.reference(formula.name, formula.at);
    const items = value.kind === "list" ? value.items : [value];
    const numbers = items.map((each) => numeric(each, formula.name, formula.at));
    this.leaves.push(...numbers.map((each) => each.value));
    return numbers;
  }

  private compare(formula: Extract<Formula, { op: "compare" }>): boolean {
    let left = formula.first;
    let holds = true;
    for (const { relation, right } of formula.rest) {
      holds = this.relate(relation, left, right) && holds;
      left = right;
    }
    return holds;
  }

  private relate(relation: Relation, left: Formula, right: Formula): boolean {
    if (right.op === "remainder" && left.op === "binary" && left.operator === "/" && relation === "=") {
      const [a, b] = [this.number(left.left), this.number(left.right)];
      const rest = this.number(right.rest);
      const whole = floorQuotient(a, b);
      return equalNumbers(whole, this.number(right.quotient)) && equalNumbers(modulo(a, b), rest);
    }
    const [a, b] = [this.evaluate(left), this.evaluate(right)];
    if (a.kind === "boolean" && b.kind === "boolean" && (relation === "=" || relation === "!=")) return (a.value === b.value) === (relation === "=");
    const [x, y] = [numeric(a, sideName(left, "the left side"), left.at), numeric(b, sideName(right, "the right side"), right.at)];
    const order = equalNumbers(x, y) ? 0 : x.value.compare(y.value);
    return RELATE[relation](order);
  }

  private truth(formula: Formula): boolean {
    const value = this.evaluate(formula);
    if (value.kind === "boolean") return value.value;
    const kind = formula.op === "reference" ? "unknown" : "error";
    throw new FormulaProblem(kind, `Expected a comparison at ${formula.at + 1}: 'and', 'or' and 'not' join true and false.`, formula.at);
  }

  private reference(name: string, at: number): Value {
    const value = this.lookup(name);
    if (value === null) throw new FormulaProblem("unknown", `${name} is not known.`, at);
    return value;
  }
}

/** Longer lists of operands are not kept: no gold step has as many. */
const LARGEST_LISTED = 32;

const RELATE: Readonly<Record<Relation, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
};

/** The number that a value stands for: itself, or the one number in its words (`about 75,000 people`). Throws FormulaProblem where there is none. */
function numeric(value: Value, name: string, at: number): Num {
  if (value.kind === "number") return { value: value.value, exact: value.inexact !== true };
  const number = value.kind === "text" ? numberInWords(value.value) : null;
  if (number === null) throw new FormulaProblem("unknown", `${name} is no number.`, at);
  return { value: number, exact: true };
}

function sideName(side: Formula, otherwise: string): string {
  return side.op === "reference" ? side.name : otherwise;
}

function binary(operator: BinaryOperator, a: Num, b: Num): Num {
  const exact = a.exact && b.exact;
  switch (operator) {
    case "+":
      return { value: bounded(a.value.add(b.value)), exact };
    case "-":
      return { value: bounded(a.value.sub(b.value)), exact };
    case "*":
      return { value: bounded(a.value.mul(b.value)), exact };
    case "/":
    case ":":
      if (b.value.n === 0n) throw new FormulaProblem("error", "Division by zero.");
      return { value: bounded(a.value.div(b.value)), exact };
    case "//":
      return floorQuotient(a, b);
    case "mod":
      return modulo(a, b);
    case "^":
      return power(a, b);
  }
}

function numberValue(number: Num): Value {
  return number.exact ? { kind: "number", value: number.value } : { kind: "number", value: number.value, inexact: true };
}

function needed(number: Num | undefined): Num {
  if (number === undefined) throw new FormulaProblem("error", "An operand is missing.");
  return number;
}

function notNumber(what: string, at: number): FormulaProblem {
  return new FormulaProblem("error", `Expected a number at ${at + 1}, found ${what}.`, at);
}

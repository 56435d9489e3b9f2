import type { RulesKit } from "../../schemas/converter.ts";
import type { ActionJson } from "../../schemas/plan.ts";
import { type Expression, printExpression } from "./expression.ts";

/**
 * Writes actions for expressions: what stands in brackets becomes an action of its own, its value worked out exactly, and a number
 * that equals an earlier statement's result becomes its variable.
 */
export class ActionBuilder {
  /** The actions written since the last `take`. */
  private actions: ActionJson[] = [];
  private readonly values = new Map<string, string>();
  private readonly stated: { variable: string; result: string; used: boolean }[] = [];
  private count = 0;
  /** The first formula that could not be run, if any: the plan is of no use then. */
  failed: string | null = null;

  constructor(
    private readonly kit: RulesKit,
    private readonly isGiven: (number: string) => boolean,
  ) {}

  /** Adds a calculation whose result the source states (or follows from it); later statements may refer to it. */
  state(args: string, result: string): string {
    const variable = this.write(args, result);
    this.stated.push({ variable, result, used: false });
    return variable;
  }

  /** As `state`; where the source rounds to one decimal, the rounding becomes part of the calculation. */
  stateRounded(args: string, result: string): string {
    if (!/^\d+\.\d$/.test(result)) return this.state(args, result);
    const value = this.kit.evaluate(this.inValues(args));
    const rounded = `round(${args}, 1)`;
    const near = this.kit.evaluate(this.inValues(rounded));
    const rounds = value !== null && near !== null && !this.kit.sameNumber(value, result) && this.kit.sameNumber(near, result);
    return this.state(rounds ? rounded : args, result);
  }

  /** Adds a calculation whose result is worked out here. */
  work(args: string): string {
    const value = this.kit.evaluate(this.inValues(args));
    if (value === null) this.failed ??= args;
    return this.write(args, value ?? "0");
  }

  /** The calculation of an expression, inner steps written as actions before it. */
  formula(expression: Expression): string {
    switch (expression.kind) {
      case "number":
        return this.operand(expression);
      case "group":
        return this.formula(expression.of);
      case "call":
        return `${expression.name}(${expression.args.map((each) => this.operand(each)).join(", ")})`;
      case "power":
        return `${this.operand(expression.base)}^${this.operand(expression.exponent)}`;
      case "product":
        return this.chain(expression.factors);
      case "sum": {
        // `25 * 3 + 10 * 2`: several products are steps of their own; a single one reads well where it stands.
        const several = expression.terms.filter(({ of }) => of.kind === "product" && !isFraction(of)).length > 1;
        const terms = expression.terms.map(({ operator, of }) => ({ operator, text: several && of.kind === "product" ? this.work(this.chain(of.factors)) : this.operand(of) }));
        return terms.map(({ operator, text }, index) => (index === 0 ? text : ` ${operator} ${text}`)).join("");
      }
    }
  }

  /** An expression as an operand: a number, a variable, or what needs no step of its own. */
  operand(expression: Expression): string {
    switch (expression.kind) {
      case "number":
        return this.referTo(expression.text) ?? expression.text;
      case "group":
        return isFraction(expression.of) ? printExpression(expression) : this.work(this.formula(expression.of));
      case "call":
      case "power":
      case "sum":
        return this.work(this.formula(expression));
      case "product":
        return this.chain(expression.factors);
    }
  }

  /** The value of a variable that was written, "" where there is no such. */
  valueOf(variable: string): string {
    return this.values.get(variable) ?? "";
  }

  /** Hands over the actions written so far. */
  take(): ActionJson[] {
    const { actions } = this;
    this.actions = [];
    return actions;
  }

  private chain(factors: readonly { operator: "*" | "/"; of: Expression }[]): string {
    return factors
      .map(({ operator, of }, index) => {
        // Nothing is divided by a result that happens to be one.
        const one = operator === "/" && of.kind === "number" && Number(of.text) === 1;
        const text = one ? of.text : of.kind === "power" ? this.formula(of) : this.operand(of);
        return index === 0 ? text : ` ${operator} ${text}`;
      })
      .join("");
  }

  /** The latest unused result that equals the number; where there is none a used one, unless the task gives the number itself. */
  private referTo(number: string): string | null {
    const equal = this.stated.filter(({ result }) => result === number || (Number(result) === Number(number) && !result.includes("/")));
    const found = equal.findLast(({ used }) => !used) ?? (this.isGiven(number) ? undefined : equal.at(-1));
    if (found === undefined) return null;
    found.used = true;
    return found.variable;
  }

  private write(args: string, result: string): string {
    const variable = `R${(this.count += 1)}`;
    this.values.set(variable, result);
    this.actions.push({ outputs: [variable], tool: "Calculator", args, result });
    return variable;
  }

  private inValues(args: string): string {
    return args.replace(/R\d+/g, (variable) => `(${this.values.get(variable) ?? variable})`);
  }
}

/** A fraction as one writes it, `1/2`, `3/4`: needs no step. */
function isFraction(expression: Expression): boolean {
  if (expression.kind !== "product" || expression.factors.length !== 2) return false;
  const [over, under] = expression.factors;
  if (over?.of.kind !== "number" || under?.of.kind !== "number" || under.operator !== "/") return false;
  return Number(over.of.text) < Number(under.of.text) && /^\d{1,3}$/.test(over.of.text) && /^\d{1,3}$/.test(under.of.text);
}

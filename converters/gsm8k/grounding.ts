import type { RulesKit } from "../../schemas/converter.ts";
import type { ActionJson } from "../../schemas/plan.ts";
import { printFormula, referToEarlier, tokenizeFormula, type EarlierResult, type FormulaToken } from "../shared/formula.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import type { Operation } from "./steps.ts";

/** Writes the actions of one plan: numbers the variables and puts those of earlier results for the operands that equal them. */
export class Grounding {
  private readonly earlier: EarlierResult[] = [];
  private readonly stated: ReadonlySet<number>;
  private readonly kit: RulesKit;
  private count = 0;

  constructor(task: string, kit: RulesKit) {
    this.stated = statedNumbers(task);
    this.kit = kit;
  }

  /** `line`: the step's words, which tell equal results apart. */
  calculate({ formula, result, percent }: Pick<Operation, "formula" | "result" | "percent">, line: string): ActionJson {
    return this.calculateTokens(tokenizeFormula(formula) ?? [], result, percent, contentWords(line));
  }

  calculateTokens(tokens: readonly FormulaToken[], result: string, percent = false, words: ReadonlySet<string> = new Set()): ActionJson {
    const args = printFormula(this.refer(tokens, words));
    const variable = this.variable();
    this.remember(variable, result, percent, words);
    return { outputs: [variable], tool: "Calculator", args, result };
  }

  refer(tokens: readonly FormulaToken[], words: ReadonlySet<string> = new Set()): FormulaToken[] {
    return referToEarlier(tokens, this.earlier, (number) => this.stated.has(Number(number)), this.kit, words);
  }

  variable(): string {
    this.count += 1;
    return `R${this.count}`;
  }

  remember(variable: string, result: string, percent = false, words: ReadonlySet<string> = new Set()): void {
    this.earlier.push({ variable, result, percent, used: false, words });
  }
}

function contentWords(line: string): ReadonlySet<string> {
  return new Set(line.slice(0, MAX_LINE).toLowerCase().match(/(?<!\p{L})\p{L}{3,20}(?!\p{L})/gu) ?? []);
}

const MAX_LINE = 1_000;

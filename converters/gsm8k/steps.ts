import type { RulesKit } from "../../schemas/converter.ts";
import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { calculates, printFormula, tokenizeFormula } from "../shared/formula.ts";
import { readStep } from "./step.ts";

/** A calculation of a step, and where it stands in the step's line without marks. */
export interface Operation {
  formula: string;
  result: string;
  /** The result is printed with `%`. */
  percent: boolean;
  start: number;
}

/** A gold step that calculates; `index` is its place among all gold steps, from 0. */
export interface CalculatingStep {
  index: number;
  step: GoldStep;
  operations: readonly Operation[];
}

/** The gold steps with calculations that can be run. */
export function calculatingSteps(example: SourceExample, kit: RulesKit): CalculatingStep[] {
  return example.gold_steps.flatMap((step, index) => {
    if (step.operations === undefined) return [];
    const { calculations } = readStep(step.text);
    const operations = step.operations.flatMap((each, at) => {
      const read = calculations[at];
      return canRun(each.formula, kit) ? [{ ...each, percent: read?.percent === true, start: read?.start ?? 0 }] : [];
    });
    return operations.length === 0 ? [] : [{ index, step, operations }];
  });
}

function canRun(formula: string, kit: RulesKit): boolean {
  const tokens = tokenizeFormula(formula);
  return tokens !== null && calculates(tokens) && kit.evaluate(printFormula(tokens)) !== null;
}

import type { Rules, RulesKit } from "../../schemas/converter.ts";
import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import type { ActionJson, PlanJson } from "../../schemas/plan.ts";
import { calculates, printFormula, referToEarlier, tokenizeFormula, type EarlierResult } from "../shared/formula.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import { readStep } from "./step.ts";
import { writeSubgoals } from "./subgoal.ts";

/**
 * Plans from the calculations that GSM8K's rationales mark or write out: a subgoal for every line that calculates, an action for
 * every calculation. The gold answer is never read; the last calculation is taken to yield the answer.
 */
export const gsm8kRules: Rules = {
  version: "1",
  annotate(example, kit) {
    const steps = calculatingSteps(example, kit);
    if (steps.length === 0) {
      return { skip: "no_machine_readable_step", detail: "No line of the rationale has a calculation that can be run (`<<a=b>>` or `a op b = c`)." };
    }
    const sentences = writeSubgoals(example, steps);
    const actions = groundSteps(example, steps, kit);
    const subgoals: PlanJson["subgoals"] = steps.map((_, index) => ({ text: sentences[index] ?? "", actions: actions[index] ?? [] }));
    return { plan: { subgoals }, answer_copied: false };
  },
};

/** A gold step that calculates; `index` is its place among all gold steps, from 0. */
interface CalculatingStep {
  index: number;
  step: GoldStep;
  operations: readonly { formula: string; result: string; percent: boolean }[];
}

function calculatingSteps(example: SourceExample, kit: RulesKit): CalculatingStep[] {
  return example.gold_steps.flatMap((step, index) => {
    if (step.operations === undefined) return [];
    const percents = new Set(readStep(step.text).calculations.flatMap((each) => (each.percent ? [each.result] : [])));
    const operations = step.operations
      .filter(({ formula }) => canRun(formula, kit))
      .map((each) => ({ ...each, percent: percents.has(each.result) }));
    return operations.length === 0 ? [] : [{ index, step, operations }];
  });
}

function canRun(formula: string, kit: RulesKit): boolean {
  const tokens = tokenizeFormula(formula);
  return tokens !== null && calculates(tokens) && kit.evaluate(printFormula(tokens)) !== null;
}

function groundSteps(example: SourceExample, steps: readonly CalculatingStep[], kit: RulesKit): ActionJson[][] {
  const stated = statedNumbers(example.task);
  const isStated = (number: string): boolean => stated.has(Number(number));
  const earlier: EarlierResult[] = [];
  return steps.map(({ operations }) =>
    operations.map(({ formula, result, percent }) => {
      const tokens = referToEarlier(tokenizeFormula(formula) ?? [], earlier, isStated, kit);
      const variable = `R${earlier.length + 1}`;
      earlier.push({ variable, result, percent, used: false });
      return { outputs: [variable], tool: "Calculator", args: printFormula(tokens), result };
    }),
  );
}

import type { RulesKit } from "../../schemas/converter.ts";
import { sameNumber } from "./equivalence.ts";
import { executeFormula } from "./expression.ts";
import { printNumber } from "./value.ts";

/** What the rules annotators are lent of the execution module. */
export const rulesKit: RulesKit = {
  evaluate(formula) {
    const { value } = executeFormula(formula);
    return value?.kind === "number" && value.inexact !== true ? printNumber(value.value) : null;
  },
  sameNumber,
};

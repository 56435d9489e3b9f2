import type { Fraction } from "fraction.js";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import { printValue } from "../execution/value.ts";
import type { PlacedAction } from "./dataflow.ts";
import { echoedConstants, isDerived, type Way } from "./derivation.ts";
import { magnitudeKey, type SourcedLiteral } from "./sourced.ts";

/**
 * `value.unsourced` for every number from nowhere, for a usual constant that is the gold answer and only repeated, and for a final result that
 * depends on no number of the task or the rationale. `copiesAnswer`: the final result rests on such a number equal to gold, or is not derived.
 */
export function checkSources(way: Way, example: SourceExample): { defects: Defect[]; copiesAnswer: boolean } {
  const { actions, executed, sourced, rests } = way;
  const isGold = (value: Fraction) => sameAnswer(printValue({ kind: "number", value }), example.answer, example.answer_aliases);
  const under = [...rests].flatMap((index) => sourced[index] ?? []);
  const last = actions.at(-1);
  const isComputed = (index: number) => executed[index]?.evidence === "computed";
  const calculated = [...rests].every(isComputed);
  const uses = under.some(({ source }) => source === "task" || source === "rationale");
  const fromNothing = calculated && under.length > 0 && under.every(({ source }) => source !== null) && (!uses || !isDerived(way));
  const echoed = last !== undefined && isComputed(last.index) ? echoedConstants(way, isGold) : { keys: new Set(), actions: new Set() };
  const repeats = ({ literal, source }: SourcedLiteral) => source === "constant" && echoed.keys.has(magnitudeKey(literal.value));
  const defects = actions.flatMap((action) => [
    ...unsourced(action, sourced[action.index] ?? []),
    ...restated(action, rests.has(action.index) ? (sourced[action.index] ?? []).filter(repeats) : [], echoed.actions.has(action.index)),
  ]);
  if (fromNothing && last !== undefined) {
    const why = uses ? "depends on no number of the task or the rationale: those it uses could be any others" : "rests on usual constants alone: it must use a number of the task or the rationale";
    defects.push(defect("value.unsourced", `The final result ${why}.`, last));
  }
  const isSuspicious = (each: SourcedLiteral) => (each.source === null && isGold(each.literal.value)) || repeats(each);
  return { defects, copiesAnswer: fromNothing || echoed.actions.size > 0 || under.some(isSuspicious) };
}

function unsourced(action: PlacedAction, literals: readonly SourcedLiteral[]): Defect[] {
  const numbers = [...new Set(literals.flatMap(({ literal, source }) => (source === null ? [literal.text.slice(0, 40)] : [])))];
  if (numbers.length === 0) return [];
  const message = `Number ${numbers.join(", ")} in subgoal ${action.subgoal} action ${action.action} has no source: it must stand in the task or the rationale, be an earlier result, or be a usual constant.`;
  return [defect("value.unsourced", message, action)];
}

/** A usual constant, or a result put together from some, that the final result repeats. */
function restated(action: PlacedAction, literals: readonly SourcedLiteral[], whole: boolean): Defect[] {
  const number = literals[0]?.literal.text.slice(0, 40) ?? (whole ? "The result" : null);
  if (number === null) return [];
  const subject = whole && literals.length === 0 ? number : `Number ${number}`;
  const message = `${subject} in subgoal ${action.subgoal} action ${action.action} is the gold answer, from usual constants alone, and the final result only repeats it: derive it from the task.`;
  return [defect("value.unsourced", message, action)];
}

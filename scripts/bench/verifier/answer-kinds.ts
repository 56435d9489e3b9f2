import { USUAL_CONSTANTS } from "../../../schemas/constants.ts";
import type { ActionJson } from "../../../schemas/plan.ts";
import { evaluate, type Known, readKnown, same, sameScaled, writeNumber } from "./arithmetic.ts";
import { changedStep, type Draft, stepsOf } from "./draft.ts";
import { type Bed, formulas, type Kind, type Planted, planted, withArgs, withToken } from "./kind.ts";
import { isConstant } from "./named.ts";

/** Answers that are written down instead of derived, and numbers from nowhere. */
export const ANSWER_KINDS: readonly Kind[] = [
  { name: "answer restated in a formula", group: "answer", domains: ["maths"], plant: (bed) => restated(bed, "nowhere", FORMULAS) },
  { name: "answer restated with Define", group: "answer", domains: ["maths"], plant: (bed) => restated(bed, "nowhere", [DEFINE]) },
  { name: "answer from constants alone", group: "answer", domains: ["maths"], plant: fromConstants },
  { name: "answer and a term that cancels", group: "answer", domains: ["maths"], plant: (bed) => cancelling(bed, "nowhere") },
  { name: "answer a constant, a term cancels", group: "answer", domains: ["maths"], plant: (bed) => cancelling(bed, "constant") },
  { name: "answer halved and doubled", group: "answer", domains: ["maths"], plant: halved },
  { name: "invented numbers, same value", group: "dataflow", domains: ["maths"], plant: invented },
  {
    name: "answer restated that is given",
    group: "open",
    domains: ["maths"],
    open: "The number stands in the task or the rationale, or an earlier step has it: the contract calls it sourced.",
    plant: (bed) => [...restated(bed, "given", [...FORMULAS, DEFINE]), ...cancelling(bed, "given")],
  },
  {
    name: "another way to the same number",
    group: "open",
    domains: ["maths"],
    open: "Numbers of the task that happen to give the right value; a decomposition of one's own may be proven.",
    plant: otherWay,
  },
];

type Origin = "nowhere" | "constant" | "given";

/** Where a number could come from, read plainly; null where the answer is no number. */
function goldOf({ sound, named, worked }: Bed): { text: string; value: Known; origin: Origin } | null {
  const value = readKnown(sound.example.answer);
  const text = value === null || typeof value === "boolean" ? null : writeNumber(value);
  if (value === null || text === null) return null;
  const isEarlier = worked.slice(0, -1).some((each) => [each.claim, each.value].some((result) => sameScaled(result, value)));
  return { text, value, origin: isEarlier || named.inTask(value) || named.inRationale(value) ? "given" : isConstant(value) ? "constant" : "nowhere" };
}

const FORMULAS = ["#", "# + 0", "# * 1", "# / 1", "0 + #", "1 * # - 0", "(#)"].map((formula) => ({ tool: "Calculator", formula }));
const DEFINE = { tool: "Define", formula: "#" };

/** The last action restates the answer, with the steps before it left standing or without them. */
function restated(bed: Bed, from: "nowhere" | "given", ways: readonly { tool: string; formula: string }[]): Planted[] {
  const gold = goldOf(bed);
  if (gold === null || (gold.origin === "given") !== (from === "given")) return [];
  return ways.flatMap(({ tool, formula }) => {
    const last = { tool, args: formula.replace("#", gold.text), result: gold.text };
    return [planted(endingIn(bed.draft, last)), ...(bed.worked.length > 1 ? [planted(only(bed.draft, last))] : [])];
  });
}

function endingIn(draft: Draft, last: Omit<ActionJson, "outputs">): Draft {
  return changedStep(draft, stepsOf(draft).length - 1, ({ outputs }) => [{ outputs, ...last }]);
}

function only(draft: Draft, last: Omit<ActionJson, "outputs">): Draft {
  const subgoal = draft.subgoals.at(-1);
  return { subgoals: [{ text: subgoal?.text ?? "Find the answer.", actions: [{ outputs: ["R1"], ...last }] }] };
}

/** The answer put together from usual constants that the task does not name. */
function fromConstants(bed: Bed): Planted[] {
  const gold = goldOf(bed);
  if (gold === null || gold.origin === "given") return [];
  const usable = USUAL_CONSTANTS.flatMap(({ value }) => {
    const known = /^[1-9][0-9]*$/.test(value) ? readKnown(value) : null;
    return known === null || bed.named.anywhere(known) ? [] : [Number(value)];
  }).sort((a, b) => b - a);
  const terms: number[] = [];
  let left = Number(gold.text);
  for (const each of usable) while (each <= left && terms.length < 12) [left] = [left - each, terms.push(each)];
  if (left !== 0 || terms.length < 2) return terms.length === 0 ? [] : [{ harmless: "no such sum" }];
  const last = { tool: "Calculator", args: terms.join(" + "), result: gold.text };
  return [planted(endingIn(bed.draft, last)), planted(only(bed.draft, last))];
}

function cancelling(bed: Bed, from: Origin): Planted[] {
  const gold = goldOf(bed);
  if (gold === null || gold.origin !== from) return [];
  const last = bed.worked.length - 1;
  const variables = bed.worked.slice(0, last).flatMap(({ step, claim }) => (claim === null || same(claim, gold.value) ? [] : step.node.outputs.slice(0, 1)));
  const numbers = bed.named.taskNumbers.flatMap((each) => (same(each, gold.value) ? [] : (writeNumber(each) ?? [])));
  return bed.draw.some([...variables, ...numbers], 2).flatMap((term) =>
    [`${gold.text} + ${term} - ${term}`, `${term} - ${term} + ${gold.text}`, `${gold.text} + 0 * ${term}`].map((args) =>
      planted(endingIn(bed.draft, { tool: "Calculator", args, result: gold.text })),
    ),
  );
}

/** `R1 = gold / 2`, `R2 = R1 * 2`: the answer hidden in an earlier step. */
function halved(bed: Bed): Planted[] {
  const gold = goldOf(bed);
  const half = gold?.origin === "nowhere" ? evaluate(`${gold.text} / 2`, () => null) : null;
  const text = half === null ? null : writeNumber(half);
  if (gold === null || text === null) return [];
  const make = (outputs: string, args: string, result: string): ActionJson => ({ outputs: [outputs], tool: "Calculator", args, result });
  const subgoals = [
    { text: "Find half of what is asked.", actions: [make("R1", `${gold.text} / 2`, text)] },
    { text: bed.draft.subgoals.at(-1)?.text ?? "Find the answer.", actions: [make("R2", "R1 * 2", gold.text)] },
  ];
  return [planted({ subgoals })];
}

/** A number `x` of a formula as `(x + k - k)`, with a `k` that nothing names. */
function invented(bed: Bed): Planted[] {
  return formulas(bed).flatMap(({ at, tokens }) =>
    tokens.flatMap((token) => {
      const own = token.kind === "number" ? readKnown(token.text) : null;
      if (own === null || !/^[0-9]{1,9}$/.test(token.text)) return [];
      const by = 53 + bed.draw.int(400);
      const [high, low] = [Number(token.text) + by, by];
      const isFree = [high, low].every((each) => {
        const known = readKnown(String(each));
        return known !== null && !bed.named.anywhere(known) && !isConstant(known) && !bed.worked.some(({ claim, value }) => [claim, value].some((result) => sameScaled(result, known)));
      });
      return isFree ? [planted(withArgs(bed, at.step.index, withToken(at.step.node, token, `(${high} - ${low})`)))] : [{ harmless: "numbers that are named" }];
    }),
  );
}

/** A step's value from two other numbers of the task. */
function otherWay(bed: Bed): Planted[] {
  const texts = [...new Set(bed.named.taskNumbers.flatMap((each) => writeNumber(each) ?? []))];
  return formulas(bed).flatMap(({ at, tokens, value }) => {
    const own = new Set(tokens.map(({ text }) => text));
    const pairs = texts.flatMap((a) => texts.flatMap((b) => ["+", "-", "*", "/"].map((sign) => ({ a, b, formula: `${a} ${sign} ${b}` }))));
    const fitting = pairs.filter(({ a, b, formula }) => {
      const found = own.has(a) && own.has(b) ? null : evaluate(formula, () => null);
      return found !== null && same(found, value);
    });
    return bed.draw.some(fitting, 1).map(({ formula }) => planted(withArgs(bed, at.step.index, formula)));
  });
}

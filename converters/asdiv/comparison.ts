import type { RulesKit } from "../../schemas/converter.ts";
import type { PlanJson } from "../../schemas/plan.ts";
import { ActionBuilder } from "./builder.ts";
import { type Expression, parseExpression } from "./expression.ts";

/** Two amounts of a comparison, each with whose it is. */
export interface Comparison {
  sides: [Side, Side];
  relation: "<" | ">" | "equals";
}

interface Side {
  expression: Expression;
  unit: string;
  name: string | null;
}

/** Reads `34 cm(Harry) > 34-3=31 cm(Hermione)`; null where it is no comparison of two amounts. */
export function readComparison(formula: string): Comparison | null {
  const [, left, relation, right] = /^([^<>;]{1,150}?)\s(<|>|equals)\s([^<>;]{1,150})$/.exec(formula.trim()) ?? [];
  const sides = [left, right].map((text) => (text === undefined ? null : readSide(text)));
  const [first, second] = sides;
  if (first === null || first === undefined || second === null || second === undefined) return null;
  return { sides: [first, second], relation: relation === "<" || relation === ">" ? relation : "equals" };
}

/** Works out both amounts and decides between them as the question asks; null where the question does not tell which one it asks for. */
export function comparisonPlan({ sides, relation }: Comparison, question: string, finalSubgoal: string, kit: RulesKit): PlanJson | null {
  const builder = new ActionBuilder(kit, () => true);
  const subgoals: PlanJson["subgoals"] = [];
  const amounts = sides.map(({ expression, name }) => {
    if (expression.kind === "number") return expression.text;
    const variable = builder.work(builder.formula(expression));
    subgoals.push({ text: name === null ? "Find how much there is at hand." : `Find ${whatCompares(question)} for ${inSentence(name)}.`, actions: builder.take() });
    return variable;
  });
  const values = amounts.map((amount) => (amount.startsWith("R") ? builder.valueOf(amount) : amount));
  const [a, b] = amounts;
  const order = compared(values[0] ?? "", values[1] ?? "", kit);
  if (a === undefined || b === undefined || order === null || builder.failed !== null) return null;
  const decision = decide(sides, relation, [a, b], order, question);
  if (decision === null) return null;
  const variable = `R${subgoals.reduce((count, { actions }) => count + actions.length, 0) + 1}`;
  subgoals.push({ text: finalSubgoal, actions: [{ outputs: [variable], ...decision }] });
  return { subgoals };
}

type Decision = { tool: string; args: string; result: string };

function decide([left, right]: readonly [Side, Side], relation: string, [a, b]: readonly [string, string], order: number, question: string): Decision | null {
  if (left.name === null || right.name === null) {
    if (!/\benough\b/.test(question) || left.unit !== right.unit) return null;
    return { tool: "Calculator", args: `${a} >= ${b}`, result: order >= 0 ? "True" : "False" };
  }
  const asked = question.replace(/\bratio of .*$/i, "");
  const [most, least] = [MOST.test(asked), LEAST.test(asked)];
  if (most === least || left.name.includes('"') || right.name.includes('"')) return null;
  const [sign, opposite] = most ? [">", "<"] : ["<", ">"];
  const first = most ? order > 0 : order < 0;
  const equal = "They are equal";
  const result = order === 0 ? equal : first ? left.name : right.name;
  if (relation !== "equals") return order === 0 ? null : { tool: "Code", args: `"${left.name}" if ${a} ${sign} ${b} else "${right.name}"`, result };
  return { tool: "Code", args: `"${left.name}" if ${a} ${sign} ${b} else "${right.name}" if ${a} ${opposite} ${b} else "${equal}"`, result };
}

const MOST = /\b(?:more|longer|taller|larger|bigger|biggest|largest|higher|highest|greater|most|tallest|longest)\b/i;
const LEAST = /\b(?:less|fewer|shorter|smaller|smallest|lower|lowest|cheaper|cheapest|better deal|least|shortest)\b/i;

/** What the question compares, as a noun phrase. */
function whatCompares(question: string): string {
  const ratio = /\bratio of ([^?]{1,60}?) to ([^?]{1,60}?)(?: last year| this year)?\s*\?/i.exec(question);
  if (ratio !== null) return `the ratio of ${ratio[1] ?? ""} to ${ratio[2] ?? ""}`;
  const measure = MEASURES.find(([pattern]) => pattern.test(question));
  return measure?.[1] ?? "the amount";
}

const MEASURES: readonly (readonly [RegExp, string])[] = [
  [/\bunit price|price|cost|deal|expensive\b/i, "the unit price"],
  [/\bmoney\b|\benough to buy\b/i, "the amount of money"],
  [/\barea\b/i, "the area"],
  [/\blonger|longest\b/i, "the length"],
  [/\btaller|tallest\b/i, "the height"],
  [/\bsmaller|bigger|larger\b/i, "the size"],
];

/** `The first day` → `the first day`; `Fall` stays. */
function inSentence(name: string): string {
  return name.replace(/^(?:The|This|Last)\b/, (word) => word.toLowerCase());
}

function compared(a: string, b: string, kit: RulesKit): number | null {
  const difference = kit.evaluate(`(${a}) - (${b})`);
  return difference === null ? null : difference === "0" ? 0 : difference.startsWith("-") ? -1 : 1;
}

/** `4+5=9 apples`, `2 parts(Blue)`, `14/20(Ava)`. */
function readSide(text: string): Side | null {
  const named = /^(.{1,120}?)\s?\(([A-Z][^()]{0,60})\)$/.exec(text.trim());
  const amount = named?.[1] ?? text.trim();
  const [written = "", stated, more] = amount.split("=").map((each) => each.trim());
  if (more !== undefined) return null;
  const plain = (of: string): string => of.replace(/\(\s?[a-z][a-z .'/-]{0,40}\)/gi, "").replace(/\s[a-z][a-z ]{0,30}$/i, "").trim();
  const expression = parseExpression(plain(written));
  if (expression === null) return null;
  return { expression, unit: /\s([a-z][a-z ]{0,30})$/i.exec(stated ?? written)?.[1] ?? "", name: named?.[2] ?? null };
}

import { USUAL_CONSTANTS } from "../../schemas/constants.ts";
import type { RulesKit } from "../../schemas/converter.ts";
import type { ActionJson } from "../../schemas/plan.ts";
import { printFormula, referToEarlier, tokenizeFormula, type EarlierResult, type FormulaToken } from "../shared/formula.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";
import type { CalculatingStep, Operation } from "./steps.ts";

/** Writes the actions of one plan: numbers the variables and puts those of earlier results for the operands that equal them. */
export class Grounding {
  private readonly earlier: EarlierResult[] = [];
  private readonly stated: ReadonlySet<number>;
  private readonly kit: RulesKit;
  private readonly task: string;
  private count = 0;
  /** The variables of results that are amounts of money. */
  private readonly amounts = new Set<string>();
  /** The calculations that are still to come, this one first. */
  private ahead: readonly Ahead[];

  /** `steps`: what will be calculated, in order: a number that several calculations use is an earlier result in the one that counts the same things. */
  constructor(task: string, kit: RulesKit, steps: readonly CalculatingStep[] = []) {
    this.task = task;
    this.stated = statedNumbers(task);
    this.kit = kit;
    this.ahead = steps.flatMap(({ step, operations }) => operations.map(({ formula, result }) => ({ numbers: numbersOf(formula), result: Number(result), line: step.text })));
  }

  /** `line`: the step's words, which tell equal results apart. */
  calculate({ formula, result, percent }: Pick<Operation, "formula" | "result" | "percent">, line: string): ActionJson {
    const tokens = tokenizeFormula(formula) ?? [];
    const written = convertsUnits(tokens, line) ? tokens.at(-1) : undefined;
    const action = this.calculateTokens(written === undefined ? tokens : tokens.slice(0, -1), result, percent, contentWords(line), written);
    if (isAmount(line, result)) for (const variable of action.outputs) this.amounts.add(variable);
    this.ahead = this.ahead.slice(1);
    return action;
  }

  /** `written`: a last operand that stays as it is. */
  calculateTokens(tokens: readonly FormulaToken[], result: string, percent = false, words: ReadonlySet<string> = new Set(), written?: FormulaToken): ActionJson {
    const referred = this.refer(tokens, words);
    const args = printFormula(written === undefined ? referred : [...referred, written]);
    const variable = this.variable();
    this.remember(variable, result, percent, words);
    return { outputs: [variable], tool: "Calculator", args, result };
  }

  refer(tokens: readonly FormulaToken[], words: ReadonlySet<string> = new Set()): FormulaToken[] {
    const [own, rest] = ownOperand(tokens, this.earlier);
    const referred = referToEarlier(own, this.earlier.filter((each) => !this.meansTask(each)), (number) => this.stated.has(Number(number)) && !this.meansResult(Number(number)), this.kit, words);
    return rest === null ? referred : rest.before ? [...rest.tokens, ...referred] : [...referred, ...rest.tokens];
  }

  private statedThings(value: number): ReadonlySet<string> {
    return new Set(countedThings(this.task, value));
  }

  /** Whether a number that the task states too counts what an earlier line found (`60 muffins`), and the task counts something else with it (`60 cinnamon buns`). */
  private meansResult(value: number): boolean {
    const [here] = this.ahead;
    // Of two equal operands (`4 * 4`) one is the result already.
    if (here?.numbers.filter((each) => each === value).length !== 1) return false;
    const things = countedThings(here.line, value).filter((thing) => !this.statedThings(value).has(thing));
    return this.earlier.some(({ result, words }) => Number(result) === value && things.some((thing) => words?.has(thing) === true));
  }

  /** Whether this calculation means the task's number and not the result that equals it, or a later one means that result (`10 boys` after a line of boys) and this one something else (`10 girls`). */
  private meansTask({ variable, result, used, words = new Set() }: EarlierResult): boolean {
    const value = Number(result);
    const [here, ...later] = this.ahead;
    if (here !== undefined && this.amounts.has(variable) && countAtAPrice(here.line) === value) return true;
    if (used || here === undefined || !here.numbers.includes(value) || here.result === value || !this.stated.has(value)) return false;
    const things = countedThings(here.line, value);
    const counts = (each: Ahead) => countedThings(each.line, value).some((thing) => words.has(thing));
    if (things.length === 0 || counts(here)) return false;
    // `10 pizzas` of the task are no `$10` of an earlier line, which is still to be used.
    const isStatedThing = things.some((thing) => this.statedThings(value).has(thing));
    const again = later.findIndex((each) => each.result === value);
    return (again < 0 ? later : later.slice(0, again)).some((each) => each.numbers.includes(value) && (isStatedThing || counts(each)));
  }

  variable(): string {
    this.count += 1;
    return `R${this.count}`;
  }

  remember(variable: string, result: string, percent = false, words: ReadonlySet<string> = new Set()): void {
    this.earlier.push({ variable, result, percent, used: false, words });
  }
}

/**
 * Of `60 / 60` and `60 - 60` the operand that is the earlier result: one of the two is the usual constant, or the plan says `R1 / R1`. Minutes are divided by
 * the 60 of an hour, and taken from them.
 */
function ownOperand(tokens: readonly FormulaToken[], earlier: readonly EarlierResult[]): [own: readonly FormulaToken[], rest: { tokens: readonly FormulaToken[]; before: boolean } | null] {
  const [left, sign, right, more] = tokens;
  const isTwice = more === undefined && left?.kind === "number" && right?.kind === "number" && Number(left.text) === Number(right.text) && CONSTANTS.has(Number(left.text));
  if (!isTwice || sign?.kind !== "operator" || earlier.filter(({ result }) => Number(result) === Number(left.text)).length > 1) return [tokens, null];
  if (sign.text === "/") return [tokens.slice(0, 1), { tokens: tokens.slice(1), before: false }];
  return sign.text === "-" ? [tokens.slice(2), { tokens: tokens.slice(0, 2), before: true }] : [tokens, null];
}

const CONSTANTS: ReadonlySet<number> = new Set(USUAL_CONSTANTS.map(({ value }) => Number(value)));

/** The numbers that a calculation starts from, its result and its line. */
interface Ahead {
  numbers: readonly number[];
  result: number;
  line: string;
}

/** The words right behind a number: `nougats` of `6 nougats`. */
function countedThings(line: string, value: number): string[] {
  const found = line.slice(0, MAX_LINE).toLowerCase().replace(/<<[^<>]*>>/g, "").matchAll(/(?<![\d.,])(\d[\d,]{0,20}(?:\.\d{1,10})?) (\p{L}{3,20})/gu);
  return [...found].flatMap(([, number = "", thing = ""]) => (Number(number.replaceAll(",", "")) === value && !NO_THINGS.has(thing) ? [thing] : []));
}

const NO_THINGS: ReadonlySet<string> = new Set("and the for per each every more less fewer with from that who have has are were times total left will can also plus minus equals dollars percent".split(" "));

function numbersOf(formula: string): number[] {
  return (tokenizeFormula(formula) ?? []).flatMap((token) => (token.kind === "number" ? [Number(token.text)] : []));
}

/** `9 * 60` of a line that tells hours in minutes: the 60 is the hour's, whatever else is 60. */
function convertsUnits(tokens: readonly FormulaToken[], line: string): boolean {
  const [left, sign, right, more] = tokens;
  if (left?.kind !== "number" || sign?.kind !== "operator" || !/^[*/]$/.test(sign.text) || right?.kind !== "number" || left.text === right.text || more !== undefined) return false;
  const text = line.slice(0, MAX_LINE).toLowerCase();
  return UNITS.some(([factor, larger, smaller]) => factor === right.text && larger.test(text) && smaller.test(text));
}

/** How many of a smaller unit a larger one has. */
const UNITS: readonly (readonly [factor: string, larger: RegExp, smaller: RegExp])[] = [
  ["60", /\bhours?\b/, /\bmin(?:ute)?s?\b/],
  ["60", /\bmin(?:ute)?s?\b/, /\bsec(?:ond)?s?\b/],
  ["24", /\bdays?\b/, /\bhours?\b/],
  ["12", /\b(?:foot|feet)\b/, /\binch(?:es)?\b/],
  ["100", /\bdollars?\b|\$/, /\bcents?\b/],
];

/** Whether the line writes the result as money: `$<<4*3=12>>12`. */
function isAmount(line: string, result: string): boolean {
  const found = line.slice(0, MAX_LINE).matchAll(/\$ ?<<[^<>=]{1,200}=([^<>=]{1,40})>>/g);
  return [...found].some(([, written]) => Number(written) === Number(result));
}

/** How many a line buys at a price, by the sign that it writes before the price alone: 3 in `$2 * 3 = $6`. No earlier amount of $3 is meant by it. */
function countAtAPrice(line: string): number | null {
  const [before = ""] = line.slice(0, MAX_LINE).split("<<", 1);
  const [, leftSign, left = "", rightSign, right = ""] = PRODUCT.exec(before) ?? [];
  if (leftSign === rightSign) return null;
  const [count, price] = (leftSign === "" ? [left, right] : [right, left]).map((number) => Number(number.replaceAll(",", "")));
  return count === undefined || count === price ? null : count;
}

const PRODUCT = /(\$?) ?(\d[\d,]{0,20}(?:\.\d{1,10})?)(?: \p{L}{1,20}){0,3} ?[*x×] ?(\$?) ?(\d[\d,]{0,20}(?:\.\d{1,10})?)(?:\/?[ \p{L}]{0,30}) ?= ?\$ ?$/u;

function contentWords(line: string): ReadonlySet<string> {
  return new Set(line.slice(0, MAX_LINE).toLowerCase().match(/(?<!\p{L})\p{L}{3,20}(?!\p{L})/gu) ?? []);
}

const MAX_LINE = 1_000;

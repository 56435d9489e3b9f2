import { Fraction } from "fraction.js";
import { LIMITS } from "../limits.ts";
import { listItems } from "../parse-value.ts";
import type { Value } from "../value.ts";
import { readNumber } from "../written.ts";
import { isEmpty, numbersIn, textOf, topLevelParts } from "./arguments.ts";
import type { Tool, ToolRun } from "./tool.ts";

/** `Count(list)`: how many elements a list has; `1, 3, ..., 99` is a sequence with even steps, `1, 2, 4, ..., 64` one with even factors. */
export const count: Tool = {
  name: "Count",
  check: (args) => (isEmpty(args) ? "Count takes a list, found nothing." : null),
  run({ args, lookup, outputs }) {
    const literals = numbersIn(args);
    const ended = (result: ToolRun["result"], inconclusive?: string): ToolRun =>
      inconclusive === undefined ? { result, literals, subvalues: [] } : { result, literals, subvalues: [], inconclusive };
    const text = textOf(args).trim();
    if (outputs !== 1) return ended({ problem: "error", message: `Count gives one result, not ${outputs}.` });
    if (text.length > LIMITS.formulaChars) return ended({ problem: "limit", message: `The list has more than ${LIMITS.formulaChars} characters.` });
    const only = args.length === 1 ? args[0] : undefined;
    if (only !== undefined && typeof only !== "string") {
      const value = lookup(only.ref);
      const counted = value === null ? null : countValue(value);
      if (counted === null) return ended({ problem: "unknown", message: `${only.ref} is no list.` });
      return ended({ values: [whole(counted)] }, value?.kind === "text" ? "the list is words" : undefined);
    }
    const items = elements(text);
    const counted = sequence(items);
    if (counted === null) return ended({ problem: "unknown", message: "The sequence has neither even steps nor even factors." });
    return ended({ values: [{ kind: "number", value: counted }] });
  },
};

function countValue(value: Value): number | null {
  if (value.kind === "list") return value.items.length;
  if (value.kind !== "text") return null;
  return listItems(value.value)?.length ?? null;
}

function elements(text: string): string[] {
  const items = listItems(text);
  if (items !== null) return items;
  const parts = topLevelParts(text, false).filter((each) => each !== "");
  return parts.length > 0 ? parts : [text];
}

/** The number of items, those that `...` stands for included; null where the sequence around it has no even steps. */
function sequence(items: readonly string[]): Fraction | null {
  const gap = items.findIndex((each) => each === "..." || each === "…");
  if (gap < 0) return new Fraction(items.length);
  const [first, last] = [items[0], items.at(-1)].map((each) => readNumber(each ?? "")?.value);
  if (gap !== items.length - 2 || first === undefined || last === undefined) return null;
  const second = gap > 1 ? readNumber(items[1] ?? "")?.value : first.add(1);
  const step = second?.sub(first);
  const given = items.slice(0, gap).map((each) => readNumber(each)?.value);
  if (step === undefined || step.n === 0n || !given.every((each, index) => each !== undefined && each.equals(first.add(step.mul(index))))) return geometric(given, last);
  const steps = last.sub(first).div(step);
  return steps.d === 1n && steps.s >= 0n ? steps.add(1) : null;
}

/** Three numbers at least say which factor goes on. */
function geometric(given: readonly (Fraction | undefined)[], last: Fraction): Fraction | null {
  const [first, second] = given;
  if (given.length < 3 || first === undefined || second === undefined || first.n === 0n || second.n === 0n) return null;
  const factor = second.div(first);
  if (factor.abs().equals(1)) return null;
  let term = first;
  for (let terms = 1; terms <= MOST_FACTORS; terms += 1) {
    if (terms <= given.length && given[terms - 1]?.equals(term) !== true) return null;
    if (term.equals(last)) return new Fraction(terms);
    term = term.mul(factor);
  }
  return null;
}

const MOST_FACTORS = 200;

function whole(value: number): Value {
  return { kind: "number", value: new Fraction(value) };
}

import type { Fraction } from "fraction.js";
import type { Subvalue } from "../execution/evaluate.ts";
import type { Value } from "../execution/value.ts";
import type { Run } from "./service.ts";
import { type GivenNumbers, isGiven, isUsualConstant, magnitudeKey, type SourcedLiteral } from "./sourced.ts";
import { valueNumbers } from "./values.ts";

/**
 * The numbers, by key, that an answer may rest on where the plan goes another way than the source: what the task or the rationale gives and the final result
 * is made of. A usual constant tells nothing by being an ordinal or a word of the task (`the first day` and `60 + 1`), and no number does within a
 * part that comes to 0 or 1 (`24 / 2 * (6 - 5)`). Null where the task names no number to rest on.
 */
export function tellingNumbers(run: Run, sourced: readonly (readonly SourcedLiteral[])[], given: GivenNumbers): ReadonlySet<string> | null {
  if (given.counted.size === 0) return null;
  const reached = reachedLiterals(run, sourced);
  const isLarge = ({ literal }: SourcedLiteral) => !isUsualConstant(literal.value);
  const telling = reached.filter((each) => isGiven(each) && (given.counted.has(magnitudeKey(each.literal.value)) || isLarge(each)));
  // `60 + 1` for a task of 39 and 22 and one day: beside constants from nowhere, small numbers of the task tell nothing either.
  const small = !telling.some(isLarge) && reached.some(({ source }) => source === "constant") && [...given.counted.values()].some((value) => !isUsualConstant(value));
  return new Set(small ? [] : telling.map(({ literal }) => magnitudeKey(literal.value)));
}

/** The literals that the final result is made of, those within its parts that come to 0 or 1 left out. */
function reachedLiterals(run: Run, sourced: readonly (readonly SourcedLiteral[])[]): SourcedLiteral[] {
  const reached = new Set<SourcedLiteral>();
  const visited = new Set<string>();
  const makings = new Map<number, Making>();
  const queue: { index: number; key: string | null }[] = [{ index: run.executed.length - 1, key: null }];
  for (const { index, key } of queue) {
    const making = makings.get(index) ?? makingOf(run, sourced, index);
    makings.set(index, making);
    const name = `${index} ${key ?? ""}`;
    if (visited.has(name)) continue;
    visited.add(name);
    const operands = making.operands.get(key ?? making.whole ?? "");
    if (operands === undefined) {
      for (const each of making.literals) reached.add(each);
      for (const earlier of making.before) queue.push({ index: earlier, key: null });
      continue;
    }
    for (const operand of operands) {
      for (const each of making.literals) if (magnitudeKey(each.literal.value) === operand) reached.add(each);
      if (making.operands.has(operand) && !making.fillers.has(operand)) queue.push({ index, key: operand });
      for (const earlier of making.before) if (mayMake(run, earlier, operand)) queue.push({ index: earlier, key: null });
    }
  }
  return [...reached];
}

/** What an action's formula is made of. `operands`: of its operations, by the key of what comes out; `fillers`: what comes out of nothing else than fillers. */
interface Making {
  whole: string | null;
  operands: ReadonlyMap<string, ReadonlySet<string>>;
  fillers: ReadonlySet<string>;
  literals: readonly SourcedLiteral[];
  before: readonly number[];
}

function makingOf({ executed, uses }: Run, sourced: readonly (readonly SourcedLiteral[])[], index: number): Making {
  const literals = sourced[index] ?? [];
  const operands = new Map<string, Set<string>>();
  const [fillers, others] = [new Set<string>(), new Set<string>()];
  for (const part of executed[index]?.subvalues ?? []) {
    if (part.below === true) continue;
    const key = magnitudeKey(part.value);
    (isFiller(part) ? fillers : others).add(key);
    const own = operands.get(key) ?? new Set();
    operands.set(key, own);
    for (const operand of part.operands) own.add(magnitudeKey(operand));
  }
  for (const key of others) fillers.delete(key);
  return { whole: valueKey(executed[index]?.value), operands, fillers, literals, before: [...(uses[index] ?? []), ...literals.flatMap(({ repeats }) => repeats ?? [])] };
}

/** Whether an operand may be the result of an earlier action, which is no filler itself. */
function mayMake({ executed }: Run, index: number, operand: string): boolean {
  const { value = null, claimedValue = null, subvalues = [] } = executed[index] ?? {};
  if (value?.kind !== "number") return true;
  const own = valueKey(value);
  if (subvalues.some((part) => part.below !== true && isFiller(part) && magnitudeKey(part.value) === own)) return false;
  return [...valueNumbers(value), ...valueNumbers(claimedValue)].some((each) => [each, each.mul(100), each.div(100)].some((scaled) => magnitudeKey(scaled) === operand));
}

/** 0 or 1 made of other numbers: `x - x`, `0 * x`, `x ^ 0`, `6 - 5`. */
function isFiller({ value, operands }: Subvalue): boolean {
  const isTrivial = (each: Fraction) => each.equals(0) || each.equals(1);
  return isTrivial(value) && !operands.every(isTrivial);
}

function valueKey(value: Value | null | undefined): string | null {
  return value?.kind === "number" ? magnitudeKey(value.value) : null;
}

import type { Fraction } from "fraction.js";
import type { SourceExample } from "../../schemas/example.ts";
import { claimHolds } from "../execution/equivalence.ts";
import type { Run, Service } from "./service.ts";
import { serveRemarks } from "./align-remarks.ts";
import { type Acceptance, acceptance, type GoldOperation, goldOperations } from "./gold-operations.ts";
import { numberKey } from "../../converters/shared/number-words.ts";
import { NEUTRAL_OPERAND, type Operand, toOperand } from "./operands.ts";
import { valueNumbers } from "./values.ts";

/**
 * Serves gold steps that are calculations. Both sides are taken apart into what each value was made of: a plan's formula may be
 * one gold step, a part of one or several at once. A gold calculation is served by a formula, or a part of one, that has its
 * result and, followed back through earlier results, no other operands than its own.
 */
export function alignOperations(run: Run, example: SourceExample): Service {
  const gold = goldOperations(example);
  const parts = planParts(run);
  const taken = new Set<string>();
  let after = 0;
  const found = gold.map((operation, index) => {
    const actions = operation.whole ? serve(operation, acceptance(gold, index), parts, run, taken, after) : null;
    after = Math.max(after, ...(actions ?? []));
    return actions;
  });
  const served = new Map<number, Set<number>>(gold.map(({ step }) => [step, new Set()]));
  const missing = new Set<number>();
  for (const [index, { step, results, whole }] of gold.entries()) {
    for (const action of found[index] ?? []) served.get(step)?.add(action);
    const isUsed = (other: GoldOperation, at: number) =>
      at > index && other.step === step && found[at] !== null && other.ways.flat().some(({ exact }) => results.has(exact));
    if (whole && found[index] === null && !gold.some(isUsed)) missing.add(step);
  }
  for (const step of missing) served.set(step, new Set());
  const checkable = new Set(served.keys());
  serveRemarks(run, example, served);
  return { checkable, served, neutral: statingSubgoals(run) };
}

/** A formula of the plan or a part of one. Its value as computed and, for a whole formula, as claimed. */
interface Part {
  action: number;
  whole: boolean;
  values: readonly Fraction[];
  keys: ReadonlySet<string>;
  operands: readonly Operand[];
}

/** What was met on the way back from a part: operands by `alike`, and the actions gone through. */
interface Trail {
  met: Set<string>;
  actions: Set<number>;
}

/** How many results a part is followed back through; real plans have less than twenty. */
const DEEPEST = 200;

function planParts({ executed, uses }: Run): Part[][] {
  return executed.map((action, index) => {
    const own = valueNumbers(action.value);
    const whole = action.evidence === "contradicted" ? own : [...own, ...valueNumbers(action.claimedValue)];
    if (action.subvalues.length === 0) {
      const used = (uses[index] ?? []).flatMap((by) => valueNumbers(executed[by]?.value ?? null));
      return [toPart(index, true, whole, [...action.literals.map(({ value }) => value), ...used])];
    }
    const ownKeys = new Set(own.map(numberKey));
    return action.subvalues.map(({ value, operands }) => {
      const isWhole = ownKeys.has(numberKey(value));
      return toPart(index, isWhole, isWhole ? whole : [value], operands);
    });
  });
}

function toPart(action: number, whole: boolean, values: readonly Fraction[], operands: readonly Fraction[]): Part {
  return { action, whole, values, keys: new Set(values.map(numberKey)), operands: operands.map(toOperand) };
}

/**
 * The actions that serve a gold calculation, or null. Where several formulas do: one that serves no other yet, a whole one before
 * a part, one that does not stand before what serves the gold calculation before (`after`, an action's index).
 */
function serve(operation: GoldOperation, acceptable: Acceptance, parts: readonly Part[][], run: Run, taken: Set<string>, after: number): Set<number> | null {
  let best: { rank: number; part: Part; actions: Set<number> } | null = null;
  for (const part of parts.flat()) {
    if (!hasResult(part, operation)) continue;
    const rank = (taken.has(nameOf(part)) ? 0 : 4) + (part.whole ? 2 : 0) + (part.action >= after ? 1 : 0);
    if (best !== null && best.rank >= rank) continue;
    const trail = follow(part, acceptable, parts, run, false) ?? follow(part, acceptable, parts, run, true);
    if (trail !== null) best = { rank, part, actions: trail.actions };
  }
  if (best === null) return restated(operation, run) ?? solved(operation, run);
  taken.add(nameOf(best.part));
  return best.actions;
}

/** One name for all ways to write what a value of an action is made of. */
function nameOf({ action, keys }: Part): string {
  return `${action}: ${[...keys].join()}`;
}

function hasResult({ keys, values }: Part, { results, stated }: GoldOperation): boolean {
  if ([...keys].some((key) => results.has(key))) return true;
  return stated.includes(".") && values.some((value) => claimHolds(stated, { kind: "number", value }));
}

/** A gold step that only states a number (`<<4=4>>`) is served where the plan uses the number. */
function restated({ ways, results }: GoldOperation, { executed }: Run): Set<number> | null {
  if (ways.some((way) => way.length > 1)) return null;
  const at = executed.findIndex(({ literals }) => literals.some(({ value }) => results.has(numberKey(value))));
  return at < 0 ? null : new Set([at]);
}

/**
 * A gold step that ends an equation's solution (`8S = 640, so S = 640 / 8 = 80`) is served by who solves the equation: what stands between only transforms it. It has
 * the step's result, and a number of the step stands in the equation.
 */
function solved({ ways, results }: GoldOperation, { actions, executed, uses }: Run): Set<number> | null {
  const operands = new Set(ways.flat().flatMap(({ alike }) => (alike === NEUTRAL_OPERAND ? [] : [alike])));
  const at = actions.findIndex(
    ({ node, index }) =>
      node.tool === "SolveEquation" &&
      executed[index]?.evidence !== "contradicted" &&
      valueNumbers(executed[index]?.value ?? null).some((value) => results.has(numberKey(value))) &&
      [index, ...(uses[index] ?? [])].some((each) => executed[each]?.literals.some(({ value }) => operands.has(toOperand(value).alike)) === true),
  );
  return at < 0 ? null : new Set([at]);
}

/**
 * Follows a part's operands back until all are accepted operands of the gold calculation; null where they never are.
 * @param thorough follow accepted operands back too, where their own operands are accepted as well
 */
function follow(part: Part, { accepted, inner, covers }: Acceptance, parts: readonly Part[][], run: Run, thorough: boolean): Trail | null {
  const known = new Map<Part, Trail | null>();
  const back = (from: Part, depth: number): Trail | null => {
    const before = known.get(from);
    if (before !== undefined || depth > DEEPEST) return before ?? null;
    known.set(from, null); // a part met again on its own way leads nowhere
    const trail: Trail = { met: new Set(), actions: new Set([from.action]) };
    for (const operand of from.operands) {
      const isAccepted = operand.alike === NEUTRAL_OPERAND || accepted.has(operand.alike);
      if (isAccepted) trail.met.add(operand.alike);
      if (isAccepted && !thorough && !inner.has(operand.alike)) continue;
      const deeper = expand(operand, from, depth + 1);
      if (deeper === null && !isAccepted) return null;
      for (const met of deeper?.met ?? []) trail.met.add(met);
      for (const action of deeper?.actions ?? []) trail.actions.add(action);
    }
    known.set(from, trail);
    return trail;
  };
  const expand = (operand: Operand, from: Part, depth: number): Trail | null => {
    for (const action of [from.action, ...(run.uses[from.action] ?? [])]) {
      for (const maker of parts[action] ?? []) {
        if (maker === from || !maker.keys.has(operand.exact)) continue;
        const trail = back(maker, depth);
        if (trail !== null) return trail;
      }
    }
    return null;
  };
  const trail = back(part, 0);
  return trail !== null && covers(trail.met) ? trail : null;
}

/** Subgoals that only define something: they state a number of the task and calculate nothing. */
function statingSubgoals({ actions }: Run): Set<number> {
  const stating = new Set(actions.map(({ subgoal }) => subgoal));
  for (const { subgoal, node } of actions) if (node.tool !== "Define") stating.delete(subgoal);
  return stating;
}

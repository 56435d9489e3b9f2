import type Fraction from "fraction.js";
import type { Operation, SourceExample } from "../../schemas/example.ts";
import { claimHolds } from "../execution/equivalence.ts";
import { type ExecutedAction, executePlan } from "../execution/execute.ts";
import { parseValue } from "../execution/value.ts";
import type { Run, Service } from "./align.ts";
import { numberKey } from "./number-words.ts";
import { NEUTRAL_OPERAND, operandKey } from "./operands.ts";
import { valueNumbers } from "./values.ts";

/**
 * Serves gold steps that are calculations. Both sides are taken apart into what each value was made of: a plan's formula may be
 * one gold step, a part of one or several at once. A gold calculation is served by a formula, or a part of one, that has its
 * result and, followed back through earlier results, no other operands than its own.
 */
export function alignOperations(run: Run, example: SourceExample): Service {
  const gold = goldOperations(example);
  const parts = planParts(run);
  const taken = new Set<Part>();
  const servedBy = gold.map((operation, index) => serve(operation, acceptance(gold, index), parts, run, taken));
  const served = new Map<number, Set<number>>();
  for (const [index, operation] of gold.entries()) {
    const actions = servedBy[index] ?? null;
    const step = served.get(operation.step) ?? new Set<number>();
    served.set(operation.step, step);
    for (const action of actions ?? []) step.add(action);
  }
  for (const [index, operation] of gold.entries()) {
    const feeds = gold.some((other, at) => at > index && other.step === operation.step && servedBy[at] && other.operands.some((operand) => isResultOf(operand, operation)));
    if (!servedBy[index] && !feeds) served.set(operation.step, new Set());
  }
  return { checkable: new Set(gold.map(({ step }) => step)), served, neutral: statingSubgoals(run) };
}

/** A calculation of a gold step: its results (as stated and as computed) and the numbers written in its formula. */
interface GoldOperation {
  step: number;
  stated: string;
  results: Fraction[];
  operands: Fraction[];
}

/** A formula of the plan or a part of one. `values` has the value as computed and, for a whole formula, as claimed. */
interface Part {
  action: number;
  values: Fraction[];
  operands: Fraction[];
}

/** What followed back: operand keys met, and the actions gone through. */
interface Trail {
  met: Set<string>;
  actions: Set<number>;
}

function goldOperations({ gold_steps }: SourceExample): GoldOperation[] {
  const written = gold_steps.flatMap(({ operations }, step) => (operations ?? []).map((operation) => ({ step, operation })));
  const executed = runOperations(written.map(({ operation }) => operation));
  return written.map(({ step, operation }, index) => {
    const run = executed[index];
    const results = [...statedNumbers(operation.result), ...valueNumbers(run?.value ?? null)];
    return { step, stated: operation.result, results, operands: (run?.literals ?? []).map(({ value }) => value) };
  });
}

/** The source's calculations go through the same execution as a plan's. */
function runOperations(operations: readonly Operation[]): ExecutedAction[] {
  if (operations.length === 0) return [];
  const actions = operations.map(({ formula, result }, index) => ({
    outputs: [`R${index + 1}`],
    tool: "Calculator",
    args: formula === "" ? [] : [formula],
    result,
  }));
  return executePlan({ subgoals: [{ text: "Gold.", actions }] }, "maths").actions;
}

/** `11 r42` states a quotient and a remainder; the step is served by who has the quotient. */
function statedNumbers(result: string): Fraction[] {
  const remainder = /^\s*([0-9]{1,20})\s*(?:r|R|remainder)\s*[0-9]{1,20}\s*$/.exec(result);
  return valueNumbers(parseValue(remainder?.[1] ?? result));
}

function planParts({ executed, uses }: Run): Part[][] {
  return executed.map((action, index) => {
    const whole = [...valueNumbers(action.value), ...valueNumbers(action.claimedValue)];
    if (action.subvalues.length === 0) {
      const used = (uses[index] ?? []).flatMap((by) => valueNumbers(executed[by]?.value ?? null));
      return [{ action: index, values: whole, operands: [...action.literals.map(({ value }) => value), ...used] }];
    }
    return action.subvalues.map(({ value, operands }) => ({
      action: index,
      values: isSame(value, valueNumbers(action.value)) ? [value, ...whole] : [value],
      operands,
    }));
  });
}

/**
 * The operand keys that may be met on the way back from a gold calculation: its own operands and, where these are
 * results of earlier gold calculations, the operands of those.
 */
function acceptance(gold: readonly GoldOperation[], index: number): Acceptance {
  const accepted = new Set<string>();
  const makers = new Map<string, GoldOperation[]>();
  const queue = [index];
  const seen = new Set(queue);
  for (const at of queue) {
    for (const operand of gold[at]?.operands ?? []) {
      accepted.add(operandKey(operand));
      for (let before = at - 1; before >= 0; before--) {
        const maker = gold[before];
        if (maker === undefined || !isResultOf(operand, maker)) continue;
        makers.set(operandKey(operand), [...(makers.get(operandKey(operand)) ?? []), maker]);
        if (!seen.has(before)) {
          seen.add(before);
          queue.push(before);
        }
      }
    }
  }
  const covers = (met: ReadonlySet<string>): boolean => {
    const asked = new Set<GoldOperation>();
    const covered = (operation: GoldOperation): boolean => {
      if (asked.has(operation)) return false;
      asked.add(operation);
      const all = operation.operands.map(operandKey).every((key) => key === NEUTRAL_OPERAND || met.has(key) || (makers.get(key) ?? []).some(covered));
      asked.delete(operation);
      return all;
    };
    const operation = gold[index];
    return operation !== undefined && covered(operation);
  };
  return { accepted, covers };
}

interface Acceptance {
  accepted: ReadonlySet<string>;
  covers(met: ReadonlySet<string>): boolean;
}



/** The actions that serve a gold calculation, or null. A part of a formula serves one calculation, another only where no unused one does. */
function serve(operation: GoldOperation, acceptance: Acceptance, parts: readonly Part[][], run: Run, taken: Set<Part>): Set<number> | null {
  let again: Set<number> | null = null;
  for (const part of parts.flat()) {
    if (!hasResult(part, operation)) continue;
    const trail = follow(part, acceptance, parts, run, false) ?? follow(part, acceptance, parts, run, true);
    if (trail === null) continue;
    if (!taken.has(part)) {
      taken.add(part);
      return trail.actions;
    }
    again ??= trail.actions;
  }
  return again ?? restated(operation, run);
}

/** A gold step that only states a number (`<<4=4>>`) is served where the plan uses the number. */
function restated(operation: GoldOperation, { executed }: Run): Set<number> | null {
  if (operation.operands.length > 1) return null;
  const at = executed.findIndex(({ literals }) => literals.some(({ value }) => isResultOf(value, operation)));
  return at < 0 ? null : new Set([at]);
}

/**
 * Follows a part's operands back until all are accepted operands of the gold calculation; null where they never are.
 * @param thorough follow accepted operands back too, where their own operands are accepted as well
 */
function follow(part: Part, { accepted, covers }: Acceptance, parts: readonly Part[][], run: Run, thorough: boolean): Trail | null {
  const known = new Map<Part, Trail | null>();
  const back = (from: Part): Trail | null => {
    const before = known.get(from);
    if (before !== undefined) return before;
    known.set(from, null); // a part met again on its own way leads nowhere
    const trail: Trail = { met: new Set(), actions: new Set([from.action]) };
    for (const operand of from.operands) {
      const key = operandKey(operand);
      const direct = key === NEUTRAL_OPERAND || accepted.has(key);
      if (direct) trail.met.add(key);
      if (direct && !thorough) continue;
      const deeper = expand(operand, from);
      if (deeper === null && !direct) return null;
      for (const met of deeper?.met ?? []) trail.met.add(met);
      for (const action of deeper?.actions ?? []) trail.actions.add(action);
    }
    known.set(from, trail);
    return trail;
  };
  const expand = (operand: Fraction, from: Part): Trail | null => {
    const makers = [from.action, ...(run.uses[from.action] ?? [])].flatMap((index) => parts[index] ?? []);
    for (const maker of makers) {
      if (maker === from || !isSame(operand, maker.values)) continue;
      const trail = back(maker);
      if (trail !== null) return trail;
    }
    return null;
  };
  const trail = back(part);
  return trail !== null && covers(trail.met) ? trail : null;
}

function hasResult(part: Part, operation: GoldOperation): boolean {
  return part.values.some((value) => isResultOf(value, operation) || claimHolds(operation.stated, { kind: "number", value }));
}

function isResultOf(value: Fraction, operation: GoldOperation): boolean {
  return isSame(value, operation.results);
}

function isSame(value: Fraction, among: readonly Fraction[]): boolean {
  const key = numberKey(value);
  return among.some((other) => numberKey(other) === key);
}

/** Subgoals that only define something: they state a number of the task and calculate nothing. */
function statingSubgoals({ actions }: Run): Set<number> {
  const stating = new Set(actions.map(({ subgoal }) => subgoal));
  for (const { subgoal, node } of actions) if (node.tool !== "Define") stating.delete(subgoal);
  return stating;
}

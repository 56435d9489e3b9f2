import { FormulaProblem } from "../limits.ts";
import { partsOf, unknownsOf } from "../function-of.ts";
import { equalNumbers, type Num } from "../numbers.ts";
import { asConstant, numbersOf, unknownsIn } from "../polynomial.ts";
import { ALL_REALS, between, intersect, printRealSet, readRealSet, sameSet, unite, type Interval, type RealSet } from "../real-set.ts";
import { realRoots } from "../roots.ts";
import { satisfies, solve } from "../solve.ts";
import { differenceOf, readSystem, type Statement } from "../system.ts";
import { isEmpty, numbersIn, problem } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `SolveInequality(inequality, …)`: the real numbers that satisfy all inequalities in one unknown, as intervals. Run here for quotients of polynomials. */
export const solveInequality: Tool = {
  name: "SolveInequality",
  check: (args) => (isEmpty(args) ? "SolveInequality takes an inequality, found nothing." : null),
  run({ args, lookup, outputs }) {
    try {
      const system = readSystem(args, lookup);
      if (outputs !== 1 || system.statements.length === 0) throw new FormulaProblem("unknown", "It is no inequality in one unknown.");
      let set = ALL_REALS;
      const names = new Set<string>();
      for (const statement of system.statements) set = intersect(set, solutions(statement, names));
      if (names.size !== 1) throw new FormulaProblem("unknown", "It has not exactly one unknown.");
      return {
        result: { values: [{ kind: "text", value: printRealSet(set) }] },
        literals: numbersIn(args),
        subvalues: [],
        accepts(claimed) {
          const other = readRealSet(claimed);
          return other !== null && sameSet(other, set);
        },
        inconclusive: (claimed) => (readRealSet(claimed) === null ? "the claim is no set of numbers" : null),
      };
    } catch (error) {
      if (!(error instanceof FormulaProblem)) throw error;
      return problem(new FormulaProblem(error.kind === "limit" ? "limit" : "unknown", error.message), args);
    }
  },
};

/** The sign can only change at a root of the upper or the lower part: one number between any two of these decides for all. */
function solutions(statement: Statement, names: Set<string>): RealSet {
  if (hasAbsolute(statement)) return withAbsolutes(statement, names);
  const { top, bottom } = differenceOf(statement);
  const [name, ...more] = new Set([...unknownsIn(top), ...unknownsIn(bottom)]);
  if (more.length > 0) throw new FormulaProblem("unknown", "It has several unknowns.");
  if (name === undefined) {
    const holds = asConstant(top) !== null ? satisfies(statement, new Map()) : null;
    throw new FormulaProblem("unknown", `It holds ${holds === true ? "always" : "never"}: no unknown is left.`);
  }
  names.add(name);
  const [upper, lower] = [numbersOf(top, name) ?? [], numbersOf(bottom, name) ?? []];
  const places = ascending([...realRoots(upper), ...realRoots(lower)]);
  return signed(statement, name, places);
}

function ascending(numbers: readonly Num[]): Num[] {
  return numbers.toSorted((a, b) => a.value.compare(b.value)).filter((each, index, all) => index === 0 || !equalNumbers(each, all[index - 1] ?? each));
}

/** Absolute values of polynomials are continuous: the sign changes at most where both sides are equal. */
function withAbsolutes(statement: Statement, names: Set<string>): RealSet {
  const solved = solve({ statements: [{ ...statement, relation: "=" }], named: [] });
  const [name, ...more] = solved?.unknowns ?? [];
  if (solved === null || !solved.complete || name === undefined || more.length > 0) throw new FormulaProblem("unknown", "It can't be solved here.");
  names.add(name);
  return signed(statement, name, ascending(solved.solutions.flatMap((each) => each.get(name) ?? [])));
}

function hasAbsolute({ left, right }: Statement): boolean {
  const open = [left, right];
  let found = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === "call") {
      if (next.name !== "abs") return false;
      found = true;
    }
    if (next.op === "binary" && next.operator === "/" && unknownsOf(next.right).size > 0) return false;
    open.push(...partsOf(next));
  }
  return found;
}

/** The parts of the number line between the places where the sign may change, and those places, on which the statement holds. */
function signed(statement: Statement, name: string, places: readonly Num[]): RealSet {
  const holdsAt = (number: Num): boolean => satisfies(statement, new Map([[name, number]])) === true;
  let set: RealSet = [];
  for (let index = 0; index <= places.length; index += 1) {
    const [low, high] = [places[index - 1] ?? null, places[index] ?? null];
    const lowIn = low !== null && holdsAt(low);
    if (holdsAt({ value: between(low, high), exact: true })) set = unite(set, [{ low, high, lowIn, highIn: high !== null && holdsAt(high) } satisfies Interval]);
    else if (lowIn) set = unite(set, [{ low, high: low, lowIn: true, highIn: true }]);
  }
  return set;
}

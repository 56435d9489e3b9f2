import { numberValue } from "../number-value.ts";
import { FormulaProblem } from "../limits.ts";
import { equalNumbers, type Num } from "../numbers.ts";
import { printQuotient, type Quotient } from "../polynomial.ts";
import { areSolutions, claimedNumbers, placesOf, saysNone, solutionTexts } from "../solutions.ts";
import { satisfies, solve, type Solved } from "../solve.ts";
import { equalQuotients, readQuotient } from "../symbolic.ts";
import { readSystem, type System } from "../system.ts";
import { listItems } from "../parse-value.ts";
import type { Value } from "../value.ts";
import { isEmpty, numbersIn, problem, shorten, textOf, topLevelParts } from "./arguments.ts";
import type { Tool, ToolRun } from "./tool.ts";

/**
 * `SolveEquation(equation, …, unknown, …)`: solves equations for the unknowns named beside them, or else for all, over the real numbers. Several
 * solutions of one unknown are given in ascending order and claimed in any; one of several is a choice that is merely claimed, unless a
 * condition beside the equation makes it (`SolveEquation(x^2 = 4, x > 0)`). Values of several unknowns stand in the order in which they are
 * named, or else appear.
 */
export const solveEquation: Tool = {
  name: "SolveEquation",
  check(args) {
    if (isEmpty(args)) return "SolveEquation takes an equation, found nothing.";
    const empty = topLevelParts(textOf(args), false).includes("");
    return empty ? `SolveEquation takes equations and unknowns joined by ', ': one is empty in '${shorten(textOf(args))}'.` : null;
  },
  run({ args, lookup, outputs }) {
    try {
      const system = readSystem(args, lookup);
      const solved = solve(system);
      if (solved === null) return problem(new FormulaProblem("unknown", "It can't be solved here."), args);
      return { ...shaped(system, solved, outputs), literals: numbersIn(args), subvalues: [] };
    } catch (error) {
      if (!(error instanceof FormulaProblem)) throw error;
      const kind = error.kind === "limit" ? "limit" : "unknown";
      return problem(new FormulaProblem(kind, error.message), args);
    }
  },
};

type Shaped = Pick<ToolRun, "result" | "accepts" | "inconclusive">;

function shaped(system: System, solved: Solved, outputs: number): Shaped {
  if (solved.expression !== undefined) return outputs === 1 ? expressionRun(solved.expression) : unsolved("Some unknowns stay free.");
  const rows = solved.solutions.map((solution) => solved.unknowns.flatMap((name) => solution.get(name) ?? []));
  return solved.unknowns.length === 1 ? oneUnknown(system, solved, rows.flat(), outputs) : severalUnknowns(solved, rows, outputs);
}

function oneUnknown(system: System, solved: Solved, found: readonly Num[], outputs: number): Shaped {
  const roots = distinct(found).toSorted((a, b) => a.value.compare(b.value));
  const name = solved.unknowns[0] ?? "";
  const inconclusive = (claimed: string): string | null => undecided(claimed, system, solved, name, roots);
  if (roots.length === 0) {
    if (!solved.complete || outputs !== 1) return unsolved("No real solution was found.");
    return { result: { values: [{ kind: "text", value: "no real solution" }] }, accepts: saysNone, inconclusive };
  }
  const values = roots.map(numberValue);
  const accepts = (claimed: string): boolean | Value[] => {
    const texts = solutionTexts(claimed);
    const places = solved.complete && texts.length === roots.length ? placesOf(texts, roots) : null;
    if (places === null) return false;
    return outputs === 1 || places.flatMap((place) => values[place] ?? []);
  };
  if (outputs === 1) {
    if (!solved.complete && roots.length > 1) return { result: { values: [{ kind: "list", items: values }] }, inconclusive };
    return { result: { values: [only(values)] }, accepts, inconclusive };
  }
  if (outputs === roots.length) return { result: { values }, accepts, inconclusive };
  return unsolved(`It has ${roots.length} solutions and ${outputs} results.`);
}

/** A claim is open where it picks one of several solutions, or holds where no proof says that there are no others. */
function undecided(claimed: string, system: System, solved: Solved, name: string, roots: readonly Num[]): string | null {
  if (/[^\p{L}]i(?![\p{L}])|\p{N}i\b|√\(?-/u.test(claimed)) return "complex solutions are not looked for";
  const numbers = claimedNumbers(claimed);
  if (numbers === null) return saysNone(claimed) && solved.complete ? null : "the claim is no number";
  const texts = solutionTexts(claimed);
  const all = placesOf(texts, roots);
  if (all !== null && texts.length < roots.length) return `it is one of ${roots.length} solutions`;
  if (solved.complete) return null;
  const hold = numbers.map((number) => system.statements.map((each) => satisfies(each, new Map([[name, number]]))));
  return hold.some((each) => each.includes(false)) ? null : "it may be another solution";
}

function severalUnknowns(solved: Solved, rows: readonly (readonly Num[])[], outputs: number): Shaped {
  const width = solved.unknowns.length;
  const [first] = rows;
  if (first === undefined) {
    if (outputs !== 1 || !solved.complete) return unsolved("No real solution was found.");
    return { result: { values: [{ kind: "text", value: "no real solution" }] }, accepts: saysNone };
  }
  if (outputs !== 1 && outputs !== width) return unsolved(`It has ${width} unknowns and ${outputs} results.`);
  const lists = rows.map((row): Value => ({ kind: "list", items: row.map(numberValue) }));
  const isRow = (texts: readonly string[], row: readonly Num[]): boolean => texts.length === width && texts.every((text, index) => row[index] !== undefined && areSolutions([text], [row[index]]));
  if (rows.length === 1) {
    const named = (claimed: string): boolean | Value[] => {
      if (!isRow(inOrder(claimed, solved.unknowns), first)) return false;
      return outputs === 1 || asClaimed(claimed, solved.unknowns).flatMap((place) => (first[place] === undefined ? [] : [numberValue(first[place])]));
    };
    const inconclusive = (claimed: string): string | null => (claimedNumbers(claimed) === null ? "the claim is not read as numbers" : null);
    return { result: { values: outputs === 1 ? [only(lists)] : first.map(numberValue) }, accepts: named, inconclusive };
  }
  const claimedRows = (claimed: string): string[][] => {
    const texts = solutionTexts(claimed);
    const split = texts.map((text) => (text.startsWith("(") ? (listItems(text) ?? []) : solutionTexts(text)));
    if (split.every((each) => each.length === width)) return split;
    return texts.length === width ? [inOrder(claimed, solved.unknowns)] : [];
  };
  const matches = (claimed: string): boolean => {
    const found = claimedRows(claimed);
    return found.length === rows.length && rows.every((row) => found.some((each) => isRow(each, row)));
  };
  const inconclusive = (claimed: string): string | null => {
    const found = claimedRows(claimed);
    if (found.length === 0 || found.some((each) => each.some((text) => claimedNumbers(text) === null))) return "the claim is not read as numbers";
    return found.length < rows.length && found.every((each) => rows.some((row) => isRow(each, row))) ? `it is one of ${rows.length} solutions` : null;
  };
  const values = outputs === 1 ? [{ kind: "list", items: lists } satisfies Value] : first.map(numberValue);
  return { result: { values }, accepts: outputs === 1 ? matches : () => false, inconclusive };
}

/** For each piece of a claim the place of the unknown that it names; where it names none, one after the other. */
function asClaimed(claimed: string, unknowns: readonly string[]): number[] {
  const places = piecesOf(claimed).map((piece) => unknowns.findIndex((name) => piece.trim().startsWith(name) && /^\s*=/.test(piece.trim().slice(name.length))));
  return places.length === unknowns.length && new Set(places).size === places.length && !places.includes(-1) ? places : [...unknowns.keys()];
}

function piecesOf(claimed: string): string[] {
  return claimed.split(/\s{0,20}[,;]\s+|\s+and\s+/);
}

/** The values of a claim in the order of the unknowns, where it names them (`y = 1, x = 4`). */
function inOrder(claimed: string, unknowns: readonly string[]): string[] {
  const pieces = piecesOf(claimed);
  const named = unknowns.map((name) => pieces.find((piece) => piece.trim().startsWith(name) && /^\s*=/.test(piece.trim().slice(name.length))));
  if (!named.every((piece) => piece !== undefined)) return solutionTexts(claimed);
  return named.map((piece) => piece.slice(piece.indexOf("=") + 1).trim());
}

function expressionRun(expression: NonNullable<Solved["expression"]>): Shaped {
  const read = (claimed: string): Quotient | null => readQuotient(claimed.slice(claimed.indexOf("=") + 1));
  const accepts = (claimed: string): boolean => {
    const quotient = read(claimed);
    return quotient !== null && equalQuotients(quotient, expression);
  };
  return { result: { values: [{ kind: "text", value: printQuotient(expression) }] }, accepts, inconclusive: (claimed) => (read(claimed) === null ? "the claim is no expression" : null) };
}

function unsolved(message: string): Shaped {
  return { result: { problem: "unknown", message } };
}

function only(values: readonly Value[]): Value {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : { kind: "list", items: [...values] };
}

function distinct(numbers: readonly Num[]): Num[] {
  return numbers.filter((each, index) => numbers.findIndex((other) => equalNumbers(each, other)) === index);
}

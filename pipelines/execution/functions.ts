import { Fraction } from "fraction.js";
import { FormulaProblem } from "./limits.ts";
import { bounded, factorial, floor, power, root, type Num } from "./numbers.ts";

/** A function that formulas can call, on its arguments with lists spread out. Throws FormulaProblem. */
interface MathFunction {
  least: number;
  most: number;
  run(args: readonly Num[]): Num;
}

/** Whether formulas know a function of this (lower-case) name. */
export function isFunction(name: string): boolean {
  return FUNCTIONS.has(name);
}

/** Calls a function by its lower-case name. Throws FormulaProblem for a wrong number of arguments and where it has no value. */
export function callFunction(name: string, args: readonly Num[], at: number): Num {
  const found = FUNCTIONS.get(name);
  if (found === undefined) throw new FormulaProblem("error", `'${name}' at ${at + 1} is no function.`, at);
  if (args.length < found.least || args.length > found.most) {
    const expected = found.least === found.most ? String(found.least) : found.most === Infinity ? `at least ${found.least}` : `${found.least} or ${found.most}`;
    throw new FormulaProblem("error", `'${name}' at ${at + 1} has ${args.length} arguments: expected ${expected}.`, at);
  }
  return found.run(args);
}

const FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map<string, MathFunction>([
  ...many(["gcd", "hcf", "gcf"], (args) => whole(args, (a, b) => gcd(a, b))),
  ...many(["lcm"], (args) => whole(args, (a, b) => (a === 0n || b === 0n ? 0n : (a / gcd(a, b)) * b))),
  ...many(["min"], (args) => args.reduce((a, b) => (b.value.lt(a.value) ? b : a))),
  ...many(["max"], (args) => args.reduce((a, b) => (b.value.gt(a.value) ? b : a))),
  ...many(["sum"], sum),
  ...many(["avg", "average", "mean"], (args) => {
    const total = sum(args);
    return { value: total.value.div(args.length), exact: total.exact };
  }),
  ...many(["len", "count"], (args) => ({ value: new Fraction(args.length), exact: true })),
  ...one(["sqrt"], (a) => root(a, 2)),
  ...one(["cbrt"], (a) => root(a, 3)),
  ...one(["abs"], (a) => ({ value: a.value.abs(), exact: a.exact })),
  ...one(["floor"], (a) => ({ value: new Fraction(floor(a.value)), exact: a.exact })),
  ...one(["ceil", "ceiling"], (a) => ({ value: new Fraction(-floor(a.value.neg())), exact: a.exact })),
  ...one(["int", "trunc"], (a) => ({ value: new Fraction(a.value.s * (a.value.n / a.value.d)), exact: a.exact })),
  ...one(["factorial"], (a) => ({ value: factorial(a.value), exact: a.exact })),
  ["round", { least: 1, most: 2, run: ([a, places]) => round(needed(a), places) }],
  ["pow", { least: 2, most: 2, run: ([a, b]) => power(needed(a), needed(b)) }],
  ["mod", { least: 2, most: 2, run: ([a, b]) => modulo(needed(a), needed(b)) }],
]);

/** What floor division leaves over, of the sign of the divisor: 7 mod 3 = 1, -7 mod 3 = 2. Throws FormulaProblem where the divisor is zero. */
export function modulo(a: Num, b: Num): Num {
  const quotient = floorQuotient(a, b);
  return { value: bounded(a.value.sub(b.value.mul(quotient.value))), exact: a.exact && b.exact };
}

/** The quotient without remainder, rounded down. Throws FormulaProblem where the divisor is zero. */
export function floorQuotient(a: Num, b: Num): Num {
  if (b.value.n === 0n) throw new FormulaProblem("error", "Division by zero.");
  return { value: new Fraction(floor(a.value.div(b.value))), exact: a.exact && b.exact };
}

/** Rounds to the given number of decimals, half away from zero. */
function round(a: Num, places: Num | undefined): Num {
  const count = places?.value ?? new Fraction(0);
  if (count.d !== 1n || count.n > 30n) throw new FormulaProblem("error", "'round' takes a whole number of decimals up to 30.");
  const scale = new Fraction(10).pow(count) ?? new Fraction(1);
  const scaled = a.value.abs().mul(scale).add(new Fraction(1, 2));
  return { value: new Fraction(a.value.s * floor(scaled)).div(scale), exact: a.exact };
}

function sum(args: readonly Num[]): Num {
  let total = new Fraction(0);
  for (const each of args) total = bounded(total.add(each.value));
  return { value: total, exact: args.every((each) => each.exact) };
}

function whole(args: readonly Num[], combine: (a: bigint, b: bigint) => bigint): Num {
  const numbers = args.map((each) => {
    if (each.value.d !== 1n) throw new FormulaProblem("error", "Divisors and multiples are of whole numbers.");
    return each.value.n;
  });
  let result = numbers[0] ?? 0n;
  for (const each of numbers.slice(1)) result = bounded(new Fraction(combine(result, each))).n;
  return { value: new Fraction(result), exact: args.every((each) => each.exact) };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function many(names: readonly string[], run: MathFunction["run"]): [string, MathFunction][] {
  return names.map((name) => [name, { least: 1, most: Infinity, run }]);
}

function one(names: readonly string[], run: (a: Num) => Num): [string, MathFunction][] {
  return names.map((name) => [name, { least: 1, most: 1, run: ([a]) => run(needed(a)) }]);
}

function needed(argument: Num | undefined): Num {
  if (argument === undefined) throw new FormulaProblem("error", "An argument is missing.");
  return argument;
}

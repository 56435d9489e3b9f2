import { Fraction } from "fraction.js";
import { FormulaProblem } from "./limits.ts";
import { approximate, bounded, factorial, floor, numOf, power, root, surdOf, type Num } from "./numbers.ts";
import { addSurds, invertSurd, multiplySurds, rationalSurd, scaleSurd, sqrtSurd, type Surd } from "./surd.ts";

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
  ...one(["sin"], (a) => angle(a, Math.sin, 0)),
  ...one(["cos"], (a) => angle(a, Math.cos, 1)),
  ...one(["tan"], (a) => {
    const [sine, cosine] = [angle(a, Math.sin, 0), angle(a, Math.cos, 1)];
    if (Math.abs(cosine.value.valueOf()) < 1e-15) throw new FormulaProblem("error", "The tangent has no value there.");
    return divided(sine, cosine);
  }),
  ...one(["ln"], (a) => logarithm(a, null)),
  ...one(["exp"], (a) => (a.value.n === 0n ? { value: new Fraction(1), exact: a.exact } : approximate(Math.exp(a.value.valueOf()), "a power"))),
  ["log", { least: 1, most: 2, run: ([a, base]) => logarithm(needed(a), base ?? { value: new Fraction(10), exact: true }) }],
  ...many(["median"], median),
  ...many(["product", "prod"], (args) => args.reduce((a, b) => ({ value: bounded(a.value.mul(b.value)), exact: a.exact && b.exact }))),
  ...["binom", "choose", "comb", "ncr"].map((name): [string, MathFunction] => [name, { least: 2, most: 2, run: ([n, k]) => chosen(needed(n), needed(k)) }]),
  ...["perm", "npr"].map((name): [string, MathFunction] => [name, { least: 2, most: 2, run: ([n, k]) => arranged(needed(n), needed(k)) }]),
  ["mod", { least: 2, most: 2, run: ([a, b]) => modulo(needed(a), needed(b)) }],
]);

/** Sine or cosine: exact at the multiples of 15° that have a form in square roots, else approximated. `quarter`: quarter turns that the cosine is ahead. */
function angle(a: Num, approximation: (radians: number) => number, quarter: 0 | 1): Num {
  const turn = a.surd === undefined ? (a.value.n === 0n ? new Fraction(0) : null) : piMultiple(a.surd);
  const twelfths = turn === null ? null : turn.mul(12).add(6 * quarter);
  if (twelfths === null || twelfths.d !== 1n) return approximate(approximation(a.value.valueOf()), "an angle");
  // The sine of k · 15°: sin(180° - x) = sin x, sin(-x) = -sin x.
  const k = ((Number((twelfths.s * twelfths.n) % 24n) + 24) % 24) % 24;
  const folded = k > 12 ? k - 12 : k;
  const sine = SINES[folded > 6 ? 12 - folded : folded];
  if (sine === undefined) return approximate(approximation(a.value.valueOf()), "an angle");
  const surd = k > 12 ? scaleSurd(sine, new Fraction(-1)) : sine;
  return numOf(approximate(approximation(a.value.valueOf()), "an angle").value, false, surd);
}

/** How many half turns an angle is, or null where it is no rational multiple of π. */
function piMultiple(surd: Surd): Fraction | null {
  const only = [...surd.values()][0];
  return surd.size === 1 && only !== undefined && only.pi === 1 && only.radicand === 1n ? only.factor : null;
}

function root2(radicand: number, denominator: number): Surd {
  return scaleSurd(sqrtSurd(rationalSurd(new Fraction(radicand))) ?? rationalSurd(new Fraction(0)), new Fraction(1, denominator));
}

/** The sines of 0°, 15°, … 90°. */
const SINES: readonly (Surd | undefined)[] = [
  rationalSurd(new Fraction(0)),
  addSurds(root2(6, 4), root2(2, -4)) ?? undefined,
  rationalSurd(new Fraction(1, 2)),
  root2(2, 2),
  root2(3, 2),
  addSurds(root2(6, 4), root2(2, 4)) ?? undefined,
  rationalSurd(new Fraction(1)),
];

function divided(a: Num, b: Num): Num {
  const [x, y] = [surdOf(a), surdOf(b)];
  const inverse = y === null ? null : invertSurd(y);
  return numOf(a.value.div(b.value), a.exact && b.exact, x === null || inverse === null ? null : multiplySurds(x, inverse));
}

/** Exact where it is a whole number or the inverse of one, else approximated. `base` null: the natural logarithm. */
function logarithm(a: Num, base: Num | null): Num {
  if (a.value.s <= 0n || a.value.n === 0n || (base !== null && (base.value.s <= 0n || base.value.n === 0n || base.value.equals(1)))) {
    throw new FormulaProblem("error", "A logarithm needs a positive number, and a positive base that is not 1.");
  }
  if (a.exact && a.value.equals(1)) return { value: new Fraction(0), exact: true };
  const logs = naturalLog(a.value);
  if (base === null) return approximate(logs, "a logarithm");
  const near = logs / naturalLog(base.value);
  for (const degree of a.exact && base.exact ? [1, 2, 3, 4, 6] : []) {
    const exponent = Math.round(near * degree);
    if (Math.abs(exponent) > 60 || Math.abs(near * degree - exponent) > 1e-9) continue;
    const [left, right] = [power(base, { value: new Fraction(exponent), exact: true }), power(a, { value: new Fraction(degree), exact: true })];
    if (left.exact && right.exact && left.value.equals(right.value)) return { value: new Fraction(exponent, degree), exact: true };
  }
  return approximate(near, "a logarithm");
}

/** Also of numbers beyond floating point. */
function naturalLog(value: Fraction): number {
  const log = (digits: bigint): number => {
    const text = digits.toString();
    const lead = text.slice(0, 15);
    return Math.log(Number(lead)) + (text.length - lead.length) * Math.LN10;
  };
  return log(value.n) - log(value.d);
}

function median(args: readonly Num[]): Num {
  const sorted = args.toSorted((a, b) => a.value.compare(b.value));
  const [low, high] = [needed(sorted[Math.floor((sorted.length - 1) / 2)]), needed(sorted[Math.floor(sorted.length / 2)])];
  return low === high ? low : { value: low.value.add(high.value).div(2), exact: low.exact && high.exact };
}

function chosen(n: Num, k: Num): Num {
  const number = arranged(n, k);
  return { value: number.value.div(factorial(k.value)), exact: number.exact };
}

function arranged(n: Num, k: Num): Num {
  if (n.value.d !== 1n || k.value.d !== 1n || n.value.s < 0n || k.value.s < 0n) throw new FormulaProblem("error", "Choices are made of whole numbers from 0.");
  let product = new Fraction(1);
  if (k.value.gt(n.value)) return { value: new Fraction(0), exact: n.exact && k.exact };
  for (let each = n.value.sub(k.value).n + 1n; each <= n.value.n; each += 1n) product = bounded(product.mul(each));
  return { value: product, exact: n.exact && k.exact };
}

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

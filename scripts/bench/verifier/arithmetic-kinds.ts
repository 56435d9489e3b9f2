import { type Known, readKnown, same, sum, type Token, workOut, writeNumber } from "./arithmetic.ts";
import { changed, type Draft, stepsOf } from "./draft.ts";
import { type Bed, formulas, type Kind, type Planted, plantedIfFalse, type Site, withArgs, withResult, withToken } from "./kind.ts";

/** Defects of calculations: a claim that its formula does not give, a formula that does not give its claim, and a wrong answer that follows. */
export const ARITHMETIC_KINDS: readonly Kind[] = [
  { name: "wrong result: off by one", group: "arithmetic", plant: wrongResult((claim) => [add(claim, "1"), add(claim, "-1")]) },
  { name: "wrong result: digits swapped", group: "arithmetic", plant: wrongResult((_, text) => [digitsSwapped(text)]) },
  { name: "wrong result: one digit", group: "arithmetic", plant: wrongResult((_, text, bed) => [oneDigit(text, bed)]) },
  { name: "wrong result: sign", group: "arithmetic", plant: wrongResult((_, text) => [text.startsWith("-") ? text.slice(1) : `-${text}`]) },
  { name: "wrong result: factor ten", group: "arithmetic", plant: wrongResult((_, text) => factorTen(text)) },
  { name: "wrong result: decimals cut", group: "arithmetic", plant: wrongResult((_, text) => [/^(-?[0-9]+)\.[0-9]*[1-9]/.exec(text)?.[1] ?? null]) },
  { name: "comparison inverted", group: "arithmetic", plant: comparisonInverted },
  { name: "wrong number, result kept", group: "arithmetic", plant: wrongNumber },
  { name: "wrong variable, result kept", group: "arithmetic", plant: wrongVariable },
  { name: "wrong operation, result kept", group: "arithmetic", plant: (bed) => operations(bed, (site, token, sign) => kept(bed, site, token, sign)) },
  { name: "operands exchanged, result kept", group: "arithmetic", plant: exchanged },
  { name: "an operand left out, result kept", group: "arithmetic", plant: leftOut },
  { name: "wrong number, steps consistent", group: "answer", plant: (bed) => numbers(bed, (site, token, other) => followed(bed, site, token, other)) },
  { name: "wrong operation, steps consistent", group: "answer", plant: (bed) => operations(bed, (site, token, sign) => followed(bed, site, token, sign)) },
  { name: "wrong number, gold claimed at end", group: "arithmetic", plant: (bed) => numbers(bed, (site, token, other) => followed(bed, site, token, other, true)) },
];

function wrongResult(make: (claim: Known, text: string, bed: Bed) => readonly (string | null)[]) {
  return (bed: Bed): Planted[] =>
    formulas(bed).flatMap(({ at, claim }) => {
      if (typeof claim === "boolean") return [];
      const text = at.step.node.result.trim().replace(/^\$/, "");
      return make(claim, text, bed).flatMap((wrong) => (wrong === null || wrong === text ? [] : [plantedIfFalse(withResult(bed, at.step.index, wrong), bed)]));
    });
}

function add(claim: Known, by: string): string | null {
  const other = readKnown(by);
  const total = other === null ? null : sum(claim, other);
  return total === null ? null : writeNumber(total);
}

/** The first two neighbouring digits that differ, exchanged; a leading zero does not come of it. */
function digitsSwapped(text: string): string | null {
  for (let at = 0; at + 1 < text.length; at++) {
    const [a = "", b = ""] = [text.charAt(at), text.charAt(at + 1)];
    if (/[0-9]/.test(a) && /[1-9]/.test(b) && a !== b) return `${text.slice(0, at)}${b}${a}${text.slice(at + 2)}`;
  }
  return null;
}

function oneDigit(text: string, { draw }: Bed): string | null {
  const places = [...text.matchAll(/[0-9]/g)].map(({ index }) => index);
  const at = places[draw.int(places.length)];
  if (at === undefined) return null;
  const digit = (Number(text.charAt(at)) + 1 + draw.int(9)) % 10;
  return `${text.slice(0, at)}${digit}${text.slice(at + 1)}`;
}

function factorTen(text: string): (string | null)[] {
  const value = readKnown(text);
  if (value === null || typeof value === "boolean") return [];
  return [writeNumber({ ...value, numerator: value.numerator * 10n }), writeNumber({ ...value, denominator: value.denominator * 10n })];
}

function comparisonInverted(bed: Bed): Planted[] {
  return formulas(bed).flatMap(({ at, claim, tokens }) => {
    if (typeof claim !== "boolean") return [];
    const sign = tokens.find(({ kind }) => kind === "comparison");
    const other = INVERTED[sign?.text ?? ""];
    return [
      plantedIfFalse(withResult(bed, at.step.index, claim ? "False" : "True"), bed),
      ...(sign === undefined || other === undefined ? [] : [plantedIfFalse(withArgs(bed, at.step.index, withToken(at.step.node, sign, other)), bed)]),
    ];
  });
}

const INVERTED: Readonly<Record<string, string>> = { ">": "<", "<": ">", ">=": "<", "<=": ">" };

/** Every number of a formula, each with a number of the task and a near one in its place. */
function numbers(bed: Bed, plant: (site: Site, token: Token, other: string) => Planted[]): Planted[] {
  return formulas(bed).flatMap((site) =>
    site.tokens.flatMap((token) => {
      const own = token.kind === "number" ? readKnown(token.text) : null;
      if (own === null) return [];
      const ofTask = bed.named.taskNumbers.flatMap((each) => writeNumber(each) ?? []);
      const near = add(own, String(1 + bed.draw.int(3)));
      return [...bed.draw.some(ofTask, 1), near].flatMap((other) => (other === null || other === token.text ? [] : plant(site, token, other)));
    }),
  );
}

function wrongNumber(bed: Bed): Planted[] {
  return numbers(bed, (site, token, other) => kept(bed, site, token, other));
}

function wrongVariable(bed: Bed): Planted[] {
  return formulas(bed).flatMap((site) => {
    const before = bed.worked.slice(0, site.at.step.index).flatMap(({ step }) => (step.node.outputs.length === 1 ? step.node.outputs : []));
    return site.tokens.flatMap((token) =>
      token.kind === "variable" ? bed.draw.some(before, 2).flatMap((other) => (other === token.text ? [] : kept(bed, site, token, other))) : [],
    );
  });
}

function operations(bed: Bed, plant: (site: Site, token: Token, sign: string) => Planted[]): Planted[] {
  return formulas(bed).flatMap((site) =>
    site.tokens.flatMap((token) => {
      if (token.kind !== "operator") return [];
      const others = ["+", "-", "*", "/"].filter((sign) => sign !== token.text.replace("×", "*").replace("÷", "/"));
      return bed.draw.some(others, 1).flatMap((sign) => plant(site, token, sign));
    }),
  );
}

/** `a - b` as `b - a`, `a / b` as `b / a`, `a > b` as `b > a`. */
function exchanged(bed: Bed): Planted[] {
  return formulas(bed).flatMap(({ at, tokens }) => {
    const [a, sign, b, more] = tokens;
    if (a === undefined || sign === undefined || b === undefined || more !== undefined || !/^(?:[-/÷<>]|[<>]=)$/.test(sign.text)) return [];
    return [plantedIfFalse(withArgs(bed, at.step.index, `${b.text} ${sign.text} ${a.text}`), bed)];
  });
}

function leftOut(bed: Bed): Planted[] {
  return formulas(bed).flatMap(({ at, tokens }) =>
    tokens.flatMap((token, index) => {
      const next = tokens[index + 1];
      if (token.kind !== "operator" || next === undefined || !["number", "variable"].includes(next.kind) || index === 0) return [];
      return [plantedIfFalse(withArgs(bed, at.step.index, withToken(at.step.node, { ...token, end: next.end }, "").trim()), bed)];
    }),
  );
}

function kept(bed: Bed, site: Site, token: Token, text: string): Planted[] {
  return [plantedIfFalse(withArgs(bed, site.at.step.index, withToken(site.at.step.node, token, text)), bed)];
}

/** The edit with every later result worked out anew, where all of them can be and can be written; `goldLast`: but for the last, which stays as it was. */
function followed(bed: Bed, site: Site, token: Token, text: string, goldLast = false): Planted[] {
  const edited = withArgs(bed, site.at.step.index, withToken(site.at.step.node, token, text));
  const consistent = recomputed(edited, site.at.step.index, goldLast);
  return consistent === null ? [] : [plantedIfFalse(consistent, bed)];
}

function recomputed(draft: Draft, from: number, goldLast: boolean): Draft | null {
  let complete = true;
  const last = stepsOf(draft).length - 1;
  let current = draft;
  for (let index = from; index <= last; index++) {
    if (goldLast && index === last) break;
    const { value = null, step } = workOut(current)[index] ?? {};
    const text = value === null ? null : writeNumber(value);
    // What does not rest on the edit may stay as it is, read or not.
    if (text === null) complete &&= step !== undefined && !/R[1-9]/.test(step.node.args);
    else current = changed(current, (copy) => setResult(copy, index, text));
  }
  return complete ? current : null;
}

function setResult(draft: Draft, index: number, result: string): void {
  const node = stepsOf(draft)[index]?.node;
  if (node !== undefined && !sameText(node.result, result)) node.result = result;
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [readKnown(a), readKnown(b)];
  return x !== null && y !== null && same(x, y);
}

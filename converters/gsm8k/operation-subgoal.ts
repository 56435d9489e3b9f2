import { wholeInWords } from "./polish.ts";

/** Names an operand of a formula, a number or a variable, in words; null where nothing says what it is. */
export type Describe = (operand: string) => string | null;

/**
 * What is left to say of a bare calculation: the operation and what it is done to (`Multiply four pears by $2 each.`). `args`: its
 * formula with references; `computed`: the numbers that no subgoal may name. `told`: whether any operand is more than a number; `vague`: none is named.
 */
export function operationSubgoal(args: string, describe: Describe, computed: ReadonlySet<number>): { text: string; told: boolean; vague: boolean } {
  const tree = args.length > MAX_FORMULA ? null : new Reader(args.match(TOKEN) ?? [], args.replace(/\s/g, "").length).read();
  const plain = (operand: string): string | null => (operand.startsWith("R") || computed.has(Number(operand.replace("%", ""))) ? null : wholeInWords(operand.replace(/^\./, "0.")));
  const additive = tree?.kind === "operation" && (tree.sign === "+" || tree.sign === "-");
  // Amounts are added, not rates; `six lemons, four and two`: of numbers that are added, all have their noun or none has.
  const mixed = additive && tree.parts.some((part) => isNumber(part) && operandsOf(part).some((operand) => describe(operand) === null));
  const named = (operand: string): string | null => (mixed && !operand.startsWith("R") ? null : (additive ? describe(operand)?.replace(RATE, "$1") : describe(operand)) ?? null);
  const names: readonly Describe[] = [(operand) => named(operand) ?? plain(operand), plain];
  for (const [way, name] of names.entries()) {
    const operands = tree === null ? [] : (tree.kind === "operation" && fraction(tree) !== null ? tree.parts.flatMap(operandsOf) : operandsOf(tree)).map(name);
    const known = operands.filter((operand) => operand !== null);
    if (tree === null || known.length < operands.length || new Set(known.filter((operand) => operand.includes(" "))).size < known.filter((operand) => operand.includes(" ")).length) continue;
    const text = sentence(tree, (operand) => name(operand) ?? "");
    if (text !== null && text.split(" ").length <= MAX_WORDS) return { text: `${text}.`, told: way === 0 && known.some((operand) => /\p{L} \p{L}|\$/u.test(operand)), vague: false };
  }
  return { text: `${GENERIC.get(tree?.kind === "operation" ? tree.sign : "") ?? "Work out the next amount from the numbers so far"}.`, told: false, vague: true };
}

type Tree = { kind: "operand"; text: string } | { kind: "operation"; sign: Sign; parts: Tree[] };
type Sign = "+" | "-" | "*" | "/";

const RATE = /^(\$[\d.,]+) (?:each|apiece|(?:per|an?|every) \p{L}+)$/u;
const MAX_FORMULA = 200;
const MAX_DEPTH = 8;
const MAX_WORDS = 30;
const TOKEN = /R\d+|(?:\d+(?:\.\d+)?|\.\d+)%?|[-+*/()]/g;

const GENERIC: ReadonlyMap<string, string> = new Map([
  ["+", "Add up the amounts"],
  ["-", "Find the difference between the amounts"],
  ["*", "Multiply the amounts with each other"],
  ["/", "Divide the one amount by the other"],
]);

/** Reads a formula into a tree in which sums, and likewise the other operations, of several parts are flat. */
class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[], private readonly length: number) {}

  /** Null where the text is no formula of numbers, variables, brackets and the four operations. */
  read(): Tree | null {
    if (this.tokens.join("").length !== this.length) return null;
    const tree = this.chain(["+", "-"], () => this.chain(["*", "/"], () => this.operand()));
    return this.at === this.tokens.length ? tree : null;
  }

  private chain(signs: readonly Sign[], part: () => Tree | null): Tree | null {
    let left = part();
    while (left !== null) {
      const sign = signs.find((each) => each === this.tokens[this.at]);
      if (sign === undefined) break;
      this.at += 1;
      const right = part();
      if (right === null) return null;
      left = left.kind === "operation" && left.sign === sign && !this.closed(left) ? { ...left, parts: [...left.parts, right] } : { kind: "operation", sign, parts: [left, right] };
    }
    return left;
  }

  private readonly bracketed = new WeakSet<Tree>();

  private closed(tree: Tree): boolean {
    return this.bracketed.has(tree);
  }

  private operand(): Tree | null {
    const token = this.tokens[this.at];
    if (token === undefined || /^[-+*/)]$/.test(token)) return null;
    this.at += 1;
    if (token !== "(") return { kind: "operand", text: token };
    this.depth += 1;
    if (this.depth > MAX_DEPTH) return null;
    const inner = this.chain(["+", "-"], () => this.chain(["*", "/"], () => this.operand()));
    this.depth -= 1;
    if (inner === null || this.tokens[this.at] !== ")") return null;
    this.at += 1;
    this.bracketed.add(inner);
    return inner;
  }
}

/** The operands that a sentence names: shares are written as they are. */
function operandsOf(tree: Tree): string[] {
  if (tree.kind === "operand") return [tree.text];
  const share = shareOf(tree);
  if (share !== null) return operandsOf(share.whole);
  return fraction(tree) === null ? tree.parts.flatMap(operandsOf) : [];
}

type Name = (operand: string) => string;

function sentence(tree: Tree, name: Name): string | null {
  if (tree.kind === "operand") return null;
  const share = shareOf(tree);
  if (share !== null) return `Find ${share.part} of ${phrase(share.whole, name)}`;
  const [first, ...others] = tree.parts;
  if (first === undefined) return null;
  const named = others.map((part) => phrase(part, name));
  const rest = listed(named);
  // `by two and by three`: only between the operands, never inside one of them (`by the sum of two and three`).
  const by = named.length < 2 ? rest : `${named.slice(0, -1).join(", ")} and by ${named.at(-1) ?? ""}`;
  switch (tree.sign) {
    case "+":
      return `Add ${listed(plainFirst(tree.parts).map((part) => phrase(part, name)))}`;
    case "-":
      return `Subtract ${rest} from ${phrase(first, name)}`;
    case "*":
      return `Multiply ${phrase(first, name)} by ${by}`;
    case "/": {
      const inner = first.kind === "operation" && fraction(first) === null ? sentence(first, name) : null;
      return inner === null ? `Divide ${phrase(first, name)} by ${by}` : `${inner} and divide the result by ${rest}`;
    }
  }
}

/** What is said in one word before what has an `and` of its own. */
function plainFirst(parts: readonly Tree[]): Tree[] {
  return parts.toSorted((a, b) => Number(a.kind === "operation") - Number(b.kind === "operation"));
}

function phrase(tree: Tree, name: Name): string {
  if (tree.kind === "operand") return name(tree.text);
  const share = shareOf(tree);
  if (share !== null) return `${share.part} of ${phrase(share.whole, name)}`;
  const written = fraction(tree);
  if (written !== null) return written;
  const parts = tree.parts.map((part) => phrase(part, name));
  switch (tree.sign) {
    case "+":
      return `the sum of ${listed(parts)}`;
    case "-":
      return `the difference between ${parts[0] ?? ""} and ${listed(parts.slice(1))}`;
    case "*":
      return `the product of ${listed(parts)}`;
    case "/":
      return `the quotient of ${listed(parts)}`;
  }
}

/** `R1 * 20 / 100`, `20 * 0.01 * R1`, `25% * R1`, `2 / 3 * R1`: a share of a whole. */
function shareOf(tree: Tree): { part: string; whole: Tree } | null {
  if (tree.kind !== "operation") return null;
  const [a, b, c] = tree.parts;
  if (tree.sign === "/" && tree.parts.length === 2 && a?.kind === "operation" && a.sign === "*" && a.parts.length === 2 && b?.kind === "operand" && b.text === "100") {
    const [x, y] = a.parts;
    const [number, whole] = isNumber(y) && !isNumber(x) ? [y, x] : isNumber(x) && !isNumber(y) ? [x, y] : [y, x];
    return number?.kind === "operand" && isNumber(number) && whole !== undefined ? { part: `${number.text}%`, whole } : null;
  }
  // `R1 * 3 / 4`
  if (tree.sign === "/" && tree.parts.length === 2 && a?.kind === "operation" && a.sign === "*" && a.parts.length === 2 && a.parts[0] !== undefined && a.parts[1] !== undefined && b !== undefined) {
    const written = fraction({ kind: "operation", sign: "/", parts: [a.parts[1], b] });
    return written === null ? null : { part: written, whole: a.parts[0] };
  }
  if (tree.sign !== "*") return null;
  const hundredth = tree.parts.length === 3 ? tree.parts.find((part) => part.kind === "operand" && /^0?\.01$/.test(part.text)) : undefined;
  if (hundredth !== undefined && a !== undefined && b !== undefined && c !== undefined) {
    // `20 * 0.01 * R1`, `R1 * 20 * 0.01`
    const [percent, whole] = hundredth === b ? [a, c] : hundredth === c ? [b, a] : [b, c];
    return percent.kind === "operand" && isNumber(percent) ? { part: `${percent.text}%`, whole } : null;
  }
  if (tree.parts.length !== 2 || a === undefined || b === undefined) return null;
  for (const [part, whole] of [[a, b], [b, a]] as const) {
    if (part.kind === "operand" && part.text.endsWith("%")) return { part: part.text, whole };
    const written = fraction(part);
    if (written !== null) return { part: written.endsWith("/100") ? `${written.slice(0, -4)}%` : written, whole };
  }
  return null;
}

/** `2 / 3` of two plain whole numbers. */
function fraction(tree: Tree): string | null {
  if (tree.kind !== "operation" || tree.sign !== "/" || tree.parts.length !== 2) return null;
  const [over, below] = tree.parts;
  return over?.kind === "operand" && below?.kind === "operand" && /^\d+$/.test(over.text) && /^\d+$/.test(below.text) && Number(over.text) < Number(below.text) ? `${over.text}/${below.text}` : null;
}

function isNumber(tree: Tree | undefined): boolean {
  return tree?.kind === "operand" && /^[\d.]+$/.test(tree.text);
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? "") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}

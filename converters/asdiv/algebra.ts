/** An unknown of a formula with what the source says it stands for (`the number of dimes`), where it does. */
export interface Unknown {
  name: string;
  meaning: string | null;
}

/** Equations with unknowns, with all products written out. */
export interface Algebra {
  unknowns: Unknown[];
  equations: string[];
}

const MAX_LENGTH = 500;
const MAX_EQUATIONS = 4;
const DECLARATION = /^([A-Za-z])\s?:\s?([A-Za-z][^=]{0,80})$/;
const EQUATION = /^[A-Za-z0-9+\-*/().\s]{1,100}=[A-Za-z0-9+\-*/().\s]{1,100}$/;
const RATIO = /^([^:=]{1,30}):([^:=]{1,30})=(\d{1,9}):(\d{1,9})$/;

/** Reads `x:Amy's books; (x+18)-15=9`; null where a piece is neither a declaration nor an equation with unknowns. */
export function readAlgebra(formula: string): Algebra | null {
  if (formula.length > MAX_LENGTH) return null;
  const declared: Unknown[] = [];
  const equations: string[] = [];
  for (const piece of formula.split(";").map((each) => each.trim())) {
    const [, name, meaning] = DECLARATION.exec(piece) ?? [];
    if (name !== undefined && meaning !== undefined) {
      declared.push({ name, meaning: meaning.trim() });
      continue;
    }
    const equation = readEquation(piece);
    if (equation === null) return null;
    equations.push(equation);
  }
  if (equations.length === 0 || equations.length > MAX_EQUATIONS) return null;
  const used = new Set(equations.flatMap((each) => each.match(/[A-Za-z]/g) ?? []));
  const known = declared.filter(({ name }) => used.has(name));
  if (declared.length > 0 && (known.length !== used.size || known.length !== declared.length)) return null;
  return { unknowns: declared.length > 0 ? known : [...used].map((name) => ({ name, meaning: null })), equations };
}

/** The parts of a sum that all hold the unknown, where it is one side of the equation and the other side a number: `x+(x+2)=20` → `x`, `x + 2`. */
export function summands(equation: string, unknown: string, consecutive: boolean): string[] | null {
  const sides = equation.split("=").map((side) => side.trim());
  const sum = sides.find((side) => side.includes(unknown));
  if (sum === undefined || sides.length !== 2 || sides.every((side) => side.includes(unknown))) return null;
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of sum) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0 && (character === "+" || (consecutive && character === "-"))) {
      parts.push(part);
      part = "";
    } else if (depth === 0 && character === "-") return null;
    else part += character;
  }
  const terms = [...parts, part].map((each) => bare(each.trim(), consecutive));
  return terms.length > 1 && terms.every((term) => term.includes(unknown)) ? terms : null;
}

/** `2*(x + 2)` of consecutive numbers is about `x + 2`. */
function bare(term: string, consecutive: boolean): string {
  const [, factor, inner] = /^(\d{1,4}\*)?\(([^()]{1,60})\)$/.exec(term) ?? [];
  return inner !== undefined && (factor === undefined || consecutive) ? inner.trim() : term;
}

function readEquation(piece: string): string | null {
  const ratio = RATIO.exec(piece);
  const [, left = "", right = "", over = "", under = ""] = ratio ?? [];
  const text = ratio === null ? piece : `${bracketed(left)}/${bracketed(right)}=${over}/${under}`;
  if (!EQUATION.test(text) || !/[A-Za-z]/.test(text)) return null;
  const products = text
    .replace(/\s+/g, "")
    .replace(/(\d\/\d)(?=[A-Za-z(])/g, "($1)")
    .replace(/([0-9)])(?=[A-Za-z(])/g, "$1*")
    .replace(/([A-Za-z])(?=[A-Za-z(0-9])/g, "$1*")
    .replace(/([A-Za-z])(?=[A-Za-z(0-9])/g, "$1*");
  return products.replace(/=/g, " = ").replace(/(?<=[\w)])([+-])/g, " $1 ");
}

function bracketed(text: string): string {
  return /[+-]/.test(text) ? `(${text.trim()})` : text.trim();
}

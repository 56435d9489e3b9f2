import { LIMITS } from "./limits.ts";

/**
 * Mathematics as LaTeX writes it, in the plain spelling that formulas, lists and sets are read in: `\frac{1}{2}` → `(1/2)`, `2\sqrt{3}` → `2√(3)`,
 * `\boxed{x}` → `x`, `45^\circ` → `45°`, `\left(1, \infty\right)` → `(1, ∞)`, a matrix → `[[1, 2], [3, 4]]`. Text without LaTeX stays as it is.
 * Total: what is unknown stands as its name; what is nested too deeply, or too long, stays as it was.
 */
export function plainMath(text: string): string {
  if (!LATEX.test(text) || text.length > LIMITS.formulaChars) return text;
  const plain = new LatexReader(undollared(text)).read();
  if (plain === null) return text;
  const folded = plain.replace(/[ \t]{1,200}/g, " ").trim();
  const alone = ALONE.exec(folded);
  return alone === null ? folded : folded.replace(/[()]/g, "");
}

/** A backslash, a group after `^` or `_`, or a text between dollar signs. */
const LATEX = /\\|[\^_]\{|\{,\}|^\s*\$[^$]+\$\.?\s*$/;
/** A simple fraction that is all there is, perhaps beside a whole number or a unit. */
const ALONE = /^[-−]?(?:\d{1,40} )?\(\d{1,40}\/\d{1,40}\)(?: [\p{L}%° ]{1,40})?$/u;

const DEEPEST = 30;

const SIGNS: ReadonlyMap<string, string> = new Map([
  ...["cdot", "times", "ast"].map((name) => [name, "*"] as const),
  ...["div"].map((name) => [name, "/"] as const),
  ...["le", "leq", "leqslant"].map((name) => [name, "≤"] as const),
  ...["ge", "geq", "geqslant"].map((name) => [name, "≥"] as const),
  ...["ne", "neq"].map((name) => [name, "≠"] as const),
  ...["lt"].map((name) => [name, "<"] as const),
  ...["gt"].map((name) => [name, ">"] as const),
  ...["lfloor"].map((name) => [name, " floor("] as const),
  ...["lceil"].map((name) => [name, " ceil("] as const),
  ...["rfloor", "rceil"].map((name) => [name, ")"] as const),
  ...["lvert", "rvert", "vert", "mid"].map((name) => [name, "|"] as const),
  ...["ldots", "dots", "cdots"].map((name) => [name, "..."] as const),
  ...["circ", "degree"].map((name) => [name, "°"] as const),
  ...["emptyset", "varnothing"].map((name) => [name, "∅"] as const),
  ...["lbrace"].map((name) => [name, "{"] as const),
  ...["rbrace"].map((name) => [name, "}"] as const),
  ...["lbrack"].map((name) => [name, "["] as const),
  ...["rbrack"].map((name) => [name, "]"] as const),
  ...["infty"].map((name) => [name, "∞"] as const),
  ...["pi"].map((name) => [name, "π"] as const),
  ...["pm"].map((name) => [name, "±"] as const),
  ...["cup"].map((name) => [name, " ∪ "] as const),
  ...["cap"].map((name) => [name, " ∩ "] as const),
  ...["in"].map((name) => [name, " ∈ "] as const),
  ...["land", "wedge"].map((name) => [name, " and "] as const),
  ...["lor", "vee"].map((name) => [name, " or "] as const),
  ...["mod", "bmod"].map((name) => [name, " mod "] as const),
  ...["quad", "qquad"].map((name) => [name, " "] as const),
  ...["theta"].map((name) => [name, "θ"] as const),
  ...["alpha"].map((name) => [name, "α"] as const),
  ...["beta"].map((name) => [name, "β"] as const),
]);

/** Commands that only set how things look. */
const LOOKS: ReadonlySet<string> = new Set(["left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "rm", "bf"]);
/** Commands that show their argument as it is. */
const SHOWN: ReadonlySet<string> = new Set(["boxed", "fbox", "mathrm", "mathbf", "mathit", "mathbb", "operatorname", "overline", "ensuremath"]);
const WORDS: ReadonlySet<string> = new Set(["text", "textbf", "textit", "textrm", "mbox", "hbox"]);
const FRACTIONS: ReadonlySet<string> = new Set(["frac", "dfrac", "tfrac", "cfrac"]);
const BINOMIALS: ReadonlySet<string> = new Set(["binom", "dbinom", "tbinom"]);
const FUNCTIONS: ReadonlySet<string> = new Set(["sin", "cos", "tan", "log", "ln", "exp", "max", "min", "gcd", "lcm"]);
const TABLES: ReadonlySet<string> = new Set(["pmatrix", "bmatrix", "matrix", "vmatrix", "Bmatrix", "smallmatrix"]);
const ESCAPED = "%$#&_";

class LatexReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** Null where it nests too deeply. */
  read(): string | null {
    try {
      return this.until("");
    } catch (error) {
      if (error instanceof TooDeep) return null;
      throw error;
    }
  }

  /** Reads up to a closing sign, which is left behind, or to the end. */
  private until(closing: string): string {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new TooDeep();
    let out = "";
    while (this.at < this.text.length && this.text.charAt(this.at) !== closing) out += this.piece(out);
    this.at += 1;
    this.depth -= 1;
    return out;
  }

  private piece(before: string): string {
    const char = this.text.charAt(this.at);
    this.at += 1;
    if (char === "\\") return this.command(before);
    if (char === "{") return this.group();
    if (char === "~") return " ";
    if (char !== "^" && char !== "_") return char === "}" ? "" : char;
    const raised = this.argument();
    if (raised === "°") return "°";
    return raised.length === 1 || /^\d+$/.test(raised) ? char + raised : `${char}(${raised})`;
  }

  /** A group stands for itself: `{,}` in `10{,}000`, `{x}`. */
  private group(): string {
    const inner = this.until("}");
    return inner.length <= 1 || /^[\d.,]+$/.test(inner) ? inner : `(${inner})`;
  }

  private command(before: string): string {
    const char = this.text.charAt(this.at);
    if (!/[a-zA-Z]/.test(char)) {
      this.at += 1;
      if (char === "{" || char === "}" || ESCAPED.includes(char) || char === "|") return char;
      return char === " " || char === "," || char === ";" || char === ":" || char === "\\" ? " " : "";
    }
    const start = this.at;
    while (/[a-zA-Z]/.test(this.text.charAt(this.at))) this.at += 1;
    const name = this.text.slice(start, this.at);
    const sign = SIGNS.get(name);
    if (sign !== undefined) return sign;
    if (LOOKS.has(name)) {
      if (this.text.charAt(this.at) === ".") this.at += 1;
      return "";
    }
    if (SHOWN.has(name)) return this.argument();
    if (WORDS.has(name)) return this.words();
    if (FRACTIONS.has(name)) return this.fraction(before);
    if (BINOMIALS.has(name)) return ` binom(${this.argument()}, ${this.argument()})`;
    if (name === "sqrt") return this.root();
    if (name === "pmod") return ` (mod ${this.argument()})`;
    if (FUNCTIONS.has(name)) return this.called(name);
    if (name === "begin") return this.environment();
    return ` ${name} `;
  }

  private fraction(before: string): string {
    const [top, bottom] = [this.argument(), this.argument()];
    const plain = /^\d{1,40}$/.test(top) && /^\d{1,40}$/.test(bottom);
    // A whole number right before a fraction is a mixed number.
    if (plain && /(?:^|[^\d.^_,\p{L}])\d{1,40}\s?$/u.test(before.slice(-44))) return ` ${top}/${bottom}`;
    const wrap = (part: string): string => (/^[\d.]+$|^\p{L}$/u.test(part) ? part : `(${part})`);
    return `(${wrap(top)}/${wrap(bottom)})`;
  }

  private root(): string {
    this.space();
    let degree = "";
    if (this.text.charAt(this.at) === "[") {
      this.at += 1;
      degree = this.until("]");
    }
    const inner = this.argument();
    return degree === "" || degree === "2" ? `√(${inner})` : `((${inner})^(1/${degree}))`;
  }

  /** A function before an argument without brackets: `\sin 30^\circ`. */
  private called(name: string): string {
    const bare = BARE_ARGUMENT.exec(this.text.slice(this.at, this.at + 40));
    if (bare === null) return ` ${name}`;
    this.at += bare[0].length;
    return ` ${name}(${bare[1] ?? ""}${bare[2] === undefined ? "" : "°"})`;
  }

  /** Rows and cells of a matrix; other environments stand for what they hold. */
  private environment(): string {
    const name = this.rawArgument();
    const end = `\\end{${name}}`;
    const stop = this.text.indexOf(end, this.at);
    if (stop < 0) return "";
    const inner = this.text.slice(this.at, stop);
    this.at = stop + end.length;
    this.depth += 1;
    if (this.depth > DEEPEST) throw new TooDeep();
    const read = (part: string): string => {
      const reader = new LatexReader(part);
      reader.depth = this.depth;
      return reader.until("").trim();
    };
    const rows = inner.split("\\\\").filter((row) => row.trim() !== "");
    const out = TABLES.has(name) ? `[${rows.map((row) => `[${row.split("&").map(read).join(", ")}]`).join(", ")}]` : rows.map(read).join("; ");
    this.depth -= 1;
    return out;
  }

  /** The next group, command or sign. */
  private argument(): string {
    this.space();
    const char = this.text.charAt(this.at);
    this.at += 1;
    if (char === "{") return this.until("}").trim();
    this.depth += 1;
    if (this.depth > DEEPEST) throw new TooDeep();
    const piece = char === "\\" ? this.command("") : char;
    this.depth -= 1;
    return piece.trim();
  }

  private words(): string {
    this.space();
    if (this.text.charAt(this.at) !== "{") return this.argument();
    this.at += 1;
    const inner = this.until("}");
    return ` ${inner} `;
  }

  private rawArgument(): string {
    const close = this.text.indexOf("}", this.at);
    const name = this.text.charAt(this.at) === "{" && close >= 0 && close - this.at < 40 ? this.text.slice(this.at + 1, close) : "";
    if (name !== "") this.at = close + 1;
    return name;
  }

  private space(): void {
    while (this.text.charAt(this.at) === " ") this.at += 1;
  }
}

const BARE_ARGUMENT = /^\s*(\d{1,20}(?:\.\d{1,20})?|[a-zA-Z](?![a-zA-Z]))(\^\{?\\circ\}?)?/;

class TooDeep extends Error {}

/** Without the dollar signs, or `\(` and `\[`, around it all. */
function undollared(text: string): string {
  const trimmed = text.trim().replace(/\.$/, "");
  const inner = /^\$\$?([^$]+)\$\$?$/.exec(trimmed)?.[1] ?? /^\\[([]([\s\S]+)\\[)\]]$/.exec(trimmed)?.[1];
  return inner ?? trimmed;
}

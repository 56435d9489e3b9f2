import pc from "picocolors";
import stringWidth from "string-width";

/** How a command talks: results on stdout, everything else on stderr. */
export interface Terminal {
  /** A line of the result. */
  print(line?: string): void;
  /** A remark for the person who waits; silent with --quiet. */
  say(line: string): void;
  /** A warning or an error; never silent. */
  warn(line: string): void;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Columns to wrap at: the terminal's, else 80; a wider line than 100 is hard to read. */
  readonly columns: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

export function createTerminal(options: { json?: boolean; quiet?: boolean }): Terminal {
  return {
    print: (line = "") => write(process.stdout, line),
    say: (line) => {
      if (!options.quiet) write(process.stderr, line);
    },
    warn: (line) => write(process.stderr, line),
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    columns: Math.min(MOST_COLUMNS, Math.max(40, process.stdout.columns || 80)),
    colours: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  };
}

const MOST_COLUMNS = 100;

/**
 * Words wrapped at `columns` of the terminal, each further line indented; a word that is wider than a line is broken. What a text could do to the
 * terminal is shown, never sent (`visible`).
 */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  const room = (): number => Math.max(8, columns - (lines.length === 0 ? 0 : indent.length));
  for (const paragraph of visible(text).split("\n")) {
    let line = "";
    let used = 0;
    const end = (): void => {
      lines.push(line);
      line = "";
      used = 0;
    };
    for (const [index, word] of paragraph.split(" ").entries()) {
      const wide = word.length > LONG_WORD ? LONG_WORD : width(word);
      const gap = index === 0 || (used === 0 && word !== "") ? 0 : 1;
      if (used + gap + wide <= room()) {
        line += " ".repeat(gap) + word;
        used += gap + wide;
        continue;
      }
      if (used > 0 && (wide <= room() || used + 1 >= room())) end();
      else if (used > 0) {
        line += " ";
        used += 1;
      }
      for (const grapheme of wide <= room() ? [word] : graphemes(word)) {
        const each = width(grapheme);
        if (used > 0 && used + each > room()) end();
        line += grapheme;
        used += each;
      }
    }
    end();
  }
  return lines.map((line, index) => (index === 0 ? line : indent + line).trimEnd()).join("\n");
}

/** A longer word is broken without being measured as a whole. */
const LONG_WORD = 1000;

/** How many columns of the terminal a line takes: two for an ideograph or an emoji, none for an accent. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const known = WIDTHS.get(text);
  if (known !== undefined) return known;
  const measured = pieces(text).reduce((sum, piece) => sum + stringWidth(piece), 0);
  if (text.length <= 4 && WIDTHS.size < 5000) WIDTHS.set(text, measured);
  return measured;
}

/** Of characters that were measured: a text has the same ones again and again. */
const WIDTHS = new Map<string, number>();

/** One line of at most `columns`, its middle left out where it is longer: names differ at their ends. */
export function fit(text: string, columns: number): string {
  const line = oneLine(text);
  if (width(line) <= columns) return line;
  const all = graphemes(line);
  const take = (from: readonly string[], room: number): string[] => {
    const taken: string[] = [];
    let used = 0;
    for (const each of from) {
      used += width(each);
      if (used > room) break;
      taken.push(each);
    }
    return taken;
  };
  const end = take(all.toReversed(), Math.floor((columns - 1) / 2)).toReversed().join("");
  return `${take(all, columns - 1 - width(end)).join("")}…${end}`;
}

/** `visible`, and no line ends either. */
export function oneLine(text: string): string {
  return visible(text).replaceAll("\n", "\u240a");
}

/**
 * The text with nothing in it that a terminal obeys or that hides from the eye: control characters as their pictures (ESC as ␛), overrides of the
 * writing direction and invisible characters by number, of a heap of accents the first. Line ends stay, a tab is two blanks.
 */
export function visible(text: string): string {
  if (PLAIN_LINES.test(text)) return text;
  return text
    .replace(/\p{Cs}/gu, "\ufffd")
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", "  ")
    .replace(CONTROLS, (char) => (char === "\u007f" ? "\u2421" : String.fromCodePoint(0x2400 + (char.codePointAt(0) ?? 0))))
    .replace(HIDDEN, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`)
    .replace(ACCENTS, (heap) => `${[...heap].slice(0, MOST_ACCENTS).join("")}…`);
}

const PLAIN = /^[\u0020-\u007e]*$/;
const PLAIN_LINES = /^[\n\u0020-\u007e]*$/;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f]/g;
/** C1 controls, overrides of the writing direction, invisible characters (not the joiners that emoji and some scripts need), line separators, tags. */
const HIDDEN = /[\u034f\u0080-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const MOST_ACCENTS = 8;
const ACCENTS = /(?:(?![\ufe0e\ufe0f])\p{M}){9,}/gu;

/** What a reader takes for one character. */
function graphemes(text: string): string[] {
  return PLAIN.test(text) ? [...text] : pieces(text).flatMap((piece) => Array.from(SEGMENTER.segment(piece), ({ segment }) => segment));
}

const SEGMENTER = new Intl.Segmenter("en");

/** Segmenting takes the square of a text's length, so that long ones go piece by piece, cut between characters where there is such a place. */
function pieces(text: string): string[] {
  return text.length <= 200 ? [text] : (text.match(/[^]{1,200}(?<!\u200d)(?![\p{M}\p{EMod}\u200d])|[^]{1,200}/gu) ?? []);
}

/** `1234567` → `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}

import { Fraction } from "fraction.js";
import { LIMITS } from "./limits.ts";
import { VULGAR_FRACTIONS } from "./symbols.ts";
import { unitOf } from "./units.ts";

/**
 * A number as text writes it. `decimals`: digits after the point. `step`: the value of one in the last digit written
 * (1/100 for `1.25`, 1/10000 for `12.25%`, 10000 for `1.25 million`). `unit`: words or signs beside it, "" where there are none.
 */
export interface WrittenNumber {
  value: Fraction;
  decimals: number;
  step: Fraction;
  unit: string;
}

/** Reads a text that is one number, possibly with a money sign, a percent sign or a unit. Null for anything else (`1,5`, `7:30`, `2 apples and 3 pears`). */
export function readNumber(text: string): WrittenNumber | null {
  if (text.length > LIMITS.digits * 2) return null;
  if (PLAIN.test(text)) return plainNumber(text);
  const bracketed = BRACKETED.exec(text);
  if (bracketed !== null) return bracketedNumber(bracketed[1] ?? "", bracketed[2] ?? "");
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const { minus = "", sign = "", moneyMinus = "", whole = "", part, exponent = "0", vulgar = "", tail = "" } = match.groups ?? {};
  const power = Number(exponent);
  const digits = whole.replaceAll(",", "") + (part ?? "").slice(1);
  if (digits.length > LIMITS.digits || Math.abs(power) > LIMITS.digits) return null;
  const fraction = readFraction(vulgar, whole, part, exponent);
  if (fraction === null) return null;
  const rest = readTail(tail);
  if (rest === null || (sign !== "" && rest.unit !== "" && unitOf(rest.unit)?.dimension === "share")) return null;
  const decimals = part === undefined ? 0 : part.length - 1;
  let value = digits === "" ? fraction : scale(new Fraction(BigInt(digits)), power - decimals).add(fraction);
  if (fraction.n !== 0n && vulgarJoins(vulgar)) value = new Fraction(BigInt(digits)).div(fraction.inverse());
  const negative = minus !== "" || moneyMinus !== "";
  if (minus !== "" && moneyMinus !== "") return null;
  value = value.mul(rest.factor);
  return {
    value: negative ? value.neg() : value,
    decimals,
    step: scale(new Fraction(1), power - decimals).mul(rest.factor),
    unit: sign === "" ? rest.unit : sign,
  };
}

/**
 * The one number that a text of words holds (`about 75,000 people`, `The tower is 906 feet tall`, `x = 5`), or null: none, several, a bound
 * (`at least 5`), a number word beside it, a range, a date or a name (`COVID-19`), or a formula.
 */
export function numberInWords(text: string): Fraction | null {
  if (text.length > LIMITS.valueChars) return null;
  const assigned = ASSIGNED.exec(text);
  if (assigned !== null) return readNumber(text.slice(assigned[0].length).trim())?.value ?? null;
  if (FORMULA_SIGNS.test(text) || BOUNDS.test(text)) return null;
  const found = [...text.matchAll(IN_WORDS)];
  const only = found[0];
  if (only === undefined || found.length > 1 || (text.match(/\d+/g) ?? []).length !== (only[0].match(/\d+/g) ?? []).length) return null;
  const after = text.slice(only.index + only[0].length);
  const number = readNumber(only[0].trim());
  if (number === null) return null;
  const scaleWord = MULTIPLIERS.get((/^\s*(\p{L}+)/u.exec(after)?.[1] ?? "").toLowerCase());
  const percent = /^\s*(?:%|percent\b)/i.test(after);
  if (/^\s*(?:BCE?|B\.C|AM|PM|a\.m|p\.m|o'clock)\b/i.test(after) || /^[-–:/'’]\S/.test(after)) return null;
  if (scaleWord !== undefined) return number.value.mul(scaleWord);
  return percent ? number.value.div(100) : number.value;
}

/** Every number that a text writes, as written, in order; overlong ones are left out. */
export function writtenNumbers(text: string): { text: string; value: Fraction }[] {
  const found: { text: string; value: Fraction }[] = [];
  for (const match of text.slice(0, LIMITS.formulaChars).matchAll(ANYWHERE)) {
    const number = readNumber(match[0].replace(/\.$/, ""));
    if (number !== null) found.push({ text: match[0], value: number.value });
  }
  return found;
}

const ONE = new Fraction(1);
const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;
const BRACKETED = /^([-−–]?)\(([\d./⁄ -]{1,40})\)$/;
const DASH = "[-−–]";
const NUMBER = new RegExp(
  `^(?<minus>${DASH} ?)?(?:(?<sign>[$€£¥]) ?)?(?<moneyMinus>${DASH})?` +
    "(?:(?<whole>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)?(?<part>\\.\\d*)?(?:[eE](?<exponent>[+-]?\\d+)(?![\\w.]))?)" +
    "(?<vulgar> ?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]| ?[/⁄] ?\\d+(?![\\d.])| \\d+[/⁄]\\d+(?![\\d.]))?(?<tail>(?![\\d,]).*)?$",
  "us",
);
const MULTIPLIERS: ReadonlyMap<string, bigint> = new Map([
  ["dozen", 12n],
  ["dozens", 12n],
  ["hundred", 100n],
  ["thousand", 1000n],
  ["million", 1_000_000n],
  ["billion", 1_000_000_000n],
  ["trillion", 1_000_000_000_000n],
]);
const UNIT_WORDS = /^[\p{L}$€£¢°²³][\p{L}\s$.'’/²³-]*$/u;
const BRACKET_WORDS = /^[\p{L}\s$%€£¢°²³.,'’/-]*$/u;
/** Words after a number that change what it says: bounds, ranges, dates, parts and further numbers. */
const NO_UNIT =
  /\b(?:and|or|more|less|fewer|than|to|plus|minus|times|by|of|bce?|ad|am|pm|o|st|nd|rd|th|half|halves|thirds?|quarters?|fourths?|fifths?|tenths?|hundredths?|one|two|three|four|five|six|seven|eight|nine|ten|score|r|rem|remainder|x|pi)\b/i;
const ASSIGNED = /^\s*\p{L}\w{0,20}\s*=\s*/u;
const FORMULA_SIGNS = /[+*^=<>≤≥×÷√\\]/;
const BOUNDS =
  /\b(?:more than|less than|fewer than|greater than|at least|at most|no more|over|under|above|below|up to|between|or more|or less|or fewer|minimum|maximum|two|three|four|five|six|seven|eight|nine|ten|twelve|half|double|twice|dozens|hundreds|thousands|millions)\b/i;
const IN_WORDS = /(?<![\p{L}\d.,:/#]|[\p{L}\d][-–])(?:[-−](?=[\d.]))?[$€£]?(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?(?![\p{L}\d]|,\d)/gu;
const ANYWHERE = /(?<![\p{L}\d_])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?%?|(?<![\p{L}\d_])\.\d+%?/gu;

/** The usual case, without the cost of the others. */
function plainNumber(text: string): WrittenNumber {
  const point = text.indexOf(".");
  if (point < 0) return { value: new Fraction(BigInt(text)), decimals: 0, step: ONE, unit: "" };
  const decimals = text.length - point - 1;
  const scaled = 10n ** BigInt(decimals);
  return { value: new Fraction(BigInt(text.slice(0, point) + text.slice(point + 1)), scaled), decimals, step: new Fraction(1n, scaled), unit: "" };
}

/** `-(1/3)`, `(5)`. */
function bracketedNumber(minus: string, inner: string): WrittenNumber | null {
  const number = readNumber(inner.trim());
  return number !== null && minus !== "" ? { ...number, value: number.value.neg() } : number;
}

/** What is added to, or (`1/2`) divides, the digits before it. Zero where there is no fraction; null where it is malformed. */
function readFraction(vulgar: string, whole: string, part: string | undefined, exponent: string): Fraction | null {
  const text = vulgar.trim();
  if (text === "") return whole === "" && (part === undefined || part === ".") ? null : new Fraction(0);
  const glyph = VULGAR_FRACTIONS.get(text);
  if (part !== undefined || exponent !== "0") return null;
  if (glyph !== undefined) return new Fraction(...glyph);
  if (whole === "") return null;
  const [numerator = "", denominator = ""] = text.split(/[/⁄]/).map((each) => each.trim());
  if (denominator.length > LIMITS.digits || BigInt(denominator) === 0n) return null;
  if (numerator === "") return new Fraction(1n, BigInt(denominator));
  return numerator.length <= LIMITS.digits && BigInt(numerator) < BigInt(denominator) ? new Fraction(BigInt(numerator), BigInt(denominator)) : null;
}

/** Whether a fraction divides the digits before it (`3/4`) and is not added to them (`2 1/2`, `2½`). */
function vulgarJoins(vulgar: string): boolean {
  return /^[/⁄]/.test(vulgar.trim());
}

/** What follows the digits: a percent sign, a multiplier, a unit in words or brackets. Null where it makes the text more than a number. */
function readTail(tail: string): { factor: Fraction; unit: string } | null {
  let rest = tail.trim().replace(/\.$/, "").trim();
  let factor = new Fraction(1);
  if (rest === "") return { factor, unit: "" };
  if (/^(?:%|percent\b)/i.test(rest)) {
    factor = new Fraction(1, 100);
    rest = rest.replace(/^(?:%|percent)\s*/i, "");
    return rest === "" ? { factor, unit: "%" } : unitOnly(rest, factor);
  }
  const word = /^\p{L}+/u.exec(rest)?.[0] ?? "";
  const multiplier = /^\s/.test(tail) ? MULTIPLIERS.get(word.toLowerCase()) : undefined;
  if (multiplier !== undefined) {
    factor = new Fraction(multiplier);
    rest = rest.slice(word.length).trim();
  } else if (/^\p{L}/u.test(tail) && unitOf(word) === null) {
    return null;
  }
  return rest === "" ? { factor, unit: "" } : unitOnly(rest, factor);
}

function unitOnly(text: string, factor: Fraction): { factor: Fraction; unit: string } | null {
  const bracket = /^\(([^()]*)\)$/.exec(text);
  const words = (bracket?.[1] ?? text).trim();
  if (bracket !== null) return BRACKET_WORDS.test(words) && (words.length !== 1 || unitOf(words) !== null) ? { factor, unit: words } : null;
  if (!UNIT_WORDS.test(words) || NO_UNIT.test(words) || words.split(/\s+/).length > 5) return null;
  return /^[\p{L}]$/u.test(words) && unitOf(words) === null ? null : { factor, unit: words };
}

function scale(value: Fraction, power: number): Fraction {
  if (power === 0) return value;
  return power > 0 ? value.mul(10n ** BigInt(power)) : value.div(10n ** BigInt(-power));
}

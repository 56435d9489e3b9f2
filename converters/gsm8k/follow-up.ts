import type { Equation } from "./equation.ts";

const NUMBER = "((?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?|\\.\\d+)";
const ROUNDS = new RegExp(`\\b(?:round(?:s|ed|ing)?|rounds? off)(?: it)?(?: (up|down))?(?: off)?(?: to| is)? \\$?${NUMBER}(%)?`);
const PERCENT = new RegExp(`^ ?,? or ${NUMBER}%`);
const COMPARES = new RegExp(`\\b(?:because|since|as) \\$?${NUMBER}(?: [\\p{L}]+)? ?([<>]) ?\\$?${NUMBER}(?: [\\p{L}]+)?\\.?$`, "u");
/** Words between a result and what it rounds to. */
const MAX_GAP = 80;

/** What a line makes of its last result without writing a calculation: it rounds it, or says it in percent. */
export function followUp(text: string, last: Pick<Equation, "result" | "end" | "percent" | "money">): Equation | null {
  const rest = text.slice(last.end, last.end + MAX_GAP + 40);
  const value = Number(last.result.replace("%", ""));
  const percent = PERCENT.exec(rest);
  if (percent !== null && !last.percent && Math.abs(value * 100 - Number(percent[1])) < 1e-9) {
    return { formula: `${last.result}*100`, result: percent[1] ?? "", start: last.end, resultStart: last.end, end: last.end + percent[0].length, money: false, percent: true };
  }
  const rounds = ROUNDS.exec(rest);
  const result = (rounds?.[2] ?? "").replaceAll(",", "");
  if (rounds === null || rounds.index > MAX_GAP || /[=<>]|\. /.test(rest.slice(0, rounds.index)) || !Number.isFinite(value) || Math.abs(Number(result) - value) >= 1 || value === Number(result)) return null;
  const name = rounds[1] === "up" && Math.ceil(value) === Number(result) ? "ceil" : rounds[1] === "down" && Math.floor(value) === Number(result) ? "floor" : "round";
  return { formula: `${name}(${last.result})`, result, start: last.end, resultStart: last.end, end: last.end + rounds.index + rounds[0].length, money: last.money, percent: last.percent };
}

/** `The shortest trail takes 15 minutes because 15 < 40`: the choice of the smaller, or of the larger, of two numbers. */
export function choice(text: string): Equation | null {
  const found = COMPARES.exec(text);
  if (found === null) return null;
  const [, first = "", sign, second = ""] = found.map((each) => each?.replaceAll(",", ""));
  const before = text.slice(0, found.index);
  const stated = new RegExp(`(?<![\\d.])${first.replace(".", "\\.")}(?![\\d]|\\.\\d)`).test(before.replaceAll(",", ""));
  if (first === second || !(stated || /\b(?:\p{L}{3,}est|most|least)\b/u.test(before))) return null;
  return { formula: `${sign === "<" ? "min" : "max"}(${first}, ${second})`, result: first, start: found.index, resultStart: found.index, end: text.length, money: text.slice(found.index).includes("$"), percent: false };
}

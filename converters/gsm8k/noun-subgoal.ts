import { DETERMINERS, NUMBER_WORDS, PREPOSITIONS, PRONOUNS, canBeFinite, isAdverb, isGerund, isPlainVerb, looksPlural } from "../shared/english.ts";
import { splitUnit } from "./quantity.ts";
import { ending } from "./segment.ts";

/** A calculation's surroundings in its line: `left` up to its first operand, `right` after its result. */
export interface Surroundings {
  left: string;
  right: string;
  money: boolean;
  percent: boolean;
}

/** Short noun phrases for what a calculation finds, best first: the cost of a thing bought, the quantity its line names, the unit of its result. */
export function nounSubgoals({ left, right, money, percent }: Surroundings): string[] {
  const tail = ending(right);
  if (percent) return found([named(left, PERCENT_NOUN), "the percentage"]);
  if (money) {
    const after = MONEY_AFTER.exec(tail)?.[1];
    return found([after === undefined ? null : `the ${after.replace(/^(?:his|her|their|the|a|an) /, "")}`, costOf(left), named(left, MONEY_NOUN), /\bcosts?\b/.test(left) ? "the cost" : null]);
  }
  return found([counted(tail)]);
}

function found(phrases: readonly (string | null)[]): string[] {
  return phrases.flatMap((phrase) => (phrase === null ? [] : [`find ${phrase}`]));
}

const MONEY_NOUNS = "revenue|profit|loss|discount|tax|tip|cash back|savings|sales|rent|fees?|interest|commission|income|earnings|price|expenses|bill|budget|debt|total cost|cost|salary|overtime pay|weekly pay|total pay|bonus|spending|allowance|balance|reduction|refund|deposit";
const MONEY_AFTER = new RegExp(`^(?:in |of |for |as |worth of )?((?:(?:his|her|their|the|a|an|total|additional|extra|net|gross|sales|weekly|monthly|daily|yearly|annual) ){0,2}(?:${MONEY_NOUNS})(?: (?:on|from|for|per|of) (?:(?:the|each|every|his|her|their|a) )?[\\p{L}-]+)?)(?![\\p{L}])`, "u");
const MONEY_NOUN = new RegExp(`(?:^|[\\s,])((?:(?:[\\p{L}’'-]+) ){0,2}?(?:${MONEY_NOUNS}))(?![\\p{L}])( (?:of|for|on|from|per) (?:(?:the|each|every|all|his|her|their|a|an|both) )?[\\p{L}-]+(?: [\\p{L}-]+)?)?`, "giu");
const PERCENT_NOUN = /(?:^|[\s,])((?:[\p{L}’'-]+ ){0,1}?(?:percentage|percent|share|portion|rate|discount))(?![\p{L}])( of (?:the )?[\p{L}-]+(?: [\p{L}-]+)?)?/giu;

/** How far before a calculation a noun may stand that tells what it finds. */
const NEAR = 100;

/** The last quantity that a text names, with what it is of. */
function named(text: string, pattern: RegExp): string | null {
  const last = [...text.slice(-NEAR).matchAll(pattern)].at(-1);
  if (last === undefined) return null;
  const words = (last[1] ?? "").split(" ").map((word) => word.toLowerCase());
  const from = words.findLastIndex((word, at) => at < words.length - 1 && !isModifier(word));
  const noun = words.slice(from + 1).join(" ");
  const of = (last[2] ?? "").replace(/^ (\p{L}+) (?:a|an) /u, " $1 the ").split(" ");
  while (of.length > 1 && !isNoun(of.at(-1) ?? "")) of.pop();
  const tail = of.length > 2 || (of.length === 2 && of[1] !== "") ? of.join(" ") : "";
  return `the ${noun}${/ (?:of|for|on|from|per|between)$/.test(tail) ? "" : tail}`;
}

function isModifier(word: string): boolean {
  return !(DETERMINERS.has(word) || PRONOUNS.has(word) || PREPOSITIONS.has(word) || NUMBER_WORDS.has(word) || canBeFinite(word) || isAdverb(word) || isGerund(word) || /[’']s?$|^(?:and|or|but|so|as|if|total|find|calculate|same)$/.test(word)) || word === "total" || word === "sales";
}

function isNoun(word: string): boolean {
  const key = word.toLowerCase();
  return !(key === "" || PREPOSITIONS.has(key) || PRONOUNS.has(key) || DETERMINERS.has(key) || NUMBER_WORDS.has(key) || isAdverb(key) || /^(?:is|are|was|were|will|would|can|could|has|have|had|and|or|so|but|by|be|because|which|that|who)$/.test(key) || (canBeFinite(key) && !key.endsWith("s")) || (isPlainVerb(key) && !looksPlural(key)));
}

/** `5 dresses at $20 each`, `The treats are $2.50 a bag`: the thing that has a price. */
function costOf(left: string): string | null {
  const clause = left.slice(-300).split(/(?<=[.;])\s/).at(-1) ?? "";
  const bought = /\b(?:buys?|bought|buying|orders?|ordered|purchased?|purchases|needs?|gets?|got)\s+(?:(?:another|the|a|an|some|all) )?(?:\d[\d,]*|[a-z]+(?=\s))?\s*((?:[\p{L}'’-]+ ){1,5}?)(?=(?:at|for|that|which|priced|costing|and|so|to|in|from|on)\b|\$)/u.exec(clause)?.[1];
  const priced = /(?:^|[,;.] |\b(?:and|so|since|because|if|the|each|these|those|his|her) )(?:\d[\d,]* )?((?:[\p{L}'’-]+ ){1,5}?)(?:is|are|was|were|costs?|will cost|would cost|sells? for|sold for) (?:also )?\$?[\d.]/iu.exec(clause)?.[1];
  for (const [thing, price] of [[priced, true], [bought, /\$/.test(clause) || /each|per/.test(clause)]] as const) {
    const words = (thing ?? "").trim().split(" ").filter((word) => !/^(?:the|a|an|each|every|these|those|another|of them|some|and|so)$/i.test(word) && !/^\d/.test(word));
    const last = words.at(-1) ?? "";
    if (!price || words.length === 0 || words.length > 4 || !isNoun(last) || words.some((word) => PRONOUNS.has(word.toLowerCase()) || /^(?:is|are|was|were|that|which|who|if|cost|total|price)$/i.test(word))) continue;
    const noun = words.filter((word, at) => at > 0 || !NUMBER_WORDS.has(word.toLowerCase())).join(" ");
    if (noun !== "" && isNoun(noun.split(" ")[0] ?? "")) return `the cost of the ${noun}`;
  }
  return null;
}

/** The unit after the result, with a short phrase of place or time: `the number of parking spaces on the second level`. */
function counted(tail: string): string | null {
  const { unit, rest } = splitUnit(tail.split(/\s+/).filter((word) => word !== ""));
  const head = (unit.join(" ").split(" of ")[0] ?? "").split(" ").at(-1)?.toLowerCase() ?? "";
  if (unit.length === 0 || unit.length > 5 || !looksPlural(head) || !unit.every((word) => /^[\p{L}’'-]+$/u.test(word)) || /^(?:more|fewer|less|times)$/i.test(unit[0] ?? "")) return null;
  const words = rest.slice(0, 5);
  const place = /^(?:on|in|at|from|for|per|each|every|during|after|before)$/.test(rest[0] ?? "") && rest.length <= 5 && isNoun(words.at(-1) ?? "") ? ` ${words.join(" ")}` : "";
  return `the number of ${unit.join(" ")}${/ (?:left|remaining)\b/.test(` ${rest[0] ?? ""}`) ? " left" : place}`;
}

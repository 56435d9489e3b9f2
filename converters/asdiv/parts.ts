import { join, joins, type Token, tokenize } from "../shared/english/token.ts";
import { AUXILIARIES, canBeFinite, DETERMINERS, looksPlural, NUMBER_WORDS, PREPOSITIONS, PRONOUNS } from "../shared/english.ts";
import { type Expression, numbersOf } from "./expression.ts";

/**
 * The subgoals of a sum's products, each by what the text counts with one of its numbers: `(22*2)+(3*4)` of bicycles, cars and wheels →
 * `Find the number of wheels for the bicycles.` Null where the text does not tell the products apart.
 */
export function productSubgoals(expression: Expression, question: string, body: string): Map<Expression, string> | null {
  if (expression.kind !== "sum") return null;
  const products = expression.terms.map(({ of }) => of).filter((of) => of.kind === "product" || (of.kind === "group" && of.of.kind === "product"));
  const what = whatIsAsked(question);
  if (products.length < 2 || products.length < expression.terms.length || what === null || products.some((product) => numbersOf(product).some((number) => Number(number) === 1))) return null;
  const words = tokenize(body);
  const nouns = products.map((product) => numbersOf(product).map((number) => countedBy(number, words)).find((noun) => noun !== null && !isSame(noun, what.noun)) ?? null);
  if (nouns.includes(null) || new Set(nouns).size < nouns.length) return null;
  return new Map(products.map((product, index) => [product, `Find ${what.phrase} for the ${nouns[index] ?? ""}.`]));
}

/** What a question counts or measures, in words, and its noun. */
function whatIsAsked(question: string): { phrase: string; noun: string } | null {
  const many = /\bhow many (?:more |fewer |total )?([a-z]+(?: (?!is|are|was|were|did|do|does|will|would|can|could|has|have|in|total|left)[a-z]+){0,3}?) (?:is|are|was|were|did|do|does|will|would|can|could|has|have|in)\b/i.exec(question);
  if (many?.[1] !== undefined) return { phrase: `the number of ${many[1].toLowerCase()}`, noun: many[1].toLowerCase() };
  if (!/\bhow much\b/i.test(question)) return null;
  if (/\b(?:costs?|spend|spent|pay|paid)\b/i.test(question)) return { phrase: "the cost", noun: "" };
  return /\b(?:money|earn|make|raise)\b/i.test(question) ? { phrase: "the amount of money", noun: "" } : null;
}

/** The noun that a number counts in the text: `22 bicycles` → `bicycles`; null where it is a price or counts nothing. */
function countedBy(number: string, words: readonly Token[]): string | null {
  for (const [index, { raw, word }] of words.entries()) {
    if (word !== number && NUMBERS.indexOf(word) !== Number(number)) continue;
    if (/[.,;]$/.test(raw) || raw.startsWith("$") || /^(?:each|per|costs?)$/.test(words[index - 1]?.word ?? "")) continue;
    const noun = words.slice(index + 1, nounEnd(words, index + 1));
    if (noun.length === 0 || noun.length > 5 || NUMBER_WORDS.has(noun[0]?.word ?? "")) continue;
    if (/^(?:dollars?|cents?|more|times|fewer|less|and|or|hours?|minutes?|of|out)$/.test(noun[0]?.word ?? "")) continue;
    return join(noun).replace(/[.,;?]+$/, "");
  }
  return null;
}

/** `cartons of ice cream`: to the first plural, or one word, and a phrase with `of`. */
function nounEnd(words: readonly Token[], from: number): number {
  let end = from;
  while (end < Math.min(words.length, from + 4) && isPlain(words[end])) {
    end += 1;
    if (looksPlural(words[end - 1]?.word ?? "") || /[.,;?]$/.test(words[end - 1]?.raw ?? "")) break;
  }
  if (!looksPlural(words[end - 1]?.word ?? "")) end = Math.min(end, from + 1);
  if (words[end]?.word !== "of" || /[.,;?]$/.test(words[end - 1]?.raw ?? "") || !isPlain(words[end + 1])) return end;
  return isPlain(words[end + 2]) && !canBeFinite(words[end + 2]?.word ?? "") && !/[.,;?]$/.test(words[end + 1]?.raw ?? "") ? end + 3 : end + 2;
}

function isPlain(at: Token | undefined): boolean {
  return at !== undefined && /^[a-z-]+[.,;?]?$/.test(at.raw) && !PREPOSITIONS.has(at.word) && !DETERMINERS.has(at.word) && !joins(at.word) && !PRONOUNS.has(at.word) && !AUXILIARIES.has(at.word);
}

const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

function isSame(noun: string, asked: string): boolean {
  return asked !== "" && noun.split(" ")[0] === asked.split(" ")[0];
}

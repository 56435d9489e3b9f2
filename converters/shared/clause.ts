import {
  BE,
  DETERMINERS,
  HAVE,
  NUMBER_WORDS,
  POSSESSIVES,
  PREPOSITIONS,
  PRONOMINAL,
  PRONOUNS,
  canBeFinite,
  canBeVerb,
  isAdjective,
  isAdverb,
  isGerund,
  isParticiple,
  isPlainVerb,
  looksPlural,
  pastTense,
  thirdPerson,
} from "./english.ts";

/** A word of a sentence: as written, and in lower case without the punctuation around it. */
export interface Token {
  raw: string;
  word: string;
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const raw of text.split(/\s+/)) {
    const before = tokens.at(-1);
    if (raw === "") continue;
    // `at least one` is a determiner, not a place.
    if (before?.word === "at" && /^(?:least|most)$/i.test(raw)) tokens[tokens.length - 1] = { raw: `${before.raw} ${raw}`, word: "some" };
    else tokens.push({ raw, word: nameLetter(raw, before) ? `${raw.charAt(0).toLowerCase()}.` : bare(raw) });
  }
  return tokens;
}

export function join(tokens: readonly Token[]): string {
  return tokens.map((token) => token.raw).join(" ");
}

/**
 * What follows an auxiliary in a question, put into the order of a statement:
 * `does` + `Janet sell in a day` → `Janet sells in a day`. Null where the end of the subject is not found.
 *
 * `asked`: the question's own phrase stands before the auxiliary (`how old`), so that nothing but a subject may follow it
 * (`is Tom` → `Tom is`). Without it a predicate is needed (`is a koala bigger than a cat`).
 */
export function uninvert(auxiliary: Token, rest: readonly Token[], asked: boolean): string | null {
  const { word, negative } = splitNegative(auxiliary.word);
  if (rest.length === 0) return null;
  // `did not Tom …` is no order people use: the subject of such a question stands before the verb already.
  if (rest[0]?.word === "not") return null;
  const not = negative ? [token("not")] : [];
  if (BE.has(word)) return withBe(word, rest, asked, not);
  if (HAVE.has(word)) return withHave(word, rest, not);
  const verb = findBaseVerb(rest);
  if (verb === null) return null;
  const subject = rest.slice(0, verb);
  const after = rest.slice(verb);
  if (word === "do" || word === "does" || word === "did") {
    const kept = negative || subject.at(-1)?.word === "not";
    if (kept) return join(insertAuxiliary(word, subject, not, after));
    // `does Zoey and Sydney spit`: two people take the plural.
    const plural = word === "does" && isName(subject) && subject.some((at) => at.word === "and");
    return join([...subject, ...inflectVerbs(plural ? "do" : word, after)]);
  }
  return join(insertAuxiliary(word, subject, not, after));
}

/** Where the base form of the verb stands after `did`, `will`, …: its index, which is also the length of the subject (adverbs included). */
export function findBaseVerb(rest: readonly Token[]): number | null {
  const first = rest[0];
  if (first === undefined) return null;
  if (PRONOUNS.has(first.word) && rest[1]?.word !== "and" && rest[1]?.word !== "or" && rest[1]?.word !== "of") {
    const next = skipAdverbs(rest, 1);
    return next < rest.length ? next : null;
  }
  return searchVerb(rest) ?? plainVerbAfterPossessive(rest) ?? unknownVerb(rest);
}

function searchVerb(rest: readonly Token[]): number | null {
  let relative = 0;
  let relativeVerb = -1;
  let found: number | null = null;
  for (let index = 1; index < rest.length; index++) {
    const at = rest[index];
    const before = rest[index - 1];
    if (at === undefined || before === undefined) break;
    const { word } = at;
    if (endsClause(before) && found !== null) break;
    if (word === "who" || word === "that" || word === "which" || (PRONOUNS.has(word) && index - 1 !== relativeVerb && !joins(before.word) && !PREPOSITIONS.has(before.word))) {
      if (found !== null) break;
      relative = 1;
      continue;
    }
    if (relative > 0 && canBeFinite(word) && !DETERMINERS.has(before.word)) {
      relative = 0;
      relativeVerb = index;
      continue;
    }
    if (relativeVerb === index - 1 && (PRONOUNS.has(word) || DETERMINERS.has(word))) continue;
    if (!verbPlace(rest, index)) {
      // `the order cost`: a later verb is better, but only right behind the one found.
      if (found !== null) break;
      continue;
    }
    const known = canBeVerb(word);
    if (known) {
      found = index;
      const next = rest[index + 1];
      if (isName(rest.slice(0, index))) break;
      // `the first glue stick have left`: a verb that follows so closely makes the one found a noun, unless it governs it (`help paint`).
      if (isPlainVerb(word) && (GOVERNING.has(word) || next === undefined || !isPlainVerb(next.word))) break;
      if (next?.word === "first" && canBeVerb(rest[index + 2]?.word ?? "")) {
        index++;
        continue;
      }
      if (next === undefined || !canBeVerb(next.word) || !verbPlace(rest, index + 1) || /^(?:last|next|more|most|open)$/.test(next.word)) break;
      continue;
    }
    if (found !== null) break;
    if (isName(rest.slice(0, index)) && /^[a-z]+$/.test(at.raw.replace(/[,;]$/, "")) && couldBeUnknownVerb(word)) return index;
  }
  return found;
}

const GOVERNING: ReadonlySet<string> = new Set(["help", "let", "make", "have", "go", "need", "get", "come", "try", "do"]);

/** `McDonald's sell`, `#1's believe`: what looks like a possessive is the subject where no other verb is found. */
function plainVerbAfterPossessive(rest: readonly Token[]): number | null {
  const index = rest.findIndex((at, place) => place > 0 && isPlainVerb(at.word) && !capital(at) && possessive(rest[place - 1]) && !POSSESSIVES.has(rest[place - 1]?.word ?? ""));
  return index > 0 ? index : null;
}

/** A verb that is in no table: the last word before the first preposition, determiner or end. */
function unknownVerb(rest: readonly Token[]): number | null {
  const first = rest[0];
  if (first === undefined) return null;
  const least = DETERMINERS.has(first.word) || isNumber(first.word) ? 2 : 1;
  for (let index = least; index < rest.length; index++) {
    const at = rest[index];
    const before = rest[index - 1];
    const next = rest[index + 1];
    if (at === undefined || before === undefined) return null;
    if (PREPOSITIONS.has(at.word) && at.word !== "of") return null;
    if (capital(at) || PREPOSITIONS.has(before.word) || possessive(before) || DETERMINERS.has(before.word) || isAdjective(before.word) || joins(before.word)) continue;
    const ends = next === undefined || PREPOSITIONS.has(next.word) || DETERMINERS.has(next.word) || PRONOUNS.has(next.word) || isAdverb(next.word) || next.word.startsWith("#") || capital(next);
    if (ends && /^[a-z-]{3,}$/.test(at.word) && couldBeUnknownVerb(at.word) && next?.word !== "of") return index;
  }
  return null;
}

/** `do` and friends dissolve into the verb, and into a second one joined to it: `catch and keep` → `caught and kept`. */
function inflectVerbs(auxiliary: string, after: readonly Token[]): Token[] {
  const inflect = (at: Token): Token => {
    if (auxiliary === "do" || at.word === "") return at;
    const changed = auxiliary === "did" ? pastTense(at.word) : thirdPerson(at.word);
    return { raw: at.raw.replace(/^[A-Za-z]+/, changed), word: changed };
  };
  let clause = true;
  return after.map((at, index) => {
    if (index === 0) return inflect(at);
    const before = after[index - 1];
    if (before !== undefined && (before.word === "if" || before.word === "when" || before.word === "to" || before.word === "that")) clause = false;
    const second = clause && before !== undefined && joins(before.word) && canBeVerb(at.word);
    const next = after[index + 1];
    const taking = next === undefined || DETERMINERS.has(next.word) || PREPOSITIONS.has(next.word) || PRONOUNS.has(next.word);
    return second && taking && (index === 2 || isPlainVerb(at.word)) ? inflect(at) : at;
  });
}

function withHave(word: string, rest: readonly Token[], not: readonly Token[]): string | null {
  for (let index = 1; index < rest.length; index++) {
    const at = rest[index];
    const before = rest[index - 1];
    if (at === undefined || before === undefined) break;
    if (!isParticiple(at.word) || DETERMINERS.has(before.word) || PREPOSITIONS.has(before.word) || capital(at)) continue;
    const subject = rest.slice(0, index);
    return join(insertAuxiliary(word, subject, not, rest.slice(index)));
  }
  return null;
}

function withBe(word: string, rest: readonly Token[], asked: boolean, not: readonly Token[]): string | null {
  if (rest[0]?.word === "there") return join([token("there"), token(word), ...not, ...rest.slice(1)]);
  const end = subjectEnd(rest, asked);
  if (end === null) return null;
  return join([...rest.slice(0, end), token(word), ...not, ...rest.slice(end)]);
}

/**
 * How many words the subject after a form of `be` takes. A phrase with `of` always belongs to it; another one only where a
 * predicate follows (`is the man in the car asleep`).
 */
export function subjectEnd(rest: readonly Token[], asked: boolean): number | null {
  const gerund = isGerund(rest[0]?.word ?? "") && DETERMINERS.has(rest[1]?.word ?? "");
  const end = nounPhraseEnd(rest, gerund ? 1 : 0);
  if (end === 0) return null;
  if (end < rest.length) {
    const next = rest[end];
    if (next !== undefined && isParticiple(next.word) && !capital(next)) {
      // `is a job listed in #1 also found in #2`: the first participle belongs to the subject.
      const behind = phrasesEnd(rest, end + 1);
      if (rest[behind]?.word === "also") return behind;
    }
    if (next !== undefined && PREPOSITIONS.has(next.word) && next.word !== "than" && next.word !== "as" && next.word !== "like") {
      const longer = phrasesEnd(rest, end);
      const behind = rest[longer];
      if (longer < rest.length && behind !== undefined && isPredicateStart(behind) && !endsClause(rest[longer - 1])) return longer;
    }
    return end;
  }
  if (asked) return rest.length;
  return lastResortSplit(rest);
}

/** `soy sauce vegan`, `#1 Paris`: the last word is the predicate where no better place is found. */
function lastResortSplit(rest: readonly Token[]): number | null {
  const last = rest.at(-1);
  const before = rest.at(-2);
  if (last === undefined || before === undefined || DETERMINERS.has(before.word) || before.word === "of" || joins(before.word)) return null;
  if (capital(last) && capital(before)) return null;
  return rest.length - 1;
}

/** The end of the prepositional phrases that begin at `from`. */
function phrasesEnd(rest: readonly Token[], from: number): number {
  let end = from;
  while (end < rest.length && PREPOSITIONS.has(rest[end]?.word ?? "")) {
    const next = nounPhraseEnd(rest, end + 1);
    if (next === end + 1) break;
    end = next;
  }
  return end;
}

/** The end of the noun phrase that begins at `from`, with its `of` phrases, coordinations and relative clauses. */
export function nounPhraseEnd(rest: readonly Token[], from: number): number {
  let index = from;
  let head = false;
  while (index < rest.length) {
    const at = rest[index];
    const before = index > from ? rest[index - 1] : undefined;
    if (at === undefined) break;
    const { word } = at;
    if (before !== undefined && head && endsClause(before) && !startsCoordination(rest, index)) break;
    if (joins(word)) {
      if (!head || index + 1 >= rest.length) break;
      head = false;
      index++;
      continue;
    }
    if (word === "of" || (word === "for" && before !== undefined && /^(?:word|name|term|symbol|requirements?|reason)$/.test(before.word))) {
      if (!head) break;
      head = false;
      index++;
      continue;
    }
    if (PRONOUNS.has(word) && !capitalName(at)) {
      if (head) {
        // A reduced relative clause: `the money he earned`.
        const verb = rest[index + 1];
        if (verb === undefined || !canBeFinite(verb.word)) break;
        index += 2;
        continue;
      }
      head = true;
      index++;
      continue;
    }
    if (PREPOSITIONS.has(word)) break;
    if (DETERMINERS.has(word)) {
      if (head) break;
      const next = rest[index + 1];
      if (PRONOMINAL.has(word) && (next === undefined || isPredicateStart(next) || PREPOSITIONS.has(next.word))) head = true;
      index++;
      continue;
    }
    if (word === "who" || word === "that" || word === "which") {
      if (!head) break;
      index = relativeEnd(rest, index);
      continue;
    }
    if (isAdverb(word) && head) break;
    if (word === "not" || word === "able") break;
    if (head && (word === "part" || word === "one") && rest[index + 1]?.word === "of") break;
    if (capital(at) || word.startsWith("#")) {
      if (head && before !== undefined && (before.word.startsWith("#") || word.startsWith("#")) && !possessive(before)) break;
      head = true;
      index++;
      continue;
    }
    if (head && before !== undefined) {
      if (NUMBER_WORDS.has(word) && !possessive(before)) break;
      if (possessive(before)) {
        index++;
        continue;
      }
      if (isAdjective(word) || isParticiple(word) || isGerund(word)) break;
      // A plural, a pronoun or a name is the end of a noun phrase; a word in lower case after it is no part of it.
      if (before.word.startsWith("#") || (looksPlural(before.word) && !capital(before) && !DETERMINERS.has(before.word))) break;
      index++;
      continue;
    }
    if ((isAdjective(word) || isParticiple(word) || isGerund(word)) && index + 1 < rest.length && nounCanFollow(rest[index + 1])) {
      index++;
      continue;
    }
    if (isNumber(word) && nounCanFollow(rest[index + 1])) {
      index++;
      continue;
    }
    head = true;
    index++;
  }
  const last = rest[index - 1];
  return index > from && last !== undefined && (joins(last.word) || last.word === "of") ? index - 1 : index;
}

/** A relative clause goes to the end of what its verb takes: `that Tom bought`, `who sold the car`. */
function relativeEnd(rest: readonly Token[], from: number): number {
  let index = from + 1;
  while (index < rest.length && !canBeFinite(rest[index]?.word ?? "")) index++;
  if (index >= rest.length) return rest.length;
  while (index + 1 < rest.length && canBeFinite(rest[index + 1]?.word ?? "")) index++;
  const next = rest[index + 1];
  if (next !== undefined && (DETERMINERS.has(next.word) || isNumber(next.word))) return nounPhraseEnd(rest, index + 1);
  return phrasesEnd(rest, index + 1);
}

/** Whether a predicate can begin with this word. */
export function isPredicateStart(at: Token): boolean {
  const { word } = at;
  if (capital(at)) return false;
  return isAdjective(word) || isParticiple(word) || isGerund(word) || (isAdverb(word) && word !== "alone") || word === "not" || word === "than" || word === "a" || word === "an" || word === "the";
}

/** Whether a verb can stand here: not behind a determiner, an adjective, a preposition, a possessive or a joining word. */
function verbPlace(rest: readonly Token[], index: number): boolean {
  const at = rest[index];
  const before = rest[index - 1];
  if (at === undefined || before === undefined || capital(at)) return false;
  if (possessive(before) || joins(before.word) || POSSESSIVES.has(before.word) || PREPOSITIONS.has(before.word)) return false;
  if (DETERMINERS.has(before.word)) return PRONOMINAL.has(before.word) && isPlainVerb(at.word);
  if (isAdjective(before.word) && !capital(before)) return isPlainVerb(at.word) && index > 1;
  return !isNumber(before.word) || isPlainVerb(at.word) || before.raw.endsWith(")");
}

function insertAuxiliary(word: string, subject: readonly Token[], not: readonly Token[], after: readonly Token[]): Token[] {
  let cut = subject.length;
  while (cut > 1 && isAdverb(subject[cut - 1]?.word ?? "")) cut--;
  return [...subject.slice(0, cut), token(word), ...not, ...subject.slice(cut), ...after];
}

function startsCoordination(rest: readonly Token[], index: number): boolean {
  const at = rest[index];
  if (at === undefined) return false;
  if (joins(at.word)) return true;
  for (let next = index; next < Math.min(rest.length, index + 6); next++) {
    const word = rest[next]?.word ?? "";
    if (joins(word)) return true;
    if (canBeVerb(word) && isPlainVerb(word)) return false;
  }
  return false;
}

/** Only names so far: `Allan and Jake`, `Ms. Smith`. */
function isName(subject: readonly Token[]): boolean {
  return subject.every((at, index) => capital(at) || at.word.startsWith("#") || joins(at.word) || (index > 0 && isAdverb(at.word))) && !possessive(subject.at(-1));
}

function couldBeUnknownVerb(word: string): boolean {
  return !looksPlural(word) && !isAdjective(word) && !isAdverb(word) && !PREPOSITIONS.has(word) && !joins(word) && !DETERMINERS.has(word) && !isGerund(word) && !isParticiple(word);
}

function nounCanFollow(at: Token | undefined): boolean {
  if (at === undefined) return false;
  const { word } = at;
  return !PREPOSITIONS.has(word) && !DETERMINERS.has(word) && !PRONOUNS.has(word) && !joins(word) && !isAdverb(word);
}

function skipAdverbs(rest: readonly Token[], from: number): number {
  let index = from;
  while (index < rest.length && (isAdverb(rest[index]?.word ?? "") || /^(?:all|both|each|not|two|three)$/.test(rest[index]?.word ?? ""))) index++;
  return index;
}

function splitNegative(word: string): { word: string; negative: boolean } {
  const plain = word.replace(/n['’]t$/, "");
  if (plain === word) return { word, negative: false };
  return { word: plain === "wo" ? "will" : plain === "ca" ? "can" : plain, negative: true };
}

const token = (word: string): Token => ({ raw: word, word });
const joins = (word: string): boolean => word === "and" || word === "or" || word === "&";
export const capital = (at: Token): boolean => /^["'“(]?[A-Z]/.test(at.raw);
const capitalName = (at: Token): boolean => capital(at) && at.word !== "i";
export const isNumber = (word: string): boolean => /^[$€£]?\d/.test(word) || NUMBER_WORDS.has(word);
const possessive = (at: Token | undefined): boolean => at !== undefined && (/['’]s$/.test(at.word) || /s['’]$/.test(at.word) || POSSESSIVES.has(at.word));
const endsClause = (at: Token | undefined): boolean => at !== undefined && /[,;:)]$/.test(at.raw);

/** The letter of `team A` and the number of `Elizabeth I`, which are neither article nor pronoun. */
function nameLetter(raw: string, before: Token | undefined): boolean {
  return before !== undefined && (/^A[?.,]*$/.test(raw) || (/^I[?.,]*$/.test(raw) && capital(before) && before.word.length > 3)) && !/[.?!,]$/.test(before.raw);
}

/** Strips quotes, brackets and final marks, but not an apostrophe of possession. */
function bare(raw: string): string {
  return raw
    .toLowerCase()
    .replace(/^["“”'‘(\[]+/, "")
    .replace(/[.,;:!?"“”)\]]{1,8}$/, "");
}

import { DETERMINERS, PREPOSITIONS, PRONOUNS, canBeFinite, isAdverb, isGerund, looksPlural } from "../shared/english.ts";

/** Capitalised words that name no one. */
const NOT_A_NAME: ReadonlySet<string> = new Set(
  `i how what if when while after before since because then so there each every if monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
   october november december christmas halloween easter thanksgiving american english spanish french german chinese japanese mr mrs ms dr miss aunt uncle grandma grandpa today yesterday tomorrow math science
   history during it his her their she he they one two three four five six seven eight nine ten half on in at for from to with by as although though first second third last next once out of over
   under another all some both many most given assume calculate find let and but or not also only even additionally altogether together initially currently originally finally later earlier`.split(/\s+/),
);
const WORD = /[\p{L}][\p{L}\p{M}’']*/gu;
const MAX_TASK = 5_000;

/** What a task tells of its people: who is meant by `he` or `she` where only one person can be, and which words keep their capital. */
export interface People {
  /** The only person of the task, or null. */
  only: string | null;
  isName(word: string): boolean;
}

/** Finds the names of a task: words with a capital inside a sentence, or at its start before a verb. */
export function findPeople(task: string): People {
  const capital = new Set<string>();
  const persons = new Set<string>();
  const text = task.slice(0, MAX_TASK);
  const lower = new Set(text.match(/(?<![\p{L}])\p{Ll}[\p{L}’']*/gu) ?? []);
  for (const found of text.matchAll(WORD)) {
    const word = found[0].replace(/[’']s$|[’']$/u, "");
    if (!/^\p{Lu}\p{Ll}+$/u.test(word)) continue;
    const key = word.toLowerCase();
    if (NOT_A_NAME.has(key)) continue;
    const before = text.slice(Math.max(0, found.index - 3), found.index);
    const initial = found.index === 0 || /[.!?:]["”’']?\s*["“]?$/.test(before) || before.endsWith("\n");
    const after = /^\s+([\p{L}’']+)/u.exec(text.slice(found.index + found[0].length, found.index + found[0].length + 30))?.[1] ?? "";
    const possessive = /[’']s$/u.test(found[0]);
    if (initial && (lower.has(key) || PREPOSITIONS.has(key) || DETERMINERS.has(key) || PRONOUNS.has(key) || isAdverb(key))) continue;
    const follows = after.toLowerCase();
    const verb = canBeFinite(follows) || isAdverb(follows) || follows === "and";
    // `Ships have …` begins with a plural, `Jonas has …` with a name.
    if (initial && !possessive && (!verb || isGerund(key) || (looksPlural(key) && !/(?:s|ed)$/.test(follows)))) continue;
    capital.add(word);
    if (!/[’']$/u.test(found[0]) && (possessive || verb)) persons.add(word);
  }
  const [only = null] = persons.size === 1 && capital.size === 1 ? persons : [];
  return { only, isName: (word) => capital.has(word.replace(/[’']s?$/u, "")) };
}

/** Puts the name for the first `he` or `she` of a sentence about the only person of its task, or for a leading `his` or `her`. */
export function withName(sentence: string, people: People): string {
  const name = people.only;
  if (name === null || sentence.split(/[^\p{L}]+/u).includes(name)) return sentence;
  // Another person's pronoun: `his mother … she`.
  if (/\b(?:mother|father|mom|dad|sister|brother|wife|husband|son|daughter|friend|aunt|uncle|cousin|grandmother|grandfather|boss|neighbou?r|teacher)\b/i.test(sentence)) return sentence;
  const subject = sentence.replace(/\b(?:he|she)\b/, name);
  if (subject !== sentence) return subject;
  return sentence.replace(/^(Find (?:(?:the|what|how) [\p{L} ]{1,40} of )?)(?:his|her)\b(?= \p{L})/u, (_, head: string) => `${head}${name}'s`);
}

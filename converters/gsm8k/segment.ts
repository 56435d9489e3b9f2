import { AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, canBeFinite, canBeVerb, isAdverb, isGerund, isPlainVerb } from "../shared/english.ts";

/** The clause before the hole: what follows the last boundary and still has a subject of its own; and where that is nothing, what stands before it. */
export function mainClause(left: string): { clause: string; before: string } {
  const parts = left.split(/(?<=,)\s+|(?<=[;:])\s+(?=\S)|\s+(?=(?:so|therefore|thus|hence|then|which means|meaning|that means|because|this means|means|there (?:is|are|was|were|will|would|remains?))\s)/);
  for (let from = parts.length - 1; from > 0; from -= 1) {
    const clause = stripLead(parts.slice(from).join(" "));
    const before = parts.slice(0, from).join(" ");
    if (/^(?:or|for|giving|making|totaling|(?:that|this|which) (?:is|was|are|were|would be|will be|comes to|came to|equals|makes|means|gives|totals)(?: (?:equal to|equivalent to|a total of|only|the same as))?|(?:or |for )?a total of)?$/i.test(clause.trim())) {
      return { clause: /^(?:that|this) /i.test(clause.trim()) ? clause : "", before };
    }
    if (/^(?:because|since|if|when|as|or|for|with|that|to|which|who|is|are|was|were|will|would|can|could|has|have|had)\b/i.test(clause) && !/^that (?:is|was|leaves|makes)\b/i.test(clause)) continue;
    // `Bob, Fred and Mark will eat`
    const listed = parts[from - 1] ?? "";
    if (/^[\p{L}’' ]{2,30},$/u.test(listed.trim()) && !stripLead(listed).includes(" ") && stripLead(listed) !== "" && /^[\p{L}’', ]{2,40}\band\b/u.test(parts[from] ?? "")) continue;
    if (hasSubjectAndVerb(clause) || /^(?:leaving|there|together|a total of)\b/i.test(clause)) {
      const fronted = stripLead(parts[from - 1] ?? "").replace(/,$/, "");
      return { clause: isAdverbial(fronted) ? `${fronted}, ${clause}` : clause, before };
    }
  }
  const which = /^(.*?),? which (?:is|was|are|were|came to|comes to|equals|totals)(?: (?:equal to|equivalent to|a total of|only|the same as))?$/i.exec(left.trim());
  return which === null ? { clause: left, before: "" } : { clause: "", before: which[1] ?? "" };
}

/** What follows the hole up to where a further thought begins. */
export function ending(right: string): string {
  const cut = right.split(/[.;!?](?=\s|$)|,? (?:because|since (?:he|she|they|it|there|we|you|the|his|her|each|a|an|one|\d|\p{Lu})|so|which|whereas|while|therefore|but|meaning|leaving|giving|making)\b|, (?:and|then|with|or|as|if|when|where|who|he|she|they|it)\b|\s[(–—-]|[=:]|, /u)[0] ?? "";
  return cut.replace(/[\s,)]+$/, "").trim();
}

export function stripLead(text: string): string {
  let rest = text.trim();
  for (let turn = 0; turn < 4; turn += 1) {
    const next = rest.replace(LEAD, "");
    if (next === rest) break;
    rest = next;
  }
  return rest;
}

/** A leading `On the second day`, `After the sale`, that may stand at the end as well. */
export function isAdverbial(phrase: string): boolean {
  const words = phrase.split(/\s+/);
  const first = (words[0] ?? "").toLowerCase();
  if (words.length > 7) return false;
  if (/^(?:the|this|that|each|every|last)$/.test(first)) return words.length < 4 && TIMES.test(words.at(-1) ?? "");
  if (/^(?:if|since|because|as|when|while|with|given|like|by|to)$/.test(first)) return false;
  return PREPOSITIONS.has(first) && !words.slice(1).some((word) => AUXILIARIES.has(word.toLowerCase()) || isGerund(word.toLowerCase()));
}

export function hasVerb(text: string): boolean {
  return text.split(/\s+/).some((word, at) => (at > 0 || /^(?:is|are|was|were|will|can|could|has|have|had|go|went|left|remain)$/i.test(word) || isPast(word)) && finite(word));
}

/** A word that is a verb and hardly a noun. */
export function strongVerb(word: string): boolean {
  const lower = word.toLowerCase();
  if (AUXILIARIES.has(lower)) return true;
  if (/^(?:cost|costs|work|works|pay|total|rest|left|change|charge|need|needs)$/.test(lower)) return false;
  if (canBeFinite(lower) && !canBeVerb(lower) && !lower.endsWith("s")) return true;
  return isPlainVerb(lower) || (lower.endsWith("s") && isPlainVerb(lower.slice(0, -1)));
}

export function finite(word: string): boolean {
  return canBeFinite(word.toLowerCase().replace(/[,.;:]$/, ""));
}

export function hasSubjectAndVerb(clause: string): boolean {
  const words = clause.trim().split(/\s+/);
  const first = (words[0] ?? "").toLowerCase();
  if (words.length < 2) return false;
  if (PREPOSITIONS.has(first) && !PRONOUNS.has(first)) return false;
  if (/^(?:and|or)$/.test(first)) return false;
  return words.slice(1).some((word) => finite(word));
}

export function lowerFirst(text: string): string {
  const word = (/^\p{L}+/u.exec(text)?.[0] ?? "").toLowerCase();
  const common = PREPOSITIONS.has(word) || DETERMINERS.has(word) || PRONOUNS.has(word) || AUXILIARIES.has(word) || isAdverb(word);
  return common && word !== "i" ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function isPast(word: string): boolean {
  return canBeFinite(word.toLowerCase()) && !word.endsWith("s");
}

/** Words at a clause's start that only lead over from the step before. */
const LEAD =
  /^(?:so(?! far)|then|therefore|thus|hence|and|but|now|next|finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|also|consequently|accordingly|this means(?: that)?|that means(?: that)?|which means(?: that)?|it means(?: that)?|meaning(?: that)?|as a result|after that|that is|in other words|we know(?: that)?|we can see(?: that)?|we see(?: that)?|we find(?: that)?|this gives us|similarly|likewise|furthermore|moreover|additionally|in addition|overall|again|later|afterwards?|eventually|in conclusion|to start|to begin with|in the end|at first|in turn|however|since then|from this|of course|actually|i\.e\.|to do this|at this point|which is|here|yet|instead|still|ultimately|initially|originally|while|to get|means(?: that)?|(?:we|you) (?:determine|find|know|see|can tell|get)(?: that)?|currently|right now)\b[,:]?(?:\s+|$)/i;

const TIMES = /^(?:day|morning|afternoon|evening|night|week|month|year|hour|weekend|summer|winter)$/;

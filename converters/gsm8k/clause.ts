import { AUXILIARIES, PREPOSITIONS, PRONOUNS, canBeFinite, isGerund } from "../shared/english.ts";
import { quantityPhrase, splitUnit } from "./quantity.ts";

/** Stands for the calculation in a step's sentence. */
export const HOLE = "\uE000";

/** A number that a clause states and a subgoal asks for. */
export interface Asked {
  money: boolean;
  percent: boolean;
  one: boolean;
}

/** A sentence for a subgoal without capital and dot, and whether a better one may stand elsewhere. */
export interface Draft {
  text: string;
  poor: boolean;
}

const good = (text: string): Draft => ({ text, poor: false });
const poor = (text: string): Draft => ({ text, poor: true });

/** Words at a clause's start that only lead over from the step before. */
const LEAD =
  /^(?:so|then|therefore|thus|hence|and|but|now|next|finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|also|consequently|accordingly|this means(?: that)?|that means(?: that)?|which means(?: that)?|it means(?: that)?|meaning(?: that)?|as a result|after that|that is|in other words|we know(?: that)?|we can see(?: that)?|we see(?: that)?|we find(?: that)?|this gives us|similarly|likewise|furthermore|moreover|additionally|in addition|overall|again|later|afterwards?|eventually|in conclusion|to start|to begin with|in the end|at first|in turn|however|since then|from this|of course|actually|i\.e\.|to do this|at this point|which is|here|yet|instead|still|ultimately|initially|originally)\b[,:]?\s+/i;
const FRONTED_TOTAL = /^(?:in total|in all|altogether|all in all|together|combined|all together)[,:]?\s+/i;

/** The instruction for a clause with a hole, or null where the clause is none that can be turned. */
export function askClause(sentence: string, asked: Asked): Draft | null {
  const at = sentence.indexOf(HOLE);
  if (at === -1) return null;
  const left = mainClause(sentence.slice(0, at));
  const right = ending(sentence.slice(at + 1));
  return askFind(left, right) ?? askAround(left, right, asked);
}

/** "Then divide the total by two to find the number of bags: □" → the instruction it holds. */
function askFind(left: string, right: string): Draft | null {
  const whole = stripLead(left).trim();
  const found = /^(?:.{0,300}\b)?(?:find(?: out)?|calculate|determine|figure out|work out|compute)\s+(.{4,})$/i.exec(whole)?.[1];
  const colon = /[:,=]$/.test(whole) || /[:=]\s*$/.test(left);
  if (found !== undefined && (colon || right === "" || /^[a-z ]{0,40}$/i.test(right))) {
    const object = found.replace(/[:,=\s]+$/, "").replace(/,? (?:we|you) (?:need to|must|should|have to|can|will|would|then)?\s*(?:do|multiply|divide|add|subtract|calculate|get|take|use).*$/i, "").replace(/ (?:which is|that is|is|are|by doing|doing|like this|so)$/i, "");
    if (/^(?:the|how|what|out|his|her|their|its|each|\p{Lu})/u.test(object)) return good(`find ${object.replace(/^out /, "")}`);
  }
  const order = /^(?:(?:we|you) (?:then |can |must |need to |should |will )*)?((?:multiply|divide|add|subtract|combine|sum|double|triple|take|round|convert)\b.{8,})$/i.exec(whole)?.[1];
  if (order === undefined) return null;
  const object = order.replace(/[:,=\s]+$/, "").replace(/(?:,? (?:which|to|and|so|we|you|for)(?: (?:is|get|gets|equals|give|gives|you|us|have|a total of))*)$/i, "");
  return colon || object !== order ? good(object.charAt(0).toLowerCase() + object.slice(1)) : null;
}

function askAround(left: string, right: string, asked: Asked): Draft | null {
  let pre = stripLead(left).trim();
  let tail = "";
  const total = FRONTED_TOTAL.exec(pre);
  if (total !== null) {
    pre = pre.slice(total[0].length);
    tail = /^(?:together|combined)/i.test(total[0]) ? "" : total[0].replace(/[,:]?\s+$/, "").toLowerCase();
    if (tail === "" ) pre = `together ${pre}`;
  }
  const fronted = /^((?:\p{L}+)[^,]{1,60}),\s+(?=\S)/u.exec(pre);
  if (fronted !== null && isAdverbial(fronted[1] ?? "")) {
    pre = pre.slice(fronted[0].length);
    tail = `${tail} ${lowerFirst(fronted[1] ?? "")}`.trim();
    pre = stripLead(pre);
  } else if (fronted !== null && /^(?:if|since|because|when|after|before|as|while|although|though|once|given|with|\p{L}+ing)\b/iu.test(pre)) {
    pre = stripLead(pre.slice(fronted[0].length));
  }
  pre = pre.replace(/[,:]$/, "").trim();
  const { unit, rest } = splitUnit(right.split(/\s+/).filter((word) => word !== ""));
  const after = joined(rest.join(" "), tail);
  if (pre === "" || pre === "together") return askFirst(unit, joined(after, pre), asked);
  return askTotal(pre, unit, after, asked) ?? askBe(pre, unit, after, asked) ?? askGerund(pre) ?? askLabel(pre, unit, asked) ?? askVerb(pre, unit, after, asked);
}

/** `□ children are boys`, `□ pages left`. */
function askFirst(unit: readonly string[], after: string, asked: Asked): Draft | null {
  const quantity = quantityPhrase(unit, { ...asked, verb: after }) ?? (after.startsWith("of ") && !asked.money ? "how many" : null);
  if (quantity === null) return null;
  if (hasVerb(after) && !/^(?:that|who|which|because|since|so|and)\b/.test(after)) return good(`find ${quantity} ${after}`);
  if (asked.money || asked.percent) return null;
  if (/^left\b/.test(after)) return good(`find ${quantity} are ${after}`);
  return poor(`find the number of ${quantity.replace(/^how many /, "")} ${after}`.trim());
}

/** `She needs 8 roses and 6 lilies for a total of □ flowers`, `leaving □ pages`. */
function askTotal(pre: string, unit: readonly string[], after: string, asked: Asked): Draft | null {
  const leaving = /\b(?:leaving|which leaves|leaves|left)(?: (?:him|her|them|it|us|\p{Lu}\p{L}+))?(?: with)?(?: (?:only|a total of|just))*$/u.exec(pre);
  if (leaving !== null) {
    const quantity = quantityPhrase(unit, { ...asked, verb: "left" });
    return quantity === null ? null : good(`find ${quantity} ${asked.money || asked.percent ? "is" : "are"} left ${after.replace(/^(?:left|remaining)\b/, "")}`.trim());
  }
  const total = /^(.*?)(?:,? (?:for|giving|making|bringing|to make|equaling|with|that makes|which makes|to give|which gives|or)(?: (?:him|her|them|it|us|you))?(?: (?:to|up to))?)? (?:a|an|the) (?:(?:grand |combined |overall )?total|sum)(?: (?:number|cost|amount|price|distance|time))?(?: of)?(?: about)?$/i.exec(pre);
  if (total === null) return null;
  const clause = stripLead(total[1] ?? "").trim();
  const tied = /\b(?:for|giving|making|bringing|to make|equaling|with|makes|to give|gives|or)(?: \p{L}+)?(?: (?:to|up to))? (?:a|an|the) /iu.test(pre.slice((total[1] ?? "").length));
  const noun = /total (number|cost|amount|price|distance|time)(?: of)?$/i.exec(pre)?.[1];
  const name = asked.money ? (noun ?? (tied ? "" : "amount")) : asked.percent ? "percentage" : unit.length > 0 ? `number of ${unit.join(" ")}` : "";
  const what = `the total ${name}`.trim();
  if (!tied && hasVerb(clause) && !/\d/.test(clause) && !/\b(?:is|are|was|were|be|in|of|to|at|for|has|have)$/.test(clause)) return good(`find ${what} ${lowerFirst(clause)} ${after}`);
  if (/^(?:there|it|that|this)\b.{0,12}\b(?:is|are|was|were)$/i.test(clause)) return good(`find ${what} ${after}`);
  if (!tied && /\b(?:has|have|had|got|gets|needs?)$/.test(clause) && !/\d/.test(clause)) return good(`find ${what} ${lowerFirst(clause)} ${after}`);
  return { text: `find ${what} ${after}`, poor: name === "" };
}

const BE_END =
  /^(.*?)\s(is|are|was|were|will be|would be|should be|must be|has to be|became|becomes|equals|equal|comes to|come to|comes out to|came to|amounts to|amount to|amounted to|totals|totaled|adds up to|add up to|sums up to|will cost|makes|=)(?: (?:a total of|equal to|equivalent to|only|now|then|about|just|approximately|also|still|therefore|thus|currently|a|an|up to|at|worth))*$/i;
const MEASURE =
  /\b(?:number|amount|cost|costs|total|price|age|ages|time|distance|weight|sum|average|difference|area|length|rate|speed|profit|percentage|rest|share|half|third|quarter|height|width|volume|income|salary|pay|bill|fee|tax|tip|discount|perimeter|budget|earnings|savings|expenses|balance|score|value|money|remainder|ratio|population|capacity|commission|interest|wage|allowance|payment|fraction|portion|revenue|sales|product|loss|size|mean|circumference|temperature|spending|deposit|refund|increase|decrease|change|raise|bonus|quantity|charge|charges)\b/i;

/** `The total cost is $□`, `There are □ pages left`, `Her dog is □ years old`. */
function askBe(pre: string, unit: readonly string[], after: string, asked: Asked): Draft | null {
  const there = /^(?:and )?there(?:'s|’s| (is|are|was|were|will be|would be|remain|remains|remained|must be|should be|must have been|have been|had been))(?: (?:only|still|now|a total of|about|just|also|then|therefore|thus|currently|exactly))*$/i.exec(pre);
  if (there !== null) {
    const quantity = quantityPhrase(unit, { ...asked, verb: "be" });
    if (quantity === null) return null;
    const verb = (there[1] ?? "are").toLowerCase();
    if (/^(?:left|remaining|available|that|who|which)\b/.test(after) && !/^(?:that|who|which)\b/.test(after)) return good(`find ${quantity} ${verb.startsWith("remain") ? "are" : verb} ${after}`);
    if (/^(?:that|who|which) (?:are|were|is|was|will|have|had|did|do|would|can|could)\b/.test(after)) return good(`find ${quantity} ${after.replace(/^\w+ /, "")}`);
    if (verb.startsWith("remain")) return good(`find ${quantity} ${verb} ${after}`);
    return good(`find ${quantity} there ${asked.money && verb === "are" ? "is" : verb} ${after}`);
  }
  const be = BE_END.exec(pre);
  if (be === null) return null;
  const subject = lowerFirst((be[1] ?? "").trim());
  const verb = (be[2] ?? "").toLowerCase();
  if (subject === "" || subject.length > 140) return null;
  if (/^(?:this|that|which|it|these|those)$/i.test(subject)) return askThat(subject, verb, unit, after, asked);
  if (/\bold\b/.test(after) && /^years?$/.test(unit.join(" "))) return good(`find how ${after.replace(/^old/, "old").replace(/^old\b/, `old ${subject} ${verb}`)}`);
  const comparing = /^(?:more|less|fewer|older|younger|times|taller|shorter|longer)\b/.test([...unit, after].join(" "));
  const clausal = hasVerb(subject.replace(/\b(?:that|who|which|\p{L}+ed|will|can|could)\b.*$/u, ""));
  const definite = /^(?:the|his|her|their|its|our|each|every|\p{Lu}[\p{L}.]*[’']s?\b|\p{Lu}\p{L}+ and \p{Lu}\p{L}+[’']s?)/u.test(subject);
  if (MEASURE.test(subject) && definite && !comparing && !/^(?:of|more|less|fewer)\b/.test(after)) {
    const kept = /^(?:for|in|per|after|before|on|from|at|with|during|each|a|an|every|altogether|by|over)\b/.test(after) ? after : /\b(?:in total|in all)$/.test(after) ? after.slice(-8).trim() : "";
    return good(`find ${subject} ${kept}`.trim());
  }
  if (verb === "=" || clausal) return null;
  const quantity = quantityPhrase(unit, { ...asked, verb });
  if (quantity === null) return definite && unit.length === 0 ? poor(`find ${subject}`) : null;
  return good(`find ${quantity} ${subject} ${verb} ${after}`.trim());
}

/** `That is □ clips a week`: what is meant is told by what is counted alone. */
function askThat(subject: string, verb: string, unit: readonly string[], after: string, asked: Asked): Draft | null {
  const quantity = quantityPhrase(unit, { ...asked, verb });
  if (quantity === null) return null;
  if (subject.toLowerCase() === "it" && verb !== "=") return good(`find ${quantity} it ${verb} ${after}`);
  if (quantity.startsWith("how many ")) return { text: `find the number of ${quantity.slice("how many ".length)} ${after}`, poor: after === "" && unit.length < 2 };
  return poor(`find ${quantity} that ${/come|amount|total|add|sum/.test(verb) ? verb : "comes to"} ${after}`);
}

const GERUNDS: ReadonlyMap<string, string> = new Map([
  ["adding", "add"],
  ["subtracting", "subtract"],
  ["multiplying", "multiply"],
  ["dividing", "divide"],
  ["combining", "combine"],
  ["taking", "take"],
  ["summing", "sum"],
  ["doubling", "double"],
  ["converting", "convert"],
]);

/** `Adding the two amounts gives □`. */
function askGerund(pre: string): Draft | null {
  const found = /^(\p{L}+ing) (.{4,}?),?(?: (?:gives|results in|yields|makes|equals|is|means|leads to|leaves|we get|you get|we have|you have)(?: (?:us|you|him|her|them|a|total|of|that|there|are|is|in))*)$/u.exec(pre);
  const base = GERUNDS.get((found?.[1] ?? "").toLowerCase());
  return base === undefined ? null : good(`${base} ${found?.[2] ?? ""}`);
}

/** `Total cost: □`, `Orange pages = □`. */
function askLabel(pre: string, unit: readonly string[], asked: Asked): Draft | null {
  const label = /^([^:=]{3,90}?)\s*[:=-]?$/.exec(pre)?.[1]?.trim() ?? "";
  if (label === "" || hasVerb(label) || PREPOSITIONS.has((label.split(" ").at(-1) ?? "").toLowerCase())) return null;
  if (/\b(?:is|are|was|were)\b/.test(label) || !/\p{L}{3}/u.test(label)) return null;
  if (/^(?:the|his|her|their|its|total|number|amount|cost|price|each)\b/i.test(label)) return good(`find ${/^(?:the|his|her|their|its|each)\b/i.test(label) ? lowerFirst(label) : `the ${lowerFirst(label)}`}`);
  if (MEASURE.test(label)) return good(`find the ${lowerFirst(label)}`);
  if (/^(?:we|this|that|he|she|they|it|you|to)$/i.test(label)) return null;
  if (asked.money) return good(`find the amount for ${lowerFirst(label)}`);
  return poor(unit.length > 0 ? `find the number of ${unit.join(" ")} for ${lowerFirst(label)}` : `find the number for ${lowerFirst(label)}`);
}

/** `Natalia sold □ clips in May`, `Lola climbs the stairs in □ seconds`. */
function askVerb(pre: string, unit: readonly string[], after: string, asked: Asked): Draft | null {
  const clause = lowerFirst(pre).replace(/\s+(?:only|a total of|about|approximately|around|roughly|exactly|another|an additional|an extra|at least|up to|of|the|a|an|just)$/i, "");
  if (!hasVerb(clause)) return null;
  const quantity = quantityPhrase(unit, { ...asked, verb: clause.split(" ").slice(-3).join(" ") });
  if (quantity === null) return null;
  const preposition = /^(.*) (in|for|at|within|to|with|on|from|by)$/.exec(clause);
  if (preposition !== null) {
    const [, head = "", word = ""] = preposition;
    if (/^(?:to|by|from|on|with)$/.test(word)) return good(`find ${quantity} ${clause} ${after}`);
    return good(`find ${word} ${quantity} ${head} ${after}`);
  }
  return good(`find ${quantity} ${clause} ${after}`);
}

/** The clause before the hole: what follows the last boundary and still has a subject of its own. */
function mainClause(left: string): string {
  const parts = left.split(/(?<=,)\s+|(?<=[;:])\s+(?=\S)|\s+(?=(?:so|therefore|thus|hence|then|which means|meaning|that means|because|this means)\s)/);
  for (let from = parts.length - 1; from > 0; from -= 1) {
    const clause = stripLead(parts.slice(from).join(" "));
    if (/^(?:because|since|if|when|as|or|for|with|that|to|which|who)\b/i.test(clause)) continue;
    if (clause.trim() === "" && !/(?:so|then|therefore|thus)[,:]?\s*$/i.test(left)) continue;
    if (hasSubjectAndVerb(clause) || /^(?:leaving|there|together|a total of)\b/i.test(clause)) return clause;
  }
  return left;
}

/** What follows the hole up to where a further thought begins. */
function ending(right: string): string {
  const cut = right.split(/[.;!?](?=\s|$)|,? (?:because|since|so|which|whereas|while|therefore|but|meaning|leaving|giving|making)\b|, (?:and|then|with|or|as|if|when|where|who|he|she|they|it)\b|\s[(–—-]|[=:]|, /)[0] ?? "";
  return cut.replace(/[\s,)]+$/, "").trim();
}

function stripLead(text: string): string {
  let rest = text.trim();
  for (let turn = 0; turn < 4; turn += 1) {
    const next = rest.replace(LEAD, "");
    if (next === rest) break;
    rest = next;
  }
  return rest;
}

/** A leading `On the second day`, `After the sale`, that may stand at the end as well. */
function isAdverbial(phrase: string): boolean {
  const words = phrase.split(/\s+/);
  const first = (words[0] ?? "").toLowerCase();
  if (/\d/.test(phrase) || words.length > 7) return false;
  if (/^(?:if|since|because|as|when|while|with|given|like|by|to)$/.test(first)) return false;
  return PREPOSITIONS.has(first) && !words.slice(1).some((word) => AUXILIARIES.has(word.toLowerCase()) || isGerund(word.toLowerCase()));
}

function hasVerb(text: string): boolean {
  return text.split(/\s+/).some((word, at) => (at > 0 || /^(?:is|are|was|were|will|can|could|has|have|had|go|went|left|remain)$/i.test(word) || isPast(word)) && finite(word));
}

function isPast(word: string): boolean {
  return canBeFinite(word.toLowerCase()) && !/s$/.test(word);
}

function finite(word: string): boolean {
  return canBeFinite(word.toLowerCase().replace(/[,.;:]$/, ""));
}

function hasSubjectAndVerb(clause: string): boolean {
  const words = clause.trim().split(/\s+/);
  const first = (words[0] ?? "").toLowerCase();
  if (words.length < 2) return false;
  if (PREPOSITIONS.has(first) && !PRONOUNS.has(first)) return false;
  if (/^(?:and|or)$/.test(first)) return false;
  return words.slice(1).some((word) => finite(word));
}

function lowerFirst(text: string): string {
  return /^(?:I\b|\p{Lu}\p{Lu})/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

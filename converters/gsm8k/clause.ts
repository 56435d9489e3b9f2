import { AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, canBeFinite, canBeVerb, isAdverb, isGerund, isPlainVerb, looksPlural } from "../shared/english.ts";
import { quantityPhrase, splitUnit } from "./quantity.ts";

/** Stands for the calculation in a step's sentence. */
export const HOLE = "\uE000";

/** A number that a clause states and a subgoal asks for. */
export interface Asked {
  money: boolean;
  percent: boolean;
  one: boolean;
  /** The task is about ages: `Jared is □` asks for one. */
  ages: boolean;
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
  /^(?:so(?! far)|then|therefore|thus|hence|and|but|now|next|finally|lastly|first(?:ly)?|second(?:ly)?|third(?:ly)?|also|consequently|accordingly|this means(?: that)?|that means(?: that)?|which means(?: that)?|it means(?: that)?|meaning(?: that)?|as a result|after that|that is|in other words|we know(?: that)?|we can see(?: that)?|we see(?: that)?|we find(?: that)?|this gives us|similarly|likewise|furthermore|moreover|additionally|in addition|overall|again|later|afterwards?|eventually|in conclusion|to start|to begin with|in the end|at first|in turn|however|since then|from this|of course|actually|i\.e\.|to do this|at this point|which is|here|yet|instead|still|ultimately|initially|originally|while|to get)\b[,:]?(?:\s+|$)/i;
const FRONTED_TOTAL = /^(?:in total|in all|altogether|all in all|together|combined|all together)[,:]?\s+/i;

/** The instruction for a clause with a hole, or null where the clause is none that can be turned. */
export function askClause(contracted: string, asked: Asked): Draft | null {
  const sentence = contracted.replace(CONTRACTION, "$1 is");
  const at = sentence.indexOf(HOLE);
  if (at === -1) return null;
  const { clause, before } = mainClause(sentence.slice(0, at).replace(ASIDE, " "));
  const right = ending(sentence.slice(at + 1));
  const draft = askFind(sentence.slice(0, at), right) ?? askAround(clause, right, asked);
  if (draft !== null && !draft.poor) return draft;
  return askBefore(before, right, asked) ?? draft;
}

/** `The total cost, including the tip, is`. */
const ASIDE = /, (?:including|excluding|before|after|with|without|in total|however|therefore|then|on average)\b[^,]{0,60}, (?=(?:is|are|was|were|will|can|has|have|had)\b)/gi;
const CONTRACTION = /\b(that|it|there|he|she|this|which)(?:'s|’s)\b/gi;

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
  const object = order.replace(/ (?:because|since) .*$/i, "").replace(/[:,=\s]+$/, "").replace(/(?:,? (?:which|to|and|so|we|you|for)(?: (?:is|get|gets|equals|give|gives|you|us|have|a total of))*)$/i, "");
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
  const loose = /^((?:on|in|at|after|during|for|before)\s(?:(?:the|his|her|their|its|each|every|this|that|a|an)\s)?(?:[\p{Ll}\d-]+\s){1,3}?)(?=(?:he|she|they|it|there|we|you|the|his|her|their|\p{Lu}[\p{L}’']+)\s\S)/u.exec(pre);
  if (loose !== null && hasSubjectAndVerb(pre.slice(loose[0].length))) {
    pre = pre.slice(loose[0].length);
    tail = `${tail} ${loose[0].trim()}`.trim();
  }
  pre = pre.replace(/,$/, "").replace(/ (?:therefore|thus|hence) /, " ").trim();
  const { unit, rest } = splitUnit(right.split(/\s+/).filter((word) => word !== ""));
  const after = joined(rest.join(" "), tail);
  if (pre === "" || pre === "together") return askFirst(unit, joined(after, pre), asked);
  if (/[:=]$/.test(pre)) {
    const told = /^((?:the|his|her|their) .{3,80}?) (?:is|are|was|were|will be) .*:$/i.exec(pre)?.[1];
    if (told !== undefined && MEASURE.test(told)) return good(`find ${lowerFirst(told)}`);
    return askBe(pre, unit, after, asked) ?? askLabel(pre, unit, asked);
  }
  return askTotal(pre, unit, after, asked) ?? askBe(pre, unit, after, asked) ?? askGerund(pre) ?? askLabel(pre, unit, asked) ?? askVerb(pre, unit, after, asked);
}

/** `□ children are boys`, `□ pages left`. */
function askFirst(unit: readonly string[], after: string, asked: Asked): Draft | null {
  if (unit.length === 0 && !asked.money && !asked.percent && after.split(" ").slice(0, 3).some((word) => strongVerb(word))) return good(`find how many ${after}`);
  const quantity = quantityPhrase(unit, { ...asked, verb: after }) ?? (/^(?:of|are|were)\b/.test(after) && !asked.money ? "how many" : null);
  if (quantity === null) return null;
  if ((hasVerb(after) || /^(?:are|were) /.test(after)) && !/^(?:that|who|which|because|since|so|and)\b/.test(after)) return good(`find ${quantity} ${after}`);
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
  const total = /^(.*?)(?:,? (?:for|giving|making|bringing|to make|equaling|with|that makes|which makes|to give|which gives|or)(?: (?:him|her|them|it|us|you))?(?: (?:to|up to))?)? (?:a|an|the) (?:(?:grand |combined |overall )?total|sum)(?: (?:number|cost|amount|price|distance|time))?(?: of)?(?: about)?$/i.exec(` ${pre}`);
  if (total === null) return null;
  const clause = stripLead(total[1] ?? "").trim();
  const tied = /\b(?:for|giving|making|bringing|to make|equaling|with|makes|to give|gives|or)(?: \p{L}+)?(?: (?:to|up to))? (?:a|an|the) /iu.test(` ${pre}`.slice((total[1] ?? "").length));
  const noun = /total (number|cost|amount|price|distance|time)(?: of)?$/i.exec(pre)?.[1];
  const name = asked.money ? (noun ?? (tied ? "" : "amount")) : asked.percent ? "percentage" : unit.length > 0 ? `number of ${unit.join(" ")}` : "";
  const what = `the total ${name}`.trim();
  if (!tied && hasVerb(clause) && !/\d/.test(clause) && !/\b(?:is|are|was|were|be|in|of|to|at|for|has|have)$/.test(clause)) return good(`find ${what} ${lowerFirst(clause)} ${after}`);
  if (/^(?:there|it|that|this)\b.{0,12}\b(?:is|are|was|were)$/i.test(clause)) return good(`find ${what} ${after}`);
  if (!tied && /\b(?:has|have|had|got|gets|needs?)$/.test(clause) && !/\d/.test(clause)) return good(`find ${what} ${lowerFirst(clause)} ${after}`);
  return { text: `find ${what} ${after}`, poor: name === "" || unit.length === 0 };
}

const BE_END =
  /^(.*?)\s(is going to be|are going to be|is|are|was|were|will be|would be|should be|must be|has to be|became|becomes|equals|equal|comes to|come to|comes out to|came to|amounts to|amount to|amounted to|totals|totaled|adds up to|add up to|sums up to|will cost|makes|=)(?: (?:a total of|equal to|equivalent to|only|now|then|about|just|approximately|also|still|therefore|thus|currently|a|an|up to|at|worth))*$/i;
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
    if (/^(?:that|who|which) \p{L}/u.test(after)) return good(`find ${quantity} ${after.replace(/^\w+ /, "")}`);
    if (verb.startsWith("remain")) return good(`find ${quantity} ${verb} ${after}`);
    return good(`find ${quantity} there ${asked.money && verb === "are" ? "is" : verb} ${after}`);
  }
  const be = BE_END.exec(pre);
  if (be === null) return null;
  const verb = (be[2] ?? "").toLowerCase();
  const subject = lowerFirst((be[1] ?? "").trim()).replace(/ (?:(?:is|was|are|were|be) )?\p{L}$/u, verb === "=" ? "" : "$&");
  if (subject === "" || subject.length > 140) return null;
  if (/^(?:this|that|which|it|these|those)$/i.test(subject)) return askThat(subject, verb, unit, after, asked);
  if (/^years? old$/.test(unit.join(" "))) return good(`find how old ${subject} ${verb} ${after}`.trim());
  const comparing = /^(?:more|less|fewer|older|younger|times|taller|shorter|longer)\b|\b(?:long|tall|high|wide|deep|apart|away)\b/.test([...unit, after].join(" "));
  const clausal = subject.replace(/\b(?:that|who|which|\p{L}+ed|will|can|could)\b.*$/u, "").split(" ").some((word) => strongVerb(word));
  const definite = /^(?:the|his|her|their|its|our|each|every|half|twice|double|both|one|\p{L}+ times|\p{Lu}[\p{L}.]*[’']s?\b|\p{Lu}\p{L}+ and \p{Lu}\p{L}+[’']s?)/u.test(subject);
  if (MEASURE.test(subject) && definite && !comparing && !/^(?:of|more|less|fewer)\b/.test(after)) {
    const kept = /^(?:for|in|per|after|before|on|from|at|with|during|each|a|an|every|altogether|by|over)\b/.test(after) ? after : /\b(?:in total|in all)$/.test(after) ? after.slice(-8).trim() : "";
    return good(`find ${subject} ${kept}`.trim());
  }
  if (verb === "=" || clausal) return null;
  const quantity = quantityPhrase(unit, { ...asked, verb });
  if (quantity === null && unit.length === 0 && !asked.money) {
    if (/^(?:he|she|\p{Lu}\p{Ll}+|(?:his|her|\p{L}+[’']s) \p{L}+)$/u.test(subject) && asked.ages && after === "") return good(`find how old ${subject} ${verb}`);
    if (!definite && looksPlural((/^\p{L}+(?: \p{L}+)?/u.exec(subject)?.[0] ?? "").split(" ").at(-1) ?? "")) return good(`find the number of ${subject} ${after}`);
  }
  if (quantity === null) return definite && unit.length === 0 && MEASURE.test(subject) ? poor(`find ${subject}`) : null;
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
  const colon = /[:=]$/.test(pre) && label.split(" ").length <= 3;
  if (label === "" || (!colon && hasVerb(label)) || PREPOSITIONS.has((label.split(" ").at(-1) ?? "").toLowerCase())) return null;
  if (label.split(" ").some((word, at) => at > 0 && strongVerb(word)) || !/\p{L}{3}/u.test(label)) return null;
  if (/^(?:the|his|her|their|its|total|number|amount|cost|price|each)\b/i.test(label)) return good(`find ${/^(?:the|his|her|their|its|each)\b/i.test(label) ? lowerFirst(label) : `the ${lowerFirst(label)}`}`);
  if (MEASURE.test(label)) return good(`find the ${lowerFirst(label)}`);
  if (/^(?:we|this|that|he|she|they|it|you|to)$/i.test(label)) return null;
  if (asked.money) return good(`find the amount for ${lowerFirst(label)}`);
  return poor(unit.length > 0 ? `find the number of ${unit.join(" ")} for ${lowerFirst(label)}` : `find the number for ${lowerFirst(label)}`);
}

/** `Natalia sold □ clips in May`, `Lola climbs the stairs in □ seconds`. */
function askVerb(pre: string, unit: readonly string[], after: string, asked: Asked): Draft | null {
  const clause = lowerFirst(pre).replace(/\s+(?:only|a total of|about|approximately|around|roughly|exactly|another|an additional|an extra|at least|up to|of|the|a|an|just|(?:an? |the )?(?:average |total )?(?:distance|weight|speed|length|height|amount|number|rate|score|profit|area|time) of)$/i, "");
  if (NO_SUBJECT.test(clause)) return null;
  if (!hasVerb(clause) || isGerund(/^\p{L}+/u.exec(clause)?.[0] ?? "")) return null;
  let quantity = quantityPhrase(unit, { ...asked, verb: clause.split(" ").slice(-3).join(" ") });
  if (quantity === null && /^of\b/.test(after) && unit.length === 0 && !asked.money) quantity = "how many";
  if (quantity === null) return asked.money || unit.length > 0 || /\b(?:is|are|was|were|be|to)$/.test(clause) ? null : poor(`find how ${SPENT.test(clause) ? "much" : "many"} ${clause} ${after}`);
  const of = unit.length === 0 ? /^of (?:\p{L}[\p{L}’'-]* ?){1,4}?(?= (?:in|on|at|by|for|after|before|to|during|from|each|every|per)\b|$)/u.exec(after)?.[0] : undefined;
  if (of !== undefined) return good(`find ${quantity} ${of} ${clause} ${after.slice(of.length)}`);
  const preposition = /^(.*) (in|for|at|within|to|with|on|from|by)$/.exec(clause);
  if (preposition !== null) {
    const [, head = "", word = ""] = preposition;
    if (/^(?:to|by|from|on|with)$/.test(word) || asked.money || /\bresult(?:s|ed)?$/.test(head)) return good(`find ${quantity} ${clause} ${after}`);
    return good(`find ${word} ${quantity} ${head} ${after}`);
  }
  return good(`find ${quantity} ${clause} ${after}`);
}

const NO_SUBJECT = /^(?:subtract|add|multiply|divide|combine|take|find|calculate|convert|use|let|note|assume|if|when|since|because|as|although|while|given|for every|starting|whereas)\b/i;
const SPENT = /\b(?:pays?|paid|spends?|spent|costs?|earns?|earned|owes?|owed|saves?|saved|weighs?|weighed)\b/;

/** The clause before the hole: what follows the last boundary and still has a subject of its own; and where that is nothing, what stands before it. */
function mainClause(left: string): { clause: string; before: string } {
  const parts = left.split(/(?<=,)\s+|(?<=[;:])\s+(?=\S)|\s+(?=(?:so|therefore|thus|hence|then|which means|meaning|that means|because|this means|there (?:is|are|was|were|will|would|remains?))\s)/);
  for (let from = parts.length - 1; from > 0; from -= 1) {
    const clause = stripLead(parts.slice(from).join(" "));
    const before = parts.slice(0, from).join(" ");
    if (/^(?:or|for|giving|making|totaling|(?:that|this|which) (?:is|was|are|were|would be|will be|comes to|came to|equals|makes|means|gives|totals)(?: (?:equal to|equivalent to|a total of|only|the same as))?|(?:or |for )?a total of)?$/i.test(clause.trim())) {
      return { clause: /^(?:that|this) /i.test(clause.trim()) ? clause : "", before };
    }
    if (/^(?:because|since|if|when|as|or|for|with|that|to|which|who)\b/i.test(clause) && !/^that (?:is|was|leaves|makes)\b/i.test(clause)) continue;
    if (hasSubjectAndVerb(clause) || /^(?:leaving|there|together|a total of)\b/i.test(clause)) {
      const fronted = stripLead(parts[from - 1] ?? "").replace(/,$/, "");
      return { clause: isAdverbial(fronted) ? `${fronted}, ${clause}` : clause, before };
    }
  }
  const which = /^(.*?),? which (?:is|was|are|were|came to|comes to|equals|totals)(?: (?:equal to|equivalent to|a total of|only|the same as))?$/i.exec(left.trim());
  return which === null ? { clause: left, before: "" } : { clause: "", before: which[1] ?? "" };
}

const STATED_AMOUNT = /\s(?:\$|\d|(?:half|twice|double|triple|thrice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|an? additional|another|a|an)\s|(?:\p{L}+ ){0,2}(?:as many|as much|times)\b)/u;

/**
 * `Quinn will read 2 books a week for 10 weeks, so □ books`: the clause before tells who does it, up to where it states an amount.
 */
function askBefore(before: string, right: string, asked: Asked): Draft | null {
  const { clause } = mainClause(`${before.replace(/[,;:\s]+$/, "")} `);
  const whole = stripLead(clause.trim() === "" ? before : clause).replace(/^(?:if|since|because|as|when)\s+/i, "");
  const tip = /\b(a|an|the|his|her|their)(?: [$\d.%]+)?((?: \p{L}+){1,3}),?(?: (?:which|that))?$/u.exec(whole);
  if (tip !== null && /^ (?:\p{L}+ )?(?:tip|discount|tax|fee|raise|bonus|profit|deposit|interest|commission|rest|remainder|difference|reduction|increase|down payment)$/u.test(tip[2] ?? "")) {
    return good(`find the${tip[2] ?? ""}`);
  }
  const cut = STATED_AMOUNT.exec(` ${whole}`);
  if (cut === null || cut.index < 3) return null;
  const subject = whole.slice(0, Math.max(0, cut.index - 1) + 1).trim();
  const { unit, rest } = splitUnit(right.split(/\s+/).filter((word) => word !== ""));
  const verb = subject.split(" ").at(-1) ?? "";
  if (!strongVerb(verb) && !finite(verb)) return null;
  if (subject.split(" ").length > 9 || /[,:(]/.test(subject)) return null;
  if (asked.money && unit.length === 0) {
    const spends = BUYS.get(verb.toLowerCase());
    const subjectNoun = lowerFirst(subject.slice(0, -verb.length).trim());
    if (/^(?:is|are|was|were|costs?)$/i.test(verb) && /^(?:the|his|her|their|each|\p{Lu}[\p{L}’']*[’']s|\p{Ll}+s)\b/u.test(subjectNoun) && !/\b(?:that|which|there|this|it)\b/.test(subjectNoun)) {
      return good(`find how much ${subjectNoun} ${/^(?:are|were|cost)$/i.test(verb) ? "come" : "comes"} to in total`);
    }
    if (spends !== undefined) return good(`find how much ${lowerFirst(subject.slice(0, -verb.length))}${spends}`);
    if (!/^(?:costs?|earns?|earned|pays?|paid|spends?|spent|makes?|made|charges?|charged|saves?|saved|sells?|sold|owes?|owed)$/i.test(verb)) return null;
  } else if (/^(?:is|are|was|were|be|cost|costs)$/i.test(verb)) return null;
  const quantity = quantityPhrase(unit, { ...asked, verb });
  return quantity === null ? null : good(`find ${quantity} ${lowerFirst(subject)} ${rest.join(" ")}`.trim());
}

const BUYS: ReadonlyMap<string, string> = new Map([
  ["bought", "spent"],
  ["buys", "spends"],
  ["buy", "spend"],
  ["purchased", "spent"],
  ["purchases", "spends"],
  ["purchase", "spend"],
  ["ordered", "spent"],
  ["orders", "spends"],
  ["weighed", "cost"],
  ["weighs", "costs"],
]);

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
  if (words.length > 7) return false;
  if (/^(?:the|this|that|each|every|last)$/.test(first)) return words.length < 4 && TIMES.test(words.at(-1) ?? "");
  if (/^(?:if|since|because|as|when|while|with|given|like|by|to)$/.test(first)) return false;
  return PREPOSITIONS.has(first) && !words.slice(1).some((word) => AUXILIARIES.has(word.toLowerCase()) || isGerund(word.toLowerCase()));
}

const TIMES = /^(?:day|morning|afternoon|evening|night|week|month|year|hour|weekend|summer|winter)$/;

/** A word that is a verb and hardly a noun. */
function strongVerb(word: string): boolean {
  const lower = word.toLowerCase();
  if (AUXILIARIES.has(lower)) return true;
  if (/^(?:cost|costs|work|works|pay|total|rest|left|change|charge|need|needs)$/.test(lower)) return false;
  if (canBeFinite(lower) && !canBeVerb(lower) && !lower.endsWith("s")) return true;
  return isPlainVerb(lower) || (lower.endsWith("s") && isPlainVerb(lower.slice(0, -1)));
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
  const word = (/^\p{L}+/u.exec(text)?.[0] ?? "").toLowerCase();
  const common = PREPOSITIONS.has(word) || DETERMINERS.has(word) || PRONOUNS.has(word) || AUXILIARIES.has(word) || isAdverb(word);
  return common && word !== "i" ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

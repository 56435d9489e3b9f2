import { canBeFinite, isAdverb, looksPlural } from "../shared/english.ts";

/**
 * Whether a subgoal reads like a sentence: no doubled word, no loose end, a verb where its question word needs one. What fails is
 * not mended: another wording is taken.
 */
export function isClean(sentence: string): boolean {
  const text = sentence.replace(/\.$/, "");
  if (/(?<![\p{L}\d])([\p{L}\d]+)[\s,]+\1(?![\p{L}\d])/iu.test(text) || LOOSE_END.test(text) || MUDDLED.test(text) || RUN_ON.test(text) || ODD.test(text) || /^Find the (?:number|amount) for (?!(?:the|each|every|his|her|their|day|night|week|month|year|round|game|level|test|two|three|four|five|six|seven|eight|nine|ten) |\p{Lu})/u.test(text)) return false;
  if (/^Find (?:(?:in|for|at|by|with|on|to) )?how many (?:the|a|an|his|her|their|its|each|every|he|she|it|they|we|you|there|this|that|is|are|th|tall|long|wide|\p{Lu}[\p{L}]*[’']s)\b/u.test(text) && !/^Find how many (?:are|were|there (?:are|were)) \p{L}/u.test(text)) return false;
  if (MISFIT.test(text) || STRAY.test(text) || MEASURED.test(text) || countsOne(text)) return false;
  const asked = /^Find (?:\p{Ll}+ )?how (?:many|much|long|old|tall|far|often|fast)\b(.*)$/u.exec(text)?.[1]?.trim();
  if (asked === undefined) return true;
  const words = asked.split(/[\s,]+/).filter((word) => word !== "");
  return words.some((word, at) => canBeFinite(word.toLowerCase().replace(/[’'](?:ll|s)$/, "")) && !isAdverb(word.toLowerCase()) && words[at - 1] !== "to" && !(word === "left" && at === words.length - 1));
}

/** Words that no subgoal ends in. */
const LOOSE_END = /\b(?:will|would|can|could|should|must|may(?<!\bin may)(?<!\band may)(?<!\bcape may)|might|rid|of|the|a|an|and|or|than|as|his|their|its|into|because|since|if|so|who|which|that|when|while|is that|cost for|the amount for|the number for|for only|left after|kept after|results? in|of it|costs? and|not have|equals? to|total of|totaling|giving|making|leaving|additional|another)$/iu;

/** What shows that two clauses ran into each other, or a phrase into a question. */
const MUDDLED =
  /\b(?:is|are|was|were) (?:is|are|was|were|will|can|has|had|does)\b|\b(?:will|can) (?:is|are|was|were|will|can|has|had|does)\b|\b(?:must know|we know|we need|we must|we have to|you have to|the is|how many of the is|per day per day|in total per day in total|a day a day|in total in total|each each|both both|find out what is|Yes RSVP)\b|\bthe (?:earn|buy|sell|pay|spend|get|make) \b|^Find (?:the )?(?:total )?number of .+ (?:are|is|was|were)(?: \p{L}+)?$|^Find the (?:total )?(?:number|amount) for \p{Ll}+$|\bbecause |\bsince (?:he|she|it|they|there|the|each|you|we|an?|his|her|their) |^Find (?:the )?[^.]{0,60}\bof\b[^.]* will$|^Find how (?:many|much) .*\bto find\b|^Find the (?:grand )?total$/iu;

/** A clause of time, place or purpose where the subject should stand, or a preposition left without its noun. */
const RUN_ON =
  /^Find (?:\p{Ll}+ )?how (?:many|much)(?: \p{L}+)? (?:when|if|where|to|because|while|with|after|before|until|by)\b|^Find how (?:many|much) (?:minutes|hours|days) (?:doing|making|using)\b|\b(?:reduced?|reduces|increased?|increases|doubled|dropped|drops|raised|raises|equals?|grew|grows|brings|brought|lowered|changed|down|up|rose|converts?|extended)(?: [\p{L}’']+){0,9} to(?: (?:at|in|on|by|for|after|this)\b|$)|\bthan [^.]* by$|\bwhere \p{L}+$|\bwith a combined$|^Find for how many (?:mph|miles per hour|more|less)\b|\b(?:at|of|for|in|with|by) (?:at|of|in|with|by|is|are|was|were|to)\b|\bhow old .* as old as .* (?:is|was|will be)$|\b(?:twice|times|half|triple) [^.]*\b(?:means?|meant)\b|\b(?:he|she|it|they|we) (?:is|are|was|were|has|have|had)\b.*\b(?:he|she|it|they|we) (?:is|are|was|were|has|have|had)$|\bhow many [\p{L} ]+ (?:the|his|her|their) [\p{L} ]+ (?:his|her|their) [\p{L} ]+ (?:is|was)$/iu;

/** Comparisons, questions and quantities said twice, verbs that don't agree. */
const ODD =
  /\bthan\b.*\bthan\b|\bhow (?:many|much)\b.*\bhow (?:many|much)\b|\bnumber of (?:get|have|are|is|be|do|than)\b|\b(?:will|can|must|would|could) (?:costs|needs|pays|gets|makes|spends|sells|buys)\b|^Find [^.]*,(?: and)? then\b|\bhow much of \p{L}+s\b|\bnumber of (\p{L}+) for [^.]*\b\1\b|\bhow many (\p{L}+) .* in \2$|\bto per\b|^Find the number of .* for (?:brother|sister|mother|father|friend)$|\bafter$|\bthe number of \p{L}+ than\b|\bby performing$|\bwe perform\b|\bwill comes\b|\b(?:will use|be used) for$|^Find how many \p{L}+ total$|\bhow many (\p{L}+) (?:twice|two|three|four|five) [^.]*\b\3\b.* is$|\beach week in a week\b|\bhases\b/iu;

/** Slips of the source or of its turning: a word left out (`the number pears`, `the need to`), a clause in the wrong place, a noun asked for twice. */
const MISFIT =
  /\beach\b.*\beach$|\bthere (?:are|were|was|is) an average\b|\bnumber of [\p{L} ]*\p{L}+s (?:can|have|has|will|would|could) (?:be|been)\b|\bhow many (\p{L}+) (?:total|(?:(?!\bby\b)[^.])*\bnumber of) \1\b|\bhow many (\p{L}+) .*\b\2 (?:is|are|was|were)$|\bnumber (?!of\b)\p{L}{2,}s (?!is|was|has)|\bthe (?:need|contributed|have|has|are|were|their|his|its|of|they|them)\b|\b(?:is|are|was) a cost\b|^Find the (?:total )?number of [^,]*, \p{Lu}|\bhow many \p{L}+ due\b|\bhow much \p{Lu}\p{Ll}+ (?:spend|pay|have|earn|make|need|save)\b|\bhow many (?:so far|foot|inch|yard)\b|\bhow much (?:money )?(?:the )?(?:total|combined)\b/u;

/** A quantity that is asked for by itself (`how many eggs half of the eggs is`), words that lost their place. */
const STRAY =
  /\bhow many (?:\p{L}+ )?(\p{L}{3,}) (?:[\p{L}’'-]+ ){1,10}?\1 (?:[\p{L}’' -]+ )?(?:is|are|was|equals?|means?)\b|\bhow many (\p{L}+ \p{L}+) total \2\b|\bhow much (\p{L}+) \p{L}+ \3s\b|(?<!\b(?:on|as|of|with|for) )\ban average (?:per|each|a)\b|\bwould mean\b|\bfor how many \p{L}+ \p{L}+ed\b|^Find how many (?:\p{L}+ )?\p{L}+ in (?:total|all)$|\b(?:gets?|got|gave|given) (?:away )?a (?:change|gift)\b|\bhow many \p{L}+ (?:far|desired)\b|\bhow (?:much|many) (?:including|excluding|with|after|before)\b|\bhow old (?:half|twice|double|the sum|\p{L}+ years)\b|\bhow many years old \p{L}+ years\b|\bfor on\b|\bnumber of more\b|\bhow many (\p{L}{3,}) .*\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+) \4\b|\bhow (?:long|far) (?:half|twice) [^.]* trip$|^Find the (?:during|in|on|at|for|with|by)\b|^Find how much (?:money )?(?:in|for|as|to|at) |\bleft (?:\p{L}+ )*on$|\bof min or\b|\breceived? change$|\bhow old [^.]* age (?:is|was)\b|\beach of the (?:last|first|two)$|^Find how (?:many|much) there (?:are|is) (?:two|three|four|five|six|seven|eight|nine|ten) |, (?:subtract|add|multiply|divide) /u;

/** A measure as if it were a count (`the number of minutes long`), a verb where its subject should be (`how many hours took`), things that were torn apart (`how many black Ulla has and red pens`). */
const MEASURED =
  /\bthe number of (?:how\b|(?:\p{Ll}+ )?(?:seconds|minutes|hours|days|weeks|months|years|inches|feet|yards|miles|meters|centimeters|pages|cm|km|m) (?:long|tall|old|wide|high|deep|away|ago)\b)|\bhow many (?:(?:seconds|minutes|hours|days|weeks|months|years) (?:took|spent)|years old)\b|\bhow many \p{Ll}+ (?:\p{Lu}\p{Ll}+|he|she|they) (?:has|have|had) and \p{Ll}+/u;

/** `how many box are`: one of what is counted. */
function countsOne(text: string): boolean {
  const noun = /\bhow many (\p{Ll}+) (?:is|are|was|were|has|have)\b/u.exec(text)?.[1];
  return noun !== undefined && !looksPlural(noun) && !/^(?:more|fewer|there|of|left|remain|each|they|we|you|it|she|he|pairs?|total|people|pants|glasses)$/.test(noun);
}

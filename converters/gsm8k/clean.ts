import { canBeFinite, isAdverb } from "../shared/english.ts";

/**
 * Whether a subgoal reads like a sentence: no doubled word, no loose end, a verb where its question word needs one. What fails is
 * not mended: another wording is taken.
 */
export function isClean(sentence: string): boolean {
  const text = sentence.replace(/\.$/, "");
  if (/(?<![\p{L}\d])([\p{L}\d]+)[\s,]+\1(?![\p{L}\d])/iu.test(text) || LOOSE_END.test(text) || MUDDLED.test(text)) return false;
  if (/^Find (?:(?:in|for|at|by|with|on|to) )?how many (?:the|a|an|his|her|their|its|each|every|he|she|it|they|we|you|there|this|that|is|are|th|tall|long|wide|\p{Lu}[\p{L}]*[’']s)\b/u.test(text) && !/^Find how many (?:are|were|there (?:are|were)) \p{L}/u.test(text)) return false;
  const asked = /^Find (?:\p{Ll}+ )?how (?:many|much|long|old|tall|far|often|fast)\b(.*)$/u.exec(text)?.[1]?.trim();
  if (asked === undefined) return true;
  const words = asked.split(/[\s,]+/).filter((word) => word !== "");
  return words.some((word, at) => (at > 0 || /^(?:is|are|was|were|left)$/.test(word) || canBeFinite(word.toLowerCase())) && canBeFinite(word.toLowerCase().replace(/[’']ll$/, "")) && !(isAdverb(word.toLowerCase())));
}

/** Words that no subgoal ends in. */
const LOOSE_END = /\b(?:will|would|can|could|should|must|may(?<!\bin may)(?<!\band may)(?<!\bcape may)|might|rid|of|the|a|an|and|or|than|as|his|their|its|into|because|since|if|so|who|which|that|when|while|is that|cost for|the amount for|the number for|for only|left after|kept after|results? in|of it|costs? and|not have|equals? to|total of|totaling|giving|making|leaving|additional|another)$/iu;

/** What shows that two clauses ran into each other, or a phrase into a question. */
const MUDDLED =
  /\b(?:is|are|was|were) (?:is|are|was|were|will|can|has|had|does)\b|\b(?:will|can) (?:is|are|was|were|will|can|has|had|does)\b|\b(?:must know|we know|we need|we must|we have to|you have to|the is|how many of the is|per day per day|in total per day in total|a day a day|in total in total|each each|both both|find out what is|Yes RSVP)\b|\bthe (?:earn|buy|sell|pay|spend|get|make) \b|^Find (?:the )?(?:total )?number of .+ (?:are|is|was|were)(?: \p{L}+)?$|^Find the (?:total )?(?:number|amount) for \p{Ll}+$|\bbecause |\bsince (?:he|she|it|they|there|the|each|you|we|an?|his|her|their) |^Find (?:the )?[^.]{0,60}\bof\b[^.]* will$|^Find how (?:many|much) .*\bto find\b|^Find the (?:grand )?total$/iu;

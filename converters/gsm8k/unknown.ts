/** Longer text is not searched. */
const MAX_TEXT = 3_000;
const MAX_WORDS = 14;

/** What a rationale lets a letter stand for, as a noun phrase (`the number of goats`), or null. */
export function describeUnknown(text: string, letter: string): string | null {
  const named = `["“]?${letter}["”]?`;
  const patterns = [
    new RegExp(`(?<![\\p{L}\\d*+/-])${named} (?:be|is|was|represents?|represented|denotes?|stands? for|equals?|=) (?:equal to )?${PHRASE}${END}`, "u"),
    new RegExp(`\\b(?:let|say|says|assume|assuming|that|if|call|calling) (?:that )?${PHRASE},? (?:be|is|was|as|be represented by|is represented by|=)? ?${named}(?![\\p{L}\\d*+/-])`, "iu"),
    new RegExp(`\\bmake ${named} ${PHRASE}${END}`, "u"),
  ];
  for (const pattern of patterns) {
    for (const found of text.slice(0, MAX_TEXT).matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
      const phrase = tidied(found[1] ?? "");
      if (phrase !== null) return phrase;
    }
  }
  return null;
}

const PHRASE = "((?:[\\p{L}’'-]+ ){1,16}?[\\p{L}’'/-]+)";
const END = "(?=[.,;:(\\n]|$| and [\"“]?\\p{L}[\"”]? | in the equation| so | then | which )";

function tidied(phrase: string): string | null {
  const words = phrase.replace(/^(?:a|an|total) /i, "the ").replace(/ (?:and|in|of|for|to|so)$/, "").trim().split(" ");
  const first = (words[0] ?? "").toLowerCase();
  if (words.length < 2 || words.length > MAX_WORDS || words.some((word, at) => at > 0 && /^(?:let|represents?|is represented)$/i.test(word))) return null;
  if (/^(?:the|his|her|their|its|how|what)$/.test(first)) return [first, ...words.slice(1)].join(" ");
  if (/^\p{Lu}[\p{L}]*(?:[’']s|s[’'])$/u.test(words[0] ?? "")) return words.join(" ");
  return /^(?:number|amount|cost|price|smallest|largest|percent|percentage|age|length|total)$/.test(first) ? `the ${[first, ...words.slice(1)].join(" ")}` : null;
}

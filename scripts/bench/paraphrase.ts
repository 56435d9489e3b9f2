/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A word problem told a little differently: `synonyms` of common words (each with a probability of one half), another `name` for each person, an `order`
 * changed (a clause at the start of a sentence goes to its end, or one at the end to its start). Numbers stay.
 */
export function paraphrase(text: string, random: () => number, ways: { synonyms?: boolean; names?: boolean; order?: boolean }): string {
  let told = text;
  if (ways.order === true) {
    told = told.replaceAll(/(?<=^|[.?!] )(If|When|After|Before|In|On|At|For|Every|Each)( [^.?!,]{3,60}), ([^.?!]{5,200}?)(?=[.?!])/g, (_, first: string, rest: string, main: string) => `${capital(main)} ${first.toLowerCase()}${rest}`);
    told = told.replaceAll(/(?<=^|[.?!] )([A-Z][^.?!,]{5,200}?) (in|on|at|for|every|after) ([^.?!,]{3,40})(?=\.)/g, (_, main: string, word: string, rest: string) => (random() < 0.5 ? `${capital(word)} ${rest}, ${main}` : `${main} ${word} ${rest}`));
  }
  if (ways.synonyms === true) {
    told = told.replaceAll(/\p{L}+/gu, (word) => {
      const other = SYNONYMS.get(word.toLowerCase());
      if (other === undefined || random() < 0.5) return word;
      return /^\p{Lu}/u.test(word) ? capital(other) : other;
    });
  }
  if (ways.names === true) {
    const given = new Map<string, string>();
    told = told.replaceAll(/(?<=[\p{Ll},] )\p{Lu}\p{Ll}{2,}/gu, (name) => {
      // Two persons stay two.
      const free = NAMES.filter((each) => ![...given.values()].includes(each));
      if (!given.has(name)) given.set(name, free[Math.floor(random() * free.length)] ?? name);
      return name;
    });
    // Also where a name that is known now begins a sentence.
    told = told.replaceAll(/\p{Lu}\p{Ll}{2,}/gu, (name) => given.get(name) ?? name);
  }
  return told;
}

/** The text with one of its numbers in digits changed; null where it has none. */
export function changeNumber(text: string, random: () => number): string | null {
  const numbers = [...text.matchAll(/\d+/g)];
  const chosen = numbers[Math.floor(random() * numbers.length)];
  if (chosen === undefined) return null;
  const [digits] = chosen;
  return `${text.slice(0, chosen.index)}${BigInt(digits) + 1n + BigInt(Math.floor(random() * 8))}${text.slice(chosen.index + digits.length)}`;
}

/** The text with one word that is no number left out, or two neighbours swapped: a slip of the pen. */
export function slip(text: string, random: () => number): string {
  const words = text.split(" ");
  const plain = words.flatMap((word, at) => (/^\p{Ll}{2,}$/u.test(word) ? [at] : []));
  const at = plain[Math.floor(random() * plain.length)];
  if (at === undefined) return text;
  return words.filter((_, each) => each !== at).join(" ");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const NAMES = "Ottilie Barnaby Ingrid Casimir Delphine Ruben Philippa Emeric Solveig Tadeo Maren Lucan".split(" ");

const SYNONYMS = new Map<string, string>(
  Object.entries({
    bought: "purchased", buys: "purchases", buy: "purchase", gets: "receives", got: "received", gives: "hands", gave: "handed", many: "numerous", big: "large", small: "little",
    make: "produce", makes: "produces", made: "produced", wants: "wishes", needs: "requires", need: "require", money: "cash", kids: "children", children: "kids", store: "shop",
    shop: "store", house: "home", car: "vehicle", day: "date", total: "overall", also: "additionally", because: "since", friends: "pals", friend: "pal",
    starts: "begins", ends: "finishes", finds: "discovers", find: "determine", calculate: "compute", earns: "makes", each: "every", every: "each", about: "around", job: "work",
    picked: "gathered", picks: "gathers", eats: "consumes", ate: "consumed", walks: "strolls", goes: "travels", went: "travelled", sold: "traded", sells: "trades", costs: "runs",
    trip: "journey", boxes: "crates", box: "crate", bag: "sack", bags: "sacks", students: "pupils", student: "pupil", people: "persons", has: "owns", have: "own", had: "owned",
  }),
);

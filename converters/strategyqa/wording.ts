/** Whether words are doubled or clauses run into each other: `is is`, `what what`, `the happens`. */
export function readsBadly(text: string): boolean {
  return DOUBLED.test(text) || RUN_TOGETHER.test(text);
}

const DOUBLED = /(?<![\w'’-])([a-z]{1,20}) \1(?![\w'’-])/i;
const RUN_TOGETHER =
  /\b(?:is|are|was|were) (?:is|are|was|were|does|did)\b|\b(?:the|those|an?) (?:happens?|what|how|why|is|are|does)\b|\bthat (?:happens|what|how|why)\b|\bwhat what\b|\b(?:of|in|from|by|for|at|with|than) (?:how|whether|why)\b|['’]s (?:is|was|are|were) /i;

/** `the color Snoopy is` → `the color of Snoopy`; `the kind of tree a plum tree is` → `the kind of tree that a plum tree represents`. */
export function reflowed(full: string): string {
  const [, noun, owner] = /^(the (?:colou?rs?|gender|race|language|size|nationality|religion|shape|number|age|occupation|profession)) ((?:the |an? )?[A-Z\w][^,]{0,60}) (?:is|are|was|were)$/.exec(full) ?? [];
  if (noun !== undefined && owner !== undefined && !/\b(?:is|are|was|were|that|who|in|from|of)\b/.test(owner)) return `${noun} of ${owner}`;
  const [, kind, what, verb] = /^(the (?:kind|type|sort|class|category|genus|species|part) of .{1,50}?) ((?:the|an?|some) .{1,50}|[A-Z].{0,50}) (is|are|was|were)$/.exec(full) ?? [];
  if (kind === undefined || what === undefined || verb === undefined) return full;
  return `${kind} that ${what} ${REPRESENTS.get(verb) ?? "represents"}`;
}

const REPRESENTS: ReadonlyMap<string, string> = new Map([["is", "represents"], ["are", "represent"], ["was", "represented"], ["were", "represented"]]);

/** `first` for 0. */
export function ordinalOf(index: number): string {
  return ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"][index] ?? `${index + 1}th`;
}

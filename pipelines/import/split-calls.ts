import type { ActionJson } from "../../schemas/plan.ts";

/**
 * The calls of a ground row, `R1 = Tool(args); R2 = Tool(args)`, as actions without results. Arguments may hold anything, `; ` too: a call ends at the partner of its
 * opening bracket where another call or nothing stands behind that, else (a bracket lacks its partner) at the first `)` before another call. What is no call is one that
 * can't be read. Linear in the length.
 */
export function splitCalls(written: string): ActionJson[] {
  const text = written.trim();
  const partners = partnersOf(text);
  const heads = new Map([...text.matchAll(HEAD)].map((match) => [match.index + (match[1]?.length ?? 0), match]));
  const starts = [...heads.keys()].filter((at) => at > 0);
  const actions: ActionJson[] = [];
  let next = 0;
  for (let at = 0; at < text.length; ) {
    const head = heads.get(at);
    while ((starts[next] ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    if (head === undefined) {
      const end = starts[next] ?? text.length;
      actions.push(unreadable(text.slice(at, end)));
      at = end;
      continue;
    }
    const [all, before = "", outputs = "", tool = ""] = head;
    const open = head.index + all.length - 1;
    const close = partners.get(open);
    const follows = close === undefined ? null : behind(text, close, heads);
    if (close !== undefined && follows !== null) {
      actions.push(call(outputs, tool, text.slice(head.index + all.length, close)));
      at = follows;
      continue;
    }
    const end = starts[next] ?? text.length;
    const last = text.lastIndexOf(")", end - 1);
    actions.push(last <= open ? unreadable(text.slice(head.index + before.length, end)) : call(outputs, tool, text.slice(open + 1, last)));
    at = end;
  }
  return actions;
}

/** The begin of a call: at the start, or behind the `)` and `; ` of another one. */
const HEAD = /((?:^|(?<=\)[. ]{0,4});)\s{0,4})((?:R[0-9]{1,6}|Output)(?:, ?(?:R[0-9]{1,6}|Output)){0,9}) = ([\p{L}_][\p{L}\p{N}_.:/ -]{0,63}|)\(/gu;

/** Where the next call begins if the bracket at `close` ends one: behind the text where nothing stands there. Else null. */
function behind(text: string, close: number, heads: ReadonlyMap<number, RegExpExecArray>): number | null {
  const rest = /^[. ;]{0,6}$/.test(text.slice(close + 1, close + 8));
  if (rest) return text.length;
  const separator = /^[. ]{0,4};\s{0,4}/.exec(text.slice(close + 1, close + 12));
  const at = close + 1 + (separator?.[0].length ?? 0);
  return separator !== null && heads.has(at) ? at : null;
}

/** Of each opening bracket that has one its closing one; `(` and `[` pair with `)` and `]` alike, for the sake of half-open intervals. */
function partnersOf(text: string): Map<number, number> {
  const partners = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "(" || char === "[") open.push(at);
    else if (char === ")" || char === "]") {
      const from = open.pop();
      if (from !== undefined) partners.set(from, at);
    }
  }
  return partners;
}

function call(outputs: string, tool: string, args: string): ActionJson {
  return { outputs: outputs.split(",").map((name) => name.trim()), tool, args, result: "" };
}

/** Its place is kept, and what stands there told, by what reads plans. */
function unreadable(text: string): ActionJson {
  return { outputs: [text.trim()], tool: "", args: "", result: "" };
}

/**
 * The label that begins a line of a plan, with what models put around it:
 *
 *     label  = decoration? "Subgoal" number? ":"  |  decoration? "Action" number? ("-" number)? ":"
 *
 * `Sub-goal` and `Sub goal` are the same word. Decoration: bullets, list numbers, block quotes, heading and emphasis marks. The label's
 * number may be missing; `.`, `)` or a dash may stand for its colon. All quantifiers are bounded, so that no line takes more than linear time.
 */
const LABEL =
  /^[>#*_`•·◦+–—\s-]{0,32}(?:[0-9]{1,3}[.)]\s{1,8}[*_`]{0,4})?(sub[-‑ ]?goal|action)\s{0,4}(?:([0-9]{1,6})(?:\s?[-–—‑.]\s?([0-9]{1,6}))?)?\s{0,2}([*_`]{0,4})\s{0,2}([:：]|[.)–—-](?=\s|[*_`]|$))/i;

/** `subgoal` and `action` are the label's numbers, null where missing; `body` is the rest of the line without the label's emphasis marks. */
export interface Label {
  kind: "subgoal" | "action";
  subgoal: number | null;
  action: number | null;
  body: string;
}

/** The label of a line, or null where it has none. */
export function readLabel(line: string): Label | null {
  const match = LABEL.exec(line);
  if (match === null) return null;
  const [all, word = "", first, second, closed = "", separator = ""] = match;
  const kind = word.toLowerCase() === "action" ? "action" : "subgoal";
  if (first === undefined && separator !== ":" && separator !== "：") return null;
  if (kind === "subgoal" && second !== undefined) return null;
  const opened = /[*_`]*$/.exec(all.slice(0, all.search(/sub[-‑ ]?goal|action/i)))?.[0] ?? "";
  return {
    kind,
    subgoal: first === undefined ? null : Number(first),
    action: second === undefined ? null : Number(second),
    body: withoutClosing(line.slice(all.length).trim(), closed === "" ? opened : ""),
  };
}

/** Whether a trimmed line begins a subgoal or an action, readable or all but: whatever came before ends there. */
export function beginsItem(line: string): boolean {
  return readLabel(line) !== null || SPOILT_SUBGOAL.test(line) || SPOILT_ACTION.test(line) || BARE_CALL.test(line);
}

/** An action without its label; the first group holds it without decoration. */
export const BARE_CALL =
  /^[>*`•·◦+\s-]{0,32}((?:R[0-9]{1,6}|Output)(?:\s?,\s?(?:R[0-9]{1,6}|Output)){0,9}\s?=\s?[\p{L}_][\p{L}\p{N}_.]{0,63}\s?\(.*)$/su;

/** A line that must have been meant as a subgoal, with its number in a group: the word and a number, or a word of its letters (`Subgaol 2:`, `Goal 2:`) and a label's end. */
export const SPOILT_SUBGOAL = /^[>#*_`•·◦+–—\s-]{0,32}(?:sub[-‑ ]?goal\s{0,4}#?([0-9]{1,6})|(?:s[ubgoal]{3,8}|sub[-‑ ]?g[oal]{2,5}|goal)\s{0,4}#?([0-9]{1,6})\s?[*_`]{0,4}[:：.)])/i;

/** A line that must have been meant as an action: the word and a number, or a number pair before a call, under whatever name. */
export const SPOILT_ACTION = /^[>#*_`•·◦+–—\s-]{0,32}(?:action\s{0,4}#?[0-9]|[^\s0-9]{0,20}\s{0,4}[0-9]{1,6}[-–—.][0-9]{1,6}[:.)]?\s.{0,200}=\s?[a-z]\w{0,40}\s?\()/i;

/** A sentence without the labels that models repeat before it (`Subgoal 1: Subgoal 1: Find …`). */
export function withoutLabel(text: string): string {
  let rest = text;
  for (let again = 0; again < 4; again += 1) {
    const match = /^sub[-‑ ]?goal [0-9]{1,6}:\s*/i.exec(rest);
    if (match === null) return rest;
    rest = rest.slice(match[0].length);
  }
  return rest;
}

/** The text without the emphasis marks that close what was opened before the label: right after the colon, or at the end of the line. */
function withoutClosing(text: string, opened: string): string {
  if (opened === "") return text;
  if (text.startsWith(opened)) return text.slice(opened.length).trim();
  return text.endsWith(opened) ? text.slice(0, -opened.length).trim() : text;
}

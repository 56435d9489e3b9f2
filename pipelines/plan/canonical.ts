import type { Action, Plan } from "../../schemas/plan.ts";

/**
 * The same text for plans that say the same: variables renamed in the order of assignment (`Output` too), numbers normalised
 * (`1,000` and `1000.0`, `.5` and `0.50`), white space folded, sentences without regard to case and final dots. The sentences
 * count: two word problems that both add 3 and 4 are different training rows.
 */
export function canonicalPlan(plan: Plan): string {
  const names = new Names(plan);
  return JSON.stringify(plan.subgoals.map(({ text, actions }) => [canonicalSentence(text), actions.map((action) => canonicalAction(action, names))]));
}

/** A number as people write it, with or without thousands separators, not part of a word or of a longer number. */
const NUMBER = /(?<![\p{L}\p{N}_.])(?:(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)(?![\p{L}\p{N}_])/gu;

function canonicalAction(action: Action, names: Names): [string[], string, string, string] {
  const args = action.args.map((part) => (typeof part === "string" ? part : names.reference(part.ref))).join("");
  return [action.outputs.map((output) => names.assign(output)), action.tool, canonicalText(args), canonicalText(action.result)];
}

function canonicalSentence(text: string): string {
  return canonicalText(text).toLowerCase().replace(/[.!]$/, "");
}

function canonicalText(text: string): string {
  return text
    .trim()
    .replace(NUMBER, canonicalNumber)
    .split(/\s+/)
    .join(" ")
    .replace(/ ?([-+*/^=<>()[\],;×÷]) ?/g, "$1");
}

function canonicalNumber(number: string): string {
  const [whole = "", fraction = ""] = number.replaceAll(",", "").split(".");
  const units = whole.replace(/^0+/, "") || "0";
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === "0") end -= 1;
  return end === 0 ? units : `${units}.${fraction.slice(0, end)}`;
}

/**
 * New names for variables, asked for in the order of the plan: an assignment gets the next number; a reference means the latest assignment
 * before it, or else (a forward reference) the first one after it, or else nothing that the plan defines.
 */
class Names {
  private readonly first = new Map<string, number>();
  private readonly latest = new Map<string, number>();
  private readonly unassigned = new Map<string, number>();
  private assigned = 0;

  constructor(plan: Plan) {
    let count = 0;
    for (const output of plan.subgoals.flatMap((subgoal) => subgoal.actions.flatMap((action) => action.outputs))) {
      count += 1;
      if (!this.first.has(output)) this.first.set(output, count);
    }
  }

  assign(variable: string): string {
    this.assigned += 1;
    this.latest.set(variable, this.assigned);
    return `R${this.assigned}`;
  }

  reference(variable: string): string {
    const known = this.latest.get(variable) ?? this.first.get(variable);
    if (known !== undefined) return `⟦${known}⟧`;
    const unknown = this.unassigned.get(variable) ?? this.unassigned.size + 1;
    this.unassigned.set(variable, unknown);
    return `⟦?${unknown}⟧`;
  }
}

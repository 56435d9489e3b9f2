import type { Defect } from "../../schemas/defect.ts";
import { type Plan, planJsonSchema } from "../../schemas/plan.ts";
import { readLabel, SPOILT_SUBGOAL } from "../plan/label.ts";
import type { ParseResult } from "../plan/parse.ts";
import { jsonStarts } from "../plan/parse-json.ts";
import { scanJson } from "../plan/scan-json.ts";
import type { RepairScope } from "../prompts/repair.ts";
import { type Correction, type Link, mergePlan } from "./merge.ts";

/** One way to read a reply that corrects a plan: the plan it makes, with what the parser found wrong in what it is made of. */
export interface Reading {
  plan: Plan;
  parseDefects: readonly Defect[];
}

/** The plan that a reply corrects, where one could be read, and what was asked of it. */
interface Corrected {
  plan: Plan;
  parseDefects: readonly Defect[];
  scope: RepairScope;
}

/**
 * The ways to read a reply that corrects a plan, likeliest first: its subgoals put into the plan by their numbers or, where these are missing or can't be
 * meant, by the variables they assign; and as a plan of its own, where it is numbered like one. Which of them holds is for the checks to say.
 * Empty where the reply is none of this.
 */
export function readingsOf(content: string, parsed: ParseResult, corrected: Corrected | null): Reading[] {
  const { plan, defects } = parsed;
  if (plan === null) return [];
  if (corrected === null) return [{ plan, parseDefects: defects }];
  const numbers = subgoalNumbers(content, parsed);
  const whole = numbers.every((number, index) => number === null || number === index + 1) ? [{ plan, parseDefects: defects }] : [];
  // A subgoal without an action stands for one that stays as it is.
  const written = plan.subgoals.flatMap(({ actions }, index) => (actions.length > 0 || defects.some((each) => isUnread(each, index + 1)) ? [index] : []));
  const placements = [byNumber(numbers, written, corrected), byVariable(plan, written, corrected.plan)].flatMap((each) => each ?? []);
  const merged = placements.flatMap((places) => mergesOf(corrected, plan, defects, places));
  return distinct(corrected.scope === "plan" ? [...whole, ...merged] : [...merged, ...whole]);
}

/** Places of the plan (from 1) by index of the reply's subgoals. */
type Places = ReadonlyMap<number, number>;

function isUnread({ code, subgoal }: Defect, number: number): boolean {
  return code === "parse.action" && subgoal === number;
}

function mergesOf(corrected: Corrected, plan: Plan, defects: readonly Defect[], places: Places): Reading[] {
  // What replaces every subgoal is a plan of its own.
  if (places.size === 0 || corrected.plan.subgoals.every((_, index) => [...places.values()].includes(index + 1))) return [];
  const corrections = [...places].flatMap(([index, number]): Correction[] => {
    const subgoal = plan.subgoals[index];
    return subgoal === undefined ? [] : [{ number, subgoal }];
  });
  const parseDefects = mergedDefects(corrected.parseDefects, defects, places);
  return (["name", "last"] satisfies Link[]).map((link) => ({ plan: mergePlan(corrected.plan, corrections, link), parseDefects }));
}

/** The parser's defects of what stays, and of what is new at its new place; how the reply numbered its parts matters no more. */
function mergedDefects(old: readonly Defect[], fresh: readonly Defect[], places: Places): Defect[] {
  const replaced = new Set(places.values());
  const stays = old.filter(({ subgoal }) => subgoal === null || !replaced.has(subgoal));
  const moved = fresh.flatMap((each): Defect[] => {
    if (each.code === "plan.numbering" || each.code === "plan.no_action") return [];
    if (each.subgoal === null) return [each];
    const number = places.get(each.subgoal - 1);
    return number === undefined ? [] : [{ ...each, subgoal: number, message: renumbered(each.message, each.subgoal, number) }];
  });
  return [...stays, ...moved];
}

function renumbered(message: string, from: number, to: number): string {
  return message.replace(/\b([Ss]ubgoal|Action) ([0-9]{1,6})\b/g, (all, word: string, number: string) => (Number(number) === from ? `${word} ${to}` : all));
}

/** By the reply's own numbers; null where one is missing (but for the only subgoal that was asked for), stands twice, or leaves a gap behind the plan's last. */
function byNumber(numbers: readonly (number | null)[], written: readonly number[], { plan, scope }: Corrected): Places[] | null {
  const asked = typeof scope === "string" ? [] : scope;
  const given = written.map((index) => numbers[index] ?? null);
  const meant = given.length === asked.length && given.every((number) => number === null) ? asked : given;
  const known = meant.filter((number) => number !== null);
  if (known.length < written.length || new Set(known).size < known.length) return null;
  const added = known.filter((number) => number > plan.subgoals.length).length;
  if (known.some((number) => number < 1 || number > plan.subgoals.length + added)) return null;
  return [new Map(written.map((index, at) => [index, known[at] ?? 0]))];
}

/** By the variables that each subgoal assigns: those of exactly one subgoal of the plan, another for each. */
function byVariable(reply: Plan, written: readonly number[], plan: Plan): Places[] | null {
  const owners = new Map(plan.subgoals.flatMap(({ actions }, index) => actions.flatMap(({ outputs }) => outputs.map((name) => [name, index + 1] as const))));
  const places = new Map<number, number>();
  for (const index of written) {
    const names = (reply.subgoals[index]?.actions ?? []).flatMap(({ outputs }) => outputs);
    const owning = new Set(names.flatMap((name) => owners.get(name) ?? []));
    const [owner] = owning;
    if (owner === undefined || owning.size > 1) return null;
    places.set(index, owner);
  }
  return new Set(places.values()).size < places.size ? null : [places];
}

/** The number that each subgoal of a reply is labelled with, null where it has none. */
function subgoalNumbers(content: string, { plan, spelling }: ParseResult): (number | null)[] {
  const found = spelling === "json" ? jsonNumbers(content) : textNumbers(content);
  return plan === null ? [] : plan.subgoals.map((_, index) => (found.length === plan.subgoals.length ? (found[index] ?? null) : null));
}

function textNumbers(content: string): (number | null)[] {
  const numbers: (number | null)[] = [];
  for (const line of content.split(/\r\n|\r|\n/)) {
    const trimmed = line.trim();
    const label = readLabel(trimmed);
    if (label?.kind === "subgoal") numbers.push(label.subgoal);
    else if (label === null && numbers.length > 0 && SPOILT_SUBGOAL.test(trimmed)) numbers.push(Number(/[0-9]{1,6}/.exec(trimmed)?.[0]));
  }
  return numbers;
}

/** In JSON a label can only stand at the beginning of a subgoal's text. */
function jsonNumbers(content: string): (number | null)[] {
  for (const start of jsonStarts(content)) {
    const scan = scanJson(content, start);
    if (!("end" in scan)) continue;
    const read = planJsonSchema.safeParse(JSON.parse(content.slice(start, scan.end)));
    if (read.success) return read.data.subgoals.map(({ text }) => labelNumber(text));
  }
  return [];
}

function labelNumber(text: string): number | null {
  const label = readLabel(text.trim().slice(0, 200));
  return label?.kind === "subgoal" ? label.subgoal : null;
}

function distinct(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}

import type { Domain } from "../../schemas/domain.ts";
import type { ActionJson } from "../../schemas/plan.ts";
import { sameAnswer } from "../execution/equivalence.ts";
import { executePlan } from "../execution/execute.ts";
import { planFromJson } from "../plan/parse.ts";

/**
 * Gives the actions of a `onetime` row, which does not say where a subgoal ends, to its subgoals, each at least one while there are enough. A subgoal ends where what is told of its
 * result comes out; else not with an action that prepares another one, and rather than within a chain of actions that use each other. `guessed`: another way would fit as well.
 * @param results what other rows tell of each subgoal's last action, or null
 */
export function divideCalls(actions: readonly ActionJson[], results: readonly (string | null)[], domain: Domain): { calls: ActionJson[][]; guessed: boolean } {
  const subgoals = results.length;
  if (subgoals <= 1) return { calls: [[...actions]], guessed: false };
  if (actions.length <= subgoals) return { calls: actions.map((action) => [action]), guessed: actions.length < subgoals };
  if (actions.length > MOST_ACTIONS) return { calls: results.map((_, index) => (index === subgoals - 1 ? actions.slice(index) : actions.slice(index, index + 1))), guessed: true };
  const computed = results.some((result) => result !== null) ? computedOf(actions, domain) : [];
  const cost = (action: number, subgoal: number): number => {
    const [found, told] = [computed[action] ?? null, results[subgoal] ?? null];
    const isOther = found !== null && told !== null && !sameAnswer(told, found);
    return (isOther ? CONTRADICTS : 0) + costOfEnding(actions[action], actions[action + 1]);
  };
  const ends = cheapestEnds(actions.length, subgoals, cost);
  const isTold = ends.every((end, subgoal) => results[subgoal] !== null && (computed[end] ?? null) !== null && cost(end, subgoal) < CONTRADICTS);
  const natural = actions.filter((action, index) => costOfEnding(action, actions[index + 1]) < PREPARES).length;
  let from = 0;
  return { calls: ends.map((end) => actions.slice(from, (from = end + 1))), guessed: !isTold && natural !== subgoals };
}

/** Tools whose result is there for another action. */
const PREPARING: ReadonlySet<string> = new Set(["KnowledgeQuery", "ParagraphRetrieve", "SetEquation", "Define"]);
const CONTRADICTS = 100;
const PREPARES = 2;
/** More than any real plan has: the last subgoal takes the rest. */
const MOST_ACTIONS = 200;

function costOfEnding(action: ActionJson | undefined, next: ActionJson | undefined): number {
  if (action === undefined || next === undefined) return 0;
  return (PREPARING.has(action.tool) ? PREPARES : 0) + (action.outputs.some((name) => mentions(next.args, name)) ? 1 : 0);
}

function mentions(args: string, name: string): boolean {
  return /^R[0-9]{1,6}$/.test(name) && new RegExp(`(?<![\\p{L}\\p{N}_-])${name}(?![\\p{L}\\p{N}_-])`, "u").test(args);
}

/** What comes out of each action where it can be run here. */
function computedOf(actions: readonly ActionJson[], domain: Domain): (string | null)[] {
  const { plan } = planFromJson({ subgoals: [{ text: "All of it.", actions: [...actions] }] }, { results: "optional" });
  if (plan?.subgoals[0]?.actions.length !== actions.length) return [];
  return executePlan(plan, domain).actions.map(({ computed }) => computed);
}

/** The last action of each subgoal, so that their costs are least in all; of equal ones the earliest. */
function cheapestEnds(actions: number, subgoals: number, cost: (action: number, subgoal: number) => number): number[] {
  // After subgoal `s` ended with action `a`: the least cost so far, and where the subgoal before ended.
  let last = Array.from({ length: actions }, (_, action) => cost(action, 0));
  const before: number[][] = [];
  for (let subgoal = 1; subgoal < subgoals; subgoal += 1) {
    const own: number[] = [];
    const from: number[] = [];
    let best = -1;
    for (let action = 0; action < actions; action += 1) {
      own.push(best === -1 ? Number.POSITIVE_INFINITY : (last[best] ?? 0) + cost(action, subgoal));
      from.push(best);
      if ((last[action] ?? Number.POSITIVE_INFINITY) < (best === -1 ? Number.POSITIVE_INFINITY : (last[best] ?? 0))) best = action;
    }
    before.push(from);
    last = own;
  }
  const ends = [actions - 1];
  for (const from of before.toReversed()) ends.unshift(from[ends[0] ?? 0] ?? 0);
  return ends;
}

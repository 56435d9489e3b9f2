import { type Defect, defect } from "../../schemas/defect.ts";
import type { Action, Plan } from "../../schemas/plan.ts";
import { argRefs } from "../plan/args.ts";

/** An action with its place in the plan: `index` from 0 over the whole plan, `subgoal` and `action` from 1. */
export interface PlacedAction {
  index: number;
  subgoal: number;
  action: number;
  node: Action;
}

/** All actions of a plan in the order in which they run. */
export function placedActions(plan: Plan): PlacedAction[] {
  const placed: PlacedAction[] = [];
  for (const [subgoal, { actions }] of plan.subgoals.entries()) {
    for (const [action, node] of actions.entries()) {
      placed.push({ index: placed.length, subgoal: subgoal + 1, action: action + 1, node });
    }
  }
  return placed;
}

/**
 * The actions that each action uses, by index: those that first assign the variables it names, if they stand before it.
 * @param more further dependencies by index, for instance on a result that a formula repeats as a number
 */
export function dependencies(actions: readonly PlacedAction[], more?: (index: number) => readonly number[]): number[][] {
  const assigned = new Map<string, number>();
  return actions.map(({ node, index }) => {
    const used = new Set(more?.(index) ?? []);
    for (const name of argRefs(node.args)) {
      const by = assigned.get(name);
      if (by !== undefined) used.add(by);
    }
    for (const name of node.outputs) if (!assigned.has(name)) assigned.set(name, index);
    return [...used];
  });
}

/** The action at `from` and all that it rests on, by index. */
export function restsOn(from: number, uses: readonly (readonly number[])[]): Set<number> {
  const reached = new Set([from]);
  for (const index of reached) for (const used of uses[index] ?? []) reached.add(used);
  return reached;
}

/** `ref.undefined`, `ref.forward`, `ref.redefined`, `ref.unused`, and `parse.action` for an `Output` before the last action. */
export function checkDataflow(actions: readonly PlacedAction[]): Defect[] {
  const last = actions.length - 1;
  const assignedAt = firstAssignments(actions);
  const usedNames = new Set(actions.flatMap(({ node }) => argRefs(node.args)));
  return actions.flatMap((action) => [
    ...checkReferences(action, assignedAt),
    ...checkOutputs(action, assignedAt, last),
    ...(action.index === last ? [] : checkUse(action, usedNames)),
  ]);
}

function firstAssignments(actions: readonly PlacedAction[]): Map<string, PlacedAction> {
  const first = new Map<string, PlacedAction>();
  for (const action of actions) {
    for (const name of action.node.outputs) if (!first.has(name)) first.set(name, action);
  }
  return first;
}

function checkReferences(action: PlacedAction, assignedAt: ReadonlyMap<string, PlacedAction>): Defect[] {
  return [...new Set(argRefs(action.node.args))].flatMap((name) => {
    const by = assignedAt.get(name);
    if (by === undefined) {
      return [defect("ref.undefined", `Undefined variable ${name} in ${place(action)}: no action assigns it.`, action)];
    }
    if (by.index < action.index) return [];
    const where = by.index === action.index ? "this very action assigns it" : `${place(by)} assigns it only later`;
    return [
      defect("ref.forward", `Variable ${name} is used in ${place(action)} before it has a value: ${where}.`, action),
    ];
  });
}

function checkOutputs(action: PlacedAction, assignedAt: ReadonlyMap<string, PlacedAction>, last: number): Defect[] {
  const defects: Defect[] = [];
  const { outputs } = action.node;
  for (const [position, name] of outputs.entries()) {
    const by = assignedAt.get(name);
    if (by !== undefined && (by.index < action.index || outputs.indexOf(name) < position)) {
      const where = by.index === action.index ? "this very action" : place(by);
      defects.push(
        defect("ref.redefined", `Variable ${name} is assigned again in ${place(action)}: ${where} assigns it already; take a new variable.`, action),
      );
    }
  }
  // An early `Output` is no wrong reference but a line outside the plan's grammar, which lets only the last action assign it.
  if (action.index < last && outputs.includes("Output")) {
    defects.push(
      defect("parse.action", `Output is assigned in ${place(action)}: only the plan's last action may assign it; take R<n> here.`, action),
    );
  }
  return defects;
}

function checkUse(action: PlacedAction, usedNames: ReadonlySet<string>): Defect[] {
  const unused = action.node.outputs.filter((name) => name !== "Output" && !usedNames.has(name));
  if (unused.length === 0) return [];
  return [
    defect("ref.unused", `Result ${unused.join(", ")} of ${place(action)} is used by no later action: use it, or leave the action out.`, action),
  ];
}

function place({ subgoal, action }: PlacedAction): string {
  return `subgoal ${subgoal} action ${action}`;
}

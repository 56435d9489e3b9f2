import { defect, type Defect } from "../../schemas/defect.ts";
import { DOMAIN_TOOLS, type Domain } from "../../schemas/domain.ts";
import type { Materials } from "../../schemas/example.ts";
import type { Action, ArgPart, Plan } from "../../schemas/plan.ts";
import { hasPairedBrackets } from "./brackets.ts";
import { claimHolds } from "./equivalence.ts";
import type { Lookup, Subvalue } from "./evaluate.ts";
import type { Literal } from "./formula.ts";
import { shorten, textOf } from "./tools/arguments.ts";
import { toolNamed } from "./tools/index.ts";
import type { Tool, ToolRun } from "./tools/tool.ts";
import { listItems, parseValue } from "./parse-value.ts";
import { printValue, type Value } from "./value.ts";

/**
 * What running one action showed. `subgoal` and `action` count from 1, the action within its subgoal.
 * `evidence` is never `matched` here, and null where the action claims nothing.
 * `value` is what later actions use: computed from exact inputs, else read from the claim; null where it is not known. An action
 * with several outputs has a list. `claimedValue` is read from the claim alone; null where it claims nothing.
 */
export interface ExecutedAction {
  subgoal: number;
  action: number;
  outputs: string[];
  claimed: string;
  computed: string | null;
  evidence: "computed" | "contradicted" | "claimed" | null;
  note?: string;
  defect?: Defect;
  value: Value | null;
  claimedValue: Value | null;
  literals: Literal[];
  subvalues: Subvalue[];
  refs: string[];
  /** The whole command or statement that the action stands for, references resolved; only of tools whose references stand for such. */
  whole?: string;
}

/** One entry an action, in the order of the plan. */
export interface Execution {
  actions: ExecutedAction[];
}

/**
 * Runs every action of a plan that can be run here, in order, over two environments: exact inputs, and inputs as the plan claims them.
 * A claim holds if it equals (see claimHolds) the value from either, so that a plan may go on with what it rounded. `materials`: what the example
 * gives its tools to run on. Never throws for what a plan says.
 */
export function executePlan(plan: Plan, domain: Domain, materials: Materials | null = null): Execution {
  const exact = new Map<string, Value>();
  const claimed = new Map<string, Value>();
  const setting: Setting = { domain, materials, earlier: new Map() };
  const actions: ExecutedAction[] = [];
  for (const [s, subgoal] of plan.subgoals.entries()) {
    for (const [a, action] of subgoal.actions.entries()) {
      const executed = executeAction(action, { subgoal: s + 1, action: a + 1 }, setting, exact, claimed);
      assign(exact, action.outputs, executed.value);
      assign(claimed, action.outputs, executed.claimedValue ?? executed.value);
      actions.push(executed);
    }
  }
  return { actions };
}

interface Place {
  subgoal: number;
  action: number;
}

type Environment = ReadonlyMap<string, Value>;

/** Where a plan is run: the domain whose tools it has, and what they run on. */
interface Setting {
  domain: Domain;
  materials: Materials | null;
  /** What earlier actions stand for, by variable (see Tool.inline). */
  earlier: Map<string, string>;
}

function executeAction(action: Action, place: Place, { domain, materials, earlier }: Setting, exact: Environment, claimed: Environment): ExecutedAction {
  const refs = [...new Set(action.args.flatMap((part) => (typeof part === "string" ? [] : [part.ref])))];
  const claim = action.result.trim();
  const claimedValue = claim === "" ? null : readClaim(claim, action.outputs.length);
  const tool = DOMAIN_TOOLS[domain].some((name) => name === action.tool) ? toolNamed(action.tool) : null;
  const whole = tool?.inline?.(action.args, earlier) ?? null;
  if (whole !== null) for (const name of action.outputs) if (!earlier.has(name)) earlier.set(name, whole);
  const base = { ...place, outputs: action.outputs, claimed: action.result, claimedValue, refs, ...(whole === null ? {} : { whole }) };

  if (tool === null || tool.check(action.args) !== null) {
    return { ...base, computed: null, evidence: claim === "" ? null : "claimed" as const, note: "not run", value: claimedValue, literals: [], subvalues: [] };
  }
  const run = runTool(tool, action, exact, materials, whole);
  const trace = { literals: run.literals, subvalues: run.subvalues };
  if ("problem" in run.result) {
    const { problem, message } = run.result;
    const evidence = claim === "" ? null : "claimed" as const;
    const unrun = { ...base, computed: null, evidence, note: message, value: claimedValue, ...trace };
    if (problem === "unknown") return unrun;
    return { ...unrun, defect: defect(problem === "limit" ? "exec.limit" : "exec.error", `${shownCall(action)} can't be run: ${message}`, place) };
  }
  const value = joined(run.result.values);
  const printed = printValue(value);
  const done = { ...base, computed: run.strict === true ? printed : shorten(printed), value, ...trace };
  if (claim === "") return { ...done, evidence: null };
  const accepted = heldBy(claim, run);
  if (accepted !== null) return { ...done, ...(run.note === undefined ? {} : { note: run.note(claim) }), evidence: "computed", value: accepted.value, claimedValue: accepted.direct ? claimedValue : accepted.value };
  const again = sameInputs(refs, exact, claimed) ? null : runTool(tool, action, claimed, materials, whole);
  if (again !== null && heldBy(claim, again) !== null) return { ...done, evidence: "computed", note: "equal with the inputs as claimed" };
  const open = typeof run.inconclusive === "function" ? run.inconclusive(claim) : (run.inconclusive ?? null);
  if (open !== null) return { ...done, evidence: "claimed" as const, note: open, value: claimedValue };
  const message = `${shownCall(action)}${whole === null ? shownInputs(action.args, exact) : shownWhole(action.args, whole)} is ${done.computed}, but the plan says ${shorten(claim)}.`;
  return { ...done, evidence: "contradicted", defect: defect("exec.mismatch", message, place) };
}

function runTool(tool: Tool, action: Action, environment: Environment, materials: Materials | null, whole: string | null): ToolRun {
  const lookup: Lookup = (name) => environment.get(name) ?? null;
  return tool.run({ args: action.args, lookup, outputs: action.outputs.length, materials, whole });
}

/** The computed value where the claim holds (`direct`: written as the value is), or null. */
function heldBy(claim: string, run: ToolRun): { value: Value; direct: boolean } | null {
  if (!("values" in run.result)) return null;
  const { values } = run.result;
  if (run.strict !== true && holds(claim, values)) return { value: joined(values), direct: true };
  const accepted = run.accepts?.(claim) ?? false;
  if (accepted === false) return null;
  return { value: joined(accepted === true ? values : accepted), direct: false };
}

function holds(claim: string, values: readonly Value[]): boolean {
  const only = values[0];
  // As an answer, a text is compared without its punctuation.
  if (only?.kind === "text" && hasPairedBrackets(only.value) && !hasPairedBrackets(claim)) return false;
  if (values.length === 1 && only !== undefined) return claimHolds(claim, only);
  return claimHolds(claim, { kind: "list", items: [...values] });
}

/** Reads a claim; with several outputs, as the list of their results where it has as many. */
function readClaim(claim: string, outputs: number): Value {
  if (outputs === 1) return parseValue(claim);
  const items = listItems(claim);
  if (items === null || items.length !== outputs) return { kind: "text", value: claim };
  return { kind: "list", items: items.map(parseValue) };
}

function joined(values: readonly Value[]): Value {
  const only = values[0];
  return values.length === 1 && only !== undefined ? only : { kind: "list", items: [...values] };
}

function assign(environment: Map<string, Value>, outputs: readonly string[], value: Value | null): void {
  for (const [index, output] of outputs.entries()) {
    const own = outputs.length === 1 ? value : value?.kind === "list" ? (value.items[index] ?? null) : null;
    // A variable that is assigned twice is a defect (ref.redefined); the first value stands.
    if (own !== null && !environment.has(output)) environment.set(output, own);
  }
}

function sameInputs(refs: readonly string[], exact: Environment, claimed: Environment): boolean {
  return refs.every((name) => {
    const [a, b] = [exact.get(name), claimed.get(name)];
    if (a === undefined || b === undefined) return a === b;
    return a === b || (a.kind === "number" && b.kind === "number" ? a.value.equals(b.value) : false);
  });
}

function shownCall(action: Action): string {
  return `${action.outputs.join(", ")} = ${action.tool}(${shorten(textOf(action.args))})`;
}

/** The command or statement with references resolved, for a message; empty where there are none. */
function shownWhole(args: readonly ArgPart[], whole: string): string {
  return args.every((part) => typeof part === "string") ? "" : `, that is ${shorten(whole)},`;
}

/** The formula with its inputs put in, for a message; empty where there are none. */
function shownInputs(args: readonly ArgPart[], environment: Environment): string {
  if (!args.some((part) => typeof part !== "string")) return "";
  const text = args.map((part) => {
    if (typeof part === "string") return part;
    const value = environment.get(part.ref);
    return value === undefined ? part.ref : printValue(value);
  });
  return `, that is ${shorten(text.join(""))},`;
}

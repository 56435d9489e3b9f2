import { type Defect, defect } from "../../schemas/defect.ts";
import { type PlanJson, planJsonSchema } from "../../schemas/plan.ts";
import { type ParseOptions, type ParseResult, PlanBuilder } from "./builder.ts";
import { scanJson } from "./scan-json.ts";

/** Reads the JSON spelling from the object that begins at one of `starts` (the first that is JSON; prose around it is passed over). `end`: just behind it. */
export function parseJson(reply: string, starts: readonly number[], options: ParseOptions): ParseResult & { end: number } {
  let broken: Defect | null = null;
  for (const start of starts) {
    const scan = scanJson(reply, start);
    const text = reply.slice(start, "end" in scan ? scan.end : start);
    if ("end" in scan && (text.includes("subgoals") || start === starts.at(-1))) return { ...planFromUnknown(JSON.parse(text), options), end: scan.end };
    if ("end" in scan) continue;
    broken = defect("parse.json", `The JSON is broken at ${linePlace(reply, scan.at)}: ${scan.problem}.`);
  }
  return { plan: null, spelling: "json", defects: broken === null ? [] : [broken], end: reply.length };
}

/**
 * Where the JSON spelling may begin, best first; empty where the reply does not hold it. That is the first brace, if a field `subgoals` comes later, and the
 * brace directly before that field.
 */
export function jsonStarts(reply: string): number[] {
  const field = reply.search(/["'“]subgoals["'”]\s{0,20}:/);
  const nearest = reply.search(/\{\s{0,100}["'“]?subgoals\b/);
  const first = reply.indexOf("{");
  const starts = field !== -1 && first !== -1 && first < field ? [first] : [];
  return nearest === -1 || starts.includes(nearest) ? starts : [...starts, nearest];
}

/** Where a reply without any sign of a plan looks like JSON all the same: a bracket begins one of its lines. */
export function anyJsonStart(reply: string): number[] {
  const match = /(?<=^[ \t`]{0,20})[{[]/m.exec(reply);
  return match === null ? [] : [match.index];
}

/** The plan in a value of the JSON spelling. */
export function planFromJson(value: PlanJson, options: ParseOptions = {}): ParseResult {
  const builder = new PlanBuilder(options);
  for (const subgoal of value.subgoals) {
    builder.startSubgoal(subgoal.text);
    for (const action of subgoal.actions) builder.addAction(action);
  }
  const result = builder.finish("json");
  if (result.plan === null) result.defects.push(defect("parse.no_plan", "The plan has no subgoal; expected at least one in 'subgoals'."));
  return result;
}

/** More than this many places of one reply help nobody. */
const MAX_ISSUES = 20;

function planFromUnknown(value: unknown, options: ParseOptions): ParseResult {
  const parsed = planJsonSchema.safeParse(value);
  if (parsed.success) {
    const lost = lostBackslashes(parsed.data);
    return lost.length === 0 ? planFromJson(parsed.data, options) : { plan: null, spelling: "json", defects: lost.slice(0, MAX_ISSUES) };
  }
  const defects = parsed.error.issues.slice(0, MAX_ISSUES).map((issue) => {
    const [, subgoal, , action] = issue.path;
    const at = {
      ...(typeof subgoal === "number" ? { subgoal: subgoal + 1 } : {}),
      ...(typeof action === "number" ? { action: action + 1 } : {}),
    };
    return defect("parse.json", `The JSON is no plan: ${pathText(issue.path)}: ${problemText(issue)}.`, at);
  });
  return { plan: null, spelling: "json", defects };
}

/** What JSON makes of LaTeX whose backslashes were not doubled: `\\frac` becomes a form feed and `rac`, without an error. */
const LOST_BACKSLASH = /[\b\f]|(?<![\n\t])\t(?:imes|ext|heta|an|frac|riangle)|\n(?:eq\b(?!\s*=)|abla\b|otin\b)|\r(?:ight|ho|angle)/;

function lostBackslashes(value: PlanJson): Defect[] {
  return value.subgoals.flatMap((subgoal, i) => [
    ...lostBackslash([subgoal.text], `subgoals[${i}]`, { subgoal: i + 1 }),
    ...subgoal.actions.flatMap((action, j) =>
      lostBackslash([action.args, action.result], `subgoals[${i}].actions[${j}]`, { subgoal: i + 1, action: j + 1 }),
    ),
  ]);
}

function lostBackslash(texts: readonly string[], path: string, at: { subgoal: number; action?: number }): Defect[] {
  const text = texts.find((each) => LOST_BACKSLASH.test(each));
  if (text === undefined) return [];
  const found = JSON.stringify(text.slice(text.search(LOST_BACKSLASH)).slice(0, 12));
  return [defect("parse.json", `The JSON is no plan: ${path}: ${found} is a control character where a backslash was meant; write backslashes doubled.`, at)];
}

type Issue = NonNullable<ReturnType<typeof planJsonSchema.safeParse>["error"]>["issues"][number];

function problemText(issue: Issue): string {
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.slice(0, 5).map((key) => `'${key.slice(0, 40)}'`);
    return `unknown field ${names.join(", ")}; there are no others than subgoals, text, actions, outputs, tool, args and result`;
  }
  if (issue.code !== "invalid_type") return issue.message;
  return `expected ${issue.expected === "array" ? "an array" : issue.expected === "object" ? "an object" : `a ${issue.expected}`}, ${
    issue.message.endsWith("received undefined") ? "but the field is missing" : `got ${issue.message.split("received ").at(-1) ?? "another"}`
  }`;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the top";
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("");
}

function linePlace(text: string, at: number): string {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

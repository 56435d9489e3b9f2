import { statementFacts } from "../../converters/shared/sql/facts.ts";
import { scanSql } from "../../converters/shared/sql/scan.ts";
import { listParts, readStatement, type Select } from "../../converters/shared/sql/select.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { ExecutedAction } from "../execution/execute.ts";
import { goldStatement, sameResults } from "../execution/sql/example.ts";
import type { Run, Service } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";

/**
 * Serves gold steps that are clauses of a statement: by the first action that asks for all that the clause asks for (see statementFacts), itself or by the
 * earlier ones that it reads. The last step, the statement as a whole, is served by the plan's last action, where that gives the same rows.
 */
export function alignStatements(run: Run, example: SourceExample): Service {
  const { gold_steps } = example;
  const checkable = new Set(gold_steps.flatMap(({ action }, index) => (action?.tool === "SQL" ? [index] : [])));
  const facts = run.executed.map(({ whole }) => (whole === undefined ? null : statementFacts(whole)));
  const last = run.actions.length - 1;
  const served = new Map<number, Set<number>>();
  for (const step of checkable) {
    const target = gold_steps[step]?.action?.target ?? "";
    const wanted = [...(statementFacts(target) ?? [])];
    const isLast = step === gold_steps.length - 1;
    const by = isLast ? (givesGold(run.executed[last], example) ? last : -1) : facts.findIndex((own) => own !== null && wanted.length > 0 && wanted.every((fact) => own.has(fact)));
    const same = by === -1 && wanted.length > 0 && isLast ? facts.findIndex((own) => own !== null && wanted.length === own.size && wanted.every((fact) => own.has(fact))) : by;
    served.set(step, new Set(same === -1 ? [] : [same]));
  }
  return { checkable, served, neutral: new Set() };
}

/** Whether the statement of an action gives the rows that the gold statement gives; false where that can't be run. */
export function givesGold(action: ExecutedAction | undefined, example: SourceExample): boolean {
  const gold = goldStatement(example);
  return gold !== null && action?.whole !== undefined && sameResults(example, action.whole, gold);
}

/**
 * What a statement takes from nowhere: text or a number that stands neither in the task nor in the source's statement nor in an earlier result (small whole
 * numbers aside, where nothing is said to be equal to them), and a last statement that reads no table. `value.unsourced`: such a statement could give any answer.
 */
export function checkStatements({ actions, executed }: Run, example: SourceExample): Defect[] {
  const given = foldText([example.task, example.rationale, ...example.gold_steps.map(({ action }) => action?.target ?? ""), example.environment ?? ""].join("\n"));
  let told = "";
  const defects = actions.flatMap((action, index) => {
    const text = action.node.args.map((part) => (typeof part === "string" ? part : " ")).join("");
    const foreign = literalsIn(text).filter((literal) => !isGiven(literal, given) && !isGiven(literal, told));
    told += `\n${foldText(executed[index]?.evidence === "computed" ? action.node.result : "")}`;
    return foreign.length === 0 ? [] : [unsourced(action, foreign)];
  });
  const last = actions.at(-1);
  const whole = executed.at(-1)?.whole;
  if (last !== undefined && whole !== undefined && !readsTable(whole)) {
    defects.push(defect("value.unsourced", `The last statement reads no table: what it gives is written in it. Ask the tables for it.`, last));
  }
  return defects;
}

function unsourced(action: PlacedAction, literals: readonly string[]): Defect {
  const shown = [...new Set(literals)].slice(0, 5).map((each) => (each.length > 40 ? `${each.slice(0, 40)}…` : each));
  return defect("value.unsourced", `${shown.join(", ")} in subgoal ${action.subgoal} action ${action.action} has no source: it must stand in the task or the rationale, or be an earlier result.`, action);
}

/** Text and numbers as a statement writes them, without signs of patterns (`%`) and without the whole numbers that limit and compare. */
function literalsIn(sql: string): string[] {
  const tokens = scanSql(sql);
  return tokens.flatMap(({ kind, text }, index) => {
    if (kind === "string") return text.length <= 3 ? [] : [text.slice(1, -1).replaceAll("''", "'").replace(/^[%_]+|[%_]+$/g, "")];
    if (kind !== "word" || !/^\d/.test(text) || tokens[index - 1]?.text === ".") return [];
    const isChosen = tokens[index - 1]?.text === "=" && !/[<>!]/.test(tokens[index - 2]?.text ?? "");
    return isChosen || !USUAL.has(text) ? [tokens[index + 1]?.text === "." ? `${text}.${tokens[index + 2]?.text ?? ""}` : text] : [];
  });
}

const USUAL: ReadonlySet<string> = new Set(["0", "1", "2", "3", "4", "5", "10", "100", "1000"]);

/** Whether it stands in the text as a whole word or several. */
function isGiven(literal: string, text: string): boolean {
  return [literal, NUMBERS.get(literal)].some((each) => each !== undefined && hasWord(text, foldText(each)));
}

function hasWord(text: string, word: string): boolean {
  if (word === "") return true;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!IN_WORD.test(text.charAt(at - 1) + word.charAt(0)) && !IN_WORD.test(word.slice(-1) + text.charAt(at + word.length))) return true;
  }
  return false;
}

/** Two characters that hold together. */
const IN_WORD = /^[\p{L}\p{N}_]{2}$/u;

const NUMBERS: ReadonlyMap<string, string> = new Map("zero one two three four five six seven eight nine ten".split(" ").map((word, index) => [String(index), word]));

function foldText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Whether a statement takes what it gives from a table: not `SELECT 'Oslo'`, `SELECT 'Oslo' FROM city` or `SELECT * FROM (VALUES ('Oslo'))`. */
function readsTable(sql: string): boolean {
  const tokens = scanSql(sql).filter(({ kind }) => kind !== "comment");
  const word = (at: number): string => tokens[at]?.text.toUpperCase() ?? "";
  // Names that `WITH` gives.
  const given = new Set(tokens.flatMap((_, at) => (word(at + 1) === "AS" && word(at + 2) === "(" ? [word(at)] : [])));
  const reads = tokens.some((_, at) => (word(at) === "FROM" || word(at) === "JOIN") && word(at + 1) !== "(" && word(at + 1) !== "" && !given.has(word(at + 1)));
  const isWritten = ({ columns }: Select): boolean => listParts(columns.replace(/^distinct\b/i, "")).every((item) => /^\s*(?:'(?:[^']|'')*'|[-+\d.]+)\s*(?:\bas\b.*)?$/is.test(item));
  return reads && readStatement(sql)?.selects.every(isWritten) !== true;
}

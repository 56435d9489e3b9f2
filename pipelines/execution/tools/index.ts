import type { ToolName } from "../../../schemas/domain.ts";
import type { ArgPart } from "../../../schemas/plan.ts";
import { bash } from "./bash.ts";
import { calculator } from "./calculator.ts";
import { click } from "./click.ts";
import { code } from "./code.ts";
import { count } from "./count.ts";
import { define } from "./define.ts";
import { knowledgeQuery } from "./knowledge-query.ts";
import { paragraphRetrieve } from "./paragraph-retrieve.ts";
import { qa } from "./qa.ts";
import { select } from "./select.ts";
import { setEquation } from "./set-equation.ts";
import { solveEquation } from "./solve-equation.ts";
import { solveInequality } from "./solve-inequality.ts";
import { sql } from "./sql.ts";
import type { Tool } from "./tool.ts";
import { type } from "./type.ts";
import { vqa } from "./vqa.ts";

/** The tool of a name as a plan writes it, or null. */
export function toolNamed(name: string): Tool | null {
  return BY_NAME.get(name) ?? null;
}

/** A sentence on what is wrong with the arguments of a tool, for `tool.arity`; null where they are right. An unknown tool has no grammar: null. */
export function checkArguments(tool: string, args: readonly ArgPart[]): string | null {
  return toolNamed(tool)?.check(args) ?? null;
}

/** Closed over the tool names: a tool without a module does not compile. */
const TOOLS: Readonly<Record<ToolName, Tool>> = {
  Calculator: calculator,
  SetEquation: setEquation,
  SolveEquation: solveEquation,
  Count: count,
  SolveInequality: solveInequality,
  Code: code,
  Define: define,
  KnowledgeQuery: knowledgeQuery,
  ParagraphRetrieve: paragraphRetrieve,
  QA: qa,
  CLICK: click,
  TYPE: type,
  SELECT: select,
  VQA: vqa,
  Bash: bash,
  SQL: sql,
};

const BY_NAME: ReadonlyMap<string, Tool> = new Map(Object.values(TOOLS).map((tool) => [tool.name, tool]));

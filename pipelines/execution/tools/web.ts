import type { ToolName } from "../../../schemas/domain.ts";
import type { ArgPart } from "../../../schemas/plan.ts";
import { notRun, shorten, textOf } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** A tool of web pages: `(Env, QUERY: q)`, and with `text` also `, TEXT: t`. The first argument is `Env` or the variable of an earlier action. Not run here. */
export function webTool(name: ToolName, text: boolean): Tool {
  const form = text ? "Env, QUERY: q, TEXT: t" : "Env, QUERY: q";
  return {
    name,
    check: (args) => checkWeb(name, args, text, form),
    run: () => notRun(name),
  };
}

function checkWeb(name: string, args: readonly ArgPart[], withText: boolean, form: string): string | null {
  const text = textOf(args);
  const lower = text.toLowerCase();
  const query = lower.indexOf("query:");
  const marker = withText ? lower.lastIndexOf("text:") : text.length;
  if (query < 0) return `${name} takes (${form}): 'QUERY:' is missing in '${shorten(text)}'.`;
  if (marker < query) return `${name} takes (${form}): 'TEXT:' is missing in '${shorten(text)}'.`;
  const environment = text.slice(0, query).trim();
  if (!/^(?:Env|R[1-9]\d*)\s*,$/i.test(environment)) return `${name} takes (${form}): the first argument is 'Env' or an earlier variable, found '${shorten(environment)}'.`;
  if (text.slice(query + 6, marker).replace(/,\s*$/, "").trim() === "") return `${name} takes (${form}): nothing stands after 'QUERY:'.`;
  if (withText && text.slice(marker + 5).trim() === "") return `${name} takes (${form}): nothing stands after 'TEXT:'.`;
  return null;
}

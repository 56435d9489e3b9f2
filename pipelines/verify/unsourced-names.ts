import { foldPhrase, holdsPhrase } from "../../converters/shared/phrase.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { argsText } from "../plan/args.ts";
import type { Run } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";

/**
 * `value.unsourced`: an action writes the answer of a gold step that nothing has found by then. An answer has a source where it stands in the task or
 * in a gold step's question, is an earlier result, or is part of the title of a page that is looked up (`Green (Ada Voss album)`). Only of
 * examples whose paragraphs are given: elsewhere the source states no answers to its steps.
 */
export function unsourcedNames(run: Run, example: SourceExample): Defect[] {
  const paragraphs = example.materials?.paragraphs;
  if (paragraphs === undefined) return [];
  const said = foldPhrase([example.task, ...example.gold_steps.map(({ question, text }) => question ?? text)].join("\n"));
  const answers = new Map(example.gold_steps.map(({ result = "" }) => [foldPhrase(result), result] as const).filter(([words]) => words !== "" && !holdsPhrase(said, words)));
  const found: string[] = [];
  return run.actions.flatMap((action) => {
    const { args, tool, result } = action.node;
    const text = foldPhrase(argsText(args));
    const isTitle = (but: string) => tool === "KnowledgeQuery" && text !== but && paragraphs.some(({ title }) => foldPhrase(title) === text);
    const names = [...answers].filter(([words]) => holdsPhrase(text, words) && !found.some((earlier) => holdsPhrase(earlier, words)) && !isTitle(words));
    found.push(foldPhrase(result));
    return names.slice(0, 1).map(([, name]) => defect("value.unsourced", messageFor(name, action), action));
  });
}

function messageFor(name: string, { subgoal, action }: PlacedAction): string {
  return `'${name.slice(0, 80)}' in subgoal ${subgoal} action ${action} comes from nowhere: only a step finds it; use the variable of that step's result.`;
}

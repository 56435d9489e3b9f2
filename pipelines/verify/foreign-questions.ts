import { foldPhrase } from "../../converters/shared/phrase.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { argRefs, argsText, parseArgs } from "../plan/args.ts";
import type { Run, Service } from "./service.ts";

/**
 * `match.value`: a question that serves a gold step by its paragraph, but asks of something else: it refers to no earlier result, and most of the names
 * in it stand neither in the task nor in the step with its paragraph and the steps it builds on. Only of examples whose paragraphs are given.
 */
export function foreignQuestions(run: Run, example: SourceExample, { served }: Service): Defect[] {
  const paragraphs = new Map(example.materials?.paragraphs?.map((each) => [each.id, each]));
  if (paragraphs.size === 0) return [];
  return run.actions.flatMap((action) => {
    if (action.node.tool !== "QA") return [];
    const question = argsText(action.node.args).replace(/^.*?(?:question|query):/is, "").trim();
    const names = argRefs(parseArgs(question)).length > 0 ? [] : properNames(question);
    if (names.length === 0) return [];
    const steps = [...served].flatMap(([step, actions]) => (actions.has(action.index) ? (example.gold_steps[step] ?? []) : []));
    const [first] = steps;
    if (first === undefined) return [];
    const closure = withBases(steps, example.gold_steps);
    const texts = steps.flatMap((step) => (step.paragraphs ?? []).flat()).flatMap((id) => paragraphs.get(id) ?? []).map(({ title, text }) => `${title} ${text}`);
    const known = new Set(foldPhrase([example.task, ...texts, ...closure.flatMap(({ question: asked = "", text, result = "" }) => [asked, text, result])].join("\n")).split(" "));
    const foreign = names.filter((name) => !known.has(name));
    if (foreign.length === 0 || foreign.length * 2 < names.length) return [];
    const message = `Question '${question.slice(0, 80)}' in subgoal ${action.subgoal} action ${action.action} asks of something else than gold step ${first.id}: expected ${(first.question ?? first.text).slice(0, 80)}`;
    return [defect("match.value", message, action)];
  });
}

/** The words that begin with a capital letter, folded, but for the first. */
function properNames(question: string): string[] {
  const words = question.slice(0, 2_000).split(/\s+/).slice(1);
  return words.filter((word) => /^["'“‘(]?\p{Lu}/u.test(word)).flatMap((word) => foldPhrase(word.replace(/['’]s\b/, "")).split(" ")).filter((word) => word !== "");
}

function withBases(steps: readonly GoldStep[], all: readonly GoldStep[]): GoldStep[] {
  const reached = new Set(steps);
  for (const step of reached) for (const number of step.builds_on ?? []) reached.add(all[number - 1] ?? step);
  return [...reached];
}

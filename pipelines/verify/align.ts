import type { Alignment } from "../../schemas/annotation.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { Domain } from "../../schemas/domain.ts";
import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { alignCommands } from "./align-commands.ts";
import { alignOperations } from "./align-operations.ts";
import { alignQuestions } from "./align-questions.ts";
import { alignSentences } from "./align-sentences.ts";
import { alignStatements } from "./align-statements.ts";
import { alignWeb } from "./align-web.ts";
import { type Run, type Service, subgoalOf } from "./service.ts";

/** The map from subgoals to gold steps, what is wrong with it, and the service it was read from. */
export interface Aligned {
  alignment: Alignment;
  defects: Defect[];
  service: Service;
}

/**
 * Maps the subgoals of a plan to the gold steps they serve. A gold step is served when some subgoal computes or matches its result
 * from the same operands (maths), does the same to the same element (web), says the same sentence (multimodal), or names the same question or paragraph (the other domains). A subgoal may join
 * several gold steps, and a gold step may be split over several subgoals.
 * Defects: `gold.missing_step`, `gold.extra_step`, `gold.order`.
 */
export function alignPlan(run: Run, example: SourceExample, subgoals: number): Aligned {
  const service = (ALIGNERS.get(example.domain) ?? alignQuestions)(run, example);
  const gold = Array.from({ length: subgoals }, () => new Set<number>());
  for (const [step, actions] of service.served) {
    for (const index of actions) gold[subgoalOf(run, index) - 1]?.add(step);
  }
  const alignment = gold.map((steps, index) => ({
    subgoal: index + 1,
    gold: [...steps].sort((a, b) => a - b).flatMap((step) => example.gold_steps[step]?.id ?? []),
  }));
  const defects = [
    ...missingSteps(service, example.gold_steps),
    ...extraSteps(service, gold),
    ...disorder(service, run, example.gold_steps),
  ];
  return { alignment, defects, service };
}

/** How gold steps are served in each domain; in the others as questions over paragraphs. */
const ALIGNERS: ReadonlyMap<Domain, (run: Run, example: SourceExample) => Service> = new Map([
  ["maths", alignOperations],
  ["web_agent", alignWeb],
  ["multimodal", alignSentences],
  ["interactive_bash", alignCommands],
  ["interactive_sql", alignStatements],
]);

/** Whether every gold step that can be served is served, and there is one at all. */
export function servesAll({ checkable, served }: Service): boolean {
  return checkable.size > 0 && [...checkable].every((step) => (served.get(step)?.size ?? 0) > 0);
}

function missingSteps({ checkable, served }: Service, steps: readonly GoldStep[]): Defect[] {
  return steps.flatMap((step, index) =>
    !checkable.has(index) || (served.get(index)?.size ?? 0) > 0
      ? []
      : [defect("gold.missing_step", `No subgoal serves gold step ${step.id}: ${describe(step)}.`)],
  );
}

function extraSteps({ checkable, neutral }: Service, gold: readonly ReadonlySet<number>[]): Defect[] {
  if (checkable.size === 0) return [];
  return gold.flatMap((steps, index) =>
    steps.size > 0 || neutral.has(index + 1)
      ? []
      : [defect("gold.extra_step", `Subgoal ${index + 1} serves no gold step of the source.`, { subgoal: index + 1 })],
  );
}

/** One defect at most: the first gold step that is served in an earlier subgoal than one before it. */
function disorder({ served }: Service, run: Run, steps: readonly GoldStep[]): Defect[] {
  let latest: { step: GoldStep; subgoal: number } | null = null;
  for (const [index, step] of steps.entries()) {
    const actions = served.get(index);
    if (actions === undefined || actions.size === 0) continue;
    const subgoal = subgoalOf(run, Math.max(...actions));
    if (latest !== null && subgoal < latest.subgoal) {
      const message = `Subgoal ${subgoal} serves gold step ${step.id} before subgoal ${latest.subgoal} serves ${latest.step.id}: the source has them the other way round.`;
      return [defect("gold.order", message, { subgoal })];
    }
    latest = { step, subgoal };
  }
  return [];
}

function describe(step: GoldStep): string {
  const operations = step.operations?.map(({ formula, result }) => `${formula} = ${result}`).join("; ");
  const said = operations || step.question || step.text;
  return said.length > 120 ? `${said.slice(0, 120)}…` : said.replace(/[.?!\s]+$/, "");
}

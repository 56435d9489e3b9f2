import { type Html, html } from "../html.ts";
import type { Audit, Group } from "../schema.ts";
import type { Figures, Stack } from "./figures.ts";
import { paragraph, section } from "./parts.ts";
import { plural } from "./words.ts";

/** What the plans are like, source by source, as figures. */
export function plansSection({ datasets, groups }: Audit, figures: Figures): Html {
  const about = paragraph("The form of the annotated plans: each figure is of one source, with a panel for each annotator, and each bar is a share of that annotator's plans. A figure opens to its data.");
  const bySource = datasets.map(({ dataset }) => {
    const own = groups.filter((group) => group.dataset === dataset && group.plans.n > 0);
    return own.length === 0 ? null : html`<h3>${dataset}</h3>\n<p>${own.map(({ name, plans }) => `${name}: ${plural(plans.n, "plan")}`).join("; ")}.</p>\n<div class="figures">${figuresOf(own, figures)}</div>\n`;
  });
  return section("plans", "What the plans are like", about, bySource.some((each) => each !== null) ? bySource : paragraph("There is no annotated plan."));
}

function figuresOf(groups: readonly Group[], figures: Figures): Html[] {
  const series = (of: (group: Group) => Group["plans"]["depth"]) => groups.map((group) => ({ name: group.name, histogram: of(group) }));
  const tools = groups.map(({ name, plans }) => ({ name, shares: plans.tools.map(({ tool, plans: k }) => ({ label: tool, k, n: plans.n })) }));
  const bySteps = stacked(groups, ({ by_gold_steps }) => by_gold_steps.map(({ steps, outcomes }) => [steps === 10 ? "10 or more" : String(steps), outcomes]));
  const byType = stacked(groups, ({ by_type }) => by_type.slice(0, MOST_TYPES).map(({ type, outcomes }) => [type, outcomes]));
  return [
    figures.columns("Subgoals", "How many subgoals a plan has.", "subgoals", series(({ plans }) => plans.subgoals)),
    figures.columns("Actions per subgoal", "How many actions carry out a subgoal.", "actions", series(({ plans }) => plans.actions_per_subgoal)),
    figures.columns("Depth", "The longest chain of actions in a plan of which each uses the result of the one before. 1: nothing builds on anything.", "actions in the longest chain", series(({ plans }) => plans.depth)),
    figures.columns("Length", `Tokens of a plan's text (o200k_base), in steps of ${groups[0]?.plans.token_step ?? 25}.`, "tokens, from", series(({ plans }) => plans.tokens), { step: groups[0]?.plans.token_step ?? 1 }),
    ...(tools.some(({ shares }) => shares.length > 0) ? [figures.bars("Tools", "Share of the plans that use a tool at least once.", "Tool", tools)] : []),
    figures.stacks("Outcome by gold steps", "What became of examples, by how many gold steps the source has. Skipped ones are among them.", "Gold steps", bySteps),
    ...(byType.length > 0 ? [figures.stacks("Outcome by problem type", "What became of examples, by the source's own type of problem; the commonest types.", "Problem type", byType)] : []),
  ];
}

const MOST_TYPES = 12;

/** A row for each value, named with the annotator where there are several; rows of one value stand together. */
function stacked(groups: readonly Group[], of: (group: Group) => [string, Record<string, number>][]): Stack[] {
  const shown = groups.slice(0, 3);
  const values = [...new Set(shown.flatMap((group) => of(group).map(([label]) => label)))];
  return values.flatMap((value) => shown.flatMap((group) => of(group).filter(([label]) => label === value).map(([label, outcomes]) => ({ label: shown.length > 1 ? `${label} · ${group.name}` : label, outcomes }))));
}

import type { Verdict } from "../../schemas/annotation.ts";
import type { Level } from "../../schemas/defect.ts";
import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import { argsText } from "../plan/args.ts";
import { planFromJson } from "../plan/parse.ts";
import { printPlan } from "../plan/print.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import type { StandingReview } from "../store/reviews.ts";
import { ReviewProblem } from "./problem.ts";
import type { Annotation, CheckedPlan, RationaleStep, ShownReview } from "./shapes.ts";

/** An annotation that is stored, with the hash of its plan. Throws ReviewProblem `not_found`. */
export function storedAnnotation(store: Store, id: string, variant: string): FoundAnnotation {
  const [outcome] = store.outcomesOfExample(id, { variants: [variant] });
  const planHash = store.planHashOf(id, variant);
  if (outcome === undefined || outcome.annotation === null || outcome.example === null || planHash === null) {
    throw new ReviewProblem("not_found", `No annotation of '${id.slice(0, 200)}' by variant '${variant.slice(0, 80)}' is in the store.`);
  }
  const { plan } = planFromJson(outcome.annotation.plan, { results: "optional" });
  if (plan === null) throw new ReviewProblem("not_found", `The annotation of '${id}' by variant '${variant}' has no subgoal.`);
  return { outcome, example: outcome.example, annotation: outcome.annotation, plan, planHash };
}

export interface FoundAnnotation {
  outcome: StoredOutcome;
  example: SourceExample;
  annotation: NonNullable<StoredOutcome["annotation"]>;
  plan: Plan;
  planHash: string;
}

/** What `reviewer` is shown of an annotation. */
export function viewAnnotation(found: FoundAnnotation, reviews: readonly StandingReview[], reviewer: string, topLevel: Level): Annotation {
  const { outcome, example, annotation, plan, planHash } = found;
  const own = reviews.find((each) => each.reviewer === reviewer) ?? null;
  const hasDecided = own !== null && own.isCurrent && own.verdict !== "skip";
  return {
    id: example.id,
    variant: outcome.variant,
    dataset: example.dataset,
    domain: example.domain,
    annotator: outcome.annotator,
    model: outcome.model,
    by_construction: annotation.byConstruction,
    top_level: topLevel,
    repairs: annotation.repairs,
    repaired: outcome.repaired,
    task: cut(example.task, LONGEST_TEXT),
    context: contextOf(example),
    gold_answer: cut(example.answer, LONGEST_PART),
    unit: example.unit ?? null,
    rationale: rationaleOf(example),
    plan_text: printPlan(plan),
    plan_hash: planHash,
    ...viewPlan(plan, { ...annotation.verdict, defects: outcome.defects }),
    own: own === null ? null : viewReview(own),
    others: hasDecided ? reviews.filter((each) => each.reviewer !== reviewer).map(viewReview) : [],
  };
}

/** A plan with its verdict, action by action. */
export function viewPlan(plan: Plan, verdict: Verdict): CheckedPlan {
  const traces = new Map(verdict.trace.map((each) => [`${each.subgoal}.${each.action}`, each]));
  const gold = new Map(verdict.alignment.map((each) => [each.subgoal, each.gold]));
  return {
    level: verdict.level,
    answer: verdict.answer,
    subgoals: plan.subgoals.map(({ text, actions }, s) => ({
      n: s + 1,
      text,
      gold: gold.get(s + 1) ?? [],
      actions: actions.map(({ outputs, tool, args, result }, a) => {
        const { claimed = result, computed = null, evidence = null, note = null } = traces.get(`${s + 1}.${a + 1}`) ?? {};
        return { n: a + 1, tool, args: argsText(args), output: outputs.join(", "), claimed, computed, evidence, note };
      }),
    })),
    defects: verdict.defects,
  };
}

function viewReview({ id, reviewer, verdict, reason, note, queue, editedPlan, isCurrent, createdAt }: StandingReview): ShownReview {
  return { id, reviewer, verdict, reason, note, queue, plan: editedPlan, current: isCurrent, created_at: createdAt };
}

/** Characters of a text, of one of many, and how many of those. */
const LONGEST_TEXT = 20_000;
const LONGEST_PART = 4000;
const MOST_PARTS = 40;
const MOST_LINES = 400;

/** Paragraphs that the steps cite come first: a multi-hop question has twenty, and rests on two or three. */
function contextOf({ environment, choices, image, materials, gold_steps }: SourceExample): { title: string; text: string }[] {
  const cited = new Set(gold_steps.flatMap(({ paragraphs }) => paragraphs?.flat() ?? []));
  const isCited = ({ id }: { id: string }): boolean => cited.has(id);
  const paragraphs = [...(materials?.paragraphs ?? [])].sort((a, b) => Number(isCited(b)) - Number(isCited(a)));
  const parts = [
    ...(environment === null ? [] : [{ title: "environment", text: environment }]),
    ...(choices === undefined ? [] : [{ title: "choices", text: choices.join("\n") }]),
    ...(image === undefined ? [] : [{ title: `image ${image.file}`, text: image.caption ?? "" }]),
    ...(materials?.database === undefined ? [] : [{ title: `database ${materials.database.name}`, text: materials.database.sql ?? "" }]),
    ...paragraphs.map(({ id, title, text }) => ({ title: `${id === title || id.startsWith(`${title}-`) ? id : `${title} (${id})`}${cited.has(id) ? ", cited" : ""}`, text })),
    ...(materials?.pages ?? []).map(({ gold_step, elements }) => ({ title: `page at ${gold_step}`, text: elements.map(({ tag, text }) => `[${tag}] ${text}`).join("\n") })),
  ];
  const left = parts.length - MOST_PARTS;
  return [
    ...parts.slice(0, MOST_PARTS).map(({ title, text }) => ({ title: cut(title, 200), text: cut(text, LONGEST_PART) })),
    ...(left > 0 ? [{ title: `and ${left} more`, text: "" }] : []),
  ];
}

/** The rationale line by line where each gold step is one of its lines; else its text, and then the steps. */
function rationaleOf({ rationale, gold_steps }: SourceExample): RationaleStep[] {
  const lines = rationale.trim() === "" ? [] : rationale.trim().split("\n").map((line) => line.trim());
  const steps = gold_steps.map(lineOf);
  const places = new Map(gold_steps.map(({ text }, index) => [text.trim(), index]));
  const found = new Set(lines.flatMap((line) => places.get(line) ?? []));
  const told = lines.map((text): RationaleStep => steps[places.get(text) ?? -1] ?? { step: null, n: null, text: cut(text, LONGEST_PART) });
  const all = found.size === gold_steps.length ? told : [...lines.map((text): RationaleStep => ({ step: null, n: null, text: cut(text, LONGEST_PART) })), ...steps];
  const left = all.length - MOST_LINES;
  return left > 0 ? [...all.slice(0, MOST_LINES), { step: null, n: null, text: `… and ${left} more lines` }] : all;
}

function lineOf({ id, text, question, result, paragraphs }: GoldStep, index: number): RationaleStep {
  const cites = [...new Set(paragraphs?.flat())];
  return {
    step: id,
    n: index + 1,
    text: cut(text, LONGEST_PART),
    ...(question === undefined || question === text ? {} : { question: cut(question, LONGEST_PART) }),
    ...(result === undefined ? {} : { result: cut(result, LONGEST_PART) }),
    ...(cites.length === 0 ? {} : { cites }),
  };
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
}

import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { argsText } from "../plan/args.ts";
import type { Run, Service } from "./align.ts";
import type { PlacedAction } from "./dataflow.ts";
import { type EvidencePlaces, evidencePlaces, foldTitle, namedPages, namedParagraphs, pageOf } from "./places.ts";
import { contentWords, sameQuestion } from "./questions.ts";

/**
 * Serves gold steps that are questions over paragraphs. A step is served by an action that asks its question, or, where it builds
 * on other steps, by one that uses what the subgoals serving those found, or by one that names one of its paragraphs; the
 * last step also by the plan's last action. Each paragraph an action names, and each question it answers, serves one gold step: a
 * dropped step is not hidden by a neighbour with the same paragraph.
 */
export function alignQuestions(run: Run, example: SourceExample): Service {
  const evidence = evidencePlaces(example);
  const offers = run.actions.flatMap((action) => offersOf(action, evidence));
  const steps = example.gold_steps;
  const checkable = new Set(steps.flatMap((step, index) => (isQuestion(step) ? [index] : [])));
  const subgoals = run.actions.at(-1)?.subgoal ?? 1;
  const edges = [...checkable].map((index) => edgesOf(index, steps, offers, subgoals));
  const served = new Map<number, Set<number>>([...checkable].map((index) => [index, new Set<number>()]));
  const owners = new Map<number, number>();
  const asked = edges.map(({ step, offers: fitting }) => ({
    step,
    // Steps of a source share paragraphs; one that builds on others is better known by what it uses.
    offers: fitting.filter(({ likeness }) => likeness > 0 || (steps[step]?.builds_on ?? []).length === 0),
  }));
  matchAll(asked, offers, owners, served);
  serveByDependence(run, steps, offers, owners, served);
  matchAll(edges.filter(({ step }) => served.get(step)?.size === 0), offers, owners, served);
  joinAnswers(edges, offers, owners, served);
  joinFetching(run, steps, evidence, served);
  return { checkable, served, neutral: new Set() };
}

/** Something an action brings that can serve one gold step: a paragraph it names, or the answer to a question. */
interface Offer {
  action: number;
  subgoal: number;
  paragraph: string | null;
  answers: boolean;
  question: ReadonlySet<string>;
}

/** A gold step and the offers that may serve it, best first. */
interface Edges {
  step: number;
  offers: { offer: number; likeness: number; score: number }[];
}

const ANSWERING: ReadonlySet<string> = new Set(["QA", "VQA", "Calculator", "Code"]);

function isQuestion(step: GoldStep): boolean {
  return step.question !== undefined || (step.paragraphs?.some((set) => set.length > 0) ?? false);
}

function offersOf({ index, subgoal, node }: PlacedAction, evidence: EvidencePlaces): Offer[] {
  const question = contentWords(queryText(argsText(node.args)));
  const offer = (paragraph: string | null): Offer => ({
    action: index,
    subgoal,
    paragraph,
    answers: ANSWERING.has(node.tool),
    question,
  });
  const paragraphs = namedParagraphs(node.result, evidence.paragraphs);
  if (paragraphs.length > 0) return paragraphs.map(offer);
  return ANSWERING.has(node.tool) ? [offer(null)] : [];
}

/** The query of an action: what stands behind `Query:` or `Question:`, else all of it. */
function queryText(text: string): string {
  const at = Math.max(text.lastIndexOf("Question:"), text.lastIndexOf("Query:"));
  return at < 0 ? text : text.slice(text.indexOf(":", at) + 1);
}

function edgesOf(step: number, steps: readonly GoldStep[], offers: readonly Offer[], subgoals: number): Edges {
  const gold = steps[step];
  const paragraphs = new Set((gold?.paragraphs ?? []).flat().map(foldTitle));
  const question = gold?.question === undefined ? null : contentWords(gold.question);
  const fitting = offers.flatMap((offer, index) => {
    const named = offer.paragraph !== null && paragraphs.has(offer.paragraph);
    const likeness = question === null ? 0 : sameQuestion(question, offer.question);
    // Among equals (`How many votes did #1 get?`, `How many votes did #2 get?`) the one at the same place in the order.
    const distance = Math.abs((step + 1) / steps.length - offer.subgoal / subgoals);
    const score = (named ? 1 : 0) + likeness + (offer.answers ? 0.75 : 0) - distance / 10;
    return named || likeness > 0 ? [{ offer: index, likeness, score }] : [];
  });
  return { step, offers: fitting.sort((a, b) => b.score - a.score) };
}

/** Gives as many steps as possible a free offer of their own (augmenting paths), the surest first. */
function matchAll(edges: readonly Edges[], offers: readonly Offer[], owners: Map<number, number>, served: ReadonlyMap<number, Set<number>>): void {
  const byStep = new Map(edges.map((each) => [each.step, each]));
  const place = ({ step, offers: fitting }: Edges, tried: Set<number>): boolean => {
    for (const { offer } of fitting) {
      if (tried.has(offer)) continue;
      tried.add(offer);
      const owner = owners.get(offer);
      const holder = owner === undefined ? undefined : byStep.get(owner);
      if (owner === undefined || (holder !== undefined && place(holder, tried))) {
        owners.set(offer, step);
        return true;
      }
    }
    return false;
  };
  const best = ({ offers: fitting }: Edges) => fitting[0]?.score ?? 0;
  for (const each of [...edges].sort((a, b) => best(b) - best(a))) place(each, new Set());
  for (const [offer, step] of owners) {
    const action = offers[offer]?.action;
    if (action !== undefined && byStep.has(step)) served.get(step)?.add(action);
  }
}

/** Steps still unserved that build on others, or are the last: served by a free answer that uses what those found. */
function serveByDependence(
  run: Run,
  steps: readonly GoldStep[],
  offers: readonly Offer[],
  owners: Map<number, number>,
  served: ReadonlyMap<number, Set<number>>,
): void {
  const subgoalsOf = (step: number) => new Set([...(served.get(step) ?? [])].map((index) => run.actions[index]?.subgoal));
  for (const [index, step] of steps.entries()) {
    const actions = served.get(index);
    if (actions === undefined || actions.size > 0) continue;
    const bases = (step.builds_on ?? []).map((number) => subgoalsOf(number - 1));
    const isLast = index === steps.length - 1;
    const serving = offers.findIndex((offer, at) => {
      if (!offer.answers || owners.has(at)) return false;
      const used = (run.uses[offer.action] ?? []).flatMap((by) => run.actions[by] ?? []);
      const found = used.filter(({ subgoal, node }) => subgoal !== offer.subgoal || ANSWERING.has(node.tool));
      const follows = bases.length > 0 && bases.every((base) => found.some(({ subgoal }) => base.has(subgoal)));
      return follows || (isLast && offer.action === run.actions.length - 1);
    });
    const offer = offers[serving];
    if (offer === undefined) continue;
    owners.set(serving, index);
    actions.add(offer.action);
  }
}

/** Within a subgoal that serves a step, what else fits that step and no other takes part in serving it: the answer beside the paragraph. */
function joinAnswers(edges: readonly Edges[], offers: readonly Offer[], owners: ReadonlyMap<number, number>, served: ReadonlyMap<number, Set<number>>): void {
  for (const { step, offers: fitting } of edges) {
    const actions = served.get(step);
    const subgoals = new Set(offers.flatMap(({ action, subgoal }) => (actions?.has(action) === true ? [subgoal] : [])));
    for (const { offer } of fitting) {
      const candidate = offers[offer];
      if (candidate !== undefined && !owners.has(offer) && subgoals.has(candidate.subgoal)) actions?.add(candidate.action);
    }
  }
}

/** Subgoals that serve nothing yet but fetch a page or paragraph for what serves a step take part in serving it. */
function joinFetching(run: Run, steps: readonly GoldStep[], evidence: EvidencePlaces, served: ReadonlyMap<number, Set<number>>): void {
  const serving = new Set([...served.values()].flatMap((actions) => [...actions]).map((index) => run.actions[index]?.subgoal));
  for (const { index, subgoal, node } of run.actions) {
    if (serving.has(subgoal)) continue;
    const pages = new Set([
      ...namedPages(node.result, evidence.pages),
      ...namedParagraphs(node.result, evidence.paragraphs).map(pageOf),
    ]);
    for (const [step, gold] of steps.entries()) {
      const actions = served.get(step);
      const shares = (gold.paragraphs ?? []).flat().some((paragraph) => pages.has(pageOf(foldTitle(paragraph))));
      const fetchedFor = [...(actions ?? [])].some((by) => run.uses[by]?.includes(index) === true);
      if (shares && fetchedFor) actions?.add(index);
    }
  }
}

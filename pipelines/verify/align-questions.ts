import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import { argsText } from "../plan/args.ts";
import type { Run, Service } from "./align.ts";
import type { PlacedAction } from "./dataflow.ts";
import { type EvidencePlaces, evidencePlaces, foldTitle, namedPages, namedParagraphs, pageOf } from "./places.ts";
import { contentWords, sameQuestion } from "./questions.ts";

/**
 * Serves gold steps that are questions over paragraphs. A step is served by an action that names one of its paragraphs or asks
 * its question, or, where it builds on other steps, by one that uses what the subgoals serving those found; the last step also by
 * the plan's last action. Each paragraph an action names, and each question it answers, serves one gold step: a dropped
 * step is not hidden by a neighbour with the same paragraph.
 */
export function alignQuestions(run: Run, example: SourceExample): Service {
  const evidence = evidencePlaces(example);
  const offers = run.actions.flatMap((action) => offersOf(action, evidence));
  const steps = example.gold_steps;
  const checkable = new Set(steps.flatMap((step, index) => (isQuestion(step) ? [index] : [])));
  const edges = [...checkable].map((index) => directEdges(index, steps, offers));
  const owners = matchAll(edges);
  const served = new Map<number, Set<number>>([...checkable].map((index) => [index, new Set<number>()]));
  for (const [offer, index] of owners) {
    const action = offers[offer]?.action;
    if (action !== undefined) served.get(index)?.add(action);
  }
  serveByDependence(run, steps, offers, owners, served);
  joinFetching(run, steps, evidence, served);
  return { checkable, served, neutral: new Set() };
}

/** Something an action brings that can serve one gold step: a paragraph it names, or the answer to a question. */
interface Offer {
  action: number;
  subgoal: number;
  paragraph: string | null;
  answers: boolean;
  questions: ReadonlySet<string>[];
}

/** A gold step and the offers that may serve it, best first. */
interface Edges {
  step: number;
  offers: { offer: number; score: number }[];
}

const ANSWERING: ReadonlySet<string> = new Set(["QA", "VQA", "Calculator", "Code"]);

function isQuestion(step: GoldStep): boolean {
  return step.question !== undefined || (step.paragraphs?.some((set) => set.length > 0) ?? false);
}

function offersOf({ index, subgoal, node }: PlacedAction, evidence: EvidencePlaces): Offer[] {
  const questions = [contentWords(queryText(argsText(node.args)))];
  const offer = (paragraph: string | null): Offer => ({
    action: index,
    subgoal,
    paragraph,
    answers: ANSWERING.has(node.tool),
    questions,
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

function directEdges(step: number, steps: readonly GoldStep[], offers: readonly Offer[]): Edges {
  const gold = steps[step];
  const paragraphs = new Set((gold?.paragraphs ?? []).flat().map(foldTitle));
  const question = gold?.question === undefined ? null : contentWords(gold.question);
  const scored = offers.flatMap((offer, index) => {
    const named = offer.paragraph !== null && paragraphs.has(offer.paragraph);
    const likeness = question === null ? 0 : Math.max(0, ...offer.questions.map((asked) => sameQuestion(question, asked)));
    const score = (named ? 1 : 0) + likeness + (offer.answers ? 0.5 : 0);
    return named || likeness > 0 ? [{ offer: index, score }] : [];
  });
  return { step, offers: scored.sort((a, b) => b.score - a.score) };
}

/** Gives as many steps as possible an offer of their own (augmenting paths). The result maps offers to steps. */
function matchAll(edges: readonly Edges[]): Map<number, number> {
  const owners = new Map<number, number>();
  const byStep = new Map(edges.map((each) => [each.step, each]));
  const place = ({ step, offers }: Edges, tried: Set<number>): boolean => {
    for (const { offer } of offers) {
      if (tried.has(offer)) continue;
      tried.add(offer);
      const holder = byStep.get(owners.get(offer) ?? -1);
      if (holder === undefined || place(holder, tried)) {
        owners.set(offer, step);
        return true;
      }
    }
    return false;
  };
  const surest = [...edges].sort((a, b) => (b.offers[0]?.score ?? 0) - (a.offers[0]?.score ?? 0));
  for (const each of surest) place(each, new Set());
  return owners;
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
      const used = new Set((run.uses[offer.action] ?? []).map((by) => run.actions[by]?.subgoal));
      const follows = bases.length > 0 && bases.every((base) => [...base].some((subgoal) => used.has(subgoal)));
      return follows || (isLast && offer.action === run.actions.length - 1);
    });
    const offer = offers[serving];
    if (offer === undefined) continue;
    owners.set(serving, index);
    actions.add(offer.action);
  }
}

/** Subgoals that serve nothing yet but look up a page or paragraph of a served step take part in serving it. */
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
      if (shares && actions !== undefined && actions.size > 0) actions.add(index);
    }
  }
}

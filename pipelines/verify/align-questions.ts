import type { GoldStep, SourceExample } from "../../schemas/example.ts";
import type { Run, Service } from "./service.ts";
import { ANSWERING, type Finding, findingsOf, type Retrieval } from "./findings.ts";
import { foldTitle } from "./places.ts";
import { contentWords, fitTo, sameQuestion, vocabulary } from "./questions.ts";

/**
 * Serves gold steps that are questions over paragraphs. A finding (an answer with the paragraphs retrieved for it) serves one step: the last
 * one the last step; the others that whose question they ask, or one of whose paragraphs they name, or which builds on what
 * they use. So a dropped step is not hidden by a neighbour with the same paragraph. A step that no finding serves may still be joined
 * in one: by a paragraph or a query that is there for it alone.
 */
export function alignQuestions(run: Run, example: SourceExample): Service {
  const steps = example.gold_steps.map((gold) => stepOf(gold, example.gold_steps));
  const checkable = new Set(steps.flatMap(({ isQuestion }, index) => (isQuestion ? [index] : [])));
  const findings = findingsOf(run, example);
  const edges = edgesOf(steps, findings, run.actions.at(-1)?.subgoal ?? 1).filter(({ step }) => checkable.has(step));
  const pairs = new Pairs(edges);
  const final = findings.at(-1);
  const isRepeat = findings.slice(0, -1).some(({ isFormula, text }) => !isFormula && text.trim() === final?.text.trim());
  const isLast = final?.action === run.actions.length - 1 && checkable.has(steps.length - 1);
  if (isLast && !isRepeat && mayAsk(final, steps.length - 1, steps)) pairs.join(steps.length - 1, findings.length - 1);
  // Steps of a source share paragraphs; one that builds on others is better known by what it uses.
  pairs.matchAll(({ step, likeness }) => likeness > 0 || steps[step]?.buildsOn.length === 0);
  pairByDependence(run, steps, findings, pairs, checkable);
  pairs.matchAll(() => true);
  const served = servedBy(run, steps, findings, pairs, checkable);
  for (const [step, finding] of pairs.finding) if (isMisreferred(run, step, example, findings[finding], served)) served.set(step, new Set());
  return { checkable, served, neutral: new Set() };
}

/** A gold step as it is looked for. `wider`: the words of its question and of those it builds on, directly or not. `buildsOn`: indexes. */
interface Step {
  isQuestion: boolean;
  question: ReadonlySet<string>;
  wider: ReadonlySet<string>;
  paragraphs: ReadonlySet<string>;
  buildsOn: readonly number[];
}

function stepOf(gold: GoldStep, all: readonly GoldStep[]): Step {
  const bases = new Set<GoldStep>([gold]);
  for (const base of bases) for (const number of base.builds_on ?? []) bases.add(all[number - 1] ?? base);
  return {
    isQuestion: gold.question !== undefined || (gold.paragraphs?.some((set) => set.length > 0) ?? false),
    question: contentWords(gold.question ?? ""),
    wider: vocabulary([...bases].map(({ question }) => question ?? "")),
    paragraphs: new Set((gold.paragraphs ?? []).flat().map(foldTitle)),
    buildsOn: (gold.builds_on ?? []).map((number) => number - 1),
  };
}

/** A finding that may serve a gold step. */
interface Edge {
  step: number;
  finding: number;
  likeness: number;
  score: number;
}

function edgesOf(steps: readonly Step[], findings: readonly Finding[], subgoals: number): Edge[] {
  return findings.flatMap((finding, index) => {
    const best = bestFit(finding.question, steps);
    const isVerbatim = steps.some(({ question }) => question.size > 0 && question.size === finding.question.size && [...question].every((word) => finding.question.has(word)));
    return steps.flatMap((step, at): Edge[] => {
      const isOther = isVerbatim && best > fitOf(finding.question, step);
      const named = finding.known >= HARDLY_KNOWN && !isOther && finding.retrievals.some(({ paragraphs }) => paragraphs.some((name) => step.paragraphs.has(name)));
      const likeness = fitOf(finding.question, step) >= best ? sameQuestion(step.question, finding.question) : 0;
      // Among equals (`How many votes did #1 get?`, `How many votes did #2 get?`) the one at the same place in the order.
      const distance = Math.abs((at + 1) / steps.length - finding.subgoal / subgoals);
      return named || likeness > 0 ? [{ step: at, finding: index, likeness, score: (named ? 1 : 0) + 1.5 * likeness - distance / 10 }] : [];
    });
  });
}

function fitOf(question: ReadonlySet<string>, step: Step): number {
  return fitTo(step.question, step.wider, question);
}

/** The best fit of a question to a step that asks the same; a question is that of no other step. */
function bestFit(question: ReadonlySet<string>, steps: readonly Step[]): number {
  return Math.max(0, ...steps.map((step) => (sameQuestion(step.question, question) > 0 ? fitOf(question, step) : 0)));
}

/** Whether a finding may ask a step's question in words of its own: it is about the source, and is not the question of another step. */
function mayAsk({ answers, isFormula, known, question }: Finding, index: number, steps: readonly Step[]): boolean {
  const step = steps[index];
  if (!answers || step === undefined) return false;
  const isAboutSource = known >= MOSTLY_KNOWN || (question.size === 0 && step.question.size === 0);
  return isFormula || (isAboutSource && fitOf(question, step) >= bestFit(question, steps));
}

const MOSTLY_KNOWN = 0.5;
/** With less than this a question asks something else, whatever paragraph it is put to. */
const HARDLY_KNOWN = 1 / 3;

/** Which finding serves which gold step: one each. */
class Pairs {
  readonly finding = new Map<number, number>();
  readonly step = new Map<number, number>();

  constructor(readonly edges: readonly Edge[]) {}

  join(step: number, finding: number): void {
    this.finding.set(step, finding);
    this.step.set(finding, step);
  }

  /** Gives as many steps as possible a free finding of their own (augmenting paths), the surest first; what is paired before stays so. */
  matchAll(admits: (edge: Edge) => boolean): void {
    const open = new Map<number, Edge[]>();
    const free = this.edges.filter((edge) => !this.finding.has(edge.step) && !this.step.has(edge.finding) && admits(edge));
    for (const edge of free.sort((a, b) => b.score - a.score)) {
      const own = open.get(edge.step);
      if (own === undefined) open.set(edge.step, [edge]);
      else own.push(edge);
    }
    const place = (step: number, tried: Set<number>): boolean => {
      for (const { finding } of open.get(step) ?? []) {
        if (tried.has(finding)) continue;
        tried.add(finding);
        const holder = this.step.get(finding);
        if (holder !== undefined && !place(holder, tried)) continue;
        this.join(step, finding);
        return true;
      }
      return false;
    };
    // In the order in which they were put in: the surest first.
    for (const step of open.keys()) place(step, new Set());
  }
}

/** Steps still unserved that build on others: served by a free answer that uses what those found. */
function pairByDependence(run: Run, steps: readonly Step[], findings: readonly Finding[], pairs: Pairs, checkable: ReadonlySet<number>): void {
  const subgoalOf = (step: number) => findings[pairs.finding.get(step) ?? -1]?.subgoal;
  for (const [index, { buildsOn }] of steps.entries()) {
    if (!checkable.has(index) || pairs.finding.has(index) || buildsOn.length === 0) continue;
    const serving = findings.findIndex((finding, at) => {
      if (pairs.step.has(at) || !mayAsk(finding, index, steps)) return false;
      const used = (run.uses[finding.action] ?? []).flatMap((by) => run.actions[by] ?? []);
      const found = new Set(used.filter(({ subgoal, node }) => subgoal !== finding.subgoal || ANSWERING.has(node.tool)).map(({ subgoal }) => subgoal));
      return buildsOn.every((base) => found.has(subgoalOf(base) ?? -1));
    });
    if (serving >= 0) pairs.join(index, serving);
  }
}

/** The actions that serve each step together: a finding with what was fetched for it, and what is joined in others. */
function servedBy(run: Run, steps: readonly Step[], findings: readonly Finding[], pairs: Pairs, checkable: ReadonlySet<number>): Map<number, Set<number>> {
  const served = new Map([...checkable].map((step) => [step, new Set<number>()]));
  for (const [step, finding] of pairs.finding) served.get(step)?.add(findings[finding]?.action ?? 0);
  for (const [step, actions] of served) {
    const own = steps[step];
    // The last one is answered, or it is missing.
    if (actions.size === 0 && own !== undefined && step < steps.length - 1) for (const action of joinedIn(own, steps, findings, pairs)) actions.add(action);
  }
  joinLikes(findings, pairs, served);
  joinFetching(run, served);
  return served;
}

/** Retrievals of other steps' findings that are there for this step: by a paragraph that theirs does not have, or a query that is not theirs. */
function joinedIn(step: Step, steps: readonly Step[], findings: readonly Finding[], pairs: Pairs): number[] {
  const isFor = (finding: Finding, other: Step | undefined, { paragraphs, question }: Retrieval): boolean =>
    paragraphs.some((name) => step.paragraphs.has(name) && other?.paragraphs.has(name) !== true) ||
    (sameQuestion(finding.question, question) === 0 && sameQuestion(step.question, question) > 0 && fitOf(question, step) >= bestFit(question, steps));
  return findings.flatMap((finding, at) => {
    if (finding.known < HARDLY_KNOWN) return [];
    const other = steps[pairs.step.get(at) ?? -1];
    return finding.retrievals.flatMap((retrieval) => (isFor(finding, other, retrieval) ? [retrieval.action] : []));
  });
}

/** Findings that serve no step of their own take part in serving one that they fit: in its subgoal, or in one that serves nothing else. */
function joinLikes(findings: readonly Finding[], pairs: Pairs, served: ReadonlyMap<number, Set<number>>): void {
  const subgoalOf = new Map(findings.map(({ action, subgoal }) => [action, subgoal]));
  const serving = new Set([...served.values()].flatMap((actions) => [...actions]).map((action) => subgoalOf.get(action)));
  for (const { step, finding: at } of pairs.edges) {
    const [finding, own] = [findings[at], findings[pairs.finding.get(step) ?? -1]];
    if (finding === undefined || own === undefined || pairs.step.has(at)) continue;
    if (finding.subgoal === own.subgoal || !serving.has(finding.subgoal)) served.get(step)?.add(finding.action);
  }
}

/**
 * Whether a finding asks a gold step's question word for word, but of other results: `Is R3 in R6?` for `Is #1 in #2?`, where R6 answers step 1. A question
 * that reads the same both ways (`Is #1 the same as #2?`) may exchange them.
 */
function isMisreferred(run: Run, step: number, { gold_steps }: SourceExample, finding: Finding | undefined, served: ReadonlyMap<number, ReadonlySet<number>>): boolean {
  const gold = tokens(gold_steps[step]?.question ?? "");
  const asked = tokens(finding?.text ?? "");
  const isCopy = gold.length === asked.length && gold.every((token, at) => token === asked[at] || (token.startsWith("#") && asked[at]?.startsWith("R") === true));
  if (!isCopy || gold.some((token) => EITHER_WAY.has(token))) return false;
  const serving = (base: number) => new Set([...(served.get(base) ?? [])].map((index) => run.actions[index]?.subgoal));
  return gold.some((token, at) => {
    const subgoals = token.startsWith("#") ? serving(Number(token.slice(1)) - 1) : new Set();
    const by = run.actions.find(({ node }) => node.outputs.includes(asked[at] ?? ""));
    return subgoals.size > 0 && by !== undefined && !subgoals.has(by.subgoal);
  });
}

/** The words of a question in their order, folded, with its references. */
function tokens(question: string): string[] {
  return (question.slice(0, 2_000).match(/#[0-9]{1,3}|[\p{L}\p{N}]+/gu) ?? []).map((token) => (/^R[0-9]+$/.test(token) ? token : token.toLowerCase()));
}

const EITHER_WAY: ReadonlySet<string> = new Set("and or same equal equals equivalent identical different both either match matches share shared common overlap together between".split(" "));

/** What fetches pages and paragraphs for a step takes part in serving it, in the same subgoal or in one that serves nothing else. */
function joinFetching(run: Run, served: ReadonlyMap<number, Set<number>>): void {
  const subgoalOf = (index: number) => run.actions[index]?.subgoal;
  const serving = new Set([...served.values()].flatMap((actions) => [...actions]).map(subgoalOf));
  for (const actions of served.values()) {
    const own = new Set([...actions].map(subgoalOf));
    for (const index of actions) {
      for (const used of run.uses[index] ?? []) {
        const fetches = !ANSWERING.has(run.actions[used]?.node.tool ?? "");
        if (fetches && (own.has(subgoalOf(used)) || !serving.has(subgoalOf(used)))) actions.add(used);
      }
    }
  }
}

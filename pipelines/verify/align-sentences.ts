import type { SourceExample } from "../../schemas/example.ts";
import { argsText } from "../plan/args.ts";
import type { Run, Service } from "./service.ts";
import { ANSWERING } from "./findings.ts";
import { contentWords, knownShare, vocabulary } from "./questions.ts";

/** A sentence is served by an action whose words, with those of the results it uses, are this share of the sentence's content words. */
const COVERED = 1 / 3;
/** And so many of them, where the sentence has as many. */
const LEAST_COMMON = 2;
/** An action fewer of whose own words are the source's is about something else. */
const MOSTLY_KNOWN = 0.5;
/** The last one asks the question again. */
const NEARLY_KNOWN = 2 / 3;

/**
 * Serves gold steps that are the sentences of an explanation. The last one gives the answer, and is served by the plan's last action where that asks
 * about the source; others that name the answer need no one else then. Each other one is served by the action whose result quotes it, else by the one
 * that says most of it (its query and result, and the results it uses), first of those in the source's order. An explanation says more than a
 * plan has to: where half of the other sentences are served (of a single one: it), none is missing.
 */
export function alignSentences(run: Run, example: SourceExample): Service {
  const { task, rationale, environment, gold_steps } = example;
  const known = vocabulary([task, rationale, environment ?? ""]);
  const sentences = gold_steps.map(({ text }) => contentWords(text));
  const served = new Map(gold_steps.map((_, step) => [step, new Set<number>()]));
  const sayings = sayingsOf(run, known);
  const last = gold_steps.length - 1;
  const final = sayings.at(-1);
  const concludes = final?.index === run.actions.length - 1;
  if (final !== undefined && concludes) served.get(last)?.add(final.index);
  const answer = contentWords(example.answer);
  const namesAnswer = (words: ReadonlySet<string>): boolean => concludes && answer.size > 0 && [...answer].every((word) => words.has(word));
  const before = concludes ? sayings.slice(0, -1) : sayings;
  const quoting = gold_steps.map(({ text }) => before.filter(({ result }) => ` ${result} `.includes(` ${folded(text)} `)).map(({ index }) => index));
  let latest = 0;
  for (const [step, words] of sentences.entries()) {
    if (step === last) continue;
    const own = quoting[step] ?? [];
    const quoted = own.find((index) => index >= latest) ?? own[0];
    // The last action uses what the others found: they come first. What names the answer early is no reason to put it before them.
    const next = quoting.slice(step + 1).find((indexes) => indexes.length > 0)?.at(-1) ?? Infinity;
    const inOrder = before.filter(({ index }) => index >= latest && index <= next);
    const best = quoted ?? bestOf(inOrder, words) ?? bestOf(before, words) ?? (namesAnswer(words) ? null : bestOf(sayings, words));
    if (best === null) continue;
    served.get(step)?.add(best);
    latest = Math.max(latest, best);
  }
  const others = sentences.flatMap((words, step) => (step !== last && words.size > 0 && !namesAnswer(words) && !LEADS_IN.test(gold_steps[step]?.text ?? "") ? [step] : []));
  const said = others.filter((step) => (served.get(step)?.size ?? 0) > 0);
  const checkable = 2 * said.length >= others.length ? said : others;
  return { checkable: new Set([...checkable, ...(last >= 0 ? [last] : [])]), served, neutral: new Set([...observing(run, sayings), ...recalling(run, sayings, example)]) };
}

/** Whether a result is what the source's authors wrote: nothing but sentences of the gold steps, whole and in a row, or the image's caption. */
export function isQuoted(result: string, { gold_steps, image }: SourceExample): boolean {
  const said = folded(result);
  if (said === "" || result.length > MOST_CHARACTERS) return false;
  const sentences = [...gold_steps.map(({ text }) => text), image?.caption ?? ""].map((text) => folded(text)).filter((text) => text !== "");
  const reached = new Set([0]);
  for (const at of reached) {
    for (const sentence of sentences) {
      const end = at + sentence.length;
      if (said.startsWith(sentence, at) && (end === said.length || said[end] === " ")) reached.add(end === said.length ? end : end + 1);
    }
  }
  return reached.has(said.length);
}

const MOST_CHARACTERS = 5_000;

/** What an action says: its words and those of the results it rests on directly. */
interface Saying {
  index: number;
  subgoal: number;
  tool: string;
  /** Its result, folded. */
  result: string;
  words: ReadonlySet<string>;
}

/** The answering actions that are about the source. */
function sayingsOf(run: Run, known: ReadonlySet<string>): Saying[] {
  const results = run.actions.map(({ node }) => contentWords(node.result));
  return run.actions.flatMap(({ index, subgoal, node }): Saying[] => {
    if (!ANSWERING.has(node.tool)) return [];
    const used = (run.uses[index] ?? []).map((by) => results[by] ?? new Set<string>());
    const asked = contentWords(argsText(node.args).replace(CONTEXT, ""));
    const isFormula = node.tool === "Calculator" || node.tool === "Code";
    // The final result is the answer, whatever was asked.
    const isFinal = index === run.actions.length - 1;
    const own = isFinal ? asked : new Set([...asked, ...(results[index] ?? [])]);
    const share = knownShare(own, (word) => known.has(word) || GENERAL.has(word), 0);
    if (!isFormula && share < (isFinal ? NEARLY_KNOWN : MOSTLY_KNOWN)) return [];
    return [{ index, subgoal, tool: node.tool, result: folded(node.result), words: new Set([...own, ...used.flatMap((words) => [...words])]) }];
  });
}

function bestOf(sayings: readonly Saying[], sentence: ReadonlySet<string>): number | null {
  let best: { index: number; common: number } | null = null;
  for (const { index, words } of sayings) {
    const common = [...sentence].filter((word) => words.has(word)).length;
    const isServed = common >= Math.min(LEAST_COMMON, sentence.size) && common >= COVERED * sentence.size;
    if (isServed && common > (best?.common ?? 0)) best = { index, common };
  }
  return best?.index ?? null;
}

/** Subgoals that only look at the image: what they see need not be told by the explanation. */
function observing({ actions }: Run, sayings: readonly Saying[]): Set<number> {
  const others = new Set(actions.flatMap(({ subgoal, node }) => (node.tool === "VQA" ? [] : [subgoal])));
  return new Set(sayings.flatMap(({ subgoal, tool }) => (tool === "VQA" && !others.has(subgoal) ? [subgoal] : [])));
}

/** Subgoals that recall, from nothing else, a sentence of what the source says in general. */
function recalling({ actions, uses }: Run, sayings: readonly Saying[], { rationale }: SourceExample): Set<number> {
  const said = ` ${folded(rationale, MOST_RATIONALE)} `;
  const isAlone = (subgoal: number): boolean => actions.filter((action) => action.subgoal === subgoal).length === 1;
  const recalls = ({ index, subgoal, result }: Saying): boolean =>
    index < actions.length - 1 && (uses[index] ?? []).length === 0 && result.split(" ").length >= LEAST_QUOTED && said.includes(` ${result} `) && isAlone(subgoal);
  return new Set(sayings.filter(recalls).map(({ subgoal }) => subgoal));
}

/** Announces what follows, and states nothing. */
const LEADS_IN = /:$/;
const MOST_RATIONALE = 25_000;
/** Fewer words may stand anywhere. */
const LEAST_QUOTED = 4;

/** Words that ask, whatever a question is about. */
const GENERAL: ReadonlySet<string> = vocabulary(["image picture shown show shows say says choice choices option right correct answer question describe described known follow follows best bear bears"]);
/** `Env,` or `[R1, R2],` before the question. */
const CONTEXT = /^\s*(?:Env|\[[^\]]{0,1000}\]|[^:]{0,200}?)\s*,\s*(?:Question|Query)\s*:/i;

function folded(text: string, most = MOST_CHARACTERS): string {
  return (text.slice(0, most + 1).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
}

import type { SourceExample } from "../../schemas/example.ts";
import { argsText } from "../plan/args.ts";
import type { Run } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";
import { evidencePlaces, namedParagraphs } from "./places.ts";
import { contentWords, knownShare, vocabulary } from "./questions.ts";

/** An answer with what was retrieved for it; or a retrieval that no answer uses, by itself. Indexes into the plan's actions. */
export interface Finding {
  action: number;
  subgoal: number;
  answers: boolean;
  /** Asks in variables and signs instead of words. */
  isFormula: boolean;
  /** Its question. */
  text: string;
  /** The content words of its text. */
  question: ReadonlySet<string>;
  retrievals: readonly Retrieval[];
  /** The share of its words, references among them, that are those of the source or of the results it uses; 1 for a formula. */
  known: number;
}

/** A retrieval and the paragraphs it names, folded. */
export interface Retrieval {
  action: number;
  subgoal: number;
  paragraphs: readonly string[];
  question: ReadonlySet<string>;
}

/** All findings of a plan, in its order. */
export function findingsOf(run: Run, example: SourceExample): Finding[] {
  const evidence = evidencePlaces(example).paragraphs;
  const words = vocabulary([example.task, example.rationale, ...example.gold_steps.map(({ question, text }) => question ?? text), ...evidence]);
  const retrievals = new Map(
    run.actions.flatMap((action): [number, Retrieval][] => (action.node.tool === "ParagraphRetrieve" ? [[action.index, retrievalOf(action, evidence)]] : [])),
  );
  const answers = run.actions.filter(({ node }) => ANSWERING.has(node.tool));
  const found = run.actions.map(({ node }) => vocabulary([node.result]));
  const used = new Set(answers.flatMap(({ index }) => run.uses[index] ?? []));
  return run.actions.flatMap((action): Finding[] => {
    const { index, subgoal, node } = action;
    const text = queryText(node.args);
    const question = contentWords(text);
    if (ANSWERING.has(node.tool)) {
      const uses = run.uses[index] ?? [];
      const isFormula = node.tool === "Calculator" || node.tool === "Code";
      const known = isFormula ? 1 : knownShare(question, (word) => words.has(word) || uses.some((by) => found[by]?.has(word)), referencesIn(text));
      return [{ action: index, subgoal, answers: true, isFormula, text, question, retrievals: uses.flatMap((by) => retrievals.get(by) ?? []), known }];
    }
    const retrieval = retrievals.get(index);
    if (retrieval === undefined || used.has(index)) return [];
    return [{ action: index, subgoal, answers: false, isFormula: false, text, question, retrievals: [retrieval], known: knownShare(question, (word) => words.has(word), referencesIn(text)) }];
  });
}

/** The tools whose result answers a question; the others of a plan over paragraphs fetch what they need. */
export const ANSWERING: ReadonlySet<string> = new Set(["QA", "VQA", "Calculator", "Code"]);

const REFERENCE = /(?<![\p{L}\p{N}_-])R[1-9][0-9]{0,5}(?![\p{L}\p{N}_-])/gu;

function retrievalOf({ index, subgoal, node }: PlacedAction, evidence: ReadonlySet<string>): Retrieval {
  return { action: index, subgoal, paragraphs: namedParagraphs(node.result, evidence), question: contentWords(queryText(node.args)) };
}

/** The query of an action: what stands behind `Query:` or `Question:`, else all of it. */
function queryText(args: PlacedAction["node"]["args"]): string {
  const text = argsText(args);
  const marker = /(?:question|query):/i.exec(text);
  return marker === null ? text : text.slice(marker.index + marker[0].length);
}

function referencesIn(text: string): number {
  return new Set(text.match(REFERENCE)).size;
}

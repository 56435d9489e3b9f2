import type { Mapped } from "../../schemas/converter.ts";
import type { GoldStep, SourcePlace } from "../../schemas/example.ts";
import { foldSpace } from "../shared/text.ts";
import { references } from "./references.ts";
import type { StepEvidence, StrategyqaRecord } from "./record.ts";

/**
 * A record as a source example. Gold steps are the decomposition's questions. StrategyQA publishes no answers to them; the
 * last one asks the strategy question itself in terms of the steps before, whose answer is the example's.
 */
export function mapRecord(record: StrategyqaRecord, place: SourcePlace): Mapped {
  const usable = record.evidence.find((set) => !set.some((step) => step.includes("no_evidence")));
  if (usable === undefined) {
    return { skip: "no_evidence", detail: "every annotator lacks evidence for at least one step" };
  }
  const id = `strategyqa/${record.qid}`;
  const answer = record.answer ? "True" : "False";
  const questions = record.decomposition.map(foldSpace);
  const steps = questions.map((question, index): GoldStep => {
    const sets = record.evidence.map((set) => paragraphsOf(set[index] ?? [])).filter((set) => set.length > 0);
    const builds_on = references(question).filter((step) => step <= index);
    return {
      id: `${id}#${index + 1}`,
      text: question,
      question,
      ...(sets.length > 0 ? { paragraphs: sets } : {}),
      ...(builds_on.length > 0 ? { builds_on } : {}),
    };
  });
  const evidence = usable.map(paragraphsOf);
  return {
    example: {
      id,
      dataset: "strategyqa",
      domain: "complex_qa",
      task: record.question,
      rationale: rationaleOf(record.facts.map(foldSpace), questions, evidence),
      answer,
      gold_steps: steps,
      environment: null,
      extra: { evidence },
      place,
    },
  };
}

/** The paragraph ids of a step's evidence, each once, in order. */
function paragraphsOf(step: StepEvidence): string[] {
  return [...new Set(step.flatMap((item) => (Array.isArray(item) ? item.map(foldSpace) : [])))].filter((id) => id !== "");
}

/** Facts and steps, laid out for people and for the model. */
function rationaleOf(facts: readonly string[], questions: readonly string[], evidence: readonly (readonly string[])[]): string {
  const known = facts.filter((fact) => fact !== "").map((fact) => `- ${fact}`);
  const steps = questions.map((question, index) => {
    const paragraphs = evidence[index] ?? [];
    return `${index + 1}. ${question} [${paragraphs.length > 0 ? `paragraphs: ${paragraphs.join(", ")}` : "no paragraph needed"}]`;
  });
  return [...(known.length > 0 ? ["Facts:", ...known] : []), "Steps (#n is the answer of step n):", ...steps].join("\n");
}

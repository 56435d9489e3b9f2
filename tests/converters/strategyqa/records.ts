import type { Mapped } from "../../../schemas/converter.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import converter from "../../../converters/strategyqa/index.ts";
import { type StrategyqaRecord, strategyqaRecordSchema } from "../../../converters/strategyqa/record.ts";

export const place = { file: "strategyqa_train.json", position: 1 };

/** A record in the published shape; every step has a paragraph unless `evidence` says otherwise. */
export function record(decomposition: string[], changes: Partial<StrategyqaRecord> = {}): StrategyqaRecord {
  return {
    qid: "q1",
    term: "Term",
    description: "what it is",
    question: "Is it so?",
    answer: true,
    facts: ["A fact."],
    decomposition,
    evidence: [decomposition.map((_, index) => [[`Page ${index + 1}-1`]])],
    ...changes,
  };
}

export function mapped(value: unknown): Mapped {
  return converter.map(strategyqaRecordSchema.parse(value), place);
}

export function example(value: unknown): SourceExample {
  const result = mapped(value);
  if ("skip" in result) throw new Error(`skipped: ${result.skip}`);
  return result.example;
}

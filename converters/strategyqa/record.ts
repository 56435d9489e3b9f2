import { z } from "zod";

/** Longer texts and lists than these are no StrategyQA record; the real ones stay far below. */
const textSchema = z.string().max(5_000);
const MAX_STEPS = 50;
const MAX_ITEMS = 200;

/** What an annotator found for a step: lists of paragraph ids (`Genghis Khan-17`), `operation`, `no_evidence`. */
const stepEvidenceSchema = z.array(z.union([z.array(textSchema.min(1)).max(MAX_ITEMS), textSchema])).max(MAX_ITEMS);

/**
 * A question as published in `strategyqa_train.json` and `strategyqa_dev.json`: a strategy question, its decomposition into steps
 * (a later one refers to the answer of an earlier one as `#1`), and per annotator the evidence for each step.
 */
export const strategyqaRecordSchema = z
  .looseObject({
    qid: z.string().trim().min(1).max(200),
    question: textSchema.refine((text) => text.trim() !== "", "expected a question"),
    answer: z.boolean(),
    facts: z.array(textSchema).max(MAX_ITEMS),
    decomposition: z.array(textSchema.refine((text) => text.trim() !== "", "expected a question")).min(1).max(MAX_STEPS),
    evidence: z.array(z.array(stepEvidenceSchema).max(MAX_STEPS)).max(MAX_ITEMS),
  })
  .refine(({ decomposition, evidence }) => evidence.every((set) => set.length === decomposition.length), {
    path: ["evidence"],
    message: "expected one entry a decomposition step",
  });

export type StrategyqaRecord = z.infer<typeof strategyqaRecordSchema>;
export type StepEvidence = z.infer<typeof stepEvidenceSchema>;

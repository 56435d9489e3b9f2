import { z } from "zod";
import { defectSchema, levelSchema } from "./defect.ts";
import { planSchema } from "./plan.ts";

/** What supports a result: see "Evidence and levels" in the README. */
export const EVIDENCE = ["computed", "contradicted", "matched", "claimed"] as const;
export const evidenceSchema = z.enum(EVIDENCE);
export type Evidence = z.infer<typeof evidenceSchema>;

/** What supports the final answer. `copied`: it equals the gold answer but follows from nothing computed or matched. */
export const answerEvidenceSchema = z.enum(["computed", "matched", "copied", "none"]);
export type AnswerEvidence = z.infer<typeof answerEvidenceSchema>;

/** The trace of one action. `evidence` is null where the action claims no result. `computed` is null where it can't be run here. */
export const actionTraceSchema = z.strictObject({
  subgoal: z.int().positive(),
  action: z.int().positive(),
  claimed: z.string(),
  computed: z.string().nullable(),
  evidence: evidenceSchema.nullable(),
  /** Why, in a few words, where the evidence alone does not say it. */
  note: z.string().optional(),
});
export type ActionTrace = z.infer<typeof actionTraceSchema>;

/** Which gold steps a subgoal serves (ids), possibly none or several. One entry a subgoal, in order. */
export const alignmentSchema = z.array(z.strictObject({ subgoal: z.int().positive(), gold: z.array(z.string()) }));
export type Alignment = z.infer<typeof alignmentSchema>;

/** What the verifier says of a plan. `level` is null where not even a plan could be read. */
export const verdictSchema = z.strictObject({
  level: levelSchema.nullable(),
  defects: z.array(defectSchema),
  trace: z.array(actionTraceSchema),
  evidence: z.strictObject({ computed: z.int(), contradicted: z.int(), matched: z.int(), claimed: z.int() }),
  answer: answerEvidenceSchema,
  alignment: alignmentSchema,
});
export type Verdict = z.infer<typeof verdictSchema>;

/** A plan with its verdict: what is stored for an example and a variant. */
export const annotationSchema = z.strictObject({
  plan: planSchema,
  verdict: verdictSchema,
  /** Made by rules that copy the source, so that its agreement with the source proves nothing about the verifier. */
  by_construction: z.boolean(),
});
export type Annotation = z.infer<typeof annotationSchema>;

/** What became of one selected record. Exactly one of these; a `skipped` or `failed` one has a reason in snake_case. */
export const STATES = ["annotated", "quarantined", "skipped", "failed"] as const;
export const stateSchema = z.enum(STATES);
export type State = z.infer<typeof stateSchema>;

import { z } from "zod";
import { domainSchema } from "./domain.ts";

/** A calculation that the source marks or writes out: `formula` as written (`48/2`), `result` as the source states it. */
export const operationSchema = z.strictObject({ formula: z.string(), result: z.string() });
export type Operation = z.infer<typeof operationSchema>;

/**
 * One step of the source's own rationale, with what can be checked against it.
 * `operations`: calculations of the step. `question`: the sub-question it answers. `paragraphs`: per annotator of the source,
 * the paragraphs it needs (any one annotator's set serves). `builds_on`: numbers (from 1) of the gold steps whose results it uses.
 * `result`: what the source says comes out, where it says so.
 */
export const goldStepSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  question: z.string().optional(),
  operations: z.array(operationSchema).optional(),
  paragraphs: z.array(z.array(z.string())).optional(),
  builds_on: z.array(z.int().positive()).optional(),
  result: z.string().optional(),
});
export type GoldStep = z.infer<typeof goldStepSchema>;

/** Where a source example stands: the file's base name and the record's position in it (line from 1, or index from 1). */
export const sourcePlaceSchema = z.strictObject({ file: z.string(), position: z.int().nonnegative() });
export type SourcePlace = z.infer<typeof sourcePlaceSchema>;

/** One task of a source dataset in the project's words: what every annotator starts from and every check compares with. */
export const sourceExampleSchema = z.strictObject({
  /** `<dataset>/<source id>`, stable over runs and files. */
  id: z.string(),
  dataset: z.string(),
  domain: domainSchema,
  /** Verbatim. */
  task: z.string().min(1),
  /** The source's rationale as its authors wrote it, for people and for the model. */
  rationale: z.string(),
  /** The gold answer as the source prints it, without its unit. */
  answer: z.string(),
  /** The unit that the source prints beside the answer, if any. */
  unit: z.string().optional(),
  /** Other spellings of the answer that the source accepts. */
  answer_aliases: z.array(z.string()).optional(),
  gold_steps: z.array(goldStepSchema),
  /** Initial environment description; null where there is none. */
  environment: z.string().nullable(),
  /** Which of the source's record forms this was read from (GSM8K: `plain` or `socratic`), where the source has several. */
  form: z.string().optional(),
  /** Source fields that only this source's rules need, of any JSON shape. */
  extra: z.record(z.string(), z.unknown()).optional(),
  place: sourcePlaceSchema,
});
export type SourceExample = z.infer<typeof sourceExampleSchema>;

import { z } from "zod";

/** A problem of ASDiv (https://github.com/chaochun/nlu-asdiv-dataset) as its XML gives it: the attributes under `@`, the children by name. */
export const asdivRecordSchema = z.object({
  "@ID": z.string(),
  Body: z.string(),
  Question: z.string(),
  "Solution-Type": z.string(),
  Answer: z.string(),
  Formula: z.string(),
});
export type AsdivRecord = z.infer<typeof asdivRecordSchema>;

/** What the rules need of a problem beside the example itself. */
export const asdivExtraSchema = z.object({ question: z.string(), body: z.string(), formula: z.string(), solution_type: z.string() });

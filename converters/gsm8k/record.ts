import { z } from "zod";

/**
 * A record of GSM8K (https://github.com/openai/grade-school-math): `answer` holds a step a line, calculations marked `<<48/2=24>>`,
 * and last `#### ` with the answer. In the socratic files a line is `sub-question ** step`.
 */
export const gsm8kRecordSchema = z.object({ question: z.string(), answer: z.string() });
export type Gsm8kRecord = z.infer<typeof gsm8kRecordSchema>;

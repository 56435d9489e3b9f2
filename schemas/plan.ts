import { z } from "zod";

/** `R1`, `R2`, … or, for the last action of a plan, `Output`. */
export const variableSchema = z.string().regex(/^(?:R[1-9][0-9]{0,5}|Output)$/);

/** A piece of an action's arguments: text as written, or a reference to the variable of an earlier action. */
export const argPartSchema = z.union([z.string().min(1), z.strictObject({ ref: variableSchema })]);
export type ArgPart = z.infer<typeof argPartSchema>;

/** One call of a tool: `R3 = Calculator(R1 + 2) = 5`. `result` is "" where the action has none. Several outputs: the results stand in their order in `result`. */
export const actionSchema = z.strictObject({
  outputs: z.array(variableSchema).min(1),
  tool: z.string().min(1),
  args: z.array(argPartSchema),
  result: z.string(),
});
export type Action = z.infer<typeof actionSchema>;

/** A high-level sentence and the actions that carry it out. */
export const subgoalSchema = z.strictObject({ text: z.string().min(1), actions: z.array(actionSchema) });
export type Subgoal = z.infer<typeof subgoalSchema>;

/** What an annotator answers for one source example: the typed tree that every check runs on and every format is printed from. */
export const planSchema = z.strictObject({ subgoals: z.array(subgoalSchema).min(1) });
export type Plan = z.infer<typeof planSchema>;

/** The JSON spelling of an action: all fields required, no others, `args` as one string. */
export const actionJsonSchema = z.strictObject({
  outputs: z.array(z.string()),
  tool: z.string(),
  args: z.string(),
  result: z.string(),
});
export type ActionJson = z.infer<typeof actionJsonSchema>;

/** The JSON spelling of a plan; as JSON Schema it is what goes to a model as `response_format`. */
export const planJsonSchema = z.strictObject({
  subgoals: z.array(z.strictObject({ text: z.string(), actions: z.array(actionJsonSchema) })),
});
export type PlanJson = z.infer<typeof planJsonSchema>;

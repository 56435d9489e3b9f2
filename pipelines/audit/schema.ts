import { z } from "zod";
import { EVIDENCE } from "../../schemas/annotation.ts";
import { defectCodeSchema, defectSchema, levelSchema } from "../../schemas/defect.ts";
import { domainSchema } from "../../schemas/domain.ts";
import type { ReviewReport } from "../review/report.ts";

/** So many of so many, with the 95 % interval of the proportion (Wilson); null of nothing. */
const shareSchema = z.strictObject({ k: z.int(), n: z.int(), interval: z.tuple([z.number(), z.number()]).readonly().nullable() });
export type Share = z.infer<typeof shareSchema>;

/** How many plans have a value: `[value, plans]`, values ascending. */
const histogramSchema = z.array(z.tuple([z.number(), z.int()]));
export type Histogram = z.infer<typeof histogramSchema>;

const countsSchema = z.record(z.string(), z.int());

/** What became of an example, highest first: its level, `no_plan` (quarantined, and not even that), or why there is none. */
export const OUTCOMES = ["proven", "aligned", "well_formed", "parsed", "no_plan", "skipped", "failed"] as const;
const outcomeNameSchema = z.enum(OUTCOMES);
export type OutcomeName = z.infer<typeof outcomeNameSchema>;

const levelCountsSchema = z.strictObject({ parsed: z.int(), well_formed: z.int(), aligned: z.int(), proven: z.int() });

/** An annotation with all that speaks for and against it. Long texts are cut (`…`). */
const traceSchema = z.strictObject({
  id: z.string(),
  dataset: z.string(),
  /** The place of its group in `groups`; null where it is of another store. */
  group: z.int().nullable(),
  /** Model, or annotator. */
  by: z.string(),
  outcome: outcomeNameSchema,
  reason: z.string().nullable(),
  by_construction: z.boolean(),
  repairs: z.int(),
  task: z.string(),
  rationale: z.string(),
  answer: z.string(),
  gold_steps: z.array(z.strictObject({ id: z.string(), text: z.string() })),
  subgoals: z.array(
    z.strictObject({
      text: z.string(),
      gold: z.array(z.string()),
      actions: z.array(
        z.strictObject({ call: z.string(), claimed: z.string(), computed: z.string().nullable(), evidence: z.enum(EVIDENCE).nullable(), note: z.string() }),
      ),
    }),
  ),
  /** Actions of a long plan that are not among these. */
  actions_left: z.int(),
  defects: z.array(defectSchema),
  repaired: z.array(defectCodeSchema),
  file: z.string(),
  position: z.int(),
  run: z.string(),
});
export type Trace = z.infer<typeof traceSchema>;

/** A dataset by one variant: everything that was counted of it. */
const groupSchema = z.strictObject({
  dataset: z.string(),
  variant: z.string(),
  annotator: z.string(),
  model: z.string().nullable(),
  /** The name it has in the report: model or annotator, with the variant's beginning where that alone is not one. */
  name: z.string(),
  version: z.string(),
  prompt: z.string().nullable(),
  top_level: levelSchema,
  runs: z.array(z.string()),
  states: z.strictObject({ annotated: z.int(), quarantined: z.int(), skipped: z.int(), failed: z.int() }),
  /** Each example once, at its highest level. */
  levels: levelCountsSchema,
  /** At the top level or above, of those that were answered: annotated and quarantined. */
  top: shareSchema,
  /** Annotations by rules that copy the source. */
  by_construction: z.int(),
  skipped_reasons: countsSchema,
  failed_reasons: countsSchema,
  defects: z.array(
    z.strictObject({ code: defectCodeSchema, bars: z.array(levelSchema), examples: z.int(), repaired: z.int(), shown: z.array(traceSchema) }),
  ),
  /** Below the top level, by what bars it: how many have the code, and for how many it is the only one that does. */
  held_back: z.strictObject({ examples: z.int(), codes: z.array(z.strictObject({ code: defectCodeSchema, examples: z.int(), alone: z.int() })) }),
  /** Results of actions, and answers, by what supports them. */
  evidence: z.strictObject({ computed: z.int(), contradicted: z.int(), matched: z.int(), claimed: z.int() }),
  answers: z.strictObject({ computed: z.int(), matched: z.int(), copied: z.int(), none: z.int() }),
  /** Gold steps that a subgoal serves, over examples that have gold steps; `full`: examples of which all are. `tenths`: examples by their share, 0–10. */
  coverage: z.strictObject({ examples: z.int(), full: z.int(), steps: z.int(), served: z.int(), tenths: z.array(z.int()).length(11) }),
  value_leaks: shareSchema,
  /** Annotations by how many repairs they took. */
  repairs: z.array(z.strictObject({ repairs: z.int(), examples: z.int(), top: z.int() })),
  /** Replies by the ask that they answered; `top`: their plan reached the top level, `no_plan`: none could be read. */
  asks: z.array(z.strictObject({ ask: z.int(), kind: z.enum(["ask", "repair"]), replies: z.int(), top: z.int(), no_plan: z.int() })),
  replies: z.int(),
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  /** Null where the price of a reply is not known. */
  cost_usd: z.number().nullable(),
  usd_per_top: z.number().nullable(),
  plans: z.strictObject({
    /** Annotated ones: what the figures below are of. */
    n: z.int(),
    subgoals: histogramSchema,
    actions: histogramSchema,
    actions_per_subgoal: histogramSchema,
    /** Actions of the longest chain in which each uses the result of the one before. */
    depth: histogramSchema,
    /** Of the plan's text, by o200k_base, in steps of `token_step`. */
    tokens: histogramSchema,
    token_step: z.int(),
    tools: z.array(z.strictObject({ tool: z.string(), uses: z.int(), plans: z.int() })),
  }),
  /** Outcomes by the number of gold steps (10 stands for ten and more), and by the source's problem type where it has one. */
  by_gold_steps: z.array(z.strictObject({ steps: z.int(), outcomes: countsSchema })),
  by_type: z.array(z.strictObject({ type: z.string(), outcomes: countsSchema })),
});
export type Group = z.infer<typeof groupSchema>;

const outlierSchema = z.strictObject({ kind: z.string(), why: z.string(), trace: traceSchema });
export type Outlier = z.infer<typeof outlierSchema>;

/** Two annotations of the same examples beside each other; `first` is by rules where one of them is. Both are annotated. */
const agreementSchema = z.strictObject({
  dataset: z.string(),
  first: z.int(),
  second: z.int(),
  examples: z.int(),
  same_level: shareSchema,
  same_answer: shareSchema,
  /** The same subgoals' actions in the same order, whatever the sentences and variables are called. */
  same_actions: shareSchema,
  /** The subgoals of both serve the same gold steps, in the same grouping; of examples that have gold steps. */
  same_alignment: shareSchema,
  /** Mean of twice the calls in common, over all calls (Dice); 1 where both call the same tools as often. */
  tools: z.number().nullable(),
  /** Gold steps by who serves them. */
  steps: z.strictObject({ both: z.int(), only_first: z.int(), only_second: z.int(), neither: z.int() }),
  shown: z.array(z.strictObject({ why: z.string(), first: traceSchema, second: traceSchema })),
});
export type Agreement = z.infer<typeof agreementSchema>;

const datasetSchema = z.strictObject({
  dataset: z.string(),
  domain: domainSchema,
  top_level: levelSchema,
  /** Examples with an outcome that was selected; of an evaluation split. */
  examples: z.int(),
  evaluation: z.int(),
  gold_steps: z.int(),
  /** Places where the source contradicts itself: null where that can't be told (other domains than maths). */
  contradictions: z
    .strictObject({
      examples: z.int(),
      kinds: countsSchema,
      places: z.array(z.strictObject({ id: z.string(), file: z.string(), position: z.int(), kind: z.string(), step: z.string(), says: z.string(), gives: z.string() })),
    })
    .nullable(),
  /** Why rules prove no more, commonest first. */
  unproven_by_rules: z.array(z.strictObject({ reason: z.string(), examples: z.int(), shown: z.array(z.string()) })),
  /** Left out of exports, by kind; and groups of near-duplicates. */
  drops: countsSchema,
  duplicates: z.array(z.strictObject({ kind: z.string(), id: z.string(), kept: z.string(), reason: z.string(), task: z.string(), kept_task: z.string() })),
  contamination: z.array(z.strictObject({ evaluation: z.string(), field: z.string(), rule: z.string(), examples: z.int() })),
  contaminated: z.array(z.strictObject({ id: z.string(), evaluation: z.string(), position: z.int(), field: z.string(), rule: z.string(), coverage: z.number(), shared: z.string() })),
  /** The stages of its latest cascade, in their order: what each was asked, what reached the top level that had not before, at what price. */
  cascade: z.strictObject({
    run: z.string(),
    stages: z.array(z.strictObject({ group: z.int(), asked: z.int(), top: z.int(), added: z.int(), cost_usd: z.number().nullable() })),
  }).nullable(),
  outliers: z.array(outlierSchema),
});
export type DatasetAudit = z.infer<typeof datasetSchema>;

/** A measure that is yes or no of each of two sides, on the same examples. */
const pairedSchema = z.strictObject({
  both: z.int(),
  only_before: z.int(),
  only_after: z.int(),
  neither: z.int(),
  /** After less before, with its 95 % interval (Newcombe); null of nothing. */
  difference: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).readonly().nullable(),
  /** McNemar's exact test, two-sided; and as Holm corrects it for the datasets. */
  p_value: z.number(),
  p_holm: z.number(),
});
export type Paired = z.infer<typeof pairedSchema>;

const comparisonSchema = z.strictObject({
  before: z.string(),
  after: z.string(),
  datasets: z.array(
    z.strictObject({
      dataset: z.string(),
      top_level: levelSchema,
      /** Examples that both have an outcome of that is not `failed`. */
      pairs: z.int(),
      only_before: z.int(),
      only_after: z.int(),
      failed: z.int(),
      better: z.int(),
      worse: z.int(),
      top: pairedSchema,
      proven: pairedSchema,
      /** Pairs by what they were and became. */
      moves: z.array(z.strictObject({ before: outcomeNameSchema, after: outcomeNameSchema, examples: z.int() })),
      /** Pairs that have a code on one side alone. */
      defects: z.array(z.strictObject({ code: defectCodeSchema, only_before: z.int(), only_after: z.int(), both: z.int() })),
    }),
  ),
  /** Worse first; at most 2,000. */
  changes: z.array(z.strictObject({ id: z.string(), dataset: z.string(), before: outcomeNameSchema, after: outcomeNameSchema, change: z.enum(["worse", "better"]), why: z.string() })),
  shown: z.array(z.strictObject({ change: z.enum(["worse", "better"]), why: z.string(), before: traceSchema, after: traceSchema })),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A line of the first page: what is known, in a sentence. `mark`: whether it wants a look. */
const summaryLineSchema = z.strictObject({ topic: z.string(), mark: z.enum(["good", "look", "note"]), text: z.string(), section: z.string() });
export type SummaryLine = z.infer<typeof summaryLineSchema>;

/**
 * `audit.json`: all figures of the report, which is made of this and nothing else. Deterministic: the same store and filters give the same bytes.
 * Counts are of examples unless they say otherwise; costs are USD.
 */
export const auditSchema = z.strictObject({
  format: z.literal("lumos-audit/1"),
  program: z.string(),
  /** The store's file name, and when its latest outcome was stored (ISO 8601). */
  store: z.string(),
  last_change: z.string().nullable(),
  filters: z.strictObject({
    datasets: z.array(z.string()).exactOptional(),
    annotators: z.array(z.string()).exactOptional(),
    models: z.array(z.string()).exactOptional(),
    runs: z.array(z.string()).exactOptional(),
  }),
  summary: z.array(summaryLineSchema),
  datasets: z.array(datasetSchema),
  groups: z.array(groupSchema),
  agreements: z.array(agreementSchema),
  /** Groups of near-duplicate tasks in the whole store, by how many tasks they join. */
  near_clusters: histogramSchema,
  /** As `lumos review --status --json` has it; null where nobody has reviewed anything. */
  reviews: z.custom<ReviewReport>((value) => typeof value === "object" && value !== null).nullable(),
  comparison: comparisonSchema.nullable(),
  /** Training files, where they were written with it (`lumos build`). */
  files: z.strictObject({ written: z.array(z.strictObject({ path: z.string(), rows: z.int() })), excluded: countsSchema }).nullable(),
});
export type Audit = z.infer<typeof auditSchema>;

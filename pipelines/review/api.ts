import { z } from "zod";
import { DEFECT_CODES, LEVELS, type DefectCode, type Level } from "../../schemas/defect.ts";
import { QUEUES, VERDICTS } from "../../schemas/review.ts";
import type { Store } from "../store/open.ts";
import { type Order, ORDERS, type QueueRequest } from "../store/review-queues.ts";
import type { ReviewBook } from "./decide.ts";
import { judgeText, LONGEST_PLAN } from "./edit.ts";
import { createDesk, type Desk } from "./desk.ts";
import { ReviewProblem } from "./problem.ts";
import { queuePage } from "./queue.ts";
import { REASONS } from "./reasons.ts";
import { reviewReport } from "./report.ts";
import type { Session } from "./shapes.ts";
import { nameSchema, reasonSchema, noteSchema } from "./words.ts";
import { storedAnnotation, viewAnnotation, viewPlan } from "./view.ts";

export interface Answer {
  status: number;
  body: unknown;
}

/** Answers a request of the page. Throws ReviewProblem for what can't be done. */
export type Api = (method: "GET" | "POST", path: string, query: URLSearchParams, body: unknown) => Answer;

/** How a review session begins. */
export interface Start {
  order: Order;
  seed: string;
  /** Only so many of the order; null for all. */
  sample: number | null;
  dataset: string | null;
  annotator: string | null;
  level: Level | null;
  defect: DefectCode | null;
  /** The share that is reviewed by two. */
  twice: number;
}

export interface ApiContext {
  store: Store;
  book: ReviewBook;
  start: Start;
  topLevels: ReadonlyMap<string, Level>;
}

/** The API of the page, on the newest state of the store at each request. */
export function createApi(context: ApiContext): Api {
  const desk = createDesk();
  const routes = new Map<string, (query: URLSearchParams, body: unknown) => Answer>([
    ["GET /api/session", () => ok(session(context))],
    ["GET /api/queue", (query) => ok(queue(context, query))],
    ["GET /api/annotation", (query) => ok(annotation(context, query))],
    ["GET /api/status", () => ok(reviewReport(context.store, context))],
    ["POST /api/check", (_, body) => ok(check(context, body))],
    ["POST /api/reviews", (_, body) => review(context, body)],
    ["POST /api/take", (_, body) => ok(take(context, desk, body))],
    ["POST /api/undo", (_, body) => ok(undo(context, body))],
  ]);
  return (method, path, query, body) => {
    const route = routes.get(`${method} ${path}`);
    if (route === undefined) throw new ReviewProblem("not_found", `There is no ${method} ${path.slice(0, 80)} here.`);
    return route(query, body);
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function session({ store, start }: ApiContext): Session {
  const { annotations, ...filters } = store.countToReview();
  return { store: store.file, annotations, orders: ORDERS, filters, start, reasons: REASONS, reviewers: store.reviewers() };
}

/** Fields of an address that are empty are not given. */
const given = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
const queueSchema = z.object({
  reviewer: nameSchema,
  order: given(z.enum(ORDERS)),
  seed: given(z.string().max(200)),
  dataset: given(z.string().max(200)),
  annotator: given(z.string().max(400)),
  level: given(z.enum(LEVELS)),
  defect: given(z.enum(DEFECT_CODES)),
  sample: given(z.coerce.number().int().positive()),
  offset: given(z.coerce.number().int().nonnegative()),
  limit: given(z.coerce.number().int().positive()),
});
const MOST_ITEMS = 500;

function queue({ store, start, topLevels }: ApiContext, query: URLSearchParams) {
  const { reviewer, order = start.order, seed = start.seed, sample, dataset, annotator, level, defect, offset = 0, limit = 50 } = read(queueSchema, Object.fromEntries(query));
  const request: QueueRequest = {
    selection: {
      ...(dataset === undefined ? {} : { datasets: [dataset] }),
      ...(annotator === undefined ? {} : { annotators: [annotator] }),
      ...(level === undefined ? {} : { levels: [level] }),
      ...(defect === undefined ? {} : { defect }),
    },
    order,
    seed,
    reviewer,
    twice: start.twice,
    sample: sample ?? start.sample,
    topLevels,
  };
  return queuePage(store, request, offset, Math.min(limit, MOST_ITEMS));
}

const keySchema = z.object({ id: z.string().min(1).max(1000), variant: z.string().min(1).max(200) });
const annotationSchema = keySchema.extend({ reviewer: nameSchema });

function annotation({ store, topLevels }: ApiContext, query: URLSearchParams) {
  const { id, variant, reviewer } = read(annotationSchema, Object.fromEntries(query));
  const found = storedAnnotation(store, id, variant);
  return viewAnnotation(found, store.reviewsOf(id, variant), reviewer, topLevels.get(found.example.dataset) ?? "well_formed");
}

const takeSchema = z.object({
  reviewer: nameSchema,
  /** Whether the queue is drawn at random, in which what others picked is open still. */
  drawn: z.boolean(),
  candidates: z.array(keySchema.extend({ second: z.boolean() })).max(MOST_ITEMS),
});

function take({ store }: ApiContext, desk: Desk, body: unknown) {
  const { reviewer, drawn, candidates } = read(takeSchema, body);
  const decidedBy = ({ id, variant }: { id: string; variant: string }): string[] =>
    store.reviewsOf(id, variant).filter(({ isCurrent, verdict, queue: from }) => isCurrent && verdict !== "skip" && (!drawn || from === "random" || from === "stratified")).map((each) => each.reviewer);
  return { index: desk.take(reviewer, candidates, decidedBy) };
}

const planText = z.string().max(LONGEST_PLAN);
const checkSchema = keySchema.extend({ plan: planText });

function check({ store, topLevels }: ApiContext, body: unknown) {
  const { id, variant, plan: text } = read(checkSchema, body);
  const found = storedAnnotation(store, id, variant);
  const { plan, verdict, defects } = judgeText(text, found, topLevels.get(found.example.dataset) ?? "well_formed");
  if (plan === null || verdict === null) return { parses: false, level: null, answer: "none", subgoals: [], defects };
  return { parses: true, ...viewPlan(plan, verdict) };
}

const reviewSchema = keySchema.extend({
  plan_hash: z.string().max(200),
  reviewer: nameSchema,
  queue: z.enum(QUEUES),
  verdict: z.enum(VERDICTS),
  reason: reasonSchema.nullish(),
  note: noteSchema.nullish(),
  plan: planText.nullish(),
});

function review({ book }: ApiContext, body: unknown): Answer {
  const { plan_hash, reason, note, plan, ...rest } = read(reviewSchema, body);
  const { added, ...decided } = book.decide({ ...rest, planHash: plan_hash, reason: reason ?? null, note: note ?? null, plan: plan ?? null });
  return { status: added ? 201 : 200, body: decided };
}

const undoSchema = z.object({ reviewer: nameSchema });

function undo({ book }: ApiContext, body: unknown) {
  const { reviewer } = read(undoSchema, body);
  const undone = book.undo(reviewer);
  if (undone === null) throw new ReviewProblem("undo.nothing", `Nothing of ${reviewer} is left to take back.`);
  return { id: undone.exampleId, variant: undone.variant, verdict: undone.verdict, queue: undone.queue };
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ReviewProblem("review.invalid", `${issue?.path.join(".") || "The request"} can't be used: ${issue?.message ?? "it has another shape"}.`);
}

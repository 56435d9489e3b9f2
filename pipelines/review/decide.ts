import type { Verdict } from "../../schemas/annotation.ts";
import type { Level } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import { parsePlan } from "../plan/parse.ts";
import { planHash } from "../store/hashes.ts";
import type { Store } from "../store/open.ts";
import type { Queue, ReviewVerdict } from "../../schemas/review.ts";
import type { StandingReview } from "../store/reviews.ts";
import { acceptableEdit, judgeText, personVariant, recordEdit } from "./edit.ts";
import { ReviewProblem } from "./problem.ts";
import { type FoundAnnotation, storedAnnotation } from "./view.ts";

/** What a reviewer says of an annotation. */
export interface Decision {
  id: string;
  variant: string;
  /** Of the plan that was looked at; null: the one that is there. */
  planHash: string | null;
  reviewer: string;
  queue: Queue;
  verdict: ReviewVerdict;
  reason: string | null;
  note: string | null;
  /** Of an edit: the whole plan's text. */
  plan: string | null;
}

interface Decided {
  /** Of the review. */
  id: number;
  verdict: ReviewVerdict;
  /** What the edit reaches; else the annotation's own level. */
  level: Level | null;
  /** False where the same reviewer's same word stands already: nothing was added. */
  added: boolean;
}

export interface ReviewPorts {
  now(): Date;
  /** The highest level that each stored dataset can reach. */
  topLevels: ReadonlyMap<string, Level>;
  programVersion: string;
}

/** Takes down what people say. */
export interface ReviewBook {
  /** Throws ReviewProblem for what can't be taken down; nothing is stored then. */
  decide(decision: Decision): Decided;
  /** Takes a reviewer's last standing word back; null where there is none. */
  undo(reviewer: string): StandingReview | null;
}

/**
 * Every review is a row of its own and none is ever changed. An edit is an annotation by a person, too, for as long as it stands: it is taken away when the edit is
 * undone or its author says something else of the same annotation, and comes back with it. Edits belong to one run, `review-<n>`.
 */
export function createReviewBook(store: Store, ports: ReviewPorts): ReviewBook {
  let run: string | null = null;
  let edits = 0;

  /** A run is there from its first edit on, and complete after each. */
  const countEdit = (work: (run: string) => void): void => {
    run ??= nextRunName(store);
    const at = ports.now().toISOString();
    if (edits === 0) {
      store.startRun({ id: run, command: "review", dataset: null, annotator: "person", model: null, variant: null, config: {}, programVersion: ports.programVersion, startedAt: at });
    }
    work(run);
    edits += 1;
    store.endRun(run, { status: "done", endedAt: at, summary: { edits } });
  };

  /** Makes the annotation of a reviewer's edit what the standing word says: there with that text, or not there. */
  const settle = (found: FoundAnnotation, reviewer: string, judged: { plan: Plan; verdict: Verdict } | null): void => {
    const variant = personVariant(reviewer, found.outcome.variant);
    // Of a plan that was replaced since, too: a correction stays one.
    const standing = wordOf(store, found, reviewer);
    if (standing?.verdict !== "edit" || standing.editedPlan === null) {
      store.withdrawEdit(found.example.id, variant.hash);
      return;
    }
    const edit = judged ?? readAgain(standing.editedPlan, found, topLevelOf(found));
    if (edit === null || store.planHashOf(found.example.id, variant.hash) === planHash(edit.plan)) return;
    countEdit((name) => recordEdit(store, found, { variant: variant.hash, ...edit, run: name, at: standing.createdAt }));
  };

  const topLevelOf = ({ example }: FoundAnnotation): Level => ports.topLevels.get(example.dataset) ?? "well_formed";

  return {
    decide: (decision) =>
      store.transaction(() => {
        const { id, variant, reviewer, queue, verdict, reason, note } = decision;
        const found = storedAnnotation(store, id, variant);
        if (decision.planHash !== null && decision.planHash !== found.planHash) {
          throw new ReviewProblem("review.changed", `${id} has another plan now: look at it again.`);
        }
        const text = verdict === "edit" ? decision.plan : null;
        if (verdict === "edit" && text === null) throw new ReviewProblem("review.invalid", "An edit needs the plan's text in 'plan'.");
        const edit = text === null ? null : acceptableEdit(text, found, topLevelOf(found));
        const level = edit?.verdict.level ?? found.annotation.level;
        const standing = wordOf(store, found, reviewer);
        if (standing?.isCurrent === true && isSame(standing, decision, edit?.plan ?? null)) return { id: standing.id, verdict, level, added: false };
        const person = edit === null ? null : personVariant(reviewer, variant);
        if (person !== null) store.saveVariant(person);
        const review = store.addReview({
          exampleId: id,
          variant,
          planHash: found.planHash,
          level: found.annotation.level,
          reviewer,
          queue,
          verdict,
          reason,
          note,
          editedPlan: text,
          editedVariant: person?.hash ?? null,
          createdAt: ports.now().toISOString(),
        });
        settle(found, reviewer, edit);
        return { id: review, verdict, level, added: true };
      }),

    undo: (reviewer) =>
      store.transaction(() => {
        const last = store.lastReviewBy(reviewer);
        if (last === null || !store.undoReview(last.id, ports.now().toISOString())) return null;
        // Of an annotation that is gone no edit can be run again; what it became goes with the word.
        if (store.planHashOf(last.exampleId, last.variant) === null) store.withdrawEdit(last.exampleId, personVariant(reviewer, last.variant).hash);
        else settle(storedAnnotation(store, last.exampleId, last.variant), reviewer, null);
        return last;
      }),
  };
}

/** The reviewer's word on an annotation that stands. */
function wordOf(store: Store, { example, outcome }: FoundAnnotation, reviewer: string): StandingReview | null {
  return store.reviewsOf(example.id, outcome.variant).find((each) => each.reviewer === reviewer) ?? null;
}

function isSame(standing: StandingReview, { queue, verdict, reason, note }: Decision, edit: Plan | null): boolean {
  if (standing.verdict !== verdict || standing.reason !== reason || standing.note !== note || standing.queue !== queue) return false;
  if (edit === null) return true;
  const before = parsePlan(standing.editedPlan ?? "", { results: "optional" }).plan;
  return before !== null && planHash(before) === planHash(edit);
}

/** An edit that stands again. It was well-formed when it was saved; null where a newer program thinks otherwise. */
function readAgain(text: string, found: FoundAnnotation, topLevel: Level): { plan: Plan; verdict: Verdict } | null {
  const { plan, verdict } = judgeText(text, found, topLevel);
  return plan === null || verdict === null || verdict.level === null || verdict.level === "parsed" ? null : { plan, verdict };
}

function nextRunName(store: Store): string {
  for (let n = 1; ; n++) if (store.runOf(`review-${n}`) === null) return `review-${n}`;
}

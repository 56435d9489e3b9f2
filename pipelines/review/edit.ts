import type { Verdict } from "../../schemas/annotation.ts";
import type { Defect, Level } from "../../schemas/defect.ts";
import type { Plan } from "../../schemas/plan.ts";
import { databaseOf } from "../execution/sql/databases.ts";
import { canonicalJson, sha256 } from "../llm/hash.ts";
import { parsePlan } from "../plan/parse.ts";
import { planHash } from "../store/hashes.ts";
import type { Store } from "../store/open.ts";
import type { Variant } from "../store/runs.ts";
import { verifyPlan } from "../verify/verify.ts";
import { ReviewProblem } from "./problem.ts";
import type { FoundAnnotation } from "./view.ts";

/** Longer texts are no plans that a person edits; the longest real ones have some 5,000 characters. */
export const LONGEST_PLAN = 50_000;

/** SQL statements of an edit: each may take nearly a second (SQL_LIMITS), in which the server answers nobody else. Those of real plans are fewer than ten. */
const MOST_STATEMENTS = 10;

/** What a plan's text is, checked and run as every other plan is. `plan` and `verdict` are null where it can't be read. */
export interface JudgedText {
  plan: Plan | null;
  verdict: Verdict | null;
  defects: readonly Defect[];
}

/** Reads, checks and runs a plan that a person wrote for the example of an annotation. Stores nothing. Throws ReviewProblem `edit.refused` for what would keep all others waiting. */
export function judgeText(text: string, { example, annotation }: Pick<FoundAnnotation, "example" | "annotation">, topLevel: Level): JudgedText {
  // Where the source does not tell a result, rules leave it empty and so may a person.
  const { plan, defects } = parsePlan(text, { results: annotation.byConstruction ? "optional" : "required" });
  if (plan === null) return { plan, verdict: null, defects };
  const statements = plan.subgoals.flatMap(({ actions }) => actions).filter(({ tool }) => tool === "SQL").length;
  if (statements > MOST_STATEMENTS) throw new ReviewProblem("edit.refused", `The plan has ${statements} SQL statements: at most ${MOST_STATEMENTS} of an edit are run.`);
  const verdict = verifyPlan(plan, { domain: example.domain, example, topLevel, parseDefects: defects });
  return { plan, verdict, defects: verdict.defects };
}

/** A judged text that may be saved. Throws ReviewProblem `edit.refused` for what is not well-formed, `edit.same` for the plan that it should correct. */
export function acceptableEdit(text: string, found: FoundAnnotation, topLevel: Level): { plan: Plan; verdict: Verdict } {
  const missing = found.example.materials?.database === undefined ? null : databaseOf(found.example.materials);
  if (missing !== null && "missing" in missing) {
    throw new ReviewProblem("edit.refused", `The edit can't be run: ${missing.missing}. Start lumos review with --databases DIR.`);
  }
  const { plan, verdict, defects } = judgeText(text, found, topLevel);
  if (plan === null || verdict === null || verdict.level === null || verdict.level === "parsed") {
    const first = defects.find(({ severity }) => severity === "error");
    throw new ReviewProblem("edit.refused", `The edit is not well-formed. ${first?.message ?? ""}`.trim(), defects);
  }
  if (planHash(plan) === found.planHash) throw new ReviewProblem("edit.same", "The edit is the plan that is there: accept it, or change it.");
  return { plan, verdict };
}

/** The variant of what `reviewer` makes of annotations of variant `of`. */
export function personVariant(reviewer: string, of: string): Variant {
  const description = { annotator: "person", version: "1", parameters: { reviewer, of } } as const;
  const none = { model: null, promptHash: null, promptVersion: null, prompt: null, replyForm: null };
  return { hash: `v1-${sha256(canonicalJson(description)).slice(0, 12)}`, ...description, ...none };
}

/** Stores an edit as the annotation that it is: by a person, proven or not like any other. */
export function recordEdit(store: Store, { example, outcome }: FoundAnnotation, edit: { variant: string; plan: Plan; verdict: Verdict; run: string; at: string }): void {
  const { variant, plan, verdict, run, at } = edit;
  store.recordOutcome({
    variant,
    key: example.id,
    exampleId: example.id,
    dataset: example.dataset,
    file: outcome.file,
    position: outcome.position,
    contentHash: store.knownExample(example.id)?.contentHash ?? "",
    run,
    at,
    state: "annotated",
    reason: null,
    detail: null,
    defects: verdict.defects,
    repaired: [],
    annotation: { plan, verdict, byConstruction: false, answerCopied: false, repairs: 0 },
  });
}

import type { Verdict } from "../../schemas/annotation.ts";
import { type Domain, DOMAIN_TOOLS, DOMAINS } from "../../schemas/domain.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import { verifyPlan } from "../verify/verify.ts";
import type { Draft } from "./draft.ts";
import type { Source } from "./source-index.ts";
import { lacksResults, withComputedResults, withRulesResults } from "./untold-results.ts";

/** A plan with what is said of it. `computedResults`: how many results the format does not tell and were computed here. */
export interface VerifiedDraft {
  plan: Plan;
  verdict: Verdict;
  answerCopied: boolean;
  computedResults: number;
}

/** Verifies a plan against its source, or without one; null where it is no plan. */
export function verifyDraft({ parsed, isPartial, provenance }: Draft, domain: Domain, source: Source | null): VerifiedDraft | null {
  if (parsed.plan === null) return null;
  const again = provenance?.by_construction === true && source !== null && lacksResults(parsed.plan) ? withRulesResults(parsed.plan, source) : null;
  const { plan, computedResults } =
    again !== null || !isPartial ? { plan: again?.plan ?? parsed.plan, computedResults: 0 } : withComputedResults(parsed.plan, domain, source?.example.materials ?? null);
  const answerCopied = again?.answerCopied ?? provenance?.answer === "copied";
  const verdict = verifyPlan(plan, {
    domain,
    example: source?.example ?? null,
    topLevel: source?.converter?.top_level ?? "well_formed",
    answerCopied,
    parseDefects: parsed.defects,
  });
  // Nothing says that they serve these steps but the file: without a source no level rests on it.
  const steps = new Map(provenance?.steps.map(({ subgoal, gold }) => [subgoal, gold]));
  const alignment = source === null ? verdict.alignment.map(({ subgoal, gold }) => ({ subgoal, gold: steps.get(subgoal) ?? gold })) : verdict.alignment;
  return { plan, verdict: { ...verdict, alignment }, answerCopied, computedResults };
}

/** The domain of a plan of which nothing says it: the first that has most of its tools. */
export function domainOf(plan: Plan | null): Domain {
  const tools = plan?.subgoals.flatMap(({ actions }) => actions.map(({ tool }) => tool)) ?? [];
  const known = (domain: Domain): number => tools.filter((tool) => DOMAIN_TOOLS[domain].some((name) => name === tool)).length;
  return DOMAINS.reduce((best, domain) => (known(domain) > known(best) ? domain : best));
}

/** What an unjoined plan is about, as far as its set says it. */
export function unjoinedExample(draft: Draft, about: { id: string; dataset: string; domain: Domain }): SourceExample {
  const { file, position } = draft.provenance?.source ?? draft.place;
  return { ...about, task: draft.task, rationale: draft.rationale, answer: "", gold_steps: [], environment: draft.environment, place: { file, position } };
}

import type { Converter } from "../../schemas/converter.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { rulesKit } from "../execution/kit.ts";
import { planFromJson } from "../plan/parse.ts";
import { verifyPlan } from "../verify/verify.ts";
import { planOutcome } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";

/** Annotates without a model, by the source's own rules. Actions may have no result where the source does not tell it. */
export function annotateByRules(example: SourceExample, converter: Converter): Outcome {
  const made = converter.rules.annotate(example, rulesKit);
  if ("skip" in made) return { state: "skipped", reason: made.skip, detail: made.detail };
  const { plan, defects } = planFromJson(made.plan, { results: "optional" });
  const verdict =
    plan === null
      ? null
      : verifyPlan(plan, { domain: example.domain, example, topLevel: converter.top_level, answerCopied: made.answer_copied, parseDefects: defects });
  return planOutcome({ plan, verdict, defects, attempts: [], byConstruction: true, answerCopied: made.answer_copied });
}

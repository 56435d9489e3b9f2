import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { verifyPlan, type VerifyOptions } from "../../../pipelines/verify/verify.ts";
import type { Verdict } from "../../../schemas/annotation.ts";
import type { DefectCode } from "../../../schemas/defect.ts";
import type { GoldStep, SourceExample } from "../../../schemas/example.ts";
import type { Plan } from "../../../schemas/plan.ts";

/** A maths example of ours: its gold steps are the lines of the rationale, its operations what they mark with `<<a=b>>`. */
export function mathsExample(task: string, rationale: readonly string[], answer: string): SourceExample {
  return {
    id: "gsm8k/test",
    dataset: "gsm8k",
    domain: "maths",
    task,
    rationale: rationale.join("\n"),
    answer,
    gold_steps: rationale.map((text, index) => {
      const operations = [...text.matchAll(/<<([^<>]*)=([^<>=]*)>>/g)].map(([, formula = "", result = ""]) => ({ formula, result }));
      return { id: `gsm8k/test#${index + 1}`, text, ...(operations.length > 0 ? { operations } : {}) };
    }),
    environment: null,
    place: { file: "test.jsonl", position: 1 },
  };
}

export function questionExample(task: string, answer: string, steps: readonly Omit<GoldStep, "id" | "text">[], more: Partial<SourceExample> = {}): SourceExample {
  return {
    id: "strategyqa/test",
    dataset: "strategyqa",
    domain: "complex_qa",
    task,
    rationale: "",
    answer,
    gold_steps: steps.map((step, index) => ({ ...step, id: `strategyqa/test#${index + 1}`, text: step.question ?? "" })),
    environment: null,
    place: { file: "test.json", position: 1 },
    ...more,
  };
}

/** A plan from lines: a line without ` = ` in front opens a subgoal, the others are its actions without their labels. */
export function plan(...lines: readonly string[]): Plan {
  let subgoal = 0;
  let action = 0;
  const text = lines.map((line) => {
    if (/^(?:R[0-9]+|Output)(?:, (?:R[0-9]+|Output))* = /.test(line)) {
      action += 1;
      return `Action ${subgoal}-${action}: ${line}`;
    }
    subgoal += 1;
    action = 0;
    return `${subgoal > 1 ? "\n" : ""}Subgoal ${subgoal}: ${line}`;
  });
  const parsed = parsePlan(text.join("\n"), { results: "optional" }).plan;
  if (parsed === null) throw new Error(`Not a plan: ${text.join("\n")}`);
  return parsed;
}

export function verify(of: Plan, example: SourceExample | null, options: Partial<VerifyOptions> = {}): Verdict {
  const domain = example?.domain ?? "maths";
  return verifyPlan(of, { domain, example, topLevel: domain === "maths" ? "proven" : "aligned", ...options });
}

export function codes(verdict: Verdict): DefectCode[] {
  return verdict.defects.map(({ code }) => code);
}

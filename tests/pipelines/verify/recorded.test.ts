import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { Level } from "../../../schemas/defect.ts";
import type { GoldStep, SourceExample } from "../../../schemas/example.ts";

const RECORDED = "../shared/recorded/responses.jsonl";
const STRATEGYQA = "../shared/data/strategyqa_train.json";
const present = existsSync(RECORDED) && existsSync(STRATEGYQA);

const responseSchema = z.object({
  dataset: z.enum(["gsm8k", "asdiv", "strategyqa"]),
  source_id: z.string().nullable(),
  task: z.string(),
  rationale: z.string(),
  answer: z.string(),
  response: z.string(),
});
type Response = z.infer<typeof responseSchema>;

const questionSchema = z.object({
  qid: z.string(),
  answer: z.boolean(),
  decomposition: z.array(z.string()),
  evidence: z.array(z.array(z.array(z.union([z.string(), z.array(z.string())])))),
});

const TOP: Record<Response["dataset"], Level> = { gsm8k: "proven", asdiv: "proven", strategyqa: "aligned" };

describe.skipIf(!present)("the recorded plans (skipped where ../shared is absent)", () => {
  const responses = present ? readRecorded() : [];
  const verdicts = responses.map((response) => {
    const { plan, defects } = parsePlan(response.response);
    if (plan === null) throw new Error(`No plan: ${response.task}`);
    const example = toExample(response);
    const options = { domain: example.domain, topLevel: TOP[response.dataset], parseDefects: defects };
    const flipped = { ...example, answer: moved(example.answer) };
    return {
      response,
      verdict: verifyPlan(plan, { ...options, example }),
      flipped: verifyPlan(plan, { ...options, example: flipped }),
    };
  });

  it("reach the top level of their domain, nearly all", () => {
    const top = verdicts.filter(({ response, verdict }) => verdict.level === TOP[response.dataset]);
    expect(responses).toHaveLength(60);
    expect(top.length).toBeGreaterThanOrEqual(58);
  });

  it("are none of them proven or aligned with another gold answer", () => {
    for (const { flipped } of verdicts) {
      expect(["parsed", "well_formed"]).toContain(flipped.level);
      expect(flipped.answer).toBe("none");
    }
  });
});

function readRecorded(): Response[] {
  return readFileSync(RECORDED, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => responseSchema.parse(JSON.parse(line)));
}

function moved(answer: string): string {
  if (answer === "True") return "False";
  if (answer === "False") return "True";
  return String(Number(answer) + 1);
}

function toExample(response: Response): SourceExample {
  const { dataset, task, rationale } = response;
  return {
    id: `${dataset}/x`,
    dataset,
    domain: dataset === "strategyqa" ? "complex_qa" : "maths",
    task,
    rationale,
    answer: response.answer.replace(/ \(.*\)$/, ""),
    gold_steps: goldSteps(response).map((step, index) => ({ ...step, id: `${dataset}/x#${index + 1}` })),
    environment: null,
    place: { file: "responses.jsonl", position: 1 },
  };
}

function goldSteps({ dataset, source_id, rationale }: Response): Omit<GoldStep, "id">[] {
  if (dataset === "gsm8k") {
    return rationale.split("\n").map((text) => ({
      text,
      operations: [...text.matchAll(/<<([^<>]*)=([^<>=]*)>>/g)].map(([, formula = "", result = ""]) => ({ formula, result })),
    }));
  }
  if (dataset === "asdiv") {
    return rationale.split("; ").map((text) => {
      const [formula = "", result = ""] = text.split("=");
      const runs = !/[xX]|:/.test(formula);
      return { text, ...(runs ? { operations: [{ formula, result }] } : {}) };
    });
  }
  const question = questions().find(({ qid }) => qid === source_id);
  if (question === undefined) throw new Error(`No question ${source_id ?? ""}`);
  return question.decomposition.map((text, index) => {
    const builds = [...text.matchAll(/#([0-9]+)/g)].map(([, number = ""]) => Number(number));
    const paragraphs = question.evidence.map((annotator) => (annotator[index] ?? []).flatMap((each) => (typeof each === "string" ? [] : each)));
    return { text, question: text, paragraphs, ...(builds.length > 0 ? { builds_on: builds } : {}) };
  });
}

function questions(): z.infer<typeof questionSchema>[] {
  return z.array(questionSchema).parse(JSON.parse(readFileSync(STRATEGYQA, "utf8")));
}

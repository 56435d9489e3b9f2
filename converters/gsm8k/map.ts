import type { Mapped } from "../../schemas/converter.ts";
import type { GoldStep, SourcePlace } from "../../schemas/example.ts";
import { taskId } from "../shared/ids.ts";
import { readAlgebra } from "./algebra.ts";
import type { Gsm8kRecord } from "./record.ts";
import { readStep } from "./step.ts";

const ANSWER_MARK = "####";
const QUESTION_MARK = " ** ";
const MAX_STEPS = 200;

/** Maps a plain or socratic record: one gold step a line, its calculations from the marks and, where they have none, from the prose. */
export function mapGsm8k(record: Gsm8kRecord, place: SourcePlace): Mapped {
  if (record.question.trim() === "") return { skip: "no_task", detail: "The record's question is empty." };
  const lines = record.answer.split(/\r?\n/);
  const last = lines.findLastIndex((line) => line.trimStart().startsWith(ANSWER_MARK));
  const answer = last === -1 ? "" : (lines[last] ?? "").trim().slice(ANSWER_MARK.length).trim();
  if (answer === "") return { skip: "no_answer", detail: `The record's answer has no line "${ANSWER_MARK} <answer>".` };
  const steps = lines.slice(0, last).filter((line) => line.trim() !== "");
  if (steps.length === 0) return { skip: "no_rationale", detail: `The record's answer has no step before its line "${ANSWER_MARK}".` };
  if (steps.length > MAX_STEPS) return { skip: "too_long", detail: `The record's answer has ${steps.length} steps; ${MAX_STEPS} are read at most.` };
  const id = exampleId(record);
  const goldSteps = withSolution(steps.map((line, index) => goldStep(line.trim(), `${id}#${index + 1}`)));
  return {
    example: {
      id,
      dataset: "gsm8k",
      domain: "maths",
      task: record.question,
      rationale: lines.slice(0, last).join("\n").trim(),
      answer,
      gold_steps: goldSteps,
      environment: null,
      form: goldSteps.some((step) => step.question !== undefined) ? "socratic" : "plain",
      place,
    },
  };
}

/** A record's id and form, without reading its steps. */
export function identifyGsm8k(record: Gsm8kRecord): { id: string; form: string } {
  return { id: exampleId(record), form: record.answer.split(/\r?\n/).some(asksQuestion) ? "socratic" : "plain" };
}

function exampleId(record: Gsm8kRecord): string {
  return `gsm8k/${taskId(record.question)}`;
}

/** A socratic line: `sub-question ** step`. */
function asksQuestion(line: string): boolean {
  const split = line.indexOf(QUESTION_MARK);
  return split !== -1 && line.slice(0, split).trim() !== "";
}

/** The line that tells the value of an unknown has it as its result, where it calculates nothing else. */
function withSolution(steps: readonly GoldStep[]): GoldStep[] {
  const algebra = readAlgebra(steps.map((step) => readStep(step.text).text));
  return steps.map((step, index) => (index === algebra?.end.line && step.result === undefined && /^-?[\d.]+%?$/.test(algebra.value) ? { ...step, result: algebra.value } : step));
}

function goldStep(line: string, id: string): GoldStep {
  const split = line.indexOf(QUESTION_MARK);
  const question = split === -1 ? "" : line.slice(0, split).trim();
  const text = split === -1 ? line : line.slice(split + QUESTION_MARK.length).trim();
  const { calculations, result } = readStep(text);
  return {
    id,
    text,
    ...(question === "" ? {} : { question }),
    ...(calculations.length === 0 ? {} : { operations: calculations.map((each) => ({ formula: each.formula, result: each.result })) }),
    ...(result === null ? {} : { result }),
  };
}

import type { Mapped } from "../../schemas/converter.ts";
import type { GoldStep, Operation, SourcePlace } from "../../schemas/example.ts";
import { printExpression } from "./expression.ts";
import { type Statement, readFormula, splitStatements } from "./formula.ts";
import type { AsdivRecord } from "./record.ts";
import { whatGoesOn, whatIsAsked } from "./division.ts";
import { proportionOperation, proportionUse } from "./proportion.ts";
import { continuation } from "./sequence.ts";
import { statedNumbers } from "../shared/stated-numbers.ts";

const MAX_TEXT = 20_000;

/** Maps a problem: the task is its body and question; a gold step is one statement of its formula, with its calculation where it is one. */
export function mapAsdiv(record: AsdivRecord, place: SourcePlace): Mapped {
  const sourceId = record["@ID"].trim();
  const body = record.Body.trim();
  const question = record.Question.trim();
  const task = `${body} ${question}`.trim();
  if (sourceId === "") return { skip: "no_id", detail: "The record has no ID." };
  if (task === "") return { skip: "no_task", detail: "The record's Body and Question are empty." };
  if (task.length > MAX_TEXT) return { skip: "too_long", detail: `The task has ${task.length} characters; ${MAX_TEXT} are read at most.` };
  const { answer, unit } = readAnswer(record.Answer);
  if (answer === "") return { skip: "no_answer", detail: "The record's Answer is empty." };
  const formula = record.Formula.trim();
  if (formula === "") return { skip: "no_formula", detail: "The record's Formula is empty." };
  const solutionType = record["Solution-Type"].trim();
  const id = `asdiv/${sourceId}`;
  return {
    example: {
      id,
      dataset: "asdiv",
      domain: "maths",
      task,
      rationale: `${kindOfSolution(solutionType)}: ${formula}`,
      answer,
      ...(unit === null ? {} : { unit }),
      gold_steps: goldSteps(id, formula, { task, question, solutionType }),
      environment: null,
      extra: { question, body, formula, solution_type: solutionType },
      place,
    },
  };
}

/** `9 (apples)` → 9, apples; `6 (cm); 15 (cm)` → `6; 15`, cm. What holds no unit in brackets at its end stays as it is. */
export function readAnswer(text: string): { answer: string; unit: string | null } {
  const parts = text
    .slice(0, MAX_TEXT)
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const read = parts.map((part) => {
    const open = part.endsWith(")") ? part.lastIndexOf(" (") : -1;
    return open <= 0 ? { value: part, unit: "" } : { value: part.slice(0, open).trim(), unit: part.slice(open + 2, -1).trim() };
  });
  const units = new Set(read.map(({ unit }) => unit).filter((unit) => unit !== ""));
  return { answer: read.map(({ value }) => value).join("; "), unit: units.size === 0 ? null : [...units].join("; ") };
}

/** What of a problem tells how its formula is meant. */
interface Meaning {
  task: string;
  question: string;
  solutionType: string;
}

function goldSteps(id: string, formula: string, meaning: Meaning): GoldStep[] {
  const reading = readFormula(formula);
  if ("skip" in reading) {
    // Declarations (`x:The number`) are no steps.
    const steps = splitStatements(formula).filter((piece) => !/^[A-Za-z]\s?:/.test(piece));
    return steps.map((text, index) => ({ id: `${id}#${index + 1}`, text }));
  }
  const { statements } = reading;
  return statements.map((statement, index) => {
    const operations = operationsOf(statement, statements.slice(index + 1), meaning);
    const last = operations.at(-1);
    return { id: `${id}#${index + 1}`, text: statement.text, ...(last === undefined ? {} : { operations, result: last.result }) };
  });
}

/** The calculations that a statement states or stands for; none where it leaves open what it is for. */
function operationsOf(statement: Statement, rest: readonly Statement[], { task, question, solutionType }: Meaning): Operation[] {
  switch (statement.kind) {
    case "calculation":
      return [{ formula: printExpression(statement.expression), result: statement.result }];
    case "ratio":
      return [{ formula: `${statement.left} : ${statement.right}`, result: statement.result }];
    case "proportion": {
      const use = proportionUse(statement, rest.length === 0, question, statedNumbers(task));
      return use === null ? [] : [proportionOperation(use)];
    }
    case "sequence":
      return continuation(statement);
    case "division": {
      if (rest.length > 0) return whatGoesOn(statement, rest);
      const asked = whatIsAsked(statement, solutionType);
      return asked === null ? [] : [asked];
    }
  }
}

/** The source's names of solution types, in words that tell a reader what to do. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["Common-Division", "Division"],
  ["Substraction", "Subtraction"],
  ["Floor-Division", "Division with remainder, whole groups asked"],
  ["Ceil-Division", "Division with remainder, rounded up"],
  ["Surplus", "Division with remainder, what is left over asked"],
  ["TVQ-Change", "Change over time, the change asked"],
  ["TVQ-Initial", "Change over time, the first amount asked"],
  ["TVQ-Final", "Change over time, the last amount asked"],
  ["GCD", "Greatest common divisor"],
  ["LCM", "Least common multiple"],
  ["UnitTrans", "Conversion of units"],
  ["Set-Operation", "Operation on a set of numbers"],
  ["Sequential-Operation", "Pattern of numbers"],
  ["Algebra-1", "Equation with an unknown"],
  ["Algebra-2", "Equations with unknowns"],
]);

function kindOfSolution(solutionType: string): string {
  return KINDS.get(solutionType) ?? (solutionType === "" ? "Formula" : solutionType.replaceAll("-", " "));
}

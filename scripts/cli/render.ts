import type { StoredOutcome } from "../../pipelines/store/annotations.ts";
import { type Defect, barredLevels, LEVELS } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { finalResult, renderPlan } from "./render-plan.ts";
import { fit, oneLine, type Terminal, wrap } from "./terminal.ts";

/** How an example is shown. */
export interface Showing {
  /** Its place among those that are shown: `3/50`. */
  number?: string;
  /** The most lines of a text of the source; the rest is counted. */
  mostLines: number;
  /** The number of the one above it, where that is the same example by another variant: its texts are not repeated. */
  above?: string;
  /** What was asked and answered, line by line. */
  story(outcome: StoredOutcome): string[];
}

/** An example as a person reads it: the task once, then what each variant made of it with the evidence a line an action, the defects and the origin. */
export function renderExample([first, ...others]: readonly [StoredOutcome, ...StoredOutcome[]], terminal: Terminal, showing: Showing): string[] {
  const { bold, dim } = terminal.colours;
  const number = showing.number === undefined ? "" : `${showing.number}  `;
  const one = others.length === 0 ? `  ${headline(first, terminal)}` : "";
  const lines = [...(showing.number === undefined ? [] : [dim("─".repeat(terminal.columns))]), `${dim(number)}${bold(fit(first.key, terminal.columns - 20))}${one}`];
  if (first.example && showing.above === undefined) lines.push(...renderTask(first.example, terminal, showing.mostLines));
  else if (first.example) lines.push(...field("task", `as in ${showing.above}, by another variant`, terminal));
  for (const outcome of [first, ...others]) {
    if (others.length > 0) lines.push("", `${bold("──")} ${headline(outcome, terminal)}`);
    lines.push(...renderVariant(outcome, terminal, showing));
  }
  return lines;
}

const LABEL = 11;
const LONGEST_NAME = 40;

function field(label: string, text: string, terminal: Terminal, mostLines = Number.POSITIVE_INFINITY): string[] {
  const all = wrap(text, terminal.columns - LABEL).split("\n");
  const left = all.length - mostLines;
  const shown = left > 1 ? [...all.slice(0, mostLines), terminal.colours.dim(`… ${left} more lines: lumos show ID has all of it`)] : all;
  return shown.map((line, index) => `${terminal.colours.dim((index === 0 ? label : "").padEnd(LABEL - 1))} ${line}`.trimEnd());
}

/** `proven  small  after 1 repair`. */
function headline({ state, annotation, model, annotator }: StoredOutcome, terminal: Terminal): string {
  const { green, cyan, yellow, red, dim } = terminal.colours;
  const level = state === "annotated" ? (annotation?.level ?? state) : state;
  const colour = { proven: green, aligned: cyan, well_formed: yellow, parsed: yellow, annotated: yellow, quarantined: red, failed: red, skipped: dim }[level];
  const repairs = annotation?.repairs ?? 0;
  const parts = [colour(level), fit(model ?? annotator, LONGEST_NAME), repairs > 0 ? dim(`after ${repairs} ${repairs === 1 ? "repair" : "repairs"}`) : ""];
  return parts.filter((part) => part !== "").join("  ");
}

function renderTask(example: SourceExample, terminal: Terminal, mostLines: number): string[] {
  const lines = field("task", example.task.trim(), terminal, mostLines);
  if (example.choices) lines.push(...field("choices", example.choices.join("\n"), terminal, mostLines));
  if (example.environment) lines.push(...field("given", example.environment.trim(), terminal, mostLines));
  if (example.rationale.trim() !== "") lines.push(...field("rationale", numbered(example), terminal, mostLines));
  // A web task has no answer: what is gold is the way.
  if (example.answer !== "") lines.push(...field("gold", example.unit ? `${example.answer} (${example.unit})` : example.answer, terminal, mostLines));
  return lines;
}

/** The rationale, each line that is a gold step under its number where it has one of its own beside its place. */
function numbered({ rationale, gold_steps }: SourceExample): string {
  const lines = rationale.trim().split("\n");
  const numbers = new Map(gold_steps.map(({ id, text }) => [text.trim(), shortStep(id)]));
  if (lines.filter((line) => numbers.has(line.trim())).length < gold_steps.length) return rationale.trim();
  return lines.map((line) => (numbers.has(line.trim()) ? `[${numbers.get(line.trim()) ?? ""}] ${line.trim()}` : line)).join("\n");
}

function renderVariant(outcome: StoredOutcome, terminal: Terminal, showing: Showing): string[] {
  const { example, annotation } = outcome;
  const lines: string[] = [];
  if (outcome.reason) lines.push(...field("reason", outcome.detail ? `${outcome.reason}: ${outcome.detail}` : outcome.reason, terminal, showing.mostLines));
  if (annotation) lines.push("", ...renderPlan(annotation, shortStep, terminal), "", ...field("answer", answerOf(outcome), terminal, showing.mostLines));
  const defects = outcome.defects.toSorted((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
  for (const [index, each] of defects.entries()) {
    // Ids of gold steps begin with the example's, which stands above.
    const message = example ? each.message.replaceAll(`${example.id}#`, "#") : each.message;
    lines.push(...field(index === 0 ? "defects" : "", `${each.code} (${placeOf(each)}): ${message}`, terminal, showing.mostLines));
  }
  if (outcome.repaired.length > 0) lines.push(...field("repaired", `no longer: ${outcome.repaired.join(", ")}`, terminal));
  lines.push(...showing.story(outcome));
  lines.push(...field("from", `${oneLine(outcome.file)}, record ${outcome.position}; run ${oneLine(outcome.run)}`, terminal));
  return lines;
}

/** `subgoal 2, action 1; bars aligned, proven`. */
function placeOf({ code, subgoal, action }: Defect): string {
  const at = [subgoal === null ? "" : `subgoal ${subgoal}`, action === null ? "" : `action ${action}`].filter((each) => each !== "").join(", ");
  const barred = barredLevels(code);
  const lowest = barred[0];
  const all = lowest !== undefined && barred.length > 2 ? `${lowest} and above` : barred.join(", ");
  const bars = lowest === undefined ? "a warning" : barred.length === LEVELS.length ? "no plan" : `bars ${all}`;
  return at === "" ? bars : `${at}; ${bars}`;
}

/** The final result beside the gold answer, and what supports it. */
function answerOf({ annotation, example }: StoredOutcome): string {
  if (!annotation) return "";
  const result = finalResult(annotation.verdict);
  if (example?.answer === "" && example.gold_steps.length === 0) return "none: no gold answer is known";
  if (example?.answer === "") return annotation.verdict.answer === "matched" ? "none: ends with the source's last step" : "none: does not end with the source's last step";
  const how = {
    computed: "equals gold; computed",
    matched: "equals gold; matched",
    copied: "equals gold, but follows from no computed or matched result",
    none: example ? `gold is ${example.answer}` : "there is no gold answer to compare with",
  }[annotation.verdict.answer];
  const source = annotation.byConstruction ? ", by construction (rules copied the source)" : "";
  return `${result === "" ? "no result" : result}: ${how}${source}`;
}

/** `gsm8k/1a2b#3` → `#3`; a source's own step id stays whole. */
function shortStep(id: string): string {
  const hash = id.lastIndexOf("#");
  return hash === -1 ? id : id.slice(hash);
}

import { argsText } from "../../pipelines/plan/args.ts";
import { planFromJson } from "../../pipelines/plan/parse.ts";
import type { StoredOutcome } from "../../pipelines/store/annotations.ts";
import type { ActionTrace, Verdict } from "../../schemas/annotation.ts";
import type { Plan } from "../../schemas/plan.ts";
import { type Terminal, visible, wrap } from "./terminal.ts";

/** One stored outcome as a person reads it: task, gold, plan with evidence a line an action, defects, origin. */
export function renderOutcome(outcome: StoredOutcome, terminal: Terminal): string[] {
  const { bold, dim } = terminal.colours;
  const { example, annotation } = outcome;
  const head = [outcome.state === "annotated" ? (annotation?.level ?? "") : outcome.state, outcome.model ?? outcome.annotator];
  const lines = [`${bold(visible(outcome.key))}  ${head.filter(Boolean).join("  ")}`];
  const field = (label: string, text: string): void => {
    for (const [index, line] of wrap(text, terminal.columns - 11).split("\n").entries()) {
      lines.push(`${dim((index === 0 ? label : "").padEnd(10))} ${line}`);
    }
  };
  if (example) {
    field("task", example.task.trim());
    field("rationale", example.rationale.trim());
    field("gold", example.unit ? `${example.answer} (${example.unit})` : example.answer);
  }
  if (outcome.reason) field("reason", outcome.detail ? `${outcome.reason}: ${outcome.detail}` : outcome.reason);
  const plan = annotation ? planFromJson(annotation.plan, { results: "optional" }).plan : null;
  if (plan && annotation) lines.push("", ...renderPlan(plan, annotation.verdict, terminal), "");
  if (annotation) field("answer", `${annotation.verdict.answer}${annotation.byConstruction ? ", by construction: rules copied the source's steps" : ""}`);
  const defects = outcome.defects.map((each) => {
    const place = [each.subgoal && `subgoal ${each.subgoal}`, each.action && `action ${each.action}`].filter(Boolean).join(" ");
    return `${each.code}${place ? ` (${place})` : ""}: ${each.message}`;
  });
  for (const [index, text] of defects.entries()) field(index === 0 ? "defects" : "", text);
  field("from", `${outcome.file}, record ${outcome.position}; run ${outcome.run}`);
  return lines;
}

function renderPlan(plan: Plan, verdict: Verdict, terminal: Terminal): string[] {
  const { bold } = terminal.colours;
  const trace = new Map(verdict.trace.map((each) => [`${each.subgoal}.${each.action}`, each]));
  const lines: string[] = [];
  for (const [s, subgoal] of plan.subgoals.entries()) {
    const gold = verdict.alignment.find((each) => each.subgoal === s + 1)?.gold ?? [];
    const serves = gold.length > 0 ? ` [${gold.map(stepNumber).join(", ")}]` : "";
    lines.push(...wrap(`Subgoal ${s + 1}: ${subgoal.text}${serves}`, terminal.columns, "  ").split("\n").map((line, i) => (i === 0 ? bold(line) : line)));
    for (const [a, action] of subgoal.actions.entries()) {
      const result = action.result === "" ? "" : ` = ${action.result}`;
      const text = `${action.outputs.join(", ")} = ${action.tool}(${argsText(action.args)})${result}`;
      const step = trace.get(`${s + 1}.${a + 1}`);
      const wrapped = wrap(text, terminal.columns - 2, "    ").split("\n").map((line) => `  ${line}`);
      lines.push(...wrapped);
      if (step === undefined) continue;
      const note = wrap(evidence(step), terminal.columns - 6);
      const colour = colourOf(step, terminal);
      const last = wrapped.at(-1) ?? "";
      if (!note.includes("\n") && last.length + 2 + note.length <= terminal.columns) lines[lines.length - 1] = `${last}  ${colour(note)}`;
      else lines.push(...note.split("\n").map((line) => `      ${colour(line)}`));
    }
  }
  return lines;
}

function evidence(step: ActionTrace): string {
  if (step.evidence === null) return "no result";
  const why = step.evidence === "contradicted" && step.computed !== null ? `contradicted: computed ${step.computed}` : step.evidence;
  return step.note ? `${why} (${step.note})` : why;
}

function colourOf(step: ActionTrace, terminal: Terminal): (text: string) => string {
  const { green, red, cyan, yellow, dim } = terminal.colours;
  return step.evidence === null ? dim : { computed: green, contradicted: red, matched: cyan, claimed: yellow }[step.evidence];
}

/** `gsm8k/1a2b#3` → `#3`; a source's own step id stays whole. */
function stepNumber(id: string): string {
  const hash = id.lastIndexOf("#");
  return hash === -1 ? id : id.slice(hash);
}

import type { StoredAnnotation, StoredOutcome } from "../store/annotations.ts";
import type { OutcomeName, Trace } from "./schema.ts";

/** What became of an example in one word. */
export function outcomeName({ state, annotation }: Pick<StoredOutcome, "state" | "annotation">): OutcomeName {
  if (state === "skipped" || state === "failed") return state;
  return annotation?.level ?? "no_plan";
}

/** An outcome with its trace as it is kept for the report: of long texts the beginning, of long lists the first. */
export function traceOf(outcome: StoredOutcome, group: number | null): Trace {
  const { key, dataset, example, annotation, model, annotator, reason, detail, defects, repaired, file, position, run } = outcome;
  const short = (id: string): string => (example !== null && id.startsWith(`${example.id}#`) ? id.slice(example.id.length) : cut(id, 80));
  return {
    id: cut(key, 200),
    dataset: cut(dataset, 100),
    group,
    by: cut(model ?? annotator, 100),
    outcome: outcomeName(outcome),
    reason: reason === null ? null : cut(detail === null ? reason : `${reason}: ${detail}`, 500),
    by_construction: annotation?.byConstruction ?? false,
    repairs: annotation?.repairs ?? 0,
    task: cut(example?.task ?? "", 2_000),
    rationale: cut(example?.rationale ?? "", 3_000),
    answer: cut(example === null ? "" : example.unit === undefined ? example.answer : `${example.answer} (${example.unit})`, 300),
    gold_steps: (example?.gold_steps ?? []).slice(0, 20).map(({ id, text }) => ({ id: short(id), text: cut(text, 400) })),
    ...planOf(annotation, short),
    defects: defects.slice(0, 8).map((each) => ({ ...each, message: cut(example === null ? each.message : each.message.replaceAll(`${example.id}#`, "#"), 400) })),
    repaired,
    file: cut(file, 200),
    position,
    run: cut(run, 100),
  };
}

/** Characters of a plan: the longest real ones have some 5,000. */
const LONGEST_PLAN = 8_000;

function planOf(annotation: StoredAnnotation | null, short: (id: string) => string): Pick<Trace, "subgoals" | "actions_left"> {
  if (annotation === null) return { subgoals: [], actions_left: 0 };
  const { plan, verdict } = annotation;
  const traces = new Map(verdict.trace.map((each) => [`${each.subgoal}.${each.action}`, each]));
  const subgoals: Trace["subgoals"] = [];
  let room = LONGEST_PLAN;
  let left = 0;
  for (const [s, { text, actions }] of plan.subgoals.entries()) {
    const shown: Trace["subgoals"][number]["actions"] = [];
    for (const [a, { outputs, tool, args, result }] of actions.entries()) {
      const trace = traces.get(`${s + 1}.${a + 1}`);
      const computed = trace?.computed ?? null;
      const action = { call: cut(`${outputs.join(", ")} = ${tool}(${args})`, 500), claimed: cut(result, 300), computed: computed === null ? null : cut(computed, 300), evidence: trace?.evidence ?? null, note: cut(trace?.note ?? "", 300) };
      room -= action.call.length + action.claimed.length + (action.computed?.length ?? 0) + action.note.length;
      if (room > 0) shown.push(action);
      else left += 1;
    }
    if (room <= 0 && shown.length === 0) continue;
    const gold = verdict.alignment.find((each) => each.subgoal === s + 1)?.gold ?? [];
    subgoals.push({ text: cut(text, 400), gold: gold.slice(0, 20).map(short), actions: shown });
    room -= 400;
  }
  return { subgoals, actions_left: left };
}

/** The beginning of a text that is longer than `most` characters, not cut within one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 2);
  const beginning = text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 2 : most - 1);
  // A copy: a slice would keep the whole of a long text in memory as long as its beginning is shown.
  return Buffer.from(`${beginning}…`, "utf16le").toString("utf16le");
}

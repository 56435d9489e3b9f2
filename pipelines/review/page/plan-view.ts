import { element, fill, longText } from "./dom.ts";
import { stepChip } from "./highlight.ts";
import type { Defect } from "../../../schemas/defect.ts";
import type { CheckedPlan, ShownAction, ShownSubgoal } from "../shapes.ts";
import { colourOf } from "./steps.ts";
import { evidenceWords } from "./words.ts";

/** The plan as a list of subgoals, each with the steps it serves, its actions with what supports them, and the defects that name it. */
export function planView({ subgoals, defects }: CheckedPlan, numbers: ReadonlyMap<string, number>): HTMLElement {
  const known = new Set(subgoals.map(({ n }) => n));
  const list = element("ol", { class: "subgoals" });
  fill(list, subgoals, (subgoal) => subgoalView(subgoal, defects.filter((each) => each.subgoal === subgoal.n), numbers), "subgoals");
  const elsewhere = defects.filter(({ subgoal }) => subgoal === null || !known.has(subgoal));
  return element("div", { class: "plan", "data-side": "plan" }, ...(elsewhere.length > 0 ? [defectsView(elsewhere)] : []), list);
}

function subgoalView(subgoal: ShownSubgoal, defects: readonly Defect[], numbers: ReadonlyMap<string, number>): HTMLElement {
  const steps = subgoal.gold.flatMap((id) => numbers.get(id) ?? []);
  const unknown = subgoal.gold.length - steps.length;
  const [first] = steps;
  const chips = element("span", { class: "chips" });
  chips.append(...steps.map((step) => stepChip(step, `served by subgoal ${subgoal.n}`)));
  if (unknown > 0) chips.append(element("span", { class: "chip none" }, "a step that is not shown"));
  if (subgoal.gold.length === 0) chips.append(element("span", { class: "chip none" }, "serves no step"));
  const known = new Set(subgoal.actions.map(({ n }) => n));
  const actions = element("ul", { class: "actions-of" });
  fill(actions, subgoal.actions, (action) => actionView(action, defects.filter((each) => each.action === action.n)), "actions");
  const own = defects.filter(({ action }) => action === null || !known.has(action));
  return element(
    "li",
    { class: `subgoal ${first === undefined ? "unserved" : colourOf(first)}`, "data-steps": steps.join(" ") },
    element("div", { class: "subgoal-head" }, element("h4", {}, `Subgoal ${subgoal.n}`), chips),
    longText(subgoal.text, { class: "subgoal-text" }),
    ...(own.length > 0 ? [defectsView(own)] : []),
    actions,
  );
}

function actionView(action: ShownAction, defects: readonly Defect[]): HTMLElement {
  const { mark, word, sentence } = evidenceWords(action);
  const result = action.claimed === "" ? (action.computed ?? "") : action.claimed;
  const call = element("code", { class: "call" }, element("span", { class: "output" }, `${action.output} = `), element("span", { class: "tool" }, action.tool), "(");
  call.append(longText(action.args, { class: "args" }), ")");
  if (result !== "") call.append(element("span", { class: "equals" }, action.claimed === "" ? " → " : " = "), longText(result, { class: `result ${action.evidence ?? "none"}` }));
  const evidence = element("span", { class: `evidence ${action.evidence ?? "none"}` }, element("span", { "aria-hidden": "true" }, `${mark} `), word);
  const said = element("div", { class: "support" }, evidence);
  // A defect says the same, at more length.
  if (sentence !== "" && !(action.evidence === "contradicted" && defects.length > 0)) said.append(" ", longText(sentence, { class: "why" }));
  return element("li", { class: "action" }, call, said, ...(defects.length > 0 ? [defectsView(defects)] : []));
}

/** Defects with their messages, errors first. */
function defectsView(defects: readonly Defect[]): HTMLElement {
  const list = element("ul", { class: "defects", "aria-label": "Defects" });
  const sorted = [...defects.filter(({ severity }) => severity === "error"), ...defects.filter(({ severity }) => severity !== "error")];
  fill(list, sorted, ({ code, severity, message }) =>
    element("li", { class: severity }, element("span", { "aria-hidden": "true" }, severity === "error" ? "✗ " : "! "), element("strong", {}, severity === "error" ? "Defect" : "Warning"), " ", element("code", {}, code), " ", longText(message)), "defects");
  return list;
}

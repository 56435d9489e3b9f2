import { counted, element, fill, longText } from "./dom.ts";
import { stepChip } from "./highlight.ts";
import { planView } from "./plan-view.ts";
import type { Annotation, RationaleStep, ShownSubgoal } from "../shapes.ts";
import { colourOf, servedBy, stepNumbers } from "./steps.ts";
import { answerWords, finalResult, madeBy, ownWords, plain, reviewWords, VERDICT_WORDS } from "./words.ts";

/** An annotation as it is judged: what it is, the task, both answers, the rationale beside the plan. */
export function annotationView(annotation: Annotation, { isSecond, isOpen, isPicked, hasDraft }: { isSecond: boolean; isOpen: boolean; isPicked: boolean; hasDraft: boolean }): HTMLElement[] {
  const numbers = stepNumbers(annotation.rationale);
  const kept = hasDraft ? [element("p", { class: "kept" }, "An edit of this plan is kept and not saved: Edit goes on with it.")] : [];
  const columns = element(
    "div",
    { class: "columns" },
    column("rationale", "Rationale of the source", rationaleView(annotation.rationale, annotation.subgoals, numbers)),
    column("plan", "Plan", ...kept, planView(annotation, numbers)),
  );
  return [headView(annotation, { isSecond, isOpen, isPicked }), taskView(annotation), answersView(annotation), columns];
}

/** What stands in its place where there is none to judge. */
export function endView(message: string): HTMLElement {
  const hint = element("p", {}, "Take another order or filter, go back with k, or see the figures with ", element("code", {}, "lumos review --status"));
  return element("div", { class: "end" }, element("h2", { id: "annotation-id" }, message), hint);
}

function column(id: string, title: string, ...content: HTMLElement[]): HTMLElement {
  // It scrolls in itself where it is longer than the window.
  return element("section", { id, "aria-labelledby": `${id}-title`, tabindex: id === "rationale" ? 0 : null }, element("h3", { id: `${id}-title` }, title), ...content);
}

function headView(annotation: Annotation, { isSecond, isOpen, isPicked }: Record<"isSecond" | "isOpen" | "isPicked", boolean>): HTMLElement {
  const { id, level, top_level: top, own, others } = annotation;
  const head = element(
    "header",
    { class: "head" },
    element("h2", { id: "annotation-id", class: "text" }, id),
    element("p", { class: "facts" }, levelPill(level, top), element("span", {}, madeBy(annotation)), ...(isSecond ? [element("span", { class: "badge" }, "reviewed by two")] : [])),
  );
  if (isPicked) head.append(element("p", { class: "kept" }, "You picked this from the list: what you say of it does not speak for others, and it comes up again in its turn. n goes back to the queue."));
  if (own) head.append(element("p", { class: `verdict ${own.verdict}` }, element("span", { "aria-hidden": "true" }, `${VERDICT_WORDS[own.verdict].mark} `), ownWords(own, isOpen)));
  if (others.length > 0) {
    const list = element("ul", { class: "others" });
    fill(list, others, (review) => element("li", { class: "text" }, element("strong", {}, review.reviewer), ` ${reviewWords(review)}`), "reviews");
    head.append(element("section", { "aria-label": "Reviews of others" }, list));
  }
  return head;
}

export function levelPill(level: string | null, top: string): HTMLElement {
  const name = level === null ? "no plan" : plain(level);
  return element("span", { class: `level ${level ?? "none"}` }, element("span", { class: "hidden" }, "level: "), level === top ? `${name} · top level` : `${name} · top level is ${plain(top)}`);
}

function taskView({ task, context }: Annotation): HTMLElement {
  const view = element("section", { class: "task", "aria-labelledby": "task-title" }, element("h3", { id: "task-title" }, "Task"), longText(task, { class: "task-text" }));
  if (context.length > 0) {
    const list = element("div", { class: "context" });
    fill(list, context, ({ title, text }) => element("section", {}, element("h4", { class: "text" }, title), longText(text)), "texts");
    view.append(element("details", { id: "context" }, element("summary", {}, `Given with it: ${counted(context.length, "text")} `, element("kbd", { "aria-hidden": "true" }, "c")), list));
  }
  return view;
}

function answersView(annotation: Annotation): HTMLElement {
  const { gold_answer: gold, unit, answer } = annotation;
  const { mark, tone, sentence } = answerWords(answer, gold);
  const result = finalResult(annotation);
  return element(
    "section",
    { class: "answers", "aria-label": "Answers" },
    element("div", { class: "answer" }, element("h3", {}, "Gold answer"), gold === "" ? element("div", { class: "text faint" }, "none") : longText(unit === null ? gold : `${gold} ${unit}`, { class: "value" })),
    element(
      "div",
      { class: `answer ${tone}` },
      element("h3", {}, "The plan's answer"),
      result === "" ? element("div", { class: "text faint" }, "no result") : longText(result, { class: "value" }),
      element("p", { class: "why" }, element("span", { "aria-hidden": "true" }, `${mark} `), sentence),
    ),
  );
}

/** The rationale with its gold steps in their colours. Where the steps are no lines of it they come first, and the text as the source has it after them. */
export function rationaleView(rationale: readonly RationaleStep[], subgoals: readonly ShownSubgoal[], numbers: ReadonlyMap<string, number>): HTMLElement {
  const served = servedBy(subgoals, numbers);
  const blocks = blocksOf(rationale);
  const [first, ...steps] = blocks;
  const isApart = first !== undefined && first.step === null && steps.length > 0 && steps.every(({ step }) => step !== null);
  const list = element("ol", { class: "rationale", "data-side": "rationale" });
  fill(list, isApart ? [...steps, first] : blocks, (part) => rationaleStep(part, numbers, served), "steps");
  if (rationale.length === 0) list.append(element("li", { class: "faint" }, "The source gives none."));
  return list;
}

/** Lines that follow each other and are no step become one. */
function blocksOf(rationale: readonly RationaleStep[]): RationaleStep[] {
  const blocks: RationaleStep[] = [];
  for (const line of rationale) {
    const last = blocks.at(-1);
    if (last && last.step === null && line.step === null) blocks[blocks.length - 1] = { ...last, text: `${last.text}\n${line.text}` };
    else blocks.push(line);
  }
  return blocks;
}

function rationaleStep({ step, text, question, result, cites }: RationaleStep, numbers: ReadonlyMap<string, number>, served: ReadonlyMap<number, number[]>): HTMLElement {
  const n = step === null ? undefined : numbers.get(step);
  if (n === undefined) return element("li", { class: "rationale-step" }, longText(text));
  const subgoals = served.get(n) ?? [];
  const about = subgoals.length === 0 ? "no subgoal serves it" : `${subgoals.length === 1 ? "subgoal" : "subgoals"} ${subgoals.join(", ")}`;
  return element(
    "li",
    { class: `rationale-step ${colourOf(n)}`, "data-steps": n },
    element("div", { class: "chips" }, stepChip(n, about), element("span", { class: subgoals.length === 0 ? "unmet" : "faint" }, subgoals.length === 0 ? about : `→ ${about}`)),
    longText(text),
    ...(question ? [longText(question, { class: "faint" })] : []),
    ...(result && !text.includes(result) ? [longText(`→ ${result}`, { class: "step-result" })] : []),
    ...(cites && cites.length > 0 ? [element("p", { class: "cites text" }, `cites ${cites.join(", ")}`)] : []),
  );
}

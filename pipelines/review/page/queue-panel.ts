import { byId, element } from "./dom.ts";
import { VIEW_FIELDS, type View } from "./place.ts";
import { PAGE_ROWS, type Queue } from "./queue.ts";
import type { QueueItem, Session } from "../shapes.ts";
import { plain, VERDICT_WORDS } from "./words.ts";

export interface QueueChoices {
  /** Goes to a place of the queue. */
  open: (at: number) => void;
  /** Shows the page of rows around a place, and stays where it is. */
  page: (at: number) => void;
  /** Goes through another queue. */
  change: (view: View) => void;
}

const ORDER_WORDS: Record<string, string> = { random: "random", stratified: "stratified: every source, annotator and level in turn", worst: "worst first", disagreements: "disagreements first" };
const FIELD_WORDS: Record<keyof View, string> = { order: "Order", seed: "Seed", dataset: "Source", annotator: "Annotator", level: "Level", defect: "Defect" };

/** The list of rows with its order and filters. */
export class QueuePanel {
  readonly #choices: QueueChoices;
  readonly #form = byId("view-form", HTMLFormElement);
  readonly #list = byId("queue-list", HTMLOListElement);
  readonly #before = byId("rows-before", HTMLButtonElement);
  readonly #after = byId("rows-after", HTMLButtonElement);
  #offset = 0;

  constructor(session: Session, choices: QueueChoices) {
    this.#choices = choices;
    this.#form.append(...VIEW_FIELDS.map((name) => fieldOf(name, session)), element("p", {}, element("button", { type: "submit", class: "primary" }, "Show this queue")));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      byId("view-details", HTMLDetailsElement).open = false;
      choices.change(this.#chosen());
    });
    this.#before.addEventListener("click", () => choices.page(this.#offset - PAGE_ROWS));
    this.#after.addEventListener("click", () => choices.page(this.#offset + PAGE_ROWS));
    const queue = byId("queue", HTMLElement);
    const toggle = byId("toggle-queue", HTMLButtonElement);
    toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(queue.classList.toggle("open"))));
  }

  /** Shows rows, how far the reviewer is, and the order and filters that hold. */
  show(queue: Queue, at: number | null): void {
    const { view, total, decided, skipped, items, offset } = queue;
    this.#offset = offset;
    for (const name of VIEW_FIELDS) this.#control(name).value = view[name];
    byId("view-summary", HTMLElement).textContent = summaryOf(view);
    const progress = byId("progress", HTMLProgressElement);
    progress.max = Math.max(1, total);
    progress.value = decided + skipped;
    byId("progress-text", HTMLElement).textContent = `${decided.toLocaleString("en")} of ${total.toLocaleString("en")} decided${skipped === 0 ? "" : `, ${skipped.toLocaleString("en")} skipped`}`;
    this.#list.start = offset + 1;
    this.#list.replaceChildren(...items.map((item, index) => this.#row(item, offset + index, offset + index === at)));
    if (items.length === 0) this.#list.replaceChildren(element("li", { class: "faint empty" }, "Nothing fits these filters."));
    byId("rows-shown", HTMLElement).textContent = items.length === 0 ? "" : `${(offset + 1).toLocaleString("en")}–${(offset + items.length).toLocaleString("en")} of ${total.toLocaleString("en")}`;
    this.#before.disabled = offset === 0;
    this.#after.disabled = offset + items.length >= total;
    const current = this.#list.querySelector("[aria-current]");
    if (current instanceof HTMLElement) this.#list.scrollTop = Math.max(0, current.offsetTop - this.#list.clientHeight / 2);
  }

  #row({ id, task, level, defects, verdict, second }: QueueItem, at: number, isCurrent: boolean): HTMLElement {
    const facts = [level === null ? "no plan" : plain(level), ...(defects.length > 0 ? [defects.slice(0, 2).join(", ") + (defects.length > 2 ? ` +${defects.length - 2}` : "")] : []), ...(second ? ["by two"] : [])];
    const mark = element("span", { class: `mark ${verdict ?? "open"}` });
    mark.append(element("span", { "aria-hidden": "true" }, verdict === null ? "○" : VERDICT_WORDS[verdict].mark), element("span", { class: "hidden" }, verdict === null ? "open: " : `${VERDICT_WORDS[verdict].done}: `));
    const button = element("button", { type: "button", class: "row", title: id, "aria-current": isCurrent ? "true" : null }, mark, element("span", { class: "row-task", dir: "auto" }, task), element("span", { class: "row-facts" }, facts.join(" · ")));
    button.addEventListener("click", () => this.#choices.open(at));
    return element("li", {}, button);
  }

  #chosen(): View {
    const view: View = { order: "", seed: "", dataset: "", annotator: "", level: "", defect: "" };
    for (const name of VIEW_FIELDS) view[name] = this.#control(name).value.trim();
    return view;
  }

  #control(name: keyof View): HTMLSelectElement | HTMLInputElement {
    const control = this.#form.elements.namedItem(name);
    if (control instanceof HTMLSelectElement || control instanceof HTMLInputElement) return control;
    throw new Error(`The form has no field '${name}'.`);
  }
}

function summaryOf({ order, dataset, annotator, level, defect }: View): string {
  const on = [dataset, annotator, level, defect].filter((value) => value !== "");
  return [ORDER_WORDS[order]?.split(":", 1)[0] ?? plain(order), ...on.map((value) => (value === level ? plain(value) : value))].join(" · ");
}

function fieldOf(name: keyof View, { orders, filters }: Session): HTMLElement {
  const control = name === "seed" ? element("input", { name, id: `view-${name}`, type: "text", maxlength: 64, autocomplete: "off" }) : element("select", { name, id: `view-${name}` });
  if (name === "order") control.append(...orders.map((order) => element("option", { value: order }, ORDER_WORDS[order] ?? plain(order))));
  else if (name !== "seed") control.append(element("option", { value: "" }, "all"), ...valuesOf(name, filters).map(({ value, n }) => element("option", { value }, `${name === "level" ? plain(value) : value} (${n.toLocaleString("en")})`)));
  return element("p", {}, element("label", { for: `view-${name}` }, FIELD_WORDS[name]), control);
}

function valuesOf(name: "dataset" | "annotator" | "level" | "defect", filters: Session["filters"]): { value: string; n: number }[] {
  switch (name) {
    case "dataset":
      return filters.datasets.map(({ dataset, annotations }) => ({ value: dataset, n: annotations }));
    case "annotator":
      return filters.annotators.map(({ annotator, annotations }) => ({ value: annotator, n: annotations }));
    case "level":
      return filters.levels.map(({ level, annotations }) => ({ value: level, n: annotations }));
    case "defect":
      return filters.defects.map(({ code, annotations }) => ({ value: code, n: annotations }));
  }
}

import { levelPill } from "./annotation-view.ts";
import type { Draft } from "./drafts.ts";
import { counted, element } from "./dom.ts";
import { clearNotice, showFailure, showNotice } from "./notice.ts";
import { planView } from "./plan-view.ts";
import { requests } from "./requests.ts";
import type { Annotation, Check } from "../shapes.ts";
import { plain } from "./words.ts";

/** Milliseconds without a key before a text is checked. */
const PAUSE = 300;

export interface Editing {
  annotation: Annotation;
  draft: Draft;
  numbers: ReadonlyMap<string, number>;
  save: (plan: string) => void;
  leave: () => void;
  /** What a check said, for the parts of the page that stand beside the plan. */
  checked: (check: Check) => void;
}

/** The plan as text that can be changed, its trace below, checked while somebody types. */
export class Editor {
  readonly view: HTMLElement;
  readonly #editing: Editing;
  readonly #text: HTMLTextAreaElement;
  readonly #state = element("p", { class: "check-state", role: "status" });
  readonly #trace = element("div", { class: "trace" });
  readonly #original: string;
  #timer: number | undefined;
  #asked = new AbortController();

  constructor(editing: Editing) {
    this.#editing = editing;
    const { annotation, draft } = editing;
    this.#original = annotation.own?.plan ?? annotation.plan_text;
    const text = draft.read() ?? this.#original;
    this.#text = element("textarea", { id: "plan-text", class: "plan-text", rows: Math.min(24, Math.max(6, text.split("\n", 24).length + 2)), spellcheck: "false", autocapitalize: "off", "aria-describedby": "edit-about" });
    this.#text.value = text;
    this.#text.addEventListener("input", () => this.#changed());
    const button = (label: string, key: string, act: () => void, primary = false): HTMLElement => {
      const made = element("button", { type: "button", class: primary ? "primary" : "" }, label, ...(key === "" ? [] : [" ", element("kbd", {}, key)]));
      made.addEventListener("click", act);
      return made;
    };
    this.view = element(
      "div",
      { class: "editor" },
      element("label", { for: "plan-text" }, "The plan as text"),
      // Above it, where it is seen while somebody writes.
      this.#state,
      this.#text,
      element("p", { id: "edit-about", class: "faint" }, "It is checked and run while you type. What is not saved is kept in this tab."),
      element("p", { class: "editor-buttons" }, button("Save", "Ctrl+Enter", () => this.#save(), true), button("Leave", "Esc", () => this.leave()), button("Throw the changes away", "", () => this.#reset())),
      this.#trace,
    );
    this.view.addEventListener("keydown", (event) => this.#pressed(event));
    void this.#check();
  }

  focus(): void {
    this.#text.focus();
    this.#text.setSelectionRange(0, 0);
    // The focus has scrolled to where the caret was: the end.
    this.#text.scrollTop = 0;
  }

  /** Ends checking; the draft stays. */
  close(): void {
    window.clearTimeout(this.#timer);
    this.#asked.abort();
  }

  leave(): void {
    this.close();
    this.#editing.leave();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save();
    else if (event.key === "Escape" && !event.isComposing) this.leave();
    else return;
    event.preventDefault();
  }

  #save(): void {
    if (this.#text.value.trim() === this.#original.trim()) showNotice("The plan is as it was: change it, or leave with Escape and accept it.");
    else this.#editing.save(this.#text.value);
  }

  #reset(): void {
    this.#text.value = this.#original;
    this.#editing.draft.drop();
    this.#text.focus();
    void this.#check();
  }

  #changed(): void {
    const kept = this.#text.value === this.#original ? (this.#editing.draft.drop(), true) : this.#editing.draft.write(this.#text.value);
    if (!kept) showNotice("The browser has no room left for this draft: save it before you reload the page.");
    this.#say("Checking …");
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const { annotation, checked } = this.#editing;
    try {
      const check = await requests.check({ id: annotation.id, variant: annotation.variant, plan: this.#text.value }, asked.signal);
      if (asked.signal.aborted) return;
      clearNotice();
      this.#show(check);
      checked(check);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.#say("Not checked.");
      showFailure(error, () => void this.#check());
    }
  }

  #show(check: Check): void {
    const defects = check.defects.length === 0 ? "no defects" : counted(check.defects.length, "defect");
    const level = check.parses ? check.level : null;
    this.#state.replaceChildren(levelPill(level, this.#editing.annotation.top_level), ` ${level === null ? "It is no plan yet" : `As it stands: ${plain(level)}`}, ${defects}.`);
    this.#trace.replaceChildren(planView(check, this.#editing.numbers));
  }

  #say(message: string): void {
    if (this.#state.textContent !== message) this.#state.textContent = message;
  }
}

import { byId, element } from "./dom.ts";
import type { Draft } from "./drafts.ts";
import { plain } from "./words.ts";

export interface Rejection {
  reason: string;
  note: string;
}

/** Asks for a reason and a note. A number picks its reason and goes on to the note; Enter rejects; Escape leaves, and what was typed is kept. */
export class RejectDialog {
  readonly #dialog = byId("reject", HTMLDialogElement);
  readonly #note = byId("note", HTMLInputElement);
  readonly #radios: HTMLInputElement[];
  #draft: Draft | null = null;
  #reject: (rejection: Rejection) => void = () => {};

  constructor(reasons: readonly string[]) {
    this.#radios = reasons.map((reason) => element("input", { type: "radio", name: "reason", value: reason, required: true }));
    const rows = this.#radios.map((radio, index) => element("label", { class: "reason" }, radio, ...(index < 10 ? [element("kbd", {}, String((index + 1) % 10))] : []), element("span", { class: "text" }, plain(radio.value))));
    byId("reasons", HTMLFieldSetElement).append(...rows);
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("input", () => this.#keep());
    byId("reject-leave", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("reject-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = this.#radios.find(({ checked }) => checked)?.value;
      if (reason === undefined) return;
      this.#dialog.close();
      this.#reject({ reason, note: this.#note.value.trim() });
    });
  }

  open(draft: Draft, reject: (rejection: Rejection) => void): void {
    this.#draft = draft;
    this.#reject = reject;
    const [reason = "", note = ""] = draft.read()?.split("\n", 2) ?? [];
    for (const radio of this.#radios) radio.checked = radio.value === reason;
    this.#note.value = note;
    this.#dialog.showModal();
    (this.#radios.find(({ checked }) => checked) ?? this.#radios[0] ?? this.#note).focus();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.target === this.#note || event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
    const radio = this.#radios[(Number(event.key) + 9) % 10];
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    this.#note.focus();
    this.#keep();
  }

  #keep(): void {
    this.#draft?.write(`${this.#radios.find(({ checked }) => checked)?.value ?? ""}\n${this.#note.value}`);
  }
}

import { annotationView, endView, rationaleView } from "./annotation-view.ts";
import { Annotations } from "./annotations.ts";
import { byId, counted, element, focusOn } from "./dom.ts";
import { drafts } from "./drafts.ts";
import { Editor } from "./editor.ts";
import type { Command } from "./keys.ts";
import { announce, clearNotice, showFailure, showNotice } from "./notice.ts";
import { fragmentOf, isDrawn, type Place, queueName, type View } from "./place.ts";
import { Queue } from "./queue.ts";
import { QueuePanel } from "./queue-panel.ts";
import { RejectDialog } from "./reject-dialog.ts";
import { RequestError, requests } from "./requests.ts";
import type { ReviewVerdict } from "../../../schemas/review.ts";
import type { Annotation, Session } from "../shapes.ts";
import { stepNumbers } from "./steps.ts";
import { isVerdict, offerVerdicts } from "./verdict-bar.ts";
import { capital, plain, VERDICT_WORDS } from "./words.ts";

/** One reviewer's way through a queue: what is shown, and what each command does with it. */
export class Review {
  readonly #reviewer: string;
  readonly #annotations: Annotations;
  readonly #panel: QueuePanel;
  readonly #dialog: RejectDialog;
  readonly #main = byId("annotation", HTMLElement);
  #queue: Queue;
  #place: Place;
  #shown: Annotation | null = null;
  #editor: Editor | null = null;
  /** What came in its turn: going back to it from the list is no picking. */
  readonly #met = new Set<string>();
  /** Whether what is given with tasks is open: it stays as it was put. */
  #isContextOpen = false;
  /** Counts what is opened, so that what arrives late is not shown. */
  #turn = 0;
  /** Where verdicts were given, for undo. */
  readonly #decidedAt = new Map<string, number>();
  /** What the last key did, said together with what is shown then. */
  #done = "";
  /** The verdict that is on its way. No other is given meanwhile; what goes elsewhere waits for it. */
  #saving: Promise<void> | null = null;

  readonly #keepPlace: (fragment: string) => void;

  constructor(session: Session, reviewer: string, place: Place, keepPlace: (fragment: string) => void) {
    this.#reviewer = reviewer;
    this.#keepPlace = keepPlace;
    this.#place = place;
    this.#queue = new Queue(place.view, reviewer);
    this.#annotations = new Annotations(reviewer);
    this.#dialog = new RejectDialog(session.reasons);
    this.#panel = new QueuePanel(session, { open: (at) => void this.#pick(at), page: (at) => void this.#showRows(at), change: (view) => void this.#change(view) });
  }

  /** Opens the place it was made with; without one, the first that the reviewer has not decided. */
  async start(): Promise<void> {
    await this.#attempt(async () => {
      const { at, id, variant } = this.#place;
      const found = id === null || variant === null || at === null ? null : await this.#queue.find(id, variant, at);
      // A place without a number was chosen by its id.
      if (id !== null && variant !== null) {
        if (found === null) await this.#queue.load(0);
        await this.#open(id, variant, found, this.#place.picked);
      } else {
        await this.#queue.load(at ?? 0);
        await this.#openAt(at ?? (await this.#queue.nextUndecided(-1)) ?? 0, false);
      }
      this.#resume();
    }, () => void this.start());
  }

  run(command: Command): void {
    if (this.#saving !== null) {
      if (!isVerdict(command)) void this.#saving.then(() => this.run(command));
      return;
    }
    if (this.#editor !== null && isVerdict(command)) return announce("Save the edit or leave it first.");
    switch (command) {
      case "accept":
      case "skip":
        return this.#decide(command);
      case "reject":
        return this.#reject();
      case "edit":
        return this.#edit();
      case "undo":
        return this.#save(() => this.#undo());
      case "next":
        return void this.openAt((this.#place.at ?? -1) + 1);
      case "previous":
        return void this.openAt((this.#place.at ?? 1) - 1);
      case "open":
        return void this.#goOn();
      case "context":
        this.#isContextOpen = !this.#isContextOpen;
        this.#context?.toggleAttribute("open", this.#isContextOpen);
        return;
      case "help":
        return byId("help", HTMLDialogElement).showModal();
    }
  }

  /** To a place beside the one that is shown. */
  async openAt(at: number): Promise<void> {
    await this.#attempt(() => this.#openAt(at, this.#place.picked), () => void this.openAt(at));
  }

  async #pick(at: number): Promise<void> {
    await this.#attempt(() => this.#openAt(at, isDrawn(this.#place.view)), () => void this.#pick(at));
  }

  async #openAt(at: number, picked: boolean): Promise<void> {
    const turn = ++this.#turn;
    const item = await this.#queue.itemAt(at);
    if (turn !== this.#turn) return;
    // What has its verdict came in its turn, too.
    if (item) return this.#open(item.id, item.variant, at, picked && item.verdict === null && !this.#met.has(keyOf(item)));
    if (this.#queue.total === 0) this.#showEnd("Nothing fits these filters.");
    else announce(at < 0 ? "This is the first one." : "This is the last one.");
  }

  async #open(id: string, variant: string, at: number | null, picked: boolean): Promise<void> {
    const turn = ++this.#turn;
    this.#main.setAttribute("aria-busy", "true");
    try {
      const annotation = await this.#annotations.get(id, variant);
      if (turn !== this.#turn) return;
      this.#place = { ...this.#place, at, id, variant, picked };
      if (!picked) this.#met.add(keyOf({ id, variant }));
      this.#show(annotation);
      this.#prefetch();
    } finally {
      if (turn === this.#turn) this.#main.removeAttribute("aria-busy");
    }
  }

  #show(annotation: Annotation): void {
    this.#editor?.close();
    this.#editor = null;
    this.#shown = annotation;
    const { at, picked } = this.#place;
    const item = at === null ? undefined : this.#queue.items[at - this.#queue.offset];
    const hasDraft = drafts.edit(annotation.id, annotation.variant, annotation.plan_hash).read() !== null;
    this.#main.replaceChildren(...annotationView(annotation, { isSecond: item?.second ?? false, isOpen: item?.verdict === null && !picked, isPicked: picked, hasDraft }));
    const context = this.#context;
    context?.toggleAttribute("open", this.#isContextOpen);
    context?.addEventListener("toggle", () => (this.#isContextOpen = context.open));
    this.#keepPlace(fragmentOf(this.#place));
    document.title = `${annotation.id} – lumos review`;
    this.#panel.show(this.#queue, at);
    offerVerdicts("all");
    window.scrollTo(0, 0);
    focusOn(byId("annotation-id", HTMLElement));
    announce(`${this.#done}${at === null ? annotation.id : `${at + 1} of ${this.#queue.total}`}: ${annotation.level === null ? "no plan" : plain(annotation.level)}, ${counted(annotation.defects.length, "defect")}.`);
    this.#done = "";
  }

  /** What is given with the task that is shown; null where nothing is. */
  get #context(): HTMLDetailsElement | null {
    return this.#main.querySelector("details#context");
  }

  #decide(verdict: ReviewVerdict, more: { reason?: string; note?: string; plan?: string } = {}): void {
    const shown = this.#shown;
    if (shown === null) return;
    const { id, variant, plan_hash } = shown;
    this.#save(async () => {
      const saved = await requests.review({ id, variant, plan_hash, reviewer: this.#reviewer, queue: queueName(this.#place), verdict, ...more });
      if (verdict === "edit") drafts.edit(id, variant, plan_hash).drop();
      drafts.note(id, variant).drop();
      drafts.open().drop();
      this.#annotations.forget(id, variant);
      // What was picked is open in its queue until its turn comes.
      const { picked, at } = this.#place;
      if (!picked) this.#queue.mark(id, variant, verdict);
      if (at !== null) this.#decidedAt.set(keyOf(shown), at);
      this.#done = `${capital(VERDICT_WORDS[verdict].done)}${verdict === "edit" && saved.level !== null ? `: it is ${plain(saved.level)} now` : ""}. `;
      await this.#goOnFrom(picked ? -1 : at);
    });
  }

  /** Does what changes the reviews, one at a time. */
  #save(work: () => Promise<void>): void {
    if (this.#saving !== null) return;
    this.#saving = this.#attempt(work, () => this.#save(work)).finally(() => (this.#saving = null));
  }

  #reject(): void {
    if (this.#shown === null) return;
    const { id, variant } = this.#shown;
    this.#dialog.open(drafts.note(id, variant), ({ reason, note }) => this.#decide("reject", { reason, ...(note === "" ? {} : { note }) }));
  }

  #edit(): void {
    const annotation = this.#shown;
    if (annotation === null) return;
    const { id, variant, plan_hash } = annotation;
    const numbers = stepNumbers(annotation.rationale);
    const editor = new Editor({
      annotation,
      numbers,
      draft: drafts.edit(id, variant, plan_hash),
      save: (plan) => this.#decide("edit", { plan }),
      leave: () => {
        drafts.open().drop();
        this.#show(annotation);
      },
      checked: (check) => byId("rationale", HTMLElement).lastElementChild?.replaceWith(rationaleView(annotation.rationale, check.subgoals, numbers)),
    });
    this.#editor = editor;
    drafts.open().write(`${variant} ${id}`);
    byId("plan", HTMLElement).replaceChildren(element("h3", { id: "plan-title" }, "Edit the plan"), editor.view);
    offerVerdicts("none");
    editor.focus();
  }

  /** Opens the editor again where a reload closed it. */
  #resume(): void {
    if (this.#shown !== null && drafts.open().read() === `${this.#shown.variant} ${this.#shown.id}`) this.#edit();
  }

  async #undo(): Promise<void> {
    try {
      const { id, variant, verdict, queue } = await requests.undo(this.#reviewer);
      this.#annotations.forget(id, variant);
      const at = await this.#queue.find(id, variant, this.#queue.placeOf(id, variant) ?? this.#decidedAt.get(keyOf({ id, variant })) ?? this.#queue.offset);
      this.#done = `Taken back: ${VERDICT_WORDS[verdict].done}. `;
      await this.#open(id, variant, at, queue === "chosen" && isDrawn(this.#place.view));
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== "undo.nothing") throw error;
      announce("There is nothing to undo.");
    }
  }

  async #goOn(): Promise<void> {
    await this.#attempt(() => this.#goOnFrom(this.#place.picked ? -1 : this.#place.at), () => void this.#goOn());
  }

  /** To the next one that is not decided. */
  async #goOnFrom(at: number | null): Promise<void> {
    const next = await this.#queue.nextUndecided(at ?? -1);
    if (next === null) this.#showEnd("You are through: everything in this queue is decided.");
    else await this.#openAt(next, false);
  }

  #showEnd(message: string): void {
    this.#turn += 1;
    this.#shown = null;
    this.#editor?.close();
    this.#editor = null;
    offerVerdicts("undo");
    this.#panel.show(this.#queue, null);
    this.#main.replaceChildren(endView(message));
    focusOn(byId("annotation-id", HTMLElement));
  }

  async #change(view: View): Promise<void> {
    this.#queue = new Queue(view, this.#reviewer);
    this.#decidedAt.clear();
    this.#place = { view, at: null, id: null, variant: null, picked: false };
    await this.start();
  }

  async #showRows(at: number): Promise<void> {
    await this.#attempt(async () => {
      await this.#queue.load(Math.max(0, at));
      this.#panel.show(this.#queue, this.#place.at);
    }, () => void this.#showRows(at));
  }

  #prefetch(): void {
    const { at } = this.#place;
    if (at === null) return;
    const next = this.#queue.items.slice(at - this.#queue.offset + 1).find(({ verdict }) => verdict === null);
    if (next) void this.#annotations.get(next.id, next.variant);
  }

  /** Does something that asks the server; a failure becomes the bar, with a way to repeat it. */
  async #attempt(work: () => Promise<void>, again: () => void): Promise<void> {
    try {
      await work();
      clearNotice();
    } catch (error) {
      if (error instanceof RequestError && error.status === 409) this.#changedMeanwhile(error);
      else showFailure(error, again);
    }
  }

  #changedMeanwhile(error: RequestError): void {
    const shown = this.#shown;
    const act = (): void => {
      if (shown === null) return;
      this.#annotations.forget(shown.id, shown.variant);
      const { at, picked } = this.#place;
      void this.#attempt(() => this.#open(shown.id, shown.variant, at, picked), act);
    };
    showNotice(`${error.message} Your verdict was not kept; look at the new plan.`, [{ label: "Show the new plan", act }]);
  }
}

function keyOf({ id, variant }: { id: string; variant: string }): string {
  return `${variant} ${id}`;
}

import { byId, element } from "./dom.ts";
import { lightUp } from "./highlight.ts";
import { commandOf } from "./keys.ts";
import { showFailure, showNotice } from "./notice.ts";
import { placeOf, tokenOf, VIEW_FIELDS, type View } from "./place.ts";
import { keepToken, requests } from "./requests.ts";
import { Review } from "./review.ts";
import type { Session } from "../shapes.ts";
import { makeVerdictBar } from "./verdict-bar.ts";

const NAME = "lumos.reviewer";
const PLACE = "lumos.place";
const KEYS_OFF = "lumos.keys-off";

/** The review that goes on; null until somebody gave a name. */
let review: Review | null = null;

takeToken();
window.addEventListener("hashchange", () => {
  // An address that lumos review printed, opened in a tab that is on the page already.
  if (takeToken()) location.reload();
});
window.addEventListener("unhandledrejection", ({ reason }) => showNotice(`Something went wrong on this page: ${String(reason)}. Reload it; what you typed is kept.`));
makeVerdictBar((command) => review?.run(command));
lightUp(byId("annotation", HTMLElement));
listenToKeys();
void begin();

async function begin(): Promise<void> {
  try {
    const session = await requests.session();
    byId("store", HTMLElement).textContent = session.store;
    const name = sessionStorage.getItem(NAME);
    if (name === null) askForName(session);
    else startReview(session, name);
  } catch (error) {
    showFailure(error, () => void begin());
  }
}

function askForName(session: Session): void {
  const field = byId("name", HTMLInputElement);
  byId("reviewers", HTMLDataListElement).append(...session.reviewers.map((value) => element("option", { value })));
  byId("name-about", HTMLElement).textContent = `${session.annotations.toLocaleString("en")} annotations in ${session.store}.`;
  field.value = localStorage.getItem(NAME) ?? "";
  byId("name-screen", HTMLElement).hidden = false;
  field.select();
  field.focus();
  byId("name-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name === "") return;
    sessionStorage.setItem(NAME, name);
    localStorage.setItem(NAME, name);
    byId("name-screen", HTMLElement).hidden = true;
    startReview(session, name);
  });
}

function startReview(session: Session, name: string): void {
  const change = byId("change-name", HTMLButtonElement);
  change.replaceChildren(element("span", { class: "hidden" }, "Change the name "), name);
  change.addEventListener("click", () => {
    sessionStorage.removeItem(NAME);
    location.reload();
  });
  byId("review-screen", HTMLElement).hidden = false;
  document.body.classList.add("reviewing");
  const start = startView(session);
  review = new Review(session, name, placeOf(location.hash || keptPlace(start), start), (fragment) => {
    history.replaceState(null, "", fragment);
    sessionStorage.setItem(PLACE, JSON.stringify({ start, fragment }));
  });
  void review.start();
}

/** Where this tab was, for the address of a server that was started again as it was; "" for none. */
function keptPlace(start: View): string {
  const kept = sessionStorage.getItem(PLACE);
  if (kept === null) return "";
  const { start: then, fragment } = JSON.parse(kept) as { start: View; fragment: string };
  return JSON.stringify(then) === JSON.stringify(start) ? fragment : "";
}

function startView({ start }: Session): View {
  const view: View = { order: "", seed: "", dataset: "", annotator: "", level: "", defect: "" };
  for (const name of VIEW_FIELDS) view[name] = String(start[name] ?? "");
  return view;
}

/** Keeps the token that the address names and takes it out of the address; false where it names none. */
function takeToken(): boolean {
  const { token, rest } = tokenOf(location.hash);
  if (token === null) return false;
  keepToken(token);
  history.replaceState(null, "", `${location.pathname}${rest}`);
  return true;
}

function listenToKeys(): void {
  const keysOn = byId("keys-on", HTMLInputElement);
  keysOn.checked = localStorage.getItem(KEYS_OFF) === null;
  keysOn.addEventListener("change", () => (keysOn.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "yes")));
  const help = byId("help", HTMLDialogElement);
  byId("show-help", HTMLButtonElement).addEventListener("click", () => help.showModal());
  byId("help-leave", HTMLButtonElement).addEventListener("click", () => help.close());
  document.addEventListener("keydown", (event) => {
    if (!keysOn.checked || event.defaultPrevented || document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const command = commandOf(event);
    if (command === null || review === null) return;
    event.preventDefault();
    review.run(command);
  });
}

/** Whether keys go to a field: nothing that is typed gives a verdict. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

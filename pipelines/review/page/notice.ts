import { byId, element } from "./dom.ts";
import { RequestError } from "./requests.ts";

/** What somebody can do about it: a button. */
export interface Remedy {
  label: string;
  act: () => void;
}

/** Shows what went wrong as a bar above the page, with what to do about it. It is read aloud at once and stays until the next thing goes well. */
export function showNotice(message: string, remedies: readonly Remedy[] = []): void {
  const bar = byId("notice", HTMLDivElement);
  const buttons = remedies.map(({ label, act }) => {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      clearNotice();
      act();
    });
    return button;
  });
  bar.replaceChildren(element("p", { class: "text" }, message), ...buttons);
  bar.hidden = false;
}

export function clearNotice(): void {
  byId("notice", HTMLDivElement).hidden = true;
}

/** Says something to screen readers alone: what changed after a key. */
export function announce(message: string): void {
  byId("live", HTMLDivElement).textContent = message;
}

/** The bar for a request that did not go well. `again` repeats what was tried. Anything else than a failed request is thrown on. */
export function showFailure(error: unknown, again: () => void): void {
  if (!(error instanceof RequestError)) throw error;
  const retry = { label: "Try again", act: again };
  if (error.status === 0) {
    showNotice("lumos review does not answer. If it was stopped, start it again and open the address it prints in this tab: nothing that was saved is lost, and what you typed is kept here.", [retry]);
  } else if (error.status === 401 || error.status === 403) {
    showNotice(`lumos review does not let this page in: ${error.message} Open the address it printed when it started, in this tab; what you typed is kept here.`);
  } else {
    // What was refused is refused again.
    showNotice(error.message, error.status < 500 ? [] : [retry]);
  }
}

import { element } from "./dom.ts";
import { colourOf } from "./steps.ts";

/** `step 2` in its colour: a button that goes to the other end of the alignment, and lights it up while it has the pointer or the keyboard. */
export function stepChip(step: number, about: string): HTMLElement {
  return element("button", { type: "button", class: `chip ${colourOf(step)}`, "data-step": step, "aria-label": `step ${step}: ${about}` }, `step ${step}`);
}

/**
 * Lights up, below `root`, what shares a step with the part under the pointer or the keyboard. Parts carry `data-steps`, numbers between spaces, and are
 * in a `[data-side]`; a click on a chip scrolls to the first part of its step on the other side.
 */
export function lightUp(root: HTMLElement): void {
  const light = (event: Event): void => {
    const lit = stepsOf(event.target instanceof Element ? (event.target.closest("[data-step]") ?? event.target.closest("[data-steps]")) : null);
    for (const part of root.querySelectorAll("[data-steps]")) part.classList.toggle("lit", stepsOf(part).some((step) => lit.includes(step)));
  };
  const off = (): void => {
    for (const part of root.querySelectorAll(".lit")) part.classList.remove("lit");
  };
  root.addEventListener("pointerover", light);
  root.addEventListener("pointerleave", off);
  root.addEventListener("focusin", light);
  root.addEventListener("focusout", off);
  root.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("[data-step]") : null;
    if (chip === null) return;
    const [step] = stepsOf(chip);
    const side = chip.closest("[data-side]");
    const other = [...root.querySelectorAll("[data-steps]")].find((part) => part.closest("[data-side]") !== side && step !== undefined && stepsOf(part).includes(step));
    other?.scrollIntoView({ block: "nearest" });
  });
}

function stepsOf(part: Element | null): string[] {
  return (part?.getAttribute("data-step") ?? part?.getAttribute("data-steps") ?? "").split(" ").filter((step) => step !== "");
}

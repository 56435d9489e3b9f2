type Attributes = Record<string, string | number | boolean | null>;

/** An element with attributes (`true`: present, `false` or null: absent) and children; strings become text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** The element of `index.html` with an id. Throws where page and code do not fit. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id '${id}': reload it.`);
  return found;
}

/** Letters of one text that are laid out before somebody asks for the rest. */
const MOST_LETTERS = 4000;

/** A foreign text, its lines kept. A very long one ends with a button that shows the rest. */
export function longText(text: string, attributes: Attributes = {}): HTMLElement {
  const made = element("div", { ...attributes, class: `text ${attributes["class"] ?? ""}`.trim(), dir: "auto" });
  if (text.length <= MOST_LETTERS * 1.25) {
    made.textContent = text;
    return made;
  }
  const more = element("button", { type: "button", class: "more" }, `Show all ${text.length.toLocaleString("en")} characters`);
  more.addEventListener("click", () => {
    made.textContent = text;
    made.tabIndex = -1;
    made.focus();
  });
  made.append(`${text.slice(0, MOST_LETTERS)} … `, more);
  return made;
}

/** Parts of one list that are made before somebody asks for the rest. */
const MOST_PARTS = 60;

/** Fills a list with what `make` makes of each part; a very long one ends with a button that makes the rest. */
export function fill<Part>(list: HTMLElement, parts: readonly Part[], make: (part: Part, index: number) => HTMLElement, what: string): void {
  list.replaceChildren(...parts.slice(0, MOST_PARTS).map(make));
  if (parts.length <= MOST_PARTS) return;
  const more = element("button", { type: "button", class: "more" }, `Show the other ${(parts.length - MOST_PARTS).toLocaleString("en")} ${what}`);
  const last = element(list instanceof HTMLOListElement || list instanceof HTMLUListElement ? "li" : "div", { class: "rest" }, more);
  more.addEventListener("click", () => {
    const rest = parts.slice(MOST_PARTS).map((part, index) => make(part, MOST_PARTS + index));
    last.replaceWith(...rest);
    const [first] = rest;
    if (first) focusOn(first);
  });
  list.append(last);
}

/** Puts the keyboard, and the reading of a screen reader, at a place that is no control. */
export function focusOn(place: HTMLElement): void {
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

/** `1 step`, `2 steps`, `1,200 steps`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

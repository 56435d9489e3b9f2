/** Markup. Only `html` and `svgMarkup` make it, so that no text of a model or a dataset ever becomes it. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** A tagged template: what stands in it is markup, what is put into it is text, unless it is `Html` itself. Lists are joined; null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((part, index) => part + textOf(values[index])).join(""));
}

/** An SVG that a library serialised, with its texts escaped by it. */
export function svgMarkup(svg: string): Html {
  return new Html(svg);
}

/** Text as it stands between tags and in quoted attributes. What can't be seen or turns the writing around is shown by its number. */
export function escapeHtml(text: string): string {
  return text.replace(UNSAFE, (character) => ENTITIES.get(character) ?? `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"], ["'", "&#39;"], ["\r", ""]]);

/** Beside markup: control characters but tab and line ends, halves of characters, overrides of the writing direction, characters without width. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[&<>"'\r\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Cs}/gu;

function textOf(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escapeHtml(value);
  return typeof value === "number" ? String(value) : value.map(textOf).join("");
}

import { type Content, type Html, html } from "../html.ts";
import type { OutcomeName, Share } from "../schema.ts";
import { count, percent } from "../summary.ts";
import { OUTCOME_WORDS } from "./words.ts";

/** A column of a table: its heading, whether it holds figures, and the cell of a row. */
export interface Column<T> {
  title: string;
  figures?: boolean;
  /** Too much for a narrow cell. */
  wide?: boolean;
  cell(row: T): Content;
}

/** A table that scrolls by itself where it is wider than the page. The first column heads its rows. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): Html {
  const heads = columns.map(({ title, figures, wide }) => html`<th scope="col"${classOf(figures, wide)}>${title}</th>`);
  const body = rows.map((row) => html`<tr>${columns.map(({ cell, figures, wide }, at) => (at === 0 ? html`<th scope="row">${cell(row)}</th>` : html`<td${classOf(figures, wide)}>${cell(row)}</td>`))}</tr>\n`);
  return html`<div class="table"><p class="caption" aria-hidden="true">${caption}</p><div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table aria-label="${caption}"><thead><tr>${heads}</tr></thead><tbody>\n${body}</tbody></table></div></div>\n`;
}

export function badge(outcome: OutcomeName): Html {
  return html`<span class="badge ${outcome}">${OUTCOME_WORDS[outcome]}</span>`;
}

/** `7,315 of 7,467` */
export function kOfN({ k, n }: { k: number; n: number }): string {
  return `${count(k)} of ${count(n)}`;
}

/** `97.6 % – 98.3 %` */
export function intervalText({ interval }: Pick<Share, "interval">): string {
  return interval === null ? "–" : `${percent(interval[0])} – ${percent(interval[1])}`;
}

export function shareOrDash(k: number, n: number): string {
  return n === 0 ? "–" : percent(k / n);
}

export function section(id: string, title: string, about: Content, ...content: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>\n<div class="about">${about}</div>\n${content}</section>\n`;
}

export function paragraph(...content: readonly Content[]): Html {
  return html`<p>${content}</p>\n`;
}

/** Foreign text: it may be of any script and direction, and keeps its line ends. */
export function foreign(text: string): Html {
  return html`<span class="text" dir="auto">${text}</span>`;
}

function classOf(figures: boolean | undefined, wide: boolean | undefined): Content {
  return figures === true ? html` class="n"` : wide === true && html` class="w"`;
}

import { isDrawn, VIEW_FIELDS, type View } from "./place.ts";
import { requests } from "./requests.ts";
import type { ReviewVerdict } from "../../../schemas/review.ts";
import type { QueueItem, QueuePage } from "../shapes.ts";

/** Rows that are asked for, and shown, at once. */
export const PAGE_ROWS = 50;

/** One reviewer's queue as far as it was asked for: the page of rows around the current place. */
export class Queue {
  readonly view: View;
  readonly reviewer: string;
  total = 0;
  decided = 0;
  skipped = 0;
  /** The place of the first row of `items`. */
  offset = 0;
  items: QueueItem[] = [];

  constructor(view: View, reviewer: string) {
    this.view = view;
    this.reviewer = reviewer;
  }

  /** Asks for the page that holds a place, even where it is there already: others may have decided since. */
  async load(at: number): Promise<void> {
    const offset = Math.floor(at / PAGE_ROWS) * PAGE_ROWS;
    const page = await this.#ask(offset, PAGE_ROWS);
    this.offset = offset;
    this.items = [...page.items];
  }

  /** The row at a place; null where the queue has none there. */
  async itemAt(at: number): Promise<QueueItem | null> {
    if (at < 0) return null;
    if (!this.#holds(at)) {
      if (this.total > 0 && at >= this.total) return null;
      await this.load(at);
    }
    return this.items[at - this.offset] ?? null;
  }

  /** The place of an annotation among the rows that are there; null where it is not among them. */
  placeOf(id: string, variant: string): number | null {
    const index = this.items.findIndex((item) => item.id === id && item.variant === variant);
    return index === -1 ? null : this.offset + index;
  }

  /** The place of an annotation that was at `at`; rows move up when others decide. Null where it is in this queue no longer. */
  async find(id: string, variant: string, at: number): Promise<number | null> {
    for (const near of [at, at - PAGE_ROWS]) {
      if (near < 0) break;
      await this.load(near);
      const place = this.placeOf(id, variant);
      if (place !== null) return place;
    }
    return null;
  }

  /** The first undecided place after `at`, else the first of all; what others decided or have before them is passed over as long as there is more. Null where everything is decided. */
  async nextUndecided(at: number): Promise<number | null> {
    const after = await this.#takeAfter(at);
    if (after !== null) return after;
    const following = this.offset + PAGE_ROWS;
    if (following < this.total && this.#holds(at)) {
      await this.load(following);
      const there = await this.#takeAfter(at);
      if (there !== null) return there;
    }
    // Only the server sees the whole queue.
    const { next } = await this.#ask(0, 1);
    if (next === null) return null;
    await this.load(next);
    return (await this.#takeAfter(next - 1)) ?? next;
  }

  /** Notes a verdict that was stored, without asking again. */
  mark(id: string, variant: string, verdict: ReviewVerdict): void {
    const item = this.items.find((each) => each.id === id && each.variant === variant);
    if (!item) return;
    this.#count(item.verdict, -1);
    this.#count(verdict, 1);
    item.verdict = verdict;
  }

  #count(verdict: ReviewVerdict | null, more: 1 | -1): void {
    if (verdict === "skip") this.skipped += more;
    else if (verdict !== null) this.decided += more;
  }

  #holds(at: number): boolean {
    return at >= this.offset && at < this.offset + this.items.length;
  }

  /** The first row after `at` among those that are there that this reviewer has not decided and nobody else is at. */
  async #takeAfter(at: number): Promise<number | null> {
    const open = this.items.flatMap(({ id, variant, second, verdict }, n) => (this.offset + n > at && verdict === null ? [{ place: this.offset + n, id, variant, second }] : []));
    if (open.length === 0) return null;
    const { index } = await requests.take({ reviewer: this.reviewer, drawn: isDrawn(this.view), candidates: open.map(({ id, variant, second }) => ({ id, variant, second })) });
    return index === null ? null : (open[index]?.place ?? null);
  }

  async #ask(offset: number, limit: number): Promise<QueuePage> {
    const query = new URLSearchParams({ reviewer: this.reviewer });
    for (const name of VIEW_FIELDS) if (this.view[name] !== "") query.set(name, this.view[name]);
    query.set("offset", String(offset));
    query.set("limit", String(limit));
    const page = await requests.queue(query);
    this.total = page.total;
    this.decided = page.decided;
    this.skipped = page.skipped;
    return page;
  }
}

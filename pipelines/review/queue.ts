import type { Level } from "../../schemas/defect.ts";
import type { Store } from "../store/open.ts";
import type { QueueRequest } from "../store/review-queues.ts";
import type { ReviewVerdict } from "../store/reviews.ts";

/** A piece of a reviewer's queue. */
export interface QueuePage {
  /** In the whole queue. */
  total: number;
  /** Accepted, rejected or edited by this reviewer; skipped. */
  decided: number;
  skipped: number;
  /** The offset of the first one that this reviewer has neither decided nor skipped; null where there is none. */
  next: number | null;
  items: QueueItem[];
}

interface QueueItem {
  id: string;
  variant: string;
  dataset: string;
  task: string;
  level: Level | null;
  defects: string[];
  /** The reviewer's own; in an order at random only of what was drawn. */
  verdict: ReviewVerdict | null;
  /** Drawn to be reviewed by two. */
  second: boolean;
}

/** The queue of a reviewer from `offset` on, at most `limit` of it. Its order depends on the seed alone; only what others decided leaves it. */
export function queuePage(store: Store, request: QueueRequest, offset: number, limit: number): QueuePage {
  const page: QueuePage = { total: 0, decided: 0, skipped: 0, next: null, items: [] };
  const shown: { rowId: number; own: ReviewVerdict | null; second: boolean }[] = [];
  for (const each of store.reviewQueue(request)) {
    const place = page.total++;
    if (each.own === null) page.next ??= place;
    else if (each.own === "skip") page.skipped += 1;
    else page.decided += 1;
    if (place >= offset && place < offset + limit) shown.push(each);
  }
  const rows = store.queueRows(shown.map(({ rowId }) => rowId));
  page.items = rows.map(({ id, variant, dataset, task, level, codes }, index) => {
    const { own = null, second = false } = shown[index] ?? {};
    return { id, variant, dataset, task, level, defects: codes, verdict: own, second };
  });
  return page;
}

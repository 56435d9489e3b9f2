import type { ReviewVerdict } from "../../schemas/review.ts";
import type { Store } from "../store/open.ts";
import type { QueueRequest } from "../store/review-queues.ts";
import type { QueuePage } from "./shapes.ts";

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

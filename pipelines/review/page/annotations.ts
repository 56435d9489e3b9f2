import { requests } from "./requests.ts";
import type { Annotation } from "../shapes.ts";

/** Annotations that are kept: the current one, the next and some that were just seen. */
const MOST_KEPT = 6;

/** Annotations by id and variant; the next one is fetched while the current one is read. */
export class Annotations {
  readonly #reviewer: string;
  readonly #kept = new Map<string, Promise<Annotation>>();

  constructor(reviewer: string) {
    this.#reviewer = reviewer;
  }

  get(id: string, variant: string): Promise<Annotation> {
    const key = keyOf(id, variant);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const asked = requests.annotation(new URLSearchParams({ id, variant, reviewer: this.#reviewer }));
    this.#kept.set(key, asked);
    // What failed is asked again. Whoever waits hears of it; nobody may be waiting yet.
    asked.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return asked;
  }

  forget(id: string, variant: string): void {
    this.#kept.delete(keyOf(id, variant));
  }
}

function keyOf(id: string, variant: string): string {
  return `${variant} ${id}`;
}

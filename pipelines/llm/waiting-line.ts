import { RequestFailure } from "./failure.ts";

/** Those who wait for their turn, with one timer for all of them. */
export interface WaitingLine<T> {
  /** Resolves when it is this one's turn; rejects with a `RequestFailure` when it is interrupted or the line is closed. */
  turn(item: T, signal: AbortSignal, place: "first" | "last"): Promise<void>;
  /** Resolves after a while, out of line; rejects as `turn` does. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Something has changed: lets those go whose turn it is. */
  move(): void;
  /** Everyone who waits, now or later, is sent away with this. */
  close(failure: () => RequestFailure): void;
  /** How many wait, in line or out of it. */
  size(): number;
}

interface Ports {
  after(ms: number, run: () => void): () => void;
}

interface Waiting<T> {
  item: T;
  go: () => void;
  /** Gone, though still in the queue. */
  left: boolean;
}

/** `freeIn`: lets an item go (0), or says how many milliseconds until it is to be asked again; null: not before `move`. */
export function createWaitingLine<T>(ports: Ports, freeIn: (item: T) => number | null): WaitingLine<T> {
  /** The one that tried last tries again before the others do: in trouble a few find out, and the rest wait. */
  const early = createStack<Waiting<T>>();
  const late = createQueue<Waiting<T>>();
  /** How to send away each one who waits. */
  const waiting = new Set<(failure: RequestFailure) => void>();
  let cancelTimer: (() => void) | null = null;
  let closed: (() => RequestFailure) | null = null;

  const move = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    for (;;) {
      const queue = skipLeft(early) ? early : late;
      const first = skipLeft(queue);
      if (first === undefined) return;
      const wait = freeIn(first.item);
      if (wait === null) return;
      if (wait > 0) {
        cancelTimer = ports.after(wait, move);
        return;
      }
      queue.shift();
      first.go();
    }
  };

  /** A promise that is among those who wait until `start`'s way of going is used. `start` returns what undoes it. */
  const wait = (signal: AbortSignal, start: (go: () => void) => () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (closed !== null) return reject(closed());
      if (signal.aborted) return reject(interruption());
      const end = (): void => {
        waiting.delete(sendAway);
        signal.removeEventListener("abort", onAbort);
      };
      const sendAway = (failure: RequestFailure): void => {
        end();
        undo();
        reject(failure);
      };
      const onAbort = (): void => sendAway(interruption());
      waiting.add(sendAway);
      signal.addEventListener("abort", onAbort, { once: true });
      const undo = start(() => {
        end();
        resolve();
      });
    });

  return {
    turn: (item, signal, place) =>
      wait(signal, (go) => {
        const entry: Waiting<T> = { item, go, left: false };
        const alone = skipLeft(early) === undefined && skipLeft(late) === undefined;
        (place === "first" ? early : late).push(entry);
        // Behind others there is nothing to ask: who stands first is waited for already.
        if (alone || place === "first") move();
        return () => {
          entry.left = true;
        };
      }),
    pause: (ms, signal) => wait(signal, (go) => ports.after(ms, go)),
    move,
    close(failure) {
      closed ??= failure;
      for (const sendAway of waiting) sendAway(closed());
      move();
    },
    size: () => waiting.size,
  };
}

function interruption(): RequestFailure {
  return new RequestFailure("interrupted", "The request was interrupted before it was sent.", false);
}

/** The first that still waits, which then stands at the head; undefined where there is none. */
function skipLeft<T>(queue: Queue<Waiting<T>>): Waiting<T> | undefined {
  while (queue.first()?.left) queue.shift();
  return queue.first();
}

interface Queue<T> {
  push(item: T): void;
  first(): T | undefined;
  shift(): void;
}

/** Last in, first out. */
function createStack<T>(): Queue<T> {
  const items: T[] = [];
  return { push: (item) => items.push(item), first: () => items.at(-1), shift: () => void items.pop() };
}

/** First in, first out, at constant cost: what has gone is cut off now and then. */
function createQueue<T>(): Queue<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    push: (item) => items.push(item),
    first: () => items[head],
    shift() {
      if (head >= items.length) return;
      items[head++] = undefined;
      if (head > 1000 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
    },
  };
}

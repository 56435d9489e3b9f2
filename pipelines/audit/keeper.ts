/** The `most` best of what is offered, best first, one of each name. Among equals it is the order of their names: the same for the same things, whatever order they come in. */
export class Keeper<T> {
  private readonly kept: { score: number; name: string; value: T }[] = [];

  constructor(private readonly most: number) {}

  /** `make` is called only where it is good enough for now. */
  offer(score: number, name: string, make: () => T): void {
    const last = this.kept.at(-1);
    const same = this.kept.findIndex((each) => each.name === name);
    if (same !== -1 && (this.kept[same]?.score ?? score) >= score) return;
    if (same !== -1) this.kept.splice(same, 1);
    if (this.most === 0 || (this.kept.length === this.most && last !== undefined && !isBefore({ score, name }, last))) return;
    const at = this.kept.findIndex((each) => isBefore({ score, name }, each));
    this.kept.splice(at === -1 ? this.kept.length : at, 0, { score, name, value: make() });
    if (this.kept.length > this.most) this.kept.pop();
  }

  best(): T[] {
    return this.kept.map(({ value }) => value);
  }
}

/** A number from 0 to 1 that follows from a text and looks drawn at random (FNV-1a, 32 bits, mixed once more). */
export function drawn(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function isBefore(a: { score: number; name: string }, b: { score: number; name: string }): boolean {
  return a.score === b.score ? a.name < b.name : a.score > b.score;
}

/** What each reviewer has before them, so that two who go through one queue at once do not both do all of it. Forgotten when the server ends. */
export interface Desk {
  /**
   * Puts before a reviewer the first of the candidates that still takes one: with one reviewer (two where `second`) too few who decided it or are looking at it. Gives its
   * index; null where there is none, and the reviewer keeps what is there.
   */
  take(reviewer: string, candidates: readonly Candidate[], decidedBy: (candidate: Candidate) => readonly string[]): number | null;
}

export interface Candidate {
  id: string;
  variant: string;
  second: boolean;
}

/** Whoever looks at one annotation for longer than this has gone: milliseconds. */
const LONGEST_LOOK = 10 * 60_000;

/** @param now a clock, in milliseconds */
export function createDesk(now: () => number = () => performance.now()): Desk {
  const looks = new Map<string, { key: string; since: number }>();
  return {
    take(reviewer, candidates, decidedBy) {
      for (const [name, { since }] of looks) if (now() - since > LONGEST_LOOK) looks.delete(name);
      const lookers = new Map<string, string[]>();
      for (const [name, { key }] of looks) lookers.set(key, [...(lookers.get(key) ?? []), name]);
      const index = candidates.findIndex((candidate) => {
        const busy = new Set([...(lookers.get(keyOf(candidate)) ?? []), ...decidedBy(candidate)]);
        busy.delete(reviewer);
        return busy.size < (candidate.second ? 2 : 1);
      });
      const taken = candidates[index];
      if (taken === undefined) return null;
      looks.set(reviewer, { key: keyOf(taken), since: now() });
      return index;
    },
  };
}

function keyOf({ id, variant }: Candidate): string {
  return JSON.stringify([id, variant]);
}

/** Writes that come at nearly the same time are committed together: one commit costs as much as a hundred rows. */
export interface GroupCommit {
  /** Resolves when the write is committed, so that it survives a kill. */
  add(write: () => void): Promise<void>;
  /** Commits what waits. */
  flush(): void;
}

interface Waiting {
  write(): void;
  done(): void;
  failed(error: unknown): void;
}

/** `transaction` runs its argument all or nothing. */
export function createGroupCommit(transaction: (work: () => void) => void): GroupCommit {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      transaction(() => {
        for (const each of group) each.write();
      });
    } catch (error) {
      for (const each of group) each.failed(error);
      return;
    }
    for (const each of group) each.done();
  };
  return {
    add: (write) =>
      new Promise((done, failed) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ write, done, failed });
      }),
    flush,
  };
}

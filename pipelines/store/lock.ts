import Database from "better-sqlite3";
import { LumosError } from "../../schemas/errors.ts";
import { errorCode, type Connection } from "./connection.ts";

/** The right to write a store, held until it is released or this process ends, however it ends. */
export interface WriteLock {
  release(): void;
}

export interface LockHolder {
  pid: number;
  command: string;
  /** ISO 8601. */
  since: string;
}

/** How long a second writer waits for the first to say who it is. */
const PATIENCE_MS = 250;

/**
 * Takes the lock of the store at `file`: an open write transaction on the small SQLite file `<file>.lock` beside it. The operating system ends
 * it with the process, so a lock can't outlive a crash, and a process id used again can't be taken for the holder. Readers don't need it. The
 * file stays when the lock is released: removing it would let two writers lock two files of one name.
 * @throws LumosError `store.locked`, naming who holds it.
 */
export function acquireWriteLock(file: string, holder: LockHolder): WriteLock {
  const db = new Database(`${file}.lock`, { timeout: PATIENCE_MS });
  try {
    // The holder must be committed for others to read it, and the lock be held after that: where another writer comes between, it has won.
    do announce(db, holder);
    while (!stillAnnounced(db, holder));
  } catch (error) {
    const other = errorCode(error).startsWith("SQLITE_BUSY") ? announced(db) : null;
    db.close();
    if (!errorCode(error).startsWith("SQLITE_BUSY")) throw error;
    throw new LumosError("store.locked", `Store ${file} is being written by ${describe(other)}: wait until it ends, or stop it.`, { cause: error });
  }
  return {
    release: () => {
      if (db.open) db.close();
    },
  };
}

function announce(db: Connection, holder: LockHolder): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, command TEXT NOT NULL, since TEXT NOT NULL)");
  db.exec("DELETE FROM holder");
  db.prepare("INSERT INTO holder (pid, command, since) VALUES (@pid, @command, @since)").run(holder);
  db.exec("COMMIT");
  db.exec("BEGIN IMMEDIATE");
}

/** Whether the lock that is held now still carries this holder's name; if not, lets go of it. */
function stillAnnounced(db: Connection, holder: LockHolder): boolean {
  const found = announced(db);
  if (found?.pid === holder.pid && found.since === holder.since) return true;
  db.exec("ROLLBACK");
  return false;
}

function announced(db: Connection): LockHolder | null {
  const exists = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'holder'").get();
  if (exists === undefined) return null;
  return db.prepare<[], LockHolder>("SELECT pid, command, since FROM holder").get() ?? null;
}

function describe(holder: LockHolder | null): string {
  return holder === null ? "another process" : `process ${holder.pid} (${holder.command}) since ${holder.since}`;
}

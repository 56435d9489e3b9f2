import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import Database from "better-sqlite3";
import { LumosError } from "../../schemas/errors.ts";
import { annotationStatements } from "./annotations.ts";
import { auditStatements } from "./audits.ts";
import { batchStatements } from "./batches.ts";
import { errorCode, type Connection } from "./connection.ts";
import { contaminationStatements } from "./contaminations.ts";
import { countStatements } from "./counts.ts";
import { dialectStatements } from "./dialects.ts";
import { dropStatements } from "./drops.ts";
import { exampleStatements } from "./examples.ts";
import { exportStatements } from "./exports.ts";
import { createGroupCommit } from "./group-commit.ts";
import { importStatements } from "./imports.ts";
import { acquireWriteLock, type WriteLock } from "./lock.ts";
import { APPLICATION_ID, MIGRATIONS, migrate, storeVersion } from "./migrations.ts";
import { outcomeStatements } from "./outcomes.ts";
import { replyStatements } from "./replies.ts";
import { reviewQueueStatements } from "./review-queues.ts";
import { reviewStatements } from "./reviews.ts";
import { runStatements } from "./runs.ts";
import { verdictStatements } from "./verdicts.ts";

export interface OpenOptions {
  /** `create` makes the store where there is none; `write` and `read` want one that is there. Only one process may have it open to write. */
  mode: "create" | "write" | "read";
  /** Says to a second writer who the first one is. */
  command?: string;
  /** ISO 8601; shown with `command`. */
  now?: string;
}

export type Store = ReturnType<typeof storeOver>;

/**
 * Opens a store. One of an older version is backed up beside itself (`<file>.v<N>.bak`) and migrated first, whatever the mode.
 * A commit survives the end of the process at any moment (WAL); a power cut may take the last commits with it, never the file.
 * @throws LumosError `store.missing`, `store.foreign`, `store.newer`, `store.locked`, `input.unreadable`, `output.unwritable`.
 */
export function openStore(file: string, options: OpenOptions): Store {
  checkPlace(file, options.mode);
  const path = resolve(file);
  const holder = { pid: process.pid, command: options.command ?? "lumos", since: options.now ?? new Date().toISOString() };
  try {
    const current = options.mode === "read" ? connectToRead(file, path) : null;
    if (current !== null) return storeOver(file, current, null);
    const lock = acquireWriteLock(path, holder);
    try {
      const db = prepareToWrite(file, path, options.mode);
      if (options.mode !== "read") return storeOver(file, db, lock);
      lock.release();
      db.pragma("query_only = ON");
      return storeOver(file, db, null);
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw explain(error, file, options.mode);
  }
}

function storeOver(file: string, db: Connection, lock: WriteLock | null) {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explain(error, file, "write");
    }
  };
  const statements = {
    ...exampleStatements(db),
    ...runStatements(db),
    ...replyStatements(db),
    ...outcomeStatements(db),
    ...annotationStatements(db),
    ...countStatements(db),
    ...dropStatements(db),
    ...contaminationStatements(db),
    ...dialectStatements(db),
    ...verdictStatements(db),
    ...batchStatements(db),
    ...exportStatements(db),
    ...reviewStatements(db),
    ...importStatements(db),
    ...auditStatements(db),
    ...reviewQueueStatements(db),
  };
  const transaction = <T>(work: () => T): T => guarded(() => db.transaction(work)());
  const group = createGroupCommit(transaction);
  return {
    /** The path as it was given. */
    file,
    ...explained(statements, guarded),

    /** Runs `write` soon, with others in one transaction; resolves when it is committed. */
    soon: (write: () => void): Promise<void> => group.add(write),

    /** Runs `work` in one transaction: all or nothing. Nests. Throws LumosError `output.unwritable` where the disk is full. */
    transaction,

    /** Everything that `work` reads is one state of the store, whatever others write meanwhile. */
    async snapshot<T>(work: () => Promise<T>): Promise<T> {
      db.exec("BEGIN");
      try {
        return await work();
      } finally {
        db.exec("ROLLBACK");
      }
    },

    close(): void {
      group.flush();
      db.close();
      lock?.release();
    },
  };
}

/** The statements, each with SQLite's errors (a full disk, a file that can't be written) told in words that help. */
function explained<T extends object>(statements: T, guarded: <R>(work: () => R) => R): T {
  const entries = Object.entries(statements).map(([name, statement]: [string, unknown]) => [
    name,
    typeof statement === "function" ? (...args: unknown[]): unknown => guarded((): unknown => statement(...args)) : statement,
  ]);
  return Object.fromEntries(entries) as T;
}

function checkPlace(file: string, mode: OpenOptions["mode"]): void {
  const stats = existsSync(file) ? statSync(file) : null;
  if (stats !== null && !stats.isFile()) throw foreign(file, "it is not a file");
  if (mode !== "create" && (stats === null || stats.size === 0)) {
    throw new LumosError("store.missing", `No store at ${file}: run lumos annotate … --db ${file} first.`);
  }
  if (stats === null && !existsSync(dirname(resolve(file)))) {
    throw new LumosError("output.unwritable", `Cannot create the store ${file}: the folder ${dirname(file)} does not exist; create it, or give another --db.`);
  }
}

/**
 * A connection to a store of this program's version, null for an older one. It only reads, though the file is opened to write: a connection
 * that can't write leaves `-wal` and `-shm` files behind.
 */
function connectToRead(file: string, path: string): Connection | null {
  const db = connect(path);
  try {
    const isCurrent = checkOurs(file, db) === MIGRATIONS.length;
    if (isCurrent) {
      db.pragma("query_only = ON");
      return db;
    }
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return null;
}

function prepareToWrite(file: string, path: string, mode: OpenOptions["mode"]): Connection {
  const db = connect(path);
  try {
    const version = checkOurs(file, db);
    if (version === 0 && mode !== "create") throw new LumosError("store.missing", `No store at ${file}: run lumos annotate … --db ${file} first.`);
    if (version > 0 && version < MIGRATIONS.length) backUp(db, `${path}.v${version}.bak`);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = NORMAL");
    // 4 MB of pages are enough for writes that go in order; the build's default of 16 MB only grows with the store.
    db.pragma("cache_size = -4000");
    // SQLite opens a file that can't be written all the same, and would complain at the first reply that was paid for.
    db.exec("BEGIN IMMEDIATE");
    db.exec("ROLLBACK");
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function connect(path: string): Connection {
  const db = new Database(path, { timeout: 10_000 });
  db.pragma("foreign_keys = ON");
  return db;
}

/** The version of a store of ours, 0 for an empty file; refuses anything else. */
function checkOurs(file: string, db: Connection): number {
  const id = Number(db.pragma("application_id", { simple: true }));
  const version = storeVersion(db);
  if (id !== APPLICATION_ID) {
    const tables = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM sqlite_master").get()?.n ?? 0;
    if (id !== 0 || version !== 0 || tables > 0) throw foreign(file, "it is a SQLite database of another program");
    return 0;
  }
  if (version > MIGRATIONS.length) {
    throw new LumosError(
      "store.newer",
      `Store ${file} is of version ${version}, this program knows versions up to ${MIGRATIONS.length}: use the newer lumos that wrote it.`,
    );
  }
  return version;
}

/** A consistent copy, complete or not there. */
function backUp(db: Connection, target: string): void {
  const unfinished = `${target}.tmp`;
  rmSync(unfinished, { force: true });
  db.prepare("VACUUM INTO ?").run(unfinished);
  renameSync(unfinished, target);
}

function foreign(file: string, why: string): LumosError {
  return new LumosError("store.foreign", `${file} is no lumos store: ${why}. Give another --db.`);
}

function explain(error: unknown, file: string, mode: OpenOptions["mode"]): unknown {
  const code = errorCode(error);
  if (error instanceof LumosError || !(error instanceof Error)) return error;
  if (code === "SQLITE_NOTADB") return foreign(file, "it is not a SQLite database");
  if (code.startsWith("SQLITE_BUSY")) {
    return new LumosError("store.locked", `Store ${file} is busy in another process: wait until it ends, or stop it.`, { cause: error });
  }
  if (mode === "read" && /^SQLITE_(?:CANTOPEN|READONLY|IOERR|PERM|CORRUPT)/.test(code)) {
    return new LumosError("input.unreadable", `Cannot read the store ${file}: ${error.message}; check its permissions and its folder's. SQLite writes beside a store that is read, too: copy one in a read-only folder elsewhere.`, { cause: error });
  }
  if (/^SQLITE_(?:CANTOPEN|READONLY|IOERR|PERM|FULL|CORRUPT)/.test(code) || /^E[A-Z]+$/.test(code)) {
    return new LumosError("output.unwritable", `Cannot write the store ${file}: ${error.message}; check its permissions, its folder's and the free space.`, {
      cause: error,
    });
  }
  return error;
}

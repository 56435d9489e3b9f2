import { createHash, type Hash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { LumosError } from "../../schemas/errors.ts";

/** One file being written; nothing of it is visible under its name yet. */
export interface UnfinishedFile {
  readonly path: string;
  write(text: string | Uint8Array): void;
  /** What was written so far: its SHA-256 in hex, and how many bytes. Only of a file that was opened as `hashed`. */
  digest(): { sha256: string; bytes: number };
}

const BUFFER_BYTES = 1 << 16;
/** More bytes than any character of a string takes. */
const MOST_BYTES_A_CHARACTER = 3;

/**
 * A set of files that appear together: each is written under a temporary name in its own folder, and takes its real name (over a file that is
 * there) only when all are complete and on disk. Whatever goes wrong before that leaves the folder as it was.
 * Errors of the file system are thrown as LumosError `output.unwritable`.
 */
export class AtomicFiles {
  private readonly files: TemporaryFile[] = [];
  private readonly removed: string[] = [];

  /** Begins a file; its folder is made where it is missing. */
  open(path: string, options: { hashed?: boolean } = {}): UnfinishedFile {
    return guarded(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      if (existsSync(path) && statSync(path).isDirectory()) {
        throw new LumosError("output.unwritable", `Cannot write ${path}: a folder of that name is there; move it away, or write elsewhere.`);
      }
      removeLeftovers(path);
      const file = new TemporaryFile(path, options.hashed === true);
      this.files.push(file);
      return file;
    });
  }

  /** A file that goes, where it is there, when the others appear. */
  remove(path: string): void {
    this.removed.push(path);
  }

  /** Makes all files visible. */
  commit(): void {
    try {
      for (const file of this.files) file.finish();
    } catch (error) {
      this.abort();
      throw error;
    }
    for (const file of this.files) file.publish();
    for (const path of this.removed) guarded(path, () => rmSync(path, { force: true }));
    for (const folder of new Set(this.files.map((file) => dirname(file.path)))) syncFolder(folder);
  }

  /** Removes what was written. Files that were there before stay as they were. */
  abort(): void {
    for (const file of this.files) file.discard();
  }
}

/** Writes one file, whole or not at all. */
export function writeFileAtomic(path: string, text: string): void {
  const files = new AtomicFiles();
  try {
    files.open(path).write(text);
  } catch (error) {
    files.abort();
    throw error;
  }
  files.commit();
}

/** It is open only while a piece of it is written: a set may have more files than a process may have open. */
class TemporaryFile implements UnfinishedFile {
  private readonly temporary: string;
  private readonly hash: Hash | null;
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  /** How much of the buffer is filled, and how many bytes were put on disk. */
  private filled = 0;
  private bytes = 0;

  constructor(
    readonly path: string,
    hashed: boolean,
  ) {
    this.temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    this.hash = hashed ? createHash("sha256") : null;
    closeSync(openSync(this.temporary, "w"));
  }

  write(text: string | Uint8Array): void {
    const most = typeof text === "string" ? text.length * MOST_BYTES_A_CHARACTER : text.length;
    if (this.filled + most > BUFFER_BYTES) this.flush();
    if (most > BUFFER_BYTES) this.put(typeof text === "string" ? Buffer.from(text) : text);
    else if (typeof text === "string") this.filled += this.buffer.write(text, this.filled);
    else {
      this.buffer.set(text, this.filled);
      this.filled += text.length;
    }
  }

  digest(): { sha256: string; bytes: number } {
    if (this.hash === null) throw new TypeError(`${this.path} was not opened as hashed.`);
    this.flush();
    return { sha256: this.hash.copy().digest("hex"), bytes: this.bytes };
  }

  finish(): void {
    this.flush();
    this.opened(fsyncSync);
  }

  publish(): void {
    guarded(this.path, () => renameSync(this.temporary, this.path));
  }

  discard(): void {
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    const filled = this.filled;
    this.filled = 0;
    if (filled > 0) this.put(this.buffer.subarray(0, filled));
  }

  private put(bytes: Uint8Array): void {
    this.hash?.update(bytes);
    this.bytes += bytes.length;
    this.opened((descriptor) => writeAll(descriptor, bytes));
  }

  private opened(work: (descriptor: number) => void): void {
    guarded(this.path, () => {
      const descriptor = openSync(this.temporary, "a");
      try {
        work(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }
}

/** A write may take less than it was given, as a disk that fills up does first. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

/** Removes what a process that was killed left of this file. */
function removeLeftovers(path: string): void {
  const prefix = `.${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(prefix) && name.endsWith(".tmp") ? name.slice(prefix.length, -".tmp".length) : "";
    if (/^[0-9]{1,10}$/.test(pid) && Number(pid) !== process.pid && !isAlive(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isSystemError(error) || error.code !== "ESRCH";
  }
}

/** Makes the new names last through a power cut, where folders can be synced. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  guarded(folder, () => {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and run it again",
  EDQUOT: "the disk quota is used up; free some space and run it again",
  EFBIG: "the file is larger than allowed here; raise the limit, or write elsewhere",
  EACCES: "permission is denied; write elsewhere, or change the folder's permissions",
  EPERM: "permission is denied; write elsewhere, or change the folder's permissions",
  EROFS: "the file system is read-only; write elsewhere",
  ENOTDIR: "a part of the path is a file, not a folder; write elsewhere",
  EEXIST: "a part of the path is a file, not a folder; write elsewhere",
  EBUSY: "another program has it open; close it and run it again",
};

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why = (Object.hasOwn(WHY, error.code) ? WHY[error.code] : undefined) ?? `${error.message}; write elsewhere`;
    throw new LumosError("output.unwritable", `Cannot write ${path}: ${why}.`, { cause: error });
  }
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, readdirSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { LumosError } from "../../schemas/errors.ts";

/** One file being written; nothing of it is visible under its name yet. */
export interface UnfinishedFile {
  readonly path: string;
  write(text: string): void;
  /** Adds all that another unfinished file of the same set holds so far. */
  append(other: UnfinishedFile): void;
}

const BUFFER_CHARACTERS = 1 << 16;

/**
 * A set of files that appear together: each is written under a temporary name in its own folder, and takes its real name (over a file that is
 * there) only when all are complete and on disk. Whatever goes wrong before that leaves the folder as it was.
 * Errors of the file system are thrown as LumosError `output.unwritable`.
 */
export class AtomicFiles {
  private readonly files: TemporaryFile[] = [];

  /** Begins a file; its folder is made where it is missing. */
  open(path: string): UnfinishedFile {
    return guarded(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      if (existsSync(path) && statSync(path).isDirectory()) {
        throw new LumosError("output.unwritable", `Cannot write ${path}: a folder of that name is there; move it away, or write elsewhere.`);
      }
      removeLeftovers(path);
      const file = new TemporaryFile(path);
      this.files.push(file);
      return file;
    });
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

class TemporaryFile implements UnfinishedFile {
  private readonly temporary: string;
  private descriptor: number | null;
  private buffer = "";

  constructor(readonly path: string) {
    this.temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    this.descriptor = openSync(this.temporary, "w+");
  }

  write(text: string): void {
    this.buffer += text;
    if (this.buffer.length >= BUFFER_CHARACTERS) this.flush();
  }

  append(other: UnfinishedFile): void {
    if (!(other instanceof TemporaryFile)) throw new TypeError(`${other.path} is of another set of files.`);
    this.flush();
    other.flush();
    guarded(this.path, () => {
      const chunk = Buffer.allocUnsafe(BUFFER_CHARACTERS);
      for (let at = 0; ; ) {
        const read = readSync(other.open(), chunk, 0, chunk.length, at);
        if (read === 0) return;
        writeAll(this.open(), chunk.subarray(0, read));
        at += read;
      }
    });
  }

  finish(): void {
    this.flush();
    guarded(this.path, () => fsyncSync(this.open()));
    this.close();
  }

  publish(): void {
    guarded(this.path, () => renameSync(this.temporary, this.path));
  }

  discard(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    const text = this.buffer;
    this.buffer = "";
    if (text !== "") guarded(this.path, () => writeAll(this.open(), Buffer.from(text)));
  }

  private close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  private open(): number {
    if (this.descriptor === null) throw new TypeError(`${this.path} is finished already.`);
    return this.descriptor;
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

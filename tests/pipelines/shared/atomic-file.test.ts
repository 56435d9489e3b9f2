import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { AtomicFiles, writeFileAtomic } from "../../../pipelines/shared/atomic-file.ts";
import { temporaryFolder } from "../store/fixture.ts";

describe("files that are written together", () => {
  test("appear together, over what was there, and leave nothing else", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.txt"), "old");
    const files = new AtomicFiles();
    const a = files.open(join(folder, "a.txt"));
    const b = files.open(join(folder, "new", "b.txt"), { hashed: true });
    a.write("é".repeat(100_000));
    b.write("first\n");
    b.write(Buffer.from("é".repeat(100_000)));
    b.write(Buffer.from("short\n"));
    b.write("last\n");
    const text = `first\n${"é".repeat(100_000)}short\nlast\n`;
    expect(b.digest()).toEqual({ sha256: createHash("sha256").update(text).digest("hex"), bytes: Buffer.byteLength(text) });
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("old");
    files.commit();
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("é".repeat(100_000));
    expect(readFileSync(join(folder, "new", "b.txt"), "utf8")).toBe(text);
    expect(readdirSync(folder)).toEqual(["a.txt", "new"]);
    expect(readdirSync(join(folder, "new"))).toEqual(["b.txt"]);
  });

  test("take away others when they appear, and none when they are given up", () => {
    const folder = temporaryFolder();
    for (const name of ["a.txt", "old.txt"]) writeFileSync(join(folder, name), "old");
    const [given, kept] = [new AtomicFiles(), new AtomicFiles()];
    for (const files of [given, kept]) {
      files.open(join(folder, "a.txt")).write("new");
      files.remove(join(folder, "old.txt"));
      files.remove(join(folder, "never.txt"));
    }
    given.abort();
    expect(readdirSync(folder).filter((name) => !name.endsWith(".tmp"))).toEqual(["a.txt", "old.txt"]);
    kept.commit();
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  test("leave no trace when they are given up", () => {
    const folder = temporaryFolder();
    const files = new AtomicFiles();
    files.open(join(folder, "a.txt")).write("x".repeat(1_000_000));
    expect(readdirSync(folder)).toHaveLength(1);
    files.abort();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("take away what a killed process left of them, and nothing of one that lives", () => {
    const folder = temporaryFolder();
    const dead = join(folder, ".a.txt.999999999.tmp");
    const alive = join(folder, `.a.txt.${process.ppid}.tmp`);
    for (const path of [dead, alive, join(folder, ".a.txt.mine.tmp")]) writeFileSync(path, "half");
    writeFileAtomic(join(folder, "a.txt"), "whole");
    expect(readdirSync(folder).sort()).toEqual([`.a.txt.${process.ppid}.tmp`, ".a.txt.mine.tmp", "a.txt"]);
  });

  test.skipIf(process.platform === "win32")("replace a link, not what it points to", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "elsewhere.txt"), "precious");
    symlinkSync(join(folder, "elsewhere.txt"), join(folder, "a.txt"));
    writeFileAtomic(join(folder, "a.txt"), "new");
    expect(readFileSync(join(folder, "elsewhere.txt"), "utf8")).toBe("precious");
  });
});

describe("what can't be written", () => {
  test("is said in a line: a folder in the way", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "a.txt"));
    expect(() => writeFileAtomic(join(folder, "a.txt"), "x")).toThrow(expect.objectContaining({ code: "output.unwritable" }));
  });

  test("is said in a line: a file where a folder should be", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "x");
    const path = join(folder, "file", "a.txt");
    expect(() => writeFileAtomic(path, "x")).toThrow(
      expect.objectContaining({ code: "output.unwritable", message: expect.stringContaining("a part of the path is a file, not a folder") }),
    );
  });
});

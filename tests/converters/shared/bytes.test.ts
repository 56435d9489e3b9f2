import { chmodSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { readJsonl } from "../../../converters/shared/jsonl.ts";
import { readJsonArray } from "../../../converters/shared/json-array.ts";
import { zstdRepeated, zstdStored } from "./zstd.ts";
import { file, folder, readAll, values } from "./files.ts";

const lines = Array.from({ length: 2000 }, (_, index) => `${JSON.stringify({ n: index, text: "é".repeat(index % 50), salt: (index * 2654435761) % 4294967296 })}\n`);
const whole = lines.join("");

describe("a file that can't be read", () => {
  it("is named when it is missing", async () => {
    expect((await readAll(readJsonl(join(folder(), "absent")))).error).toMatchInlineSnapshot(
      `"input.missing: FILE does not exist: check the path, or download it"`,
    );
  });
  it("is named when a part of its path is no directory", async () => {
    expect((await readAll(readJsonl(join(file("x"), "under")))).error).toMatch(/^input\.missing/);
  });
  it("is named when it is a directory", async () => {
    expect((await readAll(readJsonl(folder()))).error).toMatchInlineSnapshot(`"input.unreadable: FILE is a directory: name the file in it"`);
  });
  it("is named when there is no permission", async ({ skip }) => {
    if (process.platform === "win32" || process.getuid?.() === 0) skip("this user may read every file");
    const path = file("{}");
    chmodSync(path, 0);
    expect((await readAll(readJsonl(path))).error).toBe("input.unreadable: FILE can't be read: no permission; change its mode or owner");
  });
  it("is named when its path can't be one", async () => {
    expect((await readAll(readJsonl("a\0b"))).error).toMatch(/^input\.unreadable: .*can't be read/);
  });

  it.each<[string, string | Uint8Array]>([
    ["empty", ""],
    ["empty once decompressed", zlib.gzipSync("")],
    ["a zip archive", Buffer.from("PK\u0003\u0004rest")],
    ["bzip2", Buffer.from("BZh91AY&SY")],
    ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4])],
    ["7z", Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0])],
    ["a tar archive", tarHead()],
    ["a tar archive, gzipped", zlib.gzipSync(tarHead())],
    ["gzipped twice", zlib.gzipSync(zlib.gzipSync("{}"))],
    ["Parquet", Buffer.from("PAR1\u0015\u0004")],
    ["UTF-16 with a mark", Buffer.from("\uFEFF{}\n", "utf16le")],
    ["UTF-16 without one", Buffer.from('{"a":1}\n', "utf16le")],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"],
    ["a web page", "\n<!DOCTYPE html>\n<html></html>"],
  ])("is named when it is %s", async (_, content) => {
    const both = [await readAll(readJsonl(file(content))), await readAll(readJsonArray(file(content)))];
    expect(both.map(({ records }) => records)).toEqual([[], []]);
    expect(both[0]?.error).toBe(both[1]?.error);
    expect(both[0]?.error).toMatch(/^input\.(?:empty|unreadable): FILE.*: [a-z]/);
    expect(both[0]?.error).not.toContain("\n");
  });
});

describe("a compressed file", () => {
  it("is read as it is when gzipped, in several members too", async () => {
    const content = Buffer.concat([zlib.gzipSync(lines.slice(0, 900).join("")), zlib.gzipSync(lines.slice(900).join(""))]);
    const { records, error } = await readAll(readJsonl(file(content)));
    expect(error).toBeNull();
    expect(values(records)).toEqual(lines.map((line) => JSON.parse(line)));
  });

  it.each([0.02, 0.3, 0.7, 0.97, 0.9999])("gives every record before the break when cut at %d of its length", async (part) => {
    const compressed = zlib.gzipSync(whole);
    const cut = compressed.subarray(0, Math.floor(compressed.length * part));
    const reachable = zlib.gunzipSync(cut, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString("utf8");
    for (const chunkBytes of [512, 64 * 1024]) {
      const { records, error } = await readAll(readJsonl(file(cut), { chunkBytes }));
      expect(records.length).toBe(reachable.split("\n").length - 1);
      expect(error).toMatchInlineSnapshot(`"input.broken: FILE ends in the middle of its gzip data: download it again"`);
    }
  });

  it("is named when its data is damaged", async () => {
    const compressed = Buffer.from(zlib.gzipSync(whole));
    compressed.fill(0xff, 10_000, 10_100);
    const { records, error } = await readAll(readJsonl(file(compressed)));
    expect(records.length).toBeGreaterThan(100);
    expect(error).toMatch(/^input\.broken: FILE holds damaged gzip data/);
  });

  it("is read as it is when it is zstd, in several frames too", async () => {
    const content = Buffer.concat([zstdStored(Buffer.from(lines.slice(0, 900).join(""))), zstdStored(Buffer.from(lines.slice(900).join("")), { blockBytes: 1000 })]);
    for (const chunkBytes of [7, 64 * 1024]) {
      const { records, error } = await readAll(readJsonl(file(content), { chunkBytes }));
      expect(error).toBeNull();
      expect(records.length).toBe(lines.length);
    }
    expect(values((await readAll(readJsonl(file(COMPRESSED)))).records)).toEqual(["The heron stands in the reeds. The heron waits. The heron stands in the reeds. The heron waits, and the heron eats."]);
  });

  it.each([0.02, 0.5, 0.97])("gives every record before the break when zstd is cut at %d of its length", async (part) => {
    const compressed = zstdStored(Buffer.from(whole), { blockBytes: 5000 });
    const { records, error } = await readAll(readJsonl(file(compressed.subarray(0, Math.floor(compressed.length * part)))));
    expect(records.length).toBeGreaterThanOrEqual(Math.floor(lines.length * part * 0.8) - 100);
    expect(error).toBe("input.broken: FILE ends in the middle of its zstd data: download it again");
  });

  it("holds no more of a bomb than a record may have", async () => {
    const before = process.memoryUsage().rss;
    const { records } = await readAll(readJsonl(file(Buffer.concat([zstdRepeated(0x61, 3000), zstdStored(Buffer.from('\n{"a":1}\n'))])), { maxLineBytes: 1024 * 1024 }));
    expect(records).toEqual([{ position: 1, problem: "the line is longer than 1 MB" }, { position: 2, value: { a: 1 } }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it("is refused when zstd wants more memory than 128 MB for it", async () => {
    expect((await readAll(readJsonl(file(zstdStored(Buffer.from("{}"), { window: 0xa0 }))))).error).toMatch(/^input\.(?:unreadable|broken): FILE .*: (?:decompress it first|download it again)/);
  });
});

describe("a byte order mark", () => {
  it.each([1, 2, 3, 65536])("is dropped, whatever the chunk (%d)", async (chunkBytes) => {
    expect(await readAll(readJsonl(file('\uFEFF{"a":1}\n'), { chunkBytes }))).toEqual({ records: [{ position: 1, value: { a: 1 } }], error: null });
    expect(await readAll(readJsonArray(file("\uFEFF[7]"), { chunkBytes }))).toEqual({ records: [{ position: 1, value: 7 }], error: null });
  });
  it("alone makes a file without a record", async () => {
    expect(await readAll(readJsonl(file("\uFEFF")))).toEqual({ records: [], error: null });
  });
});

function tarHead(): Buffer {
  const head = Buffer.alloc(1024);
  head.write("strategyqa/train.json", 0);
  head.write("ustar", 257);
  return head;
}

/** A line of text, as the zstd program compresses it. */
const COMPRESSED = Buffer.from("KLUv/QRovQEAQkMKD9DnAOSrAIN6AwUVxyZKC4D86mlXDCSf1CHZWsOO8whtVzevmA52CBADADgL81TGQMDqCXDLCmw=", "base64");

import type { Transform } from "node:stream";
import zlib from "node:zlib";
import { LumosError } from "../../schemas/errors.ts";

/**
 * A compressed stream decompressed. Throws LumosError `input.broken` where the data is cut off or damaged, after all that
 * could be decompressed before it. (The decompressor is driven by hand: piped, it drops what it holds when it fails.)
 */
export async function* decompressed(
  chunks: AsyncGenerator<Buffer>,
  kind: "gzip" | "zstd",
  path: string,
): AsyncGenerator<Buffer> {
  const stream = kind === "gzip" ? zlib.createGunzip() : zstdDecompressor(path);
  const out: Buffer[] = [];
  let failure: Error | null = null;
  stream.on("data", (chunk: Buffer) => out.push(chunk));
  const ended = new Promise<void>((resolve) => {
    stream.once("end", resolve);
    stream.once("error", (error: Error) => {
      failure = error;
      resolve();
    });
  });
  try {
    for await (const chunk of chunks) {
      // A write that fails is never called back.
      await Promise.race([ended, new Promise((resolve) => stream.write(chunk, resolve))]);
      yield* out.splice(0);
      if (failure !== null) break;
    }
    if (failure === null) {
      stream.end();
      await ended;
    }
    yield* out.splice(0);
    if (failure !== null) throw broken(path, kind, failure);
  } finally {
    stream.destroy();
    await chunks.return(undefined);
  }
}

function broken(path: string, kind: string, error: Error): LumosError {
  const cut = "code" in error && error.code === "Z_BUF_ERROR";
  const what = cut ? `ends in the middle of its ${kind} data` : `holds damaged ${kind} data (${error.message})`;
  return new LumosError("input.broken", `${path} ${what}: download it again`, { cause: error });
}

/** Node has it from 22.15; the types of the oldest Node that we run on don't name it. */
function zstdDecompressor(path: string): Transform {
  const create: unknown = Reflect.get(zlib, "createZstdDecompress");
  if (!isTransformMaker(create)) {
    throw new LumosError(
      "input.unreadable",
      `${path} is compressed with zstd, which Node ${process.versions.node} can't read: decompress it first (unzstd), or use Node 22.15 or newer`,
    );
  }
  return create();
}

function isTransformMaker(value: unknown): value is () => Transform {
  return typeof value === "function";
}

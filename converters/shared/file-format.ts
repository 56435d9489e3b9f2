/** What a file is by its first bytes: read as it is, through a decompressor, or refused with what to do (a predicate of the file's name). */
export type FileFormat = { kind: "plain" } | { kind: "gzip" } | { kind: "zstd" } | { kind: "refused"; message: string };

/** Tells the format of a file by its first (up to 512) bytes. */
export function formatByBytes(head: Buffer): FileFormat {
  if (startsWith(head, [0x1f, 0x8b])) return { kind: "gzip" };
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return { kind: "zstd" };
  const message = REFUSED.find(({ is }) => is(head))?.message;
  return message === undefined ? { kind: "plain" } : { kind: "refused", message };
}

const REFUSED: readonly { is: (head: Buffer) => boolean; message: string }[] = [
  {
    is: (head) => startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06]),
    message: "is a zip archive: unpack it first (unzip) and name the file inside",
  },
  { is: (head) => startsWith(head, [0x42, 0x5a, 0x68]), message: "is compressed with bzip2: decompress it first (bunzip2)" },
  {
    is: (head) => startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    message: "is compressed with xz: decompress it first (unxz)",
  },
  {
    is: (head) => startsWith(head, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
    message: "is a 7z archive: unpack it first (7z x) and name the file inside",
  },
  {
    is: (head) => head.subarray(257, 262).toString("latin1") === "ustar",
    message: "is a tar archive: unpack it first (tar xf) and name the file inside",
  },
  {
    is: (head) => head.subarray(0, 4).toString("latin1") === "PAR1",
    message: "is a Parquet file: get the file that `lumos datasets` names instead",
  },
  {
    is: (head) => startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff]) || startsWithUtf16Ascii(head),
    message: "is UTF-16 text: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)",
  },
  {
    is: (head) => head.toString("latin1").startsWith("version https://git-lfs.github.com/spec/"),
    message: "is a Git LFS pointer, not the data: run `git lfs pull` where it comes from",
  },
  {
    is: (head) => /^(?:\xef\xbb\xbf)?\s{0,64}<(?:!doctype html|html)\b/i.test(head.toString("latin1")),
    message: "is a web page, not the data: download the raw file",
  },
];

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte);
}

/** UTF-16 without a mark: one of the first two bytes is zero, the other is not, and the next pair is alike. */
function startsWithUtf16Ascii(head: Buffer): boolean {
  if (head.length < 4) return false;
  const zeros = [head[0], head[1], head[2], head[3]].map((byte) => (byte === 0 ? "0" : "x")).join("");
  return zeros === "0x0x" || zeros === "x0x0";
}

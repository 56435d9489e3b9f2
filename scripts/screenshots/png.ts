import { crc32, deflateSync, inflateSync } from "node:zlib";

/** A screenshot in 256 colours, each other one as the nearest of them: a third of the bytes, and no eye sees it. Takes PNGs as Chromium writes them: 8 bits, RGB, not interlaced. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = cover([...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([colour]) => colour));
  const index = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, palette)]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let at = 0; at < pixels.length; at++) rows[at + Math.floor(at / width) + 1] = index.get(pixels[at] ?? 0) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, indexed.
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Pixels as 0xRRGGBB, row by row. */
function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (png.readUIntBE(24, 2) !== 0x0802) throw new Error("Expected a PNG of 8 bits in RGB.");
  const [raw, row] = [inflateSync(Buffer.concat(data)), width * 3];
  const bytes = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x < 3 ? 0 : (bytes[at - 3] ?? 0);
      const up = bytes[at - row] ?? 0;
      const corner = x < 3 ? 0 : (bytes[at - row - 3] ?? 0);
      bytes[at] = (raw[y * (row + 1) + 1 + x] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return { width, height, pixels: Uint32Array.from({ length: width * height }, (_, n) => ((bytes[n * 3] ?? 0) << 16) | ((bytes[n * 3 + 1] ?? 0) << 8) | (bytes[n * 3 + 2] ?? 0)) };
}

/** What a row's filter foretells of a byte (PNG specification, section 9). */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** At most 256 of the colours, as near to all of them as can be: a rare colour far from the others keeps its place, a frequent one comes before its neighbours. */
function cover(colours: readonly number[]): number[] {
  for (let reach = 0; ; reach += 2) {
    const palette: number[] = [];
    for (const colour of colours) {
      if (palette.length <= 256 && !palette.some((each) => distance(each, colour) <= reach)) palette.push(colour);
    }
    if (palette.length <= 256) return palette;
  }
}

function nearest(colour: number, palette: readonly number[]): number {
  let best = 0;
  for (const [index, each] of palette.entries()) if (distance(each, colour) < distance(palette[best] ?? 0, colour)) best = index;
  return best;
}

function distance(a: number, b: number): number {
  return Math.hypot((a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255));
}

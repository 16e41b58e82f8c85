import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const PALETTE_SIZE = 256;
/** Colors of the palette that are chosen by frequency alone. */
const FREQUENT_COLORS = 128;
/** Bytes of a pixel by PNG color type: RGB and RGBA. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

/**
 * Converts a screenshot to a PNG with a palette of 256 colors, which is about a third as large. Every color that is not
 * in the palette becomes the nearest one that is.
 * @param png as Chromium writes it: 8 bits per channel, not interlaced, opaque. https://www.w3.org/TR/png-3/
 */
export function indexedPng(png: Buffer): Buffer {
  const { header, data } = readChunks(png);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixelBytes = PIXEL_BYTES[header[9]];
  if (header[8] !== 8 || header[12] !== 0 || pixelBytes === undefined)
    throw new Error("The PNG is not an 8-bit RGB or RGBA image without interlacing.");
  const colors = pixels(unfiltered(inflateSync(data), width * pixelBytes, height, pixelBytes), pixelBytes);
  const palette = chosenColors(colors);
  const indexes = nearestIndexes(colors, palette);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexes.get(colors[y * width + x]) ?? 0;
  const newHeader = Buffer.from(header);
  newHeader[9] = 3;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", newHeader),
    chunk("PLTE", Buffer.from(palette.flatMap(channels))),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): { readonly header: Buffer; readonly data: Buffer } {
  let header: Buffer = Buffer.alloc(0);
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = content;
    if (type === "IDAT") data.push(content);
    at += length + 12;
  }
  return { header, data: Buffer.concat(data) };
}

/** Reverses the filter of each row: https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(filtered: Buffer, rowBytes: number, height: number, pixelBytes: number): Buffer {
  const result = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (rowBytes + 1)];
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= pixelBytes ? result[at - pixelBytes] : 0;
      const up = y > 0 ? result[at - rowBytes] : 0;
      const upLeft = x >= pixelBytes && y > 0 ? result[at - rowBytes - pixelBytes] : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter];
      result[at] = filtered[y * (rowBytes + 1) + 1 + x] + predicted;
    }
  }
  return result;
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [a, b, c] = [left, up, upLeft].map((value) => Math.abs(estimate - value));
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}

/** Colors of all pixels, as 0xRRGGBB. */
function pixels(bytes: Buffer, pixelBytes: number): Uint32Array {
  return Uint32Array.from({ length: bytes.length / pixelBytes }, (_, index) =>
    bytes.readUIntBE(index * pixelBytes, 3),
  );
}

/** Colors of the palette: the most frequent ones, then those whose replacement by a chosen color would change the image most. */
function chosenColors(colors: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one).map(([color]) => color);
  const palette = sorted.slice(0, FREQUENT_COLORS);
  const others = sorted.slice(FREQUENT_COLORS).map((color) => ({
    color,
    count: counts.get(color) ?? 0,
    nearest: Math.min(...palette.map((chosen) => distance(color, chosen))),
  }));
  while (palette.length < Math.min(PALETTE_SIZE, sorted.length)) {
    const next = others.reduce((one, other) =>
      other.count * other.nearest > one.count * one.nearest ? other : one,
    );
    palette.push(next.color);
    for (const other of others) other.nearest = Math.min(other.nearest, distance(other.color, next.color));
  }
  return palette;
}

/** Index of the nearest color of the palette, by color. */
function nearestIndexes(colors: Uint32Array, palette: readonly number[]): Map<number, number> {
  const indexes = new Map<number, number>();
  for (const color of colors) {
    if (indexes.has(color)) continue;
    const distances = palette.map((other) => distance(color, other));
    indexes.set(color, distances.indexOf(Math.min(...distances)));
  }
  return indexes;
}

function distance(one: number, other: number): number {
  const others = channels(other);
  return channels(one).reduce((sum, value, index) => sum + (value - others[index]) ** 2, 0);
}

function channels(color: number): number[] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}

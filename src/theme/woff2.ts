import { brotliDecompressSync } from "node:zlib";
import type { AppError } from "../lib/errors.ts";
import { invalid } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import type { OwnFont } from "../site/look.ts";
import { MAX_FAMILY_LENGTH } from "../site/look.ts";

/** Most bytes of a font file: every reader loads it once. */
export const MAX_FONT_BYTES = 2 * 1024 * 1024;
/** Most bytes that a font may unfold to. */
export const MAX_UNFOLDED_BYTES = 24 * 1024 * 1024;
/** Most tables of a font; real ones have about twenty. */
export const MAX_FONT_TABLES = 128;

const HEADER_BYTES = 48;
const TAKEN = "WOFF2 fonts are taken.";

/** Numbers of the tables that are read here, in the list of known tags. @see https://www.w3.org/TR/WOFF2/#table_dir_format */
const KNOWN = { name: 5, os2: 6, glyf: 10, loca: 11, fvar: 47 } as const;
const ARBITRARY_TAG = 63;
/** For glyf and loca 3 means "as it is", for all others 0 does. */
const [NO_TRANSFORM, NO_GLYPH_TRANSFORM] = [0, 3];

type Table = { readonly tag: number; readonly length: number };

/**
 * Reads what a WOFF2 file says of itself: family, weights, slant. Everything that is read is checked against the length of
 * the file and of what it unfolds to. Throws `invalid` for what is no WOFF2 font, for a damaged one and one past a limit.
 * @see https://www.w3.org/TR/WOFF2/
 */
export function readFont(bytes: Buffer): Omit<OwnFont, "file"> {
  if (bytes.length > MAX_FONT_BYTES) throw tooLargeFont();
  if (bytes.toString("latin1", 0, 4) !== "wOF2") throw invalid("font", said`The file is no WOFF2 font. ${TAKEN}`);
  try {
    return readTables(bytes);
  } catch (cause) {
    // Whatever was read past the end, or cannot be unfolded.
    const sentence = said`The file begins like a WOFF2 font but is damaged, cut short or a collection. Convert it again.`;
    throw Object.assign(invalid("font", sentence), { cause });
  }
}

/** The error for a font past MAX_FONT_BYTES. */
export function tooLargeFont(): AppError {
  const limit = `${MAX_FONT_BYTES / 1024 / 1024} MB`;
  return invalid("font", said`The font is larger than ${limit}. Leave out letters that you do not need.`);
}

function readTables(bytes: Buffer): Omit<OwnFont, "file"> {
  const count = bytes.readUInt16BE(12);
  const isWhole = bytes.readUInt32BE(8) === bytes.length && bytes.toString("latin1", 4, 8) !== "ttcf";
  if (!isWhole || count === 0 || count > MAX_FONT_TABLES)
    throw new Error("It is not as long as it says, or of another kind.");
  const { tables, end } = readDirectory(bytes, count);
  const packed = bytes.subarray(end, end + bytes.readUInt32BE(20));
  const unfolded = brotliDecompressSync(packed, { maxOutputLength: MAX_UNFOLDED_BYTES });
  const found = new Map<number, Buffer>();
  let at = 0;
  for (const { tag, length } of tables) {
    if (at + length > unfolded.length) throw new Error("A table lies past the end.");
    found.set(tag, unfolded.subarray(at, at + length));
    at += length;
  }
  const os2 = found.get(KNOWN.os2);
  const names = found.get(KNOWN.name);
  if (os2 === undefined || names === undefined) throw new Error("It has no names or no weights.");
  return {
    family: readFamily(names),
    weights: readWeights(os2, found.get(KNOWN.fvar)),
    isItalic: (os2.readUInt16BE(62) & 1) === 1,
  };
}

function readDirectory(bytes: Buffer, count: number): { tables: Table[]; end: number } {
  const tables: Table[] = [];
  const place = { at: HEADER_BYTES };
  for (let index = 0; index < count; index += 1) {
    const flags = bytes.readUInt8(place.at);
    const tag = flags & 63;
    place.at += tag === ARBITRARY_TAG ? 5 : 1;
    const length = readBase128(bytes, place);
    const isGlyphs = tag === KNOWN.glyf || tag === KNOWN.loca;
    const isPlain = flags >> 6 === (isGlyphs ? NO_GLYPH_TRANSFORM : NO_TRANSFORM);
    tables.push({ tag, length: isPlain ? length : readBase128(bytes, place) });
  }
  return { tables, end: place.at };
}

/** A number of up to five bytes of seven bits. */
function readBase128(bytes: Buffer, place: { at: number }): number {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes.readUInt8(place.at);
    place.at += 1;
    value = value * 128 + (byte & 127);
    if (byte < 128) return value;
  }
  throw new Error("A number has no end.");
}

/** The range of a variable font, else the one weight. */
function readWeights(os2: Buffer, fvar: Buffer | undefined): readonly [number, number] {
  const weight = toWeight(os2.readUInt16BE(4));
  if (fvar === undefined) return [weight, weight];
  const [start, count, size] = [fvar.readUInt16BE(4), fvar.readUInt16BE(8), fvar.readUInt16BE(10)];
  for (let index = 0; index < count; index += 1) {
    const at = start + index * size;
    if (fvar.toString("latin1", at, at + 4) !== "wght") continue;
    return [toWeight(fvar.readInt32BE(at + 4) / 65_536), toWeight(fvar.readInt32BE(at + 12) / 65_536)];
  }
  return [weight, weight];
}

function toWeight(value: number): number {
  return Math.min(1000, Math.max(1, Math.round(value)));
}

/** The name that all files of a family share (16), else the plain one (1), as Windows has it. */
function readFamily(names: Buffer): string {
  const texts = new Map<number, string>();
  const strings = names.readUInt16BE(4);
  for (let index = 0; index < names.readUInt16BE(2); index += 1) {
    const at = 6 + index * 12;
    const [platform, id] = [names.readUInt16BE(at), names.readUInt16BE(at + 6)];
    const start = strings + names.readUInt16BE(at + 10);
    const bytes = Buffer.from(names.subarray(start, start + names.readUInt16BE(at + 8)));
    if ((id !== 1 && id !== 16) || (texts.has(id) && platform !== 3)) continue;
    texts.set(id, platform === 1 ? bytes.toString("latin1") : toText(bytes));
  }
  const family = cleanText(texts.get(16) ?? texts.get(1) ?? "")
    .replace(/\s+/gu, " ")
    .trim();
  return [...family].slice(0, MAX_FAMILY_LENGTH).join("") || "Unnamed";
}

function toText(bigEndian: Buffer): string {
  return bigEndian
    .subarray(0, bigEndian.length & ~1)
    .swap16()
    .toString("utf16le");
}

import type { Box } from "./boxes.ts";
import { freeBox, listBoxes } from "./boxes.ts";
import { damagedFile } from "./file-type.ts";

const META_HEAD_BYTES = 4;
/** Boxes of a file that decide how the picture looks. */
const KEPT = new Set(["ftyp", "meta", "mdat"]);
/** Kinds of item that are metadata. */
const METADATA = new Set(["Exif", "mime", "uri "]);
const MAX_ITEMS = 10_000;

/**
 * Removes metadata from an AVIF: EXIF, XMP and unknown boxes become zeros of the same length. The picture is the same, bit
 * for bit. Throws `invalid` where the file ends too early, or keeps its metadata in a way that no camera does.
 * @see https://aomediacodec.github.io/av1-avif/
 */
export function stripAvif(bytes: Buffer): Buffer {
  const clean = Buffer.from(bytes);
  const boxes = requireBoxes(clean, 0, clean.length);
  const meta = boxes.find(({ type }) => type === "meta");
  if (meta === undefined) throw damagedFile("avif");
  for (const box of boxes) if (!KEPT.has(box.type)) freeBox(clean, box);
  blankItems(clean, requireBoxes(clean, meta.content + META_HEAD_BYTES, meta.end));
  return clean;
}

function requireBoxes(bytes: Buffer, start: number, end: number): Box[] {
  const boxes = listBoxes(bytes, start, end);
  if (boxes === undefined) throw damagedFile("avif");
  return boxes;
}

function blankItems(bytes: Buffer, parts: readonly Box[]): void {
  const part = (type: string) => parts.find((box) => box.type === type);
  const [info, places] = [part("iinf"), part("iloc")];
  if (info === undefined || places === undefined) throw damagedFile("avif");
  const ids = listMetadataItems(bytes, info);
  // Where data may be counted from: the file, or the box of small data.
  const bases = [0, part("idat")?.content];
  const metadata = readPlaces(bytes, places).filter(({ id }) => ids.has(id));
  for (const { method, extents } of metadata) blankExtents(bytes, extents, bases[method]);
}

function blankExtents(bytes: Buffer, extents: Place["extents"], base: number | undefined): void {
  for (const { offset, length } of extents) {
    if (base === undefined || base + offset + length > bytes.length) throw damagedFile("avif");
    bytes.fill(0, base + offset, base + offset + length);
  }
}

/** The items that are metadata, by number. An entry has its version, flags, number, protection and kind. */
function listMetadataItems(bytes: Buffer, info: Box): ReadonlySet<number> {
  const countBytes = bytes[info.content] === 0 ? 2 : 4;
  const ids = new Set<number>();
  for (const entry of requireBoxes(bytes, info.content + 4 + countBytes, info.end)) {
    const idBytes = bytes[entry.content] === 3 ? 4 : 2;
    const kindAt = entry.content + 4 + idBytes + 2;
    if (entry.type !== "infe" || kindAt + 4 > entry.end) throw damagedFile("avif");
    if (METADATA.has(bytes.toString("latin1", kindAt, kindAt + 4))) {
      ids.add(bytes.readUIntBE(entry.content + 4, idBytes));
    }
  }
  return ids;
}

type Place = {
  readonly id: number;
  /** 0: in the file, 1: in the box `idat`. */
  readonly method: number;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
};

/** Where the data of each item lies (ISO/IEC 14496-12, 8.11.3). */
function readPlaces(bytes: Buffer, box: Box): Place[] {
  const reader = createReader(bytes, box);
  const version = reader.next(1);
  reader.next(3);
  const sizes = reader.next(2);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const count = reader.next(version < 2 ? 2 : 4);
  if (count > MAX_ITEMS) throw damagedFile("avif");
  return Array.from({ length: count }, () => {
    const id = reader.next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : reader.next(2) & 15;
    reader.next(2);
    const base = reader.next(baseBytes);
    const extents = Array.from({ length: Math.min(reader.next(2), MAX_ITEMS) }, () => {
      reader.next(indexBytes);
      return { offset: base + reader.next(offsetBytes), length: reader.next(lengthBytes) };
    });
    return { id, method, extents };
  });
}

function createReader(bytes: Buffer, { content, end }: Box): { next(length: number): number } {
  let at = content;
  return {
    next(length) {
      if (length > 8 || at + length > end) throw damagedFile("avif");
      const start = at;
      at += length;
      if (length === 8) return Number(bytes.readBigUInt64BE(start));
      return length === 0 ? 0 : bytes.readUIntBE(start, Math.min(length, 6));
    },
  };
}

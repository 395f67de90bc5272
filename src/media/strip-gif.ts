import { damagedFile } from "./file-type.ts";

const HEAD_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;

/** Applications whose block says how often the animation repeats. */
const LOOPS = ["NETSCAPE2.0", "ANIMEXTS1.0"];

/**
 * Removes metadata (comments, XMP, texts) from a GIF, and what follows its end. Frames and timing are the same, bit for
 * bit. A missing end mark, which some programs forget, is added; throws `invalid` where a block is cut short.
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function stripGif(bytes: Buffer): Buffer {
  const parts = [bytes.subarray(0, endOfTable(bytes, HEAD_BYTES, 10))];
  let offset = parts[0]?.length ?? 0;

  while (offset < bytes.length && bytes[offset] !== TRAILER) {
    const end = endOfBlock(bytes, offset);
    if (isKept(bytes, offset)) parts.push(bytes.subarray(offset, end));
    offset = end;
  }
  return Buffer.concat([...parts, Buffer.of(TRAILER)]);
}

/** Width and height of the canvas, which single frames may not fill. */
export function gifCanvas(bytes: Buffer): { width: number; height: number } {
  if (bytes.length < HEAD_BYTES) throw damagedFile("gif");
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

function isKept(bytes: Buffer, offset: number): boolean {
  if (bytes[offset] === IMAGE) return true;
  const label = bytes[offset + 1];
  if (label === APPLICATION) return LOOPS.includes(bytes.toString("latin1", offset + 3, offset + 14));
  return label === GRAPHIC_CONTROL;
}

function endOfBlock(bytes: Buffer, offset: number): number {
  if (bytes[offset] === EXTENSION) return endOfSubBlocks(bytes, offset + 2);
  if (bytes[offset] !== IMAGE) throw damagedFile("gif");
  return endOfSubBlocks(bytes, endOfTable(bytes, offset + 10, offset + 9) + 1);
}

/** Where the colour table ends that begins at `start`, if the flags say that there is one. */
function endOfTable(bytes: Buffer, start: number, flagsAt: number): number {
  if (start > bytes.length) throw damagedFile("gif");
  const flags = bytes.readUInt8(flagsAt);
  return (flags & 0x80) === 0 ? start : start + 3 * 2 ** ((flags & 0x07) + 1);
}

function endOfSubBlocks(bytes: Buffer, start: number): number {
  for (let offset = start; offset < bytes.length; ) {
    const size = bytes.readUInt8(offset);
    offset += 1 + size;
    if (size === 0) return offset;
  }
  throw damagedFile("gif");
}

import { damagedFile } from "./file-type.ts";

// What decides how the picture looks, animation included. Texts, times, EXIF and unknown chunks are not on the list.
const KEPT = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split(" "),
);

const SIGNATURE_BYTES = 8;
/** Length, type and checksum of a chunk. */
const FRAME_BYTES = 12;

/**
 * Removes metadata from a PNG, and what follows its end. The picture is the same, bit for bit.
 * Throws `invalid` where the file ends too early.
 * @see https://www.w3.org/TR/png-3/#5DataRep
 */
export function stripPng(bytes: Buffer): Buffer {
  const parts = [bytes.subarray(0, SIGNATURE_BYTES)];
  let offset = SIGNATURE_BYTES;

  for (;;) {
    if (offset + FRAME_BYTES > bytes.length) throw damagedFile("png");
    const type = bytes.toString("latin1", offset + 4, offset + 8);
    const end = offset + FRAME_BYTES + bytes.readUInt32BE(offset);
    if (end > bytes.length) throw damagedFile("png");
    if (KEPT.has(type)) parts.push(bytes.subarray(offset, end));
    if (type === "IEND") return Buffer.concat(parts);
    offset = end;
  }
}

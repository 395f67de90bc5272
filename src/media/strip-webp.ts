import { damagedFile } from "./file-type.ts";

const KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);

const RIFF_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
/** Bits of the VP8X flags that announce EXIF and XMP. */
const METADATA_FLAGS = 0x08 | 0x04;

/**
 * Removes metadata from a WebP, and what follows its end. Picture and animation are the same, bit for bit.
 * Throws `invalid` where the file ends too early.
 * @see https://www.rfc-editor.org/rfc/rfc9649#section-2
 */
export function stripWebp(bytes: Buffer): Buffer {
  const kept = listChunks(bytes).filter((chunk) => KEPT.has(typeOf(chunk)));
  return withRiffHead(kept.map(withoutMetadataFlags));
}

/** Whether the picture is compressed without loss. Throws `invalid` where the file ends too early. */
export function isLosslessWebp(bytes: Buffer): boolean {
  return listChunks(bytes).some((chunk) => typeOf(chunk) === "VP8L");
}

function listChunks(bytes: Buffer): Buffer[] {
  if (bytes.length < RIFF_BYTES) throw damagedFile("webp");
  const end = CHUNK_HEAD_BYTES + bytes.readUInt32LE(4);
  if (end > bytes.length) throw damagedFile("webp");
  const chunks: Buffer[] = [];

  for (let offset = RIFF_BYTES; offset < end; ) {
    const chunk = readChunk(bytes.subarray(offset, end));
    chunks.push(chunk);
    offset += chunk.length;
  }
  return chunks;
}

function typeOf(chunk: Buffer): string {
  return chunk.toString("latin1", 0, 4);
}

function readChunk(rest: Buffer): Buffer {
  if (rest.length < CHUNK_HEAD_BYTES) throw damagedFile("webp");
  const size = CHUNK_HEAD_BYTES + rest.readUInt32LE(4);
  if (size > rest.length) throw damagedFile("webp");
  return rest.subarray(0, size + (size % 2)); // Chunks begin at even places.
}

function withoutMetadataFlags(chunk: Buffer): Buffer {
  if (typeOf(chunk) !== "VP8X" || chunk.length <= CHUNK_HEAD_BYTES) return chunk;
  const copy = Buffer.from(chunk);
  copy[CHUNK_HEAD_BYTES] = copy.readUInt8(CHUNK_HEAD_BYTES) & ~METADATA_FLAGS;
  return copy;
}

function withRiffHead(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat(chunks);
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

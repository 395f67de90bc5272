import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { FileBytes, MediaFacts } from "./file-bytes.ts";
import { damagedFile } from "./file-type.ts";

const HEAD_BYTES = 27;
const MAX_SEGMENTS = 255;
const CHECKSUM_AT = 22;
const BEGINS_STREAM = 0x02;
/** Longest packet of comments that is taken, in bytes: pictures of covers lie in it, too. */
export const MAX_COMMENT_BYTES = 20_000_000;
/** Most pages of a file. */
const MAX_PAGES = 1_000_000;

/** How a packet of comments begins, by how the stream does. */
const CODECS: readonly { readonly stream: string; readonly comments: string }[] = [
  { stream: "\x01vorbis", comments: "\x03vorbis" },
  { stream: "OpusHead", comments: "OpusTags" },
];

type Page = {
  readonly start: number;
  readonly flags: number;
  readonly lacing: readonly number[];
  readonly content: number;
  readonly end: number;
};

/**
 * Takes the comments from an Ogg with Vorbis or Opus: names, pictures, places. One of blanks stands in their place, of the
 * same length, so that every other byte stays where it is, and to do it again changes nothing. Throws `invalid` for a file
 * that is damaged, and for one with anything else in it.
 * @see https://www.rfc-editor.org/rfc/rfc3533
 */
export async function cleanOgg(file: FileBytes): Promise<MediaFacts> {
  let pages = 0;
  for (let at = 0; at < file.size; pages += 1) {
    const page = await pageAt(file, at);
    if (pages > MAX_PAGES) throw damagedFile("ogg");
    at = page.end;
    if ((page.flags & BEGINS_STREAM) !== 0) at = await cleanComments(file, page);
  }
  if (pages < 2) throw damagedFile("ogg");
  return { extension: "ogg", mediaType: "audio/ogg" };
}

async function pageAt(file: FileBytes, start: number): Promise<Page> {
  const head = await file.read(start, HEAD_BYTES + MAX_SEGMENTS);
  if (head.length < HEAD_BYTES || head.toString("latin1", 0, 4) !== "OggS") throw damagedFile("ogg");
  const segments = head[26] ?? 0;
  const lacing = [...head.subarray(HEAD_BYTES, HEAD_BYTES + segments)];
  const content = start + HEAD_BYTES + segments;
  const end = content + lacing.reduce((sum, length) => sum + length, 0);
  if (lacing.length < segments || end > file.size) throw damagedFile("ogg");
  return { start, flags: head[5] ?? 0, lacing, content, end };
}

/** Blanks the packet after the first one of a stream. Returns where the page ends with which it does. */
async function cleanComments(file: FileBytes, first: Page): Promise<number> {
  const begin = (await file.read(first.content, 8)).toString("latin1");
  const codec = CODECS.find(({ stream }) => begin.startsWith(stream));
  if (codec === undefined)
    throw invalid("image", said`The Ogg file holds no sound of Vorbis or Opus. Upload MP4 or WebM.`);

  const pages = await pagesOfPacket(file, first.end);
  const parts = await Promise.all(pages.map(({ page, length }) => file.read(page.content, length)));
  const packet = Buffer.concat(parts);
  if (packet.toString("latin1", 0, codec.comments.length) !== codec.comments) throw damagedFile("ogg");
  blankComments(packet, codec.comments.length);

  let done = 0;
  for (const { page, length } of pages) {
    await file.write(page.content, packet.subarray(done, done + length));
    await writeChecksum(file, page);
    done += length;
  }
  return pages.at(-1)?.page.end ?? first.end;
}

/** The pages that the packet at `at` lies on, and how much of each. A segment of less than 255 bytes ends a packet. */
async function pagesOfPacket(file: FileBytes, at: number): Promise<{ page: Page; length: number }[]> {
  const pages: { page: Page; length: number }[] = [];
  let [place, size] = [at, 0];
  for (;;) {
    const page = await pageAt(file, place);
    const last = page.lacing.findIndex((length) => length < 255);
    const segments = last === -1 ? page.lacing : page.lacing.slice(0, last + 1);
    const length = segments.reduce((sum, each) => sum + each, 0);
    pages.push({ page, length });
    size += length;
    if (size > MAX_COMMENT_BYTES) throw damagedFile("ogg");
    if (last !== -1) return pages;
    place = page.end;
  }
}

/** What follows the head of the packet: length and name of a program, a number of comments, and those. */
function blankComments(packet: Buffer, headBytes: number): void {
  // Vorbis ends with a bit that says so.
  const tail = packet[0] === 3 ? 1 : 0;
  const list = headBytes + 4 + (packet.length >= headBytes + 4 ? packet.readUInt32LE(headBytes) : 0);
  const blanks = packet.length - tail - list - 8;
  if (list + 4 + tail > packet.length) throw damagedFile("ogg");
  packet.fill("x", headBytes + 4, list, "latin1");
  // No room for a comment's length: then there is none.
  packet.writeUInt32LE(blanks < 0 ? 0 : 1, list);
  packet.fill(0, list + 4, packet.length - tail);
  if (blanks < 0) return;
  packet.writeUInt32LE(blanks, list + 4);
  packet.fill(" ", list + 8, packet.length - tail, "latin1");
  packet.write("X=".slice(0, blanks), list + 8, "latin1");
}

async function writeChecksum(file: FileBytes, { start, end }: Page): Promise<void> {
  const bytes = await file.read(start, end - start);
  bytes.writeUInt32LE(0, CHECKSUM_AT);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(pageChecksum(bytes));
  await file.write(start + CHECKSUM_AT, checksum);
}

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** The checksum of a page whose own field for it is zero: no bit of it is turned round, other than in most places. */
export function pageChecksum(bytes: Buffer): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ (TABLE[((value >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return value;
}

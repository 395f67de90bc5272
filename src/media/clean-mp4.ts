import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { Box } from "./boxes.ts";
import { freeBox, LONG_BOX_HEAD_BYTES, listBoxes, readBox } from "./boxes.ts";
import type { FileBytes, MediaFacts } from "./file-bytes.ts";
import { damagedFile } from "./file-type.ts";

/** Longest description of a film that is read, in bytes: that of a day of sound and picture has some 10 MB. */
export const MAX_MOVIE_BYTES = 32_000_000;
/** Most boxes that a file may be made of: one second each would be a day. */
export const MAX_BOXES = 100_000;
/** Deepest nesting of boxes; real ones reach 8. */
const MAX_DEPTH = 10;

/** What stays as it is: sound and picture, and where they are found. */
const KEPT = new Set(["ftyp", "styp", "mdat", "mfra", "sidx", "ssix", "prft"]);
/** What describes the film, and may hold metadata. */
const DESCRIBING = new Set(["moov", "moof"]);
const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "edts", "mvex", "moof", "traf"]);
/** Place, camera, title, XMP, leftovers. */
const REMOVED = new Set(["udta", "meta", "uuid", "free", "skip"]);
/** Tracks that players play. Others hold what a camera noted while it ran: place, movement, faces. */
const PLAYED = new Set(["vide", "soun", "text", "sbtl", "subt", "clcp", "hint", "tmcd"]);

/**
 * Takes from an MP4 whatever says where, when and by what it was made: `udta` (©xyz, loci), `meta`, `uuid`, times, unknown
 * boxes. They become empty ones of the same length, so that every other byte stays where it is, and to do it again changes
 * nothing. Throws `invalid` for a file that is damaged, and for one with a track that notes such things all along.
 */
export async function cleanMp4(file: FileBytes): Promise<MediaFacts> {
  const movie: Movie = { handlers: [], width: 0, height: 0 };
  let hasData = false;
  let count = 0;
  for (let at = 0; at < file.size; count += 1) {
    const box = readBox(await file.read(at, LONG_BOX_HEAD_BYTES), at, file.size);
    if (box === undefined || count > MAX_BOXES) throw damagedFile("mp4");
    if (DESCRIBING.has(box.type)) await cleanDescription(file, box, movie);
    else if (!KEPT.has(box.type)) await emptyBox(file, box);
    hasData ||= box.type === "mdat";
    at = box.end;
  }
  if (!hasData || movie.handlers.length === 0) throw damagedFile("mp4");
  return toFacts(movie);
}

type Movie = { readonly handlers: string[]; width: number; height: number };

function toFacts({ handlers, width, height }: Movie): MediaFacts {
  if (!handlers.includes("vide")) return { extension: "m4a", mediaType: "audio/mp4" };
  if (width === 0 || height === 0) throw damagedFile("mp4");
  return { extension: "mp4", mediaType: "video/mp4", width, height };
}

async function emptyBox(file: FileBytes, box: Box): Promise<void> {
  await file.write(box.start + 4, Buffer.from("free", "latin1"));
  await file.blank(box.content, box.end - box.content);
}

async function cleanDescription(file: FileBytes, { start, end }: Box, movie: Movie): Promise<void> {
  if (end - start > MAX_MOVIE_BYTES) throw damagedFile("mp4");
  const bytes = await file.read(start, end - start);
  cleanBoxes(bytes, { from: 0, to: bytes.length, depth: 0 }, movie);
  await file.write(start, bytes);
}

type Part = { readonly from: number; readonly to: number; readonly depth: number };

function cleanBoxes(bytes: Buffer, { from, to, depth }: Part, movie: Movie): void {
  const boxes = depth > MAX_DEPTH ? undefined : listBoxes(bytes, from, to);
  if (boxes === undefined) throw damagedFile("mp4");
  for (const box of boxes) {
    if (REMOVED.has(box.type)) freeBox(bytes, box);
    else if (CONTAINERS.has(box.type)) cleanBoxes(bytes, { from: box.content, to: box.end, depth: depth + 1 }, movie);
    else LEAVES[box.type]?.(bytes.subarray(box.content, box.end), movie);
  }
}

/** The boxes that say when a film was made, how large it is, and of what a track is. Each begins with its version. */
const LEAVES: Readonly<Record<string, (content: Buffer, movie: Movie) => void>> = {
  mvhd: forgetTimes,
  mdhd: forgetTimes,
  tkhd(content, movie) {
    forgetTimes(content);
    readSize(content, movie);
  },
  hdlr(content, { handlers }) {
    const handler = content.toString("latin1", 8, 12);
    if (!PLAYED.has(handler)) throw invalid("image", HAS_NOTES);
    handlers.push(handler);
  },
};

const HAS_NOTES = said`The film carries a track of notes by the camera, which may say where it was taken. Export it without, then upload it again.`;

/** Times of creation and change, of four or, in version 1, eight bytes each, after version and flags. */
function forgetTimes(content: Buffer): void {
  content.fill(0, 4, content[0] === 1 ? 20 : 12);
}

/** Width and height stand at the end, in sixteenths of a bit each; the matrix before them may turn the picture on its side. */
function readSize(content: Buffer, movie: Movie): void {
  if (content.length < 44) throw damagedFile("mp4");
  const [width, height] = [content.readUInt16BE(content.length - 8), content.readUInt16BE(content.length - 4)];
  if (width === 0 || height === 0) return; // A track of sound.
  const isTurned = content.readInt32BE(content.length - 44) === 0;
  movie.width = isTurned ? height : width;
  movie.height = isTurned ? width : height;
}

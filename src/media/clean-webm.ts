import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { Element } from "./ebml.ts";
import { ELEMENT_HEAD_BYTES, listElements, readElement, readUnsigned, voidElement } from "./ebml.ts";
import type { FileBytes, MediaFacts } from "./file-bytes.ts";
import { damagedFile } from "./file-type.ts";

const EBML = 0x1a45dfa3;
const DOC_TYPE = 0x4282;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO = 0xe0;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const CRC = 0xbf;

/** What stays in a segment: seek head, cues, and the above. Tags, attachments, chapters and the unknown go. */
const KEPT = new Set([SEGMENT, CLUSTER, INFO, TRACKS, 0x114d9b74, 0x1c53bb6b]);
/** What stays of what is said of the film: scale of time, length, and the two programs that must be named. */
const KEPT_INFO = new Set([0x2ad7b1, 0x4489, 0x4d80, 0x5741]);
/** What a cluster holds; one that does not say its length ends with the first element that is nothing of it. */
const IN_CLUSTER = new Set([0xe7, 0xa3, 0xa0, 0xab, 0xa7, 0x5854, 0xaf, 0xec, CRC]);

/** Longest part of a description that is read, in bytes. */
export const MAX_ELEMENT_BYTES = 1_000_000;
/** Most elements that a file may be made of. */
export const MAX_ELEMENTS = 5_000_000;

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
const SUBTITLE_TRACK = 17;

type Film = { hasPicture: boolean; hasSound: boolean; width: number; height: number; clusters: number };

/**
 * Takes tags, attachments, title and date from a WebM. They become empty elements of the same length, so that every other
 * byte stays where it is, and to do it again changes nothing. Throws `invalid` for a file that is damaged or no WebM.
 * @see https://www.rfc-editor.org/rfc/rfc9559
 */
export async function cleanWebm(file: FileBytes): Promise<MediaFacts> {
  const film: Film = { hasPicture: false, hasSound: false, width: 0, height: 0, clusters: 0 };
  const head = await elementAt(file, 0);
  if (head.id !== EBML) throw damagedFile("webm");
  checkDocType(await contentOf(file, head));

  let count = 0;
  for (let at = requireEnd(head); at < file.size; count += 1) {
    const element = await elementAt(file, at);
    if (count > MAX_ELEMENTS) throw damagedFile("webm");
    // A segment, and a cluster that does not say its length, are walked through.
    const isEntered = element.id === SEGMENT || (element.id === CLUSTER && element.end === undefined);
    if (!isEntered) await cleanElement(file, element, film);
    if (element.id === CLUSTER) film.clusters += 1;
    at = isEntered ? element.content : requireEnd(element);
  }
  return toFacts(film);
}

function toFacts({ hasPicture, hasSound, width, height, clusters }: Film): MediaFacts {
  if (clusters === 0 || !(hasPicture || hasSound)) throw damagedFile("webm");
  if (!hasPicture) return { extension: "weba", mediaType: "audio/webm" };
  if (width === 0 || height === 0) throw damagedFile("webm");
  return { extension: "webm", mediaType: "video/webm", width, height };
}

async function elementAt(file: FileBytes, at: number): Promise<Element> {
  const element = readElement(await file.read(at, ELEMENT_HEAD_BYTES), at);
  if (element === undefined || (element.end ?? 0) > file.size) throw damagedFile("webm");
  return element;
}

function requireEnd({ end }: Element): number {
  if (end === undefined) throw damagedFile("webm");
  return end;
}

async function contentOf(file: FileBytes, element: Element): Promise<Buffer> {
  const length = requireEnd(element) - element.start;
  if (length > MAX_ELEMENT_BYTES) throw damagedFile("webm");
  return file.read(element.start, length);
}

function checkDocType(bytes: Buffer): void {
  const type = childrenOf(bytes).find(({ id }) => id === DOC_TYPE);
  const name = type === undefined ? "" : bytes.toString("latin1", type.content, type.end).replace(/\0+$/u, "");
  if (name === "webm") return;
  throw invalid("image", said`The file is a Matroska film. WebM and MP4 are taken: convert it, then upload it again.`);
}

async function cleanElement(file: FileBytes, element: Element, film: Film): Promise<void> {
  if (element.id === TRACKS) readTracks(await contentOf(file, element), film);
  else if (element.id === INFO) await cleanInfo(file, element);
  else if (!KEPT.has(element.id) && !IN_CLUSTER.has(element.id)) {
    const end = requireEnd(element);
    const head = voidElement(end - element.start);
    await file.write(element.start, head);
    await file.blank(element.start + head.length, end - element.start - head.length);
  }
}

async function cleanInfo(file: FileBytes, element: Element): Promise<void> {
  const bytes = await contentOf(file, element);
  for (const { id, start, end = 0 } of childrenOf(bytes)) {
    if (KEPT_INFO.has(id)) continue;
    const head = voidElement(end - start);
    bytes.fill(0, start, end);
    head.copy(bytes, start);
  }
  await file.write(element.start, bytes);
}

function readTracks(bytes: Buffer, film: Film): void {
  for (const track of childrenOf(bytes).filter(({ id }) => id === TRACK_ENTRY)) readTrack(bytes, track, film);
}

function readTrack(bytes: Buffer, track: Element, film: Film): void {
  const parts = listElements(bytes, track.content, requireEnd(track)) ?? [];
  const type = parts.find(({ id }) => id === TRACK_TYPE);
  const kind = type === undefined ? 0 : readUnsigned(bytes, type);
  if (![VIDEO_TRACK, AUDIO_TRACK, SUBTITLE_TRACK].includes(kind)) throw invalid("image", UNKNOWN_TRACK);
  film.hasSound ||= kind === AUDIO_TRACK;
  film.hasPicture ||= kind === VIDEO_TRACK;
  for (const { id, content, end = 0 } of parts) if (id === VIDEO) readSize(bytes, { content, end }, film);
}

const UNKNOWN_TRACK = said`The film carries a track that is neither picture, sound nor subtitles. Export it without, then upload it again.`;

function readSize(bytes: Buffer, { content, end }: { content: number; end: number }, film: Film): void {
  for (const part of listElements(bytes, content, end) ?? []) {
    if (part.id === PIXEL_WIDTH) film.width = readUnsigned(bytes, part);
    if (part.id === PIXEL_HEIGHT) film.height = readUnsigned(bytes, part);
  }
}

/** The elements within the one that `bytes` holds. */
function childrenOf(bytes: Buffer): Element[] {
  const outer = readElement(bytes.subarray(0, ELEMENT_HEAD_BYTES), 0);
  const children = outer && listElements(bytes, outer.content, bytes.length);
  if (children === undefined) throw damagedFile("webm");
  return children;
}

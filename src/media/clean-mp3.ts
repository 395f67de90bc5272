import type { FileBytes, MediaFacts } from "./file-bytes.ts";
import { damagedFile } from "./file-type.ts";

const ID3_HEAD_BYTES = 10;
const ID3V1_BYTES = 128;
const APE_FOOT_BYTES = 32;
/** Where the first frame may be at the latest, counted from the end of the tag: some programs leave room. */
const MAX_GAP_BYTES = 64 * 1024;
/** So many frames in a row are sound, and no accident. */
const FRAMES_IN_A_ROW = 3;

/** Kilobits a second of layer III, by the number that a frame gives: MPEG 1, then 2 and 2.5. */
const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const FREQUENCIES = [44_100, 48_000, 32_000];

/**
 * Takes the tags from an MP3: names, pictures, and whatever else stands in ID3 or APE. The tag at the beginning becomes an
 * empty one of the same length; those at the end are cut off. Throws `invalid` for a file in which no sound is found.
 * @see https://id3.org/id3v2.4.0-structure
 */
export async function cleanMp3(file: FileBytes): Promise<MediaFacts> {
  const start = await cleanStart(file);
  await cutEnd(file);
  await requireSound(file, start);
  return { extension: "mp3", mediaType: "audio/mpeg" };
}

/** Empties the tags at the beginning. Returns where they end. */
async function cleanStart(file: FileBytes): Promise<number> {
  let at = 0;
  for (;;) {
    const head = await file.read(at, ID3_HEAD_BYTES);
    if (head.length < ID3_HEAD_BYTES || head.toString("latin1", 0, 3) !== "ID3") return at;
    const end = at + ID3_HEAD_BYTES + readSyncSafe(head);
    if (end >= file.size) throw damagedFile("mp3");
    await file.write(at + 5, Buffer.of(0)); // No flags: neither an extended head nor a foot follows.
    await file.blank(at + ID3_HEAD_BYTES, end - at - ID3_HEAD_BYTES);
    at = end;
  }
}

/** Four bytes of seven bits each. */
function readSyncSafe(head: Buffer): number {
  return [6, 7, 8, 9].reduce((size, at) => size * 128 + ((head[at] ?? 0) & 0x7f), 0);
}

async function cutEnd(file: FileBytes): Promise<void> {
  const last = await file.read(file.size - ID3V1_BYTES, 3);
  if (last.toString("latin1") === "TAG") await file.truncate(file.size - ID3V1_BYTES);
  const foot = await file.read(file.size - APE_FOOT_BYTES, APE_FOOT_BYTES);
  if (foot.toString("latin1", 0, 8) !== "APETAGEX" || foot.length < APE_FOOT_BYTES) return;
  const headBytes = foot.readUInt32LE(20) >>> 31 === 1 ? APE_FOOT_BYTES : 0;
  const size = file.size - foot.readUInt32LE(12) - headBytes;
  if (size <= 0) throw damagedFile("mp3");
  await file.truncate(size);
}

async function requireSound(file: FileBytes, start: number): Promise<void> {
  for (let at = start; at < Math.min(file.size, start + MAX_GAP_BYTES); at += 1) {
    const end = await endOfFrames(file, at);
    if (end === undefined) continue;
    if (at > start) await file.blank(start, at - start);
    return;
  }
  throw damagedFile("mp3");
}

/** Where so many frames end that begin at `at`; undefined where there are not so many. */
async function endOfFrames(file: FileBytes, at: number): Promise<number | undefined> {
  let place = at;
  for (let count = 0; count < FRAMES_IN_A_ROW; count += 1) {
    const length = frameBytes(await file.read(place, 4));
    if (length === undefined || place + length > file.size) return undefined;
    place += length;
  }
  return place;
}

/** The length of the frame of layer III that has this head. */
function frameBytes(head: Buffer): number | undefined {
  if (head.length < 4 || head[0] !== 0xff) return undefined;
  const [, second = 0, third = 0] = head;
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3];
  if (second < 0xe0 || layer !== 1 || version === 1) return undefined;
  const rate = (version === 3 ? RATES_1 : RATES_2)[third >> 4];
  const frequency = FREQUENCIES[(third >> 2) & 3];
  if (!rate || frequency === undefined) return undefined;
  // MPEG 2 has half the frequencies of MPEG 1, 2.5 a quarter, and both half the samples in a frame.
  const divided = version === 3 ? 1 : version === 2 ? 2 : 4;
  const samples = version === 3 ? 144_000 : 72_000;
  return Math.floor((samples * rate) / (frequency / divided)) + ((third >> 1) & 1);
}

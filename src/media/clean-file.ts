import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rm } from "node:fs/promises";
import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { checkPdf } from "./check-pdf.ts";
import { cleanImage } from "./clean-image.ts";
import { cleanMp3 } from "./clean-mp3.ts";
import { cleanMp4 } from "./clean-mp4.ts";
import { cleanOgg } from "./clean-ogg.ts";
import { cleanWebm } from "./clean-webm.ts";
import type { MediaFacts } from "./file-bytes.ts";
import { FileBytes } from "./file-bytes.ts";
import type { OtherType } from "./file-type.ts";
import { findFileType, HEAD_BYTES, isImageType } from "./file-type.ts";
import { moveMediaFile, writeMediaFile } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";

/** A file that is to be cleaned and put into the media folder. */
export type CleanRequest = {
  /** Where it lies; it is changed, and moved away. */
  readonly path: string;
  readonly mediaFolder: string;
  /** Largest image that is taken, in bytes. */
  readonly maxImageBytes: number;
  /** The name that it must get: another one is `invalid`, and nothing is stored. */
  readonly name?: string | undefined;
};

/** What a file is, once it lies in the media folder without a word about where, when and by what it was made. */
export type CleanedFile = Omit<MediaFile, "originalName">;

const CLEANERS: Readonly<Record<OtherType, (file: FileBytes) => Promise<MediaFacts>>> = {
  mp4: cleanMp4,
  webm: cleanWebm,
  mp3: cleanMp3,
  ogg: cleanOgg,
  pdf: checkPdf,
};

/**
 * Finds out by its content what a file is, removes its metadata, and puts it into the media folder under the name that its
 * content gives it. Rejects with `invalid`, `too_large` or `storage_full` and a sentence for whoever sent it.
 */
export async function cleanFile(request: CleanRequest): Promise<CleanedFile> {
  const file = await open(request.path, "r+");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const type = findFileType(buffer.subarray(0, bytesRead));
    return isImageType(type)
      ? await takeImage(request)
      : await takeOther(request, { file, bytes: new FileBytes(file, size), type });
  } finally {
    await file.close();
  }
}

/** The name that the content of a file gives it. */
export function mediaName(hash: Buffer, extension: string): string {
  return `${hash.toString("base64url").slice(0, 22)}.${extension}`;
}

async function takeImage(request: CleanRequest): Promise<CleanedFile> {
  const image = await cleanImage(await readFile(request.path), request.maxImageBytes);
  const name = mediaName(createHash("sha256").update(image.bytes).digest(), image.extension);
  await writeMediaFile(request.mediaFolder, name, image.bytes);
  // At once: what never gets to the disk does not hold up whoever waits for it.
  await rm(request.path, { force: true });
  return { name, ...factsOf(image), sizeBytes: image.bytes.length };
}

type Opened = { readonly file: FileHandle; readonly bytes: FileBytes; readonly type: OtherType };

async function takeOther(request: CleanRequest, { file, bytes, type }: Opened): Promise<CleanedFile> {
  const facts = await CLEANERS[type](bytes);
  await file.sync();
  const name = mediaName(await hashOf(request.path), facts.extension);
  if (request.name !== undefined && request.name !== name) {
    throw invalid("image", said`Its content is not what its name says: it was changed or damaged.`);
  }
  await moveMediaFile(request.path, request.mediaFolder, name);
  return { name, ...factsOf(facts), sizeBytes: bytes.size };
}

function factsOf({ mediaType, width, height }: MediaFacts): Pick<MediaFile, "mediaType" | "width" | "height"> {
  return { mediaType, width, height };
}

async function hashOf(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest();
}

import type { Timestamp } from "../lib/clock.ts";
import { toTimestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import type { RecordedNote } from "./exported-note.ts";
import { toRecordedNote } from "./exported-note.ts";
import { parseFrontMatter } from "./front-matter.ts";
import { MAX_IMPORT_FILE_BYTES, readImportFile } from "./import-files.ts";
import type { ImportedNote } from "./imported-note.ts";
import { toImportedNote } from "./imported-note.ts";

/** The folder that is imported, and the zone in which its dates are meant. */
export type ImportFolder = {
  readonly root: string;
  readonly timeZone: string;
  /** Whether `starpunk export` wrote it: then its files are read by the letter. */
  readonly isExport: boolean;
};

/** One of its files, read. */
export type ReadNote = {
  readonly note: ImportedNote | RecordedNote;
  /** SHA-256 of the bytes. */
  readonly hash: string;
  /** When the file was last written. */
  readonly writtenAt: Timestamp;
};

/** A time of publication, and the minutes east of UTC that it is written with where they are known. */
export type Publication = { readonly publishedAt: Timestamp; readonly publishedOffset: number | undefined };

/** Reads the Markdown file at `path` below the folder. Throws AppError with the reason why it cannot be taken. */
export async function readNote({ root, timeZone, isExport }: ImportFolder, path: string): Promise<ReadNote> {
  const { bytes, writtenMs } = await readImportFile(root, path, MAX_IMPORT_FILE_BYTES);
  const hash = hashSecret(bytes);
  const file = parseFrontMatter(decodeText(bytes), { isExact: isExport });
  const note = (isExport ? toRecordedNote : toImportedNote)(file, { path, hash, timeZone });
  return { hash, note, writtenAt: toTimestamp(Math.floor(writtenMs)) };
}

/** The same note where its file says what it was on the site that it comes from. */
export function recordedNote({ note }: ReadNote): RecordedNote | undefined {
  return "record" in note ? note : undefined;
}

/** When a note is published that is made of a file: its `date`, else its `updated`, else when it was last written. */
export function publicationOf({ note, writtenAt }: ReadNote): Publication {
  const { publishedAt, publishedOffset } = note.input;
  if (publishedAt !== undefined) return { publishedAt, publishedOffset };
  return { publishedAt: note.updated?.moment ?? writtenAt, publishedOffset: note.updated?.offset };
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("invalid", "The file is no UTF-8 text. Save it as UTF-8.", { cause: error });
  }
}

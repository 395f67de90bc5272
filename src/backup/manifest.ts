import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { MEDIA_NAME } from "../media/media-files.ts";
import { isThemePath } from "../theme/theme-files.ts";

/** Number of the layout of an archive, since it may have templates of the author's. A program reads its own and older ones. */
export const ARCHIVE_FORMAT = 2;
/** Names of what every archive has; the rest are media files. */
export const MANIFEST_NAME = "manifest.json";
/** The database in an archive. */
export const DATABASE_NAME = "starpunk.db";
/** What stands before the name of a media file. */
export const MEDIA_PREFIX = "media/";

/** What stands before the path of a file of the theme folder. */
export const THEME_PREFIX = "theme/";

/** Largest manifest that is read, in bytes: that of 300,000 media files. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** Most files of an archive. */
export const MAX_ARCHIVE_FILES = 300_000;
/** Most bytes that an archive may unpack to: a bomb ends there, if not at the free space of the disk. */
export const MAX_UNPACKED_BYTES = 1024 ** 4;

/** A file of an archive. */
export type ArchivedFile = {
  readonly name: string;
  readonly sizeBytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
};

/** What an archive says of itself: `manifest.json`. */
export type Manifest = {
  readonly format: number;
  /** Versions of what made it. */
  readonly starpunk: string;
  readonly node: string;
  readonly sqlite: string;
  readonly createdAt: Timestamp;
  /** The schema: every migration that the database has had, in order. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  /** Notes of every status, erased ones too. */
  readonly notes: number;
  /** The database, the media files, and what lies in the theme folder. */
  readonly files: readonly ArchivedFile[];
  /** Media files that the database names and that could not be read, so are not in the archive. */
  readonly missing: readonly string[];
  /** Media files whose bytes are not those that their name stands for. They are in the archive as they are. */
  readonly damaged: readonly string[];
};

/** Reads a manifest. Throws AppError `invalid`, a sentence, when it is none that this version understands. */
export function parseManifest(text: string): Manifest {
  const manifest = parseJson(text);
  const { format } = manifest;
  if (typeof format === "number" && format > ARCHIVE_FORMAT) {
    throw badArchive(
      `it has format ${format}, and this version reads up to ${ARCHIVE_FORMAT}: install a newer StarPunk`,
    );
  }
  if (!isManifest(manifest)) throw badArchive(`its ${MANIFEST_NAME} is not one that StarPunk writes`);
  return manifest;
}

/** Whether an archive may have a file of that name: no other can be restored, wherever it would lead. */
export function isArchiveName(name: string): boolean {
  if (name === MANIFEST_NAME || name === DATABASE_NAME) return true;
  if (name.startsWith(THEME_PREFIX)) return isThemePath(name.slice(THEME_PREFIX.length));
  return name.startsWith(MEDIA_PREFIX) && MEDIA_NAME.test(name.slice(MEDIA_PREFIX.length));
}

/** The name that content gives a media file, without its extension. `sha256` is in hex. */
export function mediaNameOf(sha256: string): string {
  return Buffer.from(sha256, "hex").toString("base64url").slice(0, 22);
}

/** An archive that cannot be restored; nothing was changed. `reason` continues "because". */
export function badArchive(reason: string, cause?: unknown): AppError {
  return new AppError("invalid", `The backup cannot be restored, because ${reason}. Nothing was changed.`, { cause });
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // JSON says only by throwing that a text is none.
  }
  throw badArchive(`its ${MANIFEST_NAME} is damaged`);
}

function isManifest(value: Record<string, unknown>): value is Manifest & Record<string, unknown> {
  const texts = [value.starpunk, value.node, value.sqlite, value.createdAt];
  return (
    (value.format === 1 || value.format === ARCHIVE_FORMAT) &&
    texts.every((text) => typeof text === "string") &&
    isCount(value.notes) &&
    isListOf(value.migrations, (row) => typeof row.name === "string" && typeof row.checksum === "string") &&
    isListOf(value.files, isArchivedFile) &&
    [value.missing, value.damaged].every((names) => Array.isArray(names) && names.every((n) => typeof n === "string"))
  );
}

function isArchivedFile({ name, sizeBytes, sha256 }: Record<string, unknown>): boolean {
  const isName = typeof name === "string" && isArchiveName(name) && name !== MANIFEST_NAME;
  return isName && isCount(sizeBytes) && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

function isListOf(value: unknown, test: (row: Record<string, unknown>) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.every((row: unknown) => typeof row === "object" && row !== null && test(row as Record<string, unknown>))
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

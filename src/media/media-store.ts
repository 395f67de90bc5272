import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A file in the media folder. */
export type MediaFile = {
  /** 22 base64url characters of the SHA-256 of its bytes, and the extension. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Pixels, upright; undefined for what is no image. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** As the client called it; for the author only. */
  readonly originalName: string | undefined;
};

type MediaRow = {
  name: string;
  media_type: string;
  size_bytes: number;
  width: number | null;
  height: number | null;
  original_name: string | null;
};

/** The file of that name. */
export function findMedia(db: Database, name: string): MediaFile | undefined {
  const row = db.get<MediaRow>(
    `SELECT name, media_type, size_bytes, width, height, original_name FROM media WHERE name = :name`,
    { name },
  );
  return row && toMediaFile(row);
}

/** The file whose name begins with that hash, whatever its extension is. */
export function findMediaByHash(db: Database, hash: string): MediaFile | undefined {
  const row = db.get<MediaRow>(
    `SELECT name, media_type, size_bytes, width, height, original_name
       FROM media
      WHERE name >= :hash || '.' AND name < :hash || '/'
      ORDER BY name
      LIMIT 1`,
    { hash },
  );
  return row && toMediaFile(row);
}

/** Those of `names` that exist, by name. */
export function findMediaNames(db: Database, names: readonly string[]): ReadonlyMap<string, MediaFile> {
  const rows = db.all<MediaRow>(
    `SELECT name, media_type, size_bytes, width, height, original_name
       FROM media
      WHERE name IN (SELECT value FROM json_each(:names))`,
    { names: JSON.stringify(names) },
  );
  return new Map(rows.map((row) => [row.name, toMediaFile(row)]));
}

/** The file that was made of the upload with this SHA-256 (hex). */
export function findMediaBySource(db: Database, sourceHash: string): MediaFile | undefined {
  const row = db.get<MediaRow>(
    `SELECT name, media_type, size_bytes, width, height, original_name
       FROM media
      WHERE source_hash = :sourceHash
      ORDER BY id
      LIMIT 1`,
    { sourceHash },
  );
  return row && toMediaFile(row);
}

/** Records a file. One that is known stays as it is: the name is its content. */
export function insertMedia(db: Database, file: MediaFile & { sourceHash: string; now: Timestamp }): void {
  db.run(
    `INSERT INTO media (name, source_hash, media_type, size_bytes, width, height, original_name, created_at)
     VALUES (:name, :sourceHash, :mediaType, :sizeBytes, :width, :height, :originalName, :now)
         ON CONFLICT (name) DO NOTHING`,
    file,
  );
}

function toMediaFile(row: MediaRow): MediaFile {
  return {
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    originalName: row.original_name ?? undefined,
  };
}

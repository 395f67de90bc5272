import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** An image, a film or a recording elsewhere, and our copy of it. With neither name nor reason it waits for its job. */
export type RemoteImage = {
  readonly url: string;
  readonly mediaName: string | undefined;
  /** Why it could not be copied; a sentence for the author. */
  readonly reason: string | undefined;
  /** Whether notes show it from its own address until it is copied. */
  readonly isShown: boolean;
};

type RemoteImageRow = { url: string; media_name: string | null; reason: string | null; is_shown: 0 | 1 };

/** What is known of the image at `url`, spelled as the note spells it. */
export function findRemoteImage(db: Database, url: string): RemoteImage | undefined {
  const row = db.get<RemoteImageRow>(`SELECT url, media_name, reason, is_shown FROM remote_images WHERE url = :url`, {
    url,
  });
  return row && toRemoteImage(row);
}

/** What is known of those of `urls` that are known, by URL. */
export function findRemoteImages(db: Database, urls: readonly string[]): ReadonlyMap<string, RemoteImage> {
  const rows = db.all<RemoteImageRow>(
    `SELECT url, media_name, reason, is_shown FROM remote_images WHERE url IN (SELECT value FROM json_each(:urls))`,
    { urls: JSON.stringify(urls) },
  );
  return new Map(rows.map((row) => [row.url, toRemoteImage(row)]));
}

/** Images that could not be copied, newest first. */
export function listFailedRemoteImages(db: Database, limit: number): RemoteImage[] {
  return db
    .all<RemoteImageRow>(
      `SELECT url, media_name, reason, is_shown
         FROM remote_images
        WHERE reason IS NOT NULL
        ORDER BY changed_at DESC, url
        LIMIT :limit`,
      { limit },
    )
    .map(toRemoteImage);
}

/** Records that an image is to be copied. One that failed before waits again; one that was copied stays copied. */
export function insertRemoteImage(db: Database, url: string, now: Timestamp): void {
  db.run(
    `INSERT INTO remote_images (url, changed_at) VALUES (:url, :now)
         ON CONFLICT (url) DO UPDATE SET reason = NULL, changed_at = :now WHERE media_name IS NULL`,
    { url, now },
  );
}

/** Records that an image waits to be copied, and that notes show it from its own address meanwhile. */
export function insertShownImage(db: Database, url: string, now: Timestamp): void {
  db.run(
    `INSERT INTO remote_images (url, is_shown, changed_at) VALUES (:url, 1, :now)
         ON CONFLICT (url) DO UPDATE SET is_shown = 1, reason = NULL, changed_at = :now WHERE media_name IS NULL`,
    { url, now },
  );
}

/** Records how copying ended: with our file, or with the reason why there is none. From now on no note shows it elsewhere. */
export function updateRemoteImage(
  db: Database,
  url: string,
  end: { mediaName?: string; reason?: string; now: Timestamp },
): void {
  db.run(
    `INSERT INTO remote_images (url, media_name, reason, changed_at) VALUES (:url, :mediaName, :reason, :now)
         ON CONFLICT (url) DO UPDATE SET media_name = :mediaName, reason = :reason, is_shown = 0, changed_at = :now`,
    { url, mediaName: end.mediaName, reason: end.reason, now: end.now },
  );
}

function toRemoteImage(row: RemoteImageRow): RemoteImage {
  const { url, media_name, reason, is_shown } = row;
  return { url, mediaName: media_name ?? undefined, reason: reason ?? undefined, isShown: is_shown === 1 };
}

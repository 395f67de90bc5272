import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { LinkedNote } from "./neighbours-store.ts";

/** A note to be led to. */
export type ListedPlace = Pick<LinkedNote, "id" | "slug">;

/** The listed note with an id; undefined where it is none. */
export function findListedNote(db: Reader, id: number): ListedPlace | undefined {
  return db.get<ListedPlace>(
    `SELECT id, slug
       FROM notes
      WHERE id = :id AND status = 'published' AND visibility = 'public' AND kind <> 'page'`,
    { id },
  );
}

/** The listed note that was published last, up to a moment. */
export function findListedUntil(db: Reader, moment: Timestamp): (ListedPlace & { publishedAt: Timestamp }) | undefined {
  return db.get<ListedPlace & { publishedAt: Timestamp }>(
    `SELECT id, slug, published_at AS publishedAt
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND published_at <= :moment
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
    { moment },
  );
}

/** When the oldest listed note was published. */
export function findOldestListed(db: Reader): Timestamp | undefined {
  return db.get<{ publishedAt: Timestamp }>(
    `SELECT published_at AS publishedAt
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
      ORDER BY published_at, id
      LIMIT 1`,
  )?.publishedAt;
}

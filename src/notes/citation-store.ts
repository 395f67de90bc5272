import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What a page elsewhere says of itself, which notes are about. All text is plain; undefined: the page does not say. */
export type Citation = {
  /** As the note has it. */
  readonly url: string;
  readonly title: string | undefined;
  readonly authorName: string | undefined;
  readonly authorUrl: string | undefined;
  /** Name of a file in the media store: our own copy. */
  readonly authorPhoto: string | undefined;
  readonly excerpt: string | undefined;
  /** Name of a file in the media store: our own copy. */
  readonly image: string | undefined;
  /** BCP 47. */
  readonly language: string | undefined;
  /** When the page last answered; undefined: never yet. */
  readonly fetchedAt: Timestamp | undefined;
  /** Why the last try gave nothing; a sentence for the author. */
  readonly reason: string | undefined;
};

type CitationRow = {
  url: string;
  title: string | null;
  author_name: string | null;
  author_url: string | null;
  author_photo: string | null;
  excerpt: string | null;
  image: string | null;
  language: string | null;
  fetched_at: Timestamp | null;
  reason: string | null;
};

/** What is known of the page at `url`, spelled as notes spell it. */
export function findCitation(db: Database, url: string): Citation | undefined {
  return findCitations(db, [url]).get(url);
}

/** What is known of those of `urls` that are known, by URL. */
export function findCitations(db: Database, urls: readonly string[]): ReadonlyMap<string, Citation> {
  if (urls.length === 0) return NONE;
  const rows = db.all<CitationRow>(
    `SELECT url, title, author_name, author_url, author_photo, excerpt, image, language, fetched_at, reason
       FROM citations
      WHERE url IN (SELECT value FROM json_each(:urls))`,
    { urls: JSON.stringify(urls) },
  );
  return new Map(rows.map((row) => [row.url, toCitation(row)]));
}

/** Remembers which pages a note is about. Runs inside a transaction. */
export function insertNoteCitations(
  db: Database,
  noteId: number,
  { urls, now }: { readonly urls: readonly string[]; readonly now: Timestamp },
): void {
  db.run(
    "INSERT INTO citations (url, changed_at) SELECT value, :now FROM json_each(:urls) WHERE true ON CONFLICT DO NOTHING",
    { urls: JSON.stringify(urls), now },
  );
  db.run(
    `INSERT INTO note_citations (url, note_id) SELECT value, :noteId FROM json_each(:urls) WHERE true
         ON CONFLICT DO NOTHING`,
    { noteId, urls: JSON.stringify(urls) },
  );
}

/** Forgets which other pages a note was about, and returns them. Runs inside a transaction. */
export function removeOtherNoteCitations(db: Database, noteId: number, urls: readonly string[]): string[] {
  return db
    .all<{ url: string }>("SELECT url FROM note_citations WHERE note_id = :noteId", { noteId })
    .map(({ url }) => url)
    .filter((url) => !urls.includes(url))
    .map((url) => {
      db.run("DELETE FROM note_citations WHERE note_id = :noteId AND url = :url", { noteId, url });
      return url;
    });
}

/**
 * Removes those of `urls` that no note is about any more. Returns the copies of their pictures that nothing shows now.
 * Runs inside a transaction.
 */
export function removeUncited(db: Database, urls: readonly string[]): string[] {
  const removed = [...findCitations(db, urls).values()].filter(({ url }) => {
    const { changes } = db.run(
      "DELETE FROM citations WHERE url = :url AND NOT EXISTS (SELECT 1 FROM note_citations WHERE url = :url)",
      { url },
    );
    return changes > 0;
  });
  const names = removed.flatMap(({ authorPhoto, image }) => [authorPhoto, image]).filter((name) => name !== undefined);
  return names.length === 0 ? [] : listUnshown(db, names);
}

function listUnshown(db: Database, names: readonly string[]): string[] {
  return db
    .all<{ name: string }>(
      `SELECT name FROM media
        WHERE name IN (SELECT value FROM json_each(:names))
          AND NOT EXISTS (SELECT 1 FROM note_media WHERE media_name = media.name)
          AND NOT EXISTS (SELECT 1 FROM citations WHERE media.name IN (author_photo, image))
          AND NOT EXISTS (SELECT 1 FROM settings WHERE value = '"' || media.name || '"')`,
      { names: JSON.stringify(names) },
    )
    .map(({ name }) => name);
}

/** Records what a page says of itself; without pictures, which come later, those of before stay. */
export function updateCitation(
  db: Database,
  citation: Omit<Citation, "fetchedAt" | "reason" | "authorPhoto" | "image">,
  now: Timestamp,
): void {
  const { url, title, authorName, authorUrl, excerpt, language } = citation;
  db.run(
    `UPDATE citations
        SET title = :title, author_name = :authorName, author_url = :authorUrl, excerpt = :excerpt,
            language = :language, fetched_at = :now, reason = NULL, changed_at = :now
      WHERE url = :url`,
    { url, title, authorName, authorUrl, excerpt, language, now },
  );
}

/** Records our copies of the pictures of a page; undefined: it has none, or none could be had. */
export function updateCitationPictures(
  db: Database,
  url: string,
  pictures: Pick<Citation, "authorPhoto" | "image"> & { readonly now: Timestamp },
): void {
  const { authorPhoto, image, now } = pictures;
  db.run("UPDATE citations SET author_photo = :authorPhoto, image = :image, changed_at = :now WHERE url = :url", {
    url,
    authorPhoto,
    image,
    now,
  });
}

/** Records why a page gave nothing; undefined: it is asked again. What is known of it stays. */
export function updateCitationFailure(
  db: Database,
  url: string,
  end: { readonly reason: string | undefined; readonly now: Timestamp },
): void {
  db.run("UPDATE citations SET reason = :reason, changed_at = :now WHERE url = :url", {
    url,
    reason: end.reason,
    now: end.now,
  });
}

const NONE: ReadonlyMap<string, Citation> = new Map();

function toCitation(row: CitationRow): Citation {
  return {
    url: row.url,
    title: row.title ?? undefined,
    authorName: row.author_name ?? undefined,
    authorUrl: row.author_url ?? undefined,
    authorPhoto: row.author_photo ?? undefined,
    excerpt: row.excerpt ?? undefined,
    image: row.image ?? undefined,
    language: row.language ?? undefined,
    fetchedAt: row.fetched_at ?? undefined,
    reason: row.reason ?? undefined,
  };
}

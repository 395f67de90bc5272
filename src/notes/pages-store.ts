import type { Database } from "../db/database.ts";

/** A page that everyone may find. */
export type ListedPage = {
  readonly slug: string;
  readonly title: string | undefined;
  /** The beginning of its text. */
  readonly contentText: string;
};

/** The pages that everyone may find, in the order of their slugs, at most `limit`. */
export function listListedPages(db: Database, limit: number): ListedPage[] {
  return db
    .all<{ slug: string; title: string | null; text_start: string }>(
      `SELECT slug, title, substr(content_text, 1, 400) AS text_start
         FROM notes
        WHERE kind = 'page' AND status = 'published' AND visibility = 'public'
        ORDER BY slug
        LIMIT :limit`,
      { limit },
    )
    .map((row) => ({ slug: row.slug, title: row.title ?? undefined, contentText: row.text_start }));
}

import type { Database } from "../db/database.ts";
import type { NoteKind } from "../notes/note.ts";

/** A note that an address may have meant. */
export type SuggestedNote = {
  readonly slug: string;
  readonly kind: NoteKind;
  readonly title: string | undefined;
  /** The beginning of its text. */
  readonly contentText: string;
};

type SuggestedRow = { slug: string; kind: NoteKind; title: string | null; text_start: string };

/** The note or page that everyone may find with this slug. */
export function findNoteOfSlug(db: Database, slug: string): SuggestedNote | undefined {
  const row = db.get<SuggestedRow>(
    `SELECT slug, kind, title, substr(content_text, 1, 100) AS text_start
       FROM notes
      WHERE slug = :slug AND status = 'published' AND visibility = 'public'`,
    { slug },
  );
  return row && toSuggestedNote(row);
}

/** The first one whose slug begins so. */
export function findNoteOfSlugBeginning(db: Database, beginning: string): SuggestedNote | undefined {
  const row = db.get<SuggestedRow>(
    `SELECT slug, kind, title, substr(content_text, 1, 100) AS text_start
       FROM notes
      WHERE slug > :beginning AND slug < :end AND status = 'published' AND visibility = 'public'
      ORDER BY slug
      LIMIT 1`,
    // No slug has a character that sorts after this one.
    { beginning, end: `${beginning}\u{10FFFF}` },
  );
  return row && toSuggestedNote(row);
}

function toSuggestedNote({ text_start: contentText, title, ...row }: SuggestedRow): SuggestedNote {
  return { ...row, title: title ?? undefined, contentText };
}

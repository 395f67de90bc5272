import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { NoteKind } from "./note.ts";
import type { NoteRow, StoredNote } from "./note-store.ts";
import { toStoredNote } from "./note-store.ts";

/** The path of a note by its slug, or of a page, as the table of aliases writes it: decoded. */
export function slugPath(slug: string, kind?: NoteKind): string {
  return `${kind === "page" ? "" : "/notes"}/${slug}`;
}

/** The note that an old path leads to. `path` is decoded, without a trailing slash. */
export function findNoteByAlias(db: Database, path: string): StoredNote | undefined {
  const row = db.get<NoteRow>(
    "SELECT notes.* FROM note_aliases JOIN notes ON notes.id = note_aliases.note_id WHERE note_aliases.path = :path",
    { path },
  );
  return row && toStoredNote(row);
}

/** Old paths of a note, in order of their text; its present one may be among them. */
export function listAliases(db: Database, noteId: number): string[] {
  return db
    .all<{ path: string }>("SELECT path FROM note_aliases WHERE note_id = :noteId ORDER BY path", { noteId })
    .map((row) => row.path);
}

/**
 * Lets old paths lead to a note. A path that leads to another note already, or is its address, keeps doing so. One that
 * is the note's own address now may be an alias too: it goes on leading here after a rename.
 */
export function insertAliases(
  db: Database,
  noteId: number,
  aliases: { paths: readonly string[]; now: Timestamp },
): void {
  for (const path of aliases.paths) {
    db.run(
      `INSERT INTO note_aliases (path, note_id, created_at)
       SELECT :path, :noteId, :now
        WHERE NOT EXISTS (SELECT 1 FROM notes
                           WHERE slug = :slug AND id <> :noteId AND (:isPage = 0 OR kind = 'page'))
           ON CONFLICT (path) DO NOTHING`,
      { path, noteId, now: aliases.now, ...slugOfPath(path) },
    );
  }
}

/** Who wants a slug: a note by its row id (0: a new one), and whether it is a page. */
export type SlugOwner = { readonly id: number; readonly kind?: NoteKind | undefined };

/** Whether a slug is free for this note: no other note has it, and no old path leads elsewhere. */
export function isSlugFree(db: Database, slug: string, { id: noteId, kind }: SlugOwner): boolean {
  const taken = db.get<{ found: number }>(
    `SELECT 1 AS found FROM notes WHERE slug = :slug AND id <> :noteId
      UNION ALL
     SELECT 1 FROM note_aliases WHERE path = :path AND note_id <> :noteId
      LIMIT 1`,
    { slug, path: slugPath(slug, kind), noteId },
  );
  return taken === undefined;
}

/** The slug that a path is the address of, and whether only a page has such an address. */
function slugOfPath(path: string): { slug: string | undefined; isPage: 0 | 1 } {
  const [, slug] = /^\/notes\/(.*)$/su.exec(path) ?? [];
  if (slug !== undefined) return { slug, isPage: 0 };
  return { slug: path.indexOf("/", 1) === -1 ? path.slice(1) : undefined, isPage: 1 };
}

import type { Database } from "../db/database.ts";
import type { NoteKind } from "../notes/note.ts";
import type { NoteRow, StoredNote } from "../notes/note-store.ts";
import { toStoredNote } from "../notes/note-store.ts";

/** Notes that a text filter looks at, those that were changed last: it reads each of them whole. */
export const MAX_FILTERED_NOTES = 2_000;

/** Which notes a client asks for. */
export type SourceRequest = {
  readonly limit: number;
  readonly offset: number;
  /** Undefined: any. */
  readonly kind: NoteKind | undefined;
  /** Text that title or text must have, without regard to case; undefined: any. */
  readonly filter: string | undefined;
  /** Whose notes; undefined: all, also those that are not public. */
  readonly clientId: string | undefined;
};

/**
 * Notes that are neither trashed nor erased, the last changed first. An app of which `clientId` is given sees what is
 * public and what it made itself.
 */
export function listSourceNotes(db: Database, request: SourceRequest): StoredNote[] {
  const { limit, offset, kind = null, filter = null, clientId = null } = request;
  return db
    .all<NoteRow>(
      `SELECT * FROM (SELECT * FROM notes INDEXED BY notes_by_change
                       WHERE status NOT IN ('trashed', 'erased')
                         AND (:clientId IS NULL OR made_by = :clientId
                              OR (status = 'published' AND visibility = 'public'))
                         AND (:kind IS NULL OR kind = :kind)
                       ORDER BY changed_at DESC, id DESC
                       LIMIT CASE WHEN :filter IS NULL THEN -1 ELSE :filteredMax END)
        WHERE :filter IS NULL OR instr(lower(coalesce(title, '') || ' ' || content_text), lower(:filter)) > 0
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit OFFSET :offset`,
      { limit, offset, kind, filter, clientId, filteredMax: MAX_FILTERED_NOTES },
    )
    .map(toStoredNote);
}

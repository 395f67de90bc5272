import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { NoteStatus } from "./note.ts";
import type { NoteAction } from "./revision-store.ts";

/** What a save of an app's did to a note, as the list of its writes can be narrowed. */
export type WriteKind = "created" | "changed" | "deleted" | "restored";

/** How often an app wrote, as far as its saves are still there: erasing a note takes its saves along. */
export type WriteCounts = Readonly<Record<WriteKind, number>> & {
  readonly firstAt: Timestamp | undefined;
  readonly lastAt: Timestamp | undefined;
};

/** One save of an app's. */
export type AppWrite = {
  readonly id: number;
  readonly noteId: number;
  readonly version: number;
  readonly savedAt: Timestamp;
  readonly action: NoteAction;
  readonly kind: WriteKind;
};

/** A save as it bears on taking back: whose it is, and what the note was then. */
export type TrailEntry = {
  readonly version: number;
  readonly savedAt: Timestamp;
  readonly madeBy: string;
  readonly action: NoteAction;
  readonly status: NoteStatus;
};

type CountsRow = Record<WriteKind, number | null> & { first_at: Timestamp | null; last_at: Timestamp | null };
type WriteRow = {
  id: number;
  note_id: number;
  version: number;
  saved_at: Timestamp;
  action: NoteAction;
  kind: WriteKind;
};
type TrailRow = { version: number; saved_at: Timestamp; made_by: string; action: NoteAction; status: NoteStatus };

/** Counts what an app wrote. Publishing at its time is the scheduler's doing, not the app's. */
export function countWrites(db: Database, madeBy: string): WriteCounts {
  const row = db.get<CountsRow>(
    `SELECT sum(version = 1) AS created,
            sum(version > 1 AND action NOT IN ('trash', 'restore')) AS changed,
            sum(version > 1 AND action = 'trash') AS deleted,
            sum(version > 1 AND action = 'restore') AS restored,
            min(saved_at) AS first_at,
            max(saved_at) AS last_at
       FROM note_revisions
      WHERE made_by = :madeBy AND made_by NOT IN ('admin', 'import', 'cli') AND action <> 'publish_scheduled'`,
    { madeBy },
  );
  return {
    created: row?.created ?? 0,
    changed: row?.changed ?? 0,
    deleted: row?.deleted ?? 0,
    restored: row?.restored ?? 0,
    firstAt: row?.first_at ?? undefined,
    lastAt: row?.last_at ?? undefined,
  };
}

/** The saves of an app before one of them, newest first; `kind` undefined: of every kind. */
export function listWrites(
  db: Database,
  madeBy: string,
  page: {
    readonly kind: WriteKind | undefined;
    readonly before: Pick<AppWrite, "savedAt" | "id">;
    readonly limit: number;
  },
): AppWrite[] {
  const { kind, before, limit } = page;
  return db
    .all<WriteRow>(
      `SELECT *
         FROM (SELECT id, note_id, version, saved_at, action,
                      CASE WHEN version = 1 THEN 'created'
                           WHEN action = 'trash' THEN 'deleted'
                           WHEN action = 'restore' THEN 'restored'
                           ELSE 'changed' END AS kind
                 FROM note_revisions
                WHERE made_by = :madeBy AND made_by NOT IN ('admin', 'import', 'cli') AND action <> 'publish_scheduled'
                  AND (saved_at, id) < (:savedAt, :id))
        WHERE :kind IS NULL OR kind = :kind
        ORDER BY saved_at DESC, id DESC
        LIMIT :limit`,
      { madeBy, kind, limit, ...before },
    )
    .map(toWrite);
}

/** Notes that an app wrote in within a span, both ends included; those that it wrote in last come first. */
export function listNotesWrittenBy(
  db: Database,
  madeBy: string,
  span: { readonly since: Timestamp; readonly until: Timestamp; readonly limit: number },
): number[] {
  return db
    .all<{ note_id: number }>(
      `SELECT note_id
         FROM note_revisions
        WHERE made_by = :madeBy AND made_by NOT IN ('admin', 'import', 'cli') AND action <> 'publish_scheduled'
          AND saved_at BETWEEN :since AND :until
        GROUP BY note_id
        ORDER BY max(saved_at) DESC, note_id DESC
        LIMIT :limit`,
      { madeBy, ...span },
    )
    .map((row) => row.note_id);
}

/** Saves of a note before a version, newest first. */
export function listTrail(
  db: Database,
  noteId: number,
  page: { readonly before: number; readonly limit: number },
): TrailEntry[] {
  return db
    .all<TrailRow>(
      `SELECT version, saved_at, made_by, action, status
         FROM note_revisions
        WHERE note_id = :noteId AND version < :before
        ORDER BY version DESC
        LIMIT :limit`,
      { noteId, ...page },
    )
    .map(({ version, saved_at: savedAt, made_by: madeBy, action, status }) => {
      return { version, savedAt, madeBy, action, status };
    });
}

/** Whether an app wrote in a note since a moment, in a version before this one. */
export function hasWrittenBefore(
  db: Database,
  write: { readonly noteId: number; readonly madeBy: string; readonly since: Timestamp; readonly version: number },
): boolean {
  const found = db.get<{ found: number }>(
    `SELECT 1 AS found
       FROM note_revisions
      WHERE note_id = :noteId AND version < :version AND made_by = :madeBy AND saved_at >= :since
        AND action <> 'publish_scheduled'
      LIMIT 1`,
    write,
  );
  return found !== undefined;
}

function toWrite({ id, note_id: noteId, version, saved_at: savedAt, action, kind }: WriteRow): AppWrite {
  return { id, noteId, version, savedAt, action, kind };
}

import type { Database } from "../db/database.ts";
import type { Cursor } from "../notes/cursor.ts";
import { formatCursor } from "../notes/cursor.ts";
import { listPlacesPast } from "../notes/listed-places-store.ts";
import { changeKeys, listChangesAfter, newestChange } from "../notes/public-changes-store.ts";
import type { FeedNote, FeedPageRequest } from "./feed-notes-store.ts";
import { findNewerPage, listFeedNotes, listFeedNotesById } from "./feed-notes-store.ts";

/** The notes of one page of a feed, with where the pages beside it begin. */
export type NoteList = {
  readonly notes: readonly FeedNote[];
  /** Place of the page with older notes; undefined at the end. */
  readonly older: Cursor | undefined;
  /** Place of the page with newer notes; undefined where that is the first page. */
  readonly newer: Cursor | undefined;
};

/** Reads pages, each once for as long as it holds. */
export type NoteLists = { read(page: FeedPageRequest): NoteList };

/** How many pages one process keeps. */
export const MAX_KEPT_LISTS = 64;
/**
 * How much text the kept pages hold together, in UTF-16 units; a page beyond it is read anew each time. The finished items,
 * which live as long as their notes do here, may be twice as much besides.
 */
export const MAX_KEPT_CHARACTERS = 3 * 1024 * 1024;
/** Changes since a page was read up to which the notes that did not change are taken over from it. */
export const MAX_CHANGES_TO_RENEW = 200;

type Limits = { lists: number; characters: number };
type KeptList = { revision: number; list: NoteList; characters: number };
type Reading = { readonly page: FeedPageRequest; readonly revision: number; readonly before: KeptList | undefined };

/** Creates the note lists of this process. The one used longest ago makes room. */
export function createNoteLists(
  db: Database,
  limits: Limits = { lists: MAX_KEPT_LISTS, characters: MAX_KEPT_CHARACTERS },
): NoteLists {
  const kept = new Map<string, KeptList>();

  return {
    read(page) {
      // Before the notes: what another process writes in between then makes the list older than it is, never newer.
      const { revision } = newestChange(db, [listKey(page)]);
      const key = JSON.stringify([page.tag ?? null, page.before ? formatCursor(page.before) : null, page.limit]);
      const found = kept.get(key);
      kept.delete(key);
      const current = found?.revision === revision ? found : readList(db, { page, revision, before: found });
      kept.set(key, current);
      makeRoom(kept, limits);
      return current.list;
    },
  };
}

/** The key of `public_changes` that tells when a list of these notes is stale. */
export function listKey({ tag }: { tag?: string | undefined }): string {
  return tag === undefined ? changeKeys.list : changeKeys.tag({ name: tag });
}

function readList(db: Database, { page, revision, before: old }: Reading): KeptList {
  const { before, limit } = page;
  const found = readNotes(db, { ...page, limit: limit + 1 }, old);
  const notes = found.slice(0, limit);
  const last = notes.at(-1);
  const older = last && found.length > limit ? { publishedAt: last.publishedAt, id: last.id } : undefined;
  const newer = before && findNewerPage(db, { ...page, before });
  const characters = notes.reduce((sum, note) => sum + note.contentHtml.length + note.textStart.length, 0);
  return { revision, list: { notes, older, newer }, characters };
}

/** After a publish one note of a page is new: the others are the same objects as before, unless they changed. */
function readNotes(db: Database, page: FeedPageRequest, old: KeptList | undefined): readonly FeedNote[] {
  const changes = old && listChangesAfter(db, old.revision, MAX_CHANGES_TO_RENEW + 1);
  if (old === undefined || changes === undefined || changes.length > MAX_CHANGES_TO_RENEW) {
    return listFeedNotes(db, page);
  }
  const changed = new Set(changes.map(({ key }) => key));
  const same = old.list.notes.filter((note) => !changed.has(changeKeys.note(note)));
  const byId = new Map(same.map((note) => [note.id, note]));
  const ids = listPlacesPast(db, page).map(({ id }) => id);
  const missing = ids.filter((id) => !byId.has(id));
  for (const note of listFeedNotesById(db, missing)) byId.set(note.id, note);
  // What another process took down between the two readings is there no more.
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function makeRoom(kept: Map<string, KeptList>, limits: Limits): void {
  let characters = 0;
  for (const list of kept.values()) characters += list.characters;
  for (const [key, list] of kept) {
    if (kept.size <= limits.lists && characters <= limits.characters) return;
    kept.delete(key);
    characters -= list.characters;
  }
}

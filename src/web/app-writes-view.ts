import type { StoredGrant } from "../auth/grant-store.ts";
import type { Context } from "../context/context.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { said } from "../lib/words.ts";
import type { Note } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import type { AppWrite, WriteKind } from "../notes/writes-store.ts";
import { countWrites } from "../notes/writes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import type { WritesView, WrittenNoteView } from "./app-views.ts";
import { appLabel, grantPath, WRITE_WORDS, writeLinks } from "./grants-view.ts";
import { noteRowViewer } from "./note-rows.ts";
import { revisionsPath } from "./revision-view.ts";

/** A page of what an app wrote. `hasMore`: older writes follow. */
export function writesView(
  ctx: Pick<Context, "db">,
  grant: StoredGrant,
  page: { readonly kind: WriteKind | undefined; readonly writes: readonly AppWrite[]; readonly hasMore: boolean },
): WritesView {
  const { kind, writes, hasMore } = page;
  const counts = countWrites(ctx.db, grant.clientId);
  const path = grantPath(grant.id, "writes");
  const links = writeLinks(grant.id, counts);
  const all = links.reduce((sum, { count }) => sum + count, 0);
  const last = writes.at(-1);
  return {
    label: appLabel(ctx, grant),
    filters: [
      { label: said`All`, path, count: said`${all}`, isCurrent: kind === undefined },
      ...links.map((link) => ({
        label: WRITE_WORDS[link.kind],
        path: link.path,
        count: said`${link.count}`,
        isCurrent: kind === link.kind,
      })),
    ],
    rows: writtenNotes(ctx, writes),
    undoPath: grantPath(grant.id, "undo"),
    nextPath: hasMore && last !== undefined ? `${path}?${nextQuery(kind, last)}` : "",
  };
}

function nextQuery(kind: WriteKind | undefined, { savedAt, id }: AppWrite): URLSearchParams {
  return new URLSearchParams({ ...(kind && { kind }), before: `${savedAt},${id}` });
}

function writtenNotes(ctx: Pick<Context, "db">, writes: readonly AppWrite[]): WrittenNoteView[] {
  const ids = [...new Set(writes.map(({ noteId }) => noteId))];
  const notes = new Map(listNotesById(ctx.db, ids).map((note): [number, Note] => [note.id, note]));
  const view = noteRowViewer(ctx);
  const { timeZone } = readSettings(ctx.db);
  return writes.map(({ noteId, version, savedAt, kind }) => {
    const note = notes.get(noteId);
    const row = note && view(note);
    return {
      label: row?.label ?? said`An erased note`,
      path: row?.editPath ?? "",
      status: row?.status ?? "",
      did: WRITE_WORDS[kind],
      when: shownTime(ctx, savedAt),
      whenAt: toLocal(savedAt, offsetMinutes(savedAt, timeZone)).iso,
      revisionPath: row === undefined ? "" : `${revisionsPath(noteId)}/${version}`,
    };
  });
}

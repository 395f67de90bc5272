import type { Context } from "../context/context.ts";
import { invalid, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { writeSettings } from "../site/change-settings.ts";
import { MAX_PINNED_NOTES } from "../site/pinned.ts";
import { readSettings } from "../site/settings-store.ts";
import { listPinnedNotes } from "./listed-notes-store.ts";
import { isInLists } from "./note.ts";
import { findNote } from "./note-store.ts";

/** What is done to a pin: it comes last, goes, or changes places with the one above or below. */
export type PinMove = (typeof PIN_MOVES)[number];

/** All of these. */
export const PIN_MOVES = ["pin", "unpin", "up", "down"] as const;

/**
 * Changes which notes are pinned on home, in one transaction. Pins of notes that stand in no list any more go with it.
 * Throws `not_found`, and `invalid` for a note that is in no list and past MAX_PINNED_NOTES.
 */
export async function movePin(ctx: Pick<Context, "db" | "clock">, id: number, move: PinMove): Promise<void> {
  const now = ctx.clock();
  await ctx.db.write(() => {
    const note = findNote(ctx.db, id);
    if (note === undefined) throw notFound("note");
    if (move === "pin" && !isInLists(note)) {
      throw invalid("note", said`Only a note that stands in your lists can be pinned. Publish it first.`);
    }
    const pinned = listPinnedNotes(ctx.db, readSettings(ctx.db).pinnedNotes).map(({ uid }) => uid);
    const pinnedNotes = movePinned(pinned, note.uid, move);
    if (pinnedNotes.length > MAX_PINNED_NOTES) {
      throw invalid("note", `${MAX_PINNED_NOTES} notes are pinned, as many as may be. Unpin one first.`);
    }
    writeSettings(ctx.db, { pinnedNotes }, now);
  });
}

/** Whether a note is pinned on home. */
export function isPinned({ db }: Pick<Context, "db">, { uid }: { readonly uid: string }): boolean {
  return readSettings(db).pinnedNotes.includes(uid);
}

/** The pins, by permanent ids, after one was moved. */
export function movePinned(pinned: readonly string[], uid: string, move: PinMove): string[] {
  const others = pinned.filter((each) => each !== uid);
  const place = pinned.indexOf(uid);
  if (move === "pin") return place < 0 ? [...pinned, uid] : [...pinned];
  if (move === "unpin" || place < 0) return others;
  return others.toSpliced(Math.max(0, move === "up" ? place - 1 : place + 1), 0, uid);
}

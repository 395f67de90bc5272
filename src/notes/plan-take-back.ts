import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Message } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { NoteStatus } from "./note.ts";
import type { TrailEntry } from "./writes-store.ts";
import { hasWrittenBefore, listTrail } from "./writes-store.ts";

/** Saves of a note that are read at once while its trail is followed. */
const TRAIL_PAGE = 50;

/** What of whom is to be taken back: an app's saves within a span, both ends included. */
export type TakenSpan = {
  /** Client_id of the app. */
  readonly madeBy: string;
  readonly since: Timestamp;
  readonly until: Timestamp;
};

/** What taking back does to one note. */
export type NotePlan =
  /** The app made it: into the trash. */
  | { readonly result: "trash" }
  /**
   * It becomes all that it was in a version: out of the trash, back into it, or with its older text. `isPartial`: the app
   * wrote in it before that as well, but somebody else wrote on top of it, so that part stays.
   */
  | {
      readonly result: "restore" | "return-to-trash" | "revert";
      readonly version: number;
      readonly isPartial: boolean;
    }
  | { readonly result: "leave"; readonly reason: Message }
  /** It was taken back before. */
  | { readonly result: "done" };

/**
 * What becomes of a note when an app's saves are taken back: it goes back to before the last of them that nobody has
 * written on top of. What the author or another app saved afterwards stays, and nothing below it is touched. An act that
 * was undone counts as if it had never been.
 */
export function planTakeBack(
  db: Database,
  note: { readonly id: number; readonly status: NoteStatus },
  span: TakenSpan,
): NotePlan {
  const { newest, before } = lastRun(db, note.id, span);
  if (newest?.action === "take_back") return { result: "done" };
  if (newest === undefined || !isTaken(newest, span)) return { result: "leave", reason: reasonToLeave(newest, span) };
  if (before === undefined) return note.status === "trashed" ? IN_TRASH : { result: "trash" };
  const isPartial = hasWrittenBefore(db, { ...span, noteId: note.id, version: before.version });
  return { result: resultOf(note.status, before.status), version: before.version, isPartial };
}

const IN_TRASH: NotePlan = {
  result: "leave",
  reason: said`The app made it and put it into the trash itself. It stays there.`,
};

function resultOf(now: NoteStatus, then: NoteStatus): "restore" | "return-to-trash" | "revert" {
  if (then === "trashed") return "return-to-trash";
  return now === "trashed" ? "restore" : "revert";
}

/** The newest save of a note, and what came before the unbroken run of the app's saves that it ends. */
function lastRun(
  db: Database,
  noteId: number,
  span: TakenSpan,
): { newest: TrailEntry | undefined; before: TrailEntry | undefined } {
  let newest: TrailEntry | undefined;
  let before: TrailEntry | undefined;
  for (const entry of trailOf(db, noteId)) {
    // When the scheduler published it, nobody wrote: that neither ends a run nor begins one.
    if (entry.action === "publish_scheduled") {
      before ??= newest && entry;
      continue;
    }
    newest ??= entry;
    if (!isTaken(entry, span)) return { newest, before: before ?? entry };
    before = undefined;
  }
  return { newest, before: undefined };
}

/** The saves of a note, newest first, without those of acts that were undone and the undoing itself. */
function* trailOf(db: Database, noteId: number): Generator<TrailEntry> {
  let before = Number.MAX_SAFE_INTEGER;
  let isUndone = false;
  for (;;) {
    const entries = listTrail(db, noteId, { before, limit: TRAIL_PAGE });
    for (const entry of entries) {
      // Only the newest save of a note can be undone, so what an undoing undid is the one below it.
      const isDropped = isUndone || entry.action === "undo";
      isUndone = entry.action === "undo";
      if (!isDropped) yield entry;
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < TRAIL_PAGE) return;
    before = last.version;
  }
}

function isTaken({ madeBy, savedAt }: TrailEntry, span: TakenSpan): boolean {
  return madeBy === span.madeBy && savedAt >= span.since && savedAt <= span.until;
}

function reasonToLeave(newest: TrailEntry | undefined, { madeBy, until }: TakenSpan): Message {
  if (newest?.madeBy === madeBy && newest.savedAt > until)
    return said`The app wrote in it after you looked. It stays as it is.`;
  if (newest?.madeBy === "admin") return said`You changed it afterwards. It stays as it is.`;
  return said`It was changed by somebody else afterwards. It stays as it is.`;
}

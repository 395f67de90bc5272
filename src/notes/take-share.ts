import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import type { TypedFields } from "./autosave.ts";
import { AUTOSAVE_LIFETIME_SECONDS, autosavesSince, isEditorKey, MAX_NEW_AUTOSAVES, typedBytes } from "./autosave.ts";
import { listNoteAutosaves, saveAutosave } from "./autosave-store.ts";
import { findShare, insertShare } from "./share-store.ts";

/** How long the key of a share is remembered, in seconds: three times as long as the draft that it became. */
export const SHARE_LIFETIME_SECONDS = 3 * AUTOSAVE_LIFETIME_SECONDS;

/** What another app shared, as the fields of the editor's form. The key is the device's; without one it is a new share. */
export type Share = { readonly key: string; readonly fields: TypedFields; readonly device: string };

/**
 * Keeps a share as a draft that its author opens, and returns the key of its editor. It is no note, is published by
 * nobody, and takes the place of nothing that was typed: past MAX_NEW_AUTOSAVES it is refused (`invalid`). The same key
 * again is the same share, whatever became of its draft.
 */
export function takeShare(ctx: Pick<Context, "db" | "clock">, { key, fields, device }: Share): Promise<string> {
  const now = ctx.clock();
  const editorKey = createSecret();
  const shareKey = isEditorKey(key) ? key : editorKey;
  return ctx.db.write(() => {
    const known = findShare(ctx.db, shareKey);
    if (known !== undefined) return known;
    if (listNoteAutosaves(ctx.db, undefined, autosavesSince(now)).length >= MAX_NEW_AUTOSAVES) throw fullDesk();
    saveAutosave(ctx.db, { editorKey, noteId: undefined, device, savedAt: now, sizeBytes: typedBytes(fields), fields });
    insertShare(ctx.db, { key: shareKey, editorKey, now, since: addSeconds(now, -SHARE_LIFETIME_SECONDS) });
    return editorKey;
  });
}

function fullDesk(): AppError {
  const sentence = said`There are ${MAX_NEW_AUTOSAVES} unsaved drafts, which is the most. Save or discard some, then share it again.`;
  return new AppError("invalid", sentence, { field: "share" });
}

import { isDeepStrictEqual } from "node:util";
import { AppError, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { joinTranslations } from "./join-translations.ts";
import { chosenLabels } from "./note.ts";
import type { StoredNote } from "./note-store.ts";
import type { WholeRevision } from "./revision-store.ts";
import { findRevision } from "./revision-store.ts";
import type { Composition, NotesContext, Save } from "./save.ts";
import { compose, freeSlug, requireNote, saveChanged, saveComposition } from "./save.ts";

/** What of a note its place says, and not its text. */
export type NotePlace = Pick<
  StoredNote,
  "status" | "restoreStatus" | "visibility" | "publishedAt" | "publishedOffset" | "updatedAt" | "trashedAt"
>;

/**
 * Makes a note all that it was in an older version, as a new save: text, kind and address too, in the place that is given;
 * `restoreRevision` leaves the place alone. Throws `conflict` where it was saved after `seen`, `not_found` where it has no
 * such version, `gone`, and `invalid` for a text that no rule allows any more.
 */
export async function returnNote(
  ctx: NotesContext,
  seen: StoredNote,
  back: { readonly version: number; readonly place: NotePlace; readonly save: Save },
): Promise<void> {
  const revision = findRevision(ctx.db, seen.id, back.version);
  if (revision === undefined) throw notFound("revision");
  const text = isSameText(seen, revision) ? undefined : await composeAgain(ctx, seen, revision);

  await ctx.db.write(() => {
    const before = requireNote(ctx.db, seen.id);
    if (before.version !== seen.version) throw changedMeanwhile();
    const joined = text && joinTranslations(ctx, text, { before, of: undefined, save: back.save });
    const { remoteImages: _images, aliases: _aliases, ...written } = joined ?? NO_TEXT;
    const slug = slugBack(ctx, before, revision);
    const after: StoredNote = { ...before, ...written, ...back.place, kind: revision.kind, slug };
    saveChanged(ctx.db, { before, after }, back.save);
    if (joined !== undefined) saveComposition(ctx.db, joined, { noteId: seen.id, now: back.save.now });
  });
}

/** A note that was saved by somebody else between reading and writing. */
export function changedMeanwhile(): AppError {
  return new AppError("conflict", said`It was changed since, and stays as it is.`);
}

/** Whether a note says what an older save of it said. */
export function isSameText(note: StoredNote, revision: WholeRevision): boolean {
  return isDeepStrictEqual(textOf(note), textOf(revision));
}

function textOf({ title, content, contentFormat, tags, language, properties }: StoredNote | WholeRevision): object {
  return { title, content, contentFormat, tags, language, properties };
}

/** Nothing is composed anew. */
const NO_TEXT: Partial<Composition> = {};

function composeAgain(ctx: NotesContext, { anchor }: StoredNote, revision: WholeRevision): Promise<Composition> {
  const { title, content, contentFormat, language, properties } = revision;
  const input = { title, content, contentFormat, language, properties, tags: chosenLabels(revision) };
  return compose(ctx, input, anchor);
}

function slugBack(ctx: NotesContext, before: StoredNote, { slug, kind }: WholeRevision): string {
  const isThere = before.slug === slug && (before.kind === "page") === (kind === "page");
  return isThere ? slug : freeSlug(ctx.db, slug, { id: before.id, kind });
}

import { AppError, notFound } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import type { MediaFile } from "../media/media-store.ts";
import { findMedia } from "../media/media-store.ts";
import { writeSettings } from "../site/change-settings.ts";
import type { Settings } from "../site/settings.ts";
import { readSettings } from "../site/settings-store.ts";
import { findDescriptions, updateDescription } from "./library-store.ts";
import { chosenLabels, hasKnownAddress } from "./note.ts";
import type { Origin } from "./note-input.ts";
import { listNotesWithMedia } from "./note-media-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote, listNotesById } from "./note-store.ts";
import { MAX_SAVE_ATTEMPTS } from "./revise.ts";
import type { Composition, NotesContext } from "./save.ts";
import { compose, saveChanged, saveComposition } from "./save.ts";

/** Most notes that are rewritten in one transaction when a file is replaced. */
export const MAX_NOTES_REPLACED = 200;

/** A file, the one that shall stand in its place, and who wants that. */
export type Replacement = { readonly name: string; readonly by: MediaFile; readonly origin: Origin };

/**
 * Has every note and setting that names a file name another one, as a revision of each note, all in one transaction: readers
 * see all of it or nothing. A name stands for its bytes, so the other file has another address; the old one goes on
 * answering, since older revisions, the trash, feeds and other sites name it, until the author deletes it. A description goes
 * along where the new file has none. Returns how many notes were rewritten. Throws `not_found`, `too_large` past
 * `MAX_NOTES_REPLACED`, `conflict` where notes are being saved all the time.
 */
export async function replaceMedia(ctx: NotesContext, replacement: Replacement): Promise<number> {
  for (let attempt = 1; attempt <= MAX_SAVE_ATTEMPTS; attempt += 1) {
    const count = await tryReplace(ctx, replacement);
    if (count !== undefined) return count;
  }
  throw new AppError("conflict", said`Notes that show this file are being saved all the time. Try it again.`);
}

type Rewritten = { readonly note: StoredNote; readonly composition: Composition };

/** Returns undefined when a note was saved between reading and writing. */
async function tryReplace(ctx: NotesContext, { name, by, origin }: Replacement): Promise<number | undefined> {
  if (findMedia(ctx.db, name) === undefined) throw notFound("file");
  if (by.name === name) return 0;
  const notes = listNotesById(ctx.db, listNotesWithMedia(ctx.db, name)).filter(isWritten);
  if (notes.length > MAX_NOTES_REPLACED) throw new AppError("too_large", TOO_MANY);
  const rewritten: Rewritten[] = [];
  for (const note of notes)
    rewritten.push({ note, composition: await rewrite(ctx, note, { from: name, to: by.name }) });

  return ctx.db.write(() => {
    const now = ctx.clock();
    if (rewritten.some(({ note }) => findNote(ctx.db, note.id)?.version !== note.version)) return undefined;
    for (const { note, composition } of rewritten) {
      const { remoteImages: _images, aliases: _aliases, ...written } = composition;
      const after = { ...note, ...written, updatedAt: hasKnownAddress(note) ? now : note.updatedAt };
      saveChanged(ctx.db, { before: note, after }, { ...origin, action: "replace_file", now });
      saveComposition(ctx.db, composition, { noteId: note.id, now });
    }
    replaceInSettings(ctx, { from: name, to: by });
    const said = findDescriptions(ctx.db, [name, by.name]);
    if (!said.has(by.name)) updateDescription(ctx.db, by.name, said.get(name) ?? "");
    return rewritten.length;
  });
}

const TOO_MANY = said`More than ${MAX_NOTES_REPLACED} notes show this file. Upload the other one, and change the notes by hand.`;

/** What lies in the trash stays as it was thrown away. */
function isWritten({ status }: StoredNote): boolean {
  return status !== "trashed" && status !== "erased";
}

function rewrite(ctx: NotesContext, note: StoredNote, names: { from: string; to: string }): Promise<Composition> {
  const [from, to] = [paths.media(names.from), paths.media(names.to)];
  const { content, contentFormat, title, language, properties, anchor } = note;
  const input = {
    content: content.replaceAll(from, to),
    contentFormat,
    title,
    language,
    tags: chosenLabels(note),
    properties: JSON.parse(JSON.stringify(properties).replaceAll(from, to)),
  };
  return compose(ctx, input, anchor);
}

function replaceInSettings(ctx: NotesContext, { from, to }: { from: string; to: MediaFile }): void {
  const settings = readSettings(ctx.db);
  const names = (["siteIcon", "authorPhoto"] as const).filter((setting) => settings[setting] === from);
  if (names.length === 0) return;
  if (!to.mediaType.startsWith("image/"))
    throw new AppError("invalid", said`The settings use this image: replace it by one.`);
  const changed: Partial<Settings> = Object.fromEntries(names.map((setting) => [setting, to.name]));
  writeSettings(ctx.db, changed, ctx.clock());
}

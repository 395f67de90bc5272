import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import type { Timestamp } from "../lib/clock.ts";
import { AppError, invalid, notFound } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { offsetMinutes } from "../lib/time-zone.ts";
import { said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import type { SlugOwner } from "./alias-store.ts";
import { insertAliases, isSlugFree, slugPath } from "./alias-store.ts";
import { insertBulkChange } from "./bulk-act-store.ts";
import { forgetUncited, keepCitations } from "./keep-citations.ts";
import type { Tag } from "./note.ts";
import { hasKnownAddress, isReadable } from "./note.ts";
import type { RemoteUse } from "./note-image-store.ts";
import type { NoteInput, Origin } from "./note-input.ts";
import {
  parseAliases,
  parseLanguage,
  parseProperties,
  parseTags,
  parseTitle,
  refuseStrangeTimes,
} from "./note-input.ts";
import { namesMedia } from "./note-media-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote, updateNote } from "./note-store.ts";
import { keepMenu } from "./page-menu.ts";
import { NO_PAGE_OPTIONS, withPageOptions } from "./page-options.ts";
import { keepImages, renderNote, unspacedTextOf } from "./render-note.ts";
import type { NoteAction } from "./revision-store.ts";
import { insertRevision } from "./revision-store.ts";
import { seriesOf } from "./series.ts";
import { keepSeries } from "./series-store.ts";
import { findFreeVariant, MAX_TEXT_SLUG_LENGTH, refuseReserved, slugify, timestampSlug } from "./slug.ts";
import { translationKeyOf } from "./translations.ts";
import { keepTranslationKey } from "./translations-store.ts";

/** What every operation on notes needs of the outside world. */
export type NotesContext = Pick<Context, "db" | "clock" | "config" | "metrics">;

/** What the author wrote, checked and rendered; everything of a note that does not depend on its place in the database. */
export type Composition = Pick<
  StoredNote,
  | "title"
  | "content"
  | "contentFormat"
  | "contentHtml"
  | "contentText"
  | "unspacedText"
  | "rendererVersion"
  | "tags"
  | "language"
  | "properties"
> & { readonly remoteImages: readonly RemoteUse[]; readonly aliases: readonly string[] };

/** How a save ends: who saved, what it did, and when. */
export type Save = Origin & { readonly action: NoteAction; readonly now: Timestamp };

/** A note as it was and as it shall be. */
export type Change = {
  readonly before: StoredNote;
  readonly after: StoredNote;
  /** Of a page: whether its author just said that it is to stand in the menu. */
  readonly wantsMenu?: boolean | undefined;
};

/** Random prefix for the ids inside one note's HTML: 40 bits, begins with a letter. */
export function createAnchor(): string {
  return `n${randomUUID().replace("-", "").slice(0, 10)}`; // Node has random bytes for UUIDs at hand.
}

/** Permanent id of a new note, as a URN. Random: one with the time in it would tell when a note with an earlier date was made. */
export function createUid(): string {
  return `urn:uuid:${randomUUID()}`;
}

/**
 * Checks and renders what was written. Throws `invalid` with the field at fault, also when there is neither text,
 * title nor any property.
 */
export async function compose(
  ctx: Pick<Context, "db" | "config" | "metrics">,
  input: NoteInput,
  anchor: string,
): Promise<Composition> {
  const content = cleanText(input.content);
  const title = parseTitle(input.title);
  const properties = parseProperties(input.properties);
  const contentFormat = input.contentFormat ?? "markdown";
  if (content.trim() === "" && title === undefined && Object.keys(properties).length === 0) {
    throw invalid("content", said`There is nothing to save yet. Write something first.`);
  }
  const language = parseLanguage(input.language);
  const aliases = parseAliases(input.aliases);
  refuseStrangeTimes([input.publishedAt, input.updatedAt]);
  const chosen = parseTags(input.tags ?? []); // Before rendering, which is dear.
  const rendering = await renderNote(ctx, { content, contentFormat, anchor, properties, title });
  const { contentHtml, contentText, rendererVersion, remoteImages, hashtags } = rendering;
  const tags = hashtags.length === 0 ? chosen : parseTags(input.tags ?? [], hashtags);
  const unspacedText = unspacedTextOf({ title, contentText, tags });
  return {
    title,
    content,
    contentFormat,
    contentHtml,
    contentText,
    unspacedText,
    rendererVersion,
    tags,
    language,
    properties,
    remoteImages,
    aliases,
  };
}

/** The slug that a note gets when nobody chose one: of its title, else its first words, else its time. */
export function automaticSlug(
  db: Database,
  note: { title: string | undefined; contentText: string },
  at: Timestamp,
): string {
  const firstLine = note.contentText.trim().split("\n")[0] ?? "";
  const slug = note.title === undefined ? slugify(firstLine, MAX_TEXT_SLUG_LENGTH) : slugify(note.title);
  return slug === "" ? timestampSlug(at, offsetMinutes(at, readSettings(db).timeZone)) : slug;
}

/**
 * The first spelling of `base` that is free for the note. Runs inside a transaction, so it stays free. Throws `invalid`
 * where a page would stand at an address of the program.
 */
export function freeSlug(db: Database, base: string, owner: SlugOwner): string {
  if (owner.kind === "page") refuseReserved(base);
  return findFreeVariant(base, (slug) => isSlugFree(db, slug, owner));
}

/** `scheduled` for a note whose time is still to come, else `published`. */
export function statusAt(publishedAt: Timestamp, now: Timestamp): "scheduled" | "published" {
  return publishedAt > now ? "scheduled" : "published";
}

/** The stored note, or throws: `not_found` where there is none, `gone` where it was erased. */
export function requireNote(db: Database, id: number): StoredNote {
  const note = findNote(db, id);
  if (note === undefined) throw notFound("note");
  if (note.status === "erased") throw new AppError("gone", said`This note was erased. Nothing of it is left.`);
  return note;
}

/**
 * Writes a changed note over its row, with its revision, its old address and its jobs. Runs inside a transaction.
 * Returns the note as it now is.
 */
export function saveChanged(db: Database, { before, after, wantsMenu }: Change, save: Save): StoredNote {
  const firstPublicAt = before.firstPublicAt ?? (isReadable(after) ? save.now : undefined);
  const note: StoredNote = { ...after, firstPublicAt, version: before.version + 1, changedAt: save.now };
  updateNote(db, note);
  if (slugPath(note.slug, note.kind) !== slugPath(before.slug, before.kind))
    keepOldAddress(db, { before, after: note }, save.now);
  keepMenu(db, { before, after: note, wanted: wantsMenu }, save.now);
  finishSave(db, note, save);
  if (save.actKey !== undefined) insertBulkChange(db, save.actKey, { before, after: note });
  return note;
}

/** Writes the revision of a saved note and queues what its status asks for. Runs inside a transaction. */
export function finishSave(db: Database, note: StoredNote, save: Save): void {
  insertRevision(db, note, save);
  recordWrite(db, note, save);
  enqueuePublication(db, note, save.now);
}

/** What the author writes has its revisions; what an app writes is an event besides. */
function recordWrite(db: Database, { id, version, status }: StoredNote, { doer, action, now }: Save): void {
  if (doer === undefined) return;
  const verb = action === "trash" ? "delete" : action === "restore" ? "undelete" : version === 1 ? "create" : "update";
  record({ db, clock: () => now, doer }, { kind: `note.${verb}`, noteId: id, detail: status });
}

/** Queues the publication of a note that is scheduled; nothing for others. Runs inside a transaction. */
export function enqueuePublication(
  db: Database,
  { id, status, publishedAt }: Pick<StoredNote, "id" | "status" | "publishedAt">,
  now: Timestamp,
): void {
  if (status !== "scheduled" || publishedAt === undefined) return;
  const uniqueKey = `${id}:${publishedAt}`;
  enqueue(db, { kind: "notes.publish_scheduled", payload: { noteId: id }, now, runAt: publishedAt, uniqueKey });
}

/** Keeps what belongs to a saved text beside its row: images and pages elsewhere, old paths. Runs inside a transaction. */
export function saveComposition(
  db: Database,
  composition: Composition,
  { noteId, now, isNew = false }: { noteId: number; now: Timestamp; isNew?: boolean },
): void {
  // Most notes are words alone: six statements would find nothing to forget.
  if (isNew && isWordsAlone(composition)) return;
  const uncited = keepCitations(db, { id: noteId, properties: composition.properties }, now);
  keepImages(db, { ...composition, id: noteId }, { now, isSave: true });
  forgetUncited(db, uncited, now);
  insertAliases(db, noteId, { paths: composition.aliases, now });
  keepSeries(db, noteId, seriesOf(composition.properties));
  keepTranslationKey(db, noteId, translationKeyOf(composition.properties));
}

/** Whether there is nothing that a row beside the note's own could say. */
function isWordsAlone({ properties, remoteImages, aliases, contentHtml }: Composition): boolean {
  const hasParts = Object.keys(properties).length > 0 || remoteImages.length > 0 || aliases.length > 0;
  return !hasParts && !namesMedia(contentHtml);
}

/** Whether two saves look the same to a reader. */
export function isSameToReaders(before: StoredNote, after: StoredNote): boolean {
  return (
    before.title === after.title &&
    before.content === after.content &&
    before.contentFormat === after.contentFormat &&
    before.language === after.language &&
    isSameTags(before.tags, after.tags) &&
    isDeepStrictEqual(
      withPageOptions(before.properties, NO_PAGE_OPTIONS),
      withPageOptions(after.properties, NO_PAGE_OPTIONS),
    )
  );
}

function keepOldAddress(db: Database, { before, after }: Change, now: Timestamp): void {
  if (hasKnownAddress(before)) insertAliases(db, after.id, { paths: [slugPath(before.slug, before.kind)], now });
}

function isSameTags(before: readonly Tag[], after: readonly Tag[]): boolean {
  const labels = (tags: readonly Tag[]) => tags.map((tag) => tag.label);
  return isDeepStrictEqual(labels(before), labels(after));
}

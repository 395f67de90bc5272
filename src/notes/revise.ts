import type { Timestamp } from "../lib/clock.ts";
import { AppError, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { joinTranslations } from "./join-translations.ts";
import { settleKind } from "./kind.ts";
import { chosenLabels, hasKnownAddress } from "./note.ts";
import type { NoteInput, Origin } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import type { NoteAction } from "./revision-store.ts";
import { findRevision, isEditedSince } from "./revision-store.ts";
import type { Composition, NotesContext, Save } from "./save.ts";
import {
  automaticSlug,
  compose,
  freeSlug,
  isSameToReaders,
  requireNote,
  saveChanged,
  saveComposition,
  statusAt,
} from "./save.ts";
import type { SentVersion } from "./sent-version.ts";
import { keepSentVersion, parseSentVersion } from "./sent-version.ts";
import { isSlugVariant, slugify } from "./slug.ts";

/** How often a save without an expected version is tried anew when the note is saved by somebody else meanwhile. */
export const MAX_SAVE_ATTEMPTS = 30;

/** What changes; what is undefined stays. An empty title or language takes it away. */
export type NoteChanges = Omit<Partial<NoteInput>, "publishedAt"> & {
  /** null takes the time away that a draft or a scheduled note has; one that is published keeps its own. */
  readonly publishedAt?: Timestamp | null | undefined;
  /** The version that the author had before the eyes; when somebody wrote in the note since, it is a `conflict`. */
  readonly expectedVersion?: number | undefined;
  /** What the author sent on top of an older version: it was put together with the stored one, and stays a revision. */
  readonly sent?: SentVersion | undefined;
};

/**
 * Saves changes to a note, whose status stays; only a time of publication moved over now turns `published` into
 * `scheduled` and back. A changed slug leaves the old address leading here.
 * Throws `conflict` when the stored version is not the expected one, `not_found`, `gone`, or `invalid` with the field.
 */
export function reviseNote(
  ctx: NotesContext,
  id: number,
  changes: NoteChanges & { origin: Origin },
): Promise<StoredNote> {
  const action = changes.sent === undefined ? "revise" : "merge";
  return saveExisting(ctx, id, { changes, origin: changes.origin, action });
}

/** Publishes a draft, with changes or as it is; a scheduled note is published now unless a time to come is given. Throws as `reviseNote`. */
export function publishDraft(
  ctx: NotesContext,
  id: number,
  changes: NoteChanges & { origin: Origin },
): Promise<StoredNote> {
  return saveExisting(ctx, id, { changes, origin: changes.origin, action: "publish" });
}

/** Takes a published or scheduled note back to draft; its address answers 404 until it is published again. Throws as `reviseNote`. */
export function retractNote(
  ctx: NotesContext,
  id: number,
  changes: NoteChanges & { origin: Origin },
): Promise<StoredNote> {
  return saveExisting(ctx, id, { changes, origin: changes.origin, action: "retract" });
}

/**
 * Brings what a note said back as an older save left it: title, text, tags, language and properties, as a new save. Its
 * address, its visibility, its status and its time stay as they are, so that nothing is made public, hidden or moved by it.
 * Throws `not_found` where the note has no such version, else as `reviseNote`.
 */
export async function restoreRevision(
  ctx: NotesContext,
  id: number,
  restored: { readonly version: number; readonly expectedVersion?: number | undefined; readonly origin: Origin },
): Promise<StoredNote> {
  const revision = findRevision(ctx.db, id, restored.version);
  if (revision === undefined) throw notFound("revision");
  const now = requireNote(ctx.db, id);
  const changes = {
    title: revision.title ?? "",
    content: revision.content,
    contentFormat: revision.contentFormat,
    tags: chosenLabels(revision),
    language: revision.language ?? "",
    properties: revision.properties,
    kind: isPage(now) === isPage(revision) ? revision.kind : undefined,
    expectedVersion: restored.expectedVersion,
  };
  return await saveExisting(ctx, id, { changes, origin: restored.origin, action: "restore_revision" });
}

type Edit = { readonly changes: NoteChanges; readonly origin: Origin; readonly action: NoteAction };

async function saveExisting(ctx: NotesContext, id: number, edit: Edit): Promise<StoredNote> {
  for (let attempt = 1; attempt <= MAX_SAVE_ATTEMPTS; attempt += 1) {
    const saved = await trySave(ctx, id, edit);
    if (saved !== undefined) return saved;
  }
  throw changedElsewhere();
}

/** Returns undefined when the note was saved between reading and writing: then it is merged anew. */
async function trySave(ctx: NotesContext, id: number, edit: Edit): Promise<StoredNote | undefined> {
  const seen = requireNote(ctx.db, id);
  refuseTrashed(seen);
  refuseOverwriting(ctx, seen, edit.changes.expectedVersion);
  const sent = edit.changes.sent && parseSentVersion(edit.changes.sent);
  const written = await compose(ctx, mergeInput(seen, edit.changes), seen.anchor);
  const now = ctx.clock();

  return ctx.db.write(() => {
    const stored = requireNote(ctx.db, id);
    if (stored.version !== seen.version) return undefined;
    const save: Save = { ...edit.origin, action: edit.action, now };
    const before = sent === undefined ? stored : keepSentVersion(ctx.db, stored, { sent, save });
    const wish = { before, of: edit.changes.translationOf, save };
    const composition = edit.changes.importFrom === undefined ? joinTranslations(ctx, written, wish) : written;
    const revised = applyEdit(before, composition, { ...edit, now });
    const after = { ...revised, slug: slugAfter(ctx, { before, revised, wanted: edit.changes.slug }) };
    const note = saveChanged(ctx.db, { before, after, wantsMenu: edit.changes.inMenu }, save);
    saveComposition(ctx.db, composition, { noteId: id, now });
    return note;
  });
}

function applyEdit(before: StoredNote, composition: Composition, edit: Edit & { now: Timestamp }): StoredNote {
  const { remoteImages: _images, aliases: _aliases, ...written } = composition;
  const { changes, now } = edit;
  const placed = { ...before, ...written, ...placeInTime(before, edit, now) };
  const after: StoredNote = {
    ...placed,
    kind: settleKind(composition, { chosen: changes.kind, before }),
    visibility: changes.visibility ?? before.visibility,
    importMark: changes.importFrom ? { ...changes.importFrom, version: before.version + 1 } : before.importMark,
  };
  return { ...after, updatedAt: updatedAfter(before, after, { explicit: changes.updatedAt, now }) };
}

type TimePlace = Pick<StoredNote, "status" | "publishedAt" | "publishedOffset">;

function placeInTime(before: StoredNote, edit: Edit, now: Timestamp): TimePlace {
  const publishedAt = timeAfter(before, edit, now);
  const keptOffset = publishedAt === before.publishedAt ? before.publishedOffset : undefined;
  const place = { publishedAt, publishedOffset: edit.changes.publishedOffset ?? keptOffset };
  const staysDraft = edit.action === "retract" || (isKeeping(edit.action) && before.status === "draft");
  if (staysDraft || publishedAt === undefined) return { ...place, status: "draft" };
  // One that is out stays out, even where the clock was put back; only another time can change that.
  const staysOut = before.status === "published" && publishedAt === before.publishedAt;
  return { ...place, status: staysOut ? "published" : statusAt(publishedAt, now) };
}

function timeAfter(before: StoredNote, { changes, action }: Edit, now: Timestamp): Timestamp | undefined {
  const wanted = changes.publishedAt;
  if (wanted) return wanted;
  const kept = wanted === null && before.status !== "published" ? undefined : before.publishedAt;
  // A time to come was a plan that publishing or retracting ends; a time that has passed is history.
  const isHistory = kept !== undefined && (before.status === "published" || kept <= now);
  if (isKeeping(action)) return kept ?? (before.status === "scheduled" ? now : undefined);
  if (isHistory) return kept;
  return action === "retract" ? undefined : now;
}

/** Whether it leaves a draft a draft, and what is out where it is. */
function isKeeping(action: NoteAction): boolean {
  return action === "revise" || action === "merge" || action === "restore_revision";
}

function updatedAfter(
  before: StoredNote,
  after: StoredNote,
  times: { explicit: Timestamp | undefined; now: Timestamp },
): Timestamp | undefined {
  if (times.explicit !== undefined)
    return after.publishedAt && times.explicit > after.publishedAt ? times.explicit : undefined;
  if (!hasKnownAddress(before) || isSameToReaders(before, after)) return before.updatedAt;
  return times.now;
}

type SlugChoice = { readonly before: StoredNote; readonly revised: StoredNote; readonly wanted: string | undefined };

/** An address that is known changes only when asked to; that of a draft follows its text unless somebody chose it. */
function slugAfter(ctx: NotesContext, { before, revised, wanted }: SlugChoice): string {
  const owner = { id: before.id, kind: revised.kind };
  const chosen = slugify(wanted ?? "");
  if (chosen !== "" && chosen !== before.slug) return freeSlug(ctx.db, chosen, owner);
  const isKept = chosen !== "" || hasKnownAddress(before) || (wanted === undefined && !isAutomatic(ctx, before));
  // A note that becomes a page, or a page a note, takes its slug along where it is free there too.
  if (isKept) return isPage(before) === isPage(revised) ? before.slug : freeSlug(ctx.db, before.slug, owner);
  return freeSlug(ctx.db, automaticSlug(ctx.db, revised, revised.publishedAt ?? before.createdAt), owner);
}

function isPage({ kind }: Pick<StoredNote, "kind">): boolean {
  return kind === "page";
}

function isAutomatic(ctx: NotesContext, before: StoredNote): boolean {
  return isSlugVariant(before.slug, automaticSlug(ctx.db, before, before.publishedAt ?? before.createdAt));
}

function mergeInput(before: StoredNote, changes: NoteChanges): NoteInput {
  return {
    content: changes.content ?? before.content,
    contentFormat: changes.contentFormat ?? before.contentFormat,
    title: changes.title ?? before.title,
    tags: changes.tags ?? chosenLabels(before),
    language: changes.language ?? before.language,
    properties: changes.properties ?? before.properties,
    aliases: changes.aliases,
    publishedAt: changes.publishedAt ?? undefined,
    updatedAt: changes.updatedAt,
  };
}

function refuseTrashed(note: StoredNote): void {
  if (note.status === "trashed") {
    throw new AppError("gone", said`This note is in the trash. Restore it before you change it.`);
  }
}

/** A publication at its time and a stay in the trash since then lose nobody's words, so they are no conflict. */
function refuseOverwriting(ctx: NotesContext, note: StoredNote, expected: number | undefined): void {
  if (expected === undefined || expected === note.version) return;
  if (expected > note.version || isEditedSince(ctx.db, note.id, expected)) throw changedElsewhere();
}

function changedElsewhere(): AppError {
  return new AppError("conflict", said`This note was changed elsewhere meanwhile. Choose which version to keep.`);
}

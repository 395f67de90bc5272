import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { NoteInput, Origin } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import type { NoteAction } from "./revision-store.ts";
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
  wasPublic,
} from "./save.ts";
import { slugify } from "./slug.ts";

/** What changes; what is undefined stays. An empty title or language takes it away. */
export type NoteChanges = Partial<NoteInput> & {
  /** The version that the author had before the eyes; another one stored means `conflict`. */
  readonly expectedVersion?: number | undefined;
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
  return saveExisting(ctx, id, { changes, origin: changes.origin, action: "revise" });
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

type Edit = { readonly changes: NoteChanges; readonly origin: Origin; readonly action: NoteAction };

async function saveExisting(ctx: NotesContext, id: number, edit: Edit): Promise<StoredNote> {
  const seen = requireNote(ctx.db, id);
  refuseTrashed(seen);
  refuseOtherVersion(seen, edit.changes.expectedVersion);
  const composition = await compose(ctx.db, mergeInput(seen, edit.changes), seen.anchor);
  const now = ctx.clock();

  return ctx.db.write(() => {
    const before = requireNote(ctx.db, id);
    refuseTrashed(before);
    refuseOtherVersion(before, seen.version);
    const save: Save = { madeBy: edit.origin.madeBy, action: edit.action, now };
    const revised = applyEdit(before, composition, { ...edit, now });
    const after = { ...revised, slug: slugAfter(ctx, { before, revised, wanted: edit.changes.slug }) };
    const note = saveChanged(ctx.db, { before, after }, save);
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
    kind: changes.kind ?? kindAfter(before, written.title),
    visibility: changes.visibility ?? before.visibility,
    importMark: changes.importFrom ? { ...changes.importFrom, version: before.version + 1 } : before.importMark,
  };
  return { ...after, updatedAt: updatedAfter(before, after, { explicit: changes.updatedAt, now }) };
}

type TimePlace = Pick<StoredNote, "status" | "publishedAt" | "publishedOffset">;

function placeInTime(before: StoredNote, edit: Edit, now: Timestamp): TimePlace {
  const { publishedAt: wanted, publishedOffset } = edit.changes;
  const offset = wanted === undefined || wanted === before.publishedAt ? before.publishedOffset : undefined;
  const place = { publishedOffset: publishedOffset ?? offset };
  if (edit.action === "retract") return { ...place, status: "draft", publishedAt: wanted ?? keptTime(before, now) };
  if (edit.action === "publish") {
    const publishedAt = wanted ?? keptTime(before, now) ?? now;
    return { ...place, status: statusAt(publishedAt, now), publishedAt };
  }
  const publishedAt = wanted ?? before.publishedAt;
  if (before.status === "draft" || publishedAt === undefined) return { ...place, status: before.status, publishedAt };
  return { ...place, status: statusAt(publishedAt, now), publishedAt };
}

/** A time to come was a plan that publishing or retracting ends; a time that has passed is history. */
function keptTime(before: StoredNote, now: Timestamp): Timestamp | undefined {
  return before.publishedAt !== undefined && before.publishedAt <= now ? before.publishedAt : undefined;
}

function updatedAfter(
  before: StoredNote,
  after: StoredNote,
  times: { explicit: Timestamp | undefined; now: Timestamp },
): Timestamp | undefined {
  if (times.explicit !== undefined)
    return after.publishedAt && times.explicit > after.publishedAt ? times.explicit : undefined;
  if (!wasPublic(before) || isSameToReaders(before, after)) return before.updatedAt;
  return times.now;
}

function kindAfter(before: StoredNote, title: string | undefined): StoredNote["kind"] {
  if (before.kind !== "note" && before.kind !== "article") return before.kind;
  return title === undefined ? "note" : "article";
}

type SlugChoice = { readonly before: StoredNote; readonly revised: StoredNote; readonly wanted: string | undefined };

function slugAfter(ctx: NotesContext, { before, revised, wanted }: SlugChoice): string {
  const chosen = slugify(wanted ?? "");
  if (chosen !== "" && chosen !== before.slug) return freeSlug(ctx.db, chosen, before.id);
  if (wasPublic(before) || !isAutomatic(ctx, before)) return before.slug;
  return freeSlug(ctx.db, automaticSlug(ctx.db, revised, revised.publishedAt ?? before.createdAt), before.id);
}

/** Whether nobody chose the slug of a draft: then it follows the text until readers know it. */
function isAutomatic(ctx: NotesContext, before: StoredNote): boolean {
  const base = automaticSlug(ctx.db, before, before.publishedAt ?? before.createdAt);
  return before.slug === base || before.slug.startsWith(`${base}-`);
}

function mergeInput(before: StoredNote, changes: NoteChanges): NoteInput {
  return {
    content: changes.content ?? before.content,
    contentFormat: changes.contentFormat ?? before.contentFormat,
    title: changes.title ?? before.title,
    tags: changes.tags ?? before.tags.map((tag) => tag.label),
    language: changes.language ?? before.language,
    properties: changes.properties ?? before.properties,
    aliases: changes.aliases,
  };
}

function refuseTrashed(note: StoredNote): void {
  if (note.status === "trashed") {
    throw new AppError("gone", "This note is in the trash. Restore it before you change it.");
  }
}

function refuseOtherVersion(note: StoredNote, expected: number | undefined): void {
  if (expected !== undefined && expected !== note.version) {
    throw new AppError("conflict", "This note was changed elsewhere meanwhile. Choose which version to keep.");
  }
}
